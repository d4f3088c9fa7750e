// The wrapper around a server's end of a WebSocket through which frames go astray.

#include <utility>

#include "sim/faults.h"

namespace arbees::sim {
namespace {

constexpr Duration kPatience = std::chrono::milliseconds(500);  // for a frame to swap places with

}  // namespace

// One frame on its way; destroyed once it has left.
struct FaultySocket::Late {
  explicit Late(net::IoLoop& loop) : timer(loop) {}
  net::Timer timer;
  bool is_done = false;
};

FaultySocket::FaultySocket(std::shared_ptr<net::ServerSocket> inner, net::IoLoop& loop, FaultInjector& faults)
    : inner_(std::move(inner)), loop_(loop), faults_(faults), last_disconnect_(net::IoLoop::now()) {}

FaultySocket::~FaultySocket() = default;

bool FaultySocket::is_cut(Timestamp now) {
  if (faults_.is_due(Fault::Disconnect, last_disconnect_, now)) inner_->drop();
  return !inner_->is_open() || faults_.is_in_phase(Fault::Silent, now);
}

void FaultySocket::later(Duration delay, std::function<void()> call) {
  std::erase_if(late_, [](const std::unique_ptr<Late>& late) { return late->is_done; });
  late_.push_back(std::make_unique<Late>(loop_));
  Late* late = late_.back().get();
  late->timer.after(delay, [late, call = std::move(call)] {
    late->is_done = true;
    call();
  });
}

void FaultySocket::send(std::string_view text) {
  const Timestamp now = net::IoLoop::now();
  if (is_cut(now)) return;
  if (faults_.strikes(Fault::Drop, now) || faults_.strikes(Fault::Gap, now)) return;
  if (faults_.strikes(Fault::Delay, now)) {
    later(faults_.plan().of(Fault::Delay).length, [this, frame = std::string(text)] { inner_->send(frame); });
    return;
  }
  if (held_back_.empty() && faults_.strikes(Fault::Reorder, now)) {
    held_back_ = text;
    // If nothing follows, it goes by itself.
    later(kPatience, [this] {
      if (!held_back_.empty()) inner_->send(std::exchange(held_back_, {}));
    });
    return;
  }
  inner_->send(text);
  if (!held_back_.empty()) inner_->send(std::exchange(held_back_, {}));
  if (faults_.strikes(Fault::Duplicate, now)) inner_->send(text);
}

void FaultySocket::send_reliable(std::string_view text) {
  if (!is_cut(net::IoLoop::now())) inner_->send(text);
}

void FaultySocket::ping(std::string_view payload) {
  if (!is_cut(net::IoLoop::now())) inner_->ping(payload);
}

void FaultySocket::close(int code, std::string_view reason) { inner_->close(code, reason); }
void FaultySocket::drop() { inner_->drop(); }
bool FaultySocket::is_open() const noexcept { return inner_->is_open(); }

}  // namespace arbees::sim

#include "adapters/venue/feed_connection.h"

#include <algorithm>
#include <utility>

namespace arbees {
namespace {

using std::chrono::seconds;

constexpr Duration kDialTimeout = seconds(10);
// The socket's own guard comes after the supervisor's, which says more about why.
constexpr Duration kSocketGrace = seconds(10);

}  // namespace

FeedConnection::FeedConnection(ConnectionListener& listener, Identity identity, const FeedLimits& limits,
                               std::unique_ptr<FeedSession> session)
    : listener_(listener),
      identity_(identity),
      limits_(limits),
      session_(std::move(session)),
      sending_(limits.frames_per_second, limits.frames_per_second) {}

FeedConnection::~FeedConnection() = default;

void FeedConnection::dial(FeedSocketMaker& sockets, const FeedDial& to, Timestamp now) {
  net::WebSocketOptions options;
  options.headers = to.headers;
  options.connect_timeout = kDialTimeout;
  options.idle_timeout = limits_.silence + kSocketGrace;
  dialed_at = now;
  socket_ = sockets.make(*this);
  socket_->connect(to.url, std::move(options));
}

void FeedConnection::close() {
  if (phase_ != Phase::Dialing && phase_ != Phase::Open) return;
  phase_ = Phase::Closing;
  socket_->close();
}

void FeedConnection::plan_add(const std::string& symbol) { to_add_.push_back(symbol); }

void FeedConnection::plan_remove(const std::string& symbol) {
  const auto planned = std::find(to_add_.begin(), to_add_.end(), symbol);
  if (planned != to_add_.end()) {
    to_add_.erase(planned);
    return;
  }
  to_remove_.push_back(symbol);
}

void FeedConnection::clear_plans() {
  to_add_.clear();
  to_remove_.clear();
}

// Removals first: a symbol that is in both was taken away and wanted again.
void FeedConnection::write_plans(Timestamp now, SessionReply& reply) {
  if (!to_remove_.empty()) session_->remove(to_remove_, now, reply);
  if (!to_add_.empty()) session_->add(to_add_, now, reply);
  clear_plans();
}

void FeedConnection::queue(std::vector<std::string>& frames) {
  for (std::string& frame : frames) outbox_.push_back(std::move(frame));
  frames.clear();
}

void FeedConnection::flush(Timestamp now) {
  while (is_open() && !outbox_.empty() && sending_.try_take(1, now)) {
    socket_->send(std::move(outbox_.front()));
    outbox_.pop_front();
  }
}

void FeedConnection::send_ping(std::string_view text, Timestamp now) {
  last_ping_at = now;
  if (is_open() && sending_.try_take(1, now)) socket_->send(std::string(text));
}

bool FeedConnection::is_silent(Timestamp now) const noexcept {
  if (phase_ == Phase::Dialing) return now - dialed_at > kDialTimeout + kSocketGrace;
  return phase_ == Phase::Open && now - std::max(last_frame_at, opened_at) > limits_.silence;
}

void FeedConnection::on_open() {
  if (phase_ != Phase::Dialing) return;
  phase_ = Phase::Open;
  listener_.on_open(*this);
}

void FeedConnection::on_frame(std::string_view frame, Timestamp received_at) {
  if (phase_ == Phase::Open) listener_.on_frame(*this, frame, received_at);
}

void FeedConnection::on_ping(std::string_view) { was_pinged = true; }

void FeedConnection::on_closed(const net::WebSocketClosed& closed) {
  const bool was_ours = phase_ == Phase::Closing;
  phase_ = Phase::Closed;
  if (!was_ours) listener_.on_closed(*this, closed);
}

}  // namespace arbees

#include "adapters/bus/ping_pong.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include <array>
#include <chrono>
#include <memory>

#include "adapters/bus/socket.h"

namespace arbees::bus {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kTopic = "crypto.execution.ping-pong";
constexpr int kPatienceMs = 5'000;
constexpr int kFirstTries = 100;
constexpr std::size_t kLargest = 64 * 1024;

// Both directions of one side.
struct Side {
  explicit Side(BusContext& context) : out(context, ZMQ_PUB), in(context, ZMQ_SUB) {}
  Socket out;
  Socket in;
  std::array<char, kLargest> buffer{};

  bool open(std::uint16_t own_port, std::uint16_t other_port) {
    return in.set(ZMQ_SUBSCRIBE, std::string()) &&
           zmq_bind(out.raw(), fmt::format("tcp://127.0.0.1:{}", own_port).c_str()) == 0 &&
           zmq_connect(in.raw(), fmt::format("tcp://127.0.0.1:{}", other_port).c_str()) == 0;
  }
  void send(std::size_t bytes) {
    (void)zmq_send(out.raw(), kTopic.data(), kTopic.size(), ZMQ_SNDMORE);
    (void)zmq_send(out.raw(), buffer.data(), bytes, 0);
  }
  // The bytes of a whole message; −1: none came.
  int receive(int patience_ms) {
    zmq_pollitem_t item{in.raw(), 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, patience_ms) <= 0) return -1;
    if (zmq_recv(in.raw(), buffer.data(), buffer.size(), 0) < 0) return -1;
    return zmq_recv(in.raw(), buffer.data(), buffer.size(), 0);
  }
};

[[noreturn]] void echo(const PingPongOptions& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  BusContext context;
  const auto side = std::make_unique<Side>(context);
  if (!side->open(options.back_port, options.there_port)) ::_exit(1);
  for (;;) {
    if (const int bytes = side->receive(kPatienceMs); bytes >= 0) side->send(static_cast<std::size_t>(bytes));
  }
}

std::string play(const PingPongOptions& options, const std::function<void(Duration)>& took) {
  BusContext context;
  const auto side = std::make_unique<Side>(context);
  if (!side->open(options.there_port, options.back_port)) return "ping-pong: " + last_error();
  // Until both have subscribed messages are lost.
  bool is_there = false;
  for (int i = 0; i < kFirstTries && !is_there; ++i) {
    side->send(options.bytes);
    is_there = side->receive(100) >= 0;
  }
  if (!is_there) return "ping-pong: the other process does not answer";
  while (side->receive(200) >= 0) {
  }
  for (std::uint64_t i = 0; i < options.messages; ++i) {
    const auto start = Clock::now();
    side->send(options.bytes);
    if (side->receive(kPatienceMs) < 0) return "ping-pong: a message was lost";
    took(Clock::now() - start);
    const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(options.pause);
    ::poll(nullptr, 0, static_cast<int>(pause.count()));
  }
  return {};
}

}  // namespace

std::string ping_pong(const PingPongOptions& options, const std::function<void(Duration)>& took) {
  const pid_t child = ::fork();
  if (child < 0) return "ping-pong: no second process can be made";
  if (child == 0) echo(options);
  std::string wrong = play(options, took);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return wrong;
}

}  // namespace arbees::bus

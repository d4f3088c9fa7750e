#pragma once
// Receives messages of several publishers, each over a socket of its own, so that it is known who sent what.
//
// Reconnects by itself, for ever. Nothing is parsed here: a frame is what arrived, stamped. Messages over 4 MiB end
// the connection; those over kMaxBody arrive, because whoever asked for something deserves an answer. One thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/bus/endpoint.h"
#include "adapters/bus/socket.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::bus {

struct SubscriberOptions {
  std::vector<Endpoint> endpoints;
  std::vector<std::string> topics{""};  // prefixes; the empty one takes all
  CurveKeys keys;
  int high_water = 100'000;
};

struct BusFrame {
  std::string topic;
  std::string body;
  std::size_t publisher = 0;  // index of its endpoint
  Timestamp received_at = kNoTime;
};

class Subscriber {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Subscriber>, std::string> connect(BusContext& context,
                                                                                const SubscriberOptions& options);

  // Waits at most so long for the first message, then hands out all that have arrived, publisher by publisher, at most
  // kMostAtOnce of each. Returns how many.
  std::size_t receive(Duration wait, const std::function<void(BusFrame&&)>& take);
  // For a loop of one's own: becomes readable when there may be messages of this publisher, and says no more until all
  // have been taken.
  [[nodiscard]] int descriptor(std::size_t publisher) const;
  // Without waiting, at most kMostAtOnce; returns how many.
  std::size_t take_ready(std::size_t publisher, const std::function<void(BusFrame&&)>& take);
  [[nodiscard]] std::size_t publishers() const noexcept { return sockets_.size(); }
  // Messages that were not two frames.
  [[nodiscard]] std::uint64_t misshapen() const noexcept { return misshapen_; }

  static constexpr std::size_t kMostAtOnce = 64;

 private:
  explicit Subscriber(std::size_t publishers) { sockets_.reserve(publishers); }
  [[nodiscard]] bool receive_one(std::size_t publisher, BusFrame& frame);

  std::vector<Socket> sockets_;
  std::uint64_t misshapen_ = 0;
};

}  // namespace arbees::bus

#pragma once
// Requests under way: told until they are answered.
//
// A request is published at once, and again after kRepeat, then after twice as long each time, up to kLongestPause: the
// bus may lose messages, and the same id is never executed twice. An executor that is at work answers sooner than that,
// and hears nothing twice. After the deadline it is still asked for, because only the executor knows what became of it:
// it answers what it never began with a refusal, and everything else with what it did. Nothing is guessed: an
// unanswered request stays under way, and its risk with it.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "adapters/bus/request_message.h"
#include "adapters/bus/result_message.h"
#include "app/roles/shard_engine.h"
#include "app/roles/shard_markets.h"

namespace arbees::app {

struct ShardRequestCounts {
  std::uint64_t made = 0;
  std::uint64_t filled = 0;  // in part at least
  std::uint64_t refused = 0;
  std::uint64_t repeated = 0;
  std::uint64_t withheld = 0;  // not published: no lease, or halted
};

class ShardRequests {
 public:
  using Publish = std::function<void(const std::string& topic, const std::string& payload, Timestamp now)>;
  // What is held of it, leg by leg.
  using Concluded = std::function<void(RequestId request, const HeldLegs& held)>;

  // `prefix` makes ids of this process its own: "crypto_1-5f3a9c01".
  ShardRequests(std::string prefix, Publish publish, Concluded concluded);

  // False if it cannot be told as a message; nothing is under way then.
  bool begin(const ExecutionRequest& request, std::optional<std::uint64_t> fence, const ShardMarkets& markets,
             const MarketState& state, Timestamp now);
  // Nothing of it has left this process.
  void withhold(RequestId request);
  void on_result(const bus::ExecutionResult& result);
  void tick(Timestamp now);

  [[nodiscard]] std::size_t open() const noexcept { return open_.size(); }
  [[nodiscard]] const ShardRequestCounts& counts() const noexcept { return counts_; }
  // Whether requests wait for longer than they should: the executor does not answer.
  [[nodiscard]] bool is_unanswered(Timestamp now) const;

  static constexpr Duration kRepeat = std::chrono::seconds(1);
  static constexpr Duration kLongestPause = std::chrono::seconds(8);

 private:
  struct Open {
    RequestId request;
    bus::BusRequest message;
    std::vector<std::string> symbols;  // of the legs
    Timestamp begun_at = kNoTime;
    Timestamp next = kNoTime;
    Duration pause = kRepeat;
  };
  void publish(Open& open, Timestamp now);

  std::string prefix_;
  Publish publish_;
  Concluded concluded_;
  std::map<std::string, Open> open_;  // by request id
  ShardRequestCounts counts_;
};

}  // namespace arbees::app

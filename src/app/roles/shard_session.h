#pragma once
// Detection as a whole: messages and contracts in, requests out. What a shard is, without its sockets.
//
// One thread. A request leaves only while the shard is neither halted nor paused and holds the lease of its asset: this
// is asked at the moment of leaving, not at the last tick.

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/venue/feed.h"
#include "app/config/config.h"
#include "app/roles/shard_engine.h"
#include "app/roles/shard_markets.h"
#include "app/roles/shard_requests.h"
#include "app/run_statistics.h"
#include "app/running/live_source.h"
#include "app/running/session_watch.h"
#include "app/running/status_document.h"
#include "core/engine/trading_loop.h"

namespace arbees::app {

// What is asked when a request is about to leave.
struct ShardPermits {
  // Why nothing may leave; empty if it may.
  std::function<std::string()> halt_reason;
  // Of the lease on the asset: nothing: it may not be traded here. 0: leases are not used.
  std::function<std::optional<std::uint64_t>(Asset asset)> fence;
  // For latencies; empty: none are measured.
  Timestamp (*clock)() = nullptr;
};

class ShardSession final : public FeedSink, private OutputSink {
 public:
  ShardSession(const Config& config, std::string prefix, ShardRequests::Publish publish, ShardPermits permits);

  // What a session begins with: cash, bounds, the model's parameters.
  void begin(Timestamp now);
  // Of discovery and warm-up in this process.
  void on_event(const Event& event) override;
  void set_find_entry(ShardMarkets::FindEntry find_entry) { find_entry_ = std::move(find_entry); }

  [[nodiscard]] ShardMarkets& markets() noexcept { return markets_; }
  [[nodiscard]] const ShardMarkets& markets() const noexcept { return markets_; }
  [[nodiscard]] ShardRequests& requests() noexcept { return requests_; }
  [[nodiscard]] const ShardRequests& requests() const noexcept { return requests_; }
  [[nodiscard]] const ShardEngine& engine() const noexcept { return engine_; }
  [[nodiscard]] std::uint64_t judged() const noexcept { return statistics_.decisions(); }
  // Judgements, prices, latencies, stages, what the model and the groups say: under the names of a whole system.
  void write_status(JsonWriter& json) const;

  void drain();
  // These limits count from the next event on; `before` are those in force.
  void take_limits(const RiskLimits& before, const RiskLimits& limits, Timestamp now);
  // Every 100 ms.
  void tick(Timestamp now);

 private:
  void add(const EventBody& body, Timestamp now);
  [[nodiscard]] std::string symbol_of(InstrumentId id) const;
  void deliver(const Event& cause, const Outputs& outputs) override;
  void send(const ExecutionRequest& request, Timestamp now);
  void obey(Timestamp now);

  const Config& config_;
  ShardPermits permits_;
  ShardMarkets::FindEntry find_entry_;
  LiveSource source_;
  ShardEngine engine_;
  TradingLoop loop_;
  ShardMarkets markets_;
  ShardRequests requests_;
  std::vector<ExecutionRequest> leaving_;  // made by the event that is being handled
  RunStatistics statistics_;
  SessionWatch watch_;
  EventCounts event_counts_{};
  std::uint64_t ticks_ = 0;
  bool is_halted_ = false;
};

}  // namespace arbees::app

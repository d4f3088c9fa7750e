#pragma once
// A paper session of the executor: market events and offers in, simulated orders, ledger and reports out.
//
// One thread. State enters as events, as everywhere: limits, cash and positions come from the ledger of the folder.
// The latches of the folder halt and flatten it; trouble with the ledger halts. Reports are handed on after the ledger
// has them. The folder's lock is the caller's.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/store/ledger.h"
#include "adapters/store/ledger_contents.h"
#include "adapters/venue/feed.h"
#include "app/config/config.h"
#include "app/roles/executor_engine.h"
#include "app/run_statistics.h"
#include "app/running/halt_latch.h"
#include "app/running/live_source.h"
#include "app/running/session_watch.h"
#include "app/running/status_document.h"
#include "core/engine/trading_loop.h"
#include "core/simulation/merged_source.h"

namespace arbees::app {

class ExecutorSession final : public FeedSink, private OutputSink, private EventHandler {
 public:
  struct Instrument {
    Venue venue = Venue::Unknown;
    std::string symbol;
  };

  // The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<ExecutorSession>, std::string> open(
      const std::string& folder, const Config& config, std::function<void(const Report&)> on_report, Timestamp now);

  // From feeds.
  void on_event(const Event& event) override;

  [[nodiscard]] RequestId next_request_id() noexcept { return engine_.next_request_id(); }
  // Judges the offer now, and sends its orders if nothing forbids.
  [[nodiscard]] Verdict execute(const Offer& offer, Timestamp now);
  // Handles what is queued, and what the exchange answers until now.
  void drain(Timestamp now);
  // Halts, flattens and resumes as the latches say.
  void obey(Timestamp now);
  // What people call a contract, for the log; without it nothing has a title.
  void set_title_of(std::function<std::string(Venue, const std::string& symbol)> title_of) {
    title_of_ = std::move(title_of);
  }
  // What a listing says of a contract, for the ledger.
  void describe(const ContractDescription& description);
  // These limits count from the next event on.
  void take_limits(const RiskLimits& limits, Timestamp now);
  // Every 100 ms.
  void tick(Timestamp now);
  // When the exchange has something next; Timestamp::max() if nothing is under way.
  [[nodiscard]] Timestamp next_due() const noexcept { return exchange_.next_due(); }
  [[nodiscard]] bool is_idle() const noexcept { return next_due() == Timestamp::max() && source_.size() == 0; }

  [[nodiscard]] const MarketState& market() const noexcept { return engine_.market(); }
  [[nodiscard]] const ExecutorEngine& engine() const noexcept { return engine_; }
  [[nodiscard]] const std::map<std::uint64_t, Instrument>& instruments() const noexcept { return instruments_; }
  [[nodiscard]] const RunStatistics& statistics() const noexcept { return statistics_; }
  // From the receipt of a request to its orders.
  void add_latency(Duration time) { statistics_.add_latency(time.count()); }
  // Judgements, results, prices, money, stages: under the names of a whole system.
  void write_status(JsonWriter& json, Timestamp now) const;
  // By the latch, which counts from the moment it is set, or from outside.
  [[nodiscard]] bool is_halted() const {
    return obeyed_ == ControlCommand::Halt || !outside_halt_.empty() || latch_.is_halted();
  }
  // Halts while the reason is not empty; counts at once.
  void set_outside_halt(const std::string& reason, Timestamp now);
  // Of positions that were open when it began.
  [[nodiscard]] const std::vector<LedgerContract>& inherited() const noexcept { return inherited_; }
  [[nodiscard]] std::string trouble() const;
  [[nodiscard]] std::string finish();

 private:
  ExecutorSession(const std::string& folder, const Config& config, std::function<void(const Report&)> on_report);
  [[nodiscard]] std::string begin(const std::string& folder, Timestamp now);
  void add(const EventBody& body, Timestamp now);
  [[nodiscard]] ControlCommand wanted() const;
  void latch_own_trouble(Timestamp now);
  // Commits what was decided and tells of it.
  void tell(Timestamp now);
  void deliver(const Event& cause, const Outputs& outputs) override;
  void on_event(const Event& event, Outputs& outputs) override;

  RiskLimits limits_;
  HaltLatch latch_;
  std::function<void(const Report&)> on_report_;
  LiveSource source_;
  SimulatedExchange exchange_;
  MergedSource merged_;
  ExecutorEngine engine_;
  TradingLoop loop_;
  std::unique_ptr<Ledger> ledger_;
  RunStatistics statistics_;
  SessionWatch watch_{Told::OrdersOnly};
  EventCounts event_counts_{};
  std::map<std::uint64_t, Instrument> instruments_;
  std::vector<std::uint64_t> settled_;  // instruments to be forgotten when the log has told of them
  std::function<std::string(Venue, const std::string& symbol)> title_of_;
  std::vector<LedgerContract> inherited_;
  std::vector<Report> reports_;  // recorded, not yet committed
  std::string outside_halt_;
  std::uint64_t ticks_ = 0;
  ControlCommand obeyed_ = ControlCommand::Resume;
  bool was_latched_ = false;   // when it was last looked at
  bool is_described_ = false;  // since the last commit
};

}  // namespace arbees::app

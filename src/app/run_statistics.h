#pragma once
// Counts what a run of the engine did, from its outputs alone, and writes the report that replay,
// backtest and demo share.

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "adapters/telemetry/json.h"
#include "adapters/telemetry/latency_histogram.h"
#include "core/market/outputs.h"

namespace arbees::app {

class RunStatistics {
 public:
  void add(const Outputs& outputs);
  // Time from the receipt of an event to the request it caused.
  void add_latency(std::int64_t nanoseconds) { latencies_.add(nanoseconds); }
  void set_events(std::uint64_t events) noexcept { events_ = events; }
  void set_digest(std::uint64_t digest) noexcept { digest_ = digest; }
  void set_legs(std::uint64_t broken, std::uint64_t unwound) noexcept {
    broken_ = broken;
    unwound_ = unwound;
  }

  [[nodiscard]] std::uint64_t requests() const noexcept { return requests_; }
  [[nodiscard]] std::uint64_t fills() const noexcept { return fills_; }
  [[nodiscard]] std::uint64_t settled() const noexcept { return settled_; }
  [[nodiscard]] Money total_pnl() const noexcept;
  [[nodiscard]] Money fees() const noexcept { return fees_; }
  [[nodiscard]] std::uint64_t events() const noexcept { return events_; }
  [[nodiscard]] std::uint64_t decisions() const noexcept { return decisions_; }
  // Of all detectors.
  [[nodiscard]] std::uint64_t opportunities() const noexcept;
  [[nodiscard]] const LatencyHistogram& latencies() const noexcept { return latencies_; }
  [[nodiscard]] std::uint64_t rejected(Verdict verdict) const noexcept {
    return rejected_[static_cast<std::size_t>(verdict)];
  }

  // The fields every run report has; the caller opens and closes the object.
  void write_fields(JsonWriter& json) const;
  // Parts of them, for processes that do a part of the work: "events", "decisions", "opportunities", "rejected";
  // money and how requests ended; "latency_us".
  void write_judgements(JsonWriter& json) const;
  void write_results(JsonWriter& json) const;
  void write_latency(JsonWriter& json) const;
  // "legs" and "halts", which the demo adds.
  void write_demo_fields(JsonWriter& json) const;
  [[nodiscard]] std::string summary() const;

 private:
  void on(const OpportunityJudged& judged);
  void on(const OrderSubmitted&) {}
  void on(const OrderFilled& filled);
  void on(const OrderEnded&) {}
  void on(const PositionSettled& settled);
  void on(const CashOpened&) {}
  void on(const TradingStateChanged& changed);
  void on(const OpportunityEnded&) {}
  void on(const OrderDoubted&) {}
  void on(const RequestEnded& ended);
  void on(const FillReverted& reverted);
  [[nodiscard]] double latency_us(double quantile) const;
  void write_legs(JsonWriter& json) const;
  [[nodiscard]] double naked_ms(double quantile) const;

  std::uint64_t events_ = 0;
  std::uint64_t digest_ = 0;
  std::uint64_t decisions_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t fills_ = 0;
  std::uint64_t settled_ = 0;
  std::uint64_t broken_ = 0;
  std::uint64_t unwound_ = 0;
  std::uint64_t halts_ = 0;  // that were ended again
  std::uint64_t requests_while_halted_ = 0;
  bool is_halted_ = false;
  // The latest opportunities counted: one that lives is judged again, one of long ago is not.
  static constexpr std::size_t kRemembered = 65'536;
  std::unordered_set<std::uint64_t> seen_;
  std::deque<std::uint64_t> seen_in_order_;
  std::array<std::uint64_t, kDetectorCount> opportunities_{};
  std::array<std::uint64_t, kVerdictCount> rejected_{};
  Money purchases_;  // without fees
  Money sales_;
  Money payouts_;
  Money fees_;
  LatencyHistogram latencies_;

  // How requests ended. One that a late fill opens anew ends again: its latest end counts, and its first naked time.
  struct End {
    RequestOutcome outcome = RequestOutcome::Failed;
    Money unwind_cost;
    Money slippage;
  };
  void count(const End& end, std::int64_t sign);
  std::unordered_map<std::uint64_t, End> ends_;  // of the latest requests
  std::deque<std::uint64_t> ends_in_order_;
  std::array<std::uint64_t, kRequestOutcomeCount> outcomes_{};
  Money unwind_cost_;
  Money slippage_;
  LatencyHistogram naked_;  // nanoseconds; of requests whose legs were unequal at any time
};

}  // namespace arbees::app

#pragma once
// Runs the trading core over a stream of market events to its end: with simulated execution, or with the
// answers that the stream itself holds. Outputs go to the statistics, the ledger and a decisions file.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "adapters/store/journal_writer.h"
#include "adapters/store/ledger.h"
#include "app/run_statistics.h"
#include "core/engine/trading_engine.h"
#include "core/engine/trading_loop.h"
#include "core/simulation/simulated_exchange.h"

namespace arbees::app {

// Looks at a run from the side: before each event at what the events so far have made, after it at what came of it.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  // An event of this time comes next.
  virtual void before(Timestamp now, const TradingEngine& engine) = 0;
  // Only events with outputs.
  virtual void after(const Event& cause, const Outputs& outputs, const TradingEngine& engine) = 0;
};

// Sees every event once it is handled and its orders are on their way, and the market as it then is.
class MarketTap {
 public:
  virtual ~MarketTap() = default;
  virtual void after(const Event& event, const MarketState& market) = 0;
};

struct TradingRunOptions {
  RiskLimits limits;
  Capacity capacity;
  LatencyModel latency;
  std::uint64_t seed = 1;               // of the simulated exchange
  bool simulate_execution = true;       // false: order updates are in the stream
  bool real_time = false;               // waits as the events did
  const volatile bool* stop = nullptr;  // ends a wait, and with it the stream, once true; may be null
  Timestamp (*clock)() = nullptr;       // live: latency is counted from received_at; null: from when it was taken
  OutputSink* orders = nullptr;         // live: gets the orders of an event once they are durable in the ledger
  Ledger* ledger = nullptr;             // may be null, as the following
  JournalWriter* journal = nullptr;
  std::FILE* decisions = nullptr;
  RunObserver* observer = nullptr;
  MarketTap* tap = nullptr;
};

class TradingRun {
 public:
  // The source outlives the run.
  TradingRun(EventSource& market, const TradingRunOptions& options);
  ~TradingRun();
  TradingRun(const TradingRun&) = delete;
  TradingRun& operator=(const TradingRun&) = delete;

  // One event; false at the end of the stream, or when something could not be recorded.
  [[nodiscard]] bool step();
  // Commits what is left; an error text, empty if all was recorded.
  [[nodiscard]] std::string finish();

  // Live: step() is false when there is nothing now, and no simulated answer comes before its time.
  void set_horizon(Timestamp now) noexcept;
  // When the simulated exchange has something next; Timestamp::max() if nothing is under way.
  [[nodiscard]] Timestamp next_due() const noexcept;
  // What a listing says of a contract, for the ledger.
  void describe(const ContractDescription& description);
  // Makes durable what was recorded since the last time.
  void commit();
  // What could not be recorded, for people; empty while all is well.
  [[nodiscard]] std::string trouble() const;

  [[nodiscard]] const RunStatistics& statistics();
  [[nodiscard]] const TradingEngine& engine() const noexcept;
  [[nodiscard]] std::uint64_t digest() const noexcept;
  [[nodiscard]] std::uint64_t event_count() const noexcept;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace arbees::app

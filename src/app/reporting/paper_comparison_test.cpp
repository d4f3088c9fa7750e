#include "app/reporting/paper_comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/simulation/market_generator.h"
#include "core/simulation/merged_source.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::app {
namespace {

// Keeps every event that the engine sees, answers included: what a journal holds.
class Recorder final : public EventSource {
 public:
  explicit Recorder(EventSource& source) : source_(source) {}
  bool poll(Event& event) override {
    if (!source_.poll(event)) return false;
    events.push_back(event);
    return true;
  }

  std::vector<Event> events;

 private:
  EventSource& source_;
};

class Recorded final : public EventSource {
 public:
  explicit Recorded(const std::vector<Event>& events) : events_(events) {}
  bool poll(Event& event) override {
    if (next_ == events_.size()) return false;
    event = events_[next_++];
    return true;
  }

 private:
  const std::vector<Event>& events_;
  std::size_t next_ = 0;
};

std::map<Venue, VenueComparison> compared(const std::vector<Event>& events, JournalExtent extent) {
  Recorded recorded(events);
  SimulatedExchange paper(Capacity{}, LatencyModel{}, 99);
  PaperComparison comparison(recorded, paper);
  TradingRunOptions options;
  options.simulate_execution = false;
  options.observer = &comparison;
  TradingRun replay(comparison, options);
  while (replay.step()) {
  }
  return comparison.result(extent);
}

// A "venue" that is a simulated exchange, too, with other random delays: paper must come close to it, not equal it.
TEST(PaperComparison, ComesCloseToAVenueOfItsOwnKind) {
  GeneratorSettings settings;
  settings.seed = 5;
  settings.length = std::chrono::seconds(120);
  MarketGenerator market(settings);
  RiskLimits limits;
  limits.min_edge_millionths = 10'000;
  limits.min_liquidity = Money::whole(10);
  PrefixedSource with_cash(market, paper_opening(1, limits));
  SimulatedExchange venue(Capacity{}, LatencyModel{}, 1);
  MergedSource merged(with_cash, venue);
  Recorder recorder(merged);
  struct Submitting final : RunObserver {
    explicit Submitting(SimulatedExchange& to) : to_(to) {}
    void before(Timestamp, const TradingEngine&) override {}
    void after(const Event& cause, const Outputs& outputs, const TradingEngine&) override {
      to_.submit(outputs, cause.received_at);
    }
    SimulatedExchange& to_;
  } submitting(venue);
  TradingRunOptions run;
  run.simulate_execution = false;
  run.observer = &submitting;
  TradingRun live(recorder, run);
  while (live.step()) {
  }

  Recorded recorded(recorder.events);
  SimulatedExchange paper(Capacity{}, LatencyModel{}, 99);
  PaperComparison comparison(recorded, paper);
  TradingRunOptions again;
  again.simulate_execution = false;
  again.observer = &comparison;
  TradingRun replay(comparison, again);
  while (replay.step()) {
  }
  ASSERT_EQ(replay.digest(), live.digest());

  // A journal that ends before the first answer knows of no order what became of it.
  const auto is_answer = [](const Event& event) { return std::holds_alternative<OrderUpdate>(event.body); };
  recorder.events.erase(std::find_if(recorder.events.begin(), recorder.events.end(), is_answer), recorder.events.end());
  EXPECT_FALSE(compared(recorder.events, JournalExtent::Whole).empty());
  EXPECT_TRUE(compared(recorder.events, JournalExtent::CutShort).empty());
  const auto result = comparison.result();
  ASSERT_EQ(result.size(), 2u);
  for (const auto& [where, figures] : result) {
    EXPECT_GT(figures.orders, 5u);
    EXPECT_GT(figures.told.filled, 0u);
    EXPECT_GE(figures.both_filled + figures.neither_filled, figures.orders * 7 / 10) << venue_name(where);
    EXPECT_LE(figures.paper.quantity, figures.asked);
    const std::int64_t round_trip = where == Venue::Kalshi ? 576 : 243;
    const std::int64_t median = figures.paper.latency.quantile(0.5) / 1'000'000;
    EXPECT_NEAR(static_cast<double>(median), static_cast<double>(round_trip), static_cast<double>(round_trip) / 4);
  }
}

}  // namespace
}  // namespace arbees::app

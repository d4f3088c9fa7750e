// In steady state the trading loop allocates nothing: operator new is counted by kind of event. Only what lists
// contracts (names, terms, grids, strikes) may allocate.

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "app/benching/memory_sources.h"
#include "app/import/importer.h"
#include "core/engine/test_model_market.h"
#include "core/engine/trading_engine.h"
#include "core/engine/trading_loop.h"
#include "core/simulation/market_generator.h"
#include "core/simulation/merged_source.h"
#include "tests/support/counted_allocations.h"
#include "tests/support/project_file.h"

namespace arbees::app {
namespace {

using CountByKind = std::array<std::size_t, std::variant_size_v<EventBody>>;

template <class Body>
constexpr std::size_t kKind = EventBody(Body{}).index();

bool is_listing(std::size_t kind) {
  return kind == kKind<InstrumentNamed> || kind == kKind<ContractListed> || kind == kKind<PriceGridChanged> ||
         kind == kKind<StrikeUpdated>;
}

// Keeps the kind of the event that it passed on last.
class KindSource final : public EventSource {
 public:
  explicit KindSource(EventSource& source) noexcept : source_(source) {}
  bool poll(Event& event) override {
    if (!source_.poll(event)) return false;
    kind_ = event.body.index();
    return true;
  }
  [[nodiscard]] std::size_t kind() const noexcept { return kind_; }

 private:
  EventSource& source_;
  std::size_t kind_ = 0;
};

// Everything between the market's events and the orders' way back, as trading_run.cpp joins it.
struct Machine final : OutputSink {
  explicit Machine(EventSource& market)
      : exchange(Capacity{}, LatencyModel{}, 1),
        merged(market, exchange),
        kinds(merged),
        engine(Capacity{}, RiskLimits{}),
        loop(kinds, nullptr, engine, *this) {}

  void deliver(const Event& cause, const Outputs& outputs) override {
    exchange.submit(outputs, cause.received_at);
    requests += outputs.requests.size();
  }

  SimulatedExchange exchange;
  MergedSource merged;
  KindSource kinds;
  TradingEngine engine;
  TradingLoop loop;
  std::size_t requests = 0;
};

struct Counted {
  CountByKind allocated{};
  CountByKind events{};
  std::size_t requests = 0;
  std::uint64_t decisions = 0;
};

// The events after the warm-up, at most `most` of them.
Counted count(const RecordStore& market, std::size_t warm_up, std::size_t most) {
  RecordSource records(market);
  PrefixedSource source(records, paper_opening(1, RiskLimits{}));
  Machine machine(source);
  for (std::size_t i = 0; i < warm_up && machine.loop.step(); ++i) {
  }
  Counted counted;
  const std::size_t requests_before = machine.requests;
  for (std::size_t i = 0; i < most; ++i) {
    const std::size_t before = allocations;
    if (!machine.loop.step()) break;
    counted.allocated[machine.kinds.kind()] += allocations - before;
    ++counted.events[machine.kinds.kind()];
  }
  counted.requests = machine.requests - requests_before;
  counted.decisions = machine.engine.arbitrage().decision_count();
  return counted;
}

void expect_none_but_listings(const Counted& counted) {
  for (std::size_t kind = 0; kind < counted.allocated.size(); ++kind) {
    if (is_listing(kind)) continue;
    EXPECT_EQ(counted.allocated[kind], 0u) << "events of kind " << kind << ": " << counted.events[kind];
  }
}

// Keeps what an importer writes.
class StoreJournal final : public EventJournal {
 public:
  explicit StoreJournal(RecordStore& store) noexcept : store_(store) {}
  bool append(const Event& event) override {
    store_.add(event);
    return true;
  }

 private:
  RecordStore& store_;
};

TEST(TradingLoopAllocations, AreNoneInAGeneratedMarketButAtListings) {
  constexpr std::size_t kWarmUp = 50'000;
  constexpr std::size_t kEvents = 200'000;
  GeneratorSettings settings;
  settings.seed = 5;
  settings.length = std::chrono::hours(24);
  MarketGenerator generator(settings);
  RecordStore market;
  Event event;
  for (std::size_t i = 0; i < kWarmUp + kEvents && generator.poll(event); ++i) market.add(event);
  const Counted counted = count(market, kWarmUp, kEvents);
  expect_none_but_listings(counted);
  EXPECT_GT(counted.events[kKind<ContractListed>], 1'000u);
  EXPECT_GT(counted.events[kKind<ContractSettled>], 1'000u);
  EXPECT_GT(counted.events[kKind<OrderUpdate>], 500u);
  EXPECT_GT(counted.requests, 200u);
  EXPECT_GT(counted.decisions, 1'000u);
  EXPECT_GT(counted.allocated[kKind<ContractListed>], 0u) << "new graphs are made at listings: the counter works";
}

TEST(TradingLoopAllocations, AreNoneInARecordedSessionButAtListings) {
  const std::string recording =
      testing_support::project_file("../shared/data/kalshi-btc15m-l2/20260514T043811Z.jsonl.zst");
  RecordStore market;
  StoreJournal journal(market);
  ImportSummary summary;
  ImportSink sink(journal, summary);
  const auto importer = make_importer("kalshi-btc15m-l2");
  ASSERT_EQ(importer->import_file(recording, sink, summary), "");
  ASSERT_TRUE(sink.finish());
  constexpr std::size_t kWarmUp = 1'000;
  const Counted counted = count(market, kWarmUp, SIZE_MAX);
  expect_none_but_listings(counted);
  EXPECT_GT(counted.events[kKind<BookUpdate>], 80'000u);
  EXPECT_GT(counted.events[kKind<ContractListed>], 0u);
}

using ModelAllocations = testing_support::ModelMarket;

// The spot model at work: candles, ticks of two venues, quotes, time, and a request.
TEST_F(ModelAllocations, AreNoneOnceContractsAreListed) {
  open();
  settle_down(64'000);
  for (std::uint64_t i = 0; i < 50; ++i) {
    list(InstrumentId{1000 + i}, threshold(63'750 + static_cast<std::int64_t>(i) * 10));
    quote(InstrumentId{1000 + i}, "0.48", "0.51");
  }
  list(kContract, threshold(64'000));
  quote(kContract, "0.48", "0.51");
  settle_down(64'000);
  requests_.reserve(100);
  judged_.reserve(1000);
  ended_.reserve(1000);
  const std::size_t before = allocations;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 20; ++i) spot(64'000 + round * 5 + i);
    quote(kContract, "0.47", "0.50");
    settle_down(64'000 + round * 5);
    quote(kContract, "0.48", "0.51");
    settle_down(64'000 + round * 5);
  }
  EXPECT_EQ(allocations, before);
  spot(64'350);
  EXPECT_EQ(allocations, before);
  EXPECT_FALSE(requests_.empty());
}

}  // namespace
}  // namespace arbees::app

// The whole core on generated markets: what must hold whatever happens, over many seeds.

#include <gtest/gtest.h>

#include <map>

#include "core/engine/trading_engine.h"
#include "core/engine/trading_loop.h"
#include "core/simulation/market_generator.h"
#include "core/simulation/merged_source.h"
#include "core/simulation/prefixed_source.h"

namespace arbees {
namespace {

// Feeds orders to the exchange and keeps the books of an observer: nothing but reports.
class Observer final : public OutputSink {
 public:
  Observer(SimulatedExchange& exchange, const RiskLimits& limits) : exchange_(exchange), limits_(limits) {}

  void deliver(const Event& cause, const Outputs& outputs) override {
    exchange_.submit(outputs, cause.received_at);
    for (const Report& report : outputs.reports) {
      std::visit([this](const auto& body) { on(body); }, report.body);
    }
    for (const OrderCommand& command : outputs.orders) {
      if (is_halted_ && command.order.side == Side::Buy) ++orders_while_halted_;
      if (command.order.side == Side::Buy) {
        EXPECT_LE(command.order.limit * command.order.quantity, limits_.max_position);
      }
    }
  }

  void on(const OpportunityJudged& judged) {
    if (judged.verdict == Verdict::Accepted) {
      ++accepted_;
      EXPECT_GT(judged.guaranteed, judged.outlay);
    }
  }
  void on(const OrderSubmitted& submitted) {
    EXPECT_TRUE(open_.emplace(submitted.order.id.value, Quantity{}).second) << "an order id was used twice";
  }
  void on(const OrderFilled& filled) {
    const auto open = open_.find(filled.order.id.value);
    ASSERT_NE(open, open_.end()) << "a fill of an order that is not open";
    open->second += filled.quantity;
    EXPECT_LE(open->second, filled.order.quantity);
    const Money gross = filled.price * filled.quantity;
    Money& cash = cash_[filled.order.venue];
    Quantity& held = held_[{filled.order.instrument, filled.order.outcome}];
    if (filled.order.side == Side::Buy) {
      EXPECT_LE(filled.price, filled.order.limit);
      cash -= gross + filled.fee;
      held += filled.quantity;
    } else {
      EXPECT_GE(filled.price, filled.order.limit);
      cash += gross - filled.fee;
      held -= filled.quantity;
    }
    EXPECT_GE(held, Quantity{});
    EXPECT_GE(cash, Money{});
  }
  void on(const OrderEnded& ended) {
    const auto open = open_.find(ended.order.id.value);
    ASSERT_NE(open, open_.end()) << "an order ended twice";
    EXPECT_EQ(open->second, ended.filled);
    EXPECT_TRUE(is_final(ended.state));
    open_.erase(open);
  }
  void on(const PositionSettled& settled) {
    Quantity& held = held_[{settled.instrument, settled.outcome}];
    EXPECT_EQ(held, settled.quantity);
    held = Quantity{};
    cash_[settled.venue] += settled.payout;
    ++settled_;
  }
  void on(const OrderDoubted&) {}
  void on(const RequestEnded&) {}
  void on(const FillReverted&) {}
  void on(const CashOpened& opened) { cash_[opened.venue] = opened.cash; }
  void on(const OpportunityEnded& ended) { EXPECT_GE(ended.ended_at, ended.started_at); }
  void on(const TradingStateChanged& changed) { is_halted_ = changed.state != TradingState::Active; }

  SimulatedExchange& exchange_;
  RiskLimits limits_;
  std::map<std::uint64_t, Quantity> open_;
  std::map<std::pair<InstrumentId, Outcome>, Quantity> held_;
  std::map<Venue, Money> cash_;
  int accepted_ = 0;
  int settled_ = 0;
  int orders_while_halted_ = 0;
  bool is_halted_ = false;
};

RiskLimits demo_limits() {
  RiskLimits limits;
  limits.min_edge_millionths = 10'000;
  limits.min_liquidity = Money::whole(10);
  return limits;
}

struct RunResult {
  std::uint64_t digest = 0;
  std::uint64_t events = 0;
  int accepted = 0;
  int settled = 0;
  std::uint64_t broken = 0;
};

RunResult run(std::uint64_t seed) {
  GeneratorSettings settings;
  settings.seed = seed;
  settings.length = std::chrono::seconds(120);
  const Capacity capacity;
  MarketGenerator generator(settings);
  SimulatedExchange exchange(capacity, LatencyModel{}, seed);
  PrefixedSource market(generator, paper_opening(seed, demo_limits()));
  MergedSource source(market, exchange);
  TradingEngine engine(capacity, RiskLimits{});
  Observer observer(exchange, demo_limits());
  TradingLoop loop(source, nullptr, engine, observer);
  while (loop.step()) {
    const RiskLimits limits = demo_limits();
    EXPECT_LE(engine.portfolio().total_exposure(), limits.max_total_exposure);
    EXPECT_LE(engine.portfolio().asset_exposure(Asset::BTC), limits.max_asset_exposure);
    if (testing::Test::HasFailure()) break;
  }
  EXPECT_TRUE(observer.open_.empty()) << "every order must end";
  EXPECT_EQ(engine.execution().open_order_count(), 0u);
  EXPECT_EQ(engine.execution().open_request_count(), 0u);
  EXPECT_TRUE(engine.portfolio().total_exposure().is_zero()) << "all contracts have settled";
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    EXPECT_EQ(engine.portfolio().cash(venue), observer.cash_[venue]);
    EXPECT_EQ(engine.portfolio().cash(venue), exchange.cash(venue)) << "the venue's own books must agree";
    EXPECT_EQ(engine.portfolio().free_cash(venue), engine.portfolio().cash(venue)) << "every reserve is released";
  }
  return {loop.digest(), loop.event_count(), observer.accepted_, observer.settled_, engine.execution().broken_count()};
}

TEST(WholeSystem, KeepsItsInvariantsOnManySeeds) {
  int accepted = 0;
  int settled = 0;
  std::uint64_t broken = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const RunResult result = run(seed);
    accepted += result.accepted;
    settled += result.settled;
    broken += result.broken;
    if (HasFailure()) return;
  }
  // The generator must offer something to lose and something to win, or the test shows nothing.
  EXPECT_GT(accepted, 20);
  EXPECT_GT(settled, 20);
  EXPECT_GT(broken, 0u);
}

TEST(WholeSystem, TheSameSeedGivesTheSameDigestAndAnotherOneAnother) {
  const RunResult first = run(7);
  const RunResult second = run(7);
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.events, second.events);
  EXPECT_NE(first.digest, run(8).digest);
}

}  // namespace
}  // namespace arbees

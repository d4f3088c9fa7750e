#include "app/reporting/invariants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/reporting/simulate_run.h"

namespace arbees::app {
namespace {

using testing::HasSubstr;

// A judge of an engine that does nothing, told of outputs that no right engine makes.
class BrokenInvariants : public testing::Test {
 protected:
  BrokenInvariants() {
    order_.id = OrderId{1};
    order_.instrument = InstrumentId{7};
    order_.limit = Price::parse("0.5").value();
    order_.quantity = Quantity::whole(10);
    order_.venue = Venue::Kalshi;
    order_.asset = Asset::BTC;
  }

  template <class Body>
  void report(const Body& body) {
    outputs_.reports.push_back(Report{from_unix_s(1), 5, body});
  }
  std::string verdict() {
    Event cause;
    cause.received_at = from_unix_s(1);
    cause.sequence = 5;
    invariants_.take(cause, outputs_);
    invariants_.check(cause);
    outputs_.clear();
    return invariants_.broken();
  }

  TradingEngine engine_{Capacity{}, RiskLimits{}};
  Invariants invariants_{engine_, RiskLimits{}};
  Outputs outputs_;
  OrderRequest order_;
};

TEST_F(BrokenInvariants, NothingIsWrongWithNothing) { EXPECT_EQ(verdict(), ""); }

TEST_F(BrokenInvariants, AnOrderWhileHalted) {
  TradingStateChanged halted;
  halted.state = TradingState::Halted;
  report(halted);
  EXPECT_EQ(verdict(), "");
  outputs_.orders.push_back({order_, OrderAction::Submit});
  EXPECT_THAT(verdict(), HasSubstr("halted"));
  EXPECT_EQ(invariants_.broken_at(), 5U);
}

TEST_F(BrokenInvariants, AnOrderForAContractThatNobodyKnows) {
  outputs_.orders.push_back({order_, OrderAction::Submit});
  EXPECT_THAT(verdict(), HasSubstr("unknown contract"));
}

TEST_F(BrokenInvariants, ExposureOfOrdersInFlight) {
  order_.limit = Price::parse("0.99").value();
  order_.quantity = Quantity::whole(10'000);
  report(OrderSubmitted{order_});
  EXPECT_THAT(verdict(), HasSubstr("orders in flight included"));
}

TEST_F(BrokenInvariants, AFillOfNoOrder) {
  report(OrderFilled{order_, 1, order_.limit, order_.quantity, Money{}});
  EXPECT_THAT(verdict(), HasSubstr("never sent"));
}

TEST_F(BrokenInvariants, CashThatNoFillExplains) {
  CashOpened opened;
  opened.cash = Money::whole(10);
  opened.venue = Venue::Kalshi;
  report(opened);
  EXPECT_THAT(verdict(), HasSubstr("cash of kalshi"));
}

TEST_F(BrokenInvariants, AnOrderThatNeverEnds) {
  report(OrderSubmitted{order_});
  EXPECT_EQ(verdict(), "");
  const SimulatedExchange exchange(Capacity{}, LatencyModel{}, 1);
  invariants_.check_end(exchange);
  EXPECT_THAT(invariants_.broken(), HasSubstr("never ended"));
}

TEST(Simulate, HoldsEveryInvariantWithAllFaultsOnManySeeds) {
  std::uint64_t fills = 0;
  std::array<std::uint64_t, kInjectedFaultCount> faults{};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const SimulatedSeed found = simulate_seed(seed, all_faults());
    EXPECT_EQ(found.broken, "") << "arbees simulate --seeds 1 --first-seed " << seed << " --faults all";
    fills += found.statistics.fills();
    for (std::size_t i = 0; i < kInjectedFaultCount; ++i) faults[i] += found.faults[i];
  }
  EXPECT_GT(fills, 20U);
  EXPECT_THAT(faults, testing::Each(testing::Gt(0U))) << "a fault that never strikes shows nothing";
}

TEST(Simulate, FaultsAreNamedWithTheirChances) {
  auto rates = parse_fault_rates("drop,late=0.25");
  ASSERT_TRUE(rates) << rates.error();
  EXPECT_EQ(rates->of(InjectedFault::Drop), all_faults().of(InjectedFault::Drop));
  EXPECT_EQ(rates->of(InjectedFault::Late), 250'000U);
  EXPECT_EQ(rates->of(InjectedFault::Feed), 0U);
  for (const char* wrong : {"", "drop,", "rain", "late=0.6", "late=x", "late=-0.1"}) {
    const auto refused = parse_fault_rates(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_THAT(refused.error(), HasSubstr("0 to 0.5"));
  }
}

}  // namespace
}  // namespace arbees::app

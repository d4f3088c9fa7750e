#include "core/arbitrage/payoff_graph.h"

#include <gtest/gtest.h>

#include <string>

namespace arbees {
namespace {

Money money(const char* text) { return Money::parse(text).value(); }

QuoteLevel level(const char* price, const char* quantity) {
  return {Price::parse(price).value(), Quantity::parse(quantity).value()};
}

FeeTerms seven_percent(FeeModel model) {
  FeeTerms terms;
  terms.model = model;
  terms.rate = {7, 2};
  return terms;
}

FeeTerms free_of_charge() {
  FeeTerms terms;
  terms.model = FeeModel::None;
  return terms;
}

// A graph of contracts by name, with axes numbered by hand.
class Ladder {
 public:
  explicit Ladder(FeeTerms fees, const char* lot = "1")
      : fees_(fees), graph_({.contracts = 64, .axes = 4, .levels = 5, .lot = Quantity::parse(lot).value()}) {}

  ContractIndex add(Interval interval, std::uint8_t axis = 0) {
    GraphContract contract;
    contract.instrument = InstrumentId{graph_.contract_count() + 1};
    contract.axis.serial = axis;
    contract.interval = interval;
    contract.fees = fees_;
    return graph_.add_contract(contract).value();
  }
  ContractIndex add_above(std::int64_t strike, std::uint8_t axis = 0) {
    return add({at_least(strike), kPlusInfinity}, axis);
  }
  ContractIndex add_range(std::int64_t lower, std::int64_t upper) { return add({at_least(lower), at_least(upper)}); }
  void quote(ContractIndex contract, QuoteLevel yes, QuoteLevel no) {
    graph_.set_quotes(contract, Outcome::Yes, {&yes, 1});
    graph_.set_quotes(contract, Outcome::No, {&no, 1});
  }
  PayoffGraph& graph() { return graph_; }
  void set_fees(FeeTerms fees) { fees_ = fees; }

 private:
  FeeTerms fees_;
  PayoffGraph graph_;
};

// KAT-29 of the pricing reference.
void fill_known_ladder(Ladder& ladder) {
  ladder.quote(ladder.add_above(64000), level("0.64", "100"), level("0.39", "200"));
  ladder.quote(ladder.add_above(64100), level("0.58", "150"), level("0.44", "80"));
  ladder.quote(ladder.add_above(64200), level("0.30", "120"), level("0.73", "60"));
  ladder.quote(ladder.add_range(64000, 64100), level("0.15", "90"), level("0.87", "150"));
  ladder.quote(ladder.add_range(64100, 64200), level("0.27", "100"), level("0.76", "100"));
}

TEST(PayoffGraph, FindsTheKnownLadderWithoutFees) {
  Ladder ladder(free_of_charge());
  fill_known_ladder(ladder);
  ASSERT_TRUE(ladder.graph().has_arbitrage());
  const Certificate* found = ladder.graph().find();
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->profit(), money("4"));
  EXPECT_EQ(found->outlay, money("156"));
  EXPECT_EQ(found->guaranteed, money("160"));
}

TEST(PayoffGraph, FindsTheKnownLadderWithFeesRoundedUp) {
  Ladder ladder(seven_percent(FeeModel::KalshiQuadratic));
  fill_known_ladder(ladder);
  const Certificate* found = ladder.graph().find();
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(static_cast<std::int64_t>(ladder.graph().unrounded_profit()), 696'560'000'000);
  EXPECT_EQ(found->profit(), money("0.6964"));
  EXPECT_EQ(found->fees, money("3.3036"));
  EXPECT_EQ(found->guaranteed, money("160"));
  ASSERT_EQ(found->legs.size(), 3u);
  EXPECT_EQ(found->legs[0].contract, 0u);
  EXPECT_EQ(found->legs[0].fee, money("1.2903"));
  EXPECT_EQ(found->legs[1].outcome, Outcome::No);
  EXPECT_EQ(found->legs[1].fee, money("1.3799"));
  EXPECT_EQ(found->legs[2].fee, money("0.6334"));
  for (const CertificateLeg& leg : found->legs) EXPECT_EQ(leg.quantity, Quantity::whole(80));
  EXPECT_FALSE(found->worst_states.empty());
}

// KAT-32: a strike gap between two venues.
void fill_gap(Ladder& ladder, Coordinate bound) {
  const ContractIndex kalshi = ladder.add_above(6400000, 0);
  const ContractIndex polymarket = ladder.add_above(6401000, 1);
  ladder.graph().set_basis_bound(ladder.graph().axis_of(kalshi), ladder.graph().axis_of(polymarket), bound);
  ladder.quote(kalshi, level("0.53", "200"), level("0.49", "200"));
  ladder.quote(polymarket, level("0.59", "150"), level("0.42", "150"));
}

TEST(PayoffGraph, CrossesAGapThatCoversTheBasis) {
  Ladder ladder(seven_percent(FeeModel::PolymarketCurve));
  fill_gap(ladder, 1000);
  const Certificate* found = ladder.graph().find();
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(static_cast<std::int64_t>(ladder.graph().unrounded_profit()), 2'326'650'000'000);
  EXPECT_EQ(found->profit(), money("2.32665"));
  EXPECT_EQ(found->guaranteed, money("150"));
}

TEST(PayoffGraph, DoesNotCrossAGapSmallerThanTheBasis) {
  Ladder ladder(seven_percent(FeeModel::PolymarketCurve));
  fill_gap(ladder, 1050);
  EXPECT_FALSE(ladder.graph().has_arbitrage());
  EXPECT_EQ(ladder.graph().find(), nullptr);
}

}  // namespace
}  // namespace arbees

#include "core/arbitrage/payoff_graph.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "core/base/random.h"

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

TEST(PayoffGraph, CountsWhatIsHeldOnlyForWhatItAdds) {
  Ladder ladder(free_of_charge());
  const ContractIndex contract = ladder.add_above(64000);
  PayoffGraph& graph = ladder.graph();
  graph.set_held(contract, Outcome::Yes, Quantity::whole(10));
  graph.set_held(contract, Outcome::No, Quantity::whole(4));
  EXPECT_FALSE(graph.has_arbitrage());  // four pairs are certain already: no news
  const QuoteLevel no[] = {level("0.30", "20")};
  EXPECT_TRUE(graph.set_quotes(contract, Outcome::No, no));
  const Certificate* found = graph.find();
  ASSERT_NE(found, nullptr);
  ASSERT_EQ(found->legs.size(), 1u);
  EXPECT_EQ(found->legs[0].quantity, Quantity::whole(6));
  EXPECT_EQ(found->guaranteed, money("6"));
  EXPECT_EQ(found->outlay, money("1.8"));
}

TEST(PayoffGraph, FindsExhaustiveOutcomesBoughtForLessThanADollar) {
  Ladder ladder(free_of_charge());
  const ContractIndex outcomes[] = {ladder.add({kMinusInfinity, at_least(1)}), ladder.add({at_least(1), at_least(2)}),
                                    ladder.add({at_least(2), kPlusInfinity})};
  for (const ContractIndex outcome : outcomes) ladder.quote(outcome, level("0.33", "7"), level("0.70", "7"));
  const Certificate* found = ladder.graph().find();
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->profit(), money("0.07"));
  EXPECT_EQ(ladder.graph().cheapest_dollar(), money("0.99"));
}

TEST(PayoffGraph, FindsNoOfAllOutcomesBelowWhatAllButOnePay) {
  Ladder ladder(free_of_charge());
  const ContractIndex outcomes[] = {ladder.add({kMinusInfinity, at_least(1)}), ladder.add({at_least(1), at_least(2)}),
                                    ladder.add({at_least(2), kPlusInfinity})};
  for (const ContractIndex outcome : outcomes) ladder.quote(outcome, level("0.50", "7"), level("0.66", "7"));
  const Certificate* found = ladder.graph().find();
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->guaranteed, money("14"));
  EXPECT_EQ(found->profit(), money("0.14"));
}

// Defects of the predecessor: "same asset" was taken for "same bet".
TEST(PayoffGraph, TheTwoTokensOfABracketPayADollarTogether) {
  Ladder ladder(free_of_charge());
  GraphContract token;
  token.interval = {at_least(64000), at_least(64100)};
  token.fees = free_of_charge();
  token.instrument = InstrumentId{1};
  token.complement = InstrumentId{2};
  const ContractIndex yes = ladder.graph().add_contract(token).value();
  token.instrument = InstrumentId{2};
  token.complement = InstrumentId{1};
  token.pays_outside = true;
  const ContractIndex no = ladder.graph().add_contract(token).value();
  const auto ask = [&](ContractIndex contract, const char* price) {
    const QuoteLevel quote = level(price, "10");
    return ladder.graph().set_quotes(contract, Outcome::Yes, {&quote, 1});
  };
  EXPECT_FALSE(ask(yes, "0.55"));
  EXPECT_FALSE(ask(no, "0.46"));
  ASSERT_TRUE(ask(no, "0.40"));
  const Certificate* found = ladder.graph().find();
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->guaranteed, Money::whole(10));
  EXPECT_EQ(found->profit(), *Money::parse("0.5"));
}

TEST(PayoffGraph, NeverPairsDifferentStrikesAsIfTheyWereOne) {
  Ladder ladder(free_of_charge());
  const ContractIndex low = ladder.add_above(90000, 0);
  const ContractIndex high = ladder.add_above(100000, 1);
  // The dearer strike's Yes and the cheaper strike's No leave 90,000 … 100,000 uncovered.
  ladder.quote(high, level("0.40", "100"), level("0.95", "100"));
  ladder.quote(low, level("0.95", "100"), level("0.40", "100"));
  EXPECT_FALSE(ladder.graph().has_arbitrage());
  ladder.graph().set_basis_bound(0, 1, Coordinate{100});
  EXPECT_FALSE(ladder.graph().has_arbitrage());
}

TEST(PayoffGraph, FindsTheMonotonicityThatIsRealBetweenStrikes) {
  Ladder ladder(free_of_charge());
  const ContractIndex low = ladder.add_above(90000, 0);
  const ContractIndex high = ladder.add_above(100000, 1);
  ladder.graph().set_basis_bound(0, 1, Coordinate{100});
  ladder.quote(low, level("0.40", "100"), level("0.95", "100"));
  ladder.quote(high, level("0.95", "100"), level("0.40", "100"));
  const Certificate* found = ladder.graph().find();
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->profit(), money("20"));
}

TEST(PayoffGraph, AxesWithoutABoundAreNeverCompared) {
  Ladder ladder(free_of_charge());
  const ContractIndex kalshi = ladder.add_above(64000, 0);
  const ContractIndex polymarket = ladder.add_above(64000, 1);
  ladder.quote(kalshi, level("0.10", "100"), level("0.95", "100"));
  ladder.quote(polymarket, level("0.95", "100"), level("0.10", "100"));
  EXPECT_FALSE(ladder.graph().has_arbitrage());
}

TEST(PayoffGraph, LosesMatchedPairsToRealFees) {
  // Bid 0.45 / ask 0.44 on a matched pair: a cent of spread, three and a half of fees.
  Ladder ladder(seven_percent(FeeModel::KalshiQuadratic));
  const ContractIndex one = ladder.add_above(64000);
  const ContractIndex other = ladder.add_above(64000);
  ladder.quote(one, level("0.44", "100"), level("0.60", "100"));
  ladder.quote(other, level("0.60", "100"), level("0.55", "100"));
  EXPECT_FALSE(ladder.graph().has_arbitrage());
  EXPECT_EQ(ladder.graph().cheapest_dollar(), money("1.024573"));
}

TEST(PayoffGraph, RefusesWhatItCannotPrice) {
  PayoffGraph graph({.contracts = 1, .axes = 1, .levels = 1, .lot = Quantity::whole(1)});
  GraphContract contract;
  contract.interval = {at_least(1), kPlusInfinity};
  contract.fees.model = FeeModel::Unknown;
  EXPECT_EQ(graph.add_contract(contract).error(), NotTradable::UnknownFee);
  contract.fees = free_of_charge();
  contract.interval = {};
  EXPECT_EQ(graph.add_contract(contract).error(), NotTradable::UnknownPayoff);
  contract.interval = {at_least(1), kPlusInfinity};
  contract.lot = Quantity::whole(3);
  EXPECT_EQ(graph.add_contract(contract).error(), NotTradable::TermsRefused);
  contract.lot = Quantity::whole(1);
  EXPECT_TRUE(graph.add_contract(contract).has_value());
  EXPECT_EQ(graph.add_contract(contract).error(), NotTradable::NoRoom);
}

TEST(PayoffGraph, TakesBooksOnlyWhileTheyAreProven) {
  Ladder ladder(free_of_charge());
  const ContractIndex contract = ladder.add_above(64000);
  OrderBook book;
  book.begin_snapshot();
  book.apply(BookAction::Set, BookSide::Bid, Price::from_units(5500), Quantity::whole(10));
  book.end_snapshot();
  EXPECT_FALSE(ladder.graph().set_book(contract, book));
  OrderBook cheap;
  cheap.begin_snapshot();
  cheap.apply(BookAction::Set, BookSide::Ask, Price::from_units(4000), Quantity::whole(10));
  cheap.end_snapshot();
  const ContractIndex twin = ladder.add_above(64000);
  EXPECT_TRUE(ladder.graph().set_book(twin, cheap));
  book.mark(BookFault::SequenceGap);
  EXPECT_FALSE(ladder.graph().set_book(contract, book));
}

TEST(PayoffGraph, DescribesAnOpportunityWithItsLevelsMerged) {
  Ladder ladder(free_of_charge());
  const ContractIndex contract = ladder.add_above(64000);
  const QuoteLevel yes[] = {level("0.40", "5"), level("0.42", "5")};
  const QuoteLevel no[] = {level("0.50", "10")};
  ladder.graph().set_quotes(contract, Outcome::Yes, yes);
  ladder.graph().set_quotes(contract, Outcome::No, no);
  const Certificate* found = ladder.graph().find();
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->legs.size(), 3u);
  Opportunity opportunity;
  ladder.graph().describe(*found, opportunity);
  ASSERT_EQ(opportunity.legs.size(), 2u);
  EXPECT_EQ(opportunity.legs[0].price, Price::parse("0.42").value());
  EXPECT_EQ(opportunity.legs[0].quantity, Quantity::whole(10));
  EXPECT_EQ(opportunity.legs[0].cost, money("4.1"));
  EXPECT_EQ(opportunity.profit(), money("0.9"));
  EXPECT_EQ(opportunity.detector, Detector::SameMarket);
}

// The plain table of docs/arbitrage.md with infinities of each axis of its own, and Bellman–Ford from scratch.
class PlainGraph {
 public:
  int node(int axis, Coordinate coordinate) {
    return nodes_.emplace(std::pair(axis, coordinate), static_cast<int>(nodes_.size())).first->second;
  }
  void add(int from, int to, PathCost cost) { edges_.push_back({from, to, cost}); }
  void add_axes(int axes, Coordinate bound) {
    for (int axis = 0; axis < axes; ++axis) {
      const int low = node(axis, kMinusInfinity);
      const int high = node(axis, kPlusInfinity);
      add(low, high, kOneDollar);
      add(high, low, -kOneDollar);
    }
    for (const auto& [from, a] : nodes_) {
      for (const auto& [to, b] : nodes_) {
        const bool is_end = from.second == kMinusInfinity || from.second == kPlusInfinity;
        const Coordinate reach = from.first == to.first || is_end ? from.second : from.second - bound;
        if (a != b && to.second <= reach) add(a, b, 0);
      }
    }
  }
  bool has_negative_cycle() const {
    std::vector<PathCost> distance(nodes_.size(), 0);
    for (std::size_t round = 0; round <= nodes_.size(); ++round) {
      bool changed = false;
      for (const Edge& edge : edges_) {
        const PathCost through = distance[static_cast<std::size_t>(edge.from)] + edge.cost;
        if (through >= distance[static_cast<std::size_t>(edge.to)]) continue;
        distance[static_cast<std::size_t>(edge.to)] = through;
        changed = true;
      }
      if (!changed) return false;
    }
    return true;
  }

 private:
  struct Edge {
    int from;
    int to;
    PathCost cost;
  };
  std::map<std::pair<int, Coordinate>, int> nodes_;
  std::vector<Edge> edges_;
};

struct PlainContract {
  std::uint8_t axis;
  Interval interval;
  std::int64_t ask[2];  // price units; 0: none
};

PlainGraph plain_graph(const std::vector<PlainContract>& contracts, int axes, Coordinate bound) {
  PlainGraph plain;
  for (const PlainContract& contract : contracts) {
    const int from = plain.node(contract.axis, contract.interval.from);
    const int to = plain.node(contract.axis, contract.interval.to);
    const PathCost unit = kOneDollar / 10'000;
    if (contract.ask[0] != 0) plain.add(from, to, contract.ask[0] * unit);
    if (contract.ask[1] != 0) plain.add(to, from, contract.ask[1] * unit - kOneDollar);
  }
  plain.add_axes(axes, bound);
  return plain;
}

TEST(PayoffGraph, AgreesWithModelOnRandomQuoteStreams) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    Ladder ladder(free_of_charge());
    std::vector<PlainContract> contracts;
    for (int i = 0; i < 12; ++i) {
      const auto axis = static_cast<std::uint8_t>(i < 2 ? static_cast<std::uint64_t>(i) : random.below(2));
      const std::int64_t lower = random.between(0, 9);
      Interval interval{at_least(lower), kPlusInfinity};
      if (random.chance(1, 2)) interval.to = above(lower + random.between(0, 4));
      contracts.push_back({axis, interval, {0, 0}});
      (void)ladder.add(interval, axis);
    }
    const std::int64_t bound = random.between(0, 3);
    ladder.graph().set_basis_bound(0, 1, Coordinate{bound});
    int found = 0;
    for (int change = 0; change < 300; ++change) {
      const std::size_t index = random.below(contracts.size());
      const std::size_t outcome = random.below(2);
      const std::int64_t ask = random.chance(1, 6) ? 0 : random.between(2'000, 9'900);
      contracts[index].ask[outcome] = ask;
      const QuoteLevel quote{Price::from_units(ask), Quantity::whole(1)};
      const bool detected = ladder.graph().set_quotes(static_cast<ContractIndex>(index), static_cast<Outcome>(outcome),
                                                      {&quote, ask == 0 ? std::size_t{0} : std::size_t{1}});
      ASSERT_EQ(detected, plain_graph(contracts, 2, 2 * Coordinate{bound}).has_negative_cycle()) << "change " << change;
      found += detected ? 1 : 0;
    }
    EXPECT_GT(found, 0);
  }
}

}  // namespace
}  // namespace arbees

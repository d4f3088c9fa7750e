#include "app/reporting/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/store/test_files.h"
#include "app/reporting/test_sessions.h"

namespace arbees::app {
namespace {

using testing::HasSubstr;

PayoutLeg leg(Outcome outcome, std::int64_t strike, std::int64_t quantity) {
  PayoutLeg leg;
  leg.leg.outcome = outcome;
  leg.leg.quantity = Quantity::whole(quantity);
  leg.terms = ContractTerms{};
  leg.terms.payoff = Payoff::Threshold;
  leg.terms.comparator = Comparator::GreaterOrEqual;
  leg.terms.source = SettlementSource::CfBenchmarksMean60;
  leg.terms.asset = Asset::BTC;
  leg.terms.lower = Strike::whole(strike);
  leg.terms.has_lower = 1;
  leg.terms.rounding_decimals = 255;
  leg.terms.closes_at = from_unix_s(10'000);
  leg.terms.grid = PriceGrid::uniform(Price::parse("0.01").value());
  leg.terms.lot = Quantity::whole(1);
  leg.terms.fees.model = FeeModel::None;
  leg.terms.venue = Venue::Kalshi;
  leg.terms.not_tradable = NotTradable::None;
  return leg;
}

TEST(PayoutStates, OfTwoThresholdsAreThree) {
  const auto states = payout_states({leg(Outcome::Yes, 100, 5), leg(Outcome::No, 110, 5)}, {});
  ASSERT_EQ(states.size(), 3U);
  EXPECT_EQ(states[0].state, "cf_benchmarks_mean_60 < 100");
  EXPECT_EQ(states[0].payout, Money::whole(5));
  EXPECT_EQ(states[1].state, "cf_benchmarks_mean_60 ≥ 100 and < 110");
  EXPECT_EQ(states[1].payout, Money::whole(10));
  EXPECT_EQ(states[2].payout, Money::whole(5));
}

TEST(PayoutStates, OfTwoSourcesAreTheCombinationsThatTheBoundAllows) {
  PayoutLeg other = leg(Outcome::No, 120, 5);
  other.terms.source = SettlementSource::ChainlinkTwap60;
  const std::vector<PayoutLeg> legs = {leg(Outcome::Yes, 100, 5), other};
  EXPECT_EQ(payout_states(legs, {}).size(), 4U);
  BasisBoundSet bound;
  bound.first = SettlementSource::ChainlinkTwap60;
  bound.second = SettlementSource::CfBenchmarksMean60;
  bound.asset = Asset::BTC;
  bound.strict = SpotPrice::whole(10);
  bound.has_strict = 1;
  const auto states = payout_states(legs, {bound});
  EXPECT_EQ(states.size(), 3U) << "below 100 here and above 120 there are further apart than 10";
  for (const PayoutState& state : states) EXPECT_GE(state.payout, Money::whole(5)) << state.state;
}

TEST(Explain, ShowsTheMomentOfEveryAcceptedDecisionFromTheJournal) {
  const arbees::test::TemporaryFolder folder;
  const test::Session session{3, folder.file("ledger.sqlite"), folder.file("session-1.journal")};
  test::trade(session);
  const auto ledger = read_ledger(session.ledger);
  const auto decisions = read_decisions(session.ledger);
  ASSERT_TRUE(ledger && decisions);
  ASSERT_GT(decisions->requests.size(), 2U);
  for (std::size_t i = 0; i < 3; ++i) {
    const LedgerRequest& request = decisions->requests[i];
    auto found = explain(request.request, *ledger, *decisions);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->decision().verdict, "accepted");
    EXPECT_EQ(found->orders.size() >= request.legs.size(), true);
    add_moment(*found, session.journal);
    ASSERT_TRUE(found->moment) << found->no_moment;
    EXPECT_EQ(found->moment->legs.size(), request.legs.size());
    for (const ExplainedLeg& each : found->moment->legs) EXPECT_EQ(each.book_status, BookStatus::Proven);
    ASSERT_FALSE(found->moment->states.empty());
    for (const PayoutState& state : found->moment->states) EXPECT_GE(state.payout, request.guaranteed) << state.state;
    const std::string text = explanation_text(*found);
    EXPECT_THAT(text, HasSubstr("verdict accepted"));
    EXPECT_THAT(text, HasSubstr("cf_benchmarks_mean_60"));
    EXPECT_GT(found->moment->handling.count(), 0);
    EXPECT_THAT(explanation_document(*found), HasSubstr("\"payouts\":[{"));
  }
}

TEST(Explain, AModelEdgePromisesNothing) {
  Explanation explanation;
  explanation.judgements.resize(1);
  LedgerDecision& decision = explanation.judgements[0];
  decision.outlay = Money::whole(17);
  decision.detector = detector_name(Detector::Ladder);
  decision.guaranteed = Money::whole(18);
  EXPECT_THAT(explanation_text(explanation), HasSubstr("guaranteed 18, profit 1\n"));
  decision.detector = detector_name(Detector::ModelEdge);
  decision.guaranteed = Money{};
  EXPECT_THAT(explanation_text(explanation), HasSubstr("nothing guaranteed\n"));
}

TEST(Explain, WithoutAJournalSaysWhatTheLedgerKnows) {
  const arbees::test::TemporaryFolder folder;
  const test::Session session{3, folder.file("ledger.sqlite"), ""};
  test::trade(session);
  const auto ledger = read_ledger(session.ledger);
  const auto decisions = read_decisions(session.ledger);
  ASSERT_TRUE(ledger && decisions);
  auto found = explain(decisions->decisions.front().opportunity, *ledger, *decisions);
  ASSERT_TRUE(found);
  add_moment(*found, folder.file("session-1.journal"));
  EXPECT_FALSE(found->moment);
  EXPECT_THAT(explanation_text(*found), HasSubstr("session-1.journal"));
  EXPECT_FALSE(explain(12345, *ledger, *decisions));
}

}  // namespace
}  // namespace arbees::app

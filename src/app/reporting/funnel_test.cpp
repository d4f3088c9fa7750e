#include "app/reporting/funnel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/reporting/opportunity_list.h"

namespace arbees::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

void judge(LedgerDecisions& decisions, std::uint64_t opportunity, Verdict verdict, std::uint64_t request = 0) {
  LedgerDecision& decision = decisions.decisions.emplace_back();
  decision.opportunity = opportunity;
  decision.verdict = verdict_name(verdict);
  decision.binding = "accepted";
  decision.guaranteed = Money::whole(static_cast<std::int64_t>(opportunity));
  if (request != 0) decision.request = request;
}

void order(LedgerContents& ledger, std::uint64_t request, std::uint64_t instrument, bool is_filled) {
  LedgerOrder& made = ledger.orders.emplace_back();
  made.order_id = ledger.orders.size();
  made.request = request;
  made.contract = {instrument, "kalshi", "S", "BTC", "yes"};
  if (!is_filled) return;
  LedgerFill& fill = ledger.fills.emplace_back();
  fill.order_id = made.order_id;
}

TEST(Funnel, CountsEachOpportunityOnceAtItsFurthestStage) {
  LedgerDecisions decisions;
  judge(decisions, 1, Verdict::EdgeTooSmall);
  judge(decisions, 2, Verdict::StaleBook);
  judge(decisions, 2, Verdict::EdgeTooSmall);  // came further before
  judge(decisions, 3, Verdict::TotalLimit);
  judge(decisions, 4, Verdict::Accepted, 40);
  judge(decisions, 5, Verdict::Accepted, 50);
  judge(decisions, 6, Verdict::StaleBook);
  judge(decisions, 6, Verdict::Accepted, 60);
  LedgerContents ledger;
  order(ledger, 40, 1, false);
  order(ledger, 50, 2, true);
  order(ledger, 60, 3, true);
  order(ledger, 60, 4, false);
  ledger.settlements.push_back({9, {3, "kalshi", "S", "BTC", "yes"}, {}, {}, {}, {}});
  const Funnel funnel = funnel_of(ledger, decisions);
  EXPECT_THAT(funnel.reached, ElementsAre(6, 5, 4, 3, 3, 2, 1));
  EXPECT_THAT(funnel.reasons, ElementsAre(Pair(Verdict::EdgeTooSmall, 2), Pair(Verdict::TotalLimit, 1)));
  EXPECT_EQ(funnel.judgements, 8U);
  EXPECT_THAT(funnel_document(funnel),
              HasSubstr(R"("reason":"total_limit","opportunities":1,"stopped_after":"executable")"));
  EXPECT_THAT(funnel_text(funnel), HasSubstr("edge_too_small"));
}

TEST(VerdictText, EveryVerdictHasAMeaningARemedyAndAName) {
  for (std::size_t i = 0; i < kVerdictCount; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    EXPECT_NE(verdict_text(verdict).meaning, "");
    EXPECT_NE(verdict_text(verdict).remedy, "");
    EXPECT_NE(verdict_text(verdict).meaning, "unknown") << i;
    EXPECT_EQ(parse_verdict(verdict_name(verdict)), verdict);
  }
  EXPECT_EQ(parse_verdict("no_such"), std::nullopt);
}

TEST(OpportunityList, HasTheLatestFirstWithItsLastVerdictAndItsRequest) {
  LedgerDecisions decisions;
  judge(decisions, 1, Verdict::Accepted, 10);
  judge(decisions, 1, Verdict::AlreadyRequested);
  judge(decisions, 2, Verdict::TooThin);
  decisions.ends.push_back({.opportunity = 1,
                            .started_at = from_unix_ms(1000),
                            .ended_at = from_unix_ms(1250),
                            .best_profit = Money::whole(7),
                            .judgements = 5});
  decisions.decisions[1].started_at = from_unix_ms(1000);
  const auto listed = list_opportunities(decisions, 10);
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].decision.opportunity, 2U);
  EXPECT_EQ(listed[1].decision.verdict, "already_requested");
  EXPECT_EQ(listed[1].decision.request, 10U);
  EXPECT_EQ(listed[1].judgements, 5U);
  EXPECT_EQ(list_opportunities(decisions, 1).size(), 1U);
  EXPECT_THAT(opportunities_document(listed), HasSubstr(R"("request_id":"000000000000000a","ended")"));
  EXPECT_THAT(opportunities_document(listed), HasSubstr(R"("lived_ms":250)"));
}

}  // namespace
}  // namespace arbees::app

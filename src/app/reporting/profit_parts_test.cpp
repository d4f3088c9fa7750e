#include "app/reporting/profit_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/store/ledger_test_reports.h"
#include "adapters/store/test_files.h"
#include "app/reporting/test_sessions.h"

namespace arbees::app {
namespace {

using arbees::test::money;
using arbees::test::price;
using arbees::test::quantity;

// 100 of two legs, expected at $40 and $50 for a guaranteed $100.
struct TwoLegs {
  TwoLegs() {
    request.request = 9;
    request.detector = "ladder";
    request.guaranteed = money("100");
    request.legs = {{contract("kalshi", 1), price("0.4"), quantity("100"), money("40"), money("1")},
                    {contract("polymarket", 2), price("0.5"), quantity("100"), money("50"), money("0")}};
    dearer.request = 10;
    dearer.detector = "basis";
    dearer.guaranteed = money("90");
    dearer.legs = {{contract("kalshi", 1), price("0.8"), quantity("100"), money("80"), money("0")}};
  }

  static LedgerContract contract(const char* venue, std::uint64_t id) { return {id, venue, "S", "BTC", "yes"}; }

  void fill(std::uint64_t leg, bool is_buy, const char* size, const char* at, const char* fee) {
    LedgerOrder order;
    order.order_id = ledger.orders.size() + 1;
    order.request = owner;
    order.leg = leg;
    order.contract = request.legs[leg].contract;
    order.is_buy = is_buy;
    order.quantity = quantity(size);
    order.limit = price(at);
    ledger.orders.push_back(order);
    LedgerFill filled;
    filled.entry = ++entry;
    filled.order_id = order.order_id;
    filled.venue = order.contract.venue;
    filled.price = price(at);
    filled.quantity = quantity(size);
    filled.fee = money(fee);
    filled.at = from_unix_s(0);
    ledger.fills.push_back(filled);
    const Money gross = filled.price * filled.quantity;
    pay(order.contract.venue, (is_buy ? -gross : gross) - filled.fee);
  }

  void settle(std::uint64_t leg, const char* size, const char* payout) {
    LedgerSettlement settled;
    settled.entry = ++entry;
    settled.contract = request.legs[leg].contract;
    settled.quantity = quantity(size);
    settled.payout = money(payout);
    settled.at = from_unix_s(86'400);
    ledger.settlements.push_back(settled);
    pay(settled.contract.venue, settled.payout);
  }

  // Contracts that came from outside, or went there.
  void adjust(std::uint64_t leg, const char* size, const char* cost) {
    ledger.adjustments.push_back(
        {++entry, request.legs[leg].contract, quantity(size), money(cost), from_unix_s(0), ""});
    ledger.postings.push_back({entry, request.legs[leg].contract.venue, "position", money(cost)});
  }

  void pay(const std::string& venue, Money amount) { ledger.postings.push_back({entry, venue, "cash", amount}); }

  [[nodiscard]] ProfitBreakdown breakdown() const {
    return profit_breakdown(ledger, audit_ledger(ledger), {request, dearer});
  }

  LedgerContents ledger;
  LedgerRequest request;
  LedgerRequest dearer;     // a later one, of another detector
  std::uint64_t owner = 9;  // whose orders are filled: 9, 10, or nobody's (0)
  std::int64_t entry = 0;
};

TEST(ProfitParts, AFilledAndSettledRequestEarnsItsEdgeLessFeesAndSlippage) {
  TwoLegs legs;
  legs.fill(0, true, "100", "0.41", "1");  // a cent dearer than expected
  legs.fill(1, true, "100", "0.5", "0.5");
  legs.settle(0, "100", "100");
  legs.settle(1, "100", "100");  // the lucky state: both pay
  const ProfitBreakdown found = legs.breakdown();
  EXPECT_EQ(found.all.edge, money("10"));
  EXPECT_EQ(found.all.fees, money("-1.5"));
  EXPECT_EQ(found.all.slippage, money("-1"));
  EXPECT_EQ(found.all.unwinds, Money{});
  EXPECT_EQ(found.all.settlement, money("100"));
  EXPECT_EQ(found.all.open_cost, Money{});
  EXPECT_EQ(found.all.total(), found.cash_change);
  EXPECT_EQ(found.by_detector.at("ladder").total(), found.all.total());
  EXPECT_EQ(found.by_day.at("1970-01-01").total(), money("-2.5"));
  EXPECT_EQ(found.by_day.at("1970-01-02").edge, money("10"));
}

TEST(ProfitParts, WhatIsSoldBackIsAnUnwindAndTheRestKeepsItsEdge) {
  TwoLegs legs;
  legs.fill(0, true, "100", "0.4", "0");
  legs.fill(1, true, "60", "0.5", "0");
  legs.fill(0, false, "40", "0.37", "0.2");
  legs.settle(0, "60", "60");
  legs.settle(1, "60", "0");
  const ProfitBreakdown found = legs.breakdown();
  EXPECT_EQ(found.all.unwinds, money("-1.2"));
  EXPECT_EQ(found.all.edge, money("6"));
  EXPECT_EQ(found.all.settlement, Money{});
  EXPECT_EQ(found.all.total(), found.cash_change);
}

TEST(ProfitParts, AnOpenPositionIsWorthWhatItCost) {
  TwoLegs legs;
  legs.fill(0, true, "100", "0.41", "1");
  legs.fill(1, true, "100", "0.5", "0");
  legs.settle(1, "100", "100");
  const ProfitBreakdown found = legs.breakdown();
  EXPECT_EQ(found.all.edge, Money{}) << "a leg is open: what the certificate promised is not certain yet";
  EXPECT_EQ(found.all.open_cost, money("2"));  // the cent of each contract and the fee are in the position
  EXPECT_EQ(found.all.settlement, money("50"));
  EXPECT_EQ(found.positions_at_cost, money("42"));
  EXPECT_EQ(found.all.total(), found.cash_change + found.positions_at_cost);
}

TEST(ProfitParts, ContractsFromOutsideEarnNothingAndThoseThatWentAreALoss) {
  TwoLegs legs;
  legs.fill(0, true, "100", "0.41", "1");
  legs.adjust(0, "-40", "0");
  legs.adjust(1, "10", "10");
  ProfitBreakdown found = legs.breakdown();
  EXPECT_EQ(found.all.adjustments, money("-16")) << "expected at $0.40 each";
  EXPECT_EQ(found.all.total(), money("-16.8")) << "what the 40 had cost, fees and all";
  EXPECT_EQ(found.all.total(), found.cash_change + found.positions_at_cost);
  legs.settle(1, "10", "10");
  found = legs.breakdown();
  EXPECT_EQ(found.all.total(), money("-16.8")) << "a dollar each, and they paid no more";
  EXPECT_EQ(found.all.total(), found.cash_change + found.positions_at_cost);
}

TEST(ProfitParts, ARevertedFillIsAsIfItHadNeverBeen) {
  TwoLegs legs;
  legs.fill(0, true, "100", "0.41", "1");
  legs.ledger.reversals.push_back({++legs.entry, 1, from_unix_s(5)});
  legs.pay("kalshi", money("42"));
  const ProfitBreakdown found = legs.breakdown();
  EXPECT_EQ(found.all.total(), Money{});
  EXPECT_EQ(found.cash_change, Money{});
}

// Bought for 42 and sold for 50; the purchase fails, and of 150 bought for 90 a hundred replace what was sold.
TEST(ProfitParts, WhatWasSoldWithoutEverBeingBoughtIsBoughtAgain) {
  TwoLegs legs;
  legs.fill(0, true, "100", "0.41", "1");
  legs.fill(0, false, "100", "0.50", "0");
  legs.ledger.reversals.push_back({++legs.entry, 1, from_unix_s(5)});
  legs.pay("kalshi", money("42"));
  legs.fill(0, true, "150", "0.60", "0");
  const ProfitBreakdown found = legs.breakdown();
  EXPECT_EQ(found.all.unwinds + found.all.slippage + found.all.open_cost, money("-10"));
  EXPECT_EQ(found.cash_change, money("-40"));
  EXPECT_EQ(found.positions_at_cost, money("30"));
  EXPECT_EQ(found.all.total(), money("-10"));
}

// The ladder's 100 have cost 41 of expected 40, and the basis trade's 100 of the same contract 81 of 80.
struct MixedPosition : TwoLegs {
  MixedPosition() {
    fill(0, true, "100", "0.4", "1");
    owner = 10;
    fill(0, true, "100", "0.81", "0");
  }
};

TEST(ProfitParts, EachDetectorHoldsAMixedPositionAtWhatItsOwnPurchasesCost) {
  MixedPosition mixed;
  const ProfitBreakdown found = mixed.breakdown();
  EXPECT_EQ(found.all.open_cost, money("2"));
  EXPECT_EQ(found.by_detector.at("ladder").open_cost, money("1"));
  EXPECT_EQ(found.by_detector.at("basis").open_cost, money("1"));
  EXPECT_EQ(found.by_detector.at("ladder").total(), Money{});
  EXPECT_EQ(found.by_detector.at("basis").total(), Money{});
}

// The books take a sale's cost out of the whole position, at 0.61 each; the sum must be theirs to the last unit.
TEST(ProfitParts, APartialSaleComesOutOfItsOwnRequestAndTheSumIsThatOfTheBooks) {
  MixedPosition mixed;
  mixed.fill(0, false, "50", "0.7", "0.5");
  const ProfitBreakdown found = mixed.breakdown();
  EXPECT_EQ(found.by_detector.at("basis").unwinds, money("-5"));
  EXPECT_EQ(found.by_detector.at("basis").fees, money("-0.5"));
  EXPECT_EQ(found.by_detector.at("ladder").unwinds, Money{});
  EXPECT_EQ(found.positions_at_cost, money("91.5"));
  EXPECT_EQ(found.all.total(), found.cash_change + found.positions_at_cost);
  EXPECT_EQ(found.by_detector.at("ladder").total() + found.by_detector.at("basis").total(), found.all.total());
}

// Flattening belongs to no request: what it brings or loses is that of the purchases, oldest first.
TEST(ProfitParts, WhatIsSoldForNoRequestCountsForTheDetectorsThatHadBoughtIt) {
  MixedPosition mixed;
  mixed.owner = 0;
  mixed.fill(0, false, "150", "0.6", "1.5");
  const ProfitBreakdown found = mixed.breakdown();
  EXPECT_FALSE(found.by_detector.contains("none"));
  EXPECT_EQ(found.by_detector.at("ladder").unwinds, money("20"));
  EXPECT_EQ(found.by_detector.at("ladder").fees, money("-2")) << "its own, and 1 of the sale";
  EXPECT_EQ(found.by_detector.at("basis").unwinds, money("-10"));
  EXPECT_EQ(found.by_detector.at("basis").fees, money("-0.5"));
  EXPECT_EQ(found.all.total(), found.cash_change + found.positions_at_cost);
}

// The ladder has sold what it never got; the basis trade's purchase covers that first.
TEST(ProfitParts, WhatIsBoughtAgainIsTheCostOfWhoHadSoldIt) {
  TwoLegs legs;
  legs.fill(0, true, "100", "0.4", "0");
  legs.fill(0, false, "100", "0.5", "0");
  legs.ledger.reversals.push_back({++legs.entry, 1, from_unix_s(5)});
  legs.pay("kalshi", money("40"));
  legs.owner = 10;
  legs.fill(0, true, "100", "0.8", "0");
  const ProfitBreakdown found = legs.breakdown();
  EXPECT_EQ(found.by_detector.at("ladder").unwinds, money("-30"));
  EXPECT_EQ(found.by_detector.at("basis").total(), Money{});
  EXPECT_EQ(found.all.total(), found.cash_change + found.positions_at_cost);
}

TEST(ProfitParts, AMixedPositionPaysEachDetectorItsShare) {
  MixedPosition mixed;
  mixed.settle(0, "200", "200");
  const ProfitBreakdown found = mixed.breakdown();
  EXPECT_EQ(found.by_detector.at("ladder").settlement, money("60"));
  EXPECT_EQ(found.by_detector.at("basis").edge, money("10"));
  EXPECT_EQ(found.by_detector.at("basis").settlement, money("10"));
  EXPECT_EQ(found.all.total(), found.cash_change);
}

void expect_parts_to_sum_up(const std::map<std::string, ProfitParts>& group, const ProfitParts& all) {
  ProfitParts sum;
  for (const auto& [name, parts] : group) {
    sum.edge += parts.edge;
    sum.fees += parts.fees;
    sum.slippage += parts.slippage;
    sum.unwinds += parts.unwinds;
    sum.settlement += parts.settlement;
    sum.adjustments += parts.adjustments;
    sum.open_cost += parts.open_cost;
  }
  EXPECT_EQ(sum.edge, all.edge);
  EXPECT_EQ(sum.total(), all.total());
}

TEST(ProfitParts, SumToTheLastUnitToTheChangeOfCashAndPositionsOnManySessions) {
  std::uint64_t unwound = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const arbees::test::TemporaryFolder folder;
    test::Session session{seed, folder.file("ledger.sqlite"), ""};
    if (seed % 2 == 0) session.events = 9'000 * seed;  // stopped with positions open
    test::trade(session);
    const auto ledger = read_ledger(session.ledger);
    const auto decisions = read_decisions(session.ledger);
    ASSERT_TRUE(ledger && decisions);
    const LedgerAudit audit = audit_ledger(*ledger);
    EXPECT_THAT(audit.problems, testing::IsEmpty());
    const ProfitBreakdown found = profit_breakdown(*ledger, audit, decisions->requests);
    EXPECT_EQ(found.all.total(), found.cash_change + found.positions_at_cost);
    EXPECT_EQ(found.all.total(), profit_of(*ledger, audit).total());
    for (const auto* group : {&found.by_venue, &found.by_asset, &found.by_detector, &found.by_day}) {
      expect_parts_to_sum_up(*group, found.all);
    }
    if (!found.all.unwinds.is_zero()) ++unwound;
  }
  EXPECT_GT(unwound, 0U) << "no session sold anything back: the test shows too little";
}

TEST(ProfitText, HasTheCashFlowsAndTheParts) {
  const LedgerProfit profit{Money::whole(80), Money::whole(-50), Money::whole(-2), Money::whole(10)};
  ProfitBreakdown breakdown;
  breakdown.all.edge = Money::whole(40);
  breakdown.all.fees = Money::whole(-2);
  breakdown.by_venue["kalshi"].edge = Money::whole(40);
  EXPECT_THAT(profit_document(profit, breakdown),
              testing::AllOf(testing::StartsWith(R"({"settlement":"80","trading":"-50","fees":"-2","open_cost":"10",)"
                                                 R"("total":"38",)"),
                             testing::HasSubstr(
                                 R"("parts":{"edge":"40","fees":"-2","slippage":"0","unwinds":"0","adjustments":"0",)"
                                 R"("settlement":"0","open_cost":"0","total":"38"})"),
                             testing::HasSubstr(R"("by_venue":{"kalshi":{"edge":"40")")));
  EXPECT_THAT(profit_text(breakdown), testing::HasSubstr("venue kalshi"));
}

}  // namespace
}  // namespace arbees::app

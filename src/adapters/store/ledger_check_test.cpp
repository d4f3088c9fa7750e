#include "adapters/store/ledger_check.h"

#include <gmock/gmock.h>

#include "adapters/store/ledger_test_reports.h"
#include "adapters/store/sqlite.h"
#include "adapters/store/test_files.h"

namespace arbees {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the short words of these tests
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const OrderRequest kOrder = buy(1, "0.50", "100");

// Audits a ledger of these reports, after `tamper` (SQL) has been done to it.
LedgerAudit audit(const std::vector<ReportBody>& bodies, const std::string& tamper = {},
                  const std::optional<LedgerLimits>& limits = {}) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  {
    auto ledger = Ledger::open(path, Ledger::Durability::Normal);
    EXPECT_TRUE(ledger.has_value()) << ledger.error();
    EXPECT_TRUE((*ledger)->begin_session(kSession, "paper", kStart));
    EXPECT_TRUE((*ledger)->record(named(77, Venue::Kalshi, "K77")));
    if (limits) {
      EXPECT_TRUE((*ledger)->set_limits(*limits));
    }
    ReportMaker make;
    for (const ReportBody& body : bodies) EXPECT_TRUE((*ledger)->record(make(body))) << (*ledger)->error();
  }
  if (!tamper.empty()) {
    auto database = Database::open(path, Database::Access::ReadWrite);
    EXPECT_TRUE(database->execute(tamper.c_str())) << database->error();
  }
  auto contents = read_ledger(path);
  EXPECT_TRUE(contents.has_value()) << contents.error();
  return audit_ledger(*contents);
}

const std::vector<ReportBody> kSound = {cash(Venue::Kalshi, "1000"), OrderSubmitted{kOrder},
                                        fill(kOrder, 9, "0.50", "60", "1"),
                                        end(kOrder, OrderState::PartlyFilled, "60")};

TEST(LedgerAudit, FindsNothingInASoundLedger) {
  const LedgerAudit found = audit(kSound);
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.positions.size(), 1U);
  EXPECT_EQ(found.positions[0].contract.symbol, "K77");
  EXPECT_EQ(found.positions[0].quantity, quantity("60"));
  EXPECT_EQ(found.positions[0].cost, money("31"));
}

TEST(LedgerAudit, ARevertedFillLeavesTheBooksAsIfItHadNeverBeen) {
  const FillReverted reverted{kOrder, 9, price("0.50"), quantity("60"), money("1")};
  const auto found =
      audit({cash(Venue::Kalshi, "1000"), OrderSubmitted{kOrder}, fill(kOrder, 9, "0.50", "60", "1"),
             end(kOrder, OrderState::PartlyFilled, "60"), reverted, reverted, end(kOrder, OrderState::Canceled, "0")});
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_THAT(found.positions, IsEmpty());
  EXPECT_EQ(found.cash.at("kalshi"), money("1000"));
}

TEST(LedgerAudit, ARevertedSaleIsHeldAgainAtItsOldCost) {
  const OrderRequest sale = sell(2, "0.40", "20");
  const FillReverted reverted{sale, 10, price("0.45"), quantity("20"), money("0.5")};
  const auto found = audit(
      {cash(Venue::Kalshi, "1000"), fill(kOrder, 9, "0.50", "60", "1"), fill(sale, 10, "0.45", "20", "0.5"), reverted});
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.positions.size(), 1U);
  EXPECT_EQ(found.positions[0].quantity, quantity("60"));
  EXPECT_EQ(found.positions[0].cost, money("31"));
}

// What it had bought is sold by then, so less than nothing is held until it is bought again; nothing costs nothing.
TEST(LedgerAudit, ARevertedPurchaseThatHadBeenSoldLeavesNoCostBehind) {
  const OrderRequest sale = sell(2, "0.40", "60");
  const FillReverted reverted{kOrder, 9, price("0.50"), quantity("60"), money("1")};
  const std::vector<ReportBody> reports = {cash(Venue::Kalshi, "1000"), fill(kOrder, 9, "0.50", "60", "1"),
                                           fill(sale, 10, "0.45", "60", "0.5"), reverted};
  auto found = audit(reports);
  EXPECT_EQ(found.positions.at(0).quantity, quantity("-60"));
  EXPECT_EQ(found.positions.at(0).cost, Money{});
  EXPECT_EQ(found.problems.size(), 1U);
  EXPECT_EQ(found.shortages, 1U);

  std::vector<ReportBody> bought_again = reports;
  bought_again.push_back(fill(kOrder, 11, "0.50", "80", "0.4"));
  found = audit(bought_again);
  EXPECT_EQ(found.positions.at(0).quantity, quantity("20"));
  EXPECT_EQ(found.positions.at(0).cost, money("10.1"));  // a quarter of 40.40
  EXPECT_THAT(found.problems, IsEmpty());
  Money won;
  for (const LedgerResult& result : found.results) won += result.amount;
  EXPECT_EQ(won, found.cash.at("kalshi") + money("10.1") - money("1000"));
}

TEST(LedgerAudit, ASaleThatIsToldAfterItsPurchaseHasFailedIsNoFaultOnceItFailsToo) {
  const OrderRequest sale = sell(2, "0.40", "60");
  const auto found =
      audit({cash(Venue::Kalshi, "1000"), fill(kOrder, 9, "0.50", "60", "1"),
             FillReverted{kOrder, 9, price("0.50"), quantity("60"), money("1")}, fill(sale, 10, "0.45", "60", "0.5"),
             FillReverted{sale, 10, price("0.45"), quantity("60"), money("0.5")}});
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_THAT(found.positions, IsEmpty());
  EXPECT_EQ(found.cash.at("kalshi"), money("1000"));
}

TEST(LedgerAudit, FindsAnEntryThatDoesNotBalance) {
  const auto found = audit(kSound, "UPDATE postings SET amount_micro = amount_micro + 1 WHERE account = 'fees'");
  EXPECT_THAT(found.problems, ElementsAre(HasSubstr("does not balance: its postings sum to 0.000001")));
}

TEST(LedgerAudit, FindsCashThatNothingExplains) {
  const auto found = audit(kSound, "UPDATE cash_movements SET amount_micro = amount_micro + 1000000");
  EXPECT_THAT(found.problems, ElementsAre(HasSubstr("cash of kalshi is 969 by its postings and 970")));
}

TEST(LedgerAudit, FindsAFillThatIsInTheBooksTwice) {
  const auto found = audit(kSound,
                           "DROP INDEX fills_once; INSERT INTO entries VALUES (50, 5, 9, 9, 'fill'); "
                           "INSERT INTO fills SELECT 50, order_id, venue, venue_fill_id, price_e4, quantity_centi, "
                           "fee_micro, at_ns FROM fills");
  EXPECT_EQ(found.duplicate_fills, 1U);
  EXPECT_THAT(found.problems, Contains(HasSubstr("in the books twice")));
}

TEST(LedgerAudit, FindsALostFill) {
  const auto found = audit({cash(Venue::Kalshi, "1000"), OrderSubmitted{kOrder}, fill(kOrder, 9, "0.50", "60", "1"),
                            end(kOrder, OrderState::PartlyFilled, "70")});
  EXPECT_EQ(found.lost_fills, 1U);
  EXPECT_THAT(found.problems, ElementsAre(HasSubstr("ended with 70 filled, but the books have 60: a fill is lost")));
}

TEST(LedgerAudit, FindsAFillWithoutItsOrder) {
  const auto found = audit(kSound, "PRAGMA foreign_keys = OFF; DELETE FROM orders");
  EXPECT_THAT(found.problems, Contains(HasSubstr("belongs to no order")));
}

TEST(LedgerAudit, FindsFillsBeyondTheOrder) {
  const auto found = audit({OrderSubmitted{kOrder}, fill(kOrder, 9, "0.50", "101", "1")});
  EXPECT_THAT(found.problems, ElementsAre(HasSubstr("for 100 has fills of 101")));
}

TEST(LedgerAudit, FindsAFillWorseThanTheLimit) {
  EXPECT_THAT(audit({fill(kOrder, 9, "0.5001", "1", "0")}).problems,
              ElementsAre(HasSubstr("worse than its limit 0.5")));
  const OrderRequest sale = sell(2, "0.50", "1");
  EXPECT_THAT(audit({fill(kOrder, 9, "0.5", "1", "0"), fill(sale, 10, "0.4999", "1", "0")}).problems,
              ElementsAre(HasSubstr("worse than its limit 0.5")));
}

TEST(LedgerAudit, FindsEndsThatDoNotFitTheFills) {
  const auto problems_of = [](OrderState state, std::string_view filled) {
    return audit({OrderSubmitted{kOrder}, fill(kOrder, 9, "0.5", "60", "0"), end(kOrder, state, filled)}).problems;
  };
  EXPECT_THAT(problems_of(OrderState::PartlyFilled, "60"), IsEmpty());
  EXPECT_THAT(problems_of(OrderState::Filled, "60"), ElementsAre(HasSubstr("is filled with 60 of 100")));
  EXPECT_THAT(problems_of(OrderState::Canceled, "60"), ElementsAre(HasSubstr("is canceled with 60 of 100")));
  EXPECT_THAT(problems_of(OrderState::Rejected, "0"),
              ElementsAre(HasSubstr("ended with 0 filled, but the books have 60")));
}

TEST(LedgerAudit, FindsPositionsThatCannotBe) {
  const OrderRequest sale = sell(2, "0.50", "61");
  EXPECT_THAT(audit({fill(kOrder, 9, "0.5", "60", "0"), fill(sale, 10, "0.5", "61", "0")}).problems,
              ElementsAre(HasSubstr("sells 61 of kalshi K77 yes, of which 60 are held"), HasSubstr("is -1")));
  EXPECT_THAT(audit({fill(kOrder, 9, "0.5", "60", "0"), settle(kOrder, "50", "50")}).problems,
              ElementsAre(HasSubstr("10 contracts of kalshi K77 yes are open although it has settled")));
  EXPECT_THAT(audit({fill(kOrder, 9, "0.5", "60", "0"), settle(kOrder, "60", "60.01")}).problems,
              ElementsAre(HasSubstr("pays 60.01 for 60 contracts")));
}

// Books with 60 of K77 for $31; 20 of them went, and 5 No came.
LedgerAudit adjusted(const std::string& tamper) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  {
    auto ledger = Ledger::open(path, Ledger::Durability::Normal);
    EXPECT_TRUE(ledger.has_value() && (*ledger)->begin_session(kSession, "live", kStart));
    ReportMaker make;
    for (const ReportBody& body : kSound) EXPECT_TRUE((*ledger)->record(make(body)));
    PositionAdjustment change;
    change.contract = named(77, Venue::Kalshi, "K77");
    change.asset = Asset::BTC;
    change.quantity = -quantity("20");
    EXPECT_TRUE((*ledger)->adjust(change, "sold by hand", kStart));
    change.quantity = quantity("5");
    change.cost = money("5");
    change.outcome = Outcome::No;
    EXPECT_TRUE((*ledger)->adjust(change, "bought by hand", kStart));
    EXPECT_TRUE((*ledger)->transfer(Venue::Kalshi, money("7.5"), "what came of both", kStart));
  }
  auto database = Database::open(path, Database::Access::ReadWrite);
  EXPECT_TRUE(tamper.empty() || database->execute(tamper.c_str())) << database->error();
  const auto contents = read_ledger(path);
  EXPECT_TRUE(contents.has_value()) << contents.error();
  EXPECT_EQ(contents->cash_movements.back().reason, "what came of both");
  EXPECT_EQ(database->query_integer("SELECT sum(quantity_centi) FROM positions"), 4500);
  return audit_ledger(*contents);
}

TEST(LedgerAudit, AdjustmentsMoveContractsAndNeverShowAProfit) {
  const LedgerAudit found = adjusted({});
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.positions.size(), 2U);
  EXPECT_EQ(found.positions[0].quantity, quantity("5"));
  EXPECT_EQ(found.positions[0].cost, money("5"));
  EXPECT_EQ(found.positions[1].quantity, quantity("40"));
  EXPECT_EQ(found.positions[1].cost, money("20.666667")) << "in proportion, and rounded against us";
  EXPECT_EQ(found.cash.at("kalshi"), money("976.5")) << "1000, less 31, and the transfer";
  ASSERT_EQ(found.results.size(), 1U);
  EXPECT_EQ(found.results[0].amount, money("-10.333333"));
  EXPECT_EQ(pairs_paid(found, "kalshi"), money("5"));
  EXPECT_EQ(pairs_paid(found, "polymarket"), Money{});
}

TEST(LedgerAudit, FindsAdjustmentsThatCannotBe) {
  EXPECT_THAT(adjusted("UPDATE adjustments SET quantity_centi = quantity_centi - 5500 WHERE outcome = 'yes';"
                       "UPDATE adjustments SET quantity_centi = quantity_centi + 5500 WHERE outcome = 'no'")
                  .problems,
              Contains(HasSubstr("takes away 75 of kalshi K77 yes, of which 60 are held")));
  EXPECT_THAT(adjusted("UPDATE adjustments SET cost_micro = 5000001 WHERE outcome = 'no'").problems,
              ElementsAre(HasSubstr("books 5 contracts of kalshi K77 no at a cost of 5.000001"),
                          HasSubstr("costs 5.000001 and posts 5 to positions")));
}

TEST(LedgerAudit, FindsLimitsExceededAtAnyTime) {
  const LedgerLimits limits{money("40"), money("50"), money("60")};
  OrderRequest second = buy(2, "0.50", "100");
  second.instrument = InstrumentId{78};
  OrderRequest third = second;
  third.id.value += 1;
  third.asset = Asset::ETH;
  third.instrument = InstrumentId{79};
  const auto bought = [](const OrderRequest& order, std::string_view size) {
    return fill(order, order.id.value, "0.50", size, "0.5");
  };
  const auto problems_of = [&](std::vector<ReportBody> bodies) { return audit(bodies, {}, limits).problems; };
  EXPECT_THAT(problems_of({bought(kOrder, "79")}), IsEmpty());
  EXPECT_THAT(problems_of({bought(kOrder, "80")}),
              ElementsAre(HasSubstr("its own cost to 40.5, over the limit of 40")));
  EXPECT_THAT(problems_of({bought(kOrder, "60"), bought(second, "40")}),
              ElementsAre(HasSubstr("the exposure in BTC to 51, over the limit of 50")));
  EXPECT_THAT(problems_of({bought(kOrder, "79"), bought(third, "50")}),
              ElementsAre(HasSubstr("the total exposure to 65.5, over the limit of 60")));
  // What is closed or settled counts no more; what was exceeded before counts all the same.
  const OrderRequest sale = sell(5, "0.1", "79");
  EXPECT_THAT(problems_of({bought(kOrder, "79"), fill(sale, 50, "0.1", "79", "1"), bought(second, "79")}), IsEmpty());
  EXPECT_THAT(problems_of({bought(kOrder, "60"), settle(kOrder, "60", "0"), bought(second, "60")}), IsEmpty());
  EXPECT_EQ(problems_of({bought(kOrder, "60"), bought(second, "40"), settle(kOrder, "60", "0")}).size(), 1U);
}

// Of another request and contract, in BTC as well, for $50 without fees.
OrderRequest other_order() {
  OrderRequest order = buy(2, "0.50", "100");
  order.request.value += 1;
  order.instrument = InstrumentId{78};
  return order;
}

const LedgerLimits kTight{money("60"), money("70"), money("90")};

TEST(LedgerAudit, AFillAfterTheEndOfItsOrderMayTakeExposureOverALimit) {
  const OrderRequest second = other_order();
  const LedgerAudit found =
      audit({OrderSubmitted{kOrder}, end(kOrder, OrderState::Canceled, "0"), OrderSubmitted{second},
             fill(kOrder, 9, "0.50", "80", "0"), end(kOrder, OrderState::PartlyFilled, "80"),
             fill(second, 10, "0.50", "80", "0"), fill(second, 11, "0.50", "20", "0")},
            {}, kTight);
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.excesses.size(), 1U) << "once, however many fills it lasts";
  const LedgerExcess& excess = found.excesses[0];
  EXPECT_EQ(excess.key, "limits.max_asset_exposure");
  EXPECT_EQ(excess.asset, "BTC");
  EXPECT_EQ(excess.amount, money("90"));
  EXPECT_EQ(excess.limit, money("70"));
  EXPECT_EQ(excess.at, kStart + std::chrono::milliseconds(6));
  EXPECT_THAT(excess.cause, HasSubstr("of order 0000000500000001 came after the end of its order had been told"));
}

TEST(LedgerAudit, WhatWasBoughtWhenTheLateFillWasKnownIsAProblem) {
  const OrderRequest second = other_order();
  const LedgerAudit found =
      audit({OrderSubmitted{kOrder}, end(kOrder, OrderState::Canceled, "0"), fill(kOrder, 9, "0.50", "80", "0"),
             end(kOrder, OrderState::PartlyFilled, "80"), OrderSubmitted{second}, fill(second, 10, "0.50", "80", "0")},
            {}, kTight);
  EXPECT_THAT(found.problems,
              ElementsAre(HasSubstr("order 0000000500000002 took the exposure in BTC to 80, over the limit of 70")));
  EXPECT_EQ(found.overbought, 1U);
  EXPECT_TRUE(adds_up(found));
  EXPECT_THAT(found.excesses, IsEmpty());
}

TEST(LedgerAudit, AnExcessGreaterThanWhatCameLateIsAProblem) {
  OrderRequest second = other_order();
  second.quantity = quantity("150");
  const LedgerAudit found =
      audit({OrderSubmitted{kOrder}, end(kOrder, OrderState::Canceled, "0"), OrderSubmitted{second},
             fill(kOrder, 9, "0.50", "20", "0"), end(kOrder, OrderState::PartlyFilled, "20"),
             fill(second, 10, "0.50", "140", "0"), fill(second, 11, "0.50", "1", "0")},
            {}, LedgerLimits{money("90"), money("70"), money("90")});
  EXPECT_THAT(found.problems, ElementsAre(HasSubstr("the exposure in BTC to 80.5, over the limit of 70")));
  EXPECT_EQ(found.excesses.size(), 1U) << "80 of 70, of which 10 came late";
}

// Both told in the same moment, the end first: that the leg was bought again shows it.
TEST(LedgerAudit, AFillInTheMomentOfTheEndIsLateIfItsLegWasBoughtAgainThen) {
  const OrderRequest again = buy(2, "0.50", "100");
  const auto audit_with = [&](const char* asked) {
    OrderRequest second = again;
    second.quantity = quantity(asked);
    const std::string one_moment =
        "UPDATE orders SET submitted_at_ns = 1000000, ended_at_ns = 3000000 WHERE order_id & 255 = 1;"
        "UPDATE orders SET submitted_at_ns = 3000000 WHERE order_id & 255 = 2;"
        "UPDATE fills SET at_ns = 3000000 WHERE order_id & 255 = 1";
    return audit(
        {OrderSubmitted{kOrder}, fill(kOrder, 9, "0.50", "80", "0"), end(kOrder, OrderState::PartlyFilled, "80"),
         OrderSubmitted{second}, fill(second, 10, "0.50", "20", "0"), fill(second, 11, "0.50", "60", "0")},
        one_moment, kTight);
  };
  EXPECT_THAT(audit_with("100").problems, IsEmpty());
  EXPECT_EQ(audit_with("100").excesses.size(), 1U);
  EXPECT_THAT(audit_with("20").problems, Contains(HasSubstr("over the limit of 70")));
}

TEST(LedgerAudit, ASaleThatDidNotSettleMayTakeExposureOverALimit) {
  const OrderRequest sale = sell(5, "0.40", "80");
  const OrderRequest second = other_order();
  const std::vector<ReportBody> before = {
      OrderSubmitted{kOrder}, fill(kOrder, 9, "0.50", "80", "0"), end(kOrder, OrderState::PartlyFilled, "80"),
      OrderSubmitted{sale},   fill(sale, 10, "0.40", "80", "0"),  end(sale, OrderState::Filled, "80"),
      OrderSubmitted{second}, fill(second, 11, "0.50", "80", "0")};
  EXPECT_THAT(audit(before, {}, kTight).excesses, IsEmpty());
  std::vector<ReportBody> after = before;
  after.emplace_back(FillReverted{sale, 10, price("0.40"), quantity("80"), money("0")});
  after.emplace_back(end(sale, OrderState::Canceled, "0"));
  after.emplace_back(fill(second, 12, "0.50", "20", "0"));
  const LedgerAudit found = audit(after, {}, kTight);
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.excesses.size(), 1U);
  EXPECT_EQ(found.excesses[0].amount, money("90"));
  EXPECT_THAT(found.excesses[0].cause, HasSubstr("a sale, did not settle"));
}

TEST(LedgerAudit, ASaleToldAfterItsContractHasSettledTakesThePayoutBack) {
  const OrderRequest sale = sell(5, "0.40", "60");
  const auto books = [&](const char* taken_back) {
    return audit({cash(Venue::Kalshi, "1000"), OrderSubmitted{kOrder}, fill(kOrder, 9, "0.50", "60", "0"),
                  end(kOrder, OrderState::PartlyFilled, "60"), OrderSubmitted{sale},
                  end(sale, OrderState::Canceled, "0"), settle(kOrder, "60", "60"), fill(sale, 10, "0.40", "60", "0"),
                  end(sale, OrderState::Filled, "60"), settle(kOrder, "-60", taken_back)});
  };
  const LedgerAudit found = books("-60");
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_THAT(found.positions, IsEmpty());
  EXPECT_EQ(found.cash.at("kalshi"), money("994"));
  EXPECT_THAT(books("1").problems, ElementsAre(HasSubstr("pays 1 for -60 contracts")));
  EXPECT_THAT(books("-61").problems, ElementsAre(HasSubstr("pays -61 for -60 contracts")));
}

}  // namespace
}  // namespace arbees

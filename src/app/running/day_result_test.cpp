#include "app/running/day_result.h"

#include <gtest/gtest.h>

#include "core/risk/limits.h"

namespace arbees::app {
namespace {

const Timestamp kToday = from_unix_s(1'780'000'000);
const Timestamp kYesterday = kToday - std::chrono::hours(24);

Price price(std::string_view text) { return Price::parse(text).value(); }
Money money(std::string_view text) { return Money::parse(text).value(); }

class DayResultTest : public testing::Test {
 protected:
  void order(std::uint64_t id, std::uint64_t request, std::uint64_t instrument, bool is_buy) {
    LedgerOrder order;
    order.order_id = id;
    order.request = request;
    order.contract.instrument = instrument;
    order.contract.outcome = "yes";
    order.is_buy = is_buy;
    ledger_.orders.push_back(order);
  }
  void fill(std::uint64_t order_id, std::string_view at_price, std::int64_t contracts, Timestamp at = kToday) {
    LedgerFill fill;
    fill.entry = ++entry_;
    fill.order_id = order_id;
    fill.price = price(at_price);
    fill.quantity = Quantity::whole(contracts);
    fill.fee = money("0.10");
    fill.at = at;
    ledger_.fills.push_back(fill);
  }
  void settle(std::uint64_t instrument, std::string_view payout, std::string_view cost, Timestamp at = kToday) {
    LedgerSettlement settlement;
    settlement.entry = ++entry_;
    settlement.contract.instrument = instrument;
    settlement.contract.outcome = "yes";
    settlement.quantity = Quantity::whole(10);
    settlement.payout = money(payout);
    settlement.cost = money(cost);
    settlement.at = at;
    ledger_.settlements.push_back(settlement);
  }
  [[nodiscard]] DayResult result() const { return day_result(ledger_, audit_ledger(ledger_), kToday); }

  LedgerContents ledger_;
  std::int64_t entry_ = 0;
};

TEST_F(DayResultTest, CountsSalesAndSettlementsOfToday) {
  order(1, 5, 11, true);
  order(2, 5, 11, false);
  fill(1, "0.40", 10, kYesterday);  // 4.10
  fill(2, "0.30", 5);               // 1.40 for half of it: −0.65
  settle(12, "0", "7");             // −7
  settle(13, "10", "4", kYesterday);
  EXPECT_EQ(result().realised, money("-7.65"));
  EXPECT_EQ(result().awaited, Money{});
}

TEST_F(DayResultTest, ASaleOfYesterdayTakesItsCostWithIt) {
  order(1, 5, 11, true);
  order(2, 5, 11, false);
  fill(1, "0.40", 10, kYesterday);
  fill(2, "0.30", 10, kYesterday);
  fill(1, "0.50", 10);
  fill(2, "0.60", 10);
  EXPECT_EQ(result().realised, money("0.80"));
}

TEST_F(DayResultTest, AFillThatFailedIsAsIfItHadNeverBeen) {
  order(1, 5, 11, true);
  order(2, 5, 11, false);
  fill(1, "0.40", 10);
  fill(2, "0.10", 10);
  ledger_.reversals.push_back({++entry_, 2, kToday});
  EXPECT_EQ(result().realised, Money{});
}

TEST_F(DayResultTest, ASaleThatFailsIsGivenBackOnTheDayItFails) {
  order(1, 5, 11, true);
  order(2, 5, 11, false);
  fill(1, "0.40", 10, kYesterday);
  fill(2, "0.10", 10, kYesterday);
  ledger_.reversals.push_back({++entry_, 2, kToday});
  EXPECT_EQ(result().realised, money("3.20"));
}

// Sold for 5.90, bought for nothing, and to be bought again for 6.10: 0.20 lost.
TEST_F(DayResultTest, APurchaseThatFailsAfterItsSaleIsBoughtAgain) {
  order(1, 5, 11, true);
  order(2, 5, 11, false);
  fill(1, "0.40", 10);
  fill(2, "0.60", 10);
  ledger_.reversals.push_back({++entry_, 1, kToday});
  fill(1, "0.60", 10);
  EXPECT_EQ(result().realised, money("-0.20"));
}

// A hedge lost on one venue and not yet paid on the other is no loss of the day.
TEST_F(DayResultTest, WhatIsSettledOfAnOpenRequestWaits) {
  order(1, 5, 11, true);
  order(2, 5, 12, true);
  fill(1, "0.40", 10);
  fill(2, "0.55", 10);
  settle(11, "0", "4.10");
  EXPECT_EQ(result().realised, Money{});
  EXPECT_EQ(result().awaited, money("-4.10"));
  const auto events = day_opening(result());
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(std::get<LimitSet>(events[0]).row, kAwaitedResultRow);
  EXPECT_EQ(std::get<LimitSet>(events[0]).value, money("-4.10").units());
}

}  // namespace
}  // namespace arbees::app

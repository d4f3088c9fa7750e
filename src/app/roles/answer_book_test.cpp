// What a request is answered, from what its orders did.

#include "app/roles/answer_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class AnswerBookTest : public testing::Test {
 protected:
  void SetUp() override {
    bus::ExecutionResult blank;
    blank.request_id = "r";
    blank.legs.resize(1);
    answers_.begin(RequestId{7}, "r", blank, {Quantity::whole(10)});
  }

  void fill(Side side, std::int64_t cents, std::int64_t fee_units) {
    OrderFilled filled;
    filled.order.request = RequestId{7};
    filled.order.side = side;
    filled.price = Price::from_units(cents * 100);
    filled.quantity = Quantity::whole(10);
    filled.fee = Money::from_units(fee_units);
    report(filled);
  }
  void end() {
    RequestEnded ended;
    ended.request = RequestId{7};
    report(ended);
    answers_.settle();
  }
  void report(const ReportBody& body) {
    Report report;
    report.at = from_unix_ms(1'769'710'079'123);
    report.body = body;
    answers_.on(report);
  }

  std::vector<bus::ExecutionResult> given_;
  AnswerBook answers_{[this](const std::string&, const bus::ExecutionResult& result) { given_.push_back(result); }};
};

TEST_F(AnswerBookTest, WhatWasBoughtIsHeld) {
  fill(Side::Buy, 40, 70'000);
  end();
  ASSERT_THAT(given_, SizeIs(1));
  EXPECT_EQ(given_[0].status, bus::ResultStatus::Filled);
  EXPECT_EQ(given_[0].legs[0].filled, Quantity::whole(10));
  EXPECT_EQ(given_[0].rejection_reason, "");
}

// Nothing is held, and that is what the status says; what it has cost must not be hidden by it.
TEST_F(AnswerBookTest, WhatWasBoughtAndSoldAgainIsCancelledAndSaysWhatItCost) {
  fill(Side::Buy, 40, 70'000);
  fill(Side::Sell, 38, 50'000);
  end();
  ASSERT_THAT(given_, SizeIs(1));
  EXPECT_EQ(given_[0].status, bus::ResultStatus::Cancelled);
  EXPECT_TRUE(given_[0].legs[0].filled.is_zero());
  EXPECT_EQ(given_[0].rejection_reason, "unwound: bought and sold again, cost $0.32");
}

TEST_F(AnswerBookTest, WhatWasNeverBoughtIsCancelledWithoutACost) {
  end();
  ASSERT_THAT(given_, SizeIs(1));
  EXPECT_EQ(given_[0].status, bus::ResultStatus::Cancelled);
  EXPECT_THAT(given_[0].rejection_reason, testing::Not(HasSubstr("cost")));
}

// A crash after the sale and before the answer: what the ledger has is told, and nothing is held.
TEST(InterruptedResult, WhatWasSoldAgainIsNotHeld) {
  LedgerContents ledger;
  const auto record = [&](std::uint64_t id, bool is_buy, const char* price) {
    LedgerOrder order;
    order.order_id = id;
    order.request = 7;
    order.is_buy = is_buy;
    order.contract.symbol = "KX";
    ledger.orders.push_back(order);
    LedgerFill fill;
    fill.order_id = id;
    fill.price = *Price::parse(price);
    fill.quantity = Quantity::whole(10);
    ledger.fills.push_back(fill);
  };
  LoggedRequest logged;
  logged.request = 7;
  record(1, true, "0.40");
  EXPECT_EQ(interrupted_result(logged, ledger, kNoTime).status, bus::ResultStatus::Partial);
  record(2, false, "0.38");
  const bus::ExecutionResult result = interrupted_result(logged, ledger, kNoTime);
  ASSERT_THAT(result.legs, SizeIs(1));
  EXPECT_TRUE(result.legs[0].filled.is_zero());
  EXPECT_EQ(result.status, bus::ResultStatus::Failed);
}

}  // namespace
}  // namespace arbees::app

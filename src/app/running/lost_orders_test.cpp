#include "app/running/lost_orders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_decisions.h"
#include "adapters/store/ledger_test_reports.h"
#include "adapters/store/sqlite.h"
#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

OrderRequest order_of(std::uint64_t request, std::uint64_t counter, std::uint8_t leg) {
  OrderRequest order = test::buy(counter, "0.5", "10");
  order.request = RequestId{request};
  order.instrument = InstrumentId{70U + leg};
  order.leg = leg;
  return order;
}

// A session that ended in the middle of what it did.
class LostOrdersTest : public testing::Test {
 protected:
  LostOrdersTest() {
    ledger_ = open();
    EXPECT_TRUE(ledger_->begin_session(1, "paper", test::kStart));
    say(test::cash(Venue::Kalshi, "10000"));
  }

  std::unique_ptr<Ledger> open() const {
    auto ledger = Ledger::open(path_, Ledger::Durability::Normal);
    EXPECT_TRUE(ledger) << (ledger ? "" : ledger.error());
    return std::move(*ledger);
  }

  void say(const ReportBody& body) { EXPECT_TRUE(ledger_->record(make_(body))) << ledger_->error(); }

  // Of two legs with ten contracts each at up to 0.5; both orders are sent.
  void request(std::uint64_t id) {
    ExecutionRequest request;
    request.id = RequestId{id};
    request.opportunity_id = 90 + id;
    request.detector = Detector::Ladder;
    for (std::uint8_t leg = 0; leg < 2; ++leg) {
      Leg wanted;
      wanted.instrument = InstrumentId{70U + leg};
      wanted.venue = Venue::Kalshi;
      wanted.asset = Asset::BTC;
      wanted.price = test::price("0.5");
      wanted.quantity = test::quantity("10");
      wanted.cost = test::money("5");
      request.legs.push_back(wanted);
    }
    EXPECT_TRUE(ledger_->record(request)) << ledger_->error();
    for (std::uint8_t leg = 0; leg < 2; ++leg) say(OrderSubmitted{order_of(id, 10 * id + leg, leg)});
  }

  // The next start, as sessions make it.
  void start_again() {
    ledger_.reset();
    ledger_ = open();
    const auto before = read_ledger(path_);
    ASSERT_TRUE(before) << before.error();
    ASSERT_TRUE(ledger_->begin_session(ledger_->next_session(), "paper", test::kStart + std::chrono::hours(1)));
    ASSERT_EQ(end_lost_orders(*ledger_, path_, *before, test::kStart + std::chrono::hours(1)), "");
  }

  [[nodiscard]] LedgerContents contents() const {
    auto contents = read_ledger(path_);
    EXPECT_TRUE(contents) << (contents ? "" : contents.error());
    return std::move(*contents);
  }

  // "1 kept matched 0 kept 1000", in hundredths of a contract, request by request.
  [[nodiscard]] std::vector<std::string> request_ends() const {
    auto file = Database::open(path_, Database::Access::ReadOnly);
    EXPECT_TRUE(file);
    auto rows = file->prepare(
        "SELECT request || ' ' || outcome || ' matched ' || matched_centi || ' kept ' || kept_centi FROM request_ends "
        "ORDER BY request");
    EXPECT_TRUE(rows);
    std::vector<std::string> ends;
    while (rows->step() == Statement::Step::Row) ends.emplace_back(rows->text(0));
    return ends;
  }

  const arbees::test::TemporaryFolder folder_;
  const std::string path_ = folder_.file("ledger.sqlite");
  test::ReportMaker make_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LostOrdersTest, OrdersEndWithWhatWasFilledAndRequestsWithWhatIsHeld) {
  request(1);  // one leg filled, of the other nothing is known
  say(test::fill(order_of(1, 10, 0), 501, "0.48", "10", "0.07"));
  request(2);  // nothing was heard
  request(3);  // both in part
  say(test::fill(order_of(3, 30, 0), 503, "0.5", "4", "0.03"));
  say(test::fill(order_of(3, 31, 1), 504, "0.5", "4", "0.03"));
  start_again();
  const LedgerContents ledger = contents();
  std::vector<std::string> ends;
  for (const LedgerOrder& order : ledger.orders) {
    ASSERT_TRUE(order.ended_filled) << "no order is left open";
    ends.push_back(order.state + " " + order.reason);
  }
  EXPECT_THAT(ends, ElementsAre("filled none", "canceled venue_error", "canceled venue_error", "canceled venue_error",
                                "partly_filled venue_error", "partly_filled venue_error"));
  EXPECT_THAT(request_ends(),
              ElementsAre("1 kept matched 0 kept 1000", "2 failed matched 0 kept 0", "3 partial matched 400 kept 0"));
  EXPECT_THAT(audit_ledger(ledger).problems, IsEmpty());
  EXPECT_EQ(ledger.fills.size(), 3U);
}

TEST_F(LostOrdersTest, ASaleOfWhatWasHeldAndAFillThatFailedDoNotCountAsHeld) {
  request(1);
  say(test::fill(order_of(1, 10, 0), 501, "0.5", "10", "0"));
  OrderRequest sale = order_of(1, 12, 0);
  sale.side = Side::Sell;
  sale.limit = test::price("0.4");
  say(OrderSubmitted{sale});
  say(test::fill(sale, 502, "0.4", "10", "0"));
  request(2);
  say(test::fill(order_of(2, 20, 0), 503, "0.5", "10", "0"));
  say(FillReverted{order_of(2, 20, 0), 503, test::price("0.5"), test::quantity("10"), Money{}});
  start_again();
  EXPECT_THAT(request_ends(), ElementsAre("1 unwound matched 0 kept 0", "2 failed matched 0 kept 0"));
  EXPECT_THAT(audit_ledger(contents()).problems, IsEmpty());
}

TEST_F(LostOrdersTest, WhatHasEndedStaysAsItIs) {
  request(1);
  say(test::end(order_of(1, 10, 0), OrderState::Rejected, "0"));
  say(test::end(order_of(1, 11, 1), OrderState::Rejected, "0"));
  RequestEnded ended;
  ended.request = RequestId{1};
  ended.outcome = RequestOutcome::Failed;
  ended.matched = test::quantity("0.01");  // told apart from a second end
  say(ended);
  start_again();
  EXPECT_THAT(request_ends(), ElementsAre("1 failed matched 1 kept 0"));
  for (const LedgerOrder& order : contents().orders) EXPECT_EQ(order.state, "rejected");
  const auto open = read_open_requests(path_);
  ASSERT_TRUE(open) << open.error();
  EXPECT_THAT(*open, IsEmpty());
}

// What comes next in the session is recorded behind it, and a second start finds nothing to end.
TEST_F(LostOrdersTest, TheSessionGoesOnBehindIt) {
  request(1);
  start_again();
  make_ = {};
  say(test::cash(Venue::Polymarket, "10000"));
  EXPECT_EQ(ledger_->ignored_reports(), 0U);
  start_again();
  EXPECT_THAT(request_ends(), ElementsAre("1 failed matched 0 kept 0"));
  EXPECT_EQ(audit_ledger(contents()).cash["polymarket"], test::money("10000"));
}

}  // namespace
}  // namespace arbees::app

// An executor without its sockets: market events and offers in, verdicts, orders and status out.

#include "app/roles/executor_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <filesystem>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_decisions.h"
#include "adapters/store/test_files.h"
#include "app/data_folder.h"
#include "app/reporting/test_ladder_market.h"
#include "app/running/metrics_text.h"
#include "app/running/process_log.h"

namespace arbees::app {
namespace {

using testing::HasSubstr;

class ExecutorSessionTest : public testing::Test {
 protected:
  ExecutorSessionTest() {
    config_.limits.min_return_per_day = 1;
    auto session = ExecutorSession::open(folder_.file(""), config_, [](const Report&) {}, test::kStart);
    EXPECT_TRUE(session) << (session ? "" : session.error());
    session_ = std::move(*session);
    test::LadderMarket market;
    market.quote(1, test::kLower, "0.38", "0.40");
    market.quote(2, test::kUpper, "0.45", "0.47");
    Event event;
    while (market.poll(event)) session_->on_event(event);
    session_->drain(now_);
  }

  Offer offer(Detector detector, std::int64_t contracts = 10) {
    Offer offer;
    offer.request = session_->next_request_id();
    offer.opportunity_id = offer.request.value;
    offer.deadline = now_ + std::chrono::seconds(2);
    offer.detector = detector;
    Leg leg;
    leg.instrument = test::kLower;
    leg.venue = Venue::Kalshi;
    leg.asset = Asset::BTC;
    leg.price = Price::from_units(4'000);
    leg.quantity = Quantity::whole(contracts);
    leg.cost = leg.price * leg.quantity;
    offer.legs.push_back(leg);
    return offer;
  }

  arbees::test::TemporaryFolder folder_;
  Config config_ = default_config();
  Timestamp now_ = test::kStart + std::chrono::milliseconds(10);
  std::unique_ptr<ExecutorSession> session_;
};

// Edge is the sender's business, whatever its detector: the executor has neither the model nor the other legs' worth.
TEST_F(ExecutorSessionTest, NoDetectorIsRefusedForItsEdge) {
  for (const Detector detector : {Detector::SameMarket, Detector::Ladder, Detector::CrossVenue, Detector::ModelEdge,
                                  Detector::Basis, Detector::Completion}) {
    EXPECT_EQ(session_->execute(offer(detector), now_), Verdict::Accepted) << detector_name(detector);
  }
}

TEST_F(ExecutorSessionTest, NewLimitsCountFromTheNextOffer) {
  RiskLimits limits = config_.limits;
  limits.max_position = Money::whole(3);
  session_->take_limits(limits, now_);
  EXPECT_EQ(session_->execute(offer(Detector::Ladder), now_), Verdict::PositionLimit);
  limits.max_position = Money::whole(5);
  session_->take_limits(limits, now_);
  EXPECT_EQ(session_->execute(offer(Detector::Ladder), now_), Verdict::Accepted);
}

// Each of several shards may stay within it.
TEST_F(ExecutorSessionTest, BasisTradesOfAllShardsTogetherHaveALimit) {
  RiskLimits limits = config_.limits;
  limits.max_basis_exposure = Money::whole(8);
  session_->take_limits(limits, now_);
  EXPECT_EQ(session_->execute(offer(Detector::Basis), now_), Verdict::Accepted);
  EXPECT_EQ(session_->execute(offer(Detector::Basis), now_), Verdict::Accepted);
  EXPECT_EQ(session_->execute(offer(Detector::Basis, 1), now_), Verdict::BasisLimit);
  EXPECT_EQ(session_->execute(offer(Detector::Ladder, 1), now_), Verdict::Accepted);
}

// A day's loss that reaches its limit, as the ledger of an earlier session may tell it.
TEST_F(ExecutorSessionTest, WhatItHaltsForByItselfIsLatchedAndInTheLogWithItsText) {
  LimitSet lost;
  lost.row = kDayResultRow;
  lost.value = (-config_.limits.max_daily_loss).units();
  Event event;
  event.received_at = now_;
  event.body = lost;
  testing::internal::CaptureStderr();
  {
    const ProcessLog log({"info", "text"}, "execution-service", folder_.file("log"));
    session_->on_event(event);
    session_->drain(now_);
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, HasSubstr("trading is halted reason=limit_breached halt="));
  EXPECT_THAT(text, HasSubstr("the UTC day has lost limits.max_daily_loss, 500 (it stands at -500)"));
  session_->obey(now_);
  EXPECT_TRUE(session_->is_halted());
  EXPECT_THAT(HaltLatch(folder_.file("")).reason(), HasSubstr("the engine halted: limit_breached"));
  ASSERT_TRUE(HaltLatch(folder_.file("")).resume("looked at it", now_));
  session_->obey(now_);
  EXPECT_FALSE(session_->is_halted()) << "by a person, and not halted again for the same";
}

TEST_F(ExecutorSessionTest, ALostLatchIsNoResumeNeitherNowNorAtTheNextStart) {
  const std::string halt = folder_.file("") + "/halt";
  const auto judge = [&] { return session_->execute(offer(Detector::Ladder), now_); };
  ASSERT_TRUE(HaltLatch(folder_.file("")).halt("drill", now_));
  EXPECT_EQ(judge(), Verdict::Halted);
  std::filesystem::remove(halt);
  EXPECT_EQ(judge(), Verdict::Halted);
  EXPECT_THAT(HaltLatch(folder_.file("")).reason(), HasSubstr("drill; then "));
  std::filesystem::remove(halt);
  session_.reset();
  session_ = *ExecutorSession::open(folder_.file(""), config_, [](const Report&) {}, now_);
  EXPECT_TRUE(session_->is_halted());
  EXPECT_EQ(judge(), Verdict::Halted);
  EXPECT_TRUE(std::filesystem::exists(halt));
  ASSERT_TRUE(HaltLatch(folder_.file("")).resume("looked at it", now_));
  EXPECT_NE(judge(), Verdict::Halted);
  EXPECT_FALSE(session_->is_halted());
}

TEST_F(ExecutorSessionTest, AFolderThatIsGoneHalts) {
  const std::string folder = folder_.file("data");
  std::filesystem::create_directories(folder);
  session_.reset();
  session_ = *ExecutorSession::open(folder, config_, [](const Report&) {}, now_);
  EXPECT_FALSE(session_->is_halted());
  std::filesystem::rename(folder, folder_.file("elsewhere"));
  EXPECT_EQ(session_->execute(offer(Detector::Ladder), now_), Verdict::Halted);
  std::filesystem::rename(folder_.file("elsewhere"), folder);
  EXPECT_EQ(session_->execute(offer(Detector::Ladder), now_), Verdict::Halted);
  ASSERT_EQ(HaltLatch(folder).resume("moved back", now_), true);
  session_->obey(now_);
  EXPECT_FALSE(session_->is_halted());
}

// Killed between the order and its simulated answer.
TEST_F(ExecutorSessionTest, WhatADeadProcessLeftOpenIsEndedBeforeTheFirstOffer) {
  ASSERT_EQ(session_->execute(offer(Detector::Ladder), now_), Verdict::Accepted);
  session_.reset();
  auto ledger = read_ledger(ledger_path(folder_.file("")));
  ASSERT_TRUE(ledger) << ledger.error();
  ASSERT_EQ(ledger->orders.size(), 1U);
  ASSERT_FALSE(ledger->orders[0].ended_filled);
  const auto next = ExecutorSession::open(folder_.file(""), config_, [](const Report&) {}, now_);
  ASSERT_TRUE(next) << next.error();
  ledger = read_ledger(ledger_path(folder_.file("")));
  ASSERT_TRUE(ledger) << ledger.error();
  EXPECT_EQ(ledger->orders[0].state, "canceled");
  const auto open = read_open_requests(ledger_path(folder_.file("")));
  ASSERT_TRUE(open) << open.error();
  EXPECT_THAT(*open, testing::IsEmpty());
  EXPECT_THAT(audit_ledger(*ledger).problems, testing::IsEmpty());
}

// It forgets what is settled only when the log has named it.
TEST_F(ExecutorSessionTest, TheLogNamesWhatIsSettled) {
  session_->set_title_of([](Venue venue, const std::string& symbol) {
    return venue == Venue::Kalshi && symbol == "LOWER" ? std::string("Bitcoin above 64,000") : std::string();
  });
  EXPECT_EQ(session_->execute(offer(Detector::Ladder), now_), Verdict::Accepted);
  now_ += std::chrono::seconds(3);
  session_->tick(now_);
  Event settled;
  settled.received_at = now_;
  ContractSettled body;
  body.id = test::kLower;
  body.payout = Price::from_units(10'000);
  settled.body = body;
  testing::internal::CaptureStderr();
  {
    const ProcessLog log({"info", "text"}, "execution-service", folder_.file("log"));
    session_->on_event(settled);
    session_->drain(now_);
  }
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("settled symbol=LOWER title=\"Bitcoin above 64,000\" quantity=10 payout=10 cost=4\n"));
  EXPECT_FALSE(session_->instruments().contains(test::kLower.value));
}

TEST_F(ExecutorSessionTest, ItsStatusHasTheNamesOfAWholeSystem) {
  EXPECT_EQ(session_->execute(offer(Detector::Ladder), now_), Verdict::Accepted);
  session_->add_latency(std::chrono::microseconds(40));
  now_ += std::chrono::seconds(3);
  session_->tick(now_);
  JsonWriter json;
  json.begin_object();
  session_->write_status(json, now_);
  const std::string text = json.end_object().take();
  const std::string metrics = metrics_text(text);
  for (const char* line : {"arbees_decisions_total 1\n", "arbees_orders_ended_total{state=\"filled\"} 1\n",
                           "arbees_requests_ended_total{outcome=\"complete\"} 1\n", "arbees_fees_dollars 0\n",
                           "arbees_cash_dollars{venue=\"kalshi\"} 9996\n", "arbees_total_exposure_dollars 4\n",
                           "arbees_day_result_dollars 0\n", "arbees_max_daily_loss_dollars 500\n",
                           "arbees_stage_seconds_count{stage=\"order_to_fill\"} 1\n",
                           "arbees_stage_seconds_count{stage=\"event_to_request\"} 1\n",
                           "arbees_prices_processed_total{kind=\"book_update\"} 6\n"}) {
    EXPECT_THAT(metrics, HasSubstr(line)) << text;
  }
  EXPECT_THAT(metrics, testing::Not(HasSubstr("arbees_opportunities_total"))) << "those are the shards'";
}

}  // namespace
}  // namespace arbees::app

#include "app/running/process_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "app/running/session_log.h"

namespace arbees::app {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class ProcessLogTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "process_log_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
  }

  std::string folder_;
};

TEST_F(ProcessLogTest, TheFileOfTheFolderChangesTheLevel) {
  EXPECT_EQ(chosen_log_level(folder_), std::nullopt);
  testing::internal::CaptureStderr();
  {
    ProcessLog process({"warning", "text"}, "run", folder_);
    EXPECT_EQ(log_level(), LogLevel::Warning);
    ASSERT_TRUE(choose_log_level(folder_, LogLevel::Debug));
    process.look({});
    EXPECT_EQ(log_level(), LogLevel::Debug);
    ASSERT_TRUE(choose_log_level(folder_, std::nullopt));
    process.look({});
    EXPECT_EQ(log_level(), LogLevel::Warning);
    std::ofstream(folder_ + "/log-level") << "loud\n";
    process.look({});
    EXPECT_EQ(log_level(), LogLevel::Warning) << "what is no level changes nothing";
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text,
              HasSubstr("info    run the level of the log changes from=warning to=debug by=\"arbees log-level\"\n"));
  EXPECT_THAT(text,
              HasSubstr("info    run the level of the log changes from=debug to=warning by=\"the configuration\"\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
  EXPECT_FALSE(choose_log_level("/proc/nowhere", LogLevel::Debug));
}

TEST_F(ProcessLogTest, AChangeBetweenStrictLevelsIsToldToo) {
  testing::internal::CaptureStderr();
  {
    ProcessLog process({"warning", "text"}, "run", folder_);
    ASSERT_TRUE(choose_log_level(folder_, LogLevel::Error));
    process.look({});
  }
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("warning run the level of the log changes from=warning"));
}

TEST_F(ProcessLogTest, FeedsAreToldOfWhenTheyChange) {
  testing::internal::CaptureStderr();
  {
    ProcessLog process({"info", "text"}, "run", folder_);
    FeedHealth kalshi;
    kalshi.venue = Venue::Kalshi;
    process.look({kalshi});
    kalshi.state = FeedState::Live;
    process.look({kalshi});
    process.look({kalshi});
    kalshi.state = FeedState::Stale;
    kalshi.last_trouble = "silent for 3 s";
    process.look({kalshi});
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, HasSubstr("info    run feed is live venue=kalshi\n"));
  EXPECT_THAT(text, HasSubstr("warning run feed is stale venue=kalshi reason=\"silent for 3 s\"\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

// A leg without a fill is told of at the level of one with fills, and a settlement with what people call the market.
TEST_F(ProcessLogTest, ALegThatMissedAndASettlementAreToldOf) {
  testing::internal::CaptureStderr();
  {
    const ProcessLog process({"info", "text"}, "run", folder_);
    const NameOf name_of = [](Venue venue, InstrumentId) {
      return ContractName{"71", venue == Venue::Polymarket ? "Bitcoin Up or Down: Up" : ""};
    };
    OrderEnded missed;
    missed.order.id = {9};
    missed.order.quantity = Quantity::whole(5);
    missed.state = OrderState::Canceled;
    missed.reason = RejectReason::NoLiquidity;
    log_report({kNoTime, 1, missed}, name_of);
    missed.state = OrderState::PartlyFilled;
    missed.filled = Quantity::whole(1);
    log_report({kNoTime, 2, missed}, name_of);
    PositionSettled settled;
    settled.venue = Venue::Polymarket;
    settled.quantity = Quantity::whole(5);
    settled.payout = Money::whole(5);
    settled.cost = Money::whole(2);
    log_report({kNoTime, 3, settled}, name_of);
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(
      text,
      AllOf(HasSubstr("info    run not filled order=0000000000000009 quantity=5 state=canceled reason=no_liquidity\n"),
            HasSubstr("info    run settled symbol=71 title=\"Bitcoin Up or Down: Up\" quantity=5 payout=5 cost=2\n")));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << "what was partly filled has its line already: " << text;
}

TEST_F(ProcessLogTest, ASessionSpeaksItsVocabulary) {
  testing::internal::CaptureStderr();
  {
    const ProcessLog process({"info", "text"}, "run", folder_);
    const NameOf name_of = [](Venue, InstrumentId) { return ContractName{"KXBTCD-1", {}}; };
    OpportunityJudged judged;
    judged.opportunity_id = 0xab;
    judged.request = {7};
    judged.leg_count = 2;
    log_report({kNoTime, 1, judged}, name_of);
    judged.verdict = Verdict::EdgeTooSmall;
    log_report({kNoTime, 2, judged}, name_of);
    OrderRequest order;
    order.request = {7};
    order.venue = Venue::Kalshi;
    log_report({kNoTime, 3, OrderSubmitted{order}}, name_of);
    log_report({kNoTime, 4, TradingStateChanged{TradingState::Halted}}, name_of, "drill at noon");
    log_report({kNoTime, 5, TradingStateChanged{TradingState::Reducing}}, name_of, "drill at noon");
  }
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(
      text,
      AllOf(HasSubstr("info    run arbitrage signal opportunity=00000000000000ab detector=same_market"),
            HasSubstr("info    run ExecutionRequest request=0000000000000007 opportunity=00000000000000ab legs=2"),
            HasSubstr(
                "info    run Executing request=0000000000000007 order=0000000000000000 venue=kalshi symbol=KXBTCD-1"),
            ContainsRegex("warning run trading is halted reason=[a-z]+ halt=\"drill at noon\"\n"),
            ContainsRegex("warning run trading only reduces reason=[a-z]+\n"), Not(HasSubstr("edge_too_small"))));
}

}  // namespace
}  // namespace arbees::app

#include "core/engine/opportunity_lives.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

using std::chrono::milliseconds;
constexpr Timestamp kStart = from_unix_s(1'000'000);
constexpr std::uint64_t kKey = 7;

class Lives : public testing::Test {
 protected:
  OpportunityLives::Life* see(Duration after, std::uint64_t key = kKey) {
    return lives_.see(key, 70, at(after), outputs_);
  }
  void lose(Duration after, std::uint64_t key = kKey) { lives_.lose(key, kStart + after); }
  std::size_t ends_by(Duration after) {
    outputs_.clear();
    lives_.end_due(at(after), outputs_);
    return outputs_.reports.size();
  }
  const OpportunityEnded& last_end() { return std::get<OpportunityEnded>(outputs_.reports.back().body); }
  static Event at(Duration after) {
    Event event;
    event.received_at = kStart + after;
    return event;
  }

  OpportunityLives lives_{100};
  Outputs outputs_;
};

TEST_F(Lives, AShortInterruptionDoesNotEndOne) {
  const std::uint64_t id = see(milliseconds(0))->id;
  lose(milliseconds(100));
  EXPECT_EQ(ends_by(milliseconds(1100)), 0u);
  EXPECT_EQ(see(milliseconds(1100))->id, id);
  EXPECT_EQ(ends_by(milliseconds(60'000)), 0u) << "it is there";
}

TEST_F(Lives, AfterALongOneItIsAnother) {
  const std::uint64_t id = see(milliseconds(0))->id;
  lose(milliseconds(100));
  lose(milliseconds(900));
  outputs_.clear();
  const OpportunityLives::Life* next = see(milliseconds(1101));
  EXPECT_NE(next->id, id);
  EXPECT_EQ(next->started_at, kStart + milliseconds(1101));
  ASSERT_EQ(outputs_.reports.size(), 1u) << "the first one's end comes before the second's beginning";
  EXPECT_EQ(last_end().opportunity_id, id);
}

TEST_F(Lives, TheEndTellsWhenItWasGoneAndTheBestItOffered) {
  OpportunityLives::Life* life = see(milliseconds(0));
  const std::uint64_t id = life->id;
  Opportunity opportunity;
  opportunity.size = Quantity::whole(10);
  for (const std::int64_t cents : {20, 50, 30}) {
    opportunity.outlay = Money::from_units(9'000'000);
    opportunity.guaranteed = opportunity.outlay + Money::from_units(cents * 10'000);
    OpportunityLives::note_offer(*life, opportunity);
    OpportunityLives::judge(*life, Verdict::TooThin);
  }
  lose(milliseconds(250));
  EXPECT_EQ(ends_by(milliseconds(1250)), 0u);
  ASSERT_EQ(ends_by(milliseconds(1251)), 1u);
  const OpportunityEnded& end = last_end();
  EXPECT_EQ(end.opportunity_id, id);
  EXPECT_EQ(end.event_group, 70u);
  EXPECT_EQ(end.started_at, kStart);
  EXPECT_EQ(end.ended_at, kStart + milliseconds(250));
  EXPECT_EQ(end.best_profit, Money::from_units(500'000));
  EXPECT_EQ(end.judgements, 3u);
  EXPECT_EQ(end.verdict, Verdict::TooThin);
  EXPECT_EQ(lives_.size(), 0u);
}

TEST_F(Lives, OnlyNewVerdictsAreNews) {
  OpportunityLives::Life* life = see(milliseconds(0));
  EXPECT_TRUE(OpportunityLives::judge(*life, Verdict::Accepted));
  EXPECT_FALSE(OpportunityLives::judge(*life, Verdict::Accepted));
  EXPECT_TRUE(OpportunityLives::judge(*life, Verdict::TooThin));
  EXPECT_TRUE(OpportunityLives::judge(*life, Verdict::Accepted));
}

TEST_F(Lives, WhenAllEndAtOnceTheReportsComeOverSeveralEvents) {
  for (std::uint64_t key = 1; key <= 100; ++key) {
    ASSERT_NE(see(milliseconds(0), key), nullptr);
    lose(milliseconds(1), key);
  }
  EXPECT_EQ(see(milliseconds(1), 101), nullptr) << "there is no room";
  std::size_t ended = 0;
  for (int ms = 2000; ms < 2004; ++ms) ended += ends_by(milliseconds(ms));
  EXPECT_EQ(ended, 100u);
}

TEST_F(Lives, IdsComeFromKeyAndStartAlone) {
  const std::uint64_t id = see(milliseconds(5))->id;
  OpportunityLives others(4);
  EXPECT_EQ(others.see(kKey, 70, at(milliseconds(5)), outputs_)->id, id);
  EXPECT_NE(others.see(kKey + 1, 70, at(milliseconds(5)), outputs_)->id, id);
}

}  // namespace
}  // namespace arbees

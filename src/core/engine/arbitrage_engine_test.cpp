#include "core/engine/arbitrage_engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/base/random.h"
#include "core/engine/test_engine.h"

namespace arbees {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the short words of these tests
using std::chrono::milliseconds;
using std::chrono::seconds;

class ArbitrageEngineTest : public EngineTest {
 protected:
  // Contracts 1 (≥ 64,000) and 2 (≥ 64,100) on one Kalshi axis: Yes of 1 with No of 2 pays at least a dollar.
  void list_ladder() {
    list(1, threshold(Venue::Kalshi, 64'000));
    list(2, threshold(Venue::Kalshi, 64'100));
  }
  void offer(std::int64_t contracts = 100) {
    book(1, {}, {{"0.45", contracts}});
    book(2, {{"0.50", contracts}}, {});  // No at 0.50
  }
  void take_away() { book(1, {}, {}); }
  std::vector<EventGroupView> groups() {
    std::vector<EventGroupView> views;
    engine_->arbitrage().for_each_group([&](const EventGroupView& view) { views.push_back(view); });
    return views;
  }
};

TEST_F(ArbitrageEngineTest, OneOpportunityHasOneLifeOneRequestAndOneEnd) {
  list_ladder();
  offer();
  ASSERT_EQ(requests_.size(), 1u);
  const std::uint64_t id = requests_[0].opportunity_id;
  const Timestamp started = now_;
  for (int i = 0; i < 5; ++i) {
    take_away();
    offer(100 + i);
  }
  take_away();
  const Timestamp gone = now_;
  EXPECT_TRUE(ended_.empty());
  wait(seconds(2));
  EXPECT_EQ(requests_.size(), 1u);
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].opportunity_id, id);
  EXPECT_EQ(ended_[0].request, requests_[0].id);
  EXPECT_EQ(ended_[0].started_at, started);
  EXPECT_EQ(ended_[0].ended_at, gone);
  EXPECT_EQ(ended_[0].best_profit, money("5.2")) << "104 contracts at 0.95";
  EXPECT_EQ(ended_[0].best_outlay, money("98.8"));
  ASSERT_EQ(judged_.size(), 1u);
  EXPECT_EQ(judged_[0].size, Quantity::whole(100));
  EXPECT_EQ(judged_[0].started_at, started);
  EXPECT_EQ(judged_[0].settles_at, from_unix_s(10'000));
  offer();
  ASSERT_EQ(requests_.size(), 2u) << "a later one is another";
  EXPECT_NE(requests_[1].opportunity_id, id);
}

TEST_F(ArbitrageEngineTest, ASettledGroupEndsItsOpportunity) {
  list_ladder();
  offer();
  ContractSettled settled;
  settled.id = InstrumentId{1};
  say(settled);
  wait(seconds(2));
  EXPECT_EQ(ended_.size(), 1u);
}

TEST_F(ArbitrageEngineTest, ALostFeedEndsWhatRestedOnItsBooks) {
  list_ladder();
  offer();
  const Timestamp lost = now_ + milliseconds(1);
  say(FeedStatus{Venue::Kalshi, FeedState::Down, {}});
  wait(seconds(2));
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].ended_at, lost);
}

// A portfolio whose legs change all the time is still one opportunity of its group.
TEST_F(ArbitrageEngineTest, RepeatedRequestsAreImpossibleAgreesWithModel) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    restart();
    requests_.clear();
    ended_.clear();
    orders_.clear();
    now_ = from_unix_s(1000);
    const bool fills = seed % 2 == 0;
    for (std::uint64_t id = 1; id <= 4; ++id) {
      list(id, threshold(Venue::Kalshi, 64'000 + 100 * static_cast<std::int64_t>(id)));
    }
    for (int step = 0; step < 1500; ++step) {
      const std::uint64_t id = 1 + random.below(4);
      const std::int64_t middle = 70 - 10 * static_cast<std::int64_t>(id) + random.between(-10, 10);
      const std::string bid = "0." + std::to_string(middle - 2);
      const std::string ask = "0." + std::to_string(middle + 2);
      book(id, {{bid, 60}}, {{ask, 60}});
      answer_orders([&](const OrderRequest&) { return fills && random.chance(1, 2); });
      if (random.chance(1, 10)) wait(milliseconds(random.between(1, 1500)));
    }
    wait(seconds(5));
    std::set<std::uint64_t> requested;
    for (const ExecutionRequest& request : requests_) {
      EXPECT_TRUE(requested.insert(request.opportunity_id).second) << "requested twice";
    }
    EXPECT_GT(requests_.size(), fills ? 1u : 3u) << "what is held uses the limits up";
    if (fills) continue;  // then a package that completes another has a life beside it
    for (std::size_t i = 1; i < ended_.size(); ++i) {
      EXPECT_GT(ended_[i].started_at, ended_[i - 1].ended_at + OpportunityLives::kInterruption);
    }
    if (HasFailure()) return;
  }
}

TEST_F(ArbitrageEngineTest, WhatIsHeldMakesTheCompletingTradeAProfit) {
  list_ladder();
  book(1, {}, {{"0.60", 100}});
  book(2, {{"0.50", 100}}, {});
  EXPECT_TRUE(judged_.empty()) << "0.60 + 0.50";
  hold(2, Outcome::No, 40);
  book(1, {}, {{"0.61", 100}});
  ASSERT_EQ(requests_.size(), 1u);
  ASSERT_EQ(requests_[0].legs.size(), 1u);
  EXPECT_EQ(requests_[0].legs[0].instrument, InstrumentId{1});
  EXPECT_EQ(requests_[0].legs[0].quantity, Quantity::whole(40)) << "no more than is held";
  EXPECT_EQ(requests_[0].guaranteed, money("40"));
  EXPECT_EQ(requests_[0].outlay, money("24.4"));
  EXPECT_EQ(requests_[0].detector, Detector::Completion);
}

// The other outcome of the same contract at its ask is the same as selling: never a profit by itself.
TEST_F(ArbitrageEngineTest, CompletingMustBeBetterThanSellingAtTheBid) {
  list_ladder();
  book(1, {}, {{"0.60", 100}});
  book(2, {{"0.50", 100}}, {{"0.55", 100}});  // No: bid 0.45, ask 0.50
  hold(2, Outcome::No, 40);
  book(2, {{"0.50", 100}}, {{"0.55", 101}});
  EXPECT_TRUE(judged_.empty()) << "Yes of 2 at 0.55 would guarantee 40, and so would selling No at 0.45";
  book(1, {}, {{"0.54", 100}});
  ASSERT_EQ(requests_.size(), 1u) << "0.54 + 0.45";
  EXPECT_EQ(requests_[0].guaranteed, money("40"));
  EXPECT_EQ(requests_[0].outlay, money("21.6"));
}

TEST_F(ArbitrageEngineTest, ABetterBidForWhatIsHeldEndsTheReasonToComplete) {
  list_ladder();
  book(1, {}, {{"0.54", 100}});
  book(2, {{"0.40", 100}}, {{"0.55", 100}});
  say(Control{});
  hold(2, Outcome::No, 40);
  book(2, {{"0.40", 100}}, {{"0.55", 101}});
  ASSERT_EQ(judged_.size(), 1u);
  EXPECT_EQ(judged_[0].verdict, Verdict::Halted);
  book(2, {{"0.40", 100}}, {{"0.52", 100}});  // No: bid 0.48
  wait(seconds(2));
  EXPECT_EQ(ended_.size(), 1u);
}

TEST_F(ArbitrageEngineTest, WhileARequestIsUnderWayItsFillsDoNotAskForMore) {
  list_ladder();
  offer(100);
  ASSERT_EQ(requests_.size(), 1u);
  // The first leg is filled, the second is not answered yet.
  const std::vector<OrderRequest> orders = orders_;
  orders_ = {orders[0]};
  answer_orders([](const OrderRequest&) { return true; });
  book(2, {{"0.51", 100}}, {});
  EXPECT_EQ(requests_.size(), 1u);
}

// Payoff of a portfolio by hand, state by state.
class Payoffs {
 public:
  void add(std::uint64_t strike_index, Outcome outcome, Quantity quantity) {
    for (std::uint64_t state = 0; state < kStates; ++state) {
      const bool is_reached = state >= strike_index;  // state s lies between strikes s and s + 1
      if (is_reached == (outcome == Outcome::Yes)) units_[state] += quantity.units();
    }
  }
  [[nodiscard]] Money least() const {
    return Money::from_units(*std::min_element(units_.begin(), units_.end()) * 10'000);
  }

 private:
  static constexpr std::uint64_t kStates = 6;
  std::array<std::int64_t, kStates> units_{};
};

TEST_F(ArbitrageEngineTest, ProfitBeyondWhatIsHeldAgreesWithModel) {
  std::size_t found = 0;
  limits_.max_position = limits_.max_asset_exposure = limits_.max_total_exposure = Money::whole(1'000'000);
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    restart();
    requests_.clear();
    now_ = from_unix_s(1000);
    Payoffs held;
    for (std::uint64_t id = 1; id <= 5; ++id) {
      list(id, threshold(Venue::Kalshi, 64'000 + 100 * static_cast<std::int64_t>(id)));
      if (!random.chance(2, 3)) continue;
      const Outcome outcome = random.chance(1, 2) ? Outcome::Yes : Outcome::No;
      const std::int64_t contracts = random.between(1, 80);
      hold(id, outcome, contracts);
      held.add(id, outcome, Quantity::whole(contracts));
    }
    for (std::uint64_t id = 1; id <= 5 && requests_.empty(); ++id) {
      const std::int64_t middle = 75 - 10 * static_cast<std::int64_t>(id) + random.between(-9, 9);
      book(id, {{"0." + std::to_string(middle - 3), random.between(1, 90)}},
           {{"0." + std::to_string(middle + 3), random.between(1, 90)}});
    }
    for (const ExecutionRequest& request : requests_) {
      ++found;
      Payoffs both = held;
      Money outlay;
      for (const Leg& leg : request.legs) {
        both.add(leg.instrument.value, leg.outcome, leg.quantity);
        outlay += leg.cost + leg.fee;
      }
      EXPECT_EQ(request.outlay, outlay);
      EXPECT_EQ(request.guaranteed, both.least() - held.least());
      EXPECT_GT(request.guaranteed, request.outlay);
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(found, 40u);
}

TEST_F(ArbitrageEngineTest, TheNearestPortfolioIsShownEvenWithoutProfit) {
  list_ladder();
  book(1, {}, {{"0.55", 70}});
  book(2, {{"0.50", 80}}, {});
  const auto views = groups();
  ASSERT_EQ(views.size(), 1u);
  EXPECT_EQ(views[0].asset, Asset::BTC);
  EXPECT_EQ(views[0].contracts, 2u);
  EXPECT_FALSE(views[0].has_arbitrage);
  ASSERT_TRUE(views[0].has_nearest);
  EXPECT_EQ(views[0].nearest.cost, money("1.05"));
  ASSERT_EQ(views[0].nearest.legs.size(), 2u);
  EXPECT_EQ(views[0].nearest.legs[0].instrument, InstrumentId{2});
  EXPECT_EQ(views[0].nearest.legs[0].outcome, Outcome::No);
  EXPECT_EQ(views[0].nearest.legs[0].quantity, Quantity::whole(80));
  EXPECT_EQ(views[0].nearest.legs[1].price, price("0.55"));
  EXPECT_EQ(views[0].opportunity, nullptr);
}

// It is a profit only for whoever holds the other leg already.
TEST_F(ArbitrageEngineTest, CompletingWhatIsHeldIsNotShownAsArbitrage) {
  list_ladder();
  book(1, {}, {{"0.60", 100}});
  book(2, {{"0.50", 100}}, {});
  hold(2, Outcome::No, 40);
  book(1, {}, {{"0.61", 100}});
  ASSERT_EQ(requests_.size(), 1u);
  auto views = groups();
  ASSERT_EQ(views.size(), 1u);
  ASSERT_TRUE(views[0].has_nearest);
  EXPECT_EQ(views[0].nearest.cost, money("1.11"));
  EXPECT_FALSE(views[0].has_arbitrage);
  EXPECT_NE(views[0].opportunity, nullptr) << "it is an opportunity all the same";
  book(2, {}, {});
  views = groups();
  EXPECT_FALSE(views.at(0).has_nearest);
  EXPECT_FALSE(views.at(0).has_arbitrage) << "no dollar can be bought any more";
}

TEST_F(ArbitrageEngineTest, AGroupWithAnOpportunityShowsIt) {
  list_ladder();
  offer();
  const auto views = groups();
  ASSERT_EQ(views.size(), 1u);
  EXPECT_TRUE(views[0].has_arbitrage);
  ASSERT_TRUE(views[0].has_nearest);
  EXPECT_EQ(views[0].nearest.cost, money("0.95"));
  ASSERT_NE(views[0].opportunity, nullptr);
  EXPECT_EQ(views[0].opportunity->id, requests_.at(0).opportunity_id);
}

}  // namespace
}  // namespace arbees

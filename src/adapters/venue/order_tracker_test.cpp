#include "adapters/venue/order_tracker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/base/random.h"

namespace arbees {
namespace {

constexpr Timestamp kNow = from_unix_s(1'790'000'000);

class Told final : public GatewaySink {
 public:
  void on_event(const Event& event) override {
    if (const auto* update = std::get_if<OrderUpdate>(&event.body)) updates.push_back(*update);
    if (const auto* changed = std::get_if<FillFinalityChanged>(&event.body)) finalities.push_back(*changed);
  }
  void on_fill_named(OrderId, std::uint64_t id, std::string_view name) override {
    names.push_back(std::to_string(id) + " " + std::string(name));
  }
  // "resting", "filled 10", …: states, with the quantity of a fill.
  [[nodiscard]] std::vector<std::string> story() const {
    std::vector<std::string> all;
    for (const OrderUpdate& update : updates) {
      std::string text(order_state_name(update.state));
      if (update.fill_quantity.is_positive()) text += " " + std::to_string(update.fill_quantity.units() / 100);
      all.push_back(text);
    }
    return all;
  }

  std::vector<OrderUpdate> updates;
  std::vector<FillFinalityChanged> finalities;
  std::vector<std::string> names;
};

GatewayOrder ten_contracts() {
  GatewayOrder sent;
  sent.order.id = OrderId{(std::uint64_t{3} << 32) | 1};
  sent.order.instrument = InstrumentId{7};
  sent.order.limit = Price::from_units(5600);
  sent.order.quantity = Quantity::whole(10);
  sent.order.venue = Venue::Kalshi;
  sent.submitted_at = kNow;
  return sent;
}

ToldFill fill(std::string_view name, std::int64_t contracts) {
  return {name, Price::from_units(5500), Quantity::whole(contracts), Money::from_units(100), true, kNow};
}

class OrderTrackerTest : public testing::Test {
 protected:
  Told told;
  OrderTracker tracker{told};
  TrackedOrder& order = tracker.add(ten_contracts(), "KX", "key");
};

TEST_F(OrderTrackerTest, TheEndIsToldOnlyAfterAllFillsThatTheVenueCounts) {
  tracker.end(order, {OrderState::Canceled, RejectReason::NoLiquidity}, Quantity::whole(7), kNow);
  EXPECT_TRUE(told.updates.empty());
  tracker.fill(order, fill("a", 4), kNow);
  EXPECT_EQ(tracker.open_count(), 1U);
  tracker.fill(order, fill("b", 3), kNow);
  EXPECT_EQ(told.story(), (std::vector<std::string>{"pending 4", "partly_filled 3"}));
  EXPECT_EQ(told.updates.back().reason, RejectReason::NoLiquidity);
  EXPECT_EQ(tracker.open_count(), 0U);
}

TEST_F(OrderTrackerTest, AFillIsToldOnceAndAWholeOneEndsTheOrder) {
  tracker.fill(order, fill("a", 10), kNow);
  tracker.fill(order, fill("a", 10), kNow);
  tracker.end(order, {OrderState::Canceled, {}}, Quantity::whole(10), kNow);
  EXPECT_EQ(told.story(), (std::vector<std::string>{"filled 10"}));
  EXPECT_EQ(told.names, (std::vector<std::string>{"1 a"}));
}

TEST_F(OrderTrackerTest, ALostAnswerIsUnknownUntilTheVenueHasSaidTwiceThatThereIsNoSuchOrder) {
  tracker.lose(order, kNow);
  EXPECT_EQ(told.story(), (std::vector<std::string>{"unknown"}));
  EXPECT_EQ(tracker.due(kNow).size(), 1U);
  const Duration grace = std::chrono::seconds(6);
  EXPECT_FALSE(tracker.miss(order, grace, kNow + std::chrono::seconds(1)));
  EXPECT_FALSE(tracker.miss(order, grace, kNow + std::chrono::seconds(5)));
  EXPECT_TRUE(tracker.miss(order, grace, kNow + std::chrono::seconds(6)));
  EXPECT_EQ(told.story(), (std::vector<std::string>{"unknown", "rejected"}));
  EXPECT_EQ(told.updates.back().reason, RejectReason::NotSent);
  EXPECT_EQ(tracker.counts().lost_answers, 1U);
  EXPECT_EQ(tracker.counts().resolved, 1U);
}

// Whoever does not believe yet that an order never arrived asks again, and must not be left without an answer.
TEST_F(OrderTrackerTest, AnEndIsToldAgainToWhoAsks) {
  tracker.repeat_end(order, kNow);
  EXPECT_EQ(told.story(), std::vector<std::string>{}) << "it has not ended";
  tracker.lose(order, kNow);
  (void)tracker.miss(order, std::chrono::seconds(6), kNow);
  EXPECT_TRUE(tracker.miss(order, std::chrono::seconds(6), kNow + std::chrono::seconds(6)));
  tracker.repeat_end(order, kNow + std::chrono::seconds(8));
  EXPECT_EQ(told.story(), (std::vector<std::string>{"unknown", "rejected", "rejected"}));
  EXPECT_EQ(told.updates.back().reason, RejectReason::NotSent);
  EXPECT_EQ(tracker.counts().resolved, 1U);
}

// Told earlier it would not be believed, and nobody would tell it again.
TEST_F(OrderTrackerTest, AbsenceIsToldFiveSecondsAfterTheDeadlineAndNotBefore) {
  order.sent.order.deadline = kNow + std::chrono::seconds(2);
  tracker.lose(order, kNow);
  const Duration grace = std::chrono::seconds(6);
  EXPECT_FALSE(tracker.miss(order, grace, kNow + std::chrono::seconds(1)));
  EXPECT_FALSE(tracker.miss(order, grace, kNow + std::chrono::milliseconds(6'500)));
  EXPECT_EQ(told.story(), (std::vector<std::string>{"unknown"}));
  EXPECT_TRUE(tracker.miss(order, grace, kNow + std::chrono::seconds(7)));
}

TEST_F(OrderTrackerTest, WhatTheVenueHasFilledIsNeverRejected) {
  tracker.fill(order, fill("a", 2), kNow);
  tracker.reject(order, RejectReason::VenueError, kNow);
  EXPECT_EQ(tracker.open_count(), 1U);
  EXPECT_EQ(told.story(), (std::vector<std::string>{"pending 2"}));
}

TEST_F(OrderTrackerTest, AnEndStaysAnEndWhateverComesLate) {
  tracker.end(order, {OrderState::Canceled, {}}, Quantity{}, kNow);
  tracker.rest(order, Quantity{}, kNow);
  tracker.lose(order, kNow);
  tracker.reject(order, RejectReason::VenueError, kNow);
  EXPECT_EQ(told.story(), (std::vector<std::string>{"canceled"}));
}

TEST_F(OrderTrackerTest, AFillAfterTheEndIsStillToldWithTheStateThatIsThenTrue) {
  tracker.end(order, {OrderState::Canceled, {}}, Quantity{}, kNow);
  tracker.fill(order, fill("late", 3), kNow);
  EXPECT_EQ(told.story(), (std::vector<std::string>{"canceled", "partly_filled 3"}));
}

TEST_F(OrderTrackerTest, FinalityIsToldForTheFillByItsNumberAndNeverGoesBack) {
  tracker.fill(order, fill("a", 10), kNow);
  tracker.settle(order, "a", FillFinality::Mined, kNow);
  tracker.settle(order, "a", FillFinality::Confirmed, kNow);
  tracker.settle(order, "a", FillFinality::Mined, kNow);
  tracker.settle(order, "a", FillFinality::Failed, kNow);
  tracker.settle(order, "unheard of", FillFinality::Failed, kNow);
  ASSERT_EQ(told.finalities.size(), 2U);
  EXPECT_EQ(told.finalities[1].venue_fill_id, 1U);
  EXPECT_EQ(told.finalities[1].finality, FillFinality::Confirmed);
}

TEST_F(OrderTrackerTest, AFillThatFailedIsTakenBackOnce) {
  tracker.fill(order, fill("a", 10), kNow);
  tracker.settle(order, "a", FillFinality::Failed, kNow);
  tracker.settle(order, "a", FillFinality::Failed, kNow);
  ASSERT_EQ(told.finalities.size(), 1U);
  EXPECT_EQ(tracker.counts().failed_fills, 1U);
}

// Whatever the order of arrival, repetitions and losses in between: each fill once, one end, sums right.
TEST(OrderTracker, AnyOrderOfNewsAgreesWithModel) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Told told;
    OrderTracker tracker(told);
    TrackedOrder& order = tracker.add(ten_contracts(), "KX", "key");
    const std::int64_t parts = random.between(0, 5);
    std::vector<std::int64_t> sizes;
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < parts; ++i) {
      sizes.push_back(random.between(1, 2));
      sum += sizes.back();
    }
    // Everything that the venue will say, some of it twice, in any order.
    std::vector<std::int64_t> news;
    for (std::int64_t i = 0; i < parts; ++i) news.insert(news.end(), {i, i});
    news.insert(news.end(), {-1, -1, -2, -3});
    for (std::size_t i = news.size(); i > 1; --i) {
      std::swap(news[i - 1], news[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(i) - 1))]);
    }
    for (const std::int64_t item : news) {
      if (item >= 0) {
        tracker.fill(order, fill("t" + std::to_string(item), sizes[static_cast<std::size_t>(item)]), kNow);
      } else if (item == -1) {
        tracker.end(order, {OrderState::Canceled, {}}, Quantity::whole(sum), kNow);
      } else if (item == -2) {
        tracker.rest(order, Quantity{}, kNow);
      } else {
        tracker.lose(order, kNow);
      }
    }
    Quantity filled;
    std::size_t ends = 0;
    for (const OrderUpdate& update : told.updates) {
      filled += update.fill_quantity;
      ends += is_final(update.state) ? 1U : 0U;
    }
    EXPECT_EQ(filled, Quantity::whole(sum));
    EXPECT_EQ(ends, 1U);
    EXPECT_TRUE(is_final(told.updates.back().state));
    EXPECT_EQ(tracker.open_count(), 0U);
  }
}

}  // namespace
}  // namespace arbees

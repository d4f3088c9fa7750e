// What of unequal legs counts as matched and as surplus, where their proportion does not divide evenly.

#include "core/engine/leg_engine.h"
#include "core/risk/test_limits.h"

namespace arbees {
namespace {

using namespace limits_test;  // NOLINT(google-build-using-namespace): the short words of these tests

constexpr std::uint64_t kLarge = 1;
constexpr std::uint64_t kSmall = 2;

// Ten of one contract for three of another: a third of what is asked is no number of hundredths.
class LegRoundingTest : public LimitsTest {
 protected:
  LegRoundingTest() {
    ContractTerms terms = at_least_terms(Venue::Kalshi, 63'000);
    terms.lot = Quantity::from_units(1);
    terms.minimum_order = Quantity::from_units(1);
    list(kLarge, terms, cents(39), cents(40));
    terms.lower = Strike::whole(64'000);
    list(kSmall, terms, cents(50), cents(51));
    add(kLarge, Outcome::Yes, cents(40), 10);
    add(kSmall, Outcome::No, cents(50), 3);
  }
  void add(std::uint64_t id, Outcome outcome, Price price, std::int64_t contracts) {
    LegState state;
    state.leg = leg(id, outcome, price, contracts);
    legs_.push_back(state);
  }
  void fill(std::size_t leg, Quantity quantity, Money spent) {
    legs_[leg].held = quantity;
    legs_[leg].spent = spent;
  }
  [[nodiscard]] LegPlan sales() const {
    EvenTask task;
    task.may_buy = false;
    return even_plan(legs_, task, market_, no_limits());
  }

  LegStates legs_;
};

// One of three is held of the small leg: it needs 3 1/3 of the large one, so 3.34; and as a hedge 3.33 count.
TEST_F(LegRoundingTest, WhatIsMatchedIsRoundedAgainstUs) {
  fill(0, Quantity::whole(10), dollars(4));
  fill(1, Quantity::whole(1), cents(50) * Quantity::whole(1));
  const Nakedness naked = nakedness(legs_);
  EXPECT_EQ(naked.matched, Quantity::from_units(333));
  EXPECT_EQ(naked.surplus, Quantity::from_units(666));
}

TEST_F(LegRoundingTest, NoHedgeIsSoldAsSurplus) {
  fill(0, Quantity::whole(10), dollars(4));
  fill(1, Quantity::whole(1), cents(50) * Quantity::whole(1));
  const LegPlan plan = sales();
  ASSERT_EQ(plan.orders.size(), 1u);
  EXPECT_EQ(plan.orders[0].leg, 0);
  EXPECT_EQ(plan.orders[0].side, Side::Sell);
  EXPECT_EQ(plan.orders[0].quantity, Quantity::from_units(666));
}

// With 3.34 of ten the legs are even: 3.33 would leave the small leg a hundredth too large.
TEST_F(LegRoundingTest, TheRoundedHedgeIsEvenAndAHundredthMoreIsNot) {
  fill(1, Quantity::whole(1), cents(50) * Quantity::whole(1));
  fill(0, Quantity::from_units(334), dollars(1));
  EXPECT_EQ(nakedness(legs_).surplus, Quantity{});
  EXPECT_EQ(sales().step, LegStep::Even);
  fill(0, Quantity::from_units(335), dollars(1));
  EXPECT_EQ(nakedness(legs_).surplus, Quantity::from_units(1));
  ASSERT_EQ(sales().orders.size(), 1u);
  EXPECT_EQ(sales().orders[0].quantity, Quantity::from_units(1));
}

// Legs go at once exactly if the thinnest book has as many times the size as is asked for.
TEST_F(LegRoundingTest, LegsGoAtOnceIfTheBooksAreDeepEnough) {
  book(kLarge, cents(39), cents(40), 25);  // 2.5 times the size; the other one is deeper
  EXPECT_EQ(open_plan(legs_, market_, only("CRYPTO_SEQUENTIAL_DEPTH", 250)).orders.size(), 2u);
  const LegPlan one = open_plan(legs_, market_, only("CRYPTO_SEQUENTIAL_DEPTH", 251));
  ASSERT_EQ(one.orders.size(), 1u);
  EXPECT_EQ(one.orders[0].leg, 0) << "the thinner one first";
}

}  // namespace
}  // namespace arbees

#include "core/risk/event_loss.h"

#include "core/risk/test_limits.h"

namespace arbees {
namespace {

using namespace limits_test;  // NOLINT(google-build-using-namespace): the short words of these tests

const Quantity kHundred = Quantity::whole(100);

ContractTerms above(std::int64_t strike) { return at_least_terms(Venue::Kalshi, strike); }

ContractTerms between(std::int64_t lower, std::int64_t upper) {
  ContractTerms terms = above(lower);
  terms.payoff = Payoff::Range;
  terms.upper = Strike::whole(upper);
  return terms;
}

TEST(EventLoss, AHedgeOfOneValueIsNettedStateByState) {
  EventLoss loss;
  loss.add_position(above(63'000), Outcome::Yes, kHundred, dollars(40));
  EXPECT_EQ(loss.worst(), dollars(40));
  loss.add_position(above(64'000), Outcome::No, kHundred, dollars(50));
  EXPECT_EQ(loss.worst(), -dollars(10)) << "one of them pays 100";
}

TEST(EventLoss, TheWorstMayLieBetweenTheStrikes) {
  EventLoss loss;
  loss.add_position(above(63'000), Outcome::No, kHundred, dollars(40));
  loss.add_position(above(64'000), Outcome::Yes, kHundred, dollars(50));
  EXPECT_EQ(loss.worst(), dollars(90));
}

TEST(EventLoss, TheWorstMayLieBeyondARange) {
  EventLoss loss;
  loss.add_position(above(63'000), Outcome::No, kHundred, dollars(40));
  loss.add_position(between(63'000, 64'000), Outcome::Yes, kHundred, dollars(50));
  EXPECT_EQ(loss.worst(), dollars(90)) << "above both";
}

// The other token of a bracket: it pays where the range does not.
TEST(EventLoss, ARangesComplementPaysOutsideOfIt) {
  ContractTerms outside = between(63'000, 64'000);
  outside.pays_outside = 1;
  EventLoss loss;
  loss.add_position(outside, Outcome::Yes, kHundred, dollars(40));
  loss.add_position(between(63'000, 64'000), Outcome::Yes, kHundred, dollars(50));
  EXPECT_EQ(loss.worst(), -dollars(10)) << "one of them pays 100";
}

TEST(EventLoss, AnOrderCountsWhereItLosesAndNotWhereItGains) {
  EventLoss loss;
  loss.add_order(above(63'000), Outcome::Yes, kHundred, dollars(40));
  loss.add_order(above(64'000), Outcome::No, kHundred, dollars(50));
  EXPECT_EQ(loss.worst(), dollars(50));
}

TEST(EventLoss, ValuesOfTwoSourcesAreIndependent) {
  EventLoss loss;
  loss.add_position(at_least_terms(Venue::Kalshi, 63'000), Outcome::Yes, kHundred, dollars(40));
  loss.add_position(at_least_terms(Venue::Polymarket, 63'000), Outcome::No, kHundred, dollars(50));
  EXPECT_EQ(loss.worst(), dollars(90)) << "the hedge counts for nothing";
}

TEST(EventLoss, WhatHasNoAxisIsLostInWhole) {
  EventLoss loss;
  ContractTerms touched = above(63'000);
  touched.payoff = Payoff::Hit;
  loss.add_position(touched, Outcome::Yes, kHundred, dollars(40));
  loss.add_position(touched, Outcome::No, kHundred, dollars(50));
  EXPECT_EQ(loss.worst(), dollars(90));
  loss.clear();
  EXPECT_EQ(loss.worst(), Money{});
}

// More than there is room for is not forgotten.
TEST(EventLoss, WhatHasNoRoomIsLostInWhole) {
  EventLoss loss;
  for (int i = 0; i < 200; ++i) loss.add_order(above(63'000 + i), Outcome::Yes, kHundred, dollars(40));
  EXPECT_EQ(loss.worst(), dollars(200 * 40));
}

}  // namespace
}  // namespace arbees

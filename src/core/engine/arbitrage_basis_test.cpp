// Contracts of two settlement sources: what a bound makes of them, and what the lack of one does.

#include <gtest/gtest.h>

#include "core/engine/test_engine.h"

namespace arbees {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the short words of these tests

class Basis : public EngineTest {
 protected:
  // Yes "Kalshi ≥ low" at 0.45 and No "Polymarket ≥ high" at 0.50.
  void list_pair(std::int64_t low, std::int64_t high) {
    list(1, threshold(Venue::Kalshi, low));
    list(2, threshold(Venue::Polymarket, high));
  }
  void offer(std::string_view yes_ask = "0.45", std::int64_t contracts = 100) {
    book(1, {}, {{yes_ask, contracts}});
    book(2, {{"0.50", contracts}}, {});
  }
  static BasisBoundSet bound() {
    BasisBoundSet set;
    set.first = SettlementSource::CfBenchmarksMean60;
    set.second = SettlementSource::ChainlinkTwap60;
    set.asset = Asset::BTC;
    return set;
  }
  static BasisBoundSet strict(std::int64_t dollars) {
    BasisBoundSet set = bound();
    set.strict = SpotPrice::whole(dollars);
    set.has_strict = 1;
    return set;
  }
  // Mean 0 and this deviation; from 1,000 settlements the bound is a little over four deviations.
  static BasisBoundSet statistical(std::int64_t dollars, std::uint32_t observations = 1000) {
    BasisBoundSet set = bound();
    set.standard_deviation = SpotPrice::whole(dollars);
    set.observations = observations;
    set.has_statistical = 1;
    return set;
  }
};

TEST_F(Basis, WithoutEvidenceTwoSourcesAreNotComparable) {
  list_pair(64'000, 70'000);
  offer("0.10");
  EXPECT_TRUE(judged_.empty());
  say(statistical(5, 29));
  offer("0.11");
  EXPECT_TRUE(judged_.empty());
}

TEST_F(Basis, WithinAStrictBoundItIsRiskless) {
  say(strict(50));
  list_pair(64'000, 64'050);
  offer();
  ASSERT_EQ(requests_.size(), 1u);
  EXPECT_EQ(requests_[0].detector, Detector::CrossVenue);
  EXPECT_EQ(requests_[0].guaranteed, money("100"));
  EXPECT_EQ(judged_.back().expected_loss, Money{});
}

TEST_F(Basis, StrikesNearerThanTheStrictBoundAreNot) {
  say(strict(51));
  list_pair(64'000, 64'050);
  offer("0.10");
  EXPECT_TRUE(judged_.empty());
}

// The case that fools pair matchers: the same words, the same strike, another index.
TEST_F(Basis, EqualStrikesOnDifferentIndicesAreNeverRiskless) {
  say(strict(1));
  list_pair(64'000, 64'000);
  offer("0.10");
  EXPECT_TRUE(judged_.empty());
}

TEST_F(Basis, ABoundThatComesLaterAppliesToWhatIsListed) {
  list_pair(64'000, 64'050);
  offer();
  EXPECT_TRUE(judged_.empty());
  say(strict(50));
  offer("0.44");
  EXPECT_EQ(requests_.size(), 1u);
  // Taken back, the contracts are not comparable again.
  say(bound());
  wait(std::chrono::seconds(5));
  offer("0.43");
  EXPECT_EQ(requests_.size(), 1u);
}

TEST_F(Basis, AStatisticalBoundMakesABasisTradeThatPaysForItsRisk) {
  say(statistical(5));
  list_pair(64'000, 64'050);
  offer("0.40");
  ASSERT_EQ(requests_.size(), 1u);
  EXPECT_EQ(requests_[0].detector, Detector::Basis);
  const OpportunityJudged& judged = judged_.back();
  EXPECT_EQ(judged.detector, Detector::Basis);
  EXPECT_EQ(judged.guaranteed, money("100"));
  EXPECT_EQ(judged.outlay, money("90"));
  // Beyond the bound the legs may pay nothing: 100 × 0.0048127 to expect, 1/16 of 100 with the reserve.
  EXPECT_NEAR(static_cast<double>(judged.expected_loss.units()), 481'270, 100);
  EXPECT_NEAR(static_cast<double>((judged.expected_loss + judged.tail_reserve).units()), 6'250'000, 2);
}

TEST_F(Basis, ABasisTradeWhoseProfitItsReserveEatsIsNotTaken) {
  say(statistical(5));
  list_pair(64'000, 64'050);
  offer("0.45");
  EXPECT_TRUE(requests_.empty());
  ASSERT_FALSE(judged_.empty());
  EXPECT_EQ(judged_.back().detector, Detector::Basis);
  EXPECT_EQ(judged_.back().verdict, Verdict::EdgeTooSmall);
}

TEST_F(Basis, StrikesWithinTheStatisticalBoundAreNotComparable) {
  say(statistical(20));
  list_pair(64'000, 64'050);
  offer("0.10");
  EXPECT_TRUE(judged_.empty());
}

TEST_F(Basis, ItsOwnLimitBindsAndShrinksNearTheEnd) {
  limits_.max_basis_exposure = Money::whole(45);
  restart();
  say(statistical(5));
  list_pair(64'000, 64'050);
  offer("0.40", 1000);
  ASSERT_EQ(requests_.size(), 1u);
  EXPECT_EQ(judged_.back().binding, Verdict::BasisLimit);
  EXPECT_EQ(judged_.back().size, Quantity::whole(50)) << "at 0.90";

  restart();
  judged_.clear();
  now_ = from_unix_s(10'000 - 300);  // five of ten minutes are left
  say(statistical(5));
  list_pair(64'000, 64'050);
  offer("0.40", 1000);
  EXPECT_EQ(judged_.back().binding, Verdict::BasisLimit);
  EXPECT_EQ(judged_.back().size, Quantity::whole(24));
}

TEST_F(Basis, WhatIsHeldOnEitherSourceUsesTheLimit) {
  limits_.max_basis_exposure = Money::whole(45);
  restart();
  say(statistical(5));
  list_pair(64'000, 64'050);
  list(3, threshold(Venue::Kalshi, 80'000));
  hold(3, Outcome::Yes, 100, "44.5");
  offer("0.40", 1000);
  EXPECT_TRUE(requests_.empty());
  EXPECT_EQ(judged_.back().verdict, Verdict::BasisLimit);
}

TEST_F(Basis, KellyBindsAThinEdge) {
  limits_.max_basis_exposure = limits_.max_position = limits_.max_asset_exposure = limits_.max_total_exposure =
      Money::whole(1000);
  restart();
  say(statistical(5));
  list_pair(64'000, 64'050);
  // (0.9375 − 0.93)/0.07/2 = 5.36 % of 1,000: 57 contracts at 0.93.
  offer("0.43", 1000);
  EXPECT_EQ(judged_.back().binding, Verdict::BasisLimit);
  EXPECT_EQ(judged_.back().size, Quantity::whole(57));
}

TEST_F(Basis, ARisklessProfitOfTheGroupComesFirst) {
  say(statistical(5));
  list_pair(64'000, 64'050);
  list(3, threshold(Venue::Kalshi, 64'050));
  book(3, {{"0.50", 100}}, {});
  offer("0.40");
  ASSERT_EQ(requests_.size(), 1u);
  EXPECT_EQ(requests_[0].detector, Detector::Ladder);
}

}  // namespace
}  // namespace arbees

#include "core/arbitrage/contract_match.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

constexpr Timestamp kNoon = from_unix_s(1'791'216'000);

ContractTerms kalshi(Comparator comparator, const char* strike) {
  ContractTerms terms{};
  terms.venue = Venue::Kalshi;
  terms.asset = Asset::BTC;
  terms.payoff = Payoff::Threshold;
  terms.comparator = comparator;
  terms.source = SettlementSource::CfBenchmarksMean60;
  terms.rounding_decimals = 2;
  terms.closes_at = kNoon;
  terms.lower = Strike::parse(strike).value();
  terms.has_lower = 1;
  return terms;
}

ContractTerms polymarket(Comparator comparator, const char* strike) {
  ContractTerms terms = kalshi(comparator, strike);
  terms.venue = Venue::Polymarket;
  terms.source = SettlementSource::BinanceCandle1h;
  terms.rounding_decimals = 255;
  return terms;
}

ContractTerms window(Venue venue, SettlementSource source) {
  ContractTerms terms = kalshi(Comparator::GreaterOrEqual, "1");
  terms.venue = venue;
  terms.source = source;
  terms.payoff = Payoff::UpDown;
  terms.opens_at = kNoon - std::chrono::minutes(15);
  terms.has_lower = 0;
  return terms;
}

TEST(ContractMatch, APointNinetyNineStrikeIsTheRoundOneOnAnotherIndex) {
  const ContractMatch match =
      match_contracts(kalshi(Comparator::Greater, "63999.99"), polymarket(Comparator::Greater, "64000"));
  EXPECT_EQ(match.match, MatchClass::IndexBasis);
  EXPECT_TRUE(match.differs_on_equality);  // at 64,000.00 Kalshi pays and Polymarket does not
  EXPECT_FALSE(match_contracts(kalshi(Comparator::Greater, "63999.99"), polymarket(Comparator::GreaterOrEqual, "64000"))
                   .differs_on_equality);
}

TEST(ContractMatch, AnotherStrikeInstantAssetOrSideIsNoPair) {
  const ContractTerms one = kalshi(Comparator::Greater, "63999.99");
  EXPECT_EQ(match_contracts(one, polymarket(Comparator::Greater, "64100")).reason, MismatchReason::OtherStrike);
  EXPECT_EQ(match_contracts(one, polymarket(Comparator::Greater, "64000.01")).reason, MismatchReason::OtherStrike);
  ContractTerms other = polymarket(Comparator::Greater, "64000");
  other.closes_at += std::chrono::minutes(1);
  EXPECT_EQ(match_contracts(one, other).reason, MismatchReason::OtherInstant);
  other = polymarket(Comparator::Greater, "64000");
  other.asset = Asset::ETH;
  EXPECT_EQ(match_contracts(one, other).reason, MismatchReason::OtherAsset);
  EXPECT_EQ(match_contracts(one, polymarket(Comparator::Less, "64000")).reason, MismatchReason::OtherPayoff);
  EXPECT_EQ(match_contracts(one, window(Venue::Polymarket, SettlementSource::ChainlinkTwap60)).reason,
            MismatchReason::OtherPayoff);
}

TEST(ContractMatch, WindowsPairBeforeTheirStartValuesAreKnown) {
  const ContractTerms up = window(Venue::Polymarket, SettlementSource::ChainlinkTwap60);
  ContractTerms one = window(Venue::Kalshi, SettlementSource::CfBenchmarksMean60);
  EXPECT_EQ(match_contracts(one, up).match, MatchClass::IndexBasis);
  one.opens_at += std::chrono::minutes(10);
  EXPECT_EQ(match_contracts(one, up).reason, MismatchReason::OtherWindow);
  ContractTerms down = up;
  down.comparator = Comparator::Less;
  EXPECT_EQ(match_contracts(window(Venue::Kalshi, SettlementSource::CfBenchmarksMean60), down).reason,
            MismatchReason::OtherPayoff);
}

TEST(ContractMatch, TheSameRuleAndSourceAreIdentical) {
  EXPECT_EQ(match_contracts(kalshi(Comparator::Greater, "63999.99"), kalshi(Comparator::GreaterOrEqual, "64000")).match,
            MatchClass::Identical);
}

TEST(ContractMatch, BandsPairByBothEndsAndByWhereTheyPay) {
  ContractTerms one = kalshi(Comparator::Unknown, "64000");
  one.payoff = Payoff::Range;
  one.upper = Strike::parse("65999.99").value();
  one.includes_upper = 1;
  ContractTerms other = polymarket(Comparator::Unknown, "64000");
  other.payoff = Payoff::Range;
  other.upper = Strike::parse("66000").value();
  EXPECT_EQ(match_contracts(one, other).match, MatchClass::IndexBasis);
  EXPECT_FALSE(match_contracts(one, other).differs_on_equality);
  other.pays_outside = 1;
  EXPECT_EQ(match_contracts(one, other).reason, MismatchReason::OtherPayoff);
  other.pays_outside = 0;
  other.upper = Strike::parse("66100").value();
  EXPECT_EQ(match_contracts(one, other).reason, MismatchReason::OtherStrike);
}

TEST(ContractMatch, WhatIsNotKnownNeverPairs) {
  ContractTerms one = kalshi(Comparator::Greater, "63999.99");
  one.has_lower = 0;
  EXPECT_EQ(match_contracts(one, one).reason, MismatchReason::UnknownTerms);
  EXPECT_EQ(match_contracts(ContractTerms{}, ContractTerms{}).reason, MismatchReason::UnknownTerms);
  ContractTerms hit = kalshi(Comparator::GreaterOrEqual, "64000");
  hit.payoff = Payoff::Hit;
  EXPECT_EQ(match_contracts(hit, hit).reason, MismatchReason::UnknownTerms);
}

}  // namespace
}  // namespace arbees

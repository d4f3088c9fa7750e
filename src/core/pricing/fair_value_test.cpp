#include "core/pricing/fair_value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <set>

#include "core/base/random.h"

namespace arbees {
namespace {

constexpr std::int64_t kClose = 1'790'000'100;

ContractTerms threshold(const char* strike) {
  ContractTerms terms;
  terms.payoff = Payoff::Threshold;
  terms.comparator = Comparator::GreaterOrEqual;
  terms.source = SettlementSource::CfBenchmarksMean60;
  terms.lower = *Strike::parse(strike);
  terms.has_lower = 1;
  terms.closes_at = from_unix_s(kClose);
  terms.rounding_decimals = 255;
  return terms;
}

PricingInputs fifteen_minutes() {
  return {.spot = 64000, .volatility = 0.5, .window = average_before(900, 60, 1, 1), .law = {ReturnModel::Arithmetic}};
}

class FairValueOfContract : public testing::Test {
 protected:
  void SetUp() override {
    Random random(1);
    double price = 64000;
    for (std::int64_t minute = 0; minute < 2880; ++minute) {
      const double open = price;
      const double u = (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
      price *= std::exp(0.5 * std::sqrt(60 / kSecondsPerYear) * normal_quantile(u));
      volatility_->add_candle(from_unix_s(kClose - 900 - (2879 - minute) * 60), 60,
                              {open, std::max(open, price), std::min(open, price), price});
    }
    inputs_.volatility = volatility_.get();
    inputs_.spot = {*SpotPrice::parse("64000"), 1.0, now_, 0.0, 1};
  }
  FairValueResult price(const ContractTerms& terms) { return fair_value(terms, inputs_, now_, settings_); }
  PriceUnavailable reason(const ContractTerms& terms) {
    const FairValueResult result = price(terms);
    EXPECT_FALSE(result.has_value());
    return result.has_value() ? PriceUnavailable::InvalidInput : result.error();
  }

  Timestamp now_ = from_unix_s(kClose - 900);
  std::unique_ptr<Volatility> volatility_ = std::make_unique<Volatility>(VolatilitySettings{});
  FairValueInputs inputs_;
  FairValueSettings settings_;
};

TEST(FairValueBand, VolatilityErrorIsMappedThroughThePrice) {
  const ContractTerms terms = threshold("64250");
  const double relative = std::sqrt((6.0 - 1.0) / (4.0 * 60));
  EXPECT_NEAR(relative, 0.144337567, 1e-9);
  const FairValue value = value_with_band(terms, fifteen_minutes(), relative);
  EXPECT_NEAR(value.probability, 0.0672648577727, 1e-9);
  EXPECT_NEAR(value.sd_volatility, 0.028123604071, 1e-9);
  EXPECT_NEAR(value_with_band(terms, fifteen_minutes(), 0.0912870929).sd_volatility, 0.0177869289754, 1e-9);
  PricingInputs uncertain = fifteen_minutes();
  uncertain.spot_sd = 2.5;
  // The nowcast error widens the price itself a little, hence the tolerance.
  EXPECT_NEAR(value_with_band(terms, uncertain, relative).sd_spot, 0.00194846044572, 1e-6);
  // The band of volatility alone is exp(±1.96·se) through the price; the other parts widen it.
  const auto at = [&](double factor) {
    PricingInputs in = fifteen_minutes();
    in.volatility *= factor;
    return threshold_value(in, Comparator::GreaterOrEqual, 64250).probability;
  };
  EXPECT_NEAR(at(std::exp(-1.96 * relative)), 0.0235285798483, 1e-9);
  EXPECT_NEAR(at(std::exp(1.96 * relative)), 0.129715917804, 1e-9);
  EXPECT_LT(value.low, 0.0235285798483);
  EXPECT_GT(value.high, 0.129715917804);
  EXPECT_NEAR(value.low, 0.0235, 0.002);
  EXPECT_NEAR(value.high, 0.1297, 0.004);
}

TEST(FairValueBand, ConfidenceIsTheChanceThatTheEdgeIsReal) {
  FairValue value;
  value.probability = 0.56;
  value.sd = 0.03;
  EXPECT_DOUBLE_EQ(confidence_above(value, 0.56), 0.5);
  EXPECT_NEAR(confidence_above(value, 0.53), normal_cdf(1.0), 0.01);
  EXPECT_LT(confidence_above(value, 0.60), 0.15);
  EXPECT_NEAR(confidence_above_no(value, 0.40), confidence_above({.probability = 0.44, .sd = 0.03}, 0.40), 1e-12);
  // A small sd near the edge of the scale is asymmetric: the cost cannot be below zero.
  EXPECT_GT(confidence_above({.probability = 0.01, .sd = 0.01}, 0.0), 0.99);
  EXPECT_EQ(confidence_above({.probability = 1.0, .sd = 0.0}, 0.9), 1.0);
  EXPECT_EQ(confidence_above({.probability = 0.5, .sd = 0.1}, 1.0), 0.0);
}

TEST_F(FairValueOfContract, PricesTheWholeFamily) {
  const auto above = price(threshold("64100"));
  ASSERT_TRUE(above.has_value());
  EXPECT_GT(above->probability, 0.2);
  EXPECT_LT(above->probability, 0.35);
  EXPECT_LT(above->low, above->probability);
  EXPECT_GT(above->high, above->probability);
  EXPECT_NEAR(above->effective_variance_s, 859.5027777778, 1e-6);

  ContractTerms below = threshold("64100");
  below.comparator = Comparator::Less;
  EXPECT_NEAR(price(below)->probability, 1 - above->probability, 1e-12);

  ContractTerms range = threshold("64000");
  range.payoff = Payoff::Range;
  range.upper = *Strike::parse("64100");
  EXPECT_NEAR(price(range)->probability, price(threshold("64000"))->probability - above->probability, 1e-12);
  ContractTerms outside = range;
  outside.pays_outside = 1;
  EXPECT_NEAR(price(outside)->probability, 1.0 - price(range)->probability, 1e-12);

  ContractTerms up = threshold("64000");
  up.payoff = Payoff::UpDown;
  EXPECT_NEAR(price(up)->probability, 0.5, 1e-9);

  ContractTerms hit = threshold("64100");
  hit.payoff = Payoff::Hit;
  hit.source = SettlementSource::BinanceCandle1m;
  EXPECT_GT(price(hit)->probability, 2 * above->probability)
      << "a touch is twice the end, and averaging narrows the end";
}

TEST_F(FairValueOfContract, UnavailableWithTheReason) {
  ContractTerms up = threshold("64000");
  up.payoff = Payoff::UpDown;
  up.has_lower = 0;
  EXPECT_EQ(reason(up), PriceUnavailable::UnknownStart);
  ContractTerms unknown = threshold("64000");
  unknown.source = SettlementSource::Unknown;
  EXPECT_EQ(reason(unknown), PriceUnavailable::UnknownTerms);
  ContractTerms category = threshold("1");
  category.payoff = Payoff::Category;
  EXPECT_EQ(reason(category), PriceUnavailable::UnsupportedPayoff);
  ContractTerms closed = threshold("64000");
  closed.closes_at = now_ - std::chrono::seconds(1);
  EXPECT_EQ(reason(closed), PriceUnavailable::Closed);
  EXPECT_EQ(reason(threshold("90000")), PriceUnavailable::BeyondReach);

  const FairValueInputs good = inputs_;
  const auto with = [&](auto change) {
    inputs_ = good;
    change(inputs_);
    return reason(threshold("64000"));
  };
  EXPECT_EQ(with([](FairValueInputs& in) { in.spot.value = {}; }), PriceUnavailable::NoSpot);
  EXPECT_EQ(with([](FairValueInputs& in) { in.spot.observed_at -= std::chrono::seconds(11); }),
            PriceUnavailable::StaleSpot);
  EXPECT_EQ(with([](FairValueInputs& in) { in.spot.live_sources = 0; }), PriceUnavailable::TooFewSources);
  EXPECT_EQ(with([](FairValueInputs& in) { in.spot.disagreement = 0.02; }), PriceUnavailable::SourcesDisagree);
  EXPECT_EQ(with([](FairValueInputs& in) { in.volatility = nullptr; }), PriceUnavailable::NoVolatility);
  inputs_ = good;
  inputs_.clock_error = std::chrono::milliseconds(300);
  EXPECT_TRUE(price(threshold("64000")).has_value()) << "a bad clock matters near the close only";
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kPriceUnavailableCount; ++i) {
    names.insert(price_unavailable_name(static_cast<PriceUnavailable>(i)));
  }
  EXPECT_EQ(names.size(), kPriceUnavailableCount);
}

TEST_F(FairValueOfContract, InsideTheWindowOnlyWithItsPrints) {
  now_ = from_unix_s(kClose - 30);
  inputs_.spot.observed_at = now_;
  EXPECT_EQ(reason(threshold("64000")), PriceUnavailable::StaleSpot);
  PrintRing prints;
  for (std::int64_t second = kClose - 60; second < kClose - 30; ++second)
    prints.add(second, *SpotPrice::parse("64020"));
  inputs_.prints = &prints;
  const auto value = price(threshold("64000"));
  ASSERT_TRUE(value.has_value());
  EXPECT_GT(value->probability, 0.8);
  inputs_.spot.observed_at -= std::chrono::seconds(2);
  EXPECT_EQ(reason(threshold("64000")), PriceUnavailable::StaleSpot) << "fresh means fresher near the close";
  inputs_.spot.observed_at = now_;
  inputs_.clock_error = std::chrono::milliseconds(-300);
  EXPECT_EQ(reason(threshold("64000")), PriceUnavailable::ClockError);
}

TEST(PrintRing, KnownPrintsGapsAndTheExactSum) {
  const AveragingRule rule = *averaging_rule(SettlementSource::CfBenchmarksMean60);
  PrintRing ring;
  const auto value = [](std::int64_t cents) { return SpotPrice::from_units(cents * 1'000'000); };
  for (std::int64_t i = 0; i < 35; ++i) {
    if (i != 10) ring.add(kClose - 60 + i, value(6'400'000 + i * 10));
  }
  const SettlementWindow window =
      ring.window(rule, kClose, from_unix_s(kClose - 60 + 34) + std::chrono::milliseconds(600));
  EXPECT_EQ(window.known_count, 35);
  EXPECT_NEAR(window.known_sum, 35 * 64000 + 0.1 * 34 * 35 / 2, 1e-6);
  EXPECT_DOUBLE_EQ(window.missing_variance_s, 0.5);
  EXPECT_NEAR(window.first_due_s, 0.4, 1e-9);
  EXPECT_FALSE(ring.complete_sum(rule, kClose).has_value());
  ring.add(kClose - 50, value(6'400'100));
  for (std::int64_t i = 35; i < 61; ++i) ring.add(kClose - 60 + i, value(6'400'000 + i * 10));
  EXPECT_EQ(ring.complete_sum(rule, kClose), (60 * 6'400'000LL + 10 * 59 * 60 / 2) * 1'000'000);
  EXPECT_EQ(ring.window(rule, kClose, from_unix_s(kClose)).remaining(), 0);
}

TEST(PrintRing, PrintsNotReceivedAtTheEndAreStillToCome) {
  const AveragingRule rule = *averaging_rule(SettlementSource::ChainlinkTwap60);
  PrintRing ring;
  for (std::int64_t i = 0; i < 20; ++i) ring.add(kClose - 59 + i, *SpotPrice::parse("64000"));
  const SettlementWindow late = ring.window(rule, kClose, from_unix_s(kClose - 30));
  EXPECT_EQ(late.known_count, 20);
  EXPECT_EQ(late.first_due_s, 0);
  EXPECT_EQ(late.missing_variance_s, 0);
  ring.add(kClose + 5, *SpotPrice::parse("64000"));
  EXPECT_EQ(ring.window(rule, kClose, from_unix_s(kClose + 6)).known_count, 20);
}

}  // namespace
}  // namespace arbees

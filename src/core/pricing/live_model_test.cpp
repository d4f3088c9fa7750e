#include "core/pricing/live_model.h"

#include <gtest/gtest.h>

#include "core/pricing/test_live_market.h"

namespace arbees {
namespace {

using testing_support::LiveMarket;
using namespace std::chrono_literals;

PriceUnavailable reason(LiveMarket& market, const ContractTerms& terms) {
  const auto value = market.model.value(terms, market.now);
  return value ? PriceUnavailable::InvalidInput : value.error();
}

TEST(LiveModel, SaysWhyThereIsNoPrice) {
  LiveMarket market;
  const ContractTerms terms = LiveMarket::threshold(64'000, LiveMarket::kStart + 10min);
  EXPECT_EQ(reason(market, terms), PriceUnavailable::NoSpot);
  market.name_pairs();
  market.spot_of(Venue::Coinbase, 64'000);
  EXPECT_EQ(reason(market, terms), PriceUnavailable::TooFewSources);
  market.spot_of(Venue::Kraken, 64'000);
  EXPECT_EQ(reason(market, terms), PriceUnavailable::NoVolatility);
  market.candles(24);
  EXPECT_TRUE(market.model.value(terms, market.now));
  market.now += 11s;
  EXPECT_EQ(reason(market, terms), PriceUnavailable::StaleSpot);
  market.spot_of(Venue::Coinbase, 64'000);
  market.spot_of(Venue::Kraken, 65'000);
  EXPECT_EQ(reason(market, terms), PriceUnavailable::TooFewSources) << "nobody confirms the jump";
}

TEST(LiveModel, PricesLikeTheBareFormulaFromWhatItMeasured) {
  LiveMarket market;
  market.candles(24);
  market.name_pairs();
  market.spot(64'020);
  const ContractTerms terms = LiveMarket::threshold(64'000, market.now + 10min);
  const auto prepared = market.model.prepare(terms, market.now);
  ASSERT_TRUE(prepared);
  EXPECT_NEAR(prepared->inputs.spot, 64'020, 1e-6);
  EXPECT_NEAR(prepared->inputs.volatility, 0.5, 0.08) << "as the candles were made";
  EXPECT_EQ(prepared->inputs.window.prints, 60);
  const auto value = market.model.value(terms, market.now);
  ASSERT_TRUE(value);
  EXPECT_DOUBLE_EQ(value->probability,
                   threshold_value(prepared->inputs, Comparator::GreaterOrEqual, 64'000).probability);
  EXPECT_LT(value->low, value->probability);
  EXPECT_GT(value->high, value->probability);
}

TEST(LiveModel, MoreSourcesMayBeRequired) {
  LiveMarket market;
  market.candles(24);
  market.name_pairs();
  market.spot(64'000);
  const ContractTerms terms = LiveMarket::threshold(64'000, market.now + 10min);
  EXPECT_TRUE(market.model.value(terms, market.now));
  for (std::uint32_t row = 0; row < kModelParameterCount; ++row) {
    if (model_parameter_table()[row].name != "CRYPTO_MODEL_MIN_SOURCES") continue;
    ModelParameterSet set;
    set.row = row;
    set.value = 3;
    market.say(set);
  }
  EXPECT_EQ(reason(market, terms), PriceUnavailable::TooFewSources);
}

TEST(LiveModel, AStartValueIsTheMeanOfTheWindowsPrints) {
  LiveMarket market;
  market.candles(24);
  market.name_pairs();
  market.now = LiveMarket::kStart - 61s;
  for (int i = 0; i <= 61; ++i, market.now += 1s) {
    market.print(SettlementSource::ChainlinkSpot, market.now, 64'000 + i);
  }
  market.now = LiveMarket::kStart + 1s;
  market.spot(64'031);
  ContractTerms terms = LiveMarket::threshold(0, LiveMarket::kStart + 5min);
  terms.payoff = Payoff::UpDown;
  terms.has_lower = 0;
  terms.source = SettlementSource::ChainlinkTwap60;
  terms.rounding_decimals = 255;
  const auto own = market.model.value(terms, market.now);
  ASSERT_TRUE(own);
  terms.lower = SpotPrice::from_units(6'403'150'000'000);  // mean of 64,002 … 64,061
  terms.has_lower = 1;
  const auto told = market.model.value(terms, market.now);
  ASSERT_TRUE(told);
  EXPECT_DOUBLE_EQ(own->probability, told->probability);
  terms.has_lower = 0;
  terms.opens_at += 5min;
  EXPECT_EQ(reason(market, terms), PriceUnavailable::UnknownStart);
}

// In the last minute the known part of the average decides; ours in place of the index's counts with its error.
TEST(LiveModel, InsideTheWindowTheIndexIsSurerThanOurOwnSpot) {
  LiveMarket with_prints;
  LiveMarket without;
  const ContractTerms terms = LiveMarket::threshold(64'000, LiveMarket::kStart + 2min);
  for (LiveMarket* market : {&with_prints, &without}) {
    market->candles(24);
    market->name_pairs();
    for (int second = 0; second < 110; ++second) {
      if (market == &with_prints) {
        market->print(SettlementSource::CfBenchmarksMean60, LiveMarket::kStart + std::chrono::seconds(second), 64'004);
      }
      market->quiet(64'004, 1s);
    }
  }
  with_prints.print(SettlementSource::CfBenchmarksMean60, LiveMarket::kStart + 110s, 64'004);
  const auto sure = with_prints.model.value(terms, with_prints.now);
  const auto unsure = without.model.value(terms, without.now);
  ASSERT_TRUE(sure);
  ASSERT_TRUE(unsure);
  EXPECT_GT(sure->probability, 0.95);
  EXPECT_GT(unsure->probability, 0.6);
  EXPECT_LT(unsure->probability, sure->probability - 0.01);
}

TEST(LiveModel, HistoryThatComesLateStartsTheMeasurementOver) {
  LiveMarket early;
  early.candles(24);
  LiveMarket late;
  for (LiveMarket* market : {&early, &late}) {
    market->name_pairs();
    market->quiet(64'000, 3min);
  }
  late.candles(24);
  EXPECT_NEAR(late.model.volatility(Asset::BTC).usual(), early.model.volatility(Asset::BTC).usual(), 0.02);
}

TEST(LiveModel, EventsOfUnknownAssetsChangeNothing) {
  LiveMarket market;
  market.candles(1);
  IndexPrint print;
  print.asset = static_cast<Asset>(200);
  print.source = SettlementSource::ChainlinkSpot;
  print.index_time = market.now;
  print.value = SpotPrice::whole(1);
  EXPECT_EQ(market.say(print), Asset::Unknown);
  SpotCandle candle;
  candle.asset = static_cast<Asset>(99);
  market.say(candle);
  SpotQuote quote;
  quote.asset = static_cast<Asset>(77);
  EXPECT_EQ(market.say(quote), Asset::Unknown);
}

}  // namespace
}  // namespace arbees

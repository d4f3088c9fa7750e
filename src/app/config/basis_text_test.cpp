#include "app/config/basis_text.h"

#include <gtest/gtest.h>

#include "app/config/config.h"

namespace arbees::app {
namespace {

TEST(BasisText, ReadsBothLists) {
  const auto bounds = basis_bounds("BTC cf_benchmarks_mean_60 chainlink_twap_60 150.5",
                                   "BTC cf_benchmarks_mean_60 chainlink_twap_60 -1.25 6.5 812, "
                                   "ETH chainlink_spot binance_candle_1m 0 0.4 40");
  ASSERT_EQ(bounds.size(), 2u);
  EXPECT_EQ(bounds[0].asset, Asset::BTC);
  EXPECT_EQ(bounds[0].strict, SpotPrice::parse("150.5"));
  EXPECT_TRUE(bounds[0].has_strict && bounds[0].has_statistical);
  EXPECT_EQ(bounds[0].mean, -*SpotPrice::parse("1.25"));
  EXPECT_EQ(bounds[0].observations, 812u);
  EXPECT_EQ(bounds[1].second, SettlementSource::BinanceCandle1m);
  EXPECT_FALSE(bounds[1].has_strict);
}

TEST(BasisText, WritesWhatItReads) {
  const std::string text = "BTC cf_benchmarks_mean_60 chainlink_twap_60 -1.25 6.5 812";
  EXPECT_EQ(statistical_bound_text(parse_statistical_bounds(text)->front()), text);
}

TEST(BasisText, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"BTC", "BTC cf_benchmarks_mean_60 chainlink_twap_60", "BTC a chainlink_twap_60 5",
                           "BTC chainlink_spot chainlink_spot 5", "BTC chainlink_spot chainlink_twap_60 -5",
                           "DOLLAR chainlink_spot chainlink_twap_60 5", "BTC unknown chainlink_twap_60 5"}) {
    EXPECT_FALSE(parse_strict_bounds(text)) << text;
  }
  EXPECT_FALSE(parse_statistical_bounds("BTC chainlink_spot chainlink_twap_60 1 0 50"));
  EXPECT_FALSE(parse_statistical_bounds("BTC chainlink_spot chainlink_twap_60 1 2 many"));
  EXPECT_TRUE(parse_strict_bounds("")->empty());
}

TEST(BasisText, AWrongSettingIsAnErrorThatNamesTheKey) {
  ConfigRequest request;
  request.overrides = {{"basis.strict", "BTC x y 1"}};
  const auto loaded = load_config(request);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error()[0].find("basis.strict"), std::string::npos);
}

}  // namespace
}  // namespace arbees::app

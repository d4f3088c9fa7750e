#include "adapters/venue/coinbase/decoder.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/support/decoding.h"

namespace arbees::coinbase {
namespace {

using testing_support::decode_text;

TEST(CoinbaseDecoder, DecodesEveryMessageKindAsTheGoldenFilesSay) {
  testing_support::check_golden("coinbase", [] { return std::make_unique<Decoder>(); });
}

TEST(CoinbaseDecoder, KnowsTheCoinOfDollarProductsOnly) {
  EXPECT_EQ(product_asset("BTC-USD"), Asset::BTC);
  EXPECT_EQ(product_asset("ETH-USDC"), Asset::ETH);
  EXPECT_EQ(product_asset("ETH-BTC"), Asset::Unknown) << "its price is not in dollars";
  EXPECT_EQ(product_asset("BTC-EUR"), Asset::Unknown);
  EXPECT_EQ(product_asset("SKL-USD"), Asset::Unknown);
  EXPECT_EQ(product_asset("BTC"), Asset::Unknown);
}

}  // namespace
}  // namespace arbees::coinbase

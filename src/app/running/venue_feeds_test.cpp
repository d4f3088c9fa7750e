#include "app/running/venue_feeds.h"

#include <gmock/gmock.h>

#include "core/market/spot_market.h"

namespace arbees::app {
namespace {

using testing::ElementsAre;

// The keystore has its private key, and is not open: public books need none.
TEST(VenueFeeds, AKalshiKeyThatIsNotOpenIsNone) {
  KalshiAccess access;
  access.key_id = "id";
  const auto none = kalshi_credentials(access);
  ASSERT_TRUE(none) << none.error();
  EXPECT_EQ(*none, nullptr);
  access.private_key = "no key";
  EXPECT_FALSE(kalshi_credentials(access)) << "what the keystore gave must be one";
}

TEST(VenueFeeds, SpotVenuesWatchTheirPairsOfTheConfiguredAssets) {
  Config config = default_config();
  config.assets = "BTC,ETH";
  EXPECT_THAT(spot_symbols(Venue::Coinbase, config, true), ElementsAre("BTC-USD", "ETH-USD"));
  EXPECT_THAT(spot_symbols(Venue::Binance, config, true), ElementsAre("BTCUSDT", "ETHUSDT"));
  EXPECT_THAT(spot_symbols(Venue::Kraken, config, false), ElementsAre("BTC/USD", "ETH/USD"));
  EXPECT_TRUE(spot_symbols(Venue::Kalshi, config, true).empty());
}

TEST(VenueFeeds, BinancesTetherIsWatchedInDollarsToo) {
  Config config = default_config();
  config.assets = "BTC";
  const auto symbols = spot_symbols(Venue::Kraken, config, true);
  ASSERT_THAT(symbols, ElementsAre("BTC/USD", "USDT/USD"));
  InstrumentNamed named;
  named.venue = Venue::Kraken;
  set_symbol(named, symbols.back());
  named.id = instrument_id(Venue::Kraken, symbols.back());
  Event event;
  event.body = named;
  SpotMarket market;
  market.apply(event);
  const SpotMarketPair* pair = market.find(named.id);
  ASSERT_NE(pair, nullptr);
  EXPECT_TRUE(pair->is_tether_in_dollars) << "what turns USDT prices into dollars";
}

}  // namespace
}  // namespace arbees::app

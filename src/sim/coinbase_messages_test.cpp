// The very text of each message of both feeds; the shapes are those of docs/venues/coinbase.md and its sources.

#include <gmock/gmock.h>

#include "sim/coinbase_advanced.h"
#include "sim/coinbase_exchange.h"

namespace arbees::sim::coinbase {
namespace {

using advanced::EventKind;
using testing::MatchesRegex;

constexpr Timestamp kAt = from_unix_ns(1'790'000'000'123'456'789);

const SpotProduct kBitcoin{
    Venue::Coinbase, Asset::BTC, "BTC-USD", SpotPrice::from_units(1'000'000), SpotQuantity::from_units(1), 2, 8};

SpotPrice price(std::int64_t cents) { return SpotPrice::from_units(cents * 1'000'000); }
SpotQuantity size(std::int64_t hundredths) { return SpotQuantity::from_units(hundredths * 1'000'000); }

SpotBookView book() {
  return {{{price(6'890'000), size(150)}, {price(6'889'950), size(75)}}, {{price(6'890'100), size(50)}}, 160};
}
Match purchase() { return {{881613, price(6'890'100), size(4), BookSide::Bid, kAt}, 333938798, 1}; }
Quote quote() {
  return {{price(6'800'000), price(6'900'000), price(6'700'000), price(6'890'100), size(100'000)},
          {price(6'890'000), size(150)},
          {price(6'890'100), size(50)}};
}
std::vector<SpotLevelChange> changes() {
  return {{BookSide::Bid, price(6'890'000), size(200), 161, kAt}, {BookSide::Ask, price(6'890'100), size(0), 162, kAt}};
}

TEST(CoinbaseExchange, SubscriptionsAndErrors) {
  EXPECT_EQ(exchange::subscriptions({{"ticker", {"BTC-USD", "ETH-USD"}}}),
            R"({"type":"subscriptions","channels":[{"name":"ticker","product_ids":["BTC-USD","ETH-USD"],)"
            R"("account_ids":null}]})");
  EXPECT_EQ(exchange::error("Failed to subscribe", "X-USD is not a valid product"),
            R"({"type":"error","message":"Failed to subscribe","reason":"X-USD is not a valid product"})");
}

TEST(CoinbaseExchange, Books) {
  EXPECT_EQ(exchange::snapshot(kBitcoin, book(), kAt),
            R"({"type":"snapshot","product_id":"BTC-USD","asks":[["68901.00","0.50000000"]],)"
            R"("bids":[["68900.00","1.50000000"],["68899.50","0.75000000"]],"time":"2026-09-21T14:13:20.123456Z"})");
  EXPECT_EQ(exchange::l2update(kBitcoin, changes(), kAt),
            R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","68900.00","2.00000000"],)"
            R"(["sell","68901.00","0.00000000"]],"time":"2026-09-21T14:13:20.123456Z"})");
}

TEST(CoinbaseExchange, MatchesNameTheMakersSide) {
  EXPECT_THAT(exchange::match(kBitcoin, purchase(), "last_match"),
              MatchesRegex(R"(\{"type":"last_match","trade_id":881613,"maker_order_id":"[0-9a-f-]{36}",)"
                           R"("taker_order_id":"[0-9a-f-]{36}","side":"sell","size":"0.04000000","price":"68901.00",)"
                           R"("product_id":"BTC-USD","sequence":333938798,"time":"2026-09-21T14:13:20.123456Z"\})"));
}

TEST(CoinbaseExchange, TickersNameTheTakersSide) {
  EXPECT_EQ(exchange::ticker(kBitcoin, purchase(), quote()),
            R"({"type":"ticker","sequence":333938798,"product_id":"BTC-USD","price":"68901.00","open_24h":"68000.00",)"
            R"("volume_24h":"1000.00000000","low_24h":"67000.00","high_24h":"69000.00","volume_30d":"30000.00000000",)"
            R"("best_bid":"68900.00","best_bid_size":"1.50000000","best_ask":"68901.00","best_ask_size":"0.50000000",)"
            R"("side":"buy","time":"2026-09-21T14:13:20.123456Z","trade_id":881613,"last_size":"0.04000000"})");
}

TEST(CoinbaseExchange, HeartbeatsNameTheLastTrade) {
  EXPECT_EQ(exchange::heartbeat(kBitcoin, purchase(), kAt),
            R"({"type":"heartbeat","sequence":333938798,"last_trade_id":881613,"product_id":"BTC-USD",)"
            R"("time":"2026-09-21T14:13:20.123456Z"})");
}

TEST(CoinbaseAdvanced, EnvelopeNumbersItsEvent) {
  EXPECT_EQ(advanced::envelope("subscriptions", kAt, 3, advanced::subscriptions({{"level2", {"BTC-USD"}}})),
            R"({"channel":"subscriptions","client_id":"","timestamp":"2026-09-21T14:13:20.123456789Z",)"
            R"("sequence_num":3,"events":[{"subscriptions":{"level2":["BTC-USD"]}}]})");
}

TEST(CoinbaseAdvanced, Heartbeats) {
  EXPECT_EQ(advanced::heartbeat(kAt, 42),
            R"({"current_time":"2026-09-21 14:13:20.123456789 +0000 UTC","heartbeat_counter":42})");
}

TEST(CoinbaseAdvanced, Books) {
  EXPECT_EQ(advanced::l2_snapshot(kBitcoin, {{{price(6'890'000), size(150)}}, {}, 160}),
            R"({"type":"snapshot","product_id":"BTC-USD","updates":[{"side":"bid","event_time":"1970-01-01T00:00:00Z",)"
            R"("price_level":"68900.00","new_quantity":"1.50000000"}]})");
  EXPECT_EQ(advanced::l2_update(kBitcoin, changes()),
            R"({"type":"update","product_id":"BTC-USD","updates":[)"
            R"({"side":"bid","event_time":"2026-09-21T14:13:20.123456Z","price_level":"68900.00",)"
            R"("new_quantity":"2.00000000"},)"
            R"({"side":"offer","event_time":"2026-09-21T14:13:20.123456Z","price_level":"68901.00",)"
            R"("new_quantity":"0.00000000"}]})");
}

TEST(CoinbaseAdvanced, Trades) {
  EXPECT_EQ(advanced::market_trades(kBitcoin, {purchase().trade}, EventKind::Update),
            R"({"type":"update","trades":[{"trade_id":"881613","product_id":"BTC-USD","price":"68901.00",)"
            R"("size":"0.04000000","side":"SELL","time":"2026-09-21T14:13:20.123456Z"}]})");
}

TEST(CoinbaseAdvanced, OnlyTickersHaveAQuote) {
  EXPECT_EQ(advanced::ticker(kBitcoin, quote(), EventKind::Snapshot, true),
            R"({"type":"snapshot","tickers":[{"type":"ticker","product_id":"BTC-USD","price":"68901.00",)"
            R"("volume_24_h":"1000.00000000","low_24_h":"67000.00","high_24_h":"69000.00","low_52_w":"67000.00",)"
            R"("high_52_w":"69000.00","price_percent_chg_24_h":"1.325","best_bid":"68900.00",)"
            R"("best_bid_quantity":"1.50000000","best_ask":"68901.00","best_ask_quantity":"0.50000000"}]})");
  EXPECT_EQ(advanced::ticker(kBitcoin, quote(), EventKind::Update, false).find("best_bid"), std::string::npos);
}

TEST(CoinbaseAdvanced, CandlesAreNewestFirst) {
  const SpotCandle older{from_unix_s(1'789'999'800), price(1), price(4), price(1), price(2), size(5), 3};
  const SpotCandle newer{from_unix_s(1'790'000'100), price(2), price(3), price(2), price(3), size(7), 3};
  EXPECT_EQ(advanced::candles(kBitcoin, {older, newer}, EventKind::Update),
            R"({"type":"update","candles":[{"start":"1790000100","high":"0.03","low":"0.02","open":"0.02",)"
            R"("close":"0.03","volume":"0.07000000","product_id":"BTC-USD"},{"start":"1789999800","high":"0.04",)"
            R"("low":"0.01","open":"0.01","close":"0.02","volume":"0.05000000","product_id":"BTC-USD"}]})");
}

}  // namespace
}  // namespace arbees::sim::coinbase

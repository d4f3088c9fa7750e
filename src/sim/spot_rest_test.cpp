// REST answers of both spot servers.

#include <gmock/gmock.h>

#include "adapters/venue/binance/decoder.h"
#include "adapters/venue/coinbase/decoder.h"
#include "sim/binance_rest.h"
#include "sim/coinbase_rest.h"
#include "sim/spot_test_client.h"

namespace arbees::sim {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class SpotRest : public testing::Test {
 protected:
  SpotRest() : test_(1), binance_(test_.world), coinbase_(test_.world) { test_.advance(std::chrono::seconds(30)); }

  net::ServerResponse binance(std::string_view path, std::string_view query = "") {
    return binance_.answer(get_request(path, query), test_.now);
  }
  net::ServerResponse coinbase(std::string_view path, std::string_view query = "") {
    return coinbase_.answer(get_request(path, query), {test_.now, {{"BTC-USD", 77}}}, test_.now);
  }

  TestWorld test_;
  binance::Rest binance_;
  coinbase::Rest coinbase_;
};

TEST_F(SpotRest, BinancePingAndTime) {
  EXPECT_EQ(binance("/api/v3/ping").body, "{}");
  EXPECT_EQ(binance("/api/v3/time").body, R"({"serverTime":1790000030000})");
}

TEST_F(SpotRest, BinanceListsItsSymbolsWithFilters) {
  EXPECT_THAT(binance("/api/v3/exchangeInfo").body,
              AllOf(HasSubstr(R"("symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC")"), HasSubstr("ETHUSDT"),
                    HasSubstr("SOLUSDT"), HasSubstr(R"("filterType":"PRICE_FILTER")"), HasSubstr("LOT_SIZE")));
  EXPECT_THAT(binance("/api/v3/exchangeInfo", "symbols=%5B%22ETHUSDT%22%5D").body,
              AllOf(HasSubstr("ETHUSDT"), testing::Not(HasSubstr("BTCUSDT"))));
}

TEST_F(SpotRest, BinanceErrorsHaveCodes) {
  EXPECT_EQ(binance("/api/v3/depth", "symbol=NOSUCH").body, R"({"code":-1121,"msg":"Invalid symbol."})");
  EXPECT_EQ(binance("/api/v3/depth", "symbol=NOSUCH").status, 400);
  EXPECT_THAT(binance("/api/v3/depth").body, HasSubstr(R"("code":-1102)"));
  EXPECT_THAT(binance("/api/v3/klines", "symbol=BTCUSDT&interval=7m").body, HasSubstr(R"("code":-1120)"));
  EXPECT_THAT(binance("/api/v3/depth", "symbol=BTCUSDT&limit=x").body, HasSubstr(R"("code":-1100)"));
  EXPECT_EQ(binance("/api/v3/nothing").status, 404);
  EXPECT_EQ(binance::Rest::refusal(429).status, 429);
}

TEST_F(SpotRest, BinanceDepthIsTheWorldsBook) {
  const SpotProduct& product = *test_.world.find_product(Venue::Binance, "BTCUSDT");
  arbees::binance::Decoder decoder;
  BookKeeper keeper(decoder);
  decoder.set_snapshot_symbol("BTCUSDT");
  keeper.take(binance("/api/v3/depth", "symbol=BTCUSDT&limit=5000").body, test_.now);
  EXPECT_EQ(keeper.difference(product, test_.world.spot_book(product)), "");
}

TEST_F(SpotRest, BinanceRowsAndTickers) {
  EXPECT_THAT(binance("/api/v3/klines", "symbol=BTCUSDT&interval=1m&limit=2").body, StartsWith("[["));
  EXPECT_THAT(binance("/api/v3/trades", "symbol=BTCUSDT&limit=2").body, StartsWith(R"([{"id":)"));
  EXPECT_THAT(binance("/api/v3/aggTrades", "symbol=BTCUSDT&limit=2").body, StartsWith(R"([{"a":)"));
  EXPECT_THAT(binance("/api/v3/ticker/24hr", "symbol=BTCUSDT").body,
              StartsWith(R"({"symbol":"BTCUSDT","priceChange":)"));
  EXPECT_THAT(binance("/api/v3/ticker/price").body, StartsWith(R"([{"symbol":"BTCUSDT","price":)"));
  EXPECT_THAT(binance("/api/v3/ticker/bookTicker", "symbol=ETHUSDT").body, HasSubstr("bidPrice"));
}

TEST_F(SpotRest, BinanceAddsUpTheWeight) {
  const auto used = [&](std::string_view query) { return binance("/api/v3/depth", query).headers.front().second; };
  EXPECT_EQ(used("symbol=BTCUSDT"), "5");
  EXPECT_EQ(used("symbol=BTCUSDT&limit=5000"), "255");
  test_.advance(std::chrono::minutes(1));
  EXPECT_EQ(used("symbol=BTCUSDT&limit=1000"), "50");
}

TEST_F(SpotRest, CoinbaseListsProductsAndCurrencies) {
  EXPECT_THAT(
      coinbase("/products").body,
      AllOf(StartsWith(R"([{"id":"BTC-USD","base_currency":"BTC","quote_currency":"USD")"), HasSubstr("SOL-USD")));
  EXPECT_THAT(coinbase("/products/ETH-USD").body, StartsWith(R"({"id":"ETH-USD")"));
  EXPECT_THAT(coinbase("/currencies").body, AllOf(HasSubstr(R"("id":"BTC")"), HasSubstr(R"("id":"USD")")));
  EXPECT_THAT(coinbase("/currencies/BTC").body, StartsWith(R"({"id":"BTC")"));
  EXPECT_EQ(coinbase("/time").body, R"({"iso":"2026-09-21T14:13:50.000Z","epoch":1790000030.000})");
}

TEST_F(SpotRest, CoinbaseErrorsHaveMessages) {
  EXPECT_EQ(coinbase("/products/NOSUCH-USD/book").body, R"({"message":"NotFound"})");
  EXPECT_EQ(coinbase("/products/NOSUCH-USD/book").status, 404);
  EXPECT_EQ(coinbase("/nothing").status, 404);
  EXPECT_EQ(coinbase("/products/BTC-USD/book", "level=4").body, R"({"message":"Invalid level"})");
  EXPECT_EQ(coinbase("/products/BTC-USD/candles", "granularity=61").body, R"({"message":"Unsupported granularity"})");
  EXPECT_EQ(coinbase("/products/BTC-USD/candles", "granularity=60&start=2026-01-01T00:00:00Z&end=2026-01-02T00:00:00Z")
                .status,
            400);
}

TEST_F(SpotRest, CoinbaseBooksAreTheWorlds) {
  const SpotProduct& product = *test_.world.find_product(Venue::Coinbase, "BTC-USD");
  for (const char* path : {"/products/BTC-USD/book", "/api/v3/brokerage/market/product_book"}) {
    arbees::coinbase::Decoder decoder;
    BookKeeper keeper(decoder);
    FrameBuffer buffer;
    DecodedFrame decoded;
    const net::ServerResponse response = coinbase(path, "level=2&product_id=BTC-USD");
    decoder.decode_rest_book("BTC-USD", buffer.assign(response.body), test_.now, decoded);
    keeper.take(decoded);
    EXPECT_EQ(keeper.difference(product, test_.world.spot_book(product)), "") << path;
  }
  EXPECT_THAT(coinbase("/products/BTC-USD/book", "level=1").body, HasSubstr(R"("sequence":77)"));
}

TEST_F(SpotRest, CoinbaseRowsAndTickers) {
  EXPECT_THAT(coinbase("/products/BTC-USD/candles").body, StartsWith("[[17"));
  EXPECT_THAT(coinbase("/products/BTC-USD/ticker").body, StartsWith(R"({"ask":)"));
  EXPECT_THAT(coinbase("/products/BTC-USD/trades", "limit=1").body, StartsWith(R"([{"trade_id":)"));
  EXPECT_THAT(coinbase("/products/BTC-USD/stats").body, StartsWith(R"({"open":)"));
}

TEST_F(SpotRest, AdvancedTradeNeedsNoKeyForItsMarket) {
  EXPECT_THAT(coinbase("/api/v3/brokerage/market/products").body,
              StartsWith(R"({"products":[{"product_id":"BTC-USD")"));
  EXPECT_THAT(coinbase("/api/v3/brokerage/market/products", "product_type=FUTURE").body,
              StartsWith(R"({"products":[])"));
  EXPECT_THAT(coinbase("/api/v3/brokerage/market/products/BTC-USD/ticker", "limit=1").body, HasSubstr("best_bid"));
  EXPECT_THAT(coinbase("/api/v3/brokerage/market/products/BTC-USD/candles",
                       "granularity=ONE_MINUTE&start=1789990000&end=1790000000")
                  .body,
              StartsWith(R"({"candles":[{"start":"17)"));
  EXPECT_EQ(coinbase("/api/v3/brokerage/market/products/X-USD").status, 404);
  EXPECT_THAT(coinbase("/v2/currencies/crypto").body, HasSubstr(R"("code":"ETH")"));
}

}  // namespace
}  // namespace arbees::sim

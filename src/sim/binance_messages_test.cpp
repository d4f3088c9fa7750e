// The very text of each message; the shapes are those of docs/venues/binance.md and its sources.

#include "sim/binance_messages.h"

#include <gtest/gtest.h>

namespace arbees::sim::binance {
namespace {

constexpr Timestamp kAt = from_unix_ms(1'790'000'000'123);

const SpotProduct kBitcoin{
    Venue::Binance, Asset::BTC, "BTCUSDT", SpotPrice::from_units(1'000'000), SpotQuantity::from_units(1000), 2, 5};

SpotPrice price(std::int64_t cents) { return SpotPrice::from_units(cents * 1'000'000); }
SpotQuantity size(std::int64_t hundredths) { return SpotQuantity::from_units(hundredths * 1'000'000); }

SpotBookView book() {
  SpotBookView view;
  view.bids = {{price(6'400'000), size(150)}, {price(6'399'950), size(75)}};
  view.asks = {{price(6'400'100), size(50)}, {price(6'400'250), size(120)}};
  view.update_id = 160;
  return view;
}

SpotTradeReport sale() { return {12345, price(6'400'000), size(2), BookSide::Ask, from_unix_ms(1'790'000'000'100)}; }

SpotLevelChange change(BookSide side, SpotPrice at, SpotQuantity quantity, std::uint64_t id) {
  return {side, at, quantity, id, kAt};
}

TEST(BinanceMessages, DepthUpdateHasTheLastSizeOfEachLevelAndAllIds) {
  DepthBatch batch;
  EXPECT_TRUE(batch.is_empty());
  batch.add(change(BookSide::Bid, price(6'400'000), size(10), 157));
  batch.add(change(BookSide::Ask, price(6'400'100), size(0), 158));
  batch.add(change(BookSide::Bid, price(6'400'000), size(20), 159));
  EXPECT_EQ(depth_update(kBitcoin, batch, kAt),
            R"({"e":"depthUpdate","E":1790000000123,"s":"BTCUSDT","U":157,"u":159,)"
            R"("b":[["64000.00000000","0.20000000"]],"a":[["64001.00000000","0.00000000"]]})");
}

TEST(BinanceMessages, Trades) {
  EXPECT_EQ(trade(kBitcoin, sale(), kAt),
            R"({"e":"trade","E":1790000000123,"s":"BTCUSDT","t":12345,"p":"64000.00000000","q":"0.02000000",)"
            R"("T":1790000000100,"m":true,"M":true})");
  EXPECT_EQ(aggregate_trade(kBitcoin, sale(), kAt),
            R"({"e":"aggTrade","E":1790000000123,"s":"BTCUSDT","a":12345,"p":"64000.00000000","q":"0.02000000",)"
            R"("f":12345,"l":12345,"T":1790000000100,"m":true,"M":true})");
}

TEST(BinanceMessages, BookTickerHasNoTime) {
  EXPECT_EQ(book_ticker(kBitcoin, book()),
            R"({"u":160,"s":"BTCUSDT","b":"64000.00000000","B":"1.50000000","a":"64001.00000000","A":"0.50000000"})");
}

TEST(BinanceMessages, SnapshotHasTheBestLevels) {
  EXPECT_EQ(
      depth_snapshot(book(), 1),
      R"({"lastUpdateId":160,"bids":[["64000.00000000","1.50000000"]],"asks":[["64001.00000000","0.50000000"]]})");
}

TEST(BinanceMessages, Tickers) {
  const Ticker values{
      {price(6'300'000), price(6'500'000), price(6'200'000), price(6'400'000), size(1000)}, book(), sale(), kAt};
  EXPECT_EQ(mini_ticker(kBitcoin, values),
            R"({"e":"24hrMiniTicker","E":1790000000123,"s":"BTCUSDT","c":"64000.00000000","o":"63000.00000000",)"
            R"("h":"65000.00000000","l":"62000.00000000","v":"10.00000000","q":"640000.00000000"})");
  EXPECT_EQ(ticker(kBitcoin, values),
            R"({"e":"24hrTicker","E":1790000000123,"s":"BTCUSDT","p":"1000.00000000","P":"1.587",)"
            R"("w":"64000.00000000","x":"63000.00000000","c":"64000.00000000","Q":"0.02000000",)"
            R"("b":"64000.00000000","B":"1.50000000","a":"64001.00000000","A":"0.50000000","o":"63000.00000000",)"
            R"("h":"65000.00000000","l":"62000.00000000","v":"10.00000000","q":"640000.00000000",)"
            R"("O":1789913600123,"C":1790000000123,"F":1,"L":12345,"n":12345})");
}

TEST(BinanceMessages, Klines) {
  const Kline bar{{from_unix_s(1'789'999'980), price(6'390'000), price(6'410'000), price(6'380'000), price(6'400'000),
                   size(300), 30},
                  "1m",
                  std::chrono::minutes(1),
                  true};
  EXPECT_EQ(kline(kBitcoin, bar, kAt),
            R"({"e":"kline","E":1790000000123,"s":"BTCUSDT","k":{"t":1789999980000,"T":1790000039999,"s":"BTCUSDT",)"
            R"("i":"1m","f":-1,"L":-1,"o":"63900.00000000","c":"64000.00000000","h":"64100.00000000",)"
            R"("l":"63800.00000000","v":"3.00000000","n":30,"x":true,"q":"192000.00000000","V":"1.50000000",)"
            R"("Q":"96000.00000000","B":"0"}})");
  EXPECT_EQ(kline_row(bar),
            R"([1789999980000,"63900.00000000","64100.00000000","63800.00000000","64000.00000000","3.00000000",)"
            R"(1790000039999,"192000.00000000",30,"1.50000000","96000.00000000","0"])");
}

TEST(BinanceMessages, CombinedFramesWrapTheRawOnes) {
  EXPECT_EQ(combined("btcusdt@trade", R"({"e":"trade"})"), R"({"stream":"btcusdt@trade","data":{"e":"trade"}})");
}

}  // namespace
}  // namespace arbees::sim::binance

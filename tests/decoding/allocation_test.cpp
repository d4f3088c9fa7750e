// Decoders allocate nothing per message once their buffers have grown: operator new is counted.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/venue/binance/decoder.h"
#include "adapters/venue/bitstamp/decoder.h"
#include "adapters/venue/coinbase/decoder.h"
#include "adapters/venue/gemini/decoder.h"
#include "adapters/venue/kalshi/decoder.h"
#include "adapters/venue/polymarket/decoder.h"
#include "tests/support/counted_allocations.h"

namespace arbees {
namespace {

// Replaces every '#' by the number.
std::string numbered(std::string text, int number) {
  for (std::size_t at = text.find('#'); at != std::string::npos; at = text.find('#')) {
    text.replace(at, 1, std::to_string(number));
  }
  return text;
}

// Decodes all frames ten times, numbered on; from the fourth time on they may not allocate.
void expect_no_allocation(FrameDecoder& decoder, const std::vector<std::string>& frames) {
  FrameBuffer buffer;
  DecodedFrame decoded;
  int number = 1'000'000;
  for (int round = 0; round < 10; ++round) {
    for (const std::string& frame : frames) {
      const std::string text = numbered(frame, number++);
      const std::string_view padded = buffer.assign(text);
      decoded.clear();
      const std::size_t before = allocations;
      decoder.decode(padded, from_unix_s(1'790'000'000), decoded);
      const std::size_t allocated = allocations - before;
      EXPECT_TRUE(round < 3 || allocated == 0) << allocated << " for " << frame;
      EXPECT_TRUE(decoded.anomalies.empty()) << text;
      EXPECT_FALSE(decoded.events.empty()) << text;
    }
  }
}

TEST(DecodingAllocations, KalshiNeedsNoneOnceWarm) {
  kalshi::Decoder decoder;
  expect_no_allocation(
      decoder,
      {R"({"type":"orderbook_snapshot","sid":1,"seq":#,"msg":{"market_ticker":"KXBTC15M-26NOV221715-15","yes_dollars_fp":[["0.0100","12.00"],["0.4650","3.25"]],"no_dollars_fp":[["0.5200","40.00"]]}})",
       R"({"type":"orderbook_delta","sid":1,"seq":#,"msg":{"market_ticker":"KXBTC15M-26NOV221715-15","price_dollars":"0.4600","delta_fp":"1.00","side":"yes","ts_ms":1790000000123}})",
       R"({"type":"orderbook_delta","sid":1,"seq":#,"msg":{"side":"no","market_ticker":"KXBTC15M-26NOV221715-15","price_dollars":"0.4600","delta_fp":"1.00","subaccount":3}})",
       R"({"type":"cfbenchmarks_value","sid":1,"seq":#,"msg":{"index_id":"BRTI","data":"{\"id\":\"BRTI\",\"time\":1790000000000,\"value\":\"90123.45\"}"}})",
       R"({"type":"trade","sid":1,"seq":#,"msg":{"market_ticker":"KXBTC15M-26NOV221715-15","yes_price_dollars":"0.4900","count_fp":"13.60","taker_book_side":"bid"}})",
       R"({"type":"market_lifecycle_v2","sid":1,"seq":#,"msg":{"market_ticker":"KXBTC15M-26NOV221715-15","event_type":"metadata_updated","floor_strike":90123.45}})"});
  expect_no_allocation(
      decoder,
      {R"({"type":"ticker","sid":2,"msg":{"market_ticker":"KXBTC15M-26NOV221715-15","yes_bid_dollars":"0.4700","yes_ask_dollars":"0.4900","ts_ms":1790000000456}})"});
}

TEST(DecodingAllocations, CoinbaseNeedsNoneOnceWarm) {
  coinbase::Decoder decoder;
  expect_no_allocation(
      decoder,
      {R"({"type":"snapshot","product_id":"BTC-USD","asks":[["90000.01","1.5"]],"bids":[["89999.99","0.25000001"],["89990","3"]]})",
       R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","89999.99","0.0"],["sell","90000.00","0.125"]],"time":"2026-11-22T10:00:00.123456Z"})",
       R"({"type":"ticker","product_id":"BTC-USD","price":"90000.50","best_bid":"89999.99","best_ask":"90000.50","side":"buy","trade_id":#,"last_size":"0.001"})"});
  expect_no_allocation(
      decoder,
      {R"({"channel":"l2_data","timestamp":"2026-11-22T10:00:01.5Z","sequence_num":#,"events":[{"type":"snapshot","product_id":"ETH-USD","updates":[{"side":"bid","price_level":"3000","new_quantity":"2"}]}]})"});
}

TEST(DecodingAllocations, PolymarketNeedsNoneOnceWarm) {
  polymarket::Decoder decoder;
  // The hash is that of the summary with min_order_size "5", neg_risk false and last_trade_price "0.500".
  expect_no_allocation(
      decoder,
      {R"({"market":"0xab","asset_id":"77","timestamp":"1790000000000","hash":"0ee6925d41d5104404c7edf3703ce24c26cdf38e","bids":[{"price":"0.4","size":"10"},{"price":"0.45","size":"20"}],"asks":[{"price":"0.6","size":"5"},{"price":"0.55","size":"7.5"}],"tick_size":"0.01","event_type":"book","last_trade_price":"0.500"})",
       R"({"market":"0xab","asset_id":"77","best_bid":"0.45","best_ask":"0.55","timestamp":"1790000000001","event_type":"best_bid_ask"})",
       R"({"market":"0xab","asset_id":"77","price":"0.55","size":"1.5","fee_rate_bps":"0","side":"BUY","timestamp":"1790000000002","event_type":"last_trade_price"})"});
}

TEST(DecodingAllocations, PolymarketNeedsNoneWhileItVerifiesHashes) {
  polymarket::Decoder decoder;
  const std::string book =
      R"({"market":"0xab","asset_id":"77","timestamp":"1790000000000","hash":"d2c5fb3993568c27e111a584e861b476767da126","bids":[{"price":"0.4","size":"10"}],"asks":[{"price":"0.6","size":"5"}],"tick_size":"0.01","event_type":"book","last_trade_price":"0.500"})";
  const std::string change =
      R"({"market":"0xab","price_changes":[{"asset_id":"77","price":"0.45","size":"21","side":"BUY","hash":"9d9cce183b56cf0eaf8b1f1119c891b681edf060","best_bid":"0.45","best_ask":"0.6"}],"timestamp":"1790000000000","event_type":"price_change"})";
  const std::string undo =
      R"({"market":"0xab","price_changes":[{"asset_id":"77","price":"0.45","size":"0","side":"BUY","hash":"d2c5fb3993568c27e111a584e861b476767da126","best_bid":"0.4","best_ask":"0.6"}],"timestamp":"1790000000000","event_type":"price_change"})";
  expect_no_allocation(decoder, {book, change, undo, change, undo});
  EXPECT_EQ(decoder.hash_counts().snapshots_verified, 10U);
  EXPECT_EQ(decoder.hash_counts().changes_verified, 40U);
}

TEST(DecodingAllocations, BinanceNeedsNoneOnceWarm) {
  binance::Decoder decoder;
  expect_no_allocation(
      decoder,
      {R"({"u":#,"s":"BTCUSDT","b":"89999.99","B":"1.5","a":"90000.01","A":"2"})",
       R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1790000000136,"s":"BTCUSDT","t":#,"p":"90000.01","q":"0.5","T":1790000000135,"m":true}})",
       R"({"stream":"ethusdt@depth20","data":{"lastUpdateId":#,"bids":[["3000","1"]],"asks":[["3001","2"]]}})"});
}

TEST(DecodingAllocations, BitstampNeedsNoneOnceWarm) {
  bitstamp::Decoder decoder;
  FrameBuffer buffer;
  DecodedFrame decoded;
  decoder.decode_rest_book(
      "ethusd",
      buffer.assign(R"({"timestamp":"0","microtimestamp":"1000","bids":[["3000","1"]],"asks":[["3001","1"]]})"),
      from_unix_s(1'790'000'000), decoded);
  expect_no_allocation(
      decoder,
      {R"({"event":"data","channel":"diff_order_book_ethusd","data":{"timestamp":"1","microtimestamp":"#","bids":[["3000","1"],["2999","0"]],"asks":[["3001","2"]]}})",
       R"({"event":"data","channel":"order_book_btcusd","data":{"timestamp":"1","microtimestamp":"#","bids":[["90000","#"],["89999","1"]],"asks":[["90001","2"]]}})",
       R"({"event":"trade","channel":"live_trades_btcusd","data":{"id":#,"amount_str":"0.5","price_str":"90000.5","type":0,"microtimestamp":"1790000000000001"}})"});
}

TEST(DecodingAllocations, GeminiNeedsNoneOnceWarm) {
  gemini::Decoder decoder;
  expect_no_allocation(
      decoder,
      {R"({"e":"depthUpdate","E":1790000000000000001,"s":"btcusd","U":#,"u":#,"b":[["65000.00","1.0"]],"a":[["65001.00","2.0"]]})"});
  expect_no_allocation(
      decoder,
      {R"({"u":#,"E":1790000000200000001,"s":"btcusd","b":"64999.99","B":"3.25","a":"65001.00","A":"2.0"})",
       R"({"E":1790000000300000001,"s":"btcusd","t":#,"p":"65001.00","q":"0.015","m":false})",
       R"({"type":"l2_updates","symbol":"ETHUSD","changes":[["buy","3000","1"],["sell","3001","0"]],"trades":[]})"});
}

}  // namespace
}  // namespace arbees

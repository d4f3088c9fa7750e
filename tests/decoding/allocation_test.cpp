// Decoders allocate nothing per message once their buffers have grown: operator new is counted.

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "adapters/venue/coinbase/decoder.h"
#include "adapters/venue/kalshi/decoder.h"

namespace {

std::size_t allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

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

}  // namespace
}  // namespace arbees

#pragma once
// Small correct lines of each venue and recording, to put wrong ones between.

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace arbees::cli {

inline std::string kalshi_snapshot(int sequence, std::string_view size = "120.00") {
  return fmt::format(
      R"({{"type":"orderbook_snapshot","sid":2,"seq":{},"msg":{{"market_ticker":"KXBTC15M-26MAY131730-30",)"
      R"("market_id":"9b0f6b43-5b68-4f9f-9f02-9a2d1b8ac1a1","yes_dollars_fp":[["0.4700","{}"],["0.4500","7.50"]],)"
      R"("no_dollars_fp":[["0.5100","35.00"]]}}}})",
      sequence, size);
}

inline std::string kalshi_delta(int sequence, std::string_view change = "10.00") {
  return fmt::format(
      R"({{"type":"orderbook_delta","sid":2,"seq":{},"msg":{{"market_ticker":"KXBTC15M-26MAY131730-30",)"
      R"("market_id":"9b0f6b43-5b68-4f9f-9f02-9a2d1b8ac1a1","price_dollars":"0.4600","delta_fp":"{}","side":"yes",)"
      R"("ts":"2026-05-13T21:20:00.123456Z","ts_ms":1778707200123}}}})",
      sequence, change);
}

inline std::string polymarket_book(std::string_view size) {
  return fmt::format(
      R"({{"event_type":"book","asset_id":"76749653936013921365546287415768593012625655716270825060317350902247751903470",)"
      R"("market":"0x0caeb05adad5adc4092885b50be90842f690b3671036d33be1929eed6c07859d","timestamp":"1776081600000",)"
      R"("hash":"","bids":[{{"price":"0.45","size":"{}"}},{{"price":"0.46","size":"12.5"}}],)"
      R"("asks":[{{"price":"0.49","size":"10"}},{{"price":"0.48","size":"33.333333"}}]}})",
      size);
}

inline std::string coinbase_snapshot(std::string_view size) {
  return fmt::format(
      R"({{"type":"snapshot","product_id":"BTC-USD","bids":[["61837.63","{}"],["61837.00","2"]],"asks":[["61838.04","0.5"]]}})",
      size);
}

inline std::string coinbase_update() {
  return R"({"type":"l2update","product_id":"BTC-USD","changes":[["buy","61837.63","1.25"]],"time":"2026-05-13T21:20:00.123456Z"})";
}

inline std::string binance_snapshot(int last_id) {
  return fmt::format(
      R"({{"lastUpdateId":{},"bids":[["61837.63000000","3.78826000"]],"asks":[["61837.64000000","1.54698000"]]}})",
      last_id);
}

inline std::string binance_update(int first, int last) {
  return fmt::format(
      R"({{"stream":"btcusdt@depth@100ms","data":{{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":{},"u":{},)"
      R"("b":[["61836.00000000","0.50000000"]],"a":[["61839.00000000","{}.00000000"]]}}}})",
      first, last, last);
}

inline std::string binance_trade(int id) {
  return fmt::format(
      R"({{"stream":"btcusdt@trade","data":{{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":{},"p":"61837.63000000",)"
      R"("q":"0.02000000","T":1723161255342,"m":true,"M":true}}}})",
      id + 1);
}

// As `binance-spot-ws-raw` has it.
inline std::string binance_trade_line(int unix_s, int id) {
  return fmt::format("{}000000000 {}", unix_s, binance_trade(id));
}

}  // namespace arbees::cli

// Every single message of the wire folders, and what must become of it.
#include <map>
#include <memory>

#include "adapters/venue/binance/decoder.h"
#include "adapters/venue/polymarket/decoder.h"
#include "tests/recorded/recorded_data.h"

namespace arbees {
namespace {

struct Outcome {
  std::size_t events = 0;
  std::string anomalies;  // kinds, each followed by a space
  bool is_control = false;
};

Outcome decode_file(FrameDecoder& decoder, const std::string& path) {
  FrameBuffer buffer;
  DecodedFrame decoded;
  decoder.decode(buffer.assign(read_whole(path)), from_unix_s(1), decoded);
  decoder.finish(from_unix_s(1), decoded);
  Outcome outcome{decoded.events.size(), {}, decoded.is_control};
  for (const Anomaly& anomaly : decoded.anomalies) outcome.anomalies += std::string(anomaly_name(anomaly.kind)) + " ";
  return outcome;
}

// What a file gives: a number of events, "control", or the anomaly that refuses it.
struct Expected {
  std::string anomalies;
  std::size_t least_events = 0;
  bool is_control = false;
};

const Expected kUnknown{"unknown_message ", 0, false};

template <class MakeDecoder>
void check_folder(const std::string& venue, const std::map<std::string, Expected>& expectations,
                  MakeDecoder&& make_decoder) {
  std::size_t checked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(recorded_path("wire/" + venue))) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || entry.path().extension() != ".json") continue;
    SCOPED_TRACE(name);
    const auto found = expectations.find(name);
    const Expected& expected = found == expectations.end() ? kUnknown : found->second;
    const auto decoder = make_decoder();
    const Outcome outcome = decode_file(*decoder, entry.path().string());
    EXPECT_EQ(outcome.anomalies, expected.anomalies);
    EXPECT_EQ(outcome.is_control, expected.is_control);
    if (expected.least_events == 0) {
      EXPECT_EQ(outcome.events, 0U);
    } else {
      EXPECT_GE(outcome.events, expected.least_events);
    }
    ++checked;
  }
  EXPECT_GT(checked, 20U);
}

TEST(WireMessages, Polymarket) {
  const Expected book{"", 3, false};
  const Expected control{"", 0, true};
  check_folder("polymarket",
               {{"clob_book.json", book},
                {"clob_ws_book_btc5m_1.json", book},
                {"clob_ws_book_without_event_type_0429.json", book},
                {"clob_ws_initial_books_list_0429.json", book},
                {"clob_ws_best_bid_ask_btc5m_1.json", {"", 2, false}},
                {"clob_ws_last_trade_price_btc5m_1.json", {"", 2, false}},
                {"clob_ws_new_market_0429.json", control},
                {"clob_ws_price_change_0429.json", {"unknown_symbol unknown_symbol ", 0, false}},
                {"clob_ws_price_change_btc5m_1.json", {"unknown_symbol unknown_symbol ", 0, false}},
                {"rtds_chainlink_subscribe_0429.json", {"", 50, false}},
                {"rtds_chainlink_update_0429.json", {"", 1, false}},
                {"nautilus_clob_book_response.json", book},
                {"nautilus_ws_book_snapshot.json", book},
                {"nautilus_ws_market_book_msg.json", book},
                {"nautilus_ws_last_trade.json", {"", 2, false}},
                {"nautilus_ws_market_best_bid_ask_msg.json", {"", 2, false}},
                {"nautilus_ws_market_new_market_msg.json", control},
                {"nautilus_ws_market_price_change_msg.json", {"unknown_symbol ", 0, false}},
                {"nautilus_ws_quotes.json", {"unknown_symbol unknown_symbol ", 0, false}},
                {"nautilus_ws_market_resolved_msg.json", {"", 4, false}},
                {"nautilus_ws_market_tick_size_msg.json", {"tick_size_change ", 3, false}},
                {"nautilus_ws_tick_size_change.json", {"tick_size_change ", 3, false}},
                {"nautilus_rtds_crypto_prices_subscribe.json", control},
                {"gamma_markets.json", {"unknown_message unknown_message ", 0, false}},
                {"nautilus_data_api_positions_response.json",
                 {"unknown_message unknown_message unknown_message unknown_message ", 0, false}},
                {"nautilus_gamma_tags.json",
                 {"unknown_message unknown_message unknown_message unknown_message unknown_message ", 0, false}}},
               [] { return std::make_unique<polymarket::Decoder>(); });
}

TEST(WireMessages, Binance) {
  check_folder("binance",
               {{"rest_depth_BLZETH.json", {"unknown_symbol ", 0, false}},
                {"rest_depth_NKNUSDT.json", {"unknown_symbol ", 0, false}},
                {"rest_depth_snapshot_btcusdt_20240808.json", {"unknown_symbol ", 0, false}},
                {"ws_2021_aggTrade_1.json", {"", 2, false}},
                {"ws_2021_bookTicker_1.json", {"", 2, false}},
                {"ws_2021_depth_100ms_1.json", {"", 0, false}},
                {"ws_2021_kline_1m_1.json", {"", 0, true}},
                {"ws_trade_btcusdt_0429.json", {"", 2, false}},
                {"ws_trade_ethusdt_0429.json", {"", 2, false}},
                {"ws_trade_solusdt_0429.json", {"", 2, false}}},
               [] { return std::make_unique<binance::Decoder>(); });
}

}  // namespace
}  // namespace arbees

#pragma once
// What Binance's spot streams send, as JSON text. Shapes: docs/venues/binance.md and its sources.
//
// Prices and sizes have eight decimals, times are milliseconds.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "sim/spot.h"

namespace arbees::sim::binance {

// All changes of a book between two updates: the last size of every level that changed.
struct DepthBatch {
  std::uint64_t first_id = 0;  // 0: nothing changed
  std::uint64_t last_id = 0;
  std::vector<SpotLevel> bids;
  std::vector<SpotLevel> asks;

  [[nodiscard]] bool is_empty() const noexcept { return first_id == 0; }
  void add(const SpotLevelChange& change);
};

// What the market did in the last 24 hours, with what the tickers add to it.
struct Ticker {
  SpotDay day;
  SpotBookView book;
  SpotTradeReport last_trade;
  Timestamp at = kNoTime;
};

// One bar and the name of its interval ("1m").
struct Kline {
  SpotCandle candle;
  std::string_view interval;
  Duration length{0};
  bool is_closed = false;
};

[[nodiscard]] std::string depth_update(const SpotProduct& product, const DepthBatch& batch, Timestamp at);
[[nodiscard]] std::string trade(const SpotProduct& product, const SpotTradeReport& trade, Timestamp at);
// Every trade is an aggregate of its own.
[[nodiscard]] std::string aggregate_trade(const SpotProduct& product, const SpotTradeReport& trade, Timestamp at);
[[nodiscard]] std::string book_ticker(const SpotProduct& product, const SpotBookView& book);
[[nodiscard]] std::string mini_ticker(const SpotProduct& product, const Ticker& ticker);
[[nodiscard]] std::string ticker(const SpotProduct& product, const Ticker& ticker);
[[nodiscard]] std::string kline(const SpotProduct& product, const Kline& kline, Timestamp at);

// {"stream":…,"data":…}
[[nodiscard]] std::string combined(std::string_view stream, std::string_view payload);

// The best levels: REST's depth and the streams of partial depth.
[[nodiscard]] std::string depth_snapshot(const SpotBookView& book, std::size_t levels);
// A row of REST's klines.
[[nodiscard]] std::string kline_row(const Kline& kline);

}  // namespace arbees::sim::binance

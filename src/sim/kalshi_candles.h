#pragma once
// Candlesticks of Kalshi's markets: quotes and trades by the minute, gathered as they happen.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/telemetry/json.h"
#include "core/market/values.h"
#include "sim/market.h"

namespace arbees::sim {

struct KalshiRange {
  Price open;
  Price low;
  Price high;
  Price close;
  bool is_known = false;

  void add(Price price) noexcept;
  void add(const KalshiRange& later) noexcept;
};

class KalshiCandles {
 public:
  void on_quote(MarketId market, Price bid, Price ask, Timestamp at);
  void on_trade(const Market& market, const MarketTrade& trade);

  // The candles that end within [start, end], in seconds, each `minutes` long (1, 60 or 1440), oldest first.
  void write(JsonWriter& json, const Market& market, std::int64_t start, std::int64_t end, std::int64_t minutes) const;

 private:
  struct Candle {
    KalshiRange bid;
    KalshiRange ask;
    KalshiRange price;
    Quantity volume;
    Money traded;
    Quantity open_interest;

    void add(const Candle& later) noexcept;
  };
  using Series = std::map<std::int64_t, Candle>;  // by the minute's number since 1970

  static void write_candle(JsonWriter& json, std::int64_t end, const Candle& candle,
                           const std::optional<Price>& previous);

  std::map<MarketId, Series> series_;
};

}  // namespace arbees::sim

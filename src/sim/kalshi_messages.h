#pragma once
// Bodies (`msg`) of what Kalshi's WebSocket channels carry (AsyncAPI as of October 2026).
//
// Old names of directions are sent beside the new ones, as the venue still does. Times are in milliseconds where a
// name says so, in seconds where the venue kept them (`ts`, `open_ts` …).

#include <optional>
#include <string>
#include <string_view>

#include "sim/kalshi_text.h"

namespace arbees::sim {

// What the ticker channel says beside the market's own values.
struct KalshiTradeTotals {
  Quantity last_size;
  Money traded;
};

// A side without levels has no key.
[[nodiscard]] std::string snapshot_body(const KalshiShared& shared, const Market& market, bool yes_prices);
// `client_id`: of the user's own order that caused the change, or empty.
[[nodiscard]] std::string delta_body(const KalshiShared& shared, const Market& market, const BookChange& change,
                                     bool yes_prices, std::string_view client_id);
[[nodiscard]] std::string ticker_body(const KalshiShared& shared, const Market& market,
                                      const KalshiTradeTotals& totals);
[[nodiscard]] std::string trade_body(const KalshiShared& shared, const Market& market, const MarketTrade& trade);

[[nodiscard]] std::string fill_body(const KalshiShared& shared, const Fill& fill);
[[nodiscard]] std::string user_order_body(const KalshiShared& shared, const Order& order, std::string_view group_id);
// `volume`: contracts that the user ever traded in the market.
[[nodiscard]] std::string position_body(const KalshiShared& shared, const Position& position, Quantity volume);
[[nodiscard]] std::string group_body(const KalshiShared& shared, std::string_view event_type, std::string_view group_id,
                                     std::optional<Quantity> limit);

[[nodiscard]] std::string event_created_body(const Event& event);
[[nodiscard]] std::string market_created_body(const KalshiShared& shared, const Market& market);
[[nodiscard]] std::string grid_changed_body(const Market& market);
[[nodiscard]] std::string strike_known_body(const Market& market);
[[nodiscard]] std::string determined_body(const KalshiShared& shared, const Market& market);
[[nodiscard]] std::string settled_body(const KalshiShared& shared, const Market& market);

}  // namespace arbees::sim

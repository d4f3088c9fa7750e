#pragma once
// The limits of trading: one table with name, meaning, default and allowed range of each.
//
// The seed's exposure limits count what positions cost including fees, gross: hedged legs are not
// netted, and what requests, resting or unanswered orders could still spend is counted as spent.

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/time.h"
#include "core/market/values.h"

namespace arbees {

struct RiskLimits {
  std::int64_t min_edge_millionths = 30'000;  // least profit over outlay (30,000 = 3 %)
  Money max_position = Money::whole(500);     // cost plus fee of one buy order
  Money max_asset_exposure = Money::whole(2'000);
  Money max_total_exposure = Money::whole(5'000);
  Money min_liquidity = Money::whole(50);               // least outlay the books must allow
  Duration price_staleness = std::chrono::seconds(60);  // oldest book a leg may rest on
  std::int64_t max_open_requests = 8;
  std::int64_t min_return_per_day = 0;           // least profit for a dollar bound for a day, in millionths
  Money max_basis_exposure = Money::whole(250);  // held in contracts that a statistical bound relates
  Money max_venue_exposure = Money::whole(5'000);
  Money max_close_exposure = Money::whole(5'000);  // settling at one instant
  Money max_event_loss = Money::whole(2'000);      // worst case over the states of one event
  Money max_model_exposure = Money::whole(2'000);
  Money max_naked_loss = Money::whole(1'000);  // of one request whose last leg is not filled
  Duration max_naked_time = std::chrono::seconds(10);
  Money unwind_budget = Money::whole(50);  // loss of one request's completion or unwind
  std::int64_t max_leg_rounds = 6;
  std::int64_t sequential_depth_hundredths = 0;  // below this depth over size, legs go one after another
  Money max_daily_loss = Money::whole(500);
  std::int64_t max_orders_per_minute = 240;
  std::int64_t max_orders_per_hour = 6'000;
  Price min_price = Price::from_units(100);
  Price max_price = Price::from_units(9'900);
  Money min_free_cash;  // on each venue, that no order may touch
  std::int64_t max_order_errors_per_minute = 20;
  Duration max_unknown_time = std::chrono::seconds(60);
};

// How a limit is named in the environment and what values it takes, in its own unit.
struct LimitRow {
  std::string_view name;  // "CRYPTO_MIN_EDGE_PCT"
  std::string_view unit;  // "percent", "dollars", "seconds", "count", "times", "dollars per dollar and day"
  std::int64_t least;     // both bounds in units of the field
  std::int64_t most;
  std::int64_t (*get)(const RiskLimits&) noexcept;
  void (*set)(RiskLimits&, std::int64_t) noexcept;
  int decimals;  // of the written form: units / 10^decimals
  std::string_view help;
};

inline constexpr std::size_t kLimitCount = 26;

// Rows of LimitSet that are no limits but what is counted against one: what earlier sessions have brought on this UTC
// day, and what is settled of events that are still open (it counts when the rest of them is).
inline constexpr std::uint32_t kDayResultRow = 1000;
inline constexpr std::uint32_t kAwaitedResultRow = 1001;
// Plus the number of a venue: what contracts that are settled in our books have not brought there yet. From the first
// such row on, what settles at that venue counts as not paid until the next one says otherwise.
inline constexpr std::uint32_t kUnpaidRow = 1100;
[[nodiscard]] const std::array<LimitRow, kLimitCount>& limit_table() noexcept;

// The name of the first relation that does not hold (position ≤ asset ≤ total), or empty.
[[nodiscard]] std::string_view broken_relation(const RiskLimits& limits) noexcept;

}  // namespace arbees

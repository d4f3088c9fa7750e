#include "core/risk/limits.h"

namespace arbees {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// What a field of the limits looks like as a whole number, by its type.
constexpr std::int64_t units_of(std::int64_t value) noexcept { return value; }
constexpr std::int64_t units_of(Money value) noexcept { return value.units(); }
constexpr std::int64_t units_of(Price value) noexcept { return value.units(); }
constexpr std::int64_t units_of(Duration value) noexcept { return static_cast<std::int64_t>(value.count()); }
constexpr void assign(std::int64_t& field, std::int64_t units) noexcept { field = units; }
constexpr void assign(Money& field, std::int64_t units) noexcept { field = Money::from_units(units); }
constexpr void assign(Price& field, std::int64_t units) noexcept { field = Price::from_units(units); }
constexpr void assign(Duration& field, std::int64_t units) noexcept { field = Duration(units); }

// Bounds of a row in its written unit, and how many units of the field one of those is.
struct Range {
  std::int64_t least;
  std::int64_t most;
  std::int64_t scale;
  int decimals;
};

constexpr Range dollars(std::int64_t least, std::int64_t most) {
  return {least, most, Money::kScale, Money::kDecimals};
}
constexpr Range seconds(std::int64_t least, std::int64_t most) { return {least, most, kSecond, 9}; }
constexpr Range percent(std::int64_t least, std::int64_t most) { return {least, most, 10'000, 4}; }
constexpr Range count(std::int64_t least, std::int64_t most) { return {least, most, 1, 0}; }

template <auto Field>
constexpr LimitRow row(std::string_view name, std::string_view unit, Range range, std::string_view help) {
  return {name,
          unit,
          range.least * range.scale,
          range.most * range.scale,
          [](const RiskLimits& limits) noexcept { return units_of(limits.*Field); },
          [](RiskLimits& limits, std::int64_t units) noexcept { assign(limits.*Field, units); },
          range.decimals,
          help};
}

using L = RiskLimits;

// Rows keep their place: journals name them by number.
constexpr std::array<LimitRow, kLimitCount> kTable = {
    row<&L::min_edge_millionths>("CRYPTO_MIN_EDGE_PCT", "percent", percent(0, 100),
                                 "Least guaranteed profit over outlay, after all fees"),
    row<&L::max_position>("CRYPTO_MAX_POSITION_SIZE", "dollars", dollars(1, 1'000'000),
                          "Most that one buy order may cost, fee included"),
    row<&L::max_asset_exposure>("CRYPTO_MAX_ASSET_EXPOSURE", "dollars", dollars(1, 10'000'000),
                                "Most that open positions and orders of one asset may cost, gross, fees included"),
    row<&L::max_total_exposure>("CRYPTO_MAX_TOTAL_EXPOSURE", "dollars", dollars(1, 100'000'000),
                                "Most that all open positions and orders may cost, gross, fees included"),
    row<&L::min_liquidity>("CRYPTO_MIN_LIQUIDITY", "dollars", dollars(0, 1'000'000),
                           "Least outlay that the books must allow for an opportunity to be taken"),
    row<&L::price_staleness>("CRYPTO_PRICE_STALENESS_SECS", "seconds", seconds(1, 3600),
                             "Oldest book or price that a leg may rest on"),
    row<&L::max_open_requests>("CRYPTO_MAX_OPEN_REQUESTS", "count", count(1, 64),
                               "Requests that may be under way at one time"),
    row<&L::min_return_per_day>(
        "CRYPTO_MIN_EDGE_PER_DOLLAR_DAY", "dollars per dollar and day", {0, 1'000, 1'000'000, 6},
        "Least guaranteed profit for each dollar and day that the money is bound until settlement"),
    row<&L::max_basis_exposure>(
        "CRYPTO_MAX_BASIS_EXPOSURE", "dollars", dollars(0, 1'000'000),
        "Most that positions in contracts related by a statistical bound may cost; shrinks in the last ten minutes"),
    row<&L::max_venue_exposure>("CRYPTO_MAX_VENUE_EXPOSURE", "dollars", dollars(1, 100'000'000),
                                "Most that open positions and orders on one venue may cost, gross, fees included"),
    row<&L::max_close_exposure>("CRYPTO_MAX_CLOSE_EXPOSURE", "dollars", dollars(1, 100'000'000),
                                "Most that positions and orders settling at one instant may cost"),
    row<&L::max_event_loss>("CRYPTO_MAX_EVENT_LOSS", "dollars", dollars(1, 100'000'000),
                            "Most that one event may lose in its worst state, settlement sources taken as independent"),
    row<&L::max_model_exposure>("CRYPTO_MAX_MODEL_EXPOSURE", "dollars", dollars(0, 10'000'000),
                                "Most that positions and orders of model trades may cost"),
    row<&L::max_naked_loss>("CRYPTO_MAX_NAKED_LOSS", "dollars", dollars(1, 10'000'000),
                            "Most that one request may lose while its last leg is not filled"),
    row<&L::max_naked_time>("CRYPTO_MAX_NAKED_SECS", "seconds", seconds(0, 3600),
                            "How long unequal legs may be completed; after that they are only sold"),
    row<&L::unwind_budget>(
        "CRYPTO_UNWIND_BUDGET", "dollars", dollars(0, 1'000'000),
        "Most that completing and selling unequal legs of one request may lose in all; dearer, they are kept"),
    row<&L::max_leg_rounds>("CRYPTO_MAX_LEG_ROUNDS", "count", count(1, 50),
                            "How often orders may be sent for one request"),
    row<&L::sequential_depth_hundredths>("CRYPTO_SEQUENTIAL_DEPTH", "times", {0, 100'000, 100, 2},
                                         "Legs go at once if each has this many times its size on display, else the "
                                         "riskiest first; 0: always at once"),
    row<&L::max_daily_loss>("CRYPTO_MAX_DAILY_LOSS", "dollars", dollars(1, 10'000'000),
                            "Realised loss of one UTC day at which trading halts"),
    row<&L::max_orders_per_minute>("CRYPTO_MAX_ORDERS_PER_MINUTE", "count", count(1, 100'000),
                                   "Orders within a minute beyond which no request is begun"),
    row<&L::max_orders_per_hour>("CRYPTO_MAX_ORDERS_PER_HOUR", "count", count(1, 1'000'000),
                                 "Orders within an hour beyond which no request is begun"),
    row<&L::min_price>("CRYPTO_MIN_SAFE_PRICE", "dollars", {0, 5'000, 1, 4}, "Cheapest price a leg may have"),
    row<&L::max_price>("CRYPTO_MAX_SAFE_PRICE", "dollars", {5'000, 10'000, 1, 4}, "Dearest price a leg may have"),
    row<&L::min_free_cash>("CRYPTO_MIN_FREE_CASH", "dollars", dollars(0, 10'000'000),
                           "Cash of each venue that no order may touch"),
    row<&L::max_order_errors_per_minute>("CRYPTO_MAX_ORDER_ERRORS_PER_MINUTE", "count", count(1, 10'000),
                                         "Refused or unanswered orders within a minute at which trading halts"),
    row<&L::max_unknown_time>("CRYPTO_MAX_UNKNOWN_ORDER_SECS", "seconds", seconds(1, 3600),
                              "How long the fate of an order may be unknown before trading halts"),
};

}  // namespace

const std::array<LimitRow, kLimitCount>& limit_table() noexcept { return kTable; }

std::string_view broken_relation(const RiskLimits& limits) noexcept {
  if (limits.max_position > limits.max_asset_exposure) {
    return "CRYPTO_MAX_POSITION_SIZE must not exceed CRYPTO_MAX_ASSET_EXPOSURE";
  }
  if (limits.max_asset_exposure > limits.max_total_exposure) {
    return "CRYPTO_MAX_ASSET_EXPOSURE must not exceed CRYPTO_MAX_TOTAL_EXPOSURE";
  }
  return {};
}

}  // namespace arbees

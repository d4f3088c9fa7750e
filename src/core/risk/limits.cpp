#include "core/risk/limits.h"

namespace arbees {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDollar = 1'000'000;

// A row for a field that is Money.
template <Money RiskLimits::* Field>
constexpr LimitRow money_row(std::string_view name, std::int64_t least_dollars, std::int64_t most_dollars) {
  return {name,
          "dollars",
          least_dollars * kDollar,
          most_dollars * kDollar,
          [](const RiskLimits& limits) noexcept { return (limits.*Field).units(); },
          [](RiskLimits& limits, std::int64_t units) noexcept { limits.*Field = Money::from_units(units); },
          Money::kDecimals};
}

constexpr std::array<LimitRow, kLimitCount> kTable = {
    LimitRow{"CRYPTO_MIN_EDGE_PCT", "percent", 0, 1'000'000,
             [](const RiskLimits& limits) noexcept { return limits.min_edge_millionths; },
             [](RiskLimits& limits, std::int64_t units) noexcept { limits.min_edge_millionths = units; }, 4},
    money_row<&RiskLimits::max_position>("CRYPTO_MAX_POSITION_SIZE", 1, 1'000'000),
    money_row<&RiskLimits::max_asset_exposure>("CRYPTO_MAX_ASSET_EXPOSURE", 1, 10'000'000),
    money_row<&RiskLimits::max_total_exposure>("CRYPTO_MAX_TOTAL_EXPOSURE", 1, 100'000'000),
    money_row<&RiskLimits::min_liquidity>("CRYPTO_MIN_LIQUIDITY", 0, 1'000'000),
    LimitRow{
        "CRYPTO_PRICE_STALENESS_SECS", "seconds", kSecond, 3600 * kSecond,
        [](const RiskLimits& limits) noexcept { return static_cast<std::int64_t>(limits.price_staleness.count()); },
        [](RiskLimits& limits, std::int64_t units) noexcept { limits.price_staleness = Duration(units); }, 9},
    LimitRow{"CRYPTO_MAX_OPEN_REQUESTS", "count", 1, 64,
             [](const RiskLimits& limits) noexcept { return limits.max_open_requests; },
             [](RiskLimits& limits, std::int64_t units) noexcept { limits.max_open_requests = units; }, 0},
    LimitRow{"CRYPTO_MIN_EDGE_PER_DOLLAR_DAY", "dollars per dollar and day", 0, 1'000'000'000,
             [](const RiskLimits& limits) noexcept { return limits.min_return_per_day; },
             [](RiskLimits& limits, std::int64_t units) noexcept { limits.min_return_per_day = units; }, 6},
    money_row<&RiskLimits::max_basis_exposure>("CRYPTO_MAX_BASIS_EXPOSURE", 0, 1'000'000),
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

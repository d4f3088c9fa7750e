#pragma once
// The table of Kalshi series whose rules we know. A series that is not in it is not tradable.
//
// Every family here settles on the simple average of the sixty one-second prints of a CF Benchmarks real-time index
// before the close. What distinguishes them is the comparison (15-minute: at least the average before the open; the
// daily ladders: strictly above, below, or between) and the number of decimals of the published value. Sources of
// each row: docs/venues/discovery.md.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/market/venue.h"

namespace arbees::kalshi {

enum class Product : std::uint8_t {
  UpDown15m,  // KXBTC15M: one market per event, at least the average before the open
  Above,      // KXBTCD: strictly above a strike, hourly, daily and weekly in one series
  Range,      // KXBTC: bands, both ends included, with a tail below and one above
};

struct Family {
  std::string_view series;
  Asset asset = Asset::Unknown;
  Product product = Product::UpDown15m;
  // How the rules write the index; an empty name is unused.
  std::array<std::string_view, 4> index_names{};
  // Decimals of the published value where neither the market nor its rules state them: from recorded settlements.
  // Nothing: the value is taken as not rounded, which is the careful side.
  std::optional<std::uint8_t> published_decimals;
};

[[nodiscard]] std::span<const Family> families() noexcept;
// By the whole series ticker, never by a prefix: KXBTC, KXBTCD and KXBTCMINY are three different things.
[[nodiscard]] const Family* find_family(std::string_view series) noexcept;
// "KXBTC15M" of "KXBTC15M-26AUG170100-00"; the whole text if there is no dash.
[[nodiscard]] std::string_view series_of(std::string_view ticker) noexcept;
// The asset that a series is about, also of those that are not in the table (KXBTCMINY: BTC): for display only.
[[nodiscard]] std::optional<Asset> asset_of_series(std::string_view series) noexcept;
[[nodiscard]] bool is_index_name(const Family& family, std::string_view name) noexcept;

}  // namespace arbees::kalshi

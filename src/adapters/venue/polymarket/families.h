#pragma once
// The table of Polymarket's crypto families, known by the slug of their event, and the slugs of windows to come.
//
// A slug names a product, a coin and a time; it never decides what a contract pays (its rules do), only which rules
// are expected. Unix times in slugs are the start of the window; dates and hours are Eastern. Names repeat: last
// year's event can have the same slug without a year, and an autumn night has two hours of one name, so every time
// is checked against the fields. Sources of each family: docs/venues/discovery.md.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/eastern_time.h"
#include "core/base/time.h"
#include "core/market/venue.h"

namespace arbees::polymarket {

enum class Product : std::uint8_t {
  UpDown5m,
  UpDown15m,
  UpDown4h,
  UpDownHourly,  // a Binance one-hour candle
  UpDownDaily,   // two Binance noon candles; a tie pays half, so it is never tradable
  AboveDaily,    // a ladder of strikes, Binance noon candle
  AboveHourly,   // the hourly ladder; its rules are not among the known forms
  RangeDaily,    // brackets of a negative-risk event, Binance noon candle
  Hit,           // touched at any time of a period
};
inline constexpr std::size_t kProductCount = 9;

// "updown-15m", "up-or-down-hourly", "above-daily" …
[[nodiscard]] std::string_view product_name(Product product) noexcept;

struct Coin {
  Asset asset = Asset::Unknown;
  std::string_view ticker;  // "btc": in short windows and stream names
  std::string_view slug;    // "bitcoin": in dated slugs
  std::string_view name;    // "Bitcoin": in questions and rules
};

[[nodiscard]] std::span<const Coin> coins() noexcept;
[[nodiscard]] const Coin* find_coin(Asset asset) noexcept;

// What an event slug says.
struct SlugParts {
  Product product = Product::UpDown5m;
  const Coin* coin = nullptr;
  Timestamp start = kNoTime;  // of 5m, 15m and 4h windows
  CivilTime date;             // Eastern, of dated slugs; year 0 where the slug has none
  bool has_hour = false;

  // "polymarket:btc-updown-15m"
  [[nodiscard]] std::string family() const;
};

[[nodiscard]] std::optional<SlugParts> read_slug(std::string_view event_slug);

// Length of a window; zero for the ladders, whose instant is a date.
[[nodiscard]] Duration window_of(Product product) noexcept;

// The event slugs of one product and coin whose windows overlap [from, until): computed, not searched for, so that the
// next window is known before the present one ends.
[[nodiscard]] std::vector<std::string> upcoming_slugs(Product product, const Coin& coin, Timestamp from,
                                                      Timestamp until);

}  // namespace arbees::polymarket

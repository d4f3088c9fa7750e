#pragma once
// The parameters of the spot model: one table with name, default and allowed range of each.
//
// All are integers, so that they are recorded and replayed exactly. What each does to a price or a trade:
// docs/pricing.md.

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/time.h"
#include "core/market/values.h"

namespace arbees {

struct ModelParameters {
  bool trades = true;                                     // false: fair values are known, nothing is traded on them
  std::int64_t volatility_window_days = 30;               // 1 … Seasonality::kMaximumDays
  bool time_decay = true;                                 // false: every second of the window counts the same
  std::int64_t min_confidence_millionths = 600'000;       // P(true probability > cost), at least
  std::int64_t required_sources = 2;                      // spot venues that must agree
  Price slippage = Price::from_units(100);                // per contract, reserved beyond price and fee
  std::int64_t kelly_millionths = 250'000;                // share of the Kelly stake that is taken
  Money max_close_exposure = Money::whole(500);           // what model trades on one asset and close may cost together
  Duration longest_quote_age = std::chrono::seconds(30);  // a quote that stood longer is not called stale, but absent
  bool volatility_scaling = true;                         // smaller stakes while volatility is unusually high
};

// How a parameter is named in the environment and what values it takes, in its own unit.
struct ModelParameterRow {
  std::string_view name;  // "CRYPTO_MODEL_MIN_CONFIDENCE"
  std::string_view unit;  // "flag", "days", "probability", "count", "dollars", "share", "seconds"
  std::int64_t least;     // both bounds in units of the field
  std::int64_t most;
  std::int64_t (*get)(const ModelParameters&) noexcept;
  void (*set)(ModelParameters&, std::int64_t) noexcept;
  int decimals;  // of the written form: units / 10^decimals
  std::string_view help;
};

inline constexpr std::size_t kModelParameterCount = 10;
[[nodiscard]] const std::array<ModelParameterRow, kModelParameterCount>& model_parameter_table() noexcept;

// False, and nothing changed, for an unknown row or a value outside its range.
bool set_model_parameter(ModelParameters& parameters, std::uint32_t row, std::int64_t value) noexcept;

}  // namespace arbees

#pragma once
// Fixed-point values as JSON numbers, and back.
//
// Written with all the digits the value needs, so nothing is lost; read from a double, which holds every value of our
// scales exactly enough to be rounded to the nearest unit where its distance from one is no more than a double's own
// error, and otherwise downwards.

#include <cmath>
#include <optional>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "core/base/fixed_point.h"

namespace arbees::bus {

template <class Tag, int Decimals>
void write_number(JsonWriter& json, std::string_view name, FixedPoint<Tag, Decimals> value) {
  json.key(name).raw(to_short_text(value));
}

// Rounded down to a unit; nothing if it is negative or beyond `most` whole units.
template <class Value>
[[nodiscard]] std::optional<Value> read_number(double number, double most) {
  if (!std::isfinite(number) || number < 0 || number > most) return std::nullopt;
  const double units = number * std::pow(10.0, Value::kDecimals);
  const double nearest = std::nearbyint(units);
  // A decimal text of our scale comes back within a few parts in 10^16.
  const bool is_exact = std::abs(units - nearest) <= 1e-15 * (std::abs(units) + 1) * 8;
  return Value::from_units(static_cast<std::int64_t>(is_exact ? nearest : std::floor(units)));
}

}  // namespace arbees::bus

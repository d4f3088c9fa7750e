#pragma once
// --sweep key=a,b,c: settings that a backtest tries in every combination.
//
// A key is a limit's name (CRYPTO_MIN_EDGE_PCT), a setting's name (paper.kalshi_round_trip_ms), the same without its
// unit (paper.kalshi_round_trip), or its environment variable.

#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace arbees::app {

struct SweepAxis {
  std::string key;      // as written
  std::string setting;  // "limits.min_edge_pct"
  std::vector<std::string> values;
};

// The error names key, value and allowed range.
[[nodiscard]] Result<std::vector<SweepAxis>, std::string> parse_sweep(const std::vector<std::string>& texts);

// One value of each axis, in their order; the last axis changes fastest. No axes: no combination.
using Combination = std::vector<std::string>;
[[nodiscard]] std::vector<Combination> combinations(const std::vector<SweepAxis>& axes);

}  // namespace arbees::app

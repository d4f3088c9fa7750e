#pragma once
// Bounds between settlement sources as text: entries separated by commas, words by spaces.
//
//   strict        "BTC cf_benchmarks_mean_60 chainlink_twap_60 150"
//   statistical   "BTC cf_benchmarks_mean_60 chainlink_twap_60 -1.25 6.5 812"
//
// Dollars with at most eight decimals; sources by their names (contract.h). The statistical numbers are mean and
// standard deviation of first minus second, and how many settlements they come from.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/market/event.h"

namespace arbees::app {

// Absent if an entry is not as above; empty text: no entries.
[[nodiscard]] std::optional<std::vector<BasisBoundSet>> parse_strict_bounds(std::string_view text);
[[nodiscard]] std::optional<std::vector<BasisBoundSet>> parse_statistical_bounds(std::string_view text);

// Both lists as events, one for each pair; an entry that cannot be read is left out (settings refuse it before).
[[nodiscard]] std::vector<BasisBoundSet> basis_bounds(std::string_view strict, std::string_view statistical);

// The statistical entry of a bound.
[[nodiscard]] std::string statistical_bound_text(const BasisBoundSet& bound);

}  // namespace arbees::app

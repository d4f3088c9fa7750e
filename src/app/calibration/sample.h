#pragma once
// What a recorded set gives to calibration: prices of the underlying as they became known, and instants at which a
// settled contract had a market.

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "app/calibration/past_feed.h"
#include "core/market/contract.h"
#include "core/pricing/print_ring.h"
#include "core/pricing/range_variance.h"

namespace arbees::app {

inline constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// A price of the underlying, or a candle of it that has just ended.
struct SpotRecord {
  PriceBar candle;              // a single price: all four equal
  double span_s = 0.0;          // of the candle; 0: a price
  bool is_other_venue = false;  // good for volatility only: its level is not that of the set's spot
};

struct Instant {
  Timestamp at = kNoTime;
  Timestamp close = kNoTime;
  bool is_range = false;
  Comparator comparator = Comparator::GreaterOrEqual;
  double lower = 0.0;
  double upper = 0.0;
  double spot = kNoNumber;    // as seen at this instant; none: the last of the asset's records
  double market = kNoNumber;  // mid of a two-sided quote; none: not scored against the market
  bool outcome = false;
};

struct AssetSample {
  PastFeed<SpotRecord> spots;
  std::vector<Instant> instants;
};

struct Sample {
  std::map<std::string, AssetSample> assets;
  AveragingRule rule;
  double rounding_unit = 0.0;
  double spot_error = 0.0;  // relative deviation of the recorded spot from the settlement source
  double largest_spot_age_s = 120.0;
  std::int64_t settlement_checked = 0;
  std::int64_t settlement_reproduced = 0;
  std::int64_t bad_lines = 0;
  std::vector<std::string> notes;  // what was left out, for the reader of the figures
};

}  // namespace arbees::app

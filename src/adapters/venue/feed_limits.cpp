#include "adapters/venue/feed_limits.h"

#include <algorithm>

#include "core/base/assert.h"

namespace arbees {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Binance hangs up after 24 h; the others are not known to, and are treated alike.
const std::array<FeedLimits, kFeedLimitCount> kFeedLimits = {{
    {"kalshi", Venue::Kalshi, seconds(25), {}, {}, seconds(10), {}, hours(23), 10'000, 50, 30},
    {"kalshi_index", Venue::Kalshi, seconds(25), milliseconds(2'500), {}, seconds(10), {}, hours(23), 32, 10, 30},
    {"polymarket", Venue::Polymarket, seconds(30), {}, {}, {}, seconds(10), hours(23), 200, 20, 60},
    {"rtds", Venue::Polymarket, seconds(10), seconds(4), {}, {}, seconds(5), hours(23), 64, 5, 30},
    {"coinbase", Venue::Coinbase, seconds(5), seconds(10), seconds(3), seconds(1), {}, hours(23), 50, 6, 60},
    {"binance", Venue::Binance, seconds(30), seconds(3), {}, seconds(20), {}, hours(23), 200, 4, 30},
    {"kraken", Venue::Kraken, seconds(5), seconds(10), {}, seconds(1), {}, hours(23), 100, 10, 10},
    {"bitstamp", Venue::Bitstamp, seconds(25), seconds(10), {}, {}, seconds(10), hours(23), 50, 5, 30},
    {"gemini", Venue::Gemini, seconds(15), seconds(10), {}, {}, seconds(5), hours(23), 50, 5, 30},
    {"gemini_v2", Venue::Gemini, seconds(15), seconds(10), {}, seconds(5), {}, hours(23), 50, 5, 30},
}};

const std::array<RestLimits, kRestLimitCount> kRestLimits = {{
    {"kalshi", 10, 20, 60},
    {"kalshi_public", 5, 5, 0},
    {"polymarket", 20, 20, 120},
    {"coinbase", 4, 4, 0},
    {"binance", 4, 4, 0},
    {"kraken", 1, 1, 0},
    {"bitstamp", 2, 4, 0},
    {"gemini", 1, 2, 0},
}};

const FeedLimits& feed_limits(std::string_view name) noexcept {
  const auto* row = std::find_if(kFeedLimits.begin(), kFeedLimits.end(),
                                 [name](const FeedLimits& limits) { return limits.name == name; });
  ARBEES_ASSERT(row != kFeedLimits.end());
  return *row;
}

const RestLimits& rest_limits(std::string_view name) noexcept {
  const auto* row = std::find_if(kRestLimits.begin(), kRestLimits.end(),
                                 [name](const RestLimits& limits) { return limits.name == name; });
  ARBEES_ASSERT(row != kRestLimits.end());
  return *row;
}

}  // namespace arbees

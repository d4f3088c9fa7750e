#pragma once
// How each venue's stream is judged and what it lets us do: one table, which docs/venues/feeds.md lists.
//
// Silence and price ages follow the venues' own heartbeats; where a venue documents no limit of its own, ours is
// well inside what its clients were seen to get away with (sources in docs/venues/feeds.md). Zero: not used.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/time.h"
#include "core/market/venue.h"

namespace arbees {

struct FeedLimits {
  std::string_view name;  // of the stream, as the documents call it
  Venue venue = Venue::Unknown;
  Duration silence{};           // nothing at all received, heartbeats included: the connection is given up
  Duration price_age{};         // no price while heartbeats flow: stale; zero: a quiet market is normal
  Duration price_age_alone{};   // no price and no heartbeat either; zero: as price_age
  Duration heartbeat{};         // a heartbeat is expected this often; zero: none is
  Duration ping_interval{};     // our own text ping; zero: none
  Duration max_age{};           // a successor is opened after this, before the venue hangs up
  std::size_t max_symbols = 0;  // per connection
  int frames_per_second = 0;    // that we may send on one connection
  int dials_per_minute = 0;     // of all connections of the stream together
};

inline constexpr std::size_t kFeedLimitCount = 10;
extern const std::array<FeedLimits, kFeedLimitCount> kFeedLimits;

// The row of this name; there is one (checked).
[[nodiscard]] const FeedLimits& feed_limits(std::string_view name) noexcept;

// What we allow ourselves of a venue's REST host for market data: well below the venue's own limit, which is shared
// with orders and discovery.
struct RestLimits {
  std::string_view name;
  int requests_per_second = 0;
  int burst = 0;
  int checks_per_minute = 0;  // of streamed books against REST; zero: none
};

inline constexpr std::size_t kRestLimitCount = 8;
extern const std::array<RestLimits, kRestLimitCount> kRestLimits;

[[nodiscard]] const RestLimits& rest_limits(std::string_view name) noexcept;

}  // namespace arbees

#pragma once
// The opportunities of a run as figures: how many, how long, how large, and what they brought if taken later.

#include <array>
#include <vector>

#include "app/reporting/opportunity_watch.h"

namespace arbees::app {

// Upper ends of the duration classes; the last class has none.
inline constexpr std::array<Duration, 4> kDurationEnds = {
    std::chrono::milliseconds(100), std::chrono::milliseconds(250), std::chrono::seconds(1), std::chrono::seconds(10)};
inline constexpr std::size_t kDurationClasses = kDurationEnds.size() + 1;
inline constexpr std::array<std::string_view, kDurationClasses> kDurationNames = {"< 100 ms", "< 250 ms", "< 1 s",
                                                                                  "< 10 s", "> 10 s"};

struct Delayed {
  std::uint64_t profitable = 0;  // still worth taking
  Money profit;                  // of those
  std::uint64_t gone = 0;        // not to be had in full
  Money blind;                   // of all that could be had, losses included
};

struct OpportunityFigures {
  std::string_view kind;  // of the detector; "all"
  std::uint64_t count = 0;
  std::uint64_t requested = 0;
  std::uint64_t unended = 0;  // alive when the recording ended: in no duration class
  std::array<std::uint64_t, kDurationClasses> durations{};
  Money median_outlay;
  Money largest_outlay;
  Quantity median_size;
  Money median_profit;
  Money largest_profit;
  std::array<Delayed, kDelays.size()> delayed{};
};

// One for each kind that was seen, and the sum of all last; nothing if there were none.
[[nodiscard]] std::vector<OpportunityFigures> opportunity_figures(const std::vector<WatchedOpportunity>& all);

}  // namespace arbees::app

#pragma once
// Names of windows in Eastern time, as the venues write them. The rule itself: adapters/venue/eastern_time.h.

#include <string>

#include "adapters/venue/eastern_time.h"

namespace arbees::sim {

struct EasternTime : CivilTime {
  bool is_daylight = false;
};

[[nodiscard]] EasternTime to_eastern(Timestamp time) noexcept;
// The next noon in New York that is later than `time`.
[[nodiscard]] Timestamp next_noon(Timestamp time) noexcept;

// "Aug", "August", "august"
[[nodiscard]] std::string short_month(int month);
[[nodiscard]] std::string long_month(int month);
[[nodiscard]] std::string lower_month(int month);
// "1 PM EST", "1:15 PM EST"
[[nodiscard]] std::string written_clock(const EasternTime& time);
// "1:15PM", "1PM"
[[nodiscard]] std::string tight_clock(const EasternTime& time);
// "26SEP0714", or with minutes "26SEP071415"
[[nodiscard]] std::string ticker_stamp(const EasternTime& time, bool with_minutes);

}  // namespace arbees::sim

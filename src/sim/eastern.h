#pragma once
// What clocks in New York show: the venues name their windows by them.
//
// Daylight time (UTC−4) from the second Sunday of March, 2:00 standard time, to the first Sunday of November, 2:00
// daylight time (15 U.S.C. § 260a, since 2007), else UTC−5.

#include <string>

#include "core/base/time.h"

namespace arbees::sim {

struct EasternTime {
  int year = 0;
  int month = 0;  // 1..12
  int day = 0;
  int hour = 0;  // 0..23
  int minute = 0;
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

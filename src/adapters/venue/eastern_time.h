#pragma once
// United States Eastern time, in which both venues name their windows: a pure rule, no zone database.
//
// Valid for the law in force since 2007 (Energy Policy Act of 2005, 15 U.S.C. § 260a): daylight time (UTC−4) from
// 2:00 standard time on the second Sunday of March to 2:00 daylight time on the first Sunday of November, else
// UTC−5. Earlier years have no answer. A clock time can name no instant (spring) or two (autumn): who reads a name
// must compare it with an instant that the venue states, and never compute one from the name alone.

#include <array>

#include "core/base/time.h"

namespace arbees {

struct CivilTime {
  int year = 0;
  int month = 0;  // 1..12
  int day = 0;    // 1..31
  int hour = 0;   // 0..23
  int minute = 0;

  constexpr bool operator==(const CivilTime&) const noexcept = default;
};

// The instants at which Eastern clocks show a time: none, one, or the earlier and the later.
struct EasternInstants {
  std::array<Timestamp, 2> at{kNoTime, kNoTime};
  int count = 0;

  [[nodiscard]] bool contains(Timestamp time) const noexcept {
    return (count > 0 && at[0] == time) || (count > 1 && at[1] == time);
  }
};

[[nodiscard]] bool is_date(int year, int month, int day) noexcept;
[[nodiscard]] bool is_daylight_time(Timestamp time) noexcept;
[[nodiscard]] EasternInstants from_eastern(const CivilTime& time) noexcept;
[[nodiscard]] CivilTime to_eastern(Timestamp time) noexcept;

}  // namespace arbees

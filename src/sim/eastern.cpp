#include "sim/eastern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace arbees::sim {
namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};

std::string clock_text(const EasternTime& time, std::string_view gap) {
  const int hour = time.hour % 12 == 0 ? 12 : time.hour % 12;
  const std::string_view half = time.hour < 12 ? "AM" : "PM";
  if (time.minute == 0) return fmt::format("{}{}{}", hour, gap, half);
  return fmt::format("{}:{:02}{}{}", hour, time.minute, gap, half);
}

}  // namespace

EasternTime to_eastern(Timestamp time) noexcept { return {arbees::to_eastern(time), is_daylight_time(time)}; }

Timestamp next_noon(Timestamp time) noexcept {
  // Noon in New York is 16:00 or 17:00 UTC, never near the change of clocks.
  for (Timestamp hour = chrono::floor<chrono::hours>(time) + chrono::hours(1);; hour += chrono::hours(1)) {
    if (to_eastern(hour).hour == 12) return hour;
  }
}

std::string long_month(int month) { return std::string(kMonths[static_cast<std::size_t>(month - 1)]); }
std::string short_month(int month) { return long_month(month).substr(0, 3); }
std::string lower_month(int month) {
  std::string name = long_month(month);
  name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return name;
}

std::string written_clock(const EasternTime& time) {
  return clock_text(time, " ") + (time.is_daylight ? " EDT" : " EST");
}
std::string tight_clock(const EasternTime& time) { return clock_text(time, ""); }

std::string ticker_stamp(const EasternTime& time, bool with_minutes) {
  std::string month = short_month(time.month);
  std::transform(month.begin(), month.end(), month.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  std::string stamp = fmt::format("{:02}{}{:02}{:02}", time.year % 100, month, time.day, time.hour);
  if (with_minutes) stamp += fmt::format("{:02}", time.minute);
  return stamp;
}

}  // namespace arbees::sim

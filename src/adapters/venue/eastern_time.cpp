#include "adapters/venue/eastern_time.h"

namespace arbees {
namespace {

namespace chrono = std::chrono;

constexpr int kFirstYear = 2007;
constexpr int kLastYear = 2261;
constexpr auto kStandard = chrono::hours(5);  // UTC − Eastern
constexpr auto kDaylight = chrono::hours(4);

Timestamp at_midnight_utc(const chrono::year_month_day& date) noexcept { return Timestamp(chrono::sys_days(date)); }

// 2:00 standard time on the second Sunday of March.
Timestamp daylight_begins(int year) noexcept {
  const chrono::sys_days sunday = chrono::year(year) / chrono::March / chrono::Sunday[2];
  return Timestamp(sunday) + chrono::hours(2) + kStandard;
}

// 2:00 daylight time on the first Sunday of November.
Timestamp daylight_ends(int year) noexcept {
  const chrono::sys_days sunday = chrono::year(year) / chrono::November / chrono::Sunday[1];
  return Timestamp(sunday) + chrono::hours(2) + kDaylight;
}

}  // namespace

bool is_date(int year, int month, int day) noexcept {
  if (year < kFirstYear || year > kLastYear || month < 1 || month > 12 || day < 1 || day > 31) return false;
  const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day))};
  return date.ok();
}

bool is_daylight_time(Timestamp time) noexcept {
  const chrono::year_month_day date(chrono::floor<chrono::days>(time));
  const int year = static_cast<int>(date.year());
  return time >= daylight_begins(year) && time < daylight_ends(year);
}

EasternInstants from_eastern(const CivilTime& time) noexcept {
  EasternInstants instants;
  const bool is_clock = time.hour >= 0 && time.hour < 24 && time.minute >= 0 && time.minute < 60;
  if (!is_clock || !is_date(time.year, time.month, time.day)) return instants;
  const Timestamp shown = at_midnight_utc({chrono::year(time.year), chrono::month(static_cast<unsigned>(time.month)),
                                           chrono::day(static_cast<unsigned>(time.day))}) +
                          chrono::hours(time.hour) + chrono::minutes(time.minute);
  const auto take = [&instants](Timestamp instant) {
    instants.at[static_cast<std::size_t>(instants.count++)] = instant;
  };
  if (is_daylight_time(shown + kDaylight)) take(shown + kDaylight);
  if (!is_daylight_time(shown + kStandard)) take(shown + kStandard);
  return instants;
}

CivilTime to_eastern(Timestamp time) noexcept {
  const Timestamp shown = time - (is_daylight_time(time) ? kDaylight : kStandard);
  const auto day = chrono::floor<chrono::days>(shown);
  const chrono::year_month_day date(day);
  const auto minutes = chrono::floor<chrono::minutes>(shown - day).count();
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(minutes / 60),
          static_cast<int>(minutes % 60)};
}

}  // namespace arbees

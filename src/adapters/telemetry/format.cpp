#include "adapters/telemetry/format.h"

#include <fmt/format.h>

namespace arbees {
namespace {

std::string iso_seconds(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::int64_t nanoseconds_of_second(Timestamp time) {
  return (time - std::chrono::floor<std::chrono::seconds>(time)).count();
}

}  // namespace

std::string format_decimal(std::int64_t units, int decimals) {
  const bool negative = units < 0;
  const std::uint64_t magnitude = negative ? ~static_cast<std::uint64_t>(units) + 1 : static_cast<std::uint64_t>(units);
  const auto scale = static_cast<std::uint64_t>(power_of_ten(decimals));
  std::string text = fmt::format("{}{}", negative ? "-" : "", magnitude / scale);
  if (decimals > 0) text += fmt::format(".{:0{}}", magnitude % scale, decimals);
  return text;
}

std::string format_decimal_short(std::int64_t units, int decimals) {
  std::string text = format_decimal(units, decimals);
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string to_iso_ms(Timestamp time) {
  return fmt::format("{}.{:03}Z", iso_seconds(time), nanoseconds_of_second(time) / 1'000'000);
}

std::string to_iso_ns(Timestamp time) {
  return fmt::format("{}.{:09}Z", iso_seconds(time), nanoseconds_of_second(time));
}

std::string to_hex(std::uint64_t value) { return fmt::format("{:016x}", value); }

}  // namespace arbees

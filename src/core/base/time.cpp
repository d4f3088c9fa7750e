#include "core/base/time.h"

#include "core/base/fixed_point.h"

namespace arbees {
namespace {

// Reads exactly `width` digits at `position` and moves past them.
std::optional<int> take_digits(std::string_view text, std::size_t& position, std::size_t width) noexcept {
  if (position + width > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const char c = text[position + i];
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  position += width;
  return value;
}

bool take_char(std::string_view text, std::size_t& position, char wanted) noexcept {
  if (position >= text.size() || text[position] != wanted) return false;
  ++position;
  return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view text, std::size_t& position) noexcept {
  const auto year = take_digits(text, position, 4);
  if (!year || !take_char(text, position, '-')) return std::nullopt;
  const auto month = take_digits(text, position, 2);
  if (!month || !take_char(text, position, '-')) return std::nullopt;
  const auto day = take_digits(text, position, 2);
  if (!day || *year < 1970 || *year > 2261) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<Duration> take_clock(std::string_view text, std::size_t& position) noexcept {
  const auto hour = take_digits(text, position, 2);
  if (!hour || !take_char(text, position, ':')) return std::nullopt;
  const auto minute = take_digits(text, position, 2);
  if (!minute || !take_char(text, position, ':')) return std::nullopt;
  const auto second = take_digits(text, position, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  std::int64_t fraction = 0;
  if (take_char(text, position, '.')) {
    int digits = 0;
    for (; position < text.size() && text[position] >= '0' && text[position] <= '9'; ++position, ++digits) {
      if (digits < 9) fraction = fraction * 10 + (text[position] - '0');
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 9; ++digits) fraction *= 10;
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second) + Duration(fraction);
}

std::optional<Duration> take_offset(std::string_view text, std::size_t& position) noexcept {
  if (take_char(text, position, 'Z') || take_char(text, position, 'z')) return Duration{0};
  const bool east = take_char(text, position, '+');
  if (!east && !take_char(text, position, '-')) return std::nullopt;
  const auto hours = take_digits(text, position, 2);
  if (!hours || !take_char(text, position, ':')) return std::nullopt;
  const auto minutes = take_digits(text, position, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const Duration offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return east ? offset : -offset;
}

}  // namespace

std::optional<Timestamp> parse_iso8601(std::string_view text) noexcept {
  std::size_t position = 0;
  const auto date = take_date(text, position);
  if (!date) return std::nullopt;
  if (!take_char(text, position, 'T') && !take_char(text, position, 't') && !take_char(text, position, ' ')) {
    return std::nullopt;
  }
  const auto clock = take_clock(text, position);
  if (!clock) return std::nullopt;
  const auto offset = take_offset(text, position);
  if (!offset || position != text.size()) return std::nullopt;
  return Timestamp(*date) + *clock - *offset;
}

std::optional<Timestamp> parse_unix_time(std::string_view text) noexcept {
  const std::size_t whole_digits = text.find('.') == std::string_view::npos ? text.size() : text.find('.');
  int decimals = 0;
  switch (whole_digits) {
    case 10: decimals = 9; break;
    case 13: decimals = 6; break;
    case 16: decimals = 3; break;
    case 19: decimals = 0; break;
    default: return std::nullopt;
  }
  const auto ns = parse_decimal(text, decimals, ExcessDigits::Floor);
  if (!ns || *ns < 0) return std::nullopt;
  return from_unix_ns(*ns);
}

}  // namespace arbees

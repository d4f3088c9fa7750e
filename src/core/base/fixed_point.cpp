#include "core/base/fixed_point.h"

namespace arbees {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// value * 10 + digit, or false when it does not fit.
bool append_digit(std::int64_t& value, char digit) noexcept {
  return !__builtin_mul_overflow(value, std::int64_t{10}, &value) &&
         !__builtin_add_overflow(value, std::int64_t{digit - '0'}, &value);
}

}  // namespace

std::optional<std::int64_t> parse_decimal(std::string_view text, int decimals, ExcessDigits excess) noexcept {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);

  std::int64_t magnitude = 0;
  std::size_t position = 0;
  std::size_t digits = 0;
  for (; position < text.size() && is_digit(text[position]); ++position, ++digits) {
    if (!append_digit(magnitude, text[position])) return std::nullopt;
  }
  bool inexact = false;
  int fraction_digits = 0;
  if (position < text.size() && text[position] == '.') {
    ++position;
    for (; position < text.size() && is_digit(text[position]); ++position, ++digits) {
      if (fraction_digits < decimals) {
        if (!append_digit(magnitude, text[position])) return std::nullopt;
        ++fraction_digits;
      } else if (text[position] != '0') {
        inexact = true;
      }
    }
  }
  if (digits == 0 || position != text.size()) return std::nullopt;
  for (; fraction_digits < decimals; ++fraction_digits) {
    if (!append_digit(magnitude, '0')) return std::nullopt;
  }
  if (inexact) {
    if (excess == ExcessDigits::Refuse) return std::nullopt;
    const bool away_from_zero = (excess == ExcessDigits::Floor) == negative;
    if (away_from_zero && __builtin_add_overflow(magnitude, std::int64_t{1}, &magnitude)) return std::nullopt;
  }
  return negative ? -magnitude : magnitude;
}

}  // namespace arbees

#include "app/checking/exact_decimal.h"

#include <algorithm>

namespace arbees::app {
namespace {

constexpr Int128 kLimit = Int128{1} << 120;
constexpr int kMaxExponent = 40;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// value · 10 + digit; false beyond the limit.
bool append(Int128& value, int digit) noexcept {
  if (value > (kLimit - digit) / 10) return false;
  value = value * 10 + digit;
  return true;
}

bool multiply_by_power_of_ten(Int128& value, int exponent) noexcept {
  for (; exponent > 0 && value != 0; --exponent) {
    if (value > kLimit / 10 || value < -kLimit / 10) return false;
    value *= 10;
  }
  return true;
}

// "e-05" and the like at the front of `text`, all of it; zero if there is none.
std::optional<int> parse_exponent(std::string_view text) noexcept {
  if (text.empty()) return 0;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = std::min(value * 10 + (c - '0'), kMaxExponent + 1);
  }
  if (value > kMaxExponent) return std::nullopt;
  return negative ? -value : value;
}

}  // namespace

std::optional<Int128> ExactDecimal::units(int scale) const noexcept {
  if (decimals > scale) return std::nullopt;
  Int128 value = digits;
  if (!multiply_by_power_of_ten(value, scale - decimals)) return std::nullopt;
  return value;
}

std::int64_t ExactDecimal::units_floored(int scale, std::int64_t most) const noexcept {
  Int128 value = digits;
  for (int i = decimals; i > scale; --i) value /= 10;
  if (!multiply_by_power_of_ten(value, scale - decimals)) return most;
  return static_cast<std::int64_t>(std::min(value, Int128{most}));
}

std::optional<Decimal> ExactDecimal::factor() const noexcept {
  if (digits < 0 || digits > Int128{INT64_MAX} || decimals > 18) return std::nullopt;
  return Decimal{static_cast<std::uint64_t>(digits), decimals};
}

std::optional<ExactDecimal> parse_exact_decimal(std::string_view text) noexcept {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  ExactDecimal value;
  std::size_t digit_count = 0;
  int pending_zeros = 0;  // of the fraction: they count only if another digit follows
  bool in_fraction = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !in_fraction) {
      in_fraction = true;
      continue;
    }
    if (!is_digit(c)) break;
    ++digit_count;
    if (in_fraction && c == '0') {
      ++pending_zeros;
      continue;
    }
    for (; pending_zeros > 0; --pending_zeros) {
      if (!append(value.digits, 0)) return std::nullopt;
      ++value.decimals;
    }
    if (!append(value.digits, c - '0')) return std::nullopt;
    if (in_fraction) ++value.decimals;
  }
  const auto exponent = parse_exponent(text.substr(i));
  if (digit_count == 0 || !exponent) return std::nullopt;
  value.decimals -= *exponent;
  if (value.decimals < 0) {
    if (!multiply_by_power_of_ten(value.digits, -value.decimals)) return std::nullopt;
    value.decimals = 0;
  }
  while (value.decimals > 0 && value.digits % 10 == 0) {
    value.digits /= 10;
    --value.decimals;
  }
  if (negative) value.digits = -value.digits;
  return value;
}

std::string exact_decimal_text(Int128 units, int scale) {
  const bool negative = units < 0;
  Uint128 rest = negative ? -static_cast<Uint128>(units) : static_cast<Uint128>(units);
  std::string reversed;
  for (int i = 0; i < scale || rest != 0 || i == scale; ++i) {
    if (i == scale && !reversed.empty()) reversed += '.';
    const auto digit = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
    if (i < scale && reversed.empty() && digit == '0') continue;  // a trailing zero of the fraction
    reversed += digit;
  }
  if (negative) reversed += '-';
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

}  // namespace arbees::app

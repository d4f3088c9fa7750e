#include "adapters/venue/wire_decimal.h"

#include <algorithm>

namespace arbees {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// "12", "-0.5", ".48", "7." — the grammar of parse_decimal, without regard to size.
bool is_plain_decimal(std::string_view text) noexcept {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  const auto digits = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
  const auto points = static_cast<std::size_t>(std::count(text.begin(), text.end(), '.'));
  return digits > 0 && points <= 1 && digits + points == text.size();
}

WireNumber why_refused(std::string_view text, int decimals) noexcept {
  if (!is_plain_decimal(text)) return WireNumber::Malformed;
  return parse_decimal(text, decimals, ExcessDigits::Floor) ? WireNumber::TooFine : WireNumber::OutOfRange;
}

}  // namespace

WireNumber read_price(std::string_view text, Price& price) noexcept {
  const auto value = Price::parse(text);
  if (!value) return why_refused(text, Price::kDecimals);
  if (*value < kPriceZero || *value > kPriceOne) return WireNumber::OutOfRange;
  price = *value;
  return WireNumber::Ok;
}

WireNumber read_quantity(std::string_view text, Quantity& quantity) noexcept {
  const auto value = Quantity::parse(text, ExcessDigits::Floor);
  if (!value) return why_refused(text, Quantity::kDecimals);
  if (value->is_negative() || *value > kLargestWireQuantity) return WireNumber::OutOfRange;
  quantity = *value;
  return WireNumber::Ok;
}

WireNumber read_spot_price(std::string_view text, SpotPrice& price) noexcept {
  const auto value = SpotPrice::parse(text);
  if (!value) return why_refused(text, SpotPrice::kDecimals);
  if (!value->is_positive() || *value > kLargestSpotPrice) return WireNumber::OutOfRange;
  price = *value;
  return WireNumber::Ok;
}

WireNumber read_spot_quantity(std::string_view text, SpotQuantity& quantity) noexcept {
  const auto value = SpotQuantity::parse(text, ExcessDigits::Floor);
  if (!value) return why_refused(text, SpotQuantity::kDecimals);
  if (value->is_negative() || *value > kLargestSpotQuantity) return WireNumber::OutOfRange;
  quantity = *value;
  return WireNumber::Ok;
}

bool read_unix_ms(std::string_view text, Timestamp& time) noexcept {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  const auto ms = parse_decimal(text, 0);
  if (!ms || !fits_unix_ms(*ms)) return false;
  time = from_unix_ms(*ms);
  return true;
}

}  // namespace arbees

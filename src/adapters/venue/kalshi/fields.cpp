#include "adapters/venue/kalshi/fields.h"

namespace arbees::kalshi {
namespace {

[[nodiscard]] bool is_decimal(const JsonScalar& value) noexcept { return value.is_string() || value.is_number(); }

constexpr bool is_amount(Quantity quantity) noexcept {
  return quantity <= kLargestQuantity && quantity >= -kLargestQuantity;
}

}  // namespace

LevelProblem read_dollars(const JsonScalar& value, Price& price) noexcept {
  if (!is_decimal(value)) return LevelProblem::Malformed;
  const auto exact = Price::parse(value.text);
  if (!exact) {
    return Price::parse(value.text, ExcessDigits::Floor) ? LevelProblem::OffTick : LevelProblem::Malformed;
  }
  if (*exact < kPriceZero || *exact > kPriceOne) return LevelProblem::OutOfRange;
  price = *exact;
  return LevelProblem::None;
}

LevelProblem read_cents(const JsonScalar& value, Price& price) noexcept {
  if (!is_decimal(value)) return LevelProblem::Malformed;
  const auto cents = parse_decimal(value.text, 0);
  if (!cents) return LevelProblem::Malformed;
  if (*cents < 0 || *cents > 100) return LevelProblem::OutOfRange;
  price = Price::from_units(*cents * 100);
  return LevelProblem::None;
}

LevelProblem read_price(const JsonScalar& dollars, const JsonScalar& cents, Price& price) noexcept {
  return dollars.has_value() ? read_dollars(dollars, price) : read_cents(cents, price);
}

LevelProblem read_level_size(const JsonScalar& value, Quantity& quantity) noexcept {
  if (!is_decimal(value)) return LevelProblem::Malformed;
  const auto size = Quantity::parse(value.text, ExcessDigits::Floor);
  if (!size) return LevelProblem::Malformed;
  if (size->is_negative() || !is_amount(*size)) return LevelProblem::OutOfRange;
  quantity = *size;
  return LevelProblem::None;
}

LevelProblem read_exact_quantity(const JsonScalar& value, Quantity& quantity) noexcept {
  if (!is_decimal(value)) return LevelProblem::Malformed;
  const auto size = Quantity::parse(value.text);
  if (!size) return LevelProblem::Malformed;
  if (!is_amount(*size)) return LevelProblem::OutOfRange;
  quantity = *size;
  return LevelProblem::None;
}

bool read_money(const JsonScalar& value, Money& money) noexcept {
  if (!is_decimal(value)) return false;
  const auto amount = Money::parse(value.text);
  if (amount) money = *amount;
  return amount.has_value();
}

bool read_spot_price(const JsonScalar& value, SpotPrice& price) noexcept {
  if (!is_decimal(value)) return false;
  const auto amount = SpotPrice::parse(value.text, ExcessDigits::Floor);
  if (amount) price = *amount;
  return amount.has_value();
}

std::optional<std::uint64_t> read_count(const JsonScalar& value) noexcept {
  if (!is_decimal(value)) return std::nullopt;
  const auto count = parse_decimal(value.text, 0);
  if (!count || *count < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*count);
}

Timestamp read_unix_ms(const JsonScalar& value) noexcept {
  const auto count = read_count(value);
  if (!count) return kNoTime;
  const auto ms = static_cast<std::int64_t>(*count);
  return fits_unix_ms(ms) ? from_unix_ms(ms) : kNoTime;
}

Timestamp exchange_time(const Message& message) noexcept {
  if (const Timestamp ms = read_unix_ms(message[Field::TimeMs]); ms != kNoTime) return ms;
  const JsonScalar& time = message[Field::Time];
  if (time.is_string()) {
    if (const auto parsed = parse_iso8601(time.text)) return *parsed;
  }
  if (time.has_value() && is_decimal(time)) {
    if (const auto parsed = parse_unix_time(time.text)) return *parsed;
  }
  return kNoTime;
}

std::optional<BookSide> read_outcome(const JsonScalar& value) noexcept {
  if (!value.is_string()) return std::nullopt;
  if (value.text == "yes") return BookSide::Bid;
  if (value.text == "no") return BookSide::Ask;
  return std::nullopt;
}

std::optional<BookSide> read_book_side(const JsonScalar& value) noexcept {
  if (!value.is_string()) return std::nullopt;
  if (value.text == "bid") return BookSide::Bid;
  if (value.text == "ask") return BookSide::Ask;
  return std::nullopt;
}

}  // namespace arbees::kalshi

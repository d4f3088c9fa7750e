#include "app/checking/exact_decimal.h"

#include <gtest/gtest.h>

namespace arbees::app {
namespace {

std::string round_trip(std::string_view text) {
  const auto value = parse_exact_decimal(text);
  return value ? exact_decimal_text(value->digits, value->decimals) : "refused";
}

TEST(ExactDecimal, KeepsEveryDigit) {
  const struct {
    const char* text;
    const char* expected;
  } kCases[] = {
      {"0", "0"},
      {"12", "12"},
      {"-0.5600", "-0.56"},
      {".48", "0.48"},
      {"7.", "7"},
      {"100", "100"},
      {"0.000000001", "0.000000001"},
      {"6.4e4", "64000"},
      {"1e-05", "0.00001"},
      {"1.50E+1", "15"},
      {"10.0100", "10.01"},
      {"123456789012345678901234567890.123456", "123456789012345678901234567890.123456"},
  };
  for (const auto& c : kCases) EXPECT_EQ(round_trip(c.text), c.expected) << c.text;
}

TEST(ExactDecimal, RefusesWhatIsNoDecimal) {
  for (const char* text : {"", "-", ".", "+1", "1e", "e5", "1e99", " 1", "1 ", "0x1", "1.2.3", "nan", "--1", "1,000",
                           "12345678901234567890123456789012345678901"}) {
    EXPECT_EQ(round_trip(text), "refused") << text;
  }
}

TEST(ExactDecimal, CountsInUnitsOnlyWhereThatIsExact) {
  EXPECT_EQ(static_cast<std::int64_t>(parse_exact_decimal("0.64")->units(4).value()), 6400);
  EXPECT_FALSE(parse_exact_decimal("0.00001")->units(4).has_value());
  EXPECT_EQ(parse_exact_decimal("219.217767")->units_floored(2, INT64_MAX), 21921);
  EXPECT_EQ(parse_exact_decimal("1e35")->units_floored(2, 500), 500);
}

}  // namespace
}  // namespace arbees::app

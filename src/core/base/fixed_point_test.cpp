#include "core/base/fixed_point.h"

#include <gtest/gtest.h>

#include "core/base/time.h"
#include "core/market/values.h"

namespace arbees {
namespace {

TEST(FixedPoint, ReadsPlainDecimals) {
  EXPECT_EQ(Price::parse("0.5600")->units(), 5600);
  EXPECT_EQ(Price::parse(".48")->units(), 4800);
  EXPECT_EQ(Price::parse("1")->units(), 10000);
  EXPECT_EQ(Price::parse("7.")->units(), 70000);
  EXPECT_EQ(Quantity::parse("-54.00")->units(), -5400);
  EXPECT_EQ(SpotPrice::parse("64000.12345678")->units(), 6400012345678);
  EXPECT_EQ(Money::parse("0.00000100")->units(), 1);
}

TEST(FixedPoint, RefusesWhatIsNoPlainDecimal) {
  for (const char* text : {"", "-", ".", "+1", "1e3", " 1", "1 ", "0x1", "1.2.3", "nan", "--1", "1,000"}) {
    EXPECT_FALSE(Price::parse(text).has_value()) << text;
  }
}

TEST(FixedPoint, RefusesExcessDigitsUnlessToldHowToRound) {
  EXPECT_FALSE(Price::parse("0.47001").has_value());
  EXPECT_EQ(Price::parse("0.47000")->units(), 4700);
  EXPECT_EQ(Quantity::parse("219.217767", ExcessDigits::Floor)->units(), 21921);
  EXPECT_EQ(Quantity::parse("219.217767", ExcessDigits::Ceil)->units(), 21922);
  EXPECT_EQ(Quantity::parse("-0.001", ExcessDigits::Floor)->units(), -1);
  EXPECT_EQ(Quantity::parse("-0.001", ExcessDigits::Ceil)->units(), 0);
}

TEST(FixedPoint, RefusesOverflow) {
  EXPECT_TRUE(Price::parse("922337203685477.5807").has_value());
  EXPECT_FALSE(Price::parse("922337203685477.5808").has_value());
  EXPECT_FALSE(Price::parse("99999999999999999999999999").has_value());
}

TEST(FixedPoint, PriceTimesQuantityIsExactMoney) {
  EXPECT_EQ((Price::parse("0.4701").value() * Quantity::parse("12.34").value()).units(), 5801034);
}

TEST(FixedPointDeathTest, OverflowIsAnAssertion) { EXPECT_DEATH((void)(Money::max() + Money::from_units(1)), ""); }

TEST(Time, ReadsRfc3339) {
  EXPECT_EQ(unix_ns(parse_iso8601("1970-01-01T00:00:00Z").value()), 0);
  EXPECT_EQ(unix_ns(parse_iso8601("2026-05-11T05:37:43.762565Z").value()), 1778477863762565000);
  EXPECT_EQ(parse_iso8601("2026-05-11T01:37:43-04:00"), parse_iso8601("2026-05-11T05:37:43Z"));
  EXPECT_EQ(unix_ns(parse_iso8601("2024-02-29 00:00:00.123456789Z").value()) % 1'000'000'000, 123456789);
}

TEST(Time, RefusesImpossibleInstants) {
  for (const char* text : {"", "2026-05-11", "2026-05-11T05:37:43", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
                           "2026-05-11T24:00:00Z", "2026-05-11T05:60:00Z", "9999-01-01T00:00:00Z",
                           "2026-05-11T05:37:43.Z", "2026-05-11T05:37:43Zx", "1969-12-31T23:59:59Z"}) {
    EXPECT_FALSE(parse_iso8601(text).has_value()) << text;
  }
}

TEST(Time, TellsTheUnitOfAUnixTimeByItsDigits) {
  EXPECT_EQ(parse_unix_time("1776085455.536364"), from_unix_ns(1776085455536364000));
  EXPECT_EQ(parse_unix_time("1776085455536"), from_unix_ms(1776085455536));
  EXPECT_EQ(parse_unix_time("1776085455536364"), from_unix_ns(1776085455536364000));
  EXPECT_EQ(parse_unix_time("1776085455536364123"), from_unix_ns(1776085455536364123));
  EXPECT_FALSE(parse_unix_time("177608545").has_value());
  EXPECT_FALSE(parse_unix_time("-776085455").has_value());
}

}  // namespace
}  // namespace arbees

#include "adapters/venue/rule_text.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

std::string price(std::string_view text) {
  const auto value = read_dollar_price(text);
  return value ? std::to_string(value->units()) : "none";
}

// The predecessor read "$1.5k" as 5000, "$0.50" as nothing, and the year of "by 2026" as a price.
TEST(RuleText, PricesAreReadWholeOrNotAtAll) {
  EXPECT_EQ(price("$1.5k"), "150000000000");
  EXPECT_EQ(price("$0.50"), "50000000");
  EXPECT_EQ(price("$84,000"), "8400000000000");
  EXPECT_EQ(price("$1,234,567.89"), "123456789000000");
  EXPECT_EQ(price("$1m"), "100000000000000");
  EXPECT_EQ(price("by 2026"), "none");
  EXPECT_EQ(price("2026"), "none");
  EXPECT_EQ(price("$84,00"), "none");
  EXPECT_EQ(price("$84000,000"), "none");
  EXPECT_EQ(price("$84,000 or more"), "none");
  EXPECT_EQ(price("$"), "none");
  EXPECT_EQ(price("$k"), "none");
  EXPECT_EQ(price("$1."), "none");
  EXPECT_EQ(price("$999999999999999"), "none");
}

TEST(RuleText, PatternsCoverTheWholeText) {
  std::vector<std::string_view> parts;
  ASSERT_TRUE(match_rule("If {} is above {} then Yes.", "If BRTI is above 64000 then Yes.", parts));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0], "BRTI");
  EXPECT_EQ(parts[1], "64000");
  EXPECT_FALSE(match_rule("If {} is above {} then Yes.", "If BRTI is above 64000 then Yes. Unless not.", parts));
  EXPECT_FALSE(match_rule("If {} is above {} then Yes.", "If BRTI is below 64000 then Yes.", parts));
  EXPECT_FALSE(match_rule("If {} is above {} then Yes.", "If  is above 64000 then Yes.", parts));
  EXPECT_TRUE(match_rule("Source: {}.{*}", "Source: Binance. And more.", parts));
  EXPECT_FALSE(match_rule("Source: {}.{*}", "The Source: Binance.", parts));
}

TEST(RuleText, NormalisesQuotesAndSpaces) {
  EXPECT_EQ(normalise_rule_text("  a \xE2\x80\x9C"
                                "Close\xE2\x80\x9D\n\nprice\xC2\xA0now "),
            "a \"Close\" price now");
  EXPECT_EQ(normalise_rule_text("Oct 4 \xE2\x80\x99"
                                "26"),
            "Oct 4 '26");
  EXPECT_EQ(normalise_rule_text(""), "");
}

TEST(RuleText, ReadsWrittenInstants) {
  const Timestamp summer = parse_iso8601("2026-07-10T06:00:00Z").value();
  EXPECT_TRUE(names_instant("2 AM EDT", "Jul 10, 2026", summer));
  EXPECT_TRUE(names_instant("2:00 AM ET", "July 10, 2026", summer));
  EXPECT_FALSE(names_instant("2 AM EST", "Jul 10, 2026", summer));
  EXPECT_FALSE(names_instant("2 PM EDT", "Jul 10, 2026", summer));
  EXPECT_FALSE(names_instant("2 AM EDT", "Jul 11, 2026", summer));
  EXPECT_FALSE(names_instant("2 AM", "Jul 10, 2026", summer));
  const Timestamp midnight = parse_iso8601("2026-01-01T05:00:00Z").value();
  EXPECT_TRUE(names_instant("12 AM EST", "Jan 1, 2026", midnight));
  EXPECT_TRUE(names_instant("12:00 AM EST", "January 1, 2026", midnight));
}

TEST(RuleText, AnAutumnHourIsToldByItsLetters) {
  const Timestamp first = parse_iso8601("2026-11-01T05:30:00Z").value();
  const Timestamp second = parse_iso8601("2026-11-01T06:30:00Z").value();
  EXPECT_TRUE(names_instant("1:30 AM EDT", "Nov 1, 2026", first));
  EXPECT_FALSE(names_instant("1:30 AM EDT", "Nov 1, 2026", second));
  EXPECT_TRUE(names_instant("1:30 AM EST", "Nov 1, 2026", second));
  EXPECT_FALSE(names_instant("1:30 AM EST", "Nov 1, 2026", first));
}

}  // namespace
}  // namespace arbees

#include "app/checking/fee_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

using ::testing::HasSubstr;

std::string fee_of(std::string_view line) {
  const BatchAnswer answer = fee_line(line);
  EXPECT_FALSE(answer.is_error) << answer.json;
  return answer.json;
}

TEST(FeeLine, RoundsAsEachVenueDoes) {
  EXPECT_EQ(
      fee_of(R"({"venue":"kalshi","price":"0.47","contracts":"10","role":"taker","rate":"0.07","multiplier":"1"})"),
      R"({"fee":"0.1744"})");
  EXPECT_EQ(fee_of(R"({"venue":"polymarket","price":"0.5","contracts":"1","role":"taker","rate":"0.07"})"),
            R"({"fee":"0.0175"})");
  EXPECT_EQ(fee_of(R"({"venue":"polymarket","price":"0.415","contracts":"37.5","role":"taker","rate":"0.07"})"),
            R"({"fee":"0.63728"})");
  EXPECT_EQ(fee_of(R"({"venue":"polymarket","price":"0.083","contracts":"12.345","role":"taker","rate":"0.07"})"),
            R"({"fee":"0.06577"})");
}

TEST(FeeLine, ReadsJsonNumbersDigitByDigit) {
  EXPECT_EQ(fee_of(R"({"venue":"kalshi","price":0.3301,"contracts":0.03,"role":"taker","rate":7e-2})"),
            R"({"fee":"0.0005"})");
}

TEST(FeeLine, TakesTheRateAsGivenForEitherRole) {
  EXPECT_EQ(fee_of(R"({"venue":"kalshi","price":"0.5","contracts":"1","role":"maker","rate":"0.0175"})"),
            R"({"fee":"0.0044"})");
  EXPECT_EQ(fee_of(R"({"venue":"polymarket","price":"0.5","contracts":"100","role":"maker","rate":"0"})"),
            R"({"fee":"0"})");
}

TEST(FeeLine, KnowsMultiplierAndExponent) {
  EXPECT_EQ(fee_of(R"({"venue":"kalshi","price":"0.5","contracts":"1","rate":"0.07","multiplier":"0.5"})"),
            R"({"fee":"0.0088"})");
  EXPECT_EQ(fee_of(R"({"venue":"polymarket","price":"0.5","contracts":"100","rate":"0.25","exponent":"2"})"),
            R"({"fee":"1.5625"})");
}

TEST(FeeLine, RefusesWhatIsWrong) {
  const struct {
    const char* line;
    const char* part;
  } kWrong[] = {
      {"x", "malformed_json"},
      {"[]", "malformed_json"},
      {R"({"price":"0.5","contracts":"1","rate":"0.07"})", "venue is missing"},
      {R"({"venue":"nasdaq","price":"0.5","contracts":"1","rate":"0.07"})", "must be one of kalshi polymarket"},
      {R"({"venue":"kalshi","price":"1.01","contracts":"1","rate":"0.07"})", "price must be from 0 to 1"},
      {R"({"venue":"kalshi","price":"-0.1","contracts":"1","rate":"0.07"})", "price must be from 0 to 1"},
      {R"({"venue":"kalshi","price":"0.5","contracts":"-1","rate":"0.07"})", "contracts must not be negative"},
      {R"({"venue":"kalshi","price":"0.5","contracts":"1","rate":"7"})", "rate must be from 0 to 1"},
      {R"({"venue":"kalshi","price":"0.5","contracts":"1","rate":"abc"})", "rate must be a decimal"},
      {R"({"venue":"kalshi","price":"0.5","contracts":"1","rate":"0.07","role":"broker"})", "role"},
      {R"({"venue":"kalshi","price":"0.5","contracts":"1","rate":"0.07","exponent":"2"})", "exponent"},
      {R"({"venue":"polymarket","price":"0.5","contracts":"1","rate":"0.07","exponent":"0.5"})", "exponent"},
      {R"({"venue":"kalshi","price":"0.5","contracts":"9000000000000000000","rate":"1","multiplier":"9"})",
       "out_of_range"},
  };
  for (const auto& wrong : kWrong) {
    const BatchAnswer answer = fee_line(wrong.line);
    EXPECT_TRUE(answer.is_error) << wrong.line;
    EXPECT_THAT(answer.json, HasSubstr(wrong.part)) << wrong.line;
  }
}

}  // namespace
}  // namespace arbees::app

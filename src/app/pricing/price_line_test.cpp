#include "app/pricing/price_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <string>

namespace arbees::app {
namespace {

double field(const BatchAnswer& answer, const char* name) {
  rapidjson::Document document;
  document.Parse(answer.json.data(), answer.json.size());
  if (!document.IsObject() || !document.HasMember(name)) {
    ADD_FAILURE() << answer.json;
    return -1;
  }
  return document[name].GetDouble();
}

double probability(const std::string& line) { return field(price_line(line), "probability"); }

TEST(PriceLine, ThresholdWithAllOutputs) {
  const BatchAnswer answer = price_line(
      R"({"kind":"threshold","comparator":"ge","strike":64250,"spot":64000,"volatility":0.5,"seconds_to_close":900,"model":"lognormal"})");
  EXPECT_FALSE(answer.is_error);
  EXPECT_NEAR(field(answer, "probability"), 0.072020545717, 1e-9);
  EXPECT_NEAR(field(answer, "delta"), 0.000802779158319, 1e-9);
  EXPECT_NEAR(field(answer, "vega"), 0.400241084922, 1e-9);
  EXPECT_NEAR(field(answer, "effective_variance_s"), 900, 1e-9);
}

TEST(PriceLine, AveragingNowcastErrorAndRounding) {
  const std::string inside =
      R"("spot":63990,"volatility":0.5,"seconds_to_close":25.4,"model":"arithmetic","averaging":{"prints":60,"spacing_s":1,"known_count":35,"known_sum":2240431.9,"first_due_s":0.4})";
  EXPECT_NEAR(probability(R"({"kind":"threshold","strike":64000,)" + inside + "}"), 0.671799497678, 1e-9);
  EXPECT_NEAR(probability(R"({"kind":"threshold","strike":64000,"spot_sd":2,)" + inside + "}"), 0.670609884549, 1e-9);
  for (const char* rounding : {"0.01", "0.005", "2", "\"0.01\""}) {
    EXPECT_NEAR(
        probability(R"({"kind":"threshold","strike":64000,"rounding":)" + std::string(rounding) + "," + inside + "}"),
        0.672064591202, 1e-9);
  }
  EXPECT_NEAR(probability(R"({"kind":"threshold","comparator":"lt","strike":64000,)" + inside + "}"),
              1 - 0.671799497678, 1e-9);
}

TEST(PriceLine, FirstPrintFollowsFromTheClose) {
  const std::string line =
      R"({"kind":"threshold","strike":"64010","spot":64000,"volatility":0.5,"seconds_to_close":120,"model":"arithmetic","averaging":{"prints":60}})";
  EXPECT_NEAR(probability(line), 0.421985451, 1e-9);
  EXPECT_NEAR(field(price_line(line), "effective_variance_s"), 79.5027777778, 1e-9);
}

TEST(PriceLine, RangesUpDownTouchAndFatTails) {
  const std::string market =
      R"("spot":64000,"volatility":0.5,"seconds_to_close":900,"model":"arithmetic","averaging":{"prints":60,"first_due_s":840})";
  EXPECT_NEAR(probability(R"({"kind":"range","lower":64000,"upper":64099.99,"rounding":0.01,)" + market + "}"),
              0.225278898985, 1e-9);
  EXPECT_NEAR(probability(R"({"kind":"up_down","start":64020.15,)" + market + "}"), 0.451997618336, 1e-9);
  EXPECT_NEAR(probability(R"({"kind":"hit","strike":66000,"spot":64000,"volatility":0.5,"seconds_to_close":28800})"),
              0.0410609679587, 1e-9);
  EXPECT_NEAR(
      probability(
          R"({"kind":"threshold","strike":64250,"spot":64000,"volatility":0.318563726749,"averaging":{"prints":60,"first_due_s":840},"model":"student_t","degrees_of_freedom":4.4})"),
      0.0146654828952, 1e-9);
}

TEST(PriceLine, UpDownWithoutItsReferenceHasNoPrice) {
  const BatchAnswer answer = price_line(R"({"kind":"up_down","spot":64000,"volatility":0.5,"seconds_to_close":900})");
  EXPECT_TRUE(answer.is_error);
  EXPECT_EQ(answer.json, R"({"error":{"code":"invalid_field","message":"start is missing"}})");
}

TEST(PriceLine, WrongLinesSayWhatIsWrong) {
  const auto message = [](const std::string& line) {
    const BatchAnswer answer = price_line(line);
    EXPECT_TRUE(answer.is_error) << line;
    return answer.json;
  };
  const auto with = [](const std::string& changed) {
    return R"({"kind":"threshold","strike":64250,"spot":64000,"volatility":0.5,"seconds_to_close":900)" + changed + "}";
  };
  EXPECT_THAT(message("{"), testing::HasSubstr("malformed_json"));
  EXPECT_THAT(message("[1]"), testing::HasSubstr("malformed_json"));
  EXPECT_THAT(message(std::string(1'000'000, '[')), testing::HasSubstr("malformed_json"));
  EXPECT_THAT(message("{}"), testing::HasSubstr("missing"));
  EXPECT_THAT(message(R"({"kind":"threshold","strike":64250,"spot":-1,"volatility":0.5,"seconds_to_close":900})"),
              testing::HasSubstr("spot is -1"));
  EXPECT_THAT(message(R"({"kind":"threshold","strike":64250,"spot":1,"volatility":0,"seconds_to_close":900})"),
              testing::HasSubstr("volatility is 0"));
  EXPECT_THAT(message(R"({"kind":"threshold","strike":64250,"spot":1,"volatility":1,"seconds_to_close":-1})"),
              testing::HasSubstr("seconds_to_close is -1"));
  EXPECT_THAT(message(R"({"kind":"lottery","spot":1,"volatility":1,"seconds_to_close":1})"),
              testing::HasSubstr("kind"));
  EXPECT_THAT(message(with(R"(,"comparator":">")")), testing::HasSubstr("comparator"));
  EXPECT_THAT(message(with(R"(,"model":"oracle")")), testing::HasSubstr("model"));
  EXPECT_THAT(message(with(R"(,"model":"student_t")")), testing::HasSubstr("degrees_of_freedom"));
  EXPECT_THAT(message(with(R"(,"rounding":0.3)")), testing::HasSubstr("rounding"));
  EXPECT_THAT(message(with(R"(,"averaging":7)")), testing::HasSubstr("averaging"));
  EXPECT_THAT(message(with(R"(,"averaging":{"prints":60,"known_count":61,"known_sum":1})")),
              testing::HasSubstr("averaging.known_count"));
  EXPECT_THAT(message(with(R"(,"averaging":{"prints":60,"known_count":3})")),
              testing::HasSubstr("averaging.known_sum"));
  EXPECT_THAT(message(R"({"kind":"range","lower":2,"upper":1,"spot":1,"volatility":1,"seconds_to_close":1})"),
              testing::HasSubstr("upper"));
}

}  // namespace
}  // namespace arbees::app

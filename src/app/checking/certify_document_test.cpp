#include "app/checking/certify_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace arbees::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kFee[] = R"("fee":{"model":"kalshi","rate":"0.07"})";

std::string contract(const std::string& id, const std::string& payoff, const std::string& yes, const std::string& no) {
  return R"({"id":")" + id + R"(","venue":"kalshi","axis":"brti","payoff":)" + payoff + R"(,"yes":)" + yes +
         R"(,"no":)" + no + "," + kFee + "}";
}

// KAT-29 of the pricing reference.
std::string known_ladder() {
  return R"({"lot":"1","contracts":[)" +
         contract("K1", R"({"above":"64000"})", R"([["0.64","100"]])", R"([["0.39","200"]])") + "," +
         contract("K2", R"({"above":"64100"})", R"([["0.58","150"]])", R"([["0.44","80"]])") + "," +
         contract("K3", R"({"above":"64200"})", R"([["0.30","120"]])", R"([["0.73","60"]])") + "," +
         contract("R1", R"({"between":["64000","64100"]})", R"([["0.15","90"]])", R"([["0.87","150"]])") + "," +
         contract("R2", R"({"between":["64100","64200"]})", R"([["0.27","100"]])", R"([["0.76","100"]])") + "]}";
}

// KAT-32: a strike gap of ten between two sources.
std::string known_gap(const std::string& bound) {
  return "{" + bound +
         R"("lot":"1","contracts":[)"
         R"({"id":"K","venue":"kalshi","axis":"brti","payoff":{"above":"64000"},"yes":[["0.53","200"]],"no":[["0.49","200"]],"fee":{"model":"kalshi","rate":"0.07"}},)"
         R"({"id":"P","venue":"polymarket","axis":"chainlink","payoff":{"above":"64010"},"yes":[["0.59","150"]],"no":[["0.42","150"]],"fee":{"model":"polymarket","rate":"0.07"}}]})";
}

std::string answer_of(const std::string& document) {
  const BatchAnswer answer = certify_document(document);
  EXPECT_FALSE(answer.is_error) << answer.json;
  return answer.json;
}

TEST(CertifyDocument, ProvesTheKnownLadder) {
  const std::string answer = answer_of(known_ladder());
  EXPECT_THAT(answer, HasSubstr(R"("arbitrage":true,"profit":"0.6964","outlay":"159.3036","guaranteed":"160")"));
  EXPECT_THAT(answer, HasSubstr(R"({"id":"K1","outcome":"yes","price":"0.64","quantity":"80","fee":"1.2903"})"));
  EXPECT_THAT(answer, HasSubstr(R"({"id":"K2","outcome":"no","price":"0.44","quantity":"80","fee":"1.3799"})"));
  EXPECT_THAT(answer, HasSubstr(R"({"id":"R1","outcome":"no","price":"0.87","quantity":"80","fee":"0.6334"})"));
  EXPECT_THAT(answer, HasSubstr(R"("brti < 64000")"));
}

TEST(CertifyDocument, ComparesAxesWithinTheBoundOnly) {
  EXPECT_THAT(answer_of(known_gap(R"("basis_bound":"10",)")), HasSubstr(R"("profit":"2.3266")"));
  for (const char* bound :
       {R"("basis_bound":"10.5",)", R"("basis_bound":"10.000000000000000001",)", "", R"("basis_bound":null,)"}) {
    EXPECT_EQ(answer_of(known_gap(bound)), R"({"arbitrage":false,"cheapest_dollar":"1.043985"})") << bound;
  }
}

TEST(CertifyDocument, ReadsBelowAndOneSidedQuotes) {
  const std::string document =
      R"({"contracts":[{"id":"a","axis":"x","payoff":{"above":1},"yes":[[0.4,"2.505"]],"fee":{"model":"none"}},)"
      R"({"id":"b","axis":"x","payoff":{"below":"1.00"},"yes":[["0.5",9]],"fee":{"model":"none"}}]})";
  EXPECT_THAT(answer_of(document), HasSubstr(R"("profit":"0.25","outlay":"2.25","guaranteed":"2.5")"));
}

TEST(CertifyDocument, HasNoCheapestDollarWhereNoneCanBeBought) {
  EXPECT_EQ(answer_of(R"({"contracts":[]})"), R"({"arbitrage":false})");
  EXPECT_EQ(
      answer_of(
          R"({"contracts":[{"id":"a","axis":"x","payoff":{"above":"1"},"yes":[["0.4","2"]],"fee":{"model":"none"}}]})"),
      R"({"arbitrage":false})");
}

TEST(CertifyDocument, LeavesDepthOutOfTheCheapestDollar) {
  EXPECT_EQ(answer_of(R"({"lot":"1","contracts":[{"id":"a","axis":"x","payoff":{"above":"1"},"yes":[["0.4","0.5"]],)"
                      R"("no":[["0.5","3"]],"fee":{"model":"none"}}]})"),
            R"({"arbitrage":false,"cheapest_dollar":"0.9"})");
}

TEST(CertifyDocument, GivesEachPriceLevelALegOfItsOwn) {
  const std::string answer =
      answer_of(R"({"contracts":[)" +
                contract("a", R"({"above":"1"})", R"([["0.40","1"],["0.41","1"]])", R"([["0.50","2"]])") + "]}");
  EXPECT_THAT(answer, HasSubstr(R"({"id":"a","outcome":"yes","price":"0.4","quantity":"1","fee":"0.0168"})"));
  EXPECT_THAT(answer, HasSubstr(R"({"id":"a","outcome":"yes","price":"0.41","quantity":"1","fee":"0.017"})"));
  EXPECT_THAT(answer, HasSubstr(R"({"id":"a","outcome":"no","price":"0.5","quantity":"2","fee":"0.035"})"));
}

TEST(CertifyDocument, RefusesWhatIsWrong) {
  const std::string good = known_ladder();
  const struct {
    const char* from;
    const char* to;
    const char* part;
  } kWrong[] = {
      {R"("lot":"1")", R"("lot":"0")", "lot"},
      {R"("lot":"1")", R"("basis_bound":"-1")", "basis_bound must not be negative"},
      {R"("lot":"1")", R"("basis_bound":"ten")", "basis_bound must be a decimal"},
      {R"("0.64")", R"("1.64")", "contracts[0].yes must have prices from 0 to 1"},
      {R"("0.64")", R"("-0.64")", "prices from 0 to 1"},
      {R"("100")", R"("-100")", "must not have negative quantities"},
      {R"(["0.64","100"])", R"(["0.64"])", "array of [price, quantity]"},
      {R"(["64000","64100"])", R"(["64100","64000"])", "lower bound below its upper bound"},
      {R"(["64000","64100"])", R"(["64000","64000"])", "lower bound below its upper bound"},
      {R"({"above":"64000"})", R"({"over":"64000"})", "exactly one of above, below, between"},
      {R"({"above":"64000"})", R"({"above":"64000","below":"1"})", "exactly one of"},
      {R"({"above":"64000"})", R"({"above":"64,000"})", "above must be a decimal"},
      {R"("model":"kalshi")", R"("model":"nyse")", "must be one of none kalshi polymarket"},
      {R"("venue":"kalshi")", R"("venue":"moon")", "not a known venue"},
      {R"("id":"K2")", R"("id":"K1")", "is there twice"},
      {R"("contracts")", R"("markets")", "contracts is missing"},
  };
  for (const auto& wrong : kWrong) {
    std::string document = good;
    const std::size_t at = document.find(wrong.from);
    ASSERT_NE(at, std::string::npos) << wrong.from;
    document.replace(at, std::string_view(wrong.from).size(), wrong.to);
    const BatchAnswer answer = certify_document(document);
    EXPECT_TRUE(answer.is_error) << wrong.to;
    EXPECT_THAT(answer.json, HasSubstr(wrong.part)) << wrong.to;
  }
  EXPECT_TRUE(certify_document("").is_error);
  EXPECT_TRUE(certify_document("[]").is_error);
  EXPECT_TRUE(certify_document("{\"contracts\":[1]}").is_error);
}

TEST(CertifyDocument, TellsLinesFromOneDocument) {
  EXPECT_FALSE(is_json_lines("{\n\"contracts\":[]\n}\n"));
  EXPECT_TRUE(is_json_lines("{\"contracts\":[]}\n{\"contracts\":[]}\n"));
}

}  // namespace
}  // namespace arbees::app

#include "app/running/reason_body.h"

#include <gtest/gtest.h>

namespace arbees::app {
namespace {

TEST(ReasonBody, OnlyATextThatSaysSomethingIsAReason) {
  EXPECT_EQ(reason_in(R"({"reason":"looked at it","more":[1]})"), "looked at it");
  for (const char* body : {"", "{}", R"({"reason":"  "})", R"({"reason":1})", R"(["why"])", "why", "null"}) {
    EXPECT_EQ(reason_in(body), "") << body;
  }
  EXPECT_EQ(reason_in(std::string(60'000, '[')), "") << "as deep as a body can be";
  EXPECT_EQ(reason_in(R"({"reason":")" + std::string(60'000, 'x') + "\"}").size(), 500U);
}

}  // namespace
}  // namespace arbees::app

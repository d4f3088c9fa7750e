#include <gtest/gtest.h>

#include "app/roles/listener.h"

namespace arbees::app {
namespace {

constexpr const char* kBody = R"({"seq":7,"topic_seq":2,"timestamp_ms":1,"source":"s","payload":{"a":[1,0.5]}})";

TEST(ListenerLine, JsonIsTopicAndMessageAsTheyCame) {
  EXPECT_EQ(listener_line("json", "t", kBody), std::string(R"({"topic":"t","message":)") + kBody + "}\n");
}

TEST(ListenerLine, OneMessageIsOneLine) {
  const std::string broken = "{\"seq\":7,\n\"timestamp_ms\":1,\r\n\"source\":\"s\",\"payload\":{}}";
  EXPECT_EQ(listener_line("json", "t", broken),
            "{\"topic\":\"t\",\"message\":{\"seq\":7,\"timestamp_ms\":1,\"source\":\"s\",\"payload\":{}}}\n");
}

TEST(ListenerLine, WhatIsNoMessageIsAText) {
  EXPECT_EQ(listener_line("json", "t", "{\"a\":\n"), "{\"topic\":\"t\",\"message\":\"{\\\"a\\\":?\"}\n");
  EXPECT_EQ(listener_line("json", "t", "\xff\x01"), "{\"topic\":\"t\",\"message\":\"??\"}\n");
  EXPECT_EQ(listener_line("compact", "t", "x"), "t (no message) \"x\"\n");
}

TEST(ListenerLine, CompactAndPrettyAreForPeople) {
  EXPECT_EQ(listener_line("compact", "t", kBody), "t #7 s {\"a\":[1,0.5]}\n");
  EXPECT_NE(listener_line("pretty", "t", kBody).find("\n    \"seq\": 7,\n"), std::string::npos);
}

}  // namespace
}  // namespace arbees::app

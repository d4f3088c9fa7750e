#include "app/roles/shard_report.h"

#include <gtest/gtest.h>

namespace arbees::app {
namespace {

std::string state_of(const ShardReport& report) {
  JsonWriter json;
  json.begin_object();
  write_shard_state(report, json);
  json.end_object();
  return json.take();
}

// A second shard's port is easily forgotten on the side of the executor.
TEST(ShardReport, WhoGetsNoAnswersIsToldWhereToLook) {
  ShardReport report;
  report.hears_prices = true;
  EXPECT_EQ(state_of(report), R"({"state":"healthy","reasons":[]})");
  report.is_unanswered = true;
  EXPECT_EQ(state_of(report),
            R"({"state":"degraded","reasons":["the executor does not answer: is this shard's bus.requests_pub among )"
            R"(the executor's bus.requests_sub?"]})");
}

}  // namespace
}  // namespace arbees::app

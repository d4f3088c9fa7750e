#include "app/run_statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

// Outputs of one event, in the order in which the engine makes them.
class Made {
 public:
  Made& becomes(TradingState state) {
    report(TradingStateChanged{state, ControlReason::Operator, {}});
    return *this;
  }
  Made& requests(std::uint64_t id) {
    OpportunityJudged judged;
    judged.request = RequestId{id};
    report(judged);
    ExecutionRequest request;
    request.id = RequestId{id};
    outputs_.requests.push_back(request);
    OrderSubmitted submitted;
    submitted.order.request = RequestId{id};
    report(submitted);
    return *this;
  }
  [[nodiscard]] const Outputs& outputs() const { return outputs_; }

 private:
  void report(const ReportBody& body) { outputs_.reports.push_back(Report{kNoTime, 1, body}); }
  Outputs outputs_;
};

std::string halts_of(const RunStatistics& statistics) {
  JsonWriter json;
  json.begin_object();
  statistics.write_demo_fields(json);
  json.end_object();
  return json.take();
}

TEST(RunStatistics, RequestsOfTheEventThatResumesAreNotMadeWhileHalted) {
  RunStatistics statistics;
  statistics.add(Made().becomes(TradingState::Halted).outputs());
  statistics.add(Made().becomes(TradingState::Active).requests(1).requests(2).outputs());
  EXPECT_EQ(statistics.requests(), 2U);
  EXPECT_THAT(halts_of(statistics), testing::HasSubstr(R"({"exercised":1,"requests_while_halted":0})"));
}

TEST(RunStatistics, RequestsBeforeTheHaltOfTheSameEventAreNotMadeWhileHalted) {
  RunStatistics statistics;
  statistics.add(Made().requests(1).becomes(TradingState::Halted).outputs());
  EXPECT_THAT(halts_of(statistics), testing::HasSubstr(R"("requests_while_halted":0)"));
}

TEST(RunStatistics, RequestsWhileHaltedAreCountedOneByOne) {
  RunStatistics statistics;
  statistics.add(Made().becomes(TradingState::Halted).requests(1).outputs());
  statistics.add(Made().requests(2).becomes(TradingState::Active).requests(3).outputs());
  Outputs untold;
  untold.requests.push_back(ExecutionRequest{});
  statistics.add(Made().becomes(TradingState::Halted).outputs());
  statistics.add(untold);
  EXPECT_THAT(halts_of(statistics), testing::HasSubstr(R"("requests_while_halted":3)"));
}

}  // namespace
}  // namespace arbees::app

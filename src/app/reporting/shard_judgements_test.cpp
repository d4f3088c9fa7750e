#include "app/reporting/shard_judgements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kDocuments = {
    R"({"role":"kalshi-monitor","rejected":{"halted":1}})", "{broken",
    R"({"role":"crypto-shard","shard":"a","decisions":12,"requests":2,"opportunities":{"ladder":3,"cross_venue":4},)"
    R"("rejected":{"edge_too_small":9,"no_such_reason":5}})"};

TEST(ShardJudgements, AreThoseOfShardsAlone) {
  const auto shards = shard_judgements(kDocuments);
  ASSERT_EQ(shards.size(), 1U);
  EXPECT_EQ(shards[0].shard, "a");
  EXPECT_EQ(shards[0].judged, 12U);
  EXPECT_EQ(shards[0].seen, 7U);
  EXPECT_EQ(shards[0].requests, 2U);
  ASSERT_EQ(shards[0].rejected.size(), 1U);
  EXPECT_EQ(shards[0].rejected.at(Verdict::EdgeTooSmall), 9U);
}

TEST(ShardJudgements, AreToldWithMeaningAndRemedy) {
  const auto shards = shard_judgements(kDocuments);
  EXPECT_THAT(shards_text(shards),
              testing::AllOf(HasSubstr("shard a since its start: 12 judgements of 7 opportunities, 2 requests"),
                             HasSubstr("edge_too_small")));
  JsonWriter json;
  json.begin_object();
  write_shards(shards, json);
  EXPECT_THAT(json.end_object().take(),
              HasSubstr(R"("requests":2,"rejected":[{"reason":"edge_too_small","judged":9,"meaning":")"));
  EXPECT_EQ(shards_text({}), "");
}

}  // namespace
}  // namespace arbees::app

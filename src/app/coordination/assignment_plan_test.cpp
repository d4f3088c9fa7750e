#include "app/coordination/assignment_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/base/random.h"

namespace arbees::app {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(AssignmentPlan, OneShardHasAll) {
  EXPECT_THAT(plan_assignments({"BTC", "ETH"}, {"a"}, {}), ElementsAre(Pair("BTC", "a"), Pair("ETH", "a")));
  EXPECT_TRUE(plan_assignments({"BTC", "ETH"}, {}, {{"BTC", "a"}}).empty());
}

TEST(AssignmentPlan, ADeadShardsAssetsMoveAndTheOthersStay) {
  const Assignments before = {{"BTC", "a"}, {"ETH", "b"}, {"SOL", "a"}};
  EXPECT_THAT(plan_assignments({"BTC", "ETH", "SOL"}, {"b", "c"}, before),
              ElementsAre(Pair("BTC", "c"), Pair("ETH", "b"), Pair("SOL", "b")));
}

TEST(AssignmentPlan, AJoiningShardGetsItsPart) {
  const Assignments before = {{"BTC", "a"}, {"ETH", "a"}, {"SOL", "a"}};
  const Assignments after = plan_assignments({"BTC", "ETH", "SOL"}, {"a", "b"}, before);
  std::size_t moved = 0;
  for (const auto& [asset, shard] : after) moved += shard == "b" ? 1U : 0U;
  EXPECT_EQ(moved, 1U) << "no more than it needs";
  EXPECT_EQ(plan_assignments({"BTC", "ETH", "SOL"}, {"a", "b"}, after), after) << "a plan is at rest";
}

TEST(AssignmentPlan, ForgetsWhatIsNotTraded) {
  EXPECT_THAT(plan_assignments({"BTC"}, {"a"}, {{"BTC", "a"}, {"DOGE", "a"}}), ElementsAre(Pair("BTC", "a")));
}

TEST(AssignmentPlan, IsCompleteEvenAndStableForAnything) {
  constexpr std::uint64_t kSeed = 20'261'123;
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  const std::vector<std::string> names = {"a", "b", "c", "d", "e"};
  Assignments present;
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::string> assets;
    for (const char* asset : {"BTC", "ETH", "SOL", "XRP", "DOGE", "BNB", "LTC"}) {
      if (random.below(4) != 0) assets.emplace_back(asset);
    }
    std::vector<std::string> shards;
    for (const std::string& name : names) {
      if (random.below(2) == 0) shards.push_back(name);
    }
    const Assignments plan = plan_assignments(assets, shards, present);
    ASSERT_EQ(plan.size(), shards.empty() ? 0 : assets.size());
    std::map<std::string, std::size_t> loads;
    for (const std::string& shard : shards) loads[shard] = 0;
    for (const auto& [asset, shard] : plan) {
      ASSERT_TRUE(loads.contains(shard)) << asset << " is with the dead " << shard;
      ++loads[shard];
    }
    std::size_t least = assets.size();
    std::size_t most = 0;
    for (const auto& [shard, load] : loads) {
      least = std::min(least, load);
      most = std::max(most, load);
    }
    ASSERT_TRUE(shards.empty() || most <= least + 1) << least << " and " << most;
    ASSERT_EQ(plan_assignments(assets, shards, plan), plan);
    present = plan;
  }
}

}  // namespace
}  // namespace arbees::app

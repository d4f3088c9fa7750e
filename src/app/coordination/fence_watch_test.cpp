#include "app/coordination/fence_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

using testing::HasSubstr;

TEST(FenceWatch, OlderLeasesAreRefused) {
  FenceWatch watch(false);
  EXPECT_EQ(watch.judge(Asset::BTC, 5), "");
  watch.on_message("BTC 7");
  EXPECT_THAT(watch.judge(Asset::BTC, 6), HasSubstr("fenced: lease 6 on BTC was replaced by 7"));
  EXPECT_EQ(watch.judge(Asset::BTC, 7), "");
  EXPECT_EQ(watch.judge(Asset::ETH, 6), "") << "each asset has its own";
  watch.learn(Asset::BTC, 3);
  EXPECT_EQ(watch.newest(Asset::BTC), 7U) << "it only grows";
}

TEST(FenceWatch, WithRedisRequestsTeachNothing) {
  FenceWatch watch(false);
  EXPECT_EQ(watch.judge(Asset::BTC, 1'000'000), "");
  EXPECT_EQ(watch.judge(Asset::BTC, 5), "");
}

TEST(FenceWatch, WithoutRedisTheNewestSeenCounts) {
  FenceWatch watch(true);
  EXPECT_EQ(watch.judge(Asset::BTC, 8), "");
  EXPECT_THAT(watch.judge(Asset::BTC, 7), HasSubstr("fenced"));
  EXPECT_EQ(watch.judge(Asset::BTC, std::nullopt), "") << "no part in leases";
}

TEST(FenceWatch, NonsenseIsNoFence) {
  FenceWatch watch(false);
  for (const char* text : {"", "BTC", "GOLD 7", "BTC x", "BTC 7x", "BTC -1"}) watch.on_message(text);
  EXPECT_EQ(watch.newest(Asset::BTC), 0U);
}

}  // namespace
}  // namespace arbees::app

#include "core/pricing/index_replica.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "core/pricing/index_nowcast.h"

namespace arbees {
namespace {

using Levels = std::vector<IndexLevel>;

class IndexReplicaTest : public testing::Test {
 protected:
  Levels a_bids{{64000, .8}, {63995, 2}, {63980, 3.5}, {63900, 6}, {63700, 20}};
  Levels a_asks{{64001, .5}, {64010, 2.5}, {64030, 4}, {64120, 6}, {64350, 25}};
  Levels b_bids{{63998, 1.2}, {63990, 1.5}, {63960, 5}, {63850, 8}};
  Levels b_asks{{64004, 1}, {64012, 2}, {64050, 5}, {64200, 9}};
  Levels c_bids{{64002, .3}, {63985, 2.2}, {63940, 4}, {63800, 10}};
  Levels c_asks{{64005, .7}, {64020, 3}, {64070, 4.5}, {64250, 12}};
  Levels d_bids{{60500, 50}};
  Levels d_asks{{60510, 50}};
  std::vector<IndexBook> books{{a_bids, a_asks}, {b_bids, b_asks}, {c_bids, c_asks}, {d_bids, d_asks}};
  std::unique_ptr<IndexReplica> replica = std::make_unique<IndexReplica>();
};

TEST_F(IndexReplicaTest, WeighsMidPricesByVolumeAndDropsTheOutlier) {
  const auto index = replica->estimate(books, {});
  ASSERT_TRUE(index.has_value());
  EXPECT_EQ(index->venues, 3);
  EXPECT_NEAR(index->size_cap, 35.10741993, 1e-8);
  EXPECT_EQ(index->depth, 50);
  EXPECT_NEAR(index->value, 64001.569759485, 1e-9);
}

TEST_F(IndexReplicaTest, SmallerCapAndNarrowerSpread) {
  const auto capped = replica->estimate(books, {.forced_cap = 5});
  EXPECT_EQ(capped->depth, 38);
  EXPECT_NEAR(capped->value, 64000.786636599, 1e-9);
  const auto narrow = replica->estimate(books, {.largest_spread = 0.001});
  EXPECT_EQ(narrow->depth, 18);
  EXPECT_NEAR(narrow->value, 64001.576647766, 1e-9);
}

TEST_F(IndexReplicaTest, WithoutDepthTheMidAndWithoutBooksNothing) {
  const auto thin = replica->estimate(books, {.spacing = 1000});
  EXPECT_EQ(thin->depth, 0);
  EXPECT_EQ(thin->value, 0.5 * (64002 + 64001));
  const Levels crossed_bids{{64010, 1}};
  const Levels crossed_asks{{64000, 1}};
  const std::vector<IndexBook> broken{{crossed_bids, crossed_asks}, {{}, a_asks}};
  EXPECT_FALSE(replica->estimate(broken, {}).has_value());
}

TEST(IndexNowcast, FollowsTheCompositeBetweenTicksWithoutItsBias) {
  IndexNowcast nowcast;
  EXPECT_FALSE(nowcast.estimate(from_unix_s(100)).has_value());
  nowcast.on_composite(from_unix_s(100), 64010);
  nowcast.on_index(from_unix_s(100), 64000);
  nowcast.on_composite(from_unix_ms(100'500), 64013);
  const auto between = nowcast.estimate(from_unix_ms(100'600));
  ASSERT_TRUE(between.has_value());
  EXPECT_DOUBLE_EQ(between->value, 64003);
}

TEST(IndexNowcast, ItsErrorIsThatOfItsOwnForecasts) {
  IndexNowcast nowcast;
  for (std::int64_t second = 0; second < 600; ++second) {
    // The composite swings by two dollars that the index does not follow.
    nowcast.on_composite(from_unix_s(1000 + second), 64010 + (second % 2 == 0 ? 1 : -1));
    nowcast.on_index(from_unix_s(1000 + second), 64000);
  }
  EXPECT_NEAR(nowcast.estimate(from_unix_s(1600))->sd, 2.0, 0.05);
}

}  // namespace
}  // namespace arbees

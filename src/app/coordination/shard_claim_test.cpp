// Against a real redis-server.

#include "app/coordination/shard_claim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/redis/test_redis_server.h"
#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

using testing::HasSubstr;

class ShardClaimTest : public testing::Test {
 protected:
  ShardClaimTest() : server_(folder_.file("")) { config_.redis.url = server_.url(); }

  struct Shard {
    std::unique_ptr<Coordination> coordination;
    std::unique_ptr<ShardClaim> claim;
  };
  Shard start(const std::string& boot, const std::string& place) {
    Shard shard;
    shard.coordination = Coordination::make(loop_, config_, "crypto_shard");
    shard.coordination->open();
    shard.claim = std::make_unique<ShardClaim>(*shard.coordination, "crypto_1", boot, place);
    return shard;
  }
  // Until it holds, or a minute has passed; the given ones live meanwhile.
  bool becomes_true(const std::vector<Shard*>& alive, const std::function<bool()>& holds) {
    const Timestamp end = net::IoLoop::now() + std::chrono::seconds(60);
    while (!holds() && net::IoLoop::now() < end) {
      loop_.run_for(std::chrono::milliseconds(20));
      for (Shard* shard : alive) shard->claim->tick(net::IoLoop::now());
    }
    return holds();
  }

  net::IoLoop loop_;
  test::TemporaryFolder folder_;
  test::RedisServer server_;
  Config config_ = default_config();
};

TEST_F(ShardClaimTest, OfTwoWithOneNameTheLaterOneMustEnd) {
  Shard first = start("aa", "host-a 11");
  ASSERT_TRUE(becomes_true({&first}, [&] { return first.claim->is_held(); }));
  Shard second = start("bb", "host-b 22");
  ASSERT_TRUE(becomes_true({&first, &second}, [&] { return !second.claim->trouble().empty(); }));
  EXPECT_THAT(second.claim->trouble(),
              testing::AllOf(HasSubstr("crypto_1"), HasSubstr("host-a 11"), HasSubstr("CRYPTO_SHARD_ID")));
  EXPECT_FALSE(second.claim->is_held());
  EXPECT_TRUE(first.claim->is_held());
  EXPECT_EQ(first.claim->trouble(), "");
}

TEST_F(ShardClaimTest, TheNameOfADeadProcessIsFreeAfterAWhile) {
  Shard first = start("aa", "host-a 11");
  ASSERT_TRUE(becomes_true({&first}, [&] { return first.claim->is_held(); }));
  Shard second = start("bb", "host-a 12");  // the first one says nothing any more
  EXPECT_TRUE(becomes_true({&second}, [&] { return second.claim->is_held(); }));
  EXPECT_EQ(second.claim->trouble(), "");
}

TEST_F(ShardClaimTest, WhoEndsInOrderLeavesTheNameAtOnce) {
  Shard first = start("aa", "host-a 11");
  ASSERT_TRUE(becomes_true({&first}, [&] { return first.claim->is_held(); }));
  first.claim->release();
  EXPECT_TRUE(becomes_true({}, [&] { return server_.ask({"EXISTS", "shard:crypto_1:instance"}).integer == 0; }));
}

}  // namespace
}  // namespace arbees::app

#include "app/running/verification.h"

#include <gtest/gtest.h>

namespace arbees::app {
namespace {

std::string document(const std::string& role, const std::string& feeds) {
  return "{\"running\":true," + (role.empty() ? role : "\"role\":\"" + role + "\",") + "\"feeds\":[" + feeds + "]}";
}
std::string feed(const std::string& venue, const std::string& status, int frames) {
  return R"({"venue":")" + venue + R"(","status":")" + status + R"(","frames":)" + std::to_string(frames) + "}";
}

TEST(Verification, PricesOfALiveFeedAreEnough) {
  const Verification result = verify_flow(document("", feed("kalshi", "live", 10) + "," + feed("binance", "down", 0)),
                                          document("", feed("kalshi", "live", 25) + "," + feed("binance", "down", 0)));
  EXPECT_EQ(result.trouble, "");
  EXPECT_EQ(result.role, "run");
  EXPECT_EQ(result.messages, 15U);
  EXPECT_EQ(result.feeds, 2U);
  EXPECT_EQ(result.live, 1U);
}

TEST(Verification, SilenceIsNoSuccess) {
  const std::string quiet = document("kalshi-monitor", feed("kalshi", "live", 10));
  EXPECT_EQ(verify_flow(quiet, quiet).trouble, "no prices flow");
  EXPECT_EQ(verify_flow(quiet, document("kalshi-monitor", feed("kalshi", "stale", 30))).trouble, "no feed is live");
  EXPECT_EQ(verify_flow(quiet, "").trouble, "has ended");
  EXPECT_EQ(verify_flow("", "").trouble, "tells nothing");
  EXPECT_EQ(verify_flow(quiet, "").role, "kalshi-monitor");
}

TEST(Verification, AProcessThatBeganMeanwhileCounts) {
  EXPECT_EQ(verify_flow("", document("kalshi-monitor", feed("kalshi", "live", 3))).trouble, "");
}

TEST(Verification, ARoleWithoutFeedsMustOnlyBeThere) {
  EXPECT_EQ(verify_flow(document("orchestrator", ""), document("orchestrator", "")).trouble, "");
}

TEST(Verification, WhoGivesReasonsDoesNotDoItsWork) {
  const auto shard = [](int heard, const std::string& reasons) {
    return R"({"role":"crypto-shard","feeds":[],"state":"halted","reasons":[)" + reasons + R"(],"prices_received":)" +
           std::to_string(heard) + "}";
  };
  EXPECT_EQ(verify_flow(shard(5, ""), shard(9, R"("paused by a command","no prices are heard")")).trouble,
            "halted (paused by a command; no prices are heard)");
  EXPECT_EQ(verify_flow(shard(5, R"("paused by a command")"), shard(9, "")).trouble, "");
}

TEST(Verification, WhoListensToTheBusMustHearSomething) {
  const auto shard = [](int heard) {
    return R"({"role":"crypto-shard","feeds":[],"prices_received":)" + std::to_string(heard) + "}";
  };
  EXPECT_EQ(verify_flow(shard(5), shard(12)).messages, 7U);
  EXPECT_EQ(verify_flow(shard(5), shard(12)).trouble, "");
  EXPECT_EQ(verify_flow(shard(5), shard(5)).trouble, "nothing is heard on the bus");
  const auto deaf = [](int messages) {
    return R"({"role":"crypto-shard","feeds":[],"prices_received":5,"publishers":[{"messages":)" +
           std::to_string(messages) + "}]}";
  };
  EXPECT_EQ(verify_flow(deaf(5), deaf(90)).trouble, "nothing is heard on the bus") << "contracts alone are no prices";
  const auto listener = [](int first, int second) {
    return R"({"role":"zmq-listener","feeds":[],"publishers":[{"messages":)" + std::to_string(first) +
           R"(},{"messages":)" + std::to_string(second) + "}]}";
  };
  EXPECT_EQ(verify_flow(listener(1, 2), listener(4, 2)).messages, 3U);
  EXPECT_EQ(verify_flow(listener(1, 2), listener(1, 2)).trouble, "nothing is heard on the bus");
}

}  // namespace
}  // namespace arbees::app

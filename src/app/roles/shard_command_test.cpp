#include "app/roles/shard_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

using testing::HasSubstr;

TEST(ShardCommand, ReadsThePredecessorsMessages) {
  const auto added = parse_shard_command(
      R"({"type":"add_event","command_id":"7","event_id":"kalshi:KXBTCD-1","market_type":{"type":"crypto","asset":"BTC",)"
      R"("prediction_type":"price_target"},"target_price":64000.0,"metadata":{"title":"x"}})");
  ASSERT_TRUE(added) << added.error().reason;
  EXPECT_EQ(added->order, ShardOrder::AddEvent);
  EXPECT_EQ(added->id, "7");
  EXPECT_EQ(added->venue, Venue::Kalshi);
  EXPECT_EQ(added->market, "KXBTCD-1");
  EXPECT_EQ(added->asset, Asset::BTC);
  const auto removed = parse_shard_command(R"({"type":"remove_event","event_id":"polymarket:0xabc"})");
  ASSERT_TRUE(removed) << removed.error().reason;
  EXPECT_EQ(removed->venue, Venue::Polymarket);
  for (const char* type : {"pause", "resume", "reload", "snapshot", "shutdown"}) {
    const auto command = parse_shard_command(std::string(R"({"type":")") + type + "\"}");
    ASSERT_TRUE(command) << type;
    EXPECT_EQ(shard_order_name(command->order), type);
  }
}

TEST(ShardCommand, SaysWhereStrangersBelong) {
  const auto reason = [](const char* text) {
    const auto command = parse_shard_command(text);
    return command ? std::string("accepted") : command.error().reason;
  };
  EXPECT_THAT(reason(R"({"type":"add_game","game_id":"1"})"), HasSubstr("game_shard"));
  EXPECT_THAT(reason(R"({"type":"add_event","event_id":"kalshi:X","market_type":{"type":"economics"}})"),
              HasSubstr("economics events do not belong here"));
  EXPECT_THAT(reason(R"({"type":"add_event","event_id":"kalshi:X","sport":"NBA"})"), HasSubstr("game_shard"));
  EXPECT_THAT(reason(R"({"type":"add_event","event_id":"KXBTCD-1"})"), HasSubstr("event_id must be"));
  EXPECT_THAT(reason(R"({"type":"add_event","event_id":"coinbase:BTC-USD"})"), HasSubstr("event_id must be"));
  EXPECT_THAT(reason(R"({"type":"add_event","event_id":"kalshi:"})"), HasSubstr("names no market"));
  EXPECT_THAT(reason(R"({"type":"add_event","event_id":"kalshi:X","asset":"GOLD"})"), HasSubstr("GOLD"));
  EXPECT_THAT(reason(R"({"type":"dance"})"), HasSubstr("malformed: dance"));
  EXPECT_THAT(reason("{}"), HasSubstr("malformed"));
  EXPECT_THAT(reason("[1]"), HasSubstr("malformed"));
  EXPECT_THAT(reason("{\"type\":"), HasSubstr("malformed"));
}

}  // namespace
}  // namespace arbees::app

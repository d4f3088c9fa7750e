// Against a real redis-server, and one that is gone or does not answer.

#include "app/roles/redis_streams.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "adapters/redis/test_redis_server.h"
#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

const Timestamp kNow = from_unix_ms(1'769'710'079'123);

class RedisStreamsTest : public testing::Test {
 protected:
  RedisStreamsTest() : server_(folder_.file("")) {
    streams_ = std::make_unique<RedisStreams>(loop_, server_.address(), StreamLengths{100, 50});
  }

  // Until it holds, or a minute has passed.
  bool becomes_true(const std::function<bool()>& holds) {
    const Timestamp end = net::IoLoop::now() + std::chrono::seconds(60);
    while (!holds() && net::IoLoop::now() < end) loop_.run_for(std::chrono::milliseconds(20));
    return holds();
  }
  [[nodiscard]] std::uint64_t count(const char* name) const {
    JsonWriter json;
    json.begin_object();
    streams_->write_status(json);
    const std::string text = json.end_object().take();
    rapidjson::Document document;
    document.Parse(text.c_str());
    const auto& value = document["redis_streams"][name];
    return value.IsBool() ? (value.GetBool() ? 1 : 0) : value.GetUint64();
  }
  void add(const std::string& topic, std::uint64_t seq) {
    const bus::Envelope envelope{seq, seq, 1'769'710'079'100, "kalshi_monitor"};
    const std::string body = bus::encode_message(envelope, R"({"market_id":"KX"})");
    streams_->add(topic, body, envelope, kNow);
  }

  net::IoLoop loop_;
  test::TemporaryFolder folder_;
  test::RedisServer server_;
  std::unique_ptr<RedisStreams> streams_;
};

TEST(RedisStreamNames, FollowTheTopic) {
  EXPECT_EQ(stream_of("prices.kalshi.KX"), "stream:prices:kalshi");
  EXPECT_EQ(stream_of("prices.poly.0x1"), "stream:prices:polymarket");
  EXPECT_EQ(stream_of("crypto.prices.BTC"), "stream:prices:crypto");
  EXPECT_EQ(stream_of("crypto.index.BTC"), "stream:prices:crypto");
  EXPECT_EQ(stream_of("crypto.execution.r1"), "stream:executions");
  EXPECT_EQ(stream_of("execution.request.r1"), "stream:executions");
  EXPECT_EQ(stream_of("trades.executed.r1"), "stream:trades");
  EXPECT_EQ(stream_of("contracts.kalshi.KX"), "stream:contracts");
  EXPECT_EQ(stream_of("games.x"), "stream:unknown");
}

TEST_F(RedisStreamsTest, AMessageIsAnEntryWithItsFields) {
  ASSERT_TRUE(becomes_true([&] { return count("up") == 1; }));
  add("prices.kalshi.KX", 7);
  streams_->add("games.x", "no message", std::nullopt, kNow);
  ASSERT_TRUE(becomes_true([&] { return count("written") == 2; }));
  const redis::Reply range = server_.ask({"XRANGE", "stream:prices:kalshi", "-", "+"});
  ASSERT_EQ(range.items.size(), 1U);
  std::vector<std::string> fields;
  for (const redis::Reply& field : range.items[0].items[1].items) fields.push_back(field.text);
  EXPECT_THAT(fields,
              testing::ElementsAre("topic", "prices.kalshi.KX", "payload", R"({"market_id":"KX"})", "zmq_seq", "7",
                                   "zmq_ts", "1769710079100", "source", "kalshi_monitor", "recv_ts", "1769710079123"));
  const redis::Reply other = server_.ask({"XRANGE", "stream:unknown", "-", "+"});
  ASSERT_EQ(other.items.size(), 1U);
  EXPECT_EQ(other.items[0].items[1].items[3].text, "no message");
}

TEST_F(RedisStreamsTest, AStreamDoesNotGrowWithoutEnd) {
  ASSERT_TRUE(becomes_true([&] { return count("up") == 1; }));
  constexpr std::uint64_t kMessages = 2'000;
  for (std::uint64_t seq = 1; seq <= kMessages; ++seq) add("prices.kalshi.KX", seq);
  ASSERT_TRUE(becomes_true([&] { return count("written") == kMessages; }));
  // Redis drops whole nodes of about a hundred entries.
  EXPECT_LT(server_.ask({"XLEN", "stream:prices:kalshi"}).integer, 400);
}

TEST_F(RedisStreamsTest, ARedisThatDoesNotAnswerOrIsGoneHoldsUpNobodyAndIsCounted) {
  ASSERT_TRUE(becomes_true([&] { return count("up") == 1; }));
  server_.send(SIGSTOP);
  const std::uint64_t messages = redis::Link::kMostWaiting * 2;
  for (std::uint64_t seq = 1; seq <= messages; ++seq) add("prices.kalshi.KX", seq);  // returns at once
  EXPECT_TRUE(becomes_true([&] { return count("lost") >= redis::Link::kMostWaiting; })) << "there is no room for all";
  server_.end(SIGKILL);
  EXPECT_TRUE(becomes_true([&] { return count("written") + count("lost") == messages; }))
      << "every one is accounted for";
  server_.start();
  ASSERT_TRUE(becomes_true([&] { return count("up") == 1; }));
  const std::uint64_t before = count("written");
  add("prices.kalshi.KX", messages + 1);
  EXPECT_TRUE(becomes_true([&] { return count("written") == before + 1; })) << "it goes on by itself";
}

TEST_F(RedisStreamsTest, WhatRedisRefusesIsCounted) {
  ASSERT_TRUE(becomes_true([&] { return count("up") == 1; }));
  server_.ask({"SET", "stream:trades", "no stream"});
  add("trades.executed.r1", 1);
  EXPECT_TRUE(becomes_true([&] { return count("refused") == 1; }));
}

}  // namespace
}  // namespace arbees::app

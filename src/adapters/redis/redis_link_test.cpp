// Against a real redis-server.

#include "adapters/redis/redis_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/redis/test_redis_server.h"

namespace arbees::redis {
namespace {

using testing::HasSubstr;

class RedisLinkTest : public testing::Test {
 protected:
  RedisLinkTest() : folder_(make_folder()), server_(folder_) {}
  ~RedisLinkTest() override {
    link_.reset();
    server_.end(SIGKILL);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  static std::string make_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "arbees-redis-XXXXXX").string();
    return ::mkdtemp(pattern.data());
  }

  // Until it holds, or a minute has passed.
  bool becomes_true(const std::function<bool()>& holds) {
    const Timestamp end = net::IoLoop::now() + std::chrono::seconds(60);
    while (!holds() && net::IoLoop::now() < end) loop_.run_for(std::chrono::milliseconds(20));
    return holds();
  }

  void connect(LinkOptions options = {}) {
    options.address = server_.address();
    LinkListener listener;
    listener.on_state = [this](bool is_up, const std::string& why) { states_.push_back(is_up ? "up" : why); };
    listener.on_message = [this](const std::string& channel, const std::string& text) {
      messages_.push_back(channel + "=" + text);
    };
    link_ = std::make_unique<Link>(loop_, std::move(options), std::move(listener));
  }

  Reply ask(Words words) {
    Reply answer;
    bool is_done = false;
    link_->command(std::move(words), [&](const Reply& reply) {
      answer = reply;
      is_done = true;
    });
    EXPECT_TRUE(becomes_true([&] { return is_done; }));
    return answer;
  }

  net::IoLoop loop_;
  std::string folder_;
  test::RedisServer server_;
  std::unique_ptr<Link> link_;
  std::vector<std::string> states_;
  std::vector<std::string> messages_;
};

TEST_F(RedisLinkTest, CommandsAndTheirAnswers) {
  connect();
  ASSERT_TRUE(becomes_true([&] { return link_->is_up(); }));
  EXPECT_EQ(ask({"SET", "key", std::string("a \0b", 4), "EX", "35"}).text, "OK");
  EXPECT_EQ(ask({"GET", "key"}).text, std::string("a \0b", 4));
  const Reply life = ask({"TTL", "key"});
  EXPECT_EQ(life.kind, ReplyKind::Integer);
  EXPECT_GT(life.integer, 0);
  EXPECT_EQ(ask({"GET", "nothing"}).kind, ReplyKind::Nothing);
  EXPECT_EQ(ask({"HSET", "hash", "BTC", "1"}).integer, 1);
  const Reply hash = ask({"HGETALL", "hash"});
  ASSERT_EQ(hash.items.size(), 2U);
  EXPECT_EQ(hash.items[1].text, "1");
  const Reply refused = ask({"HGETALL", "key"});
  EXPECT_EQ(refused.kind, ReplyKind::Refused);
  EXPECT_THAT(refused.text, HasSubstr("WRONGTYPE"));
  EXPECT_EQ(ask({"EVAL", "return redis.call('GET', KEYS[1])", "1", "nothing"}).kind, ReplyKind::Nothing);
  EXPECT_THAT(states_, testing::ElementsAre("up"));
}

TEST_F(RedisLinkTest, HearsWhatIsPublishedOnceItIsUp) {
  LinkOptions options;
  options.channels = {"one"};
  options.patterns = {"many:*"};
  connect(options);
  ASSERT_TRUE(becomes_true([&] { return link_->is_up(); }));
  EXPECT_EQ(server_.ask({"PUBLISH", "one", "first"}).integer, 1);
  EXPECT_EQ(server_.ask({"PUBLISH", "many:7", "second"}).integer, 1);
  EXPECT_EQ(server_.ask({"PUBLISH", "other", "third"}).integer, 0);
  EXPECT_TRUE(becomes_true([&] { return messages_.size() >= 2; }));
  EXPECT_THAT(messages_, testing::ElementsAre("one=first", "many:7=second"));
}

TEST_F(RedisLinkTest, AKilledServerIsLostAndFoundAgain) {
  LinkOptions options;
  options.channels = {"one"};
  connect(options);
  ASSERT_TRUE(becomes_true([&] { return link_->is_up(); }));
  server_.end(SIGKILL);
  ASSERT_TRUE(becomes_true([&] { return !link_->is_up(); }));
  EXPECT_NE(link_->trouble(), "");
  EXPECT_EQ(ask({"GET", "key"}).kind, ReplyKind::Lost);
  server_.start();
  ASSERT_TRUE(becomes_true([&] { return link_->is_up(); }));
  server_.ask({"PUBLISH", "one", "again"});
  EXPECT_TRUE(becomes_true([&] { return !messages_.empty(); }));
  EXPECT_EQ(ask({"PING"}).text, "PONG");
}

TEST_F(RedisLinkTest, AServerThatDoesNotAnswerIsLostWhateverItsSocketSays) {
  LinkOptions options;
  options.channels = {"one"};
  options.deadline = std::chrono::milliseconds(300);
  connect(options);
  ASSERT_TRUE(becomes_true([&] { return link_->is_up(); }));
  server_.send(SIGSTOP);
  ASSERT_TRUE(becomes_true([&] { return !link_->is_up(); }));
  EXPECT_THAT(link_->trouble(), HasSubstr("in time"));
  server_.send(SIGCONT);
  EXPECT_TRUE(becomes_true([&] { return link_->is_up(); }));
}

TEST_F(RedisLinkTest, WhatWasAskedForAtTheEndIsDone) {
  connect();
  ASSERT_TRUE(becomes_true([&] { return link_->is_up(); }));
  link_->command({"SET", "last", "word"});
  link_.reset();
  EXPECT_EQ(server_.ask({"GET", "last"}).text, "word");
}

TEST_F(RedisLinkTest, AWrongPasswordIsToldWithoutThePassword) {
  LinkOptions options;
  connect(options);
  ASSERT_TRUE(becomes_true([&] { return link_->is_up(); }));
  ASSERT_EQ(ask({"CONFIG", "SET", "requirepass", "right-one"}).text, "OK");
  Address address = server_.address();
  address.password = "hunter2";
  Connection connection(address, std::chrono::seconds(5));
  const std::string wrong = connection.open();
  EXPECT_THAT(wrong, HasSubstr("AUTH"));
  EXPECT_EQ(wrong.find("hunter2"), std::string::npos) << wrong;
  address.password = "right-one";
  Connection right(address, std::chrono::seconds(5));
  EXPECT_EQ(right.open(), "");
}

}  // namespace
}  // namespace arbees::redis

#include "adapters/redis/redis_address.h"

#include <gtest/gtest.h>

namespace arbees::redis {
namespace {

TEST(RedisAddress, ReadsWhatUrlsOfRedisLookLike) {
  const auto plain = parse_address("redis://localhost:6380/2");
  ASSERT_TRUE(plain) << plain.error();
  EXPECT_EQ(plain->host, "localhost");
  EXPECT_EQ(plain->port, 6380);
  EXPECT_EQ(plain->database, 2U);
  const auto usual = parse_address("redis://10.0.0.5");
  ASSERT_TRUE(usual) << usual.error();
  EXPECT_EQ(usual->port, 6379);
  const auto secret = parse_address("redis://arbees:p%40ss:w@[::1]:7000");
  ASSERT_TRUE(secret) << secret.error();
  EXPECT_EQ(secret->user, "arbees");
  EXPECT_EQ(secret->password, "p@ss:w");
  EXPECT_EQ(secret->host, "::1");
  EXPECT_EQ(secret->port, 7000);
  const auto socket = parse_address("unix:///run/redis.sock?db=3");
  ASSERT_TRUE(socket) << socket.error();
  EXPECT_EQ(socket->socket, "/run/redis.sock");
  EXPECT_EQ(socket->database, 3U);
}

TEST(RedisAddress, NeverShowsASecret) {
  for (const char* url : {"redis://user:hunter2@host:1/1", "redis://:hunter2@host"}) {
    const auto address = parse_address(url);
    ASSERT_TRUE(address) << url;
    EXPECT_EQ(address->password, "hunter2");
    EXPECT_EQ(address->text().find("hunter2"), std::string::npos) << address->text();
    EXPECT_EQ(address->text().find("user"), std::string::npos) << address->text();
  }
  for (const char* url : {"redis://user:hunter2@host:0", "redis://hunter2@host", "http://:hunter2@host",
                          "redis://user:hunter2%zz@host", "rediss://:hunter2@host"}) {
    const auto address = parse_address(url);
    ASSERT_FALSE(address) << url;
    EXPECT_EQ(address.error().find("hunter2"), std::string::npos) << address.error();
  }
}

TEST(RedisAddress, RefusesWhatItCannotMean) {
  for (const char* url : {"", "redis://", "redis:///1", "redis://host:port", "redis://host:70000", "redis://host/x",
                          "redis://[::1", "unix://relative", "unix:///a?x=1", "localhost:6379"}) {
    EXPECT_FALSE(parse_address(url)) << url;
  }
}

}  // namespace
}  // namespace arbees::redis

#include "adapters/bus/endpoint.h"

#include <gtest/gtest.h>

#include "adapters/bus/topics.h"

namespace arbees::bus {
namespace {

TEST(Endpoint, ReadsPortsAddressesAndPaths) {
  EXPECT_EQ(parse_endpoint("5560", "127.0.0.1")->text(), "tcp://127.0.0.1:5560");
  EXPECT_EQ(parse_endpoint("tcp://*:5560", "127.0.0.1")->text(), "tcp://*:5560");
  EXPECT_EQ(parse_endpoint("tcp://[::1]:5560", "127.0.0.1")->text(), "tcp://[::1]:5560");
  EXPECT_EQ(parse_endpoint("tcp://kalshi_monitor:5555", "*")->text(), "tcp://kalshi_monitor:5555");
  EXPECT_EQ(parse_endpoint("ipc:///run/a.sock", "*")->text(), "ipc:///run/a.sock");
  for (const char* wrong : {"", "0", "65536", "-1", "55x", "tcp://", "tcp://a", "tcp://:1", "tcp://a b:1", "ipc://a",
                            "udp://a:1", "tcp://a:0"}) {
    EXPECT_FALSE(parse_endpoint(wrong, "127.0.0.1")) << wrong;
  }
}

TEST(Endpoint, ListsAreSeparatedByCommas) {
  const auto list = parse_endpoints(" tcp://a:1 , 2", "127.0.0.1");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ((*list)[0].text(), "tcp://a:1");
  EXPECT_EQ((*list)[1].text(), "tcp://127.0.0.1:2");
  EXPECT_TRUE(parse_endpoints("", "*")->empty());
  EXPECT_FALSE(parse_endpoints("tcp://a:1,,2", "*"));
}

TEST(Endpoint, KnowsWhatStaysOnTheMachineAndWhatCollides) {
  const auto at = [](const char* text) { return *parse_endpoint(text, "127.0.0.1"); };
  EXPECT_TRUE(at("5560").is_local());
  EXPECT_TRUE(at("ipc:///a").is_local());
  EXPECT_FALSE(at("tcp://*:5560").is_local());
  EXPECT_FALSE(at("tcp://10.0.0.1:5560").is_local());
  EXPECT_TRUE(at("5560").collides_with(at("tcp://*:5560")));
  EXPECT_TRUE(at("5560").collides_with(at("tcp://localhost:5560")));
  EXPECT_FALSE(at("5560").collides_with(at("5561")));
  EXPECT_FALSE(at("5560").collides_with(at("tcp://10.0.0.1:5560")));
}

TEST(Topics, AreMadeOfCheckedParts) {
  EXPECT_EQ(spot_topic(Asset::BTC), "crypto.prices.BTC");
  EXPECT_EQ(market_topic(Venue::Kalshi, "KXBTCD-1"), "prices.kalshi.KXBTCD-1");
  EXPECT_EQ(market_topic(Venue::Polymarket, "0xab"), "prices.poly.0xab");
  EXPECT_EQ(market_topic(Venue::Kalshi, "with space"), "");
  EXPECT_EQ(result_topic("executed", "r1"), "trades.executed.r1");
  EXPECT_EQ(request_id_of("crypto.execution.r1"), "r1");
  EXPECT_EQ(request_id_of("execution.request.r2"), "r2");
  EXPECT_EQ(request_id_of("crypto.execution."), "");
  EXPECT_EQ(request_id_of("trades.executed.r1"), "");
}

}  // namespace
}  // namespace arbees::bus

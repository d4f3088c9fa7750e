#include "adapters/dashboard/metrics_server.h"

#include <gtest/gtest.h>

#include "adapters/net/http_client.h"

namespace arbees {
namespace {

constexpr Duration kPatience = std::chrono::seconds(10);

class MetricsServerTest : public testing::Test {
 protected:
  void open(const std::string& address) {
    auto server =
        MetricsServer::open(loop_, address, 0, [this] { return "arbees_asked " + std::to_string(++asked_) + "\n"; });
    ASSERT_TRUE(server) << server.error();
    server_ = std::move(*server);
    const std::string url = server_->url();
    const std::string port = url.substr(url.rfind(':') + 1, url.rfind('/') - url.rfind(':') - 1);
    client_ = std::make_unique<net::HttpClient>(loop_, *net::parse_url("http://127.0.0.1:" + port));
  }

  net::HttpResponse ask(const std::string& method, const std::string& target, std::vector<net::Header> headers = {}) {
    net::HttpResponse response;
    bool is_done = false;
    client_->send({method, target, std::move(headers), {}, kPatience}, [&](net::HttpAnswer answer) {
      EXPECT_TRUE(answer) << answer.error().reason;
      if (answer) response = std::move(*answer);
      is_done = true;
    });
    const Timestamp end = net::IoLoop::now() + kPatience;
    while (!is_done && net::IoLoop::now() < end) loop_.run_for(std::chrono::milliseconds(50));
    EXPECT_TRUE(is_done);
    return response;
  }

  net::IoLoop loop_;
  std::unique_ptr<MetricsServer> server_;
  std::unique_ptr<net::HttpClient> client_;
  int asked_ = 0;
};

TEST_F(MetricsServerTest, ServesMetricsAndHealthOnly) {
  open("127.0.0.1");
  const net::HttpResponse metrics = ask("GET", "/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_EQ(metrics.header("content-type"), kMetricsType);
  EXPECT_EQ(metrics.body, "arbees_asked 1\n");
  EXPECT_EQ(ask("GET", "/metrics").body, "arbees_asked 2\n");
  EXPECT_EQ(ask("GET", "/healthz").body, "ok\n");
  EXPECT_EQ(ask("GET", "/").status, 404);
  EXPECT_EQ(ask("GET", "/api/status").status, 404);
  EXPECT_EQ(ask("POST", "/metrics").status, 405);
}

TEST_F(MetricsServerTest, OnLoopbackItAnswersForItsOwnNameOnly) {
  open("127.0.0.1");
  EXPECT_EQ(ask("GET", "/metrics", {{"Host", "evil.example"}}).status, 403);
  EXPECT_EQ(asked_, 0);
}

TEST_F(MetricsServerTest, BoundForAllItAnswersForAnyName) {
  open("0.0.0.0");
  EXPECT_EQ(ask("GET", "/metrics", {{"Host", "kalshi-monitor:9464"}}).status, 200);
}

TEST_F(MetricsServerTest, WhatIsNoAddressIsSaid) {
  const auto server = MetricsServer::open(loop_, "elsewhere", 0, [] { return std::string(); });
  ASSERT_FALSE(server);
  EXPECT_NE(server.error().find("elsewhere"), std::string::npos);
}

}  // namespace
}  // namespace arbees

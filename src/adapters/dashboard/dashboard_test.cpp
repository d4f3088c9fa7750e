#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "adapters/dashboard/dashboard_server.h"
#include "adapters/net/http_client.h"
#include "adapters/net/websocket_client.h"

namespace arbees {
namespace {

using testing::HasSubstr;

constexpr Duration kPatience = std::chrono::seconds(10);
const std::string kToken(64, 'a');

class DashboardTest : public testing::Test {
 protected:
  void SetUp() override {
    DashboardSources sources;
    sources.status = [this] { return "{\"status\":" + std::to_string(++asked_) + "}"; };
    sources.fills = [this] { return answer("{\"fills\":[]}"); };
    sources.metrics = [] { return std::string("arbees_halted 0\n"); };
    sources.halt = [this](const std::string& reason) {
      halted_by_ = reason;
      return answer("{\"halted\":true}");
    };
    sources.doubt = [this] { return doubt_; };
    sources.resume = [this](const std::string& reason) {
      resumed_by_ = reason;
      return answer("{\"halted\":false}");
    };
    sources.reason_in = [](const std::string& body) { return body; };
    sources.reason_needed = reason_needed_;
    sources.flatten = [this](const std::string& reason) {
      flattened_by_ = reason;
      return answer("{\"flattening\":true}");
    };
    auto server = DashboardServer::open(loop_, 0, kToken, std::move(sources));
    ASSERT_TRUE(server) << server.error();
    server_ = std::move(*server);
    client_ = std::make_unique<net::HttpClient>(loop_, *net::parse_url(server_->url()));
  }

  [[nodiscard]] DashboardSources::Answer answer(const char* document) const {
    if (!trouble_.empty()) return failure(trouble_);
    return std::string(document);
  }

  net::HttpResponse ask(const std::string& method, const std::string& target, std::vector<net::Header> headers = {},
                        std::string body = {}) {
    net::HttpResponse response;
    bool is_done = false;
    client_->send({method, target, std::move(headers), std::move(body), kPatience}, [&](net::HttpAnswer answer) {
      EXPECT_TRUE(answer) << answer.error().reason;
      if (answer) response = std::move(*answer);
      is_done = true;
    });
    wait_for(is_done);
    return response;
  }

  void wait_for(const bool& flag) {
    const Timestamp end = net::IoLoop::now() + kPatience;
    while (!flag && net::IoLoop::now() < end) loop_.run_for(std::chrono::milliseconds(50));
    EXPECT_TRUE(flag);
  }

  [[nodiscard]] static net::Header bearer(const std::string& token) { return {"Authorization", "Bearer " + token}; }

  net::IoLoop loop_;
  std::unique_ptr<DashboardServer> server_;
  std::unique_ptr<net::HttpClient> client_;
  std::string reason_needed_;
  std::string resumed_by_;
  std::string halted_by_;
  std::string flattened_by_;
  std::string trouble_;
  std::string doubt_;
  int asked_ = 0;
};

class LiveDashboardTest : public DashboardTest {
 protected:
  LiveDashboardTest() { reason_needed_ = "say why"; }
};

TEST_F(LiveDashboardTest, NothingIsResumedWithoutAReason) {
  const net::HttpResponse refused = ask("POST", "/api/resume", {bearer(kToken)});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, R"({"error":{"code":"reason_needed","message":"say why"}})");
  EXPECT_EQ(resumed_by_, "");
  EXPECT_EQ(ask("POST", "/api/resume", {bearer(kToken)}, "looked at it").status, 200);
  EXPECT_EQ(resumed_by_, "dashboard: looked at it");
  EXPECT_EQ(ask("POST", "/api/halt", {bearer(kToken)}).status, 200);
  EXPECT_EQ(halted_by_, "dashboard") << "a halt is always obeyed";
}

TEST_F(DashboardTest, PageAndHealthNeedNoToken) {
  EXPECT_EQ(ask("GET", "/healthz").body, "ok\n");
  const net::HttpResponse page = ask("GET", "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<title>Arbees</title>"));
  EXPECT_THAT(std::string(page.header("content-security-policy")), HasSubstr("default-src 'none'"));
  EXPECT_EQ(page.header("access-control-allow-origin"), "");
  EXPECT_THAT(ask("GET", "/dashboard.js").body, HasSubstr("/api/stream"));
  EXPECT_EQ(ask("GET", "/dashboard.css").status, 200);
  EXPECT_EQ(ask("GET", "/secrets").status, 404);
}

TEST_F(DashboardTest, MetricsNeedTheTokenAsWell) {
  EXPECT_EQ(ask("GET", "/metrics").status, 401);
  const net::HttpResponse metrics = ask("GET", "/metrics", {bearer(kToken)});
  EXPECT_EQ(metrics.body, "arbees_halted 0\n");
  EXPECT_EQ(metrics.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(ask("POST", "/metrics", {bearer(kToken)}).status, 405);
}

TEST_F(DashboardTest, TheApiNeedsTheTokenInTheHeader) {
  EXPECT_EQ(ask("GET", "/api/status").status, 401);
  EXPECT_EQ(ask("GET", "/api/status?token=" + kToken).status, 401);
  EXPECT_EQ(ask("GET", "/api/status", {bearer(std::string(64, 'b'))}).status, 401);
  EXPECT_EQ(ask("GET", "/api/status", {bearer(kToken + "a")}).status, 401);
  EXPECT_EQ(ask("GET", "/api/status", {bearer(kToken.substr(1))}).status, 401);
  EXPECT_EQ(ask("GET", "/api/status", {bearer(kToken)}).body, "{\"status\":1}");
  EXPECT_EQ(ask("GET", "/api/fills", {bearer(kToken)}).body, "{\"fills\":[]}");
}

TEST_F(DashboardTest, OnlyAPostWithTheTokenChangesAnything) {
  EXPECT_EQ(ask("GET", "/api/halt", {bearer(kToken)}).status, 405);
  EXPECT_EQ(ask("POST", "/api/halt").status, 401);
  EXPECT_EQ(ask("POST", "/api/status", {bearer(kToken)}).status, 405);
  EXPECT_EQ(halted_by_, "");
  EXPECT_EQ(ask("POST", "/api/halt", {bearer(kToken)}).body, "{\"halted\":true}");
  EXPECT_EQ(halted_by_, "dashboard");
  EXPECT_EQ(ask("POST", "/api/resume", {bearer(kToken)}).body, "{\"halted\":false}");
  EXPECT_EQ(resumed_by_, "dashboard");
}

TEST_F(DashboardTest, FlattenIsAPostLikeHalt) {
  EXPECT_EQ(ask("GET", "/api/flatten", {bearer(kToken)}).status, 405);
  EXPECT_EQ(ask("POST", "/api/flatten").status, 401);
  EXPECT_EQ(ask("POST", "/api/flatten", {bearer(kToken), {"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(flattened_by_, "");
  EXPECT_EQ(ask("POST", "/api/flatten", {bearer(kToken)}).body, "{\"flattening\":true}");
  EXPECT_EQ(flattened_by_, "dashboard");
  trouble_ = "halted";
  EXPECT_EQ(ask("POST", "/api/flatten", {bearer(kToken)}).status, 409);
}

TEST_F(DashboardTest, NothingTradesAgainWhileTheBooksAreInDoubt) {
  doubt_ = "books and venue differ: 5 of X";
  for (const char* path : {"/api/resume", "/api/flatten"}) {
    EXPECT_EQ(ask("POST", path).status, 401);
    const net::HttpResponse refused = ask("POST", path, {bearer(kToken)});
    EXPECT_EQ(refused.status, 409) << path;
    EXPECT_EQ(refused.body, R"({"error":{"code":"refused","message":"books and venue differ: 5 of X"}})");
  }
  EXPECT_EQ(flattened_by_, "");
  EXPECT_EQ(ask("POST", "/api/halt", {bearer(kToken)}).status, 200) << "a halt is always obeyed";
  doubt_.clear();
  EXPECT_EQ(ask("POST", "/api/resume", {bearer(kToken)}).status, 200);
}

TEST_F(DashboardTest, WhatFailsIsNotAnsweredAsDone) {
  trouble_ = "arbees-data/halt: \"no space\"";
  const net::HttpResponse halt = ask("POST", "/api/halt", {bearer(kToken)});
  EXPECT_EQ(halt.status, 500);
  EXPECT_EQ(halt.body, R"({"error":{"code":"failed","message":"arbees-data/halt: \"no space\""}})");
  EXPECT_EQ(ask("POST", "/api/resume", {bearer(kToken)}).status, 500);
  EXPECT_EQ(ask("GET", "/api/fills", {bearer(kToken)}).status, 500);
}

TEST_F(DashboardTest, OtherHostsAndOriginsAreRefused) {
  EXPECT_EQ(ask("GET", "/", {{"Host", "evil.example"}}).status, 403);
  EXPECT_EQ(ask("GET", "/api/status", {bearer(kToken), {"Host", "127.0.0.1:1"}}).status, 403);
  EXPECT_EQ(ask("POST", "/api/halt", {bearer(kToken), {"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(ask("POST", "/api/halt", {bearer(kToken), {"Origin", server_->url()}}).status, 200);
}

TEST_F(DashboardTest, ABodyOverTheLimitIsRefused) {
  EXPECT_EQ(ask("POST", "/api/halt", {bearer(kToken)}, std::string(DashboardServer::kMaxBytes + 1, 'x')).status, 413);
  EXPECT_EQ(halted_by_, "");
}

class Page final : public net::WebSocketHandler {
 public:
  void on_open() override { is_open = true; }
  void on_frame(std::string_view frame, Timestamp) override {
    frames.emplace_back(frame);
    has_frame = true;
  }
  void on_closed(const net::WebSocketClosed& closed) override {
    status = closed.http_status;
    is_closed = true;
  }
  bool is_open = false;
  bool is_closed = false;
  bool has_frame = false;
  int status = 0;
  std::vector<std::string> frames;
};

TEST_F(DashboardTest, TheStreamSendsTheStatusToWhoHasTheToken) {
  Page page;
  net::WebSocketClient socket(loop_, page);
  net::WebSocketOptions options;
  options.headers = {{"Sec-WebSocket-Protocol", "arbees, " + kToken}, {"Origin", server_->url()}};
  socket.connect(*net::parse_url("ws" + server_->url().substr(4) + "/api/stream"), options);
  wait_for(page.has_frame);
  EXPECT_EQ(page.frames.front(), "{\"status\":1}");
  page.has_frame = false;
  server_->publish();
  wait_for(page.has_frame);
  EXPECT_EQ(page.frames.back(), "{\"status\":2}");
}

TEST_F(DashboardTest, TheStreamIsRefusedWithoutTheToken) {
  for (const std::string& offered :
       std::vector<std::string>{"arbees", "arbees, " + std::string(64, 'b'), "other, " + kToken}) {
    Page page;
    net::WebSocketClient socket(loop_, page);
    net::WebSocketOptions options;
    options.headers = {{"Sec-WebSocket-Protocol", offered}};
    socket.connect(*net::parse_url("ws" + server_->url().substr(4) + "/api/stream"), options);
    wait_for(page.is_closed);
    EXPECT_FALSE(page.is_open);
    EXPECT_EQ(page.status, 401);
  }
}

TEST(DashboardToken, IsMadeOnceAndKeptPrivate) {
  const std::string folder = testing::TempDir() + "dashboard_token";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto token = dashboard_token(folder);
  ASSERT_TRUE(token) << token.error();
  EXPECT_EQ(token->size(), 64U);
  EXPECT_EQ(*dashboard_token(folder), *token);
  const std::string path = folder + "/dashboard.token";
  struct stat found{};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_THAT(dashboard_token(folder).error(), HasSubstr("others may read it"));
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  std::ofstream(path) << "short\n";
  EXPECT_THAT(dashboard_token(folder).error(), HasSubstr("shorter than 32"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace arbees

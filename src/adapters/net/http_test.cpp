#include <gmock/gmock.h>

#include "adapters/net/http_client.h"
#include "adapters/net/http_server.h"
#include "adapters/net/net_test_support.h"

namespace arbees::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::run_until;
using testing::TestServer;
using testing::url_of;

struct HttpTest : ::testing::Test {
  void make_client(HttpClientOptions options = {}) {
    client = std::make_unique<HttpClient>(loop, url_of("http", server.port()), options);
  }
  void send(HttpRequest request) {
    client->send(std::move(request), [this](HttpAnswer answer) { answers.push_back(std::move(answer)); });
  }
  [[nodiscard]] bool wait_for(std::size_t count) {
    return run_until(loop, [&] { return answers.size() >= count; });
  }

  IoLoop loop;
  TestServer server{loop};
  std::unique_ptr<HttpClient> client;
  std::vector<HttpAnswer> answers;
};

TEST_F(HttpTest, AsksAndIsAnswered) {
  make_client();
  send({"POST", "/orders?x=1", {{"X-Key", "k"}}, "body", std::chrono::seconds(10)});
  EXPECT_TRUE(answers.empty());
  ASSERT_TRUE(wait_for(1));
  ASSERT_TRUE(answers[0]) << answers[0].error().reason;
  EXPECT_EQ(answers[0]->status, 200);
  EXPECT_EQ(answers[0]->body, "POST /orders?x=1 body");
  EXPECT_EQ(answers[0]->header("content-type"), "text/plain");
  EXPECT_LE(answers[0]->sent_at, answers[0]->received_at);
  const ServerRequest& request = server.requests[0];
  EXPECT_EQ(request.path, "/orders");
  EXPECT_EQ(request.parameter("x"), "1");
  EXPECT_EQ(request.header("x-key"), "k");
  EXPECT_THAT(std::string(request.header("user-agent")), HasSubstr("arbees/"));
  EXPECT_EQ(request.header("host"), "127.0.0.1:" + std::to_string(server.port()));
}

TEST_F(HttpTest, HundredRequestsOverFourConnections) {
  make_client();
  for (int i = 0; i < 100; ++i) send({"GET", "/" + std::to_string(i), {}, "", std::chrono::seconds(30)});
  ASSERT_TRUE(wait_for(100));
  for (const auto& answer : answers) ASSERT_TRUE(answer) << answer.error().reason;
  EXPECT_EQ(server.requests.size(), 100U);
}

}  // namespace
}  // namespace arbees::net

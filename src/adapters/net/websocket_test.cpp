#include "adapters/net/websocket_client.h"

#include <gmock/gmock.h>

#include "adapters/net/net_test_support.h"

namespace arbees::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RecordingHandler;
using testing::run_quietly;
using testing::run_until;
using ::testing::SizeIs;
using testing::TestServer;
using testing::url_of;

void echo(ServerSocket& socket, std::string_view text) { socket.send(text); }

struct WebSocketTest : ::testing::Test {
  void connect(WebSocketOptions options = {}, std::string_view target = "/") {
    client->connect(url_of("ws", server.port(), target), std::move(options));
  }
  void open(WebSocketOptions options = {}) {
    connect(std::move(options));
    ASSERT_TRUE(run_until(loop, [&] { return handler.opened == 1 && server.sockets.size() == 1; }));
  }
  [[nodiscard]] bool wait_for_end() {
    return run_until(loop, [&] { return !handler.ends.empty(); });
  }

  IoLoop loop;
  TestServer server{loop};
  RecordingHandler handler;
  std::unique_ptr<WebSocketClient> client = std::make_unique<WebSocketClient>(loop, handler);
};

// ---- Messages ----

TEST_F(WebSocketTest, SendsAndReceives) {
  server.when_text = echo;
  open();
  EXPECT_TRUE(client->is_open());
  client->send("hello");
  ASSERT_TRUE(run_until(loop, [&] { return !handler.frames.empty(); }));
  EXPECT_THAT(handler.frames, ElementsAre("hello"));
  EXPECT_THAT(server.texts, ElementsAre("hello"));
  EXPECT_LE(handler.times[0], IoLoop::now());
  EXPECT_GT(handler.times[0], IoLoop::now() - testing::kPatience);
}

TEST_F(WebSocketTest, ThousandMessagesArriveInOrder) {
  server.when_text = echo;
  open();
  std::vector<std::string> sent;
  for (std::size_t i = 0; i < 1000; ++i) sent.push_back("message " + std::to_string(i) + std::string(i % 300, '.'));
  for (const auto& text : sent) client->send(text);
  ASSERT_TRUE(run_until(loop, [&] { return handler.frames.size() == sent.size(); }));
  EXPECT_EQ(handler.frames, sent);
  EXPECT_TRUE(std::is_sorted(handler.times.begin(), handler.times.end()));
}

TEST_F(WebSocketTest, MessagesOfAllSizesComeWhole) {
  server.when_text = echo;
  open();
  std::vector<std::string> sent;
  for (const std::size_t size : {0U, 1U, 125U, 126U, 65535U, 65536U, 300'000U, 1'000'000U, 7U}) {
    sent.emplace_back(size, static_cast<char>('a' + sent.size()));
  }
  for (const auto& text : sent) client->send(text);
  ASSERT_TRUE(run_until(loop, [&] { return handler.frames.size() == sent.size(); }));
  EXPECT_EQ(handler.frames, sent);
}

TEST_F(WebSocketTest, BytesBehindAFrameAreReadable) {
  server.when_text = echo;
  handler.when_frame = [](std::string_view frame) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < kReadPadding; ++i)
      sum += static_cast<unsigned char>(*(frame.data() + frame.size() + i));
    EXPECT_GE(sum, 0U);  // the address sanitizer judges
  };
  open();
  for (const std::size_t size : {1U, 448U, 512U, 5000U}) client->send(std::string(size, 'x'));
  ASSERT_TRUE(run_until(loop, [&] { return handler.frames.size() == 4; }));
}

TEST_F(WebSocketTest, PingsOfTheServerAreToldAndAnswered) {
  server.when_open = [](ServerSocket& socket) { socket.ping("are you there"); };
  server.when_text = echo;
  open();
  client->send("behind the ping");
  ASSERT_TRUE(run_until(loop, [&] { return !handler.frames.empty() && !handler.pings.empty(); }));
  EXPECT_THAT(handler.pings, ElementsAre("are you there"));
}

// ---- Ends ----

TEST_F(WebSocketTest, TheServersCloseCodeIsTold) {
  server.when_text = [](ServerSocket& socket, std::string_view) { socket.close(4001, "go away"); };
  open();
  client->send("x");
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(handler.ends[0].close_code, 4001);
  EXPECT_THAT(handler.ends[0].reason, HasSubstr("4001 go away"));
  EXPECT_TRUE(handler.ends[0].was_open);
  EXPECT_FALSE(client->is_open());
}

TEST_F(WebSocketTest, ClosesPolitelyAfterWhatIsQueued) {
  open();
  client->send("last words");
  client->close();
  EXPECT_FALSE(client->is_open());
  client->send("too late");
  ASSERT_TRUE(run_until(loop, [&] { return !handler.ends.empty() && server.closed == 1; }));
  EXPECT_THAT(server.texts, ElementsAre("last words"));
  EXPECT_EQ(handler.ends[0].reason, "closed by us");
  EXPECT_EQ(server.peers_alive, 0);
}

TEST_F(WebSocketTest, ADroppedConnectionIsAnEndWithoutCode) {
  open();
  server.sockets[0]->drop();
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(handler.ends[0].close_code, 0);
  EXPECT_TRUE(handler.ends[0].was_open);
  EXPECT_FALSE(server.sockets[0]->is_open());
}

TEST_F(WebSocketTest, ARefusedUpgradeTellsItsStatus) {
  server.when_upgrade = [](const ServerRequest&) {
    ServerHandler::Upgrade upgrade;
    upgrade.refusal = {429, "application/json", "{\"error\":\"slow down\"}", {}};
    return upgrade;
  };
  connect();
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(handler.ends[0].http_status, 429);
  EXPECT_FALSE(handler.ends[0].was_open);
  EXPECT_EQ(handler.opened, 0);
}

}  // namespace
}  // namespace arbees::net

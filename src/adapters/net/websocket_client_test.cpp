#include "adapters/net/websocket_client.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "adapters/net/net_test_support.h"
#include "tests/support/raw_socket.h"

namespace arbees::net {
namespace {

using arbees::testing::kFinal;
using arbees::testing::RawListener;
using arbees::testing::RawSocket;
using arbees::testing::websocket_frame;
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

TEST_F(WebSocketTest, RefusedConnectionsTellWhy) {
  RawListener listener;
  const std::uint16_t port = listener.port();
  listener.close();
  client->connect(url_of("ws", port), {});
  EXPECT_TRUE(handler.ends.empty());  // never from inside the call
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(handler.ends[0].reason, "connect: connection refused");
  EXPECT_FALSE(handler.ends[0].was_open);
}

TEST_F(WebSocketTest, AServerThatNeverAnswersIsGivenUp) {
  RawListener listener;
  WebSocketOptions options;
  options.connect_timeout = std::chrono::milliseconds(30);
  client->connect(url_of("ws", listener.port()), options);
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(handler.ends[0].reason, "connect: timed out");
}

TEST_F(WebSocketTest, SilenceEndsTheConnection) {
  WebSocketOptions options;
  options.idle_timeout = std::chrono::milliseconds(500);
  options.ping_interval = Duration::zero();
  open(options);
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(handler.ends[0].reason, HasSubstr("idle timeout"));
  EXPECT_TRUE(handler.ends[0].was_open);
}

TEST_F(WebSocketTest, TheUpgradeCarriesOurHeadersAndTarget) {
  WebSocketOptions options;
  options.headers = {{"X-Signature", "s=="}, {"Authorization", "Bearer t"}};
  connect(options, "/feed?a=b");
  ASSERT_TRUE(run_until(loop, [&] { return handler.opened == 1; }));
  EXPECT_EQ(server.requests[0].target, "/feed?a=b");
  EXPECT_EQ(server.requests[0].header("x-signature"), "s==");
  EXPECT_EQ(server.requests[0].header("authorization"), "Bearer t");
  EXPECT_THAT(std::string(server.requests[0].header("user-agent")), HasSubstr("arbees/"));
  EXPECT_EQ(server.requests[0].header("sec-websocket-extensions"), "");
}

TEST_F(WebSocketTest, HeadersThatWouldSplitTheRequestAreRefused) {
  WebSocketOptions options;
  options.headers = {{"X-Key", "a\r\nX-Other: b"}};
  connect(options);
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(handler.ends[0].reason, HasSubstr("X-Key"));
  EXPECT_TRUE(server.requests.empty());
}

// ---- What the user may do inside callbacks ----

TEST_F(WebSocketTest, ConnectsAgainFromItsEnd) {
  handler.when_closed = [&] {
    if (handler.ends.size() < 3) connect();
  };
  handler.when_open = [&] { client->close(); };
  connect();
  ASSERT_TRUE(run_until(loop, [&] { return handler.ends.size() == 3; }));
  EXPECT_EQ(handler.opened, 3);
  run_quietly(loop);
  EXPECT_THAT(handler.ends, SizeIs(3));
}

TEST_F(WebSocketTest, MayBeDestroyedWhenOpen) {
  handler.when_open = [&] { client.reset(); };
  connect();
  ASSERT_TRUE(run_until(loop, [&] { return server.closed == 1; }));
  EXPECT_THAT(handler.ends, IsEmpty());
}

TEST_F(WebSocketTest, MayBeDestroyedByAFrame) {
  server.when_open = [](ServerSocket& socket) {
    socket.send("first");
    socket.send("second");
  };
  handler.when_frame = [&](std::string_view) { client.reset(); };
  connect();
  ASSERT_TRUE(run_until(loop, [&] { return server.closed == 1; }));
  EXPECT_THAT(handler.frames, ElementsAre("first"));
  EXPECT_THAT(handler.ends, IsEmpty());
}

TEST_F(WebSocketTest, MayBeDestroyedByItsEnd) {
  handler.when_closed = [&] { client.reset(); };
  open();
  server.sockets[0]->close(1001, "");
  ASSERT_TRUE(wait_for_end());
  run_quietly(loop);
  EXPECT_THAT(handler.ends, SizeIs(1));
}

TEST_F(WebSocketTest, DestroyedInAnyPhaseItIsSilent) {
  // More steps than a connection takes from the call to the echo of its first message.
  constexpr int kSteps = 40;
  server.when_text = echo;
  handler.when_open = [&] { client->send("x"); };
  for (int steps = 0; steps < kSteps; ++steps) {
    client = std::make_unique<WebSocketClient>(loop, handler);
    connect();
    for (int i = 0; i < steps; ++i) loop.run_for(Duration::zero());
    client.reset();
    const std::size_t heard = static_cast<std::size_t>(handler.opened) + handler.frames.size();
    for (int i = 0; i < 5; ++i) loop.run_for(std::chrono::milliseconds(1));
    EXPECT_EQ(static_cast<std::size_t>(handler.opened) + handler.frames.size(), heard);
  }
  EXPECT_THAT(handler.ends, IsEmpty());
}

TEST_F(WebSocketTest, ClosedWhileConnectingItSaysSoOnce) {
  RawListener listener;
  client->connect(url_of("ws", listener.port()), {});
  client->close();
  client->close();
  EXPECT_THAT(handler.ends, IsEmpty());
  ASSERT_TRUE(wait_for_end());
  run_quietly(loop);
  ASSERT_THAT(handler.ends, SizeIs(1));
  EXPECT_EQ(handler.ends[0].reason, "closed by us");
  EXPECT_FALSE(handler.ends[0].was_open);
}

TEST_F(WebSocketTest, SendingWithoutAConnectionIsNothing) {
  client->send("x");
  client->close();
  EXPECT_FALSE(client->is_open());
  run_quietly(loop);
  EXPECT_THAT(handler.ends, IsEmpty());
}

TEST_F(WebSocketTest, ALoopMayEndWithConnectionsUnderWay) {
  auto other_loop = std::make_unique<IoLoop>();
  auto other = std::make_unique<WebSocketClient>(*other_loop, handler);
  other->connect(url_of("ws", server.port()), {});
  other_loop->run_for(std::chrono::milliseconds(1));
  other.reset();
  other_loop.reset();
  EXPECT_THAT(handler.ends, IsEmpty());
}

// ---- Servers that do what they should not ----

struct RawWebSocketTest : WebSocketTest {
  void open_raw(WebSocketOptions options = {}) {
    client->connect(url_of("ws", listener.port()), std::move(options));
    ASSERT_TRUE(wait_for_bytes([&] { return peer.received.find("\r\n\r\n") != std::string::npos; }));
    peer.send(arbees::testing::websocket_answer(peer.received));
    peer.received.clear();
    ASSERT_TRUE(run_until(loop, [&] { return handler.opened == 1; }));
  }
  [[nodiscard]] bool wait_for_bytes(const std::function<bool()>& done) {
    return run_until(loop, [&] {
      if (!peer.is_open()) peer = listener.accept();
      peer.poll();
      return done();
    });
  }

  RawListener listener;
  RawSocket peer;
};

TEST_F(RawWebSocketTest, FragmentsBecomeOneFrame) {
  open_raw();
  peer.send(websocket_frame(arbees::testing::kText, "one "));
  peer.send(websocket_frame(kFinal | arbees::testing::kPing, "between"));
  peer.send(websocket_frame(arbees::testing::kContinuation, "two "));
  peer.send(websocket_frame(kFinal | arbees::testing::kContinuation, "three"));
  ASSERT_TRUE(run_until(loop, [&] { return !handler.frames.empty(); }));
  EXPECT_THAT(handler.frames, ElementsAre("one two three"));
  EXPECT_THAT(handler.pings, ElementsAre("between"));
}

TEST_F(RawWebSocketTest, FramesMayComeByteForByte) {
  open_raw();
  const std::string bytes = websocket_frame(kFinal | arbees::testing::kText, std::string(300, 'x')) +
                            websocket_frame(kFinal | arbees::testing::kText, "y");
  for (const char c : bytes) {
    peer.send({&c, 1});
    loop.run_for(std::chrono::milliseconds(1));
  }
  ASSERT_TRUE(run_until(loop, [&] { return handler.frames.size() == 2; }));
  EXPECT_THAT(handler.frames, ElementsAre(std::string(300, 'x'), "y"));
}

TEST_F(RawWebSocketTest, PingsAreAnsweredWithTheirPayload) {
  open_raw();
  peer.send(websocket_frame(kFinal | arbees::testing::kPing, "0123456789"));
  // Two bytes of header, four of mask, ten of payload; a pong.
  ASSERT_TRUE(wait_for_bytes([&] { return peer.received.size() == 16; }));
  EXPECT_EQ(static_cast<std::uint8_t>(peer.received[0]), kFinal | arbees::testing::kPong);
}

TEST_F(RawWebSocketTest, PingsOnItsOwn) {
  WebSocketOptions options;
  options.ping_interval = std::chrono::milliseconds(1);
  open_raw(options);
  constexpr std::size_t kEmptyPing = 6;
  ASSERT_TRUE(wait_for_bytes([&] { return peer.received.size() >= 3 * kEmptyPing; }));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(static_cast<std::uint8_t>(peer.received[i * kEmptyPing]), kFinal | arbees::testing::kPing);
  }
}

TEST_F(RawWebSocketTest, AFrameOverTheLimitEndsTheConnection) {
  WebSocketOptions options;
  options.max_frame_bytes = 1000;
  open_raw(options);
  peer.send(websocket_frame(kFinal | arbees::testing::kText, std::string(1000, 'x')));
  peer.send(websocket_frame(kFinal | arbees::testing::kText, std::string(1001, 'x')));
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(handler.frames, SizeIs(1));
  EXPECT_THAT(handler.ends[0].reason, HasSubstr("more than 1000 bytes"));
}

TEST_F(RawWebSocketTest, MaskedFramesOfAServerAreAnError) {
  open_raw();
  peer.send(arbees::testing::masked_frame(kFinal | arbees::testing::kText, "x"));
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(handler.frames, IsEmpty());
  EXPECT_THAT(handler.ends[0].reason, HasSubstr("receive: "));
}

TEST_F(RawWebSocketTest, ACloseWithoutTheEndOfTheConnectionIsAnEnd) {
  open_raw();
  peer.send(websocket_frame(kFinal | arbees::testing::kClose, "\x03\xe9out"));
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(handler.ends[0].close_code, 1001);
  EXPECT_EQ(handler.ends[0].reason, "closed by the other side: 1001 out");
}

TEST_F(RawWebSocketTest, OurCloseIsHardWhenNobodyAnswersIt) {
  open_raw();
  client->close();
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(handler.ends[0].reason, "closed by us");
  EXPECT_EQ(handler.ends[0].close_code, 0);
}

TEST_F(RawWebSocketTest, WhatNobodyReadsEndsTheConnection) {
  WebSocketOptions options;
  options.max_queued_bytes = 100'000;
  open_raw(options);
  for (int i = 0; i < 1000 && client->is_open(); ++i) client->send(std::string(50'000, 'x'));
  EXPECT_FALSE(client->is_open());
  EXPECT_THAT(handler.ends, IsEmpty());
  ASSERT_TRUE(wait_for_end());
  run_quietly(loop);
  ASSERT_THAT(handler.ends, SizeIs(1));
  EXPECT_THAT(handler.ends[0].reason, HasSubstr("wait to be sent"));
}

TEST_F(RawWebSocketTest, AnAnswerThatIsNoUpgradeIsAnEnd) {
  client->connect(url_of("ws", listener.port()), {});
  ASSERT_TRUE(wait_for_bytes([&] { return !peer.received.empty(); }));
  peer.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy");
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(handler.ends[0].http_status, 503);
}

TEST_F(RawWebSocketTest, AFalseKeyInTheAnswerIsAnEnd) {
  client->connect(url_of("ws", listener.port()), {});
  ASSERT_TRUE(wait_for_bytes([&] { return !peer.received.empty(); }));
  peer.send(arbees::testing::websocket_answer(arbees::testing::kUpgradeRequest));
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(handler.opened, 0);
}

TEST_F(RawWebSocketTest, GarbageInsteadOfAnAnswerIsAnEnd) {
  client->connect(url_of("ws", listener.port()), {});
  ASSERT_TRUE(wait_for_bytes([&] { return !peer.received.empty(); }));
  peer.send(std::string(10'000, '\x01'));
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(handler.ends[0].reason, HasSubstr("upgrade: "));
}

}  // namespace
}  // namespace arbees::net

#include "adapters/net/http_server.h"

#include <gmock/gmock.h>

#include "adapters/net/net_test_support.h"
#include "tests/support/raw_socket.h"

namespace arbees::net {
namespace {

using arbees::testing::kFinal;
using arbees::testing::kText;
using arbees::testing::masked_frame;
using arbees::testing::RawSocket;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::RecordingHandler;
using testing::run_quietly;
using testing::run_until;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::TestServer;
using testing::url_of;

constexpr char kGet[] = "GET /first HTTP/1.1\r\nHost: here\r\n\r\n";

struct ServerTest : ::testing::Test {
  void serve(HttpServerOptions options = {}) {
    server = std::make_unique<TestServer>(loop, options);
    peer = RawSocket::to(server->port());
  }
  [[nodiscard]] bool wait_for(std::string_view text) {
    return run_until(loop, [&] {
      peer.poll();
      return peer.received.find(text) != std::string::npos;
    });
  }
  [[nodiscard]] bool wait_for_end() {
    return run_until(loop, [&] {
      peer.poll();
      return peer.ended;
    });
  }
  void open_websocket(const HttpServerOptions& options = {}) {
    serve(options);
    peer.send(arbees::testing::kUpgradeRequest);
    ASSERT_TRUE(wait_for("\r\n\r\n"));
    ASSERT_TRUE(run_until(loop, [&] { return server->sockets.size() == 1; }));
  }

  IoLoop loop;
  std::unique_ptr<TestServer> server;
  RawSocket peer;
};

// ---- Requests ----

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  serve();
  for (int i = 0; i < 3; ++i) {
    peer.received.clear();
    peer.send("POST /a%20b?x=%31&y=2&x=3+4 HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\nabc");
    ASSERT_TRUE(wait_for("3+4 abc"));
    EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(peer.received, HasSubstr("Content-Type: text/plain\r\n"));
  }
  const ServerRequest& request = server->requests[0];
  EXPECT_EQ(request.path, "/a b");
  EXPECT_EQ(request.query, "x=%31&y=2&x=3+4");
  EXPECT_EQ(request.parameter("x"), "1");
  EXPECT_EQ(request.parameter("none"), "");
  EXPECT_THAT(request.parameters("x"), ElementsAre("1", "3 4"));
  EXPECT_NE(request.received_at, kNoTime);
}

TEST_F(ServerTest, RequestsMayComeByteForByte) {
  serve();
  for (const char c : std::string_view(kGet)) {
    peer.send({&c, 1});
    loop.run_for(std::chrono::milliseconds(1));
  }
  ASSERT_TRUE(wait_for("GET /first "));
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  serve();
  std::vector<Responder> waiting;
  server->when_request = [&](const ServerRequest&, const Responder& responder) { waiting.push_back(responder); };
  peer.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
  for (const std::string body : {"one", "two", "three"}) {
    ASSERT_TRUE(run_until(loop, [&] { return waiting.size() == 1; }));
    waiting[0].send({200, "text/plain", body, {}});
    waiting[0].send({200, "text/plain", "twice", {}});
    waiting.clear();
  }
  ASSERT_TRUE(wait_for("three"));
  EXPECT_LT(peer.received.find("one"), peer.received.find("two"));
  EXPECT_LT(peer.received.find("two"), peer.received.find("three"));
  EXPECT_THAT(peer.received, Not(HasSubstr("twice")));
}

TEST_F(ServerTest, HeadHasTheLengthWithoutTheBody) {
  serve();
  peer.send("HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(peer.received, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_THAT(peer.received, EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, OldClientsAreServedAndLeft) {
  serve();
  peer.send("GET / HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(peer.received, HasSubstr("Connection: close\r\n"));
}

TEST_F(ServerTest, ClientsThatAskFirstMaySendTheirBody) {
  serve();
  peer.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  ASSERT_TRUE(wait_for("HTTP/1.1 100 Continue\r\n\r\n"));
  peer.send("ok");
  ASSERT_TRUE(wait_for("POST / ok"));
}

TEST_F(ServerTest, ChunkedBodiesAreUnderstood) {
  serve();
  peer.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  ASSERT_TRUE(wait_for("POST / abcde"));
}

// ---- Limits ----

TEST_F(ServerTest, RequestsThatAreNotHttpGet400) {
  serve();
  peer.send("hello\r\n\r\n");
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 400 "));
}

TEST_F(ServerTest, LargeBodiesGet413) {
  HttpServerOptions options;
  options.max_body_bytes = 10;
  serve(options);
  peer.send("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n01234567890");
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(server->requests, IsEmpty());
}

TEST_F(ServerTest, LargeHeadersGet431) {
  serve();
  peer.send("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 431 "));
}

TEST_F(ServerTest, RequestsThatAreNeverCompleteAreCut) {
  HttpServerOptions options;
  options.request_timeout = std::chrono::milliseconds(500);
  serve(options);
  RawSocket silent = RawSocket::to(server->port());
  RawSocket body = RawSocket::to(server->port());
  peer.send("GET / HTTP/1.1\r\nHost:");
  body.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345");
  ASSERT_TRUE(wait_for_end());
  ASSERT_TRUE(run_until(loop, [&] {
    silent.poll();
    body.poll();
    return silent.ended && body.ended;
  }));
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(body.received, StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(silent.received, IsEmpty());
  EXPECT_THAT(server->requests, IsEmpty());
}

TEST_F(ServerTest, SlowBytesDoNotProlongTheTime) {
  HttpServerOptions options;
  options.request_timeout = std::chrono::milliseconds(100);
  serve(options);
  peer.send("GET / HTTP/1.1\r\nX: ");
  ASSERT_TRUE(run_until(loop, [&] {
    peer.send("x");
    peer.poll();
    return peer.ended || peer.received.starts_with("HTTP/1.1 408 ");
  }));
}

TEST_F(ServerTest, UnusedConnectionsAreClosed) {
  HttpServerOptions options;
  options.keep_alive = std::chrono::milliseconds(500);
  serve(options);
  peer.send(kGet);
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, ConnectionsOverTheLimitAreClosed) {
  HttpServerOptions options;
  options.max_connections = 2;
  serve(options);
  RawSocket second = RawSocket::to(server->port());
  RawSocket third = RawSocket::to(server->port());
  ASSERT_TRUE(run_until(loop, [&] {
    third.poll();
    return third.ended;
  }));
  second.close();
  RawSocket next;
  ASSERT_TRUE(run_until(loop, [&] {
    if (!next.is_open() || next.ended) {
      next = RawSocket::to(server->port());
      next.ended = false;
      next.send(kGet);
    }
    next.poll();
    return !next.received.empty();
  }));
}

// ---- Responders ----

TEST_F(ServerTest, AnAnswerMayComeLater) {
  serve();
  std::vector<Responder> waiting;
  server->when_request = [&](const ServerRequest&, const Responder& responder) { waiting.push_back(responder); };
  peer.send(kGet);
  ASSERT_TRUE(run_until(loop, [&] { return !waiting.empty(); }));
  run_quietly(loop);
  peer.poll();
  EXPECT_THAT(peer.received, IsEmpty());
  EXPECT_FALSE(peer.ended);
  waiting[0].send({200, "text/plain", "late", {{"X-Late", "1"}}});
  ASSERT_TRUE(wait_for("late"));
  EXPECT_THAT(peer.received, HasSubstr("X-Late: 1\r\n"));
}

TEST_F(ServerTest, ADroppedResponderClosesTheConnection) {
  serve();
  server->when_request = [](const ServerRequest&, const Responder&) {};
  peer.send(kGet);
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(peer.received, IsEmpty());
}

TEST_F(ServerTest, AResponderOutlivesClientServerAndLoop) {
  auto own_loop = std::make_unique<IoLoop>();
  auto own = std::make_unique<TestServer>(*own_loop);
  std::vector<Responder> waiting;
  own->when_request = [&](const ServerRequest&, const Responder& responder) { waiting.push_back(responder); };
  RawSocket client = RawSocket::to(own->port());
  client.send(kGet);
  ASSERT_TRUE(run_until(*own_loop, [&] { return !waiting.empty(); }));
  client.close();
  for (int i = 0; i < 10; ++i) own_loop->run_for(std::chrono::milliseconds(1));
  waiting[0].send({});
  own.reset();
  waiting[0].send({});
  own_loop.reset();
  waiting[0].send({});
  EXPECT_THAT(waiting, SizeIs(1));
}

TEST_F(ServerTest, TheServerMayBeDestroyedByARequest) {
  serve();
  server->when_request = [&](const ServerRequest&, const Responder&) { server->server.reset(); };
  peer.send(kGet);
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(peer.received, IsEmpty());
}

TEST_F(ServerTest, HeadersThatWouldSplitTheAnswerMakeIt500) {
  serve();
  server->when_request = [](const ServerRequest&, const Responder& responder) {
    responder.send({200, "text/plain", "x", {{"X", "a\r\nSet-Cookie: b"}}});
  };
  peer.send(kGet);
  ASSERT_TRUE(wait_for("\r\n\r\n"));
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(peer.received, Not(HasSubstr("Cookie")));
}

// ---- Listening ----

TEST_F(ServerTest, APortThatIsTakenIsAnErrorWithItsName) {
  serve();
  HttpServerOptions options;
  options.port = server->port();
  const auto second = HttpServer::listen(loop, *server, options);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("127.0.0.1:" + std::to_string(server->port())));
}

TEST_F(ServerTest, AnAddressThatIsNoneIsAnError) {
  serve();
  HttpServerOptions options;
  options.address = "here";
  EXPECT_FALSE(HttpServer::listen(loop, *server, options));
}

// ---- WebSockets ----

TEST_F(ServerTest, UpgradesAreRefusedUnlessAHandlerIsGiven) {
  serve();
  server->when_upgrade = [](const ServerRequest&) { return ServerHandler::Upgrade{}; };
  peer.send(arbees::testing::kUpgradeRequest);
  ASSERT_TRUE(wait_for("{}"));
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 404 "));
  peer.send(kGet);
  ASSERT_TRUE(wait_for("GET /first "));
}

TEST_F(ServerTest, TheSubprotocolIsEchoed) {
  serve();
  server->when_upgrade = [&](const ServerRequest&) {
    ServerHandler::Upgrade upgrade;
    upgrade.handler = std::make_unique<TestServer::Peer>(*server);
    upgrade.subprotocol = "v2.feed";
    return upgrade;
  };
  peer.send(arbees::testing::kUpgradeRequest);
  ASSERT_TRUE(wait_for("\r\n\r\n"));
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(peer.received, HasSubstr("Sec-WebSocket-Protocol: v2.feed\r\n"));
  EXPECT_THAT(peer.received, HasSubstr("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));  // RFC 6455, 1.3
}

TEST_F(ServerTest, MessagesOverTheLimitAreClosedWith1009) {
  HttpServerOptions options;
  options.max_message_bytes = 1000;
  serve(options);
  RecordingHandler handler;
  WebSocketClient client(loop, handler);
  client.connect(url_of("ws", server->port()), {});
  ASSERT_TRUE(run_until(loop, [&] { return handler.opened == 1; }));
  client.send(std::string(1000, 'x'));
  client.send(std::string(2'000'000, 'y'));
  ASSERT_TRUE(run_until(loop, [&] { return !handler.ends.empty() && server->closed == 1; }));
  EXPECT_EQ(handler.ends[0].close_code, 1009);
  EXPECT_THAT(server->texts, ElementsAre(std::string(1000, 'x')));
}

TEST_F(ServerTest, AReaderThatDoesNotReadIsCut) {
  HttpServerOptions options;
  options.max_queued_bytes = 100'000;
  open_websocket(options);
  for (int i = 0; i < 2000 && server->sockets[0]->is_open(); ++i) server->sockets[0]->send(std::string(50'000, 'x'));
  EXPECT_FALSE(server->sockets[0]->is_open());
  EXPECT_EQ(server->closed, 0);
  ASSERT_TRUE(run_until(loop, [&] { return server->closed == 1; }));
  EXPECT_EQ(server->peers_alive, 0);
  server->sockets[0]->send("ignored");
}

TEST_F(ServerTest, AClientThatVanishesIsAnEnd) {
  open_websocket();
  peer.send(masked_frame(kFinal | kText, "hello"));
  peer.close();
  ASSERT_TRUE(run_until(loop, [&] { return server->closed == 1; }));
  EXPECT_THAT(server->texts, ElementsAre("hello"));
  EXPECT_FALSE(server->sockets[0]->is_open());
}

TEST_F(ServerTest, FramesBehindTheUpgradeInOnePieceAreRefused) {
  serve();
  peer.send(arbees::testing::kUpgradeRequest + masked_frame(kFinal | kText, "too early"));
  ASSERT_TRUE(wait_for_end());
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 400 "));
}

TEST_F(ServerTest, FramesWithoutAMaskEndTheConnection) {
  open_websocket();
  peer.send(arbees::testing::websocket_frame(kFinal | kText, "x"));
  ASSERT_TRUE(run_until(loop, [&] {
    peer.poll();
    return server->closed == 1;
  }));
  EXPECT_THAT(server->texts, IsEmpty());
}

TEST_F(ServerTest, TheServerMayBeDestroyedByAMessage) {
  open_websocket();
  server->when_text = [&](ServerSocket&, std::string_view) { server->server.reset(); };
  peer.send(masked_frame(kFinal | kText, "x"));
  ASSERT_TRUE(wait_for_end());
  EXPECT_EQ(server->peers_alive, 0);
  EXPECT_EQ(server->closed, 0);
  EXPECT_FALSE(server->sockets[0]->is_open());
}

TEST_F(ServerTest, ASocketOutlivesServerAndLoop) {
  std::shared_ptr<ServerSocket> socket;
  {
    IoLoop own_loop;
    TestServer own(own_loop);
    RawSocket client = RawSocket::to(own.port());
    client.send(arbees::testing::kUpgradeRequest);
    ASSERT_TRUE(run_until(own_loop, [&] { return own.sockets.size() == 1; }));
    socket = own.sockets[0];
    EXPECT_TRUE(socket->is_open());
  }
  EXPECT_FALSE(socket->is_open());
  socket->send("x");
  socket->ping("x");
  socket->close(1000, "x");
  socket->drop();
}

TEST_F(ServerTest, HundredClientsAtOnce) {
  serve();
  server->when_text = [](ServerSocket& socket, std::string_view text) { socket.send(text); };
  std::vector<std::unique_ptr<RecordingHandler>> handlers;
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  for (std::size_t i = 0; i < 100; ++i) {
    handlers.push_back(std::make_unique<RecordingHandler>());
    clients.push_back(std::make_unique<WebSocketClient>(loop, *handlers[i]));
    handlers[i]->when_open = [&, i] { clients[i]->send(std::to_string(i)); };
    clients[i]->connect(url_of("ws", server->port()), {});
  }
  for (std::size_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(run_until(loop, [&] { return !handlers[i]->frames.empty(); }));
    EXPECT_THAT(handlers[i]->frames, ElementsAre(std::to_string(i)));
  }
}

}  // namespace
}  // namespace arbees::net

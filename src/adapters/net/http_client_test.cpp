#include "adapters/net/http_client.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "adapters/net/net_test_support.h"
#include "tests/support/raw_socket.h"

namespace arbees::net {
namespace {

using arbees::testing::RawListener;
using arbees::testing::RawSocket;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::run_quietly;
using testing::run_until;
using ::testing::SizeIs;
using testing::TestServer;
using testing::url_of;

constexpr Duration kLong = std::chrono::seconds(60);

HttpRequest get(std::string target, Duration timeout = kLong) { return {"GET", std::move(target), {}, "", timeout}; }

struct ClientFixture : ::testing::Test {
  void make_client(std::uint16_t port, HttpClientOptions options = {}) {
    client = std::make_unique<HttpClient>(loop, url_of("http", port), options);
  }
  void send(HttpRequest request) {
    client->send(std::move(request), [this](HttpAnswer answer) { answers.push_back(std::move(answer)); });
  }
  [[nodiscard]] bool wait_for(std::size_t count) {
    return run_until(loop, [&] { return answers.size() >= count; });
  }

  IoLoop loop;
  std::unique_ptr<HttpClient> client;
  std::vector<HttpAnswer> answers;
};

// ---- With a server of our own ----

struct HttpClientTest : ClientFixture {
  TestServer server{loop};
};

TEST_F(HttpClientTest, AsksAndIsAnswered) {
  make_client(server.port());
  send({"POST", "/orders?x=1", {{"X-Key", "k"}}, "body", kLong});
  EXPECT_TRUE(answers.empty());
  ASSERT_TRUE(wait_for(1));
  ASSERT_TRUE(answers[0]) << answers[0].error().reason;
  EXPECT_EQ(answers[0]->status, 200);
  EXPECT_EQ(answers[0]->body, "POST /orders?x=1 body");
  EXPECT_EQ(answers[0]->header("content-type"), "text/plain");
  EXPECT_EQ(answers[0]->header("x-none"), "");
  EXPECT_NE(answers[0]->sent_at, kNoTime);
  EXPECT_LE(answers[0]->sent_at, answers[0]->received_at);
  const ServerRequest& request = server.requests[0];
  EXPECT_EQ(request.header("x-key"), "k");
  EXPECT_THAT(std::string(request.header("user-agent")), HasSubstr("arbees/"));
  EXPECT_EQ(request.header("host"), "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(request.header("content-length"), "4");
}

TEST_F(HttpClientTest, HundredRequestsOverFourConnections) {
  make_client(server.port());
  for (int i = 0; i < 100; ++i) send(get("/" + std::to_string(i)));
  ASSERT_TRUE(wait_for(100));
  for (const auto& answer : answers) ASSERT_TRUE(answer) << answer.error().reason;
  EXPECT_THAT(server.requests, SizeIs(100));
}

TEST_F(HttpClientTest, OneConnectionServesInOrder) {
  HttpClientOptions options;
  options.max_connections = 1;
  make_client(server.port(), options);
  for (int i = 0; i < 20; ++i) send(get("/" + std::to_string(i)));
  ASSERT_TRUE(wait_for(20));
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(answers[i]->body, "GET /" + std::to_string(i) + " ");
}

TEST_F(HttpClientTest, LargeBodiesBothWays) {
  HttpServerOptions options;
  options.max_body_bytes = std::size_t{8} << 20;
  TestServer large(loop, options);
  make_client(large.port());
  send({"PUT", "/", {}, std::string(5'000'000, 'b'), kLong});
  ASSERT_TRUE(wait_for(1));
  ASSERT_TRUE(answers[0]) << answers[0].error().reason;
  EXPECT_THAT(answers[0]->body, SizeIs(5'000'000 + 6));
}

TEST_F(HttpClientTest, TheBodyHasItsPadding) {
  make_client(server.port());
  send(get("/"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_GE(answers[0]->body.capacity(), answers[0]->body.size() + kReadPadding);
}

TEST_F(HttpClientTest, RequestsThatCannotBeSentAreRefusedLater) {
  make_client(server.port());
  send(get("/a b"));
  send(get("no-slash"));
  send({"GET", "/", {{"X", "a\r\nY: b"}}, "", kLong});
  send({"GE T", "/", {}, "", kLong});
  EXPECT_TRUE(answers.empty());
  ASSERT_TRUE(wait_for(4));
  for (const auto& answer : answers) {
    ASSERT_FALSE(answer);
    EXPECT_FALSE(answer.error().may_have_arrived);
    EXPECT_THAT(answer.error().reason, HasSubstr("cannot be sent"));
  }
  EXPECT_TRUE(server.requests.empty());
}

TEST_F(HttpClientTest, AFullQueueRefusesAtOnce) {
  server.when_request = [](const ServerRequest&, const Responder&) {};
  HttpClientOptions options;
  options.max_connections = 1;
  options.max_queued = 2;
  make_client(server.port(), options);
  for (int i = 0; i < 4; ++i) send(get("/"));
  ASSERT_TRUE(wait_for(1));
  ASSERT_FALSE(answers[0]);
  EXPECT_FALSE(answers[0].error().may_have_arrived);
  EXPECT_THAT(answers[0].error().reason, HasSubstr("too many"));
}

TEST_F(HttpClientTest, MayBeDestroyedByAnAnswer) {
  make_client(server.port());
  int calls = 0;
  for (int i = 0; i < 10; ++i) {
    client->send(get("/"), [&](const HttpAnswer&) {
      ++calls;
      client.reset();
    });
  }
  ASSERT_TRUE(run_until(loop, [&] { return calls > 0; }));
  run_quietly(loop);
  EXPECT_EQ(calls, 1);
}

TEST_F(HttpClientTest, DestroyedInAnyPhaseItIsSilent) {
  constexpr int kSteps = 25;
  for (int steps = 0; steps < kSteps; ++steps) {
    make_client(server.port());
    send(get("/"));
    for (int i = 0; i < steps; ++i) loop.run_for(Duration::zero());
    client.reset();
    const std::size_t heard = answers.size();
    for (int i = 0; i < 5; ++i) loop.run_for(std::chrono::milliseconds(1));
    EXPECT_THAT(answers, SizeIs(heard));
  }
}

TEST_F(HttpClientTest, AnAnswerMayAskAgain) {
  make_client(server.port());
  int calls = 0;
  std::function<void(HttpAnswer)> again = [&](const HttpAnswer& answer) {
    EXPECT_TRUE(answer);
    if (++calls < 50) client->send(get("/"), again);
  };
  client->send(get("/"), again);
  ASSERT_TRUE(run_until(loop, [&] { return calls == 50; }));
}

// ---- With a server that says what the test wants ----

struct RawHttpTest : ClientFixture {
  // Runs until the server has got the end of a request's headers; answers on `peer`.
  [[nodiscard]] bool wait_for_request() {
    return run_until(loop, [&] {
      accept();
      peer.poll();
      return peer.received.find("\r\n\r\n") != std::string::npos;
    });
  }
  void accept() {
    RawSocket next = listener.accept();
    if (!next.is_open()) return;
    ++accepted;
    peer = std::move(next);
    peer.received.clear();
  }
  void ask_and_answer(std::string_view bytes, HttpClientOptions options = {}) {
    make_client(listener.port(), options);
    send(get("/"));
    ASSERT_TRUE(wait_for_request());
    peer.send(bytes);
  }

  RawListener listener;
  RawSocket peer;
  int accepted = 0;
};

TEST_F(RawHttpTest, ChunkedAnswersByteForByte) {
  ask_and_answer("");
  const std::string_view bytes =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nx-a: 2\r\n\r\n"
      "4\r\nWiki\r\n6;name=value\r\npedia \r\nB\r\nin \r\nchunks\r\n0\r\nTrailer: x\r\n\r\n";
  for (const char c : bytes) {
    ASSERT_TRUE(answers.empty());
    peer.send({&c, 1});
    loop.run_for(std::chrono::milliseconds(1));
  }
  ASSERT_TRUE(wait_for(1));
  ASSERT_TRUE(answers[0]) << answers[0].error().reason;
  EXPECT_EQ(answers[0]->body, "Wikipedia in \r\nchunks");
  EXPECT_EQ(answers[0]->header("x-a"), "1");
  EXPECT_EQ(std::count_if(answers[0]->headers.begin(), answers[0]->headers.end(),
                          [](const Header& h) { return h.first == "x-a"; }),
            2);
}

TEST_F(RawHttpTest, AnAnswerMayEndWithItsConnection) {
  ask_and_answer("HTTP/1.1 200 OK\r\n\r\nuntil the end");
  peer.close();
  ASSERT_TRUE(wait_for(1));
  ASSERT_TRUE(answers[0]) << answers[0].error().reason;
  EXPECT_EQ(answers[0]->body, "until the end");
}

TEST_F(RawHttpTest, ContinueComesBeforeTheAnswer) {
  ask_and_answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok");
  ASSERT_TRUE(wait_for(1));
  ASSERT_TRUE(answers[0]) << answers[0].error().reason;
  EXPECT_EQ(answers[0]->status, 201);
  EXPECT_EQ(answers[0]->body, "ok");
}

TEST_F(RawHttpTest, AnswersToHeadHaveNoBody) {
  make_client(listener.port());
  send({"HEAD", "/", {}, "", kLong});
  ASSERT_TRUE(wait_for_request());
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
  ASSERT_TRUE(wait_for(1));
  ASSERT_TRUE(answers[0]) << answers[0].error().reason;
  EXPECT_EQ(answers[0]->body, "");
}

TEST_F(RawHttpTest, AConnectionIsUsedAgain) {
  make_client(listener.port());
  for (int i = 0; i < 3; ++i) {
    send(get("/"));
    ASSERT_TRUE(wait_for_request());
    peer.received.clear();
    peer.send("HTTP/1.1 204 No Content\r\n\r\n");
    ASSERT_TRUE(wait_for(static_cast<std::size_t>(i) + 1));
  }
  EXPECT_EQ(accepted, 1);
}

TEST_F(RawHttpTest, AConnectionThatTheServerEndsIsNot) {
  make_client(listener.port());
  for (int i = 0; i < 3; ++i) {
    send(get("/"));
    ASSERT_TRUE(wait_for_request());
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    ASSERT_TRUE(wait_for(static_cast<std::size_t>(i) + 1));
    ASSERT_TRUE(answers.back());
  }
  EXPECT_EQ(accepted, 3);
}

TEST_F(RawHttpTest, AnIdleConnectionThatDiedIsReplacedInSilence) {
  make_client(listener.port());
  for (int i = 0; i < 3; ++i) {
    send(get("/"));
    ASSERT_TRUE(wait_for_request());
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    ASSERT_TRUE(wait_for(static_cast<std::size_t>(i) + 1));
    ASSERT_TRUE(answers.back()) << answers.back().error().reason;
    peer.close();  // the client has not yet looked when it gets the next request
  }
  EXPECT_EQ(accepted, 3);
}

TEST_F(RawHttpTest, UnusedConnectionsAreClosed) {
  HttpClientOptions options;
  options.idle_timeout = std::chrono::milliseconds(20);
  ask_and_answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", options);
  ASSERT_TRUE(run_until(loop, [&] {
    peer.poll();
    return peer.ended;
  }));
}

TEST_F(RawHttpTest, ABodyOverTheLimitIsAFailure) {
  HttpClientOptions options;
  options.max_body_bytes = 100;
  ask_and_answer("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", options);
  ASSERT_TRUE(wait_for(1));
  ASSERT_FALSE(answers[0]);
  EXPECT_THAT(answers[0].error().reason, HasSubstr("more than 100 bytes"));
  EXPECT_TRUE(answers[0].error().may_have_arrived);
}

TEST_F(RawHttpTest, ChunksOverTheLimitAreAFailure) {
  HttpClientOptions options;
  options.max_body_bytes = 100;
  ask_and_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", options);
  for (int i = 0; i < 11; ++i) peer.send("a\r\n0123456789\r\n");
  ASSERT_TRUE(wait_for(1));
  ASSERT_FALSE(answers[0]);
}

TEST_F(RawHttpTest, GarbageIsAFailure) {
  ask_and_answer("SSH-2.0-OpenSSH\r\n");
  ASSERT_TRUE(wait_for(1));
  ASSERT_FALSE(answers[0]);
  EXPECT_EQ(answers[0].error().reason, "the answer is not HTTP");
}

TEST_F(RawHttpTest, EndlessHeadersAreAFailure) {
  ask_and_answer("HTTP/1.1 200 OK\r\n");
  for (int i = 0; i < 70; ++i) peer.send("X-" + std::to_string(i) + ": " + std::string(1000, 'x') + "\r\n");
  ASSERT_TRUE(wait_for(1));
  ASSERT_FALSE(answers[0]);
  EXPECT_THAT(answers[0].error().reason, HasSubstr("headers"));
}

TEST_F(RawHttpTest, AnEndBeforeTheAnswerMayMeanThatTheRequestArrived) {
  ask_and_answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
  peer.close();
  ASSERT_TRUE(wait_for(1));
  ASSERT_FALSE(answers[0]);
  EXPECT_TRUE(answers[0].error().may_have_arrived);
  EXPECT_FALSE(answers[0].error().timed_out);
}

TEST_F(RawHttpTest, ARefusedConnectionHasSentNothing) {
  listener.close();
  make_client(listener.port());
  send(get("/"));
  EXPECT_TRUE(answers.empty());
  ASSERT_TRUE(wait_for(1));
  ASSERT_FALSE(answers[0]);
  EXPECT_EQ(answers[0].error().reason, "connect: connection refused");
  EXPECT_FALSE(answers[0].error().may_have_arrived);
}

TEST_F(RawHttpTest, TheDeadlineEndsWaitingForTheAnswer) {
  make_client(listener.port());
  send(get("/", std::chrono::milliseconds(500)));
  ASSERT_TRUE(wait_for(1));
  ASSERT_FALSE(answers[0]);
  EXPECT_TRUE(answers[0].error().timed_out);
  EXPECT_TRUE(answers[0].error().may_have_arrived);
  // The connection of a request without an answer is not used again.
  accept();
  ASSERT_TRUE(run_until(loop, [&] {
    peer.poll();
    return peer.ended;
  }));
}

TEST_F(RawHttpTest, TheDeadlineCoversTheQueue) {
  HttpClientOptions options;
  options.max_connections = 1;
  make_client(listener.port(), options);
  send(get("/first"));
  send(get("/second", std::chrono::milliseconds(20)));
  ASSERT_TRUE(wait_for(1));
  ASSERT_FALSE(answers[0]);
  EXPECT_TRUE(answers[0].error().timed_out);
  EXPECT_FALSE(answers[0].error().may_have_arrived);
  ASSERT_TRUE(wait_for_request());
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(wait_for(2));
  EXPECT_TRUE(answers[1]);
}

TEST_F(RawHttpTest, ATimedOutRequestMakesRoomForTheNext) {
  HttpClientOptions options;
  options.max_connections = 1;
  make_client(listener.port(), options);
  send(get("/first", std::chrono::milliseconds(20)));
  send(get("/second"));
  ASSERT_TRUE(run_until(loop, [&] {
    accept();
    peer.poll();
    return peer.received.find("/second") != std::string::npos;
  }));
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(wait_for(2));
  EXPECT_FALSE(answers[0]);
  EXPECT_TRUE(answers[1]);
}

}  // namespace
}  // namespace arbees::net

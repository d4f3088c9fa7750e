// Who is at the other end: certificate chain, host name, and what is refused.

#include <gmock/gmock.h>

#include <filesystem>

#include "adapters/net/net_test_support.h"
#include "tests/support/certificates.h"
#include "tests/support/raw_socket.h"

namespace arbees::net {
namespace {

using arbees::testing::CertificateAuthority;
using arbees::testing::RawListener;
using arbees::testing::RawSocket;
using arbees::testing::ServerFiles;
using ::testing::HasSubstr;
using testing::RecordingHandler;
using testing::run_until;
using ::testing::SizeIs;
using testing::TestServer;
using testing::url_of;

std::string folder_of_test() {
  const auto* const info = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::string folder = ::testing::TempDir() + "arbees_tls_" + std::to_string(getpid()) + "_" + info->name() + "/";
  std::filesystem::create_directories(folder);
  return folder;
}

struct TlsTest : ::testing::Test {
  ~TlsTest() override { std::filesystem::remove_all(folder); }

  void serve(const ServerFiles& files) {
    HttpServerOptions options;
    options.certificate_file = files.certificate;
    options.key_file = files.key;
    server = std::make_unique<TestServer>(loop, options);
    server->when_text = [](ServerSocket& socket, std::string_view text) { socket.send(text); };
  }
  void connect(std::string_view host, const std::string& ca_file) {
    WebSocketOptions options;
    options.ca_file = ca_file;
    client.connect(url_of("wss", server->port(), "/", host), options);
    EXPECT_TRUE(run_until(loop, [&] { return handler.opened == 1 || !handler.ends.empty(); }));
  }
  void expect_refused(const std::string& why) {
    ASSERT_THAT(handler.ends, SizeIs(1));
    EXPECT_EQ(handler.opened, 0);
    EXPECT_THAT(handler.ends[0].reason, HasSubstr(why));
    EXPECT_TRUE(server->sockets.empty());
  }

  IoLoop loop;
  std::string folder = folder_of_test();
  CertificateAuthority authority{folder};
  std::unique_ptr<TestServer> server;
  RecordingHandler handler;
  WebSocketClient client{loop, handler};
};

TEST_F(TlsTest, SpeaksWithAServerThatTheRootsVouchFor) {
  serve(authority.issue("server", "DNS:localhost"));
  connect("localhost", authority.root_file());
  ASSERT_EQ(handler.opened, 1) << handler.ends[0].reason;
  std::vector<std::string> sent;
  for (const std::size_t size : {1U, 200U, 20'000U, 700'000U, 3U}) sent.emplace_back(size, 'x');
  for (const auto& text : sent) client.send(text);
  ASSERT_TRUE(run_until(loop, [&] { return handler.frames.size() == sent.size(); }));
  EXPECT_EQ(handler.frames, sent);
  client.close();
  ASSERT_TRUE(run_until(loop, [&] { return !handler.ends.empty() && server->closed == 1; }));
  EXPECT_EQ(handler.ends[0].reason, "closed by us");
}

TEST_F(TlsTest, AddressesAreNamesToo) {
  serve(authority.issue("server", "IP:127.0.0.1"));
  connect("127.0.0.1", authority.root_file());
  EXPECT_EQ(handler.opened, 1);
}

TEST_F(TlsTest, RefusesWhatTheSystemDoesNotKnow) {
  serve(authority.issue("server", "DNS:localhost"));
  connect("localhost", "");
  expect_refused("tls: the certificate is refused: ");
}

TEST_F(TlsTest, RefusesAnotherName) {
  serve(authority.issue("server", "DNS:example.org"));
  connect("localhost", authority.root_file());
  expect_refused("hostname mismatch");
}

TEST_F(TlsTest, RefusesAnotherAddress) {
  serve(authority.issue("server", "DNS:localhost,IP:127.0.0.2"));
  connect("127.0.0.1", authority.root_file());
  expect_refused("IP address mismatch");
}

TEST_F(TlsTest, RefusesWhatHasExpired) {
  serve(authority.issue("server", "DNS:localhost", -60));
  connect("localhost", authority.root_file());
  expect_refused("certificate has expired");
}

TEST_F(TlsTest, RefusesAServerWithoutTls) {
  server = std::make_unique<TestServer>(loop);
  connect("localhost", authority.root_file());
  expect_refused("tls: ");
}

TEST_F(TlsTest, RootsThatCannotBeReadAreToldWithTheirFile) {
  serve(authority.issue("server", "DNS:localhost"));
  connect("localhost", folder + "missing.pem");
  expect_refused("missing.pem");
}

TEST_F(TlsTest, TellsTheServerWhichNameItWants) {
  RawListener listener;
  RawSocket peer;
  client.connect(url_of("wss", listener.port(), "/", "localhost"), {});
  ASSERT_TRUE(run_until(loop, [&] {
    if (!peer.is_open()) peer = listener.accept();
    peer.poll();
    return peer.received.find("localhost") != std::string::npos;
  }));
}

TEST_F(TlsTest, HttpOverTlsIsKeptAlive) {
  serve(authority.issue("server", "DNS:localhost"));
  HttpClientOptions options;
  options.ca_file = authority.root_file();
  options.max_connections = 1;
  HttpClient http(loop, url_of("https", server->port(), "/", "localhost"), options);
  std::vector<HttpAnswer> answers;
  for (int i = 0; i < 5; ++i) {
    http.send({"POST", "/x", {}, std::string(50'000, 'b'), std::chrono::seconds(30)},
              [&](HttpAnswer answer) { answers.push_back(std::move(answer)); });
  }
  ASSERT_TRUE(run_until(loop, [&] { return answers.size() == 5; }));
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer) << answer.error().reason;
    EXPECT_THAT(answer->body, SizeIs(50'000 + 8));
  }
}

TEST_F(TlsTest, NothingIsSentToAServerThatIsRefused) {
  serve(authority.issue("server", "DNS:example.org"));
  HttpClientOptions options;
  options.ca_file = authority.root_file();
  HttpClient http(loop, url_of("https", server->port(), "/", "localhost"), options);
  std::vector<HttpAnswer> answers;
  http.send({}, [&](HttpAnswer answer) { answers.push_back(std::move(answer)); });
  http.send({"GET", "/", {}, "", std::chrono::seconds(30)},
            [&](HttpAnswer answer) { answers.push_back(std::move(answer)); });
  ASSERT_TRUE(run_until(loop, [&] { return answers.size() == 2; }));
  ASSERT_FALSE(answers[1]);
  EXPECT_FALSE(answers[1].error().may_have_arrived);
  EXPECT_TRUE(server->requests.empty());
}

TEST_F(TlsTest, AServerWithoutItsFilesDoesNotListen) {
  TestServer handler_only(loop);
  HttpServerOptions options;
  options.certificate_file = folder + "none.pem";
  options.key_file = folder + "none.key";
  const auto listening = HttpServer::listen(loop, handler_only, options);
  ASSERT_FALSE(listening);
  EXPECT_THAT(listening.error(), HasSubstr("none.pem"));
}

TEST_F(TlsTest, WithoutTlsOnlyThisMachineIsReached) {
  client.connect(url_of("ws", 80, "/", "192.0.2.1"), {});
  ASSERT_TRUE(run_until(loop, [&] { return !handler.ends.empty(); }));
  EXPECT_THAT(handler.ends[0].reason, HasSubstr("without TLS"));
}

}  // namespace
}  // namespace arbees::net

// Kalshi's feed against a server on this machine. The time given to tick() may run ahead of the real one, so that
// waiting costs nothing.

#include "adapters/venue/kalshi/feed.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "adapters/venue/loopback_venue.h"
#include "adapters/venue/scripted_feed.h"

namespace arbees::kalshi {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr std::string_view kSocketPath = "/trade-api/ws/v2";
constexpr const char* kBookPath = "/trade-api/v2/markets/A-1/orderbook";

class KalshiFeedTest : public testing::Test {
 protected:
  KalshiFeedTest() : venue(loop), sockets(loop, "") {}

  void make(bool with_key) {
    FeedOptions options;
    options.websocket = venue.url("ws", std::string(kSocketPath));
    options.rest = venue.url("http", "/trade-api/v2");
    std::unique_ptr<Credentials> credentials;
    if (with_key) {
      auto signer = PreparedSigner::generate_rsa();
      public_key = signer.public_key_pem();
      credentials = std::make_unique<Credentials>(Credentials{"key-id", std::move(signer)});
      options.references = {Asset::BTC};
      options.equality_every = equality_every;
    }
    feed = std::make_unique<KalshiFeed>(loop, FeedContext{sockets, sink, counter, 5}, options, std::move(credentials));
    venue.on_text = [this](scripted::LoopbackVenue::Client& client, std::string_view text) { answer(client, text); };
    feed->subscribe(std::vector<std::string>{"A-1"});
    feed->start();
  }

  // As the venue answers: subscriptions with their sid, books with a snapshot.
  void answer(scripted::LoopbackVenue::Client& client, std::string_view text) {
    if (text.find("cfbenchmarks") != std::string_view::npos) {
      client.socket->send(R"({"id":1,"type":"subscribed","msg":{"channel":"cfbenchmarks_value","sid":1}})");
      client.socket->send(
          R"({"type":"cfbenchmarks_value","sid":1,"seq":1,"msg":{"index_id":"BRTI","received_at":1710000000123,"data":"{\"type\":\"value\",\"id\":\"BRTI\",\"time\":1710000000000,\"value\":\"68000.12\"}"}})");
    } else if (text.find("orderbook_delta") != std::string_view::npos) {
      client.socket->send(R"({"id":2,"type":"subscribed","msg":{"channel":"orderbook_delta","sid":2}})");
      sequence = 0;
      snapshot(client, "5.00");
    } else if (text.find("get_snapshot") != std::string_view::npos) {
      snapshot(client, "7.00");
    }
  }
  void snapshot(scripted::LoopbackVenue::Client& client, const std::string& contracts) {
    client.socket->send(R"({"type":"orderbook_snapshot","sid":2,"seq":)" + std::to_string(++sequence) +
                        R"(,"msg":{"market_ticker":"A-1","yes_dollars_fp":[["0.4000",")" + contracts +
                        R"("]],"no_dollars_fp":[]}})");
  }
  void delta(const std::string& contracts) {
    books().socket->send(R"({"type":"orderbook_delta","sid":2,"seq":)" + std::to_string(++sequence) +
                         R"(,"msg":{"market_ticker":"A-1","price_dollars":"0.4000","delta_fp":")" + contracts +
                         R"(","side":"yes","ts_ms":1669149841000}})");
  }
  // The connection that carries the books.
  scripted::LoopbackVenue::Client& books() {
    for (auto client = venue.clients.rbegin(); client != venue.clients.rend(); ++client) {
      if ((*client)->socket && (*client)->has_received("orderbook_delta")) return **client;
    }
    throw std::logic_error("no connection carries books");
  }

  [[nodiscard]] Timestamp now() const { return net::IoLoop::now() + ahead; }
  bool until(const std::function<bool()>& done) {
    return venue.serve_until(done, [this] { feed->tick(now()); });
  }
  [[nodiscard]] FeedHealth health() const { return feed->health(now()); }
  void rest_book(const std::string& contracts) {
    venue.answers[kBookPath] =
        net::ServerResponse{200,
                            "application/json",
                            R"({"orderbook_fp":{"yes_dollars":[["0.4000",")" + contracts + R"("]],"no_dollars":[]}})",
                            {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}}};
  }

  net::IoLoop loop;
  scripted::LoopbackVenue venue;
  NetSocketMaker sockets;
  scripted::Sink sink;
  ConnectionCounter counter;
  std::unique_ptr<KalshiFeed> feed;
  std::string public_key;
  Duration equality_every{0};
  Duration ahead{};
  int sequence = 0;
};

TEST_F(KalshiFeedTest, StreamsBooksAndTheSettlementIndexOverSignedConnections) {
  make(true);
  ASSERT_TRUE(until([&] { return sink.quantity("A-1") == 5 && testing::Value(sink.log, testing::Contains("print")); }));
  EXPECT_EQ(health().state, FeedState::Live);
  EXPECT_FALSE(health().is_polled);
  EXPECT_EQ(feed->reference_health(now()).state, FeedState::Live);
  const auto key = VerifyingKey::from_pem(public_key);
  ASSERT_EQ(venue.clients.size(), 2U);
  for (const auto& client : venue.clients) {
    const std::string presign =
        std::string(client->upgrade.header("kalshi-access-timestamp")) + "GET" + std::string(kSocketPath);
    EXPECT_TRUE(key->verify(presign, client->upgrade.header("kalshi-access-signature")));
  }
}

TEST_F(KalshiFeedTest, GapIsHealedByASnapshotAndADroppedConnectionByAnother) {
  make(true);
  ASSERT_TRUE(until([&] { return sink.quantity("A-1") == 5; }));
  delta("1.00");
  ASSERT_TRUE(until([&] { return testing::Value(sink.log, testing::Contains("book A-1 1")); }));
  ++sequence;
  delta("1.00");
  ASSERT_TRUE(until([&] { return health().gaps == 1; }));
  ASSERT_TRUE(until([&] { return sink.quantity("A-1") == 7; }));
  EXPECT_EQ(health().resyncs, 1U);
  books().socket->drop();
  ASSERT_TRUE(until([&] { return sink.proven() == 0; }));
  ASSERT_TRUE(until([&] { return sink.quantity("A-1") == 5; }));
  EXPECT_EQ(health().disconnects, 1U);
  EXPECT_EQ(health().state, FeedState::Live);
}

TEST_F(KalshiFeedTest, RefusedKeyIsToldAndNotHammered) {
  venue.on_connect = [](const net::ServerRequest&) { return 401; };
  make(true);
  ASSERT_TRUE(until([&] { return !health().last_trouble.empty(); }));
  EXPECT_THAT(health().last_trouble, HasSubstr("401"));
  EXPECT_EQ(health().state, FeedState::Down);
}

TEST_F(KalshiFeedTest, StreamedBooksAreComparedWithRestAndADifferenceIsHealed) {
  make(true);
  rest_book("5.00");
  ASSERT_TRUE(until([&] { return health().equality_checks >= 1; }));
  EXPECT_EQ(health().equality_failures, 0U);
  EXPECT_TRUE(health().has_clock_skew);
  EXPECT_LT(health().clock_skew, Duration{0}) << "the server's Date is long past";
  rest_book("6.00");
  ASSERT_TRUE(until([&] {
    ahead += milliseconds(50);
    return health().equality_failures >= 1;
  }));
  EXPECT_THAT(health().last_trouble, HasSubstr("bid 0.4000: 5 streamed, 6 by REST"));
  ASSERT_TRUE(until([&] { return sink.quantity("A-1") == 7; })) << "asked for anew";
}

TEST_F(KalshiFeedTest, ABookIsComparedNoMoreOftenThanWanted) {
  equality_every = seconds(60);
  make(true);
  rest_book("5.00");
  ASSERT_TRUE(until([&] { return health().equality_checks == 1; }));
  const Timestamp first = now();
  Timestamp next = first;
  ASSERT_TRUE(until([&] {
    ahead += milliseconds(500);
    next = now();
    return health().equality_checks == 2;
  }));
  EXPECT_GE(next - first, seconds(55)) << "the first was begun a moment before it was counted";
}

TEST_F(KalshiFeedTest, WithoutAKeyPublicBooksArePolled) {
  rest_book("9.00");
  make(false);
  EXPECT_TRUE(health().is_polled);
  ASSERT_TRUE(until([&] { return sink.quantity("A-1") == 9; }));
  EXPECT_EQ(health().state, FeedState::Live);
  EXPECT_TRUE(venue.clients.empty());
  EXPECT_THAT(feed->reference_health(now()).last_trouble, HasSubstr("key"));
  venue.answers[kBookPath] = net::ServerResponse{429, "application/json", R"({"error":"too many requests"})", {}};
  ASSERT_TRUE(until([&] {
    ahead += milliseconds(50);
    return health().throttled >= 1;
  }));
  ASSERT_TRUE(until([&] {
    ahead += milliseconds(200);
    return sink.proven() == 0;
  })) << "not refreshed in time";
  EXPECT_EQ(health().state, FeedState::Down);
}

}  // namespace
}  // namespace arbees::kalshi

// Polymarket's feed against a server on this machine. The time given to tick() may run ahead of the real one.

#include "adapters/venue/polymarket/feed.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "adapters/venue/loopback_venue.h"
#include "adapters/venue/scripted_feed.h"

namespace arbees::polymarket {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::HasSubstr;

std::string book(const std::string& token, const std::string& timestamp, const std::string& bid) {
  return R"({"market":"0x1","asset_id":")" + token + R"(","timestamp":")" + timestamp +
         R"(","hash":"","bids":[{"price":"0.40","size":")" + bid +
         R"("}],"asks":[{"price":"0.60","size":"9"}],"tick_size":"0.01","event_type":"book","last_trade_price":""})";
}

class PolymarketFeedTest : public testing::Test {
 protected:
  PolymarketFeedTest() : venue(loop), sockets(loop, "") {
    options.websocket = venue.url("ws", "/ws/market");
    options.prices = venue.url("ws", "/prices");
    options.rest = venue.url("http", "/");
    venue.on_text = [this](scripted::LoopbackVenue::Client& client, std::string_view text) { answer(client, text); };
  }

  void make(const std::vector<std::string>& tokens) {
    feed = std::make_unique<PolymarketFeed>(loop, FeedContext{sockets, sink, counter, 5}, options);
    feed->subscribe(tokens);
    feed->start();
  }
  void answer(scripted::LoopbackVenue::Client& client, std::string_view text) {
    if (text == "PING") return client.socket->send("PONG");
    if (text.find("crypto_prices_twap_sixty") != std::string_view::npos) {
      client.socket->send(
          R"({"payload":{"full_accuracy_value":"63086406212239293939712","symbol":"btc/usd","timestamp":1786771253000,"value":63086.4,"window_s":60},"timestamp":1786771254918,"topic":"crypto_prices_twap_sixty","type":"update"})");
    }
    if (text.find("assets_ids") == std::string_view::npos || text.find("unsubscribe") != std::string_view::npos) return;
    if (!answers_books) return;
    for (const char* token : {"11", "22"}) {
      const std::string quoted = std::string("\"") + token + "\"";
      if (text.find(quoted) == std::string_view::npos) continue;
      client.socket->send("[" + book(token, std::to_string(++clock), std::to_string(++size)) + "]");
    }
  }
  // A change of token 11 after which the venue claims these best prices.
  void change(const std::string& price, const std::string& best_bid) {
    markets().socket->send(R"({"market":"0x1","price_changes":[{"asset_id":"11","price":")" + price +
                           R"(","size":"3","side":"BUY","hash":"","best_bid":")" + best_bid +
                           R"(","best_ask":"0.6"}],"timestamp":")" + std::to_string(++clock) +
                           R"(","event_type":"price_change"})");
  }
  scripted::LoopbackVenue::Client& markets() {
    for (auto client = venue.clients.rbegin(); client != venue.clients.rend(); ++client) {
      if ((*client)->socket && (*client)->upgrade.target == "/ws/market") return **client;
    }
    throw std::logic_error("no connection carries markets");
  }
  [[nodiscard]] Timestamp now() const { return net::IoLoop::now() + ahead; }
  bool until(const std::function<bool()>& done) {
    return venue.serve_until(done, [this] { feed->tick(now()); });
  }
  [[nodiscard]] FeedHealth health() const { return feed->health(now()); }
  [[nodiscard]] bool is_proven(const char* token) const { return sink.is_proven(Venue::Polymarket, token); }

  net::IoLoop loop;
  scripted::LoopbackVenue venue;
  NetSocketMaker sockets;
  scripted::Sink sink;
  ConnectionCounter counter;
  FeedOptions options;
  std::unique_ptr<PolymarketFeed> feed;
  Duration ahead{};
  std::int64_t clock = 1791241810525;
  int size = 4;
  bool answers_books = true;
};

TEST_F(PolymarketFeedTest, StreamsBooksAndReferencePricesOverConnectionsOfTheirOwn) {
  options.references = {Asset::BTC};
  make({"11", "22"});
  ASSERT_TRUE(until([&] { return is_proven("11") && is_proven("22") && testing::Value(sink.log, Contains("print")); }));
  EXPECT_EQ(health().state, FeedState::Live);
  EXPECT_EQ(feed->reference_health(now()).state, FeedState::Live);
  EXPECT_EQ(venue.clients.size(), 3U) << "markets, TWAP, spot";
}

TEST_F(PolymarketFeedTest, TextPingsKeepTheConnection) {
  make({"11"});
  ASSERT_TRUE(until([&] { return is_proven("11"); }));
  ASSERT_TRUE(until([&] {
    ahead += milliseconds(100);
    return markets().has_received("PING");
  }));
}

TEST_F(PolymarketFeedTest, LostChangeIsNoticedByTheBestPricesAndTheBookSubscribedAnew) {
  make({"11"});
  ASSERT_TRUE(until([&] { return is_proven("11"); }));
  change("0.41", "0.41");
  change("0.39", "0.45");
  change("0.38", "0.45");
  ASSERT_TRUE(until([&] { return health().gaps == 1; }));
  ASSERT_TRUE(until([&] { return is_proven("11"); }));
  EXPECT_TRUE(markets().has_received("unsubscribe"));
  EXPECT_EQ(health().resyncs, 1U);
}

TEST_F(PolymarketFeedTest, BookThatTheStreamDoesNotSendIsFetchedByRest) {
  answers_books = false;
  venue.answers["/book?token_id=11"] =
      net::ServerResponse{200, "application/json", book("11", "1791241810600", "8"), {}};
  make({"11"});
  ASSERT_TRUE(until([&] {
    ahead += milliseconds(100);
    return is_proven("11");
  }));
  EXPECT_EQ(health().state, FeedState::Live);
}

TEST_F(PolymarketFeedTest, DifferenceFromRestIsHealed) {
  make({"11"});
  ASSERT_TRUE(until([&] { return is_proven("11"); }));
  venue.answers["/book?token_id=11"] =
      net::ServerResponse{200, "application/json", book("11", "1791241810600", "800"), {}};
  ASSERT_TRUE(until([&] {
    ahead += milliseconds(50);
    return health().equality_failures >= 1;
  }));
  EXPECT_THAT(health().last_trouble, HasSubstr("streamed, 800 by REST"));
  ASSERT_TRUE(until([&] { return health().resyncs >= 1 && is_proven("11"); }));
}

TEST_F(PolymarketFeedTest, RestartWindowIsWaitedOut) {
  venue.on_connect = [](const net::ServerRequest&) { return 503; };
  make({"11"});
  ASSERT_TRUE(until([&] { return health().throttled == 1; }));
  venue.on_connect = nullptr;
  EXPECT_THAT(health().last_trouble, HasSubstr("503"));
  ASSERT_TRUE(until([&] {
    ahead += milliseconds(100);
    return is_proven("11");
  }));
}

}  // namespace
}  // namespace arbees::polymarket

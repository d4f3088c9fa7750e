#include "sim/clob_market_channel.h"

#include <gmock/gmock.h>

#include <map>
#include <variant>

#include "adapters/venue/polymarket/decoder.h"
#include "core/market/order_book.h"
#include "sim/clob_server.h"
#include "sim/test_clob_world.h"

namespace arbees::sim {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<const Market*> open_markets(const World& world) {
  std::vector<const Market*> markets;
  for (std::size_t i = 0; i < world.market_count(); ++i) {
    const Market& market = world.market(static_cast<MarketId>(i));
    if (market.venue == Venue::Polymarket && market.is_active()) markets.push_back(&market);
  }
  return markets;
}

std::string subscription(const std::vector<const Market*>& markets) {
  std::string ids;
  for (const Market* market : markets) {
    for (const std::string& token : market->token_ids) ids += (ids.empty() ? "\"" : ",\"") + token + "\"";
  }
  return R"({"assets_ids":[)" + ids + R"(],"type":"market","custom_feature_enabled":true})";
}

// The books that our decoder makes of the channel's frames.
class TokenBooks {
 public:
  void take(std::string_view frame, Timestamp at) {
    decoded_.clear();
    decoder.decode(buffer_.assign(frame), at, decoded_);
    for (const Anomaly& anomaly : decoded_.anomalies) {
      anomalies.push_back(std::string(anomaly_name(anomaly.kind)) + " " + anomaly.symbol + " " + anomaly.detail);
    }
    for (const arbees::Event& event : decoded_.events) {
      if (const auto* update = std::get_if<BookUpdate>(&event.body)) apply(*update);
      if (std::holds_alternative<ContractTrade>(event.body)) ++trades;
      if (std::holds_alternative<ContractSettled>(event.body)) ++settled;
    }
  }
  // Best first.
  [[nodiscard]] std::vector<BookLevel> side(const Market& market, Outcome outcome, BookSide side) {
    std::vector<BookLevel> levels;
    const auto& kept = books_[instrument_id(Venue::Polymarket, token_of(market, outcome)).value];
    const auto& map = side == BookSide::Bid ? kept.bids : kept.asks;
    for (const auto& [price, quantity] : map) levels.push_back({Price::from_units(price), quantity});
    if (side == BookSide::Bid) std::reverse(levels.begin(), levels.end());
    return levels;
  }

  polymarket::Decoder decoder;
  std::vector<std::string> anomalies;
  int trades = 0;
  int settled = 0;

 private:
  struct Kept {
    std::map<std::int64_t, Quantity> bids;
    std::map<std::int64_t, Quantity> asks;
  };
  void apply(const BookUpdate& update) {
    Kept& kept = books_[update.id.value];
    if (update.action == BookAction::Clear) {
      kept.bids.clear();
      kept.asks.clear();
      return;
    }
    auto& side = update.side == BookSide::Bid ? kept.bids : kept.asks;
    if (update.quantity.is_zero()) {
      side.erase(update.price.units());
    } else {
      side[update.price.units()] = update.quantity;
    }
  }

  FrameBuffer buffer_;
  DecodedFrame decoded_;
  std::map<std::uint64_t, Kept> books_;
};

bool is_same(const std::vector<BookLevel>& ours, const std::vector<BookLevel>& worlds, bool is_mirrored) {
  if (ours.size() != worlds.size()) return false;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const Price price = is_mirrored ? complement(worlds[i].price) : worlds[i].price;
    if (ours[i].price != price || ours[i].quantity != worlds[i].quantity) return false;
  }
  return true;
}

void expect_equal_books(TokenBooks& books, const World& world, const Market& market) {
  const auto bids = world.levels(market.id, BookSide::Bid);
  const auto asks = world.levels(market.id, BookSide::Ask);
  ASSERT_TRUE(is_same(books.side(market, Outcome::Yes, BookSide::Bid), bids, false)) << market.ticker;
  ASSERT_TRUE(is_same(books.side(market, Outcome::Yes, BookSide::Ask), asks, false)) << market.ticker;
  ASSERT_TRUE(is_same(books.side(market, Outcome::No, BookSide::Bid), asks, true)) << market.ticker;
  ASSERT_TRUE(is_same(books.side(market, Outcome::No, BookSide::Ask), bids, true)) << market.ticker;
}

class ClobMarketChannelTest : public testing::TestWithParam<std::uint64_t> {};

TEST_P(ClobMarketChannelTest, OurDecoderAgreesWithModel) {
  VirtualWorld test(GetParam());
  ClobServer server(test.context(), {});
  VirtualClient client(server, "/ws/market");
  TokenBooks books;
  std::vector<const Market*> markets = open_markets(test.world);
  for (const std::string& frame : client.ask(subscription(markets))) books.take(frame, test.now);
  for (int step = 1; step <= 4000; ++step) {
    test.advance(std::chrono::milliseconds(50));
    for (const std::string& frame : client.sink->take()) books.take(frame, test.now);
    if (step % 50 != 0) continue;
    for (const Market* market : markets) {
      if (market->is_active()) expect_equal_books(books, test.world, *market);
    }
    ASSERT_FALSE(HasFatalFailure()) << "step " << step;
  }
  // The world moves markets near their bounds to the finer tick.
  EXPECT_THAT(books.anomalies, testing::Each(HasSubstr("tick_size_change")));
  const polymarket::Decoder::HashCounts& counts = books.decoder.hash_counts();
  EXPECT_GT(counts.snapshots_verified, 10U);
  EXPECT_EQ(counts.snapshots_unverified, 0U);
  EXPECT_GT(counts.changes_verified, 4000U);
  EXPECT_EQ(counts.changes_unverified, 0U);
  EXPECT_EQ(counts.quotes_different, 0U);
  EXPECT_GT(books.trades, 10);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ClobMarketChannelTest, testing::Values(1, 2, 3));

TEST(ClobMarketChannel, LostFramesAreNoticed) {
  VirtualWorld test(4, "drop=0.05");
  ClobServer server(test.context(), {});
  VirtualClient client(server, "/ws/market");
  TokenBooks books;
  for (const std::string& frame : client.ask(subscription(open_markets(test.world)))) books.take(frame, test.now);
  for (int step = 1; step <= 400; ++step) {
    test.advance(std::chrono::milliseconds(50));
    for (const std::string& frame : client.sink->take()) books.take(frame, test.now);
  }
  EXPECT_THAT(books.anomalies, testing::Contains(HasSubstr("hash_mismatch")));
}

TEST(ClobMarketChannel, AnswersAndSubscribesAsTheVenue) {
  VirtualWorld test(5);
  ClobServer server(test.context(), {});
  VirtualClient client(server, "/ws/market");
  EXPECT_THAT(client.ask("PING"), testing::ElementsAre("PONG"));
  EXPECT_THAT(client.ask(R"({"assets_ids":["1"],"type":"market"})"), testing::ElementsAre("[]"));
  const std::vector<const Market*> markets = open_markets(test.world);
  const std::string& token = markets.front()->token_ids[0];
  const auto frames = client.ask(R"({"operation":"subscribe","assets_ids":[")" + token + R"("]})");
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_THAT(frames.front(), testing::StartsWith(R"([{"market":")"));
  EXPECT_THAT(frames.front(), HasSubstr(R"("event_type":"book")"));
  for (int step = 0; step < 200; ++step) test.advance(std::chrono::milliseconds(50));
  const std::string& other = markets.front()->token_ids[1];
  for (const std::string& frame : client.sink->take()) EXPECT_THAT(frame, testing::Not(HasSubstr(other)));
  EXPECT_THAT(client.ask(R"({"operation":"unsubscribe","assets_ids":[")" + token + R"("]})"), IsEmpty());
  for (int step = 0; step < 200; ++step) test.advance(std::chrono::milliseconds(50));
  EXPECT_THAT(client.sink->take(), IsEmpty());
}

TEST(ClobMarketChannel, WindowsOpenAndResolveInPublic) {
  VirtualWorld test(6);
  ClobServer server(test.context(), {});
  VirtualClient client(server, "/ws/market");
  const std::vector<const Market*> markets = open_markets(test.world);
  TokenBooks books;
  for (const std::string& frame : client.ask(subscription(markets))) books.take(frame, test.now);
  int listed = 0;
  for (int step = 0; step < 7'000; ++step) {
    test.advance(std::chrono::milliseconds(50));
    for (const std::string& frame : client.sink->take()) {
      listed += frame.find("\"new_market\"") != std::string::npos ? 1 : 0;
      books.take(frame, test.now);
    }
  }
  EXPECT_GT(listed, 0);
  EXPECT_GT(books.settled, 0);
  EXPECT_THAT(books.anomalies, testing::Each(HasSubstr("tick_size_change")));
}

TEST(ClobMarketChannel, TickChangesComeWithANewBook) {
  VirtualWorld test(7);
  ClobServer server(test.context(), {});
  VirtualClient client(server, "/ws/market");
  TokenBooks books;
  for (const std::string& frame : client.ask(subscription(open_markets(test.world)))) books.take(frame, test.now);
  const Market* changed = test.world.change_tick(Venue::Polymarket);
  ASSERT_NE(changed, nullptr);
  for (int step = 0; step < 40; ++step) {
    test.advance(std::chrono::milliseconds(50));
    for (const std::string& frame : client.sink->take()) books.take(frame, test.now);
  }
  EXPECT_THAT(books.anomalies, testing::Each(HasSubstr("tick_size_change")));
  expect_equal_books(books, test.world, *changed);
}

}  // namespace
}  // namespace arbees::sim

// The WebSocket over real sockets: commands, and that our own decoder's books are the world's.

#include "adapters/telemetry/format.h"
#include "adapters/venue/kalshi/decoder.h"
#include "core/base/random.h"
#include "core/market/market_state.h"
#include "sim/test_kalshi_rig.h"

namespace arbees::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string subscribe(std::string_view channels, std::string_view rest = {}) {
  return R"({"id":1,"cmd":"subscribe","params":{"channels":[)" + std::string(channels) + "]" + std::string(rest) + "}}";
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "\"" : ",\"") + text + "\"";
  return list;
}

std::vector<std::string> kalshi_tickers(const World& world) {
  std::vector<std::string> tickers;
  for (std::size_t i = 0; i < world.market_count(); ++i) {
    const Market& market = world.market(static_cast<MarketId>(i));
    if (market.venue == Venue::Kalshi) tickers.push_back(market.ticker);
  }
  return tickers;
}

// Decodes all that a stream receives, as the live feed would.
class Follower final : public arbees::kalshi::PrivateMessageSink {
 public:
  Follower(KalshiStream& stream, bool use_yes_price) : decoder_({.use_yes_price = use_yes_price}) {
    decoder_.set_private_sink(this);
    stream.on_text = [this](std::string_view frame, Timestamp at) { take(frame, at); };
  }

  void on_fill(const arbees::kalshi::Fill& fill, Timestamp) override { filled += fill.count; }
  void on_user_order(const arbees::kalshi::UserOrder&, Timestamp) override { ++user_orders; }

  // Empty if the book is proven and has the world's levels.
  [[nodiscard]] std::string difference(const World& world, const Market& market) const {
    const Contract* contract = state_.find(instrument_id(Venue::Kalshi, market.ticker));
    if (contract == nullptr) return market.ticker + ": no book";
    if (contract->book.status() != BookStatus::Proven) return market.ticker + ": not proven";
    std::vector<BookLevel> bids;
    std::vector<BookLevel> asks;
    contract->book.bids().walk_down(
        [&](Price price, Quantity quantity) { return bids.push_back({price, quantity}), true; });
    contract->book.asks().walk_up(
        [&](Price price, Quantity quantity) { return asks.push_back({price, quantity}), true; });
    return is_same(bids, world.levels(market.id, BookSide::Bid)) &&
                   is_same(asks, world.levels(market.id, BookSide::Ask))
               ? ""
               : market.ticker + ": other levels";
  }

  std::vector<std::string> anomalies;
  std::size_t index_prints = 0;
  std::size_t quotes = 0;
  std::size_t trades = 0;
  std::size_t grids = 0;
  std::size_t settled = 0;
  std::size_t user_orders = 0;
  Quantity filled;

 private:
  static bool is_same(const std::vector<BookLevel>& a, const std::vector<BookLevel>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const BookLevel& x, const BookLevel& y) {
      return x.price == y.price && x.quantity == y.quantity;
    });
  }
  void take(std::string_view frame, Timestamp at) {
    decoded_.clear();
    decoder_.decode(frame, at, decoded_);
    for (const Anomaly& anomaly : decoded_.anomalies) {
      anomalies.push_back(std::string(anomaly_name(anomaly.kind)) + " " + anomaly.detail + ": " + std::string(frame));
    }
    for (const arbees::Event& event : decoded_.events) {
      state_.apply(event);
      index_prints += std::holds_alternative<IndexPrint>(event.body) ? 1U : 0U;
      quotes += std::holds_alternative<ContractQuote>(event.body) ? 1U : 0U;
      trades += std::holds_alternative<ContractTrade>(event.body) ? 1U : 0U;
      grids += std::holds_alternative<PriceGridChanged>(event.body) ? 1U : 0U;
      settled += std::holds_alternative<ContractSettled>(event.body) ? 1U : 0U;
    }
  }

  arbees::kalshi::Decoder decoder_;
  DecodedFrame decoded_;
  MarketState state_{Capacity{}};
};

TEST(KalshiStream, CommandsAreAnsweredAsDocumented) {
  KalshiRig rig;
  const std::string ticker = rig.liquid_market().ticker;
  const auto stream = rig.connect();
  struct Case {
    std::string command;
    std::string answer;
  };
  const std::vector<Case> cases = {
      {"[]", R"("code":1,"msg":"Unable to process message")"},
      {R"({"id":2,"cmd":"subscribe"})", R"({"id":2,"type":"error","msg":{"code":2,"msg":"Params required"})"},
      {R"({"id":2,"cmd":"subscribe","params":{}})", R"("code":3,)"},
      {R"({"id":2,"cmd":"unsubscribe","params":{}})", R"("code":4,)"},
      {R"({"id":2,"cmd":"hello","params":{}})", R"("code":5,"msg":"Unknown command")"},
      {R"({"id":2,"cmd":"unsubscribe","params":{"sids":[99]}})", R"("code":7,"msg":"Unknown subscription ID")"},
      {subscribe("\"ticker_v2\""), R"("code":8,"msg":"Unknown channel name")"},
      {subscribe("\"orderbook_delta\"", R"(,"market_tickers":"T")"), R"("code":11,)"},
      {R"({"id":2,"cmd":"update_subscription","params":{"action":"add_markets"}})", R"("code":12,)"},
      {subscribe("\"orderbook_delta\""), R"("code":14,"msg":"Market Ticker required")"},
      {subscribe("\"orderbook_delta\"", R"(,"market_ticker":")" + ticker + "\""),
       R"({"type":"subscribed","id":1,"msg":{"channel":"orderbook_delta","sid":1})"},
      {R"({"id":3,"cmd":"update_subscription","params":{"sid":1}})", R"("sid":1,"seq":2,"msg":{"code":15,)"},
      {R"({"id":3,"cmd":"update_subscription","params":{"sid":1,"action":"x"}})",
       R"("sid":1,"seq":3,"msg":{"code":13,)"},
      {R"({"id":4,"cmd":"list_subscriptions"})", R"("type":"ok","msg":[{"channel":"orderbook_delta","sid":1}])"},
      {R"({"id":5,"cmd":"update_subscription","params":{"sids":[1],"action":"delete_markets","market_tickers":["X"]}})",
       R"({"id":5,"sid":1,"seq":4,"type":"ok","msg":{"market_tickers":[")" + ticker + "\"]}"},
      {R"({"id":6,"cmd":"update_subscription","params":{"sid":1,"action":"get_snapshot","market_ticker":")" + ticker +
           "\"}}",
       R"({"type":"orderbook_snapshot","id":6,"sid":1,"seq":5,"msg":{"market_ticker":")" + ticker},
      {R"({"id":7,"cmd":"unsubscribe","params":{"sids":[1]}})", R"({"id":7,"sid":1,"seq":6,"type":"unsubscribed")"}};
  for (const Case& one : cases) {
    const std::size_t from = stream->frames.size();
    stream->client.send(one.command);
    rig.flush(*stream);
    EXPECT_TRUE(stream->find({one.answer}, from)) << one.command << "\n" << stream->frames.at(from);
  }
}

// A random order of the user's, and sometimes the end of all that rest.
void trade_at_random(World& world, Random& random) {
  NewOrder order{.market = static_cast<MarketId>(random.below(world.market_count())),
                 .side = random.chance(1, 2) ? Side::Buy : Side::Sell,
                 .price = Price::from_units(random.between(1, 99) * 100),
                 .quantity = Quantity::from_units(random.between(1, 500))};
  if (random.chance(1, 2)) order.lifetime = Lifetime::ImmediateOrCancel;
  static_cast<void>(world.place(Venue::Kalshi, order, world.now()));
  if (random.chance(1, 20)) world.cancel_all(Venue::Kalshi, world.now());
}

void expect_rest_shows_the_worlds_book(KalshiRig& rig) {
  const Market& market = rig.liquid_market("KXBTCD", seconds(1));
  const KalshiAnswer book = rig.call("GET", "/markets/" + market.ticker + "/orderbook");
  for (const BookSide side : {BookSide::Bid, BookSide::Ask}) {
    const std::string name = side == BookSide::Bid ? "orderbook_fp/yes_dollars" : "orderbook_fp/no_dollars";
    const std::vector<BookLevel> levels = rig.world.levels(market.id, side);
    ASSERT_EQ(book.size(name), levels.size());
    for (std::size_t i = 0; i < levels.size(); ++i) {
      const std::string at = name + "/" + std::to_string(levels.size() - 1 - i);
      const Price price = side == BookSide::Bid ? levels[i].price : complement(levels[i].price);
      EXPECT_EQ(book.at(at + "/0"), to_text(price));
      EXPECT_EQ(book.at(at + "/1"), to_text(levels[i].quantity));
    }
  }
}

void expect_the_worlds_books(const Follower& follower, const World& world, std::size_t followed) {
  ASSERT_TRUE(follower.anomalies.empty()) << follower.anomalies.front();
  for (std::size_t i = 0; i < followed; ++i) {
    const Market& market = world.market(static_cast<MarketId>(i));
    if (market.venue != Venue::Kalshi || !market.is_active()) continue;
    EXPECT_EQ(follower.difference(world, market), "");
  }
}

TEST(KalshiStream, BooksAgreeWithTheWorldAndRest) {
  WorldSettings settings = KalshiRig::before_a_close(seconds(60));
  settings.seed = 11;
  KalshiRig rig("tick_change=20s", settings);
  const auto plain = rig.connect();
  const auto in_yes = rig.connect();
  Follower follower(*plain, false);
  Follower yes_follower(*in_yes, true);
  const std::string all = ",\"market_tickers\":[" + quoted_list(kalshi_tickers(rig.world)) + "]";
  plain->client.send(subscribe("\"orderbook_delta\"", all));
  plain->client.send(subscribe(R"("ticker","trade","fill","user_orders","market_positions","market_lifecycle_v2")"));
  plain->client.send(subscribe("\"cfbenchmarks_value\"", R"(,"index_ids":["all"])"));
  in_yes->client.send(subscribe("\"orderbook_delta\"", all + ",\"use_yes_price\":true"));
  rig.flush(*plain);
  rig.flush(*in_yes);

  constexpr std::uint64_t kSeed = 5;
  Random random(kSeed);
  const std::size_t followed = rig.world.market_count();
  for (int step = 1; step <= 2000; ++step) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", step " + std::to_string(step));
    rig.advance(milliseconds(50));
    if (random.chance(1, 4)) trade_at_random(rig.world, random);
    if (step % 20 == 0) rig.loop.run_for(milliseconds(0));
    if (step % 250 != 0) continue;
    rig.flush(*plain);
    rig.flush(*in_yes);
    ASSERT_NO_FATAL_FAILURE(expect_the_worlds_books(follower, rig.world, followed));
    ASSERT_NO_FATAL_FAILURE(expect_the_worlds_books(yes_follower, rig.world, followed));
    ASSERT_NO_FATAL_FAILURE(expect_rest_shows_the_worlds_book(rig));
    plain->frames.clear();
    in_yes->frames.clear();
  }
  EXPECT_GT(follower.index_prints, 200U);
  EXPECT_GT(follower.quotes, 100U);
  EXPECT_GT(follower.trades, 10U);
  EXPECT_GT(follower.grids, 0U);
  EXPECT_GT(follower.settled, 0U);
  EXPECT_GT(follower.user_orders, 0U);
  Quantity filled;
  for (const Fill* fill : rig.world.fills(Venue::Kalshi)) filled += fill->quantity;
  EXPECT_GT(filled, Quantity{});
  EXPECT_EQ(follower.filled, filled);
}

TEST(KalshiStream, ARestingOrderFillsLaterAndIsToldOnBothChannels) {
  KalshiRig rig;
  const Market& market = rig.liquid_market("KXBTC15M", std::chrono::minutes(10));
  const auto stream = rig.connect();
  stream->client.send(
      subscribe(R"("fill","user_orders","market_positions")", R"(,"market_ticker":")" + market.ticker + "\""));
  rig.flush(*stream);
  const Price bid = rig.world.best_bid(market.id);
  const KalshiAnswer created =
      rig.call("POST", "/portfolio/events/orders",
               rig.order_body(market.ticker, "bid", "0.50", to_text(bid), R"("client_order_id":"rest")"));
  ASSERT_EQ(created.at("remaining_count"), "0.50") << created.body;
  const std::string id = created.at("order_id");
  rig.flush(*stream);
  EXPECT_TRUE(stream->find({"user_order", id, R"("status":"resting")", R"("client_order_id":"rest")"}));
  for (int i = 0; i < 600 && rig.world.find_order(Venue::Kalshi, id)->status == OrderStatus::Resting; ++i) {
    rig.advance(seconds(1));
  }
  ASSERT_EQ(rig.world.find_order(Venue::Kalshi, id)->status, OrderStatus::Executed);
  rig.flush(*stream);
  EXPECT_TRUE(stream->find({R"("type":"fill")", id, R"("is_taker":false)", R"("count_fp":")"}));
  EXPECT_TRUE(stream->find({"user_order", id, R"("status":"executed")", R"("last_update_reason":"Trade")"}));
  EXPECT_TRUE(stream->find({"market_position", R"("position_fp":"0.50")"}));
  EXPECT_EQ(rig.call("GET", "/portfolio/fills?order_id=" + id).at("fills/0/is_taker"), "false");
}

TEST(KalshiStream, AnOwnOrderIsNamedInItsDelta) {
  KalshiRig rig;
  const Market& market = rig.liquid_market();
  const auto stream = rig.connect();
  stream->client.send(subscribe("\"orderbook_delta\"", R"(,"market_ticker":")" + market.ticker + "\""));
  rig.flush(*stream);
  rig.call("POST", "/portfolio/events/orders",
           rig.order_body(market.ticker, "ask", "3", "0.99", R"("client_order_id":"mine")"));
  rig.flush(*stream);
  EXPECT_TRUE(stream->find({R"("price_dollars":"0.0100","delta_fp":"3.00","side":"no","client_order_id":"mine")"}));
}

TEST(KalshiStream, LateFillsAreListedLate) {
  KalshiRig rig("late_fill=0.5:10s");
  const Market& market = rig.liquid_market();
  int late = 0;
  for (int i = 0; i < 8; ++i) {
    const NewOrder order{.market = market.id,
                         .price = rig.world.best_ask(market.id),
                         .quantity = Quantity::from_units(10),
                         .lifetime = Lifetime::ImmediateOrCancel};
    ASSERT_TRUE(rig.world.place(Venue::Kalshi, order, rig.world.now()));
  }
  const std::size_t all = rig.world.fills(Venue::Kalshi).size();
  late = static_cast<int>(rig.injector.count(Fault::LateFill));
  EXPECT_GT(late, 0);
  EXPECT_EQ(rig.call("GET", "/portfolio/fills").size("fills"), all - static_cast<std::size_t>(late));
  rig.advance(seconds(11));
  EXPECT_EQ(rig.call("GET", "/portfolio/fills").size("fills"), all);
}

}  // namespace
}  // namespace arbees::sim

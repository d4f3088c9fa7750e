#include "sim/clob_orders.h"

#include "core/market/fees.h"
#include "sim/test_clob_client.h"

namespace arbees::sim {
namespace {

using testing::Test;

constexpr Price kTick = Price::from_units(100);

class ClobOrderEntry : public ClobTest {
 protected:
  // A market whose book stands still from now on.
  const Market& still_market(bool neg_risk) {
    const Market& market = find_market(neg_risk);
    runs_ = false;
    return market;
  }
  // A purchase one tick below the best bid: rests.
  [[nodiscard]] TestOrder resting(const Market& market) const {
    TestOrder wish;
    wish.market = &market;
    wish.price = world_->best_bid(market.id) - kTick;
    wish.quantity = Quantity::whole(10);
    return wish;
  }
  // A purchase of Yes at the best ask.
  [[nodiscard]] TestOrder crossing(const Market& market) const {
    TestOrder wish;
    wish.market = &market;
    wish.price = world_->best_ask(market.id);
    wish.quantity = Quantity::whole(10);
    return wish;
  }
  void expect_error(const TestOrder& wish, const std::string& text, int status = 400) {
    const ClobAnswer answer = post(wish);
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_NE(answer.text("error").find(text), std::string::npos) << answer.body;
  }
  [[nodiscard]] std::string order_status(const std::string& id) {
    return call("GET", "/data/order/" + id).text("status");
  }
  [[nodiscard]] std::size_t open_count() {
    const ClobAnswer answer = call("GET", "/data/orders");
    return answer.json()["data"].Size();
  }
};

TEST_F(ClobOrderEntry, RestingOrderIsListedAndCancelled) {
  start();
  sign_in();
  for (const bool neg_risk : {false, true}) {
    const Market& market = still_market(neg_risk);
    const ClobAnswer answer = post(resting(market));
    const std::string id = last_id_;
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.text("orderID"), id);
    EXPECT_EQ(answer.text("status"), "live");
    EXPECT_EQ(answer.text("takingAmount"), "0");
    const ClobAnswer shown = call("GET", "/data/order/" + id);
    EXPECT_EQ(shown.text("status"), "LIVE");
    EXPECT_EQ(shown.text("owner"), api_key_);
    EXPECT_EQ(shown.text("maker_address"), keys_.wallet_address);
    EXPECT_EQ(shown.text("original_size"), "10");
    EXPECT_EQ(shown.text("size_matched"), "0");
    EXPECT_EQ(open_count(), 1U);
    const ClobAnswer cancelled = call("DELETE", "/order", R"({"orderID":")" + id + R"("})");
    EXPECT_EQ(cancelled.body, R"({"canceled":[")" + id + R"("],"not_canceled":{}})");
    EXPECT_EQ(open_count(), 0U);
    EXPECT_EQ(order_status(id), "CANCELED");
    EXPECT_NE(call("DELETE", "/order", R"({"orderID":")" + id + R"("})").body.find("already canceled or matched"),
              std::string::npos);
    runs_ = true;
  }
}

TEST_F(ClobOrderEntry, MatchedOrderMovesMoneyTokensAndBecomesConfirmed) {
  start();
  sign_in();
  for (const bool neg_risk : {false, true}) {
    const Market& market = still_market(neg_risk);
    const std::int64_t money_before = collateral();
    TestOrder wish = crossing(market);
    wish.quantity = std::min(wish.quantity, world_->levels(market.id, BookSide::Ask).front().quantity);
    const ClobAnswer answer = post(wish);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.text("status"), "matched");
    EXPECT_EQ(Quantity::parse(answer.text("takingAmount")), wish.quantity);
    EXPECT_EQ(Money::parse(answer.text("makingAmount")), wish.price * wish.quantity);
    const Money charge = fee(market.fees, Role::Taker, wish.price, wish.quantity).value_or(Money{});
    EXPECT_TRUE(charge.is_positive());
    EXPECT_EQ(money_before - collateral(), (wish.price * wish.quantity + charge).units());
    EXPECT_EQ(tokens(market, Outcome::Yes), wish.quantity.units() * 10'000);
    const rapidjson::Document posted = answer.json();
    ASSERT_GE(posted["tradeIDs"].Size(), 1U);
    const std::string trade = posted["tradeIDs"][0].GetString();
    EXPECT_TRUE(run_until(
        [&] { return call("GET", "/data/trades?id=" + trade).body.find("\"CONFIRMED\"") != std::string::npos; }));
    const rapidjson::Document trades = call("GET", "/data/trades?id=" + trade).json();
    ASSERT_EQ(trades["data"].Size(), 1U);
    const auto& shown = trades["data"][0];
    EXPECT_STREQ(shown["taker_order_id"].GetString(), last_id_.c_str());
    EXPECT_STREQ(shown["trader_side"].GetString(), "TAKER");
    EXPECT_EQ(std::string(shown["transaction_hash"].GetString()).size(), 66U);
    EXPECT_EQ(order_status(last_id_), "MATCHED");
    runs_ = true;
  }
}

TEST_F(ClobOrderEntry, BoughtTokensAreSoldAgain) {
  start();
  sign_in();
  const Market& market = still_market(false);
  ASSERT_EQ(post(crossing(market)).text("status"), "matched");
  TestOrder sale;
  sale.market = &market;
  sale.side = Side::Sell;
  sale.price = world_->best_bid(market.id);
  sale.quantity = Quantity::whole(10);
  sale.type = "FAK";
  const ClobAnswer answer = post(sale);
  EXPECT_EQ(answer.text("status"), "matched") << answer.body;
  sale.quantity = Quantity::whole(1'000);
  sale.type = "GTC";
  expect_error(sale, "not enough balance / allowance");
}

TEST_F(ClobOrderEntry, NoIsTheOtherSideOfTheSameBook) {
  start();
  sign_in();
  const Market& market = still_market(false);
  TestOrder wish = crossing(market);
  wish.outcome = Outcome::No;
  wish.price = complement(world_->best_bid(market.id));
  const Quantity before = world_->levels(market.id, BookSide::Bid).front().quantity;
  wish.quantity = std::min(Quantity::whole(10), before);
  ASSERT_EQ(post(wish).text("status"), "matched");
  EXPECT_EQ(tokens(market, Outcome::No), wish.quantity.units() * 10'000);
  const auto bids = world_->levels(market.id, BookSide::Bid);
  EXPECT_TRUE(bids.front().price < complement(wish.price) || bids.front().quantity == before - wish.quantity);
}

TEST_F(ClobOrderEntry, LimitOrderPartlyMatchedRestsWithTheRest) {
  start();
  sign_in();
  const Market& market = still_market(false);
  TestOrder wish = crossing(market);
  const Quantity there = world_->levels(market.id, BookSide::Ask).front().quantity;
  wish.quantity = there + Quantity::whole(20);
  const ClobAnswer answer = post(wish);
  EXPECT_EQ(answer.text("status"), "matched") << answer.body;
  EXPECT_EQ(Quantity::parse(answer.text("takingAmount")), there);
  const ClobAnswer shown = call("GET", "/data/order/" + last_id_);
  EXPECT_EQ(shown.text("status"), "LIVE");
  EXPECT_EQ(Quantity::parse(shown.text("size_matched")), there);
}

TEST_F(ClobOrderEntry, MarketBuysSpendDollars) {
  start();
  sign_in();
  const Market& market = still_market(false);
  TestOrder wish = crossing(market);
  // Two ticks of room: what is cheaper buys more shares.
  const Price limit = wish.price + kTick + kTick;
  wish.type = "FOK";
  wish.amounts = polymarket::market_buy_amounts(limit, Money::whole(6), kTick, polymarket::ShareRounding::Down).value();
  const ClobAnswer answer = post(wish);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto spent = Money::parse(answer.text("makingAmount"));
  ASSERT_TRUE(spent.has_value());
  EXPECT_LE(*spent, Money::whole(6));
  EXPECT_GT(*spent, Money::parse("5.98").value());
}

TEST_F(ClobOrderEntry, KilledOrdersSayWhyAndLeaveNothing) {
  start();
  sign_in();
  const Market& market = still_market(false);
  TestOrder wish = crossing(market);
  wish.type = "FOK";
  wish.amounts =
      polymarket::market_buy_amounts(wish.price, Money::whole(5'000), kTick, polymarket::ShareRounding::Down).value();
  if (world_->levels(market.id, BookSide::Ask).front().quantity < Quantity::whole(5'000)) {
    expect_error(wish, "order couldn't be fully filled, FOK orders are fully filled/killed");
  }
  TestOrder far = resting(market);
  far.type = "FAK";
  far.amounts =
      polymarket::market_buy_amounts(far.price, Money::whole(5), kTick, polymarket::ShareRounding::Up).value();
  expect_error(far, "no orders found to match with FAK order");
  EXPECT_EQ(open_count(), 0U);
  EXPECT_EQ(collateral(), Money::whole(10'000).units());
}

TEST_F(ClobOrderEntry, FillAndKillTakesWhatIsThere) {
  start();
  sign_in();
  const Market& market = still_market(false);
  TestOrder wish = crossing(market);
  const BookLevel best = world_->levels(market.id, BookSide::Ask).front();
  const Money dollars = best.price * best.quantity + Money::whole(100);
  wish.type = "FAK";
  wish.amounts = polymarket::market_buy_amounts(best.price, dollars, kTick, polymarket::ShareRounding::Up).value();
  const ClobAnswer answer = post(wish);
  ASSERT_EQ(answer.text("status"), "matched") << answer.body;
  EXPECT_EQ(Quantity::parse(answer.text("takingAmount")), best.quantity);
  EXPECT_EQ(open_count(), 0U);
}

TEST_F(ClobOrderEntry, PostOnlyNeverTakes) {
  start();
  sign_in();
  const Market& market = still_market(false);
  TestOrder wish = crossing(market);
  wish.post_only = true;
  expect_error(wish, "invalid post-only order: order crosses book");
  TestOrder rests = resting(market);
  rests.post_only = true;
  EXPECT_EQ(post(rests).text("status"), "live");
  rests.type = "FAK";
  expect_error(rests, "only GTC and GTD order types are allowed");
}

TEST_F(ClobOrderEntry, ConstructionErrorsHaveTheVenuesTexts) {
  start();
  sign_in();
  const Market& market = still_market(false);
  TestOrder wish = resting(market);
  wish.amounts = polymarket::OrderAmounts{4'123'450, 10'000'000};
  expect_error(wish,
               "invalid amounts, the buy orders maker amount supports a max accuracy of 4 decimals, taker amount a "
               "max of 2 decimals");
  wish.amounts = polymarket::OrderAmounts{4'125'000, 10'000'000};
  expect_error(wish, "breaks minimum tick size rule: 0.01");
  wish.amounts = polymarket::OrderAmounts{10'000'000, 10'000'000};
  expect_error(wish, "breaks minimum tick size rule: 0.01");
  wish.amounts.reset();
  wish.quantity = Quantity::whole(4);
  expect_error(wish, "Size (4) lower than the minimum: 5");
  TestOrder expired = resting(market);
  expired.type = "GTD";
  expired.expiration = unix_ns(net::IoLoop::now()) / 1'000'000'000 + 30;
  expect_error(expired, "invalid expiration");
  TestOrder dated = resting(market);
  dated.expiration = expired.expiration;
  expect_error(dated, "invalid expiration");
  TestOrder cheap = crossing(market);
  cheap.type = "FAK";
  cheap.amounts =
      polymarket::market_buy_amounts(cheap.price, *Money::parse("0.99"), kTick, polymarket::ShareRounding::Up).value();
  expect_error(cheap, "invalid amount for a marketable BUY order ($0.99), min size: $1");
}

TEST_F(ClobOrderEntry, SignaturesAreForOneVersionExchangeAndKey) {
  start();
  sign_in();
  const Market& market = still_market(false);
  TestOrder wish = resting(market);
  wish.neg_risk = true;
  expect_error(wish, "invalid signature");
  wish = resting(market);
  wish.version = polymarket::DomainVersion::Three;
  expect_error(wish, "order_version_mismatch");
  wish = resting(market);
  wish.owner = "00000000-0000-0000-0000-000000000000";
  expect_error(wish, "the order owner has to be the owner of the API KEY");
  std::string body = order_body(resting(market));
  body.replace(body.find("\"signer\":\"0x") + 12, 4, "0000");
  EXPECT_EQ(call("POST", "/order", body).text("error"),
            "the order signer address has to be the address of the API KEY");
  TestOrder unknown = resting(market);
  body = order_body(unknown);
  const std::string token = token_of(market, Outcome::Yes);
  body.replace(body.find(token), token.size(), "12345");
  EXPECT_EQ(call("POST", "/order", body).status, 404);
}

TEST_F(ClobOrderEntry, VersionOneOrdersAreRefused) {
  start();
  sign_in();
  std::string body = order_body(resting(still_market(false)));
  const std::string timestamp = R"("timestamp":"1791241200000",)";
  body.replace(body.find(timestamp), timestamp.size(),
               R"("taker":"0x0000000000000000000000000000000000000000","nonce":"0","feeRateBps":"1000",)");
  const ClobAnswer answer = call("POST", "/order", body);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.text("error"), "order_version_mismatch");
}

TEST_F(ClobOrderEntry, BodiesOfTheWrongFormAreRefused) {
  start();
  sign_in();
  const std::string good = order_body(resting(still_market(false)));
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string body = good;
    body.replace(body.find(from), from.size(), to);
    return call("POST", "/order", body).text("error");
  };
  EXPECT_EQ(changed("\"side\":\"BUY\"", "\"side\":0"), "Invalid order payload");
  EXPECT_EQ(changed("\"salt\":" + std::to_string(salt_), "\"salt\":\"1\""), "Invalid order payload");
  EXPECT_EQ(changed("\"salt\":" + std::to_string(salt_), "\"salt\":9007199254740993"), "Invalid order payload");
  EXPECT_EQ(changed("\"orderType\":\"GTC\"", "\"orderType\":\"IOC\""), "Invalid order payload");
  EXPECT_EQ(call("POST", "/order", "{").text("error"), "Invalid order payload");
}

TEST_F(ClobOrderEntry, IdenticalOrderIsADuplicate) {
  start();
  sign_in();
  TestOrder wish = resting(still_market(false));
  wish.salt = 77;
  EXPECT_EQ(post(wish).text("status"), "live");
  expect_error(wish, "order " + last_id_ + " is invalid. Duplicated.");
}

TEST_F(ClobOrderEntry, BatchesAnswerEachOrder) {
  start();
  sign_in();
  const Market& market = still_market(false);
  TestOrder bad = resting(market);
  bad.quantity = Quantity::whole(1);
  const std::string good = order_body(resting(market));
  const std::string good_id = last_id_;
  const ClobAnswer answer = call("POST", "/orders", "[" + good + "," + order_body(bad) + "]");
  const rapidjson::Document entries = answer.json();
  ASSERT_EQ(entries.Size(), 2U);
  EXPECT_STREQ(entries[0]["orderID"].GetString(), good_id.c_str());
  EXPECT_STREQ(entries[0]["errorMsg"].GetString(), "");
  EXPECT_STRNE(entries[1]["errorMsg"].GetString(), "");
  std::string many = "[";
  for (int i = 0; i < 16; ++i) many += (i == 0 ? "" : ",") + good;
  EXPECT_EQ(call("POST", "/orders", many + "]").text("error"), "Too many orders in payload: 16, max allowed: 15");
}

TEST_F(ClobOrderEntry, CancelsByListMarketAndAll) {
  start();
  sign_in();
  const Market& plain = still_market(false);
  const Market& ranges = find_market(true);
  std::vector<std::string> ids;
  for (const Market* market : {&plain, &plain, &ranges, &ranges}) {
    ASSERT_EQ(post(resting(*market)).text("status"), "live");
    ids.push_back(last_id_);
  }
  const rapidjson::Document some = call("DELETE", "/orders", R"([")" + ids[0] + R"(","0xunknown"])").json();
  EXPECT_EQ(some["canceled"].Size(), 1U);
  EXPECT_EQ(some["not_canceled"].MemberCount(), 1U);
  const std::string filter = R"({"market":")" + plain.condition_id + R"("})";
  EXPECT_EQ(call("DELETE", "/cancel-market-orders", filter).json()["canceled"].Size(), 1U);
  EXPECT_EQ(call("DELETE", "/cancel-all").json()["canceled"].Size(), 2U);
  EXPECT_EQ(open_count(), 0U);
}

TEST_F(ClobOrderEntry, AThousandOrdersAreCancelledAtOnceAndMoreAreRefusedInWords) {
  start();
  sign_in();
  std::string ids;
  for (int i = 0; i < 1000; ++i)
    ids += (i == 0 ? "\"0x" : ",\"0x") + std::string(60, 'a') + std::to_string(1000 + i) + '"';
  EXPECT_EQ(call("DELETE", "/orders", "[" + ids + "]").json()["not_canceled"].MemberCount(), 1000U);
  const ClobAnswer refused = call("DELETE", "/orders", "[" + ids + ",\"0xb\"]");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("max allowed: 1000"), std::string::npos) << refused.body;
}

TEST_F(ClobOrderEntry, HeldOrdersCannotBeCancelled) {
  ClobRules rules = fast_rules();
  rules.taker_delay = std::chrono::seconds(3);
  start(rules);
  sign_in();
  const Market& market = still_market(false);
  const std::string body = order_body(crossing(market));
  std::optional<int> posted;
  http_->send(signed_request("POST", "/order", body), [&](net::HttpAnswer answer) { posted = answer->status; });
  EXPECT_TRUE(run_until([&] { return server_ != nullptr && order_status(last_id_) == "DELAYED"; }));
  const ClobAnswer cancelled = call("DELETE", "/order", R"({"orderID":")" + last_id_ + R"("})");
  EXPECT_EQ(cancelled.json()["canceled"].Size(), 0U);
  EXPECT_TRUE(run_until([&] { return posted.has_value(); }));
  EXPECT_EQ(posted, 200);
  EXPECT_EQ(order_status(last_id_), "MATCHED");
}

TEST_F(ClobOrderEntry, DatedOrdersEndBeforeTheirExpiration) {
  ClobRules rules = fast_rules();
  rules.shortest_expiration = std::chrono::seconds(1);
  rules.expiration_margin = std::chrono::seconds(7);
  start(rules);
  sign_in();
  TestOrder wish = resting(find_market(false));
  wish.price = kTick;  // the market moves on, but not so far
  wish.type = "GTD";
  wish.expiration = unix_ns(net::IoLoop::now()) / 1'000'000'000 + 12;
  ASSERT_EQ(post(wish).text("status"), "live");
  EXPECT_TRUE(run_until([&] { return order_status(last_id_) == "CANCELED"; }));
  EXPECT_LT(net::IoLoop::now(), from_unix_s(wish.expiration));
}

TEST_F(ClobOrderEntry, SilenceAfterAHeartbeatCancelsAll) {
  ClobRules rules = fast_rules();
  rules.heartbeat_limit = std::chrono::seconds(5);
  start(rules);
  sign_in();
  ASSERT_EQ(post(resting(still_market(false))).text("status"), "live");
  const std::string first = call("POST", "/v1/heartbeats", R"({"heartbeat_id":""})").text("heartbeat_id");
  EXPECT_EQ(first.size(), 36U);
  const ClobAnswer wrong = call("POST", "/v1/heartbeats", R"({"heartbeat_id":"x"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.text("error_msg"), "Invalid Heartbeat ID");
  EXPECT_EQ(wrong.text("heartbeat_id"), first);
  EXPECT_EQ(call("POST", "/v1/heartbeats", R"({"heartbeat_id":")" + first + R"("})").status, 200);
  EXPECT_EQ(open_count(), 1U);
  EXPECT_TRUE(run_until([&] { return open_count() == 0; }));
}

TEST_F(ClobOrderEntry, UserStreamTellsOrdersAndTrades) {
  start();
  sign_in();
  const auto stream = open_stream("/ws/user", user_frame());
  stream->client.send("PING");
  ASSERT_TRUE(run_until([&] { return stream->count({"PONG"}) == 1; }));
  const Market& market = still_market(false);
  const std::string resting_body = order_body(resting(market));
  const std::string id = last_id_;
  call("POST", "/order", resting_body);
  call("DELETE", "/order", R"({"orderID":")" + id + R"("})");
  ASSERT_EQ(post(crossing(market)).text("status"), "matched");
  ASSERT_TRUE(run_until([&] { return stream->count({"\"trade\"", "\"CONFIRMED\"", last_id_}) >= 1; }));
  EXPECT_EQ(stream->count({"\"order\"", "\"PLACEMENT\"", "\"LIVE\"", id}), 1);
  EXPECT_EQ(stream->count({"\"order\"", "\"CANCELLATION\"", "\"CANCELED\"", id}), 1);
  EXPECT_EQ(stream->count({"\"order\"", "\"PLACEMENT\"", "\"MATCHED\"", last_id_}), 1);
  for (const std::string status : {"\"MATCHED\"", "\"MINED\"", "\"CONFIRMED\""}) {
    EXPECT_GE(stream->count({"\"trade\"", "\"TAKER\"", status, last_id_}), 1) << status;
  }
}

TEST_F(ClobOrderEntry, UserStreamWithoutCredentialsIsClosed) {
  start();
  const auto stream = open_stream("/ws/user", R"({"auth":{"apiKey":"x","secret":"y","passphrase":"z"},"type":"user"})");
  ASSERT_TRUE(run_until([&] { return stream->closed.has_value(); }));
  EXPECT_TRUE(stream->frames.empty());
}

TEST_F(ClobOrderEntry, FailedSettlementGivesEverythingBack) {
  start(fast_rules(), "failed_settlement=0.5");
  sign_in();
  const auto stream = open_stream("/ws/user", user_frame());
  const Market& market = still_market(false);
  // Until one fails: half of them do.
  std::string failed_trade;
  std::int64_t before = 0;
  for (int i = 0; i < 20 && failed_trade.empty(); ++i) {
    before = collateral();
    TestOrder wish = crossing(market);
    wish.quantity = std::min(Quantity::whole(5), world_->levels(market.id, BookSide::Ask).front().quantity);
    if (wish.quantity < Quantity::whole(5)) break;
    const ClobAnswer answer = post(wish);
    ASSERT_EQ(answer.text("status"), "matched") << answer.body;
    const rapidjson::Document posted = answer.json();
    const std::string trade = posted["tradeIDs"][0].GetString();
    ASSERT_TRUE(
        run_until([&] { return stream->count({trade, "\"CONFIRMED\""}) + stream->count({trade, "\"FAILED\""}) > 0; }));
    if (stream->count({trade, "\"FAILED\""}) > 0) failed_trade = trade;
  }
  ASSERT_FALSE(failed_trade.empty());
  EXPECT_EQ(stream->count({failed_trade, "\"RETRYING\""}), 1);
  EXPECT_EQ(collateral(), before);
}

}  // namespace
}  // namespace arbees::sim

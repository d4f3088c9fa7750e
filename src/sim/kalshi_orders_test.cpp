// Order entry over real sockets: what the venue answers, and that the account agrees with it.

#include "adapters/telemetry/format.h"
#include "core/market/fees.h"
#include "sim/kalshi_text.h"
#include "sim/test_kalshi_rig.h"

namespace arbees::sim {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kOrders = "/portfolio/events/orders";

std::string order_path(std::string_view id, std::string_view query = {}) {
  return std::string(kOrders) + "/" + std::string(id) + std::string(query);
}

Money balance_of(KalshiRig& rig) {
  return Money::parse(rig.call("GET", "/portfolio/balance").at("balance_dollars")).value();
}

TEST(KalshiOrders, ARestingOrderReservesItsCostUntilItIsCanceled) {
  KalshiRig rig;
  const std::string ticker = rig.liquid_market().ticker;
  const KalshiAnswer created =
      rig.call("POST", kOrders, rig.order_body(ticker, "bid", "10", "0.01", R"("client_order_id":"a-1")"));
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(created.at("client_order_id"), "a-1");
  EXPECT_EQ(created.at("fill_count"), "0.00");
  EXPECT_EQ(created.at("remaining_count"), "10.00");
  EXPECT_EQ(created.at("average_fill_price"), "(none)");
  const std::string id = created.at("order_id");
  EXPECT_EQ(balance_of(rig), Money::parse("9999.9"));

  const KalshiAnswer order = rig.call("GET", "/portfolio/orders/" + id);
  EXPECT_EQ(order.at("order/status"), "resting");
  EXPECT_EQ(order.at("order/yes_price_dollars"), "0.0100");
  EXPECT_EQ(order.at("order/no_price_dollars"), "0.9900");
  EXPECT_EQ(order.at("order/outcome_side"), "yes");
  EXPECT_EQ(order.at("order/book_side"), "bid");
  EXPECT_EQ(order.at("order/exchange_index"), "2");
  EXPECT_EQ(rig.call("GET", "/portfolio/orders?status=resting&ticker=" + ticker).size("orders"), 1U);
  EXPECT_EQ(rig.call("GET", "/portfolio/orders?status=executed").size("orders"), 0U);

  // Without its ticker or shard the cancel goes to shard 0, where the order is not.
  EXPECT_EQ(rig.call("DELETE", order_path(id)).status, 404);
  EXPECT_EQ(rig.call("DELETE", order_path(id, "?exchange_index=0&market_ticker=" + ticker)).status, 404);
  const KalshiAnswer canceled = rig.call("DELETE", order_path(id, "?market_ticker=" + ticker));
  EXPECT_EQ(canceled.status, 200) << canceled.body;
  EXPECT_EQ(canceled.at("order_id"), id);
  EXPECT_EQ(canceled.at("reduced_by"), "10.00");
  EXPECT_EQ(rig.call("GET", "/portfolio/orders/" + id).at("order/status"), "canceled");
  const KalshiAnswer again = rig.call("DELETE", order_path(id, "?exchange_index=2"));
  EXPECT_EQ(again.status, 404);
  EXPECT_EQ(again.at("error/code"), "not_found");
  EXPECT_EQ(balance_of(rig), Money::whole(10'000));
}

TEST(KalshiOrders, AFillMovesBalancePositionAndFillsTogether) {
  KalshiRig rig;
  const Market& market = rig.liquid_market();
  const Price ask = rig.world.best_ask(market.id);
  const KalshiAnswer bought =
      rig.call("POST", kOrders,
               rig.order_body(market.ticker, "bid", "1.50", to_text(ask), R"("time_in_force":"immediate_or_cancel")"));
  ASSERT_EQ(bought.status, 201) << bought.body;
  ASSERT_EQ(bought.at("fill_count"), "1.50");
  EXPECT_EQ(bought.at("remaining_count"), "0.00");
  EXPECT_EQ(bought.at("average_fill_price"), to_text(ask));

  const KalshiAnswer fills = rig.call("GET", "/portfolio/fills?order_id=" + bought.at("order_id"));
  ASSERT_EQ(fills.size("fills"), 1U);
  EXPECT_EQ(fills.at("fills/0/count_fp"), "1.50");
  EXPECT_EQ(fills.at("fills/0/yes_price_dollars"), to_text(ask));
  EXPECT_EQ(fills.at("fills/0/is_taker"), "true");
  EXPECT_EQ(fills.at("fills/0/ticker"), market.ticker);
  const Money fee = Money::parse(fills.at("fills/0/fee_cost")).value();
  EXPECT_EQ(fee, arbees::fee(market.fees, Role::Taker, ask, Quantity::from_units(150)));
  const Money cost = ask * Quantity::from_units(150);
  EXPECT_EQ(rig.call("GET", "/portfolio/balance").at("balance_dollars"),
            kalshi_balance(Money::whole(10'000) - cost - fee));

  const KalshiAnswer positions = rig.call("GET", "/portfolio/positions?ticker=" + market.ticker);
  EXPECT_EQ(positions.at("market_positions/0/position_fp"), "1.50");
  EXPECT_EQ(positions.at("market_positions/0/market_exposure_dollars"), to_text(cost));
  EXPECT_EQ(positions.at("market_positions/0/fees_paid_dollars"), to_text(fee));
  EXPECT_EQ(positions.at("event_positions/0/event_ticker"), rig.world.event(market.event).ticker);
  EXPECT_EQ(rig.call("GET", "/portfolio/orders/" + bought.at("order_id")).at("order/status"), "executed");

  // An ask beyond what is held ends in a No position.
  const Price bid = rig.world.best_bid(market.id);
  const KalshiAnswer sold =
      rig.call("POST", kOrders,
               rig.order_body(market.ticker, "ask", "2", to_text(bid), R"("time_in_force":"immediate_or_cancel")"));
  ASSERT_EQ(sold.at("fill_count"), "2.00") << sold.body;
  EXPECT_EQ(rig.call("GET", "/portfolio/positions").at("market_positions/0/position_fp"), "-0.50");
}

TEST(KalshiOrders, AClientOrderIdStandsForOneOrderForEver) {
  KalshiRig rig;
  const std::string ticker = rig.liquid_market().ticker;
  const std::string body = rig.order_body(ticker, "bid", "1", "0.01", R"("client_order_id":"same")");
  const KalshiAnswer first = rig.call("POST", kOrders, body);
  ASSERT_EQ(first.status, 201);
  for (int i = 0; i < 2; ++i) {
    const KalshiAnswer second = rig.call("POST", kOrders, body);
    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(second.at("error/code"), "order_already_exists");
    // A canceled order keeps its id.
    rig.call("DELETE", order_path(first.at("order_id"), "?exchange_index=2"));
  }
  EXPECT_EQ(rig.call("GET", "/portfolio/orders").size("orders"), 1U);
}

TEST(KalshiOrders, AKilledFillOrKillIsAConflictAndKeepsItsId) {
  KalshiRig rig;
  const Market& market = rig.liquid_market();
  const std::string rest = R"("time_in_force":"fill_or_kill","client_order_id":"fok")";
  const KalshiAnswer killed = rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "5", "0.01", rest));
  EXPECT_EQ(killed.status, 409);
  EXPECT_EQ(killed.at("error/code"), "fill_or_kill_insufficient_resting_volume");
  EXPECT_EQ(killed.at("error/message"), "fill or kill insufficient resting volume");
  const KalshiAnswer retried = rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "5", "0.99", rest));
  EXPECT_EQ(retried.at("error/code"), "order_already_exists");
  // An immediate order that finds nothing is an order that ended.
  const KalshiAnswer nothing = rig.call(
      "POST", kOrders, rig.order_body(market.ticker, "bid", "5", "0.01", R"("time_in_force":"immediate_or_cancel")"));
  EXPECT_EQ(nothing.status, 201);
  EXPECT_EQ(nothing.at("fill_count"), "0.00");
  EXPECT_EQ(nothing.at("remaining_count"), "0.00");
}

TEST(KalshiOrders, RefusesWhatMakesNoSense) {
  KalshiRig rig;
  const std::string ticker = rig.liquid_market().ticker;
  struct Case {
    std::string body;
    int status;
    std::string code;
  };
  const auto body = [&](std::string_view side, std::string_view count, std::string_view price,
                        std::string_view rest = {}) { return KalshiRig::order_body(ticker, side, count, price, rest); };
  const std::vector<Case> cases = {
      {body("bid", "1", "0.5055"), 400, "invalid_price"},
      {body("bid", "1", "1"), 400, "invalid_price"},
      {body("bid", "0", "0.50"), 400, "invalid_order_size"},
      {body("bid", "1.001", "0.50"), 400, "invalid_order_size"},
      {body("buy", "1", "0.50"), 400, "invalid_parameters"},
      {body("bid", "1", "0.50", R"("time_in_force":"GTT")"), 400, "invalid_parameters"},
      {body("bid", "1", "0.50", R"("reduce_only":true)"), 400, "invalid_parameters"},
      {body("bid", "1", "0.50", R"("expiration_time":1000000000)"), 400, "invalid_parameters"},
      {body("bid", "1", "0.99", R"("post_only":true)"), 400, "invalid_order"},
      {body("bid", "1", "0.01", R"("exchange_index":0)"), 404, "market_not_found"},
      {body("bid", "99999", "0.99"), 400, "insufficient_balance"},
      {KalshiRig::order_body("KXNONE-26NOV22", "bid", "1", "0.50"), 404, "market_not_found"}};
  for (const Case& one : cases) {
    const Timestamp patience = net::IoLoop::now() + seconds(5);
    KalshiAnswer answer = rig.call("POST", kOrders, one.body);
    while (answer.status == 429 && net::IoLoop::now() < patience) {
      rig.loop.run_for(std::chrono::milliseconds(50));
      answer = rig.call("POST", kOrders, one.body);
    }
    EXPECT_EQ(answer.status, one.status) << one.body << answer.body;
    EXPECT_EQ(answer.at("error/code"), one.code) << one.body;
  }
}

TEST(KalshiOrders, BodiesThatCannotBeReadAreRefusedFlat) {
  KalshiRig rig;
  const KalshiAnswer number = rig.call("POST", kOrders, R"({"ticker":"T","side":"bid","count":1,"price":"0.5"})");
  EXPECT_EQ(number.status, 400);
  EXPECT_EQ(number.at("code"), "bad_request");
  EXPECT_EQ(number.at("details"),
            "json: cannot unmarshal number into Go struct field CreateOrderV2Request.count of type string");
  EXPECT_EQ(rig.call("POST", kOrders, "{").at("code"), "bad_request");
  EXPECT_EQ(rig.call("POST", "/portfolio/orders", "{}").status, 410);
  EXPECT_EQ(rig.call("GET", "/portfolio/orders?limit=1001").status, 400);
  EXPECT_EQ(rig.call("GET", "/portfolio/orders/none").status, 404);
  EXPECT_EQ(rig.call("GET", "/nothing/here").status, 404);
}

TEST(KalshiOrders, TheBucketOfWritesRunsDry) {
  KalshiRig rig;
  const std::string ticker = rig.liquid_market().ticker;
  std::string body = R"({"orders":[)";
  for (int i = 0; i < 11; ++i) body += (i == 0 ? "" : ",") + rig.order_body(ticker, "bid", "1", "0.01");
  // Eleven creates cost more than the bucket ever holds.
  const KalshiAnswer refused = rig.call("POST", "/portfolio/events/orders/batched", body + "]}");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body, R"({"error":"too many requests"})");
  EXPECT_EQ(rig.call("GET", "/portfolio/orders").size("orders"), 0U);
}

TEST(KalshiOrders, AmendsDecreasesAndBatches) {
  KalshiRig rig;
  const std::string ticker = rig.liquid_market().ticker;
  const std::string batch = R"({"orders":[)" + rig.order_body(ticker, "bid", "4", "0.01", R"("client_order_id":"x")") +
                            "," + rig.order_body(ticker, "bid", "1", "0.5055") + "]}";
  const KalshiAnswer created = rig.call("POST", "/portfolio/events/orders/batched", batch);
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_EQ(created.at("orders/0/remaining_count"), "4.00");
  EXPECT_EQ(created.at("orders/1/error/code"), "invalid_price");
  const std::string id = created.at("orders/0/order_id");

  const std::string amend = R"({"ticker":")" + ticker + R"(","side":"bid","price":"0.02","count":"6"})";
  const KalshiAnswer amended = rig.call("POST", order_path(id, "/amend"), amend);
  EXPECT_EQ(amended.status, 200) << amended.body;
  EXPECT_EQ(amended.at("remaining_count"), "6.00");
  EXPECT_EQ(rig.call("GET", "/portfolio/orders/" + id).at("order/yes_price_dollars"), "0.0200");
  const std::string wrong_side = R"({"ticker":")" + ticker + R"(","side":"ask","price":"0.98","count":"6"})";
  EXPECT_EQ(rig.call("POST", order_path(id, "/amend"), wrong_side).at("error/code"), "order_side_mismatch");

  const KalshiAnswer decreased =
      rig.call("POST", order_path(id, "/decrease"), R"({"reduce_by":"2","market_ticker":")" + ticker + R"("})");
  EXPECT_EQ(decreased.status, 200) << decreased.body;
  EXPECT_EQ(decreased.at("remaining_count"), "4.00");
  const KalshiAnswer canceled =
      rig.call("DELETE", "/portfolio/events/orders/batched",
               R"({"orders":[{"order_id":")" + id + R"(","exchange_index":2},{"order_id":"n"}]})");
  EXPECT_EQ(canceled.at("orders/0/reduced_by"), "4.00") << canceled.body;
  EXPECT_EQ(canceled.at("orders/1/error/code"), "not_found");
  EXPECT_EQ(rig.call("DELETE", kOrders).status, 204);
}

TEST(KalshiOrders, ATriggeredGroupIsCanceledAndAcceptsNothing) {
  KalshiRig rig;
  const Market& market = rig.liquid_market();
  const KalshiAnswer group =
      rig.call("POST", "/portfolio/order_groups/create", R"({"contracts_limit":1,"exchange_index":2})");
  ASSERT_EQ(group.status, 201) << group.body;
  const std::string member = R"("order_group_id":")" + group.at("order_group_id") + "\"";
  const KalshiAnswer resting = rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "1", "0.01", member));
  ASSERT_EQ(resting.status, 201) << resting.body;
  const std::string taker = member + R"(,"time_in_force":"immediate_or_cancel")";
  rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "2", "0.99", taker));
  EXPECT_EQ(rig.call("GET", "/portfolio/orders/" + resting.at("order_id")).at("order/status"), "canceled");
  EXPECT_EQ(rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "1", "0.01", member)).status, 409);
  const std::string path = "/portfolio/order_groups/" + group.at("order_group_id");
  EXPECT_EQ(rig.call("PUT", path + "/reset", "{}").status, 404) << "that is shard 0";
  EXPECT_EQ(rig.call("PUT", path + "/reset?exchange_index=2", "{}").status, 200);
  EXPECT_EQ(rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "1", "0.01", member)).status, 201);
  EXPECT_EQ(rig.call("GET", path).size("orders"), 1U);
  EXPECT_EQ(rig.call("DELETE", path + "?exchange_index=2").status, 200);
  EXPECT_EQ(rig.call("GET", path).status, 404);
}

TEST(KalshiOrders, AGroupOfAnotherShardTakesNoCryptoOrder) {
  KalshiRig rig;
  const Market& market = rig.liquid_market();
  const KalshiAnswer group = rig.call("POST", "/portfolio/order_groups/create", R"({"contracts_limit":100})");
  ASSERT_EQ(group.at("exchange_index"), "0") << group.body;
  const std::string member = R"("order_group_id":")" + group.at("order_group_id") + "\"";
  EXPECT_EQ(rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "1", "0.01", member)).status, 400);
}

TEST(KalshiOrders, ALimitBelowWhatWasTradedTriggersAtOnce) {
  KalshiRig rig;
  const Market& market = rig.liquid_market();
  const KalshiAnswer group =
      rig.call("POST", "/portfolio/order_groups/create", R"({"contracts_limit":100,"exchange_index":2})");
  const std::string member = R"("order_group_id":")" + group.at("order_group_id") + "\"";
  const std::string taker = member + R"(,"time_in_force":"immediate_or_cancel")";
  ASSERT_EQ(rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "2", "0.99", taker)).at("fill_count"),
            "2.00");
  const std::string path = "/portfolio/order_groups/" + group.at("order_group_id");
  EXPECT_EQ(rig.call("PUT", path + "/limit?exchange_index=2", R"({"contracts_limit":1})").status, 200);
  EXPECT_EQ(rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "1", "0.01", member)).status, 409);
}

TEST(KalshiOrders, SettlementPaysWhatThePositionIsWorth) {
  KalshiRig rig("none", KalshiRig::before_a_close(minutes(2)));
  const Market& market = rig.liquid_market("KXBTC15M", seconds(30));
  const std::string rest = R"("time_in_force":"immediate_or_cancel")";
  ASSERT_EQ(rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "3", "0.99", rest)).at("fill_count"),
            "3.00");
  const Money before = rig.world.cash(Venue::Kalshi);
  rig.advance(market.closes_at - rig.world.now());
  EXPECT_EQ(rig.call("POST", kOrders, rig.order_body(market.ticker, "bid", "1", "0.5")).at("error/code"),
            "MARKET_INACTIVE");
  rig.advance(seconds(10));
  ASSERT_EQ(market.phase, ContractPhase::Settled);

  const KalshiAnswer settled = rig.call("GET", "/portfolio/settlements");
  ASSERT_EQ(settled.size("settlements"), 1U) << settled.body;
  EXPECT_EQ(settled.at("settlements/0/ticker"), market.ticker);
  EXPECT_EQ(settled.at("settlements/0/yes_count_fp"), "3.00");
  const bool has_won = settled.at("settlements/0/market_result") == "yes";
  EXPECT_EQ(settled.at("settlements/0/value"), has_won ? "100" : "0");
  EXPECT_EQ(settled.at("settlements/0/revenue"), has_won ? "300" : "0");
  const Money payout = has_won ? Money::whole(3) : Money{};
  EXPECT_EQ(rig.call("GET", "/portfolio/balance").at("balance_dollars"), kalshi_balance(before + payout));
  EXPECT_EQ(rig.call("GET", "/portfolio/positions").size("market_positions"), 0U);
  const KalshiAnswer shown = rig.call("GET", "/markets/" + market.ticker);
  EXPECT_EQ(shown.at("market/status"), "finalized");
  EXPECT_EQ(shown.at("market/result"), has_won ? "yes" : "no");
  EXPECT_NE(shown.at("market/expiration_value"), "");
}

TEST(KalshiOrders, MaintenanceStopsOrdersAndNotCancels) {
  KalshiRig rig("maintenance=60s:30s");
  const std::string ticker = rig.liquid_market("KXBTCD").ticker;
  const KalshiAnswer resting = rig.call("POST", kOrders, rig.order_body(ticker, "bid", "1", "0.01"));
  ASSERT_EQ(resting.status, 201) << resting.body;
  while (!rig.injector.is_in_phase(Fault::Maintenance, rig.world.now())) rig.advance(seconds(1));
  const auto is_paused = [&] {
    return rig.call("GET", "/exchange/status").at("exchange_index_statuses/2/trading_active") == "false";
  };
  rig.run_until(is_paused, "the pause");
  EXPECT_EQ(rig.call("GET", "/exchange/status").at("trading_active"), "true");
  const KalshiAnswer refused = rig.call("POST", kOrders, rig.order_body(ticker, "bid", "1", "0.01"));
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.at("error/code"), "trading_is_paused");
  EXPECT_EQ(rig.call("DELETE", order_path(resting.at("order_id"), "?exchange_index=2")).status, 200);
}

}  // namespace
}  // namespace arbees::sim

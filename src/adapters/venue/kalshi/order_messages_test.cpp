#include "adapters/venue/kalshi/order_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace arbees::kalshi {
namespace {

GatewayOrder sample() {
  GatewayOrder sent;
  sent.order.id = OrderId{(std::uint64_t{2} << 32) | 5};
  sent.order.limit = Price::from_units(5600);
  sent.order.quantity = Quantity::from_units(1050);
  sent.order.venue = Venue::Kalshi;
  sent.submitted_at = from_unix_ns(1'790'000'000'123'456'789);
  return sent;
}

std::string body_of(const OrderRequest& order, int shard = 2, std::string_view group = {}) {
  std::string body;
  append_create_body(body, order, "KXBTC15M-26NOV222215-15", client_order_id(sample()), {shard, group});
  return body;
}

TEST(KalshiOrderMessages, TheClientOrderIdIsMadeOfWhatTheLedgerHolds) {
  EXPECT_EQ(client_order_id(sample()), "arb-0000000200000005-18d75b842b4ecd15");
  GatewayOrder later = sample();
  later.submitted_at += Duration(1);
  EXPECT_NE(client_order_id(later), client_order_id(sample()));
}

TEST(KalshiOrderMessages, BuyingYesIsABid) {
  EXPECT_EQ(body_of(sample().order),
            R"({"ticker":"KXBTC15M-26NOV222215-15","client_order_id":"arb-0000000200000005-18d75b842b4ecd15",)"
            R"("side":"bid","count":"10.50","price":"0.5600","time_in_force":"immediate_or_cancel",)"
            R"("self_trade_prevention_type":"taker_at_cross","post_only":false,"cancel_order_on_pause":false,)"
            R"("reduce_only":false,"exchange_index":2})");
}

TEST(KalshiOrderMessages, AnOrderOfAGroupNamesIt) {
  EXPECT_THAT(body_of(sample().order, 2, "0d4b"), testing::EndsWith(R"("exchange_index":2,"order_group_id":"0d4b"})"));
}

TEST(KalshiOrderMessages, BuyingNoIsAnAskAtTheComplement) {
  OrderRequest order = sample().order;
  order.outcome = Outcome::No;
  order.time_in_force = TimeInForce::FillOrKill;
  EXPECT_EQ(body_of(order, -1),
            R"({"ticker":"KXBTC15M-26NOV222215-15","client_order_id":"arb-0000000200000005-18d75b842b4ecd15",)"
            R"("side":"ask","count":"10.50","price":"0.4400","time_in_force":"fill_or_kill",)"
            R"("self_trade_prevention_type":"taker_at_cross","post_only":false,"cancel_order_on_pause":false,)"
            R"("reduce_only":false})");
}

TEST(KalshiOrderMessages, SellingTurnsTheSideAndKeepsThePrice) {
  EXPECT_EQ(book_side(Outcome::Yes, Side::Sell), BookSide::Ask);
  EXPECT_EQ(book_side(Outcome::No, Side::Sell), BookSide::Bid);
  OrderRequest order = sample().order;
  order.side = Side::Sell;
  order.time_in_force = TimeInForce::PostOnly;
  EXPECT_EQ(body_of(order),
            R"({"ticker":"KXBTC15M-26NOV222215-15","client_order_id":"arb-0000000200000005-18d75b842b4ecd15",)"
            R"("side":"ask","count":"10.50","price":"0.5600","time_in_force":"good_till_canceled",)"
            R"("self_trade_prevention_type":"taker_at_cross","post_only":true,"cancel_order_on_pause":true,)"
            R"("reduce_only":false,"exchange_index":2})");
}

TEST(KalshiOrderMessages, ACreateAnswerSaysWhatWasDoneAtOnce) {
  const auto answer = read_create_answer(
      R"({"order_id":"a6d6010d-6d5f-40a1-a7e7-5501386bb621","client_order_id":"2a0e3fc9-b593-4aa3-96e5-82f7f7566c2a",)"
      R"("fill_count":"5.00","remaining_count":"0.00","average_fill_price":"0.5800","average_fee_paid":"0.0012",)"
      R"("ts_ms":1715793600456})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->order_id, "a6d6010d-6d5f-40a1-a7e7-5501386bb621");
  EXPECT_EQ(answer->client_order_id, "2a0e3fc9-b593-4aa3-96e5-82f7f7566c2a");
  EXPECT_EQ(answer->fill_count, Quantity::whole(5));
  EXPECT_TRUE(answer->remaining_count.is_zero());
  EXPECT_FALSE(read_create_answer(R"({"order_id":"x","fill_count":"5.00"})"));
  EXPECT_FALSE(read_create_answer("<html>"));
}

TEST(KalshiOrderMessages, AllShapesOfErrorsAreRead) {
  EXPECT_EQ(read_error_code(R"({"error":{"code":"order_already_exists","message":"m"}})"), "order_already_exists");
  EXPECT_EQ(read_error_code(R"({"code":"bad_request","message":"m","details":"d"})"), "bad_request: d");
  EXPECT_EQ(read_error_code(R"({"error":"too many requests"})"), "too many requests");
  EXPECT_EQ(read_error_code("no json"), "");
}

TEST(KalshiOrderMessages, RefusalsHaveTheirReasons) {
  EXPECT_EQ(reject_reason(409, "fill_or_kill_insufficient_resting_volume"), RejectReason::NoLiquidity);
  EXPECT_EQ(reject_reason(400, "insufficient_balance"), RejectReason::InsufficientBalance);
  EXPECT_EQ(reject_reason(400, "invalid_order: post only cross"), RejectReason::WouldCross);
  EXPECT_EQ(reject_reason(400, "invalid_price"), RejectReason::OffTick);
  EXPECT_EQ(reject_reason(400, "invalid_order_size"), RejectReason::TooSmall);
  EXPECT_EQ(reject_reason(400, "MARKET_INACTIVE"), RejectReason::MarketClosed);
  EXPECT_EQ(reject_reason(409, "trading_is_paused"), RejectReason::MarketClosed);
  EXPECT_EQ(reject_reason(401, "header_timestamp_expired"), RejectReason::Unauthorized);
  EXPECT_EQ(reject_reason(429, "too many requests"), RejectReason::RateLimited);
  EXPECT_EQ(reject_reason(400, "something new"), RejectReason::VenueError);
}

TEST(KalshiOrderMessages, PagesOfThePortfolioAreReadWholeOrNotAtAll) {
  const auto orders = read_orders(
      R"({"orders":[{"order_id":"o","client_order_id":"c","ticker":"T","status":"canceled","fill_count_fp":"3.00",)"
      R"("remaining_count_fp":"0.00"}],"cursor":"next"})");
  ASSERT_TRUE(orders);
  EXPECT_EQ(orders->rows.at(0).client_order_id, "c");
  EXPECT_EQ(orders->rows.at(0).fill_count, Quantity::whole(3));
  EXPECT_EQ(orders->cursor, "next");
  EXPECT_FALSE(read_orders(R"({"orders":[{"order_id":"o","ticker":"T","status":"canceled"}],"cursor":""})"));
  const auto fills = read_fills(
      R"({"fills":[{"trade_id":"t","order_id":"o","ticker":"T","yes_price_dollars":"0.4300","count_fp":"5.00",)"
      R"("fee_cost":"0.085800","is_taker":true,"created_time":"2026-11-22T22:00:00Z"}],"cursor":""})");
  ASSERT_TRUE(fills);
  EXPECT_EQ(fills->rows.at(0).fee, Money::from_units(85'800));
  EXPECT_FALSE(read_fills(R"({"fills":[{"trade_id":"t"}]})"));
  const auto positions = read_positions(R"({"market_positions":[{"ticker":"T","position_fp":"-5.00"}],"cursor":""})");
  ASSERT_TRUE(positions);
  EXPECT_EQ(positions->rows.at(0).position, -500);
}

TEST(KalshiOrderMessages, CashIsTheSumOfTheShardsOrOneOfThem) {
  const std::string body =
      R"({"balance":100,"balance_dollars":"1.0000","balance_breakdown":[{"exchange_index":0,"balance":"1.5000"},)"
      R"({"exchange_index":2,"balance":"98.2501"}]})";
  EXPECT_EQ(read_balance(body, -1), Money::from_units(99'750'100));
  EXPECT_EQ(read_balance(body, 2), Money::from_units(98'250'100));
  EXPECT_FALSE(read_balance(body, 7));
  EXPECT_FALSE(read_balance(R"({"balance_breakdown":[{"exchange_index":0}]})", -1));
}

TEST(KalshiOrderMessages, OnlyAFinalMarketHasAPayout) {
  EXPECT_EQ(read_payout(R"({"market":{"status":"finalized","result":"yes"}})"), kPriceOne);
  EXPECT_EQ(read_payout(R"({"market":{"status":"finalized","result":"no"}})"), kPriceZero);
  EXPECT_EQ(read_payout(R"({"market":{"status":"finalized","result":"scalar","settlement_value_dollars":"0.2500"}})"),
            Price::from_units(2500));
  EXPECT_FALSE(read_payout(R"({"market":{"status":"determined","result":"yes"}})"));
  EXPECT_FALSE(read_payout(R"({"market":{"status":"active","result":""}})"));
}

}  // namespace
}  // namespace arbees::kalshi

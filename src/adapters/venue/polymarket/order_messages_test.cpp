#include "adapters/venue/polymarket/order_messages.h"

#include <gmock/gmock.h>

#include <string>

#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/uint256.h"

namespace arbees::polymarket {
namespace {

using testing::HasSubstr;

constexpr std::string_view kKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
constexpr std::string_view kToken = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
constexpr std::string_view kPositionId = "663574927012476832975694178961957910328055987427402067619466963999000625152";

Wallet wallet() { return Wallet::from_hex(kKey).value(); }

Account account() { return {WalletKind::Eoa, wallet().address(), wallet().address()}; }

TokenFacts facts() {
  TokenFacts known;
  known.has_neg_risk = true;
  known.tick = Price::from_units(100);
  return known;
}

GatewayOrder sample(Side side, TimeInForce type) {
  GatewayOrder sent;
  sent.order.id = OrderId{(std::uint64_t{2} << 32) | 5};
  sent.order.limit = Price::from_units(5200);
  sent.order.quantity = Quantity::whole(10);
  sent.order.side = side;
  sent.order.time_in_force = type;
  sent.order.venue = Venue::Polymarket;
  sent.submitted_at = from_unix_ns(1'790'000'000'123'456'789);
  return sent;
}

TEST(PolymarketOrderMessages, AnImmediatePurchaseIsALimitOrderForTheExactShares) {
  const GatewayOrder order = sample(Side::Buy, TimeInForce::ImmediateOrCancel);
  const auto built = build_order(order, kToken, facts(), account());
  ASSERT_TRUE(built);
  const Wallet key = wallet();
  const Signature signature = key.sign(built->hash.digest);
  EXPECT_EQ(order_body(order, *built, kToken, signature, "owner-key"),
            std::string(R"({"deferExec":false,"order":{"salt":)") + "6013458209975315" +
                R"(,"maker":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",)"
                R"("signer":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","tokenId":")" +
                std::string(kToken) +
                R"(","makerAmount":"5200000","takerAmount":"10000000","side":"BUY","signatureType":0,)"
                R"("timestamp":"1790000000123","expiration":"0",)"
                R"("metadata":"0x0000000000000000000000000000000000000000000000000000000000000000",)"
                R"("builder":"0x0000000000000000000000000000000000000000000000000000000000000000",)"
                R"("signature":")" +
                to_hex_text(signature) + R"("},"owner":"owner-key","orderType":"GTC","postOnly":false})");
  EXPECT_TRUE(is_cut_by_us(order.order));
  EXPECT_EQ(recover_signer(built->hash.digest, signature), key.address());
  EXPECT_EQ(built->id, to_hex_text(built->hash.digest));
}

TEST(PolymarketOrderMessages, TypesFollowSideAndTimeInForce) {
  EXPECT_EQ(order_type_name(sample(Side::Sell, TimeInForce::ImmediateOrCancel).order), "FAK");
  EXPECT_EQ(order_type_name(sample(Side::Sell, TimeInForce::FillOrKill).order), "FOK");
  EXPECT_EQ(order_type_name(sample(Side::Buy, TimeInForce::FillOrKill).order), "FOK");
  EXPECT_EQ(order_type_name(sample(Side::Buy, TimeInForce::PostOnly).order), "GTC");
  EXPECT_FALSE(is_cut_by_us(sample(Side::Sell, TimeInForce::ImmediateOrCancel).order));
  EXPECT_FALSE(is_cut_by_us(sample(Side::Buy, TimeInForce::PostOnly).order));
  const GatewayOrder resting = sample(Side::Sell, TimeInForce::PostOnly);
  const auto built = build_order(resting, kToken, facts(), account());
  ASSERT_TRUE(built);
  const std::string body = signed_order_body(resting, *built, kToken, wallet(), "k");
  EXPECT_THAT(body, HasSubstr(R"("makerAmount":"10000000","takerAmount":"5200000","side":"SELL")"));
  EXPECT_THAT(body, HasSubstr(R"("orderType":"GTC","postOnly":true})"));
}

TEST(PolymarketOrderMessages, AFillOrKillPurchaseSpendsWholeCents) {
  GatewayOrder order = sample(Side::Buy, TimeInForce::FillOrKill);
  order.order.quantity = Quantity::from_units(1001);
  const auto built = build_order(order, kToken, facts(), account());
  ASSERT_TRUE(built);
  EXPECT_THAT(signed_order_body(order, *built, kToken, wallet(), "k"),
              HasSubstr(R"("makerAmount":"5200000","takerAmount":"10000000")"));
}

TEST(PolymarketOrderMessages, TheIdIsTheSameWheneverItIsComputedAndAnotherForEveryOtherIntent) {
  const GatewayOrder order = sample(Side::Buy, TimeInForce::ImmediateOrCancel);
  const std::string id = build_order(order, kToken, facts(), account())->id;
  EXPECT_EQ(build_order(order, kToken, facts(), account())->id, id);
  GatewayOrder other = order;
  other.submitted_at += Duration(1);
  EXPECT_NE(build_order(other, kToken, facts(), account())->id, id);
  TokenFacts neg_risk = facts();
  neg_risk.neg_risk = true;
  EXPECT_NE(build_order(order, kToken, neg_risk, account())->id, id);
}

TEST(PolymarketOrderMessages, TheTokenDecidesTheDomain) {
  EXPECT_EQ(domain_version(*parse_uint256(kToken)), DomainVersion::Two);
  EXPECT_EQ(domain_version(*parse_uint256(kPositionId)), DomainVersion::Three);
}

TEST(PolymarketOrderMessages, WhatCannotBeSignedIsRefusedBeforeItIsSent) {
  const GatewayOrder order = sample(Side::Buy, TimeInForce::ImmediateOrCancel);
  GatewayOrder no = order;
  no.order.outcome = Outcome::No;
  EXPECT_EQ(build_order(no, kToken, facts(), account()).error(), RejectReason::NotSent);
  EXPECT_EQ(build_order(order, kToken, TokenFacts{}, account()).error(), RejectReason::NotSent);
  EXPECT_EQ(build_order(order, "no number", facts(), account()).error(), RejectReason::NotSent);
  GatewayOrder odd = order;
  odd.order.limit = Price::from_units(5205);
  EXPECT_EQ(build_order(odd, kToken, facts(), account()).error(), RejectReason::OffTick);
}

TEST(PolymarketOrderMessages, ADepositWalletIsMakerAndSigner) {
  Account deposit = account();
  deposit.kind = WalletKind::Deposit;
  deposit.funder = parse_address("0x1111111111111111111111111111111111111111").value();
  const GatewayOrder order = sample(Side::Buy, TimeInForce::PostOnly);
  const auto built = build_order(order, kToken, facts(), deposit);
  ASSERT_TRUE(built);
  EXPECT_EQ(built->order.maker, deposit.funder);
  EXPECT_EQ(built->order.signer, deposit.funder);
  const DepositSignature signature =
      wallet().sign_deposit(OrderDomain(built->version, built->neg_risk), built->order, built->hash.struct_hash);
  EXPECT_THAT(signed_order_body(order, *built, kToken, wallet(), "k"), HasSubstr(to_hex_text(signature)));
}

TEST(PolymarketOrderMessages, AnswersToOrders) {
  const auto matched = read_post_answer(
      R"({"success":true,"errorMsg":"","orderID":"0xfeed","status":"matched","makingAmount":"3200000",)"
      R"("takingAmount":"40000000","transactionsHashes":[],"tradeIDs":["t1"]})");
  ASSERT_TRUE(matched);
  EXPECT_TRUE(matched->is_success);
  EXPECT_EQ(matched->status, "matched");
  EXPECT_TRUE(is_answer_to(*matched, "0xfeed"));
  EXPECT_TRUE(is_answer_to(*matched, "0xFEED"));
  EXPECT_FALSE(is_answer_to(*matched, "0xfeee")) << "an answer that came twice, to the order before";
  // In a batch a refused entry claims success.
  const auto refused = read_post_answer(R"({"success":true,"errorMsg":"not enough balance / allowance","orderID":""})");
  ASSERT_TRUE(refused);
  EXPECT_FALSE(refused->is_success);
  EXPECT_TRUE(is_answer_to(*refused, "0xfeed"));
  EXPECT_FALSE(read_post_answer(R"({"error":"x"})"));
}

TEST(PolymarketOrderMessages, RefusalsHaveTheirReasons) {
  EXPECT_EQ(reject_reason(400, "order couldn't be fully filled, FOK orders are fully filled/killed"),
            RejectReason::NoLiquidity);
  EXPECT_EQ(reject_reason(400, "no orders found to match with FAK order."), RejectReason::NoLiquidity);
  EXPECT_EQ(reject_reason(400, "not enough balance / allowance: …"), RejectReason::InsufficientBalance);
  EXPECT_EQ(reject_reason(400, "invalid post-only order: order crosses book"), RejectReason::WouldCross);
  EXPECT_EQ(reject_reason(400, "order 0x is invalid. Price (0.1) breaks minimum tick size rule: 0.01"),
            RejectReason::OffTick);
  EXPECT_EQ(reject_reason(400, "order 0x is invalid. Size (4) lower than the minimum: 5"), RejectReason::TooSmall);
  EXPECT_EQ(reject_reason(400, "invalid amount for a marketable BUY order ($0.99), min size: $1"),
            RejectReason::TooSmall);
  EXPECT_EQ(reject_reason(400, "invalid signature"), RejectReason::Unauthorized);
  EXPECT_EQ(reject_reason(401, "Unauthorized/Invalid api key"), RejectReason::Unauthorized);
  EXPECT_EQ(reject_reason(404, "the orderbook does not exist"), RejectReason::MarketClosed);
  EXPECT_EQ(reject_reason(425, "the matching engine is restarting"), RejectReason::MarketClosed);
  EXPECT_EQ(reject_reason(429, "Too Many Requests"), RejectReason::RateLimited);
  EXPECT_EQ(reject_reason(400, "order_version_mismatch"), RejectReason::VenueError);
}

TEST(PolymarketOrderMessages, SmallDocuments) {
  EXPECT_EQ(read_balance(R"({"balance":"12345678","allowances":{}})"), 12'345'678);
  EXPECT_EQ(read_heartbeat_id(R"({"error_msg":"Invalid Heartbeat ID","heartbeat_id":"h1"})"), "h1");
  EXPECT_EQ(read_neg_risk(R"({"neg_risk":true})"), true);
  EXPECT_FALSE(read_neg_risk(R"({"neg_risk":"maybe"})"));
  EXPECT_EQ(read_tick(R"({"minimum_tick_size":0.01})"), Price::from_units(100));
  EXPECT_FALSE(read_credentials(R"({"apiKey":"a","secret":""})"));
  const std::string market =
      R"({"tokens":[{"token_id":"1","outcome":"Up","winner":false},{"token_id":"2","outcome":"Down","winner":true}]})";
  EXPECT_EQ(read_payout(market, "2"), kPriceOne);
  EXPECT_EQ(read_payout(market, "1"), kPriceZero);
  EXPECT_FALSE(read_payout(R"({"tokens":[{"token_id":"1","winner":false}]})", "1"));
}

}  // namespace
}  // namespace arbees::polymarket

#include "adapters/venue/polymarket/user_messages.h"

#include <gtest/gtest.h>

#include <string>

namespace arbees::polymarket {
namespace {

UserNews read(std::string_view frame) {
  JsonDocument json;
  UserNews news;
  read_user_frame(frame, json, news);
  return news;
}

// Examples of the venue's own documentation.
constexpr std::string_view kPlacement =
    R"({"event_type":"order","id":"0xff35","owner":"9180","market":"0xbd31","asset_id":"5211","side":"SELL",)"
    R"("order_owner":"9180","original_size":"10","size_matched":"0","price":"0.57","associate_trades":null,)"
    R"("outcome":"YES","type":"PLACEMENT","created_at":"1672290687","expiration":"1234567","order_type":"GTD",)"
    R"("status":"LIVE","maker_address":"0x1234...","timestamp":"1672290687"})";
constexpr std::string_view kUpdate =
    R"({"event_type":"order","type":"UPDATE","id":"0xfeed","owner":"0","market":"0x747d","asset_id":"1075",)"
    R"("side":"BUY","original_size":"100","size_matched":"40","price":"0.08","outcome":"Yes","status":"MATCHED",)"
    R"("timestamp":"1782753360000"})";
constexpr std::string_view kTrade =
    R"({"event_type":"trade","type":"TRADE","id":"28c4","taker_order_id":"0x06bc","market":"0xbd31",)"
    R"("asset_id":"5211","side":"BUY","size":"10","fee_rate_bps":"0","price":"0.57","status":"MATCHED",)"
    R"("match_time":"1672290701","last_update":"1672290701","outcome":"YES","owner":"taker-key",)"
    R"("trade_owner":"9180","maker_address":"0x1234...","transaction_hash":"","bucket_index":0,)"
    R"("maker_orders":[{"order_id":"0xff35","owner":"maker-key","maker_address":"0x5678...","matched_amount":"4",)"
    R"("price":"0.43","fee_rate_bps":"0","asset_id":"9999","outcome":"NO","side":"BUY"}],)"
    R"("trader_side":"TAKER","timestamp":"1672290701"})";

TEST(PolymarketUserMessages, OrdersWithTheirStatesAndSizes) {
  const UserNews placed = read(kPlacement);
  ASSERT_EQ(placed.orders.size(), 1U);
  EXPECT_EQ(placed.orders[0].id, "0xff35");
  EXPECT_EQ(placed.orders[0].status, ClobStatus::Live);
  EXPECT_EQ(placed.orders[0].original_size, Quantity::whole(10));
  EXPECT_TRUE(placed.orders[0].size_matched.is_zero());
  const UserNews updated = read(kUpdate);
  ASSERT_EQ(updated.orders.size(), 1U);
  EXPECT_EQ(updated.orders[0].status, ClobStatus::Matched);
  EXPECT_EQ(updated.orders[0].size_matched, Quantity::whole(40));
  EXPECT_FALSE(updated.orders[0].is_cancellation);
}

TEST(PolymarketUserMessages, ATradeHasItsTakerAndEveryMakerWithHisOwnPriceAndToken) {
  const UserNews news = read(kTrade);
  ASSERT_EQ(news.trades.size(), 1U);
  const ClobTradeNews& trade = news.trades[0];
  EXPECT_EQ(trade.status, TradeStatus::Matched);
  EXPECT_EQ(trade.at, from_unix_s(1'672'290'701));
  ASSERT_EQ(trade.parts.size(), 2U);
  EXPECT_EQ(trade.parts[0].order_id, "0x06bc");
  EXPECT_TRUE(trade.parts[0].is_taker);
  EXPECT_EQ(trade.parts[0].quantity, Quantity::whole(10));
  EXPECT_EQ(trade.parts[1].order_id, "0xff35");
  EXPECT_FALSE(trade.parts[1].is_taker);
  EXPECT_EQ(trade.parts[1].price, Price::from_units(4300));
  EXPECT_EQ(trade.parts[1].quantity, Quantity::whole(4));
  EXPECT_EQ(trade.parts[1].owner, "maker-key");
}

TEST(PolymarketUserMessages, FramesMayBeListsOrNothing) {
  const std::string both = "[" + std::string(kTrade) + "," + std::string(kPlacement) + "]";
  EXPECT_EQ(read(both).trades.size(), 1U);
  EXPECT_EQ(read(both).orders.size(), 1U);
  EXPECT_TRUE(read("PONG").problems.empty());
  EXPECT_TRUE(read("[]").problems.empty());
  EXPECT_EQ(read("{").problems.size(), 1U);
  EXPECT_EQ(read(R"({"event_type":"trade","id":"x","status":"NEW WORD"})").problems.size(), 1U);
}

TEST(PolymarketUserMessages, RestRowsMayCarryPrefixes) {
  NewsPage page;
  ASSERT_TRUE(read_trades_page(
      R"({"limit":500,"count":1,"next_cursor":"LTE=","data":[{"id":"t","taker_order_id":"0x1","market":"0x2",)"
      R"("asset_id":"3","size":"40","price":"0.08","status":"TRADE_STATUS_CONFIRMED","match_time":"1782753370"}]})",
      page));
  EXPECT_TRUE(page.next_cursor.empty());
  EXPECT_EQ(page.news.trades.at(0).status, TradeStatus::Confirmed);
  ClobOrderNews order;
  ASSERT_TRUE(
      read_order_document(R"({"id":"0x12","status":"ORDER_STATUS_CANCELED_MARKET_RESOLVED","original_size":"100.0000",)"
                          R"("size_matched":"25.0000","asset_id":"7"})",
                          order));
  EXPECT_EQ(order.status, ClobStatus::MarketResolved);
  EXPECT_EQ(order.size_matched, Quantity::whole(25));
}

TEST(PolymarketUserMessages, HalfAPageIsNoPage) {
  NewsPage page;
  EXPECT_FALSE(read_trades_page(R"({"data":[{"id":"t"}]})", page));
  EXPECT_FALSE(read_orders_page(R"({"next_cursor":"LTE="})", page));
}

}  // namespace
}  // namespace arbees::polymarket

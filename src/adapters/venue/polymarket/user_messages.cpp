#include "adapters/venue/polymarket/user_messages.h"

#include <utility>

namespace arbees::polymarket {
namespace {

// The cursor of the last page.
constexpr std::string_view kLastCursor = "LTE=";

ClobStatus order_status(std::string_view text) noexcept {
  if (text.starts_with("ORDER_STATUS_")) text.remove_prefix(13);
  if (text == "LIVE" || text == "UNMATCHED") return ClobStatus::Live;
  if (text == "MATCHED") return ClobStatus::Matched;
  if (text == "DELAYED") return ClobStatus::Delayed;
  if (text == "CANCELED" || text == "CANCELLED") return ClobStatus::Canceled;
  if (text == "CANCELED_MARKET_RESOLVED") return ClobStatus::MarketResolved;
  return text == "INVALID" ? ClobStatus::Invalid : ClobStatus::Unknown;
}

TradeStatus trade_status(std::string_view text) noexcept {
  if (text.starts_with("TRADE_STATUS_")) text.remove_prefix(13);
  if (text == "MATCHED" || text == "MATCHED_NOT_BROADCASTED") return TradeStatus::Matched;
  if (text == "MINED") return TradeStatus::Mined;
  if (text == "CONFIRMED") return TradeStatus::Confirmed;
  if (text == "RETRYING") return TradeStatus::Retrying;
  return text == "FAILED" ? TradeStatus::Failed : TradeStatus::Unknown;
}

// Shares finer than ours are cut: never more is told than there is.
bool read_size(const JsonView& value, Quantity& size) noexcept {
  size = Quantity{};
  if (!value.has_value() || value.text().empty()) return true;
  const auto parsed = Quantity::parse(value.text(), ExcessDigits::Floor);
  if (!parsed || parsed->is_negative()) return false;
  size = *parsed;
  return true;
}

bool read_part(const JsonView& value, std::string_view size_key, ClobTradePart& part) {
  const auto price = Price::parse(value["price"].text());
  part.asset_id = std::string(value["asset_id"].text());
  part.owner = std::string(value["owner"].text());
  if (!price || !read_size(value[size_key], part.quantity)) return false;
  part.price = *price;
  return !part.order_id.empty() && part.quantity.is_positive();
}

}  // namespace

bool read_order_news(const JsonView& document, ClobOrderNews& news) {
  news.id = std::string(document["id"].text());
  news.asset_id = std::string(document["asset_id"].text());
  news.status = order_status(document["status"].text());
  news.is_cancellation = document["type"].text() == "CANCELLATION";
  const bool has_sizes = read_size(document["original_size"], news.original_size) &&
                         read_size(document["size_matched"], news.size_matched);
  return !news.id.empty() && has_sizes;
}

bool read_trade_news(const JsonView& document, ClobTradeNews& news) {
  news.id = std::string(document["id"].text());
  news.market = std::string(document["market"].text());
  news.status = trade_status(document["status"].text());
  const JsonView time = document["match_time"].has_value() ? document["match_time"] : document["matchtime"];
  news.at = parse_unix_time(time.text()).value_or(kNoTime);
  if (news.id.empty() || news.status == TradeStatus::Unknown) return false;
  ClobTradePart taker;
  taker.order_id = std::string(document["taker_order_id"].text());
  if (!read_part(document, "size", taker)) return false;
  news.parts.push_back(std::move(taker));
  bool is_whole = true;
  document["maker_orders"].for_each([&](const JsonView& entry) {
    ClobTradePart maker;
    maker.is_taker = false;
    maker.order_id = std::string(entry["order_id"].text());
    is_whole = is_whole && read_part(entry, "matched_amount", maker);
    news.parts.push_back(std::move(maker));
  });
  return is_whole;
}

void read_user_frame(std::string_view frame, JsonDocument& json, UserNews& news) {
  if (frame == "PONG" || frame.empty()) return;
  if (const char* error = json.parse(frame)) {
    news.problems.emplace_back(error);
    return;
  }
  const auto read_one = [&](const JsonView& document) {
    const std::string_view type = document["event_type"].text();
    if (type == "order") {
      ClobOrderNews order;
      if (!read_order_news(document, order)) return news.problems.emplace_back("unreadable order"), void();
      news.orders.push_back(std::move(order));
    } else if (type == "trade") {
      ClobTradeNews trade;
      if (!read_trade_news(document, trade)) return news.problems.emplace_back("unreadable trade"), void();
      news.trades.push_back(std::move(trade));
    }
  };
  if (json.root().is_array()) {
    json.root().for_each(read_one);
  } else {
    read_one(json.root());
  }
}

bool read_trades_page(std::string_view body, NewsPage& page) {
  JsonDocument json;
  if (json.parse(body) != nullptr || !json.root()["data"].is_array()) return false;
  bool is_whole = true;
  json.root()["data"].for_each([&](const JsonView& row) {
    ClobTradeNews trade;
    is_whole = is_whole && read_trade_news(row, trade);
    page.news.trades.push_back(std::move(trade));
  });
  const std::string_view cursor = json.root()["next_cursor"].text();
  page.next_cursor = cursor == kLastCursor ? std::string() : std::string(cursor);
  return is_whole;
}

bool read_orders_page(std::string_view body, NewsPage& page) {
  JsonDocument json;
  if (json.parse(body) != nullptr || !json.root()["data"].is_array()) return false;
  bool is_whole = true;
  json.root()["data"].for_each([&](const JsonView& row) {
    ClobOrderNews order;
    is_whole = is_whole && read_order_news(row, order);
    page.news.orders.push_back(std::move(order));
  });
  const std::string_view cursor = json.root()["next_cursor"].text();
  page.next_cursor = cursor == kLastCursor ? std::string() : std::string(cursor);
  return is_whole;
}

bool read_order_document(std::string_view body, ClobOrderNews& news) {
  JsonDocument json;
  return json.parse(body) == nullptr && read_order_news(json.root(), news);
}

}  // namespace arbees::polymarket

#pragma once
// What the CLOB tells about our own orders and trades, by the user stream and by REST: the same facts in both.
//
// Decimals that are absent arrive as "" and count as zero. A trade names the taker at its top; when we were the maker,
// our part is the entry of `maker_orders` with our order's id. Statuses may carry a prefix on REST.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/json/json_document.h"
#include "core/base/time.h"
#include "core/market/event.h"

namespace arbees::polymarket {

enum class ClobStatus : std::uint8_t { Unknown, Live, Matched, Delayed, Canceled, MarketResolved, Invalid };

struct ClobOrderNews {
  std::string id;
  std::string asset_id;
  ClobStatus status = ClobStatus::Unknown;
  bool is_cancellation = false;  // the event says that it is over
  Quantity original_size;
  Quantity size_matched;
};

enum class TradeStatus : std::uint8_t { Unknown, Matched, Mined, Confirmed, Retrying, Failed };

struct ClobTradePart {
  std::string order_id;
  std::string asset_id;
  std::string owner;  // API key
  Price price;
  Quantity quantity;
  bool is_taker = true;
};

struct ClobTradeNews {
  std::string id;
  std::string market;  // condition id
  TradeStatus status = TradeStatus::Unknown;
  Timestamp at = kNoTime;
  std::vector<ClobTradePart> parts;  // of taker and makers, ours and others'
};

// False: a field that we need is missing or wrong.
[[nodiscard]] bool read_order_news(const JsonView& document, ClobOrderNews& news);
[[nodiscard]] bool read_trade_news(const JsonView& document, ClobTradeNews& news);

struct UserNews {
  std::vector<ClobOrderNews> orders;
  std::vector<ClobTradeNews> trades;
  std::vector<std::string> problems;  // frames or documents that could not be read, for people
};

// One frame of the user stream: an object, an array of them, or "PONG".
void read_user_frame(std::string_view frame, JsonDocument& json, UserNews& news);

// GET /data/trades and /data/orders: {"next_cursor","data":[…]}. False if any row cannot be read.
struct NewsPage {
  UserNews news;
  std::string next_cursor;  // empty: the last page
};
[[nodiscard]] bool read_trades_page(std::string_view body, NewsPage& page);
[[nodiscard]] bool read_orders_page(std::string_view body, NewsPage& page);
[[nodiscard]] bool read_order_document(std::string_view body, ClobOrderNews& news);

}  // namespace arbees::polymarket

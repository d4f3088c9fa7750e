#pragma once
// Kalshi's REST documents about our own account: what we send to place an order, and what comes back.
//
// Everything is quoted in Yes prices: bid buys Yes (or sells No), ask sells Yes (or buys No). Texts of the results are
// copies. Sources: docs/venues/kalshi-trading.md.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/json/json_document.h"
#include "adapters/venue/kalshi/private_messages.h"
#include "adapters/venue/order_gateway.h"

namespace arbees::kalshi {

// The id under which the venue knows the order: made of nothing but what the ledger holds, so that it is the same after
// a crash; unique among all ledgers, for no two are at the same nanosecond with the same order.
[[nodiscard]] std::string client_order_id(const GatewayOrder& order);

[[nodiscard]] BookSide book_side(Outcome outcome, Side side) noexcept;
// Of the outcome at a Yes price, and the Yes price of an outcome's.
[[nodiscard]] constexpr Price flip_if_no(Outcome outcome, Price price) noexcept {
  return outcome == Outcome::Yes ? price : complement(price);
}

// Where an order goes. Shard −1: the venue finds it by the ticker; no group: it belongs to none.
struct OrderPlace {
  int shard = -1;
  std::string_view group;
};

// The body of POST /portfolio/events/orders; appended to `out`.
void append_create_body(std::string& out, const OrderRequest& order, std::string_view ticker,
                        std::string_view client_id, const OrderPlace& place);

// The answer to a create: what the venue did at once.
struct CreateAnswer {
  std::string order_id;
  std::string client_order_id;  // empty if it is not stated
  Quantity fill_count;
  Quantity remaining_count;
};
[[nodiscard]] std::optional<CreateAnswer> read_create_answer(std::string_view body);

// The code of an error body in any of its three shapes ({"error":{"code"}}, {"code"}, {"error":"text"}), with details
// behind it; empty if it has none.
[[nodiscard]] std::string read_error_code(std::string_view body);
[[nodiscard]] RejectReason reject_reason(int status, std::string_view code) noexcept;

// An order as GET /portfolio/orders tells it.
struct RestOrder {
  std::string order_id;
  std::string client_order_id;
  std::string ticker;
  UserOrderStatus status = UserOrderStatus::Unknown;
  Quantity fill_count;
  Quantity remaining_count;
};

struct RestFill {
  std::string trade_id;
  std::string order_id;
  std::string ticker;
  Price yes_price;
  Quantity count;
  Money fee;
  bool is_taker = true;
  Timestamp at = kNoTime;
};

struct RestPosition {
  std::string ticker;
  std::int64_t position = 0;  // hundredths of contracts; negative: No
};

// One page; the rows that it holds, and where it goes on. Nothing if any row cannot be read: half a page is no page.
template <class Row>
struct RestPage {
  std::vector<Row> rows;
  std::string cursor;
};
[[nodiscard]] std::optional<RestPage<RestOrder>> read_orders(std::string_view body);
[[nodiscard]] std::optional<RestOrder> read_order(std::string_view body);
[[nodiscard]] std::optional<RestPage<RestFill>> read_fills(std::string_view body);
[[nodiscard]] std::optional<RestPage<RestPosition>> read_positions(std::string_view body);

// Free cash to $0.0001, of the shard that `shard` names; of all of them if it is negative.
[[nodiscard]] std::optional<Money> read_balance(std::string_view body, int shard);

// Ticker → shard of GET /markets.
struct MarketShard {
  std::string ticker;
  int shard = -1;
};
[[nodiscard]] std::vector<MarketShard> read_market_shards(std::string_view body);

// What Yes pays, of GET /markets/{ticker}; nothing while it is not settled.
[[nodiscard]] std::optional<Price> read_payout(std::string_view body);

}  // namespace arbees::kalshi

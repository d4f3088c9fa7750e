#pragma once
// What Kalshi says about our own account: fills and order states, still in the venue's terms.
//
// They carry the venue's and the client's order ids as text, which only the order gateway can turn
// into our own, so they go to a sink of the connection and not into the event stream. Prices are
// always the Yes price; a bid is bought Yes (or sold No), an ask sold Yes (or bought No).

#include <cstdint>
#include <string_view>

#include "adapters/venue/kalshi/message.h"
#include "core/base/time.h"
#include "core/market/order_book.h"

namespace arbees::kalshi {

struct Fill {
  std::string_view trade_id;
  std::string_view order_id;
  std::string_view client_order_id;  // empty if the order had none
  std::string_view market_ticker;
  Price yes_price;
  Quantity count;
  Money fee;
  Quantity position_after;  // positive: Yes, negative: No
  Timestamp at = kNoTime;
  BookSide side = BookSide::Bid;
  bool is_taker = true;
  bool has_fee = false;  // frames before 2026-05 have none
  bool has_position = false;
};

enum class UserOrderStatus : std::uint8_t { Unknown, Resting, Canceled, Executed };

struct UserOrder {
  std::string_view order_id;
  std::string_view client_order_id;
  std::string_view market_ticker;
  std::string_view last_update_reason;  // "Trade", "SelfTradeCancel", …; empty if not stated
  Price yes_price;
  Quantity initial_count;
  Quantity fill_count;
  Quantity remaining_count;
  Money fill_cost;  // taker and maker together
  Money fees;
  Timestamp at = kNoTime;
  BookSide side = BookSide::Bid;
  UserOrderStatus status = UserOrderStatus::Unknown;
};

// Something happened to an order group: "created", "triggered", "reset", "deleted", "limit_updated".
struct OrderGroupUpdate {
  std::string_view id;
  std::string_view event_type;
};

// The texts are valid during the call only.
class PrivateMessageSink {
 public:
  virtual void on_fill(const Fill& fill, Timestamp received_at) = 0;
  virtual void on_user_order(const UserOrder& order, Timestamp received_at) = 0;
  virtual void on_order_group(const OrderGroupUpdate& update) { static_cast<void>(update); }

 protected:
  ~PrivateMessageSink() = default;
};

// nullptr, or the field that is missing or wrong.
[[nodiscard]] const char* read_fill(const Message& message, Fill& fill) noexcept;
[[nodiscard]] const char* read_user_order(const Message& message, UserOrder& order) noexcept;
[[nodiscard]] const char* read_order_group(const Message& message, OrderGroupUpdate& update) noexcept;

}  // namespace arbees::kalshi

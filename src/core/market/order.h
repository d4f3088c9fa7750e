#pragma once
// Orders: what is sent to a venue, what comes back, and the states between.
//
// An order buys (or sells back) one outcome of one contract. Its price is always that of the outcome
// itself: buying No at q. Gateways translate into the venue's own form.

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "core/base/time.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees {

enum class Outcome : std::uint8_t { Yes, No };
enum class Side : std::uint8_t { Buy, Sell };
enum class TimeInForce : std::uint8_t {
  FillOrKill,
  ImmediateOrCancel,
  PostOnly,  // rests until cancelled, and never takes
};

// Unique within a ledger: the session number in the upper half, a counter in the lower.
struct OrderId {
  std::uint64_t value = 0;
  constexpr auto operator<=>(const OrderId&) const noexcept = default;
};
struct RequestId {
  std::uint64_t value = 0;
  constexpr auto operator<=>(const RequestId&) const noexcept = default;
};

struct OrderRequest {
  OrderId id;
  RequestId request;
  InstrumentId instrument;
  Price limit;  // of the outcome
  Quantity quantity;
  Timestamp deadline;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  Outcome outcome = Outcome::Yes;
  Side side = Side::Buy;
  TimeInForce time_in_force = TimeInForce::ImmediateOrCancel;
  std::uint8_t leg = 0;  // index in the request
  std::uint8_t reserved[2] = {};
};
static_assert(std::has_unique_object_representations_v<OrderRequest>);

enum class OrderState : std::uint8_t {
  Pending,       // sent, nothing heard
  Resting,       // in the book
  PartlyFilled,  // ended with less than asked
  Filled,
  Canceled,
  Rejected,
  Expired,
  Unknown,  // sent, and the outcome is not known: its risk stays reserved
};

[[nodiscard]] constexpr bool is_final(OrderState state) noexcept {
  return state != OrderState::Pending && state != OrderState::Resting && state != OrderState::Unknown;
}
// "filled", "partly_filled", "canceled", "rejected", "expired", "resting", "pending", "unknown".
[[nodiscard]] std::string_view order_state_name(OrderState state) noexcept;

enum class RejectReason : std::uint8_t {
  None,
  NoLiquidity,  // FOK/IOC found nothing to trade with
  InsufficientBalance,
  MarketClosed,
  OffTick,
  TooSmall,
  VenueError,
  Deadline,
  SelfTrade,     // would have met an order of our own
  WouldCross,    // a post-only order that would have taken
  RateLimited,   // the venue's limit, or our own ahead of it
  Unauthorized,  // key, signature or permission
  NotSent,       // it provably never left us
};
[[nodiscard]] std::string_view reject_reason_name(RejectReason reason) noexcept;

// What a venue (or the simulated one) says about an order. A fill carries its own quantity, average
// price and exact fee; `state` is the order's state after it.
struct OrderUpdate {
  OrderId id;
  InstrumentId instrument;
  std::uint64_t venue_fill_id = 0;  // 0: no fill in this update
  Price fill_price;                 // of the outcome
  Quantity fill_quantity;           // 0: no fill
  Money fee;
  Quantity filled_total;
  OrderState state = OrderState::Pending;
  RejectReason reason = RejectReason::None;
  std::uint8_t is_taker = 1;
  std::uint8_t reserved[5] = {};
};
static_assert(std::has_unique_object_representations_v<OrderUpdate>);

}  // namespace arbees

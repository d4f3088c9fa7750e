#include "core/market/order.h"

namespace arbees {

std::string_view order_state_name(OrderState state) noexcept {
  switch (state) {
    case OrderState::Pending: return "pending";
    case OrderState::Resting: return "resting";
    case OrderState::PartlyFilled: return "partly_filled";
    case OrderState::Filled: return "filled";
    case OrderState::Canceled: return "canceled";
    case OrderState::Rejected: return "rejected";
    case OrderState::Expired: return "expired";
    case OrderState::Unknown: return "unknown";
  }
  return "unknown";
}

std::string_view reject_reason_name(RejectReason reason) noexcept {
  switch (reason) {
    case RejectReason::None: return "none";
    case RejectReason::NoLiquidity: return "no_liquidity";
    case RejectReason::InsufficientBalance: return "insufficient_balance";
    case RejectReason::MarketClosed: return "market_closed";
    case RejectReason::OffTick: return "off_tick";
    case RejectReason::TooSmall: return "too_small";
    case RejectReason::VenueError: return "venue_error";
    case RejectReason::Deadline: return "deadline";
    case RejectReason::SelfTrade: return "self_trade";
    case RejectReason::WouldCross: return "would_cross";
    case RejectReason::RateLimited: return "rate_limited";
    case RejectReason::Unauthorized: return "unauthorized";
    case RejectReason::NotSent: return "not_sent";
  }
  return "venue_error";
}

}  // namespace arbees

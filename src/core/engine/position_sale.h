#pragma once
// Decides how much of a position can be sold now, and says why not where it cannot.
//
// A sale takes the bids of a proven, fresh book down to the cheapest sane price (CRYPTO_MIN_SAFE_PRICE), and no more
// of them than what selling the position may lose altogether (CRYPTO_UNWIND_BUDGET). Pure.

#include <string_view>

#include "core/market/market_state.h"
#include "core/risk/limits.h"
#include "core/risk/portfolio.h"

namespace arbees {

// Why a position, or what is left of it, is not being sold.
enum class SaleHold : std::uint8_t {
  None,               // it can be sold
  UnderWay,           // a sale of it is out
  AwaitsSettlement,   // what was bought, or sold, is not settled on chain yet
  AwaitsBook,         // its contract or its book was not told yet, or is asked for anew
  Netted,             // the venue has paid out the pair of Yes and No already
  NotTradable,        // closed, or terms not known
  UnprovenBook,       // a book that is crossed or old
  NoBid,              // nobody buys, or less than the least order
  PriceLimit,         // the bids are below the cheapest sane price
  UnwindBudget,       // it would lose more than selling one position may
  BelowMinimumOrder,  // too little for any order
};
// "under_way", "awaits_settlement", …; "none".
[[nodiscard]] std::string_view sale_hold_name(SaleHold hold) noexcept;

// Whether time or the venue will change that without any price moving.
[[nodiscard]] constexpr bool is_pending(SaleHold hold) noexcept { return hold <= SaleHold::AwaitsBook; }

struct PositionSale {
  SaleHold hold = SaleHold::None;
  Quantity quantity;  // to be sold, if nothing holds it
  Price limit;        // of the outcome
};

struct SaleTask {
  Quantity free;  // of the position, in no order yet
  Money budget;   // that this sale may lose
  Timestamp now = kNoTime;
};

// `contract` may be null: not heard of yet.
[[nodiscard]] PositionSale plan_sale(const Position& position, const SaleTask& task, const Contract* contract,
                                     const RiskLimits& limits) noexcept;

}  // namespace arbees

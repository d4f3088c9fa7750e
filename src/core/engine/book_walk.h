#pragma once
// What walking through a book would bring: the reckoning behind every completion, unwinding and sale.
//
// Pure: functions of one contract's book and terms. Fees are rounded level by level, against us.

#include "core/market/market_state.h"
#include "core/market/order.h"
#include "core/market/values.h"

namespace arbees {

// `money` is cost with fees of a purchase, proceeds after fees of a sale.
struct Walked {
  Quantity quantity;
  Money money;
  Price worst;  // of the outcome
};

// Takes up to `wanted` at `limit` or better.
[[nodiscard]] Walked walk(const Contract& contract, Outcome outcome, Side side, Quantity wanted, Price limit) noexcept;

[[nodiscard]] Quantity whole_lots(Quantity quantity, const ContractTerms& terms) noexcept;

// What a sale that was reckoned down to `worst` may be filled at: bids move while it travels. Never below `least`.
[[nodiscard]] Price sale_limit(const Contract& contract, Outcome outcome, Price worst, Price least) noexcept;

}  // namespace arbees

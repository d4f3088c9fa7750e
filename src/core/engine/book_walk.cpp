#include "core/engine/book_walk.h"

#include <algorithm>

#include "core/market/fees.h"

namespace arbees {
namespace {

// A sale may go this far below the worst bid that it was reckoned with.
constexpr Price kSaleTolerance = Price::from_units(200);

}  // namespace

Walked walk(const Contract& contract, Outcome outcome, Side side, Quantity wanted, Price limit) noexcept {
  Walked walked;
  const auto visit = [&](Price yes_price, Quantity displayed) noexcept {
    const Price price = outcome == Outcome::Yes ? yes_price : complement(yes_price);
    if (side == Side::Buy ? price > limit : price < limit) return false;
    const Quantity quantity = std::min(displayed, wanted - walked.quantity);
    const auto charged = fee(contract.terms.fees, Role::Taker, price, quantity);
    if (!charged) return false;
    walked.quantity += quantity;
    walked.money += side == Side::Buy ? price * quantity + *charged : price * quantity - *charged;
    walked.worst = price;
    return walked.quantity < wanted;
  };
  // Buying Yes and selling No take from the asks, the other two from the bids.
  if ((outcome == Outcome::Yes) == (side == Side::Buy)) {
    contract.book.asks().walk_up(visit);
  } else {
    contract.book.bids().walk_down(visit);
  }
  return walked;
}

Quantity whole_lots(Quantity quantity, const ContractTerms& terms) noexcept {
  const std::int64_t lot = std::max<std::int64_t>(terms.lot.units(), 1);
  return Quantity::from_units(quantity.units() / lot * lot);
}

Price sale_limit(const Contract& contract, Outcome outcome, Price worst, Price least) noexcept {
  const Price lowest = std::max(worst - kSaleTolerance, least);
  const Price yes = outcome == Outcome::Yes ? lowest : complement(lowest);
  return contract.terms.grid.contains(yes) ? lowest : worst;
}

}  // namespace arbees

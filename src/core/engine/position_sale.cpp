#include "core/engine/position_sale.h"

#include <algorithm>
#include <array>

#include "core/base/wide_int.h"
#include "core/engine/book_walk.h"
#include "core/risk/reserve.h"

namespace arbees {
namespace {

// What `part` of the position has cost, rounded up: a loss is never understated.
Money cost_of(const Position& position, Quantity part) noexcept {
  const Int128 product = static_cast<Int128>(std::max(position.cost, Money{}).units()) * part.units();
  return Money::from_units(
      static_cast<std::int64_t>((product + position.quantity.units() - 1) / position.quantity.units()));
}

// Whether it loses no more than the budget if all of it is sold at `limit`.
bool fits_at(Price limit, const Position& position, const Contract& contract, Quantity quantity,
             Money budget) noexcept {
  return cost_of(position, quantity) - worst_proceeds(contract.terms.fees, limit, quantity) <= budget;
}

// The largest part, in whole lots, that loses no more than the budget. Bids only get worse, so the loss at the worst
// of them, once there is one, grows with the quantity: once over the budget it stays there.
Quantity within_budget(const Position& position, const Contract& contract, Quantity most, const SaleTask& task,
                       Price least) noexcept {
  const auto fits = [&](Quantity quantity) noexcept {
    const Walked found = walk(contract, position.outcome, Side::Sell, quantity, least);
    return fits_at(found.worst, position, contract, quantity, task.budget);
  };
  if (fits(most)) return most;
  const std::int64_t lot = std::max<std::int64_t>(contract.terms.lot.units(), 1);
  std::int64_t fitting = 0;
  std::int64_t failing = most.units() / lot;
  while (failing - fitting > 1) {
    const std::int64_t middle = fitting + (failing - fitting) / 2;
    (fits(Quantity::from_units(middle * lot)) ? fitting : failing) = middle;
  }
  return Quantity::from_units(fitting * lot);
}

PositionSale held_by(SaleHold hold) noexcept {
  PositionSale sale;
  sale.hold = hold;
  return sale;
}

}  // namespace

std::string_view sale_hold_name(SaleHold hold) noexcept {
  constexpr std::array<std::string_view, 11> kNames = {
      "none",   "under_way",   "awaits_settlement", "awaits_book",        "netted", "not_tradable", "unproven_book",
      "no_bid", "price_limit", "unwind_budget",     "below_minimum_order"};
  const auto index = static_cast<std::size_t>(hold);
  return index < kNames.size() ? kNames[index] : "unknown";
}

PositionSale plan_sale(const Position& position, const SaleTask& task, const Contract* contract,
                       const RiskLimits& limits) noexcept {
  // Not told yet, after a start.
  const bool is_told = contract != nullptr && contract->is_listed && contract->phase != ContractPhase::Unknown;
  if (!is_told) return held_by(SaleHold::AwaitsBook);
  if (contract->not_tradable(task.now) != NotTradable::None) return held_by(SaleHold::NotTradable);
  const ContractTerms& terms = contract->terms;
  const auto is_orderable = [&](Quantity quantity) noexcept {
    return quantity.is_positive() && quantity >= terms.minimum_order;
  };
  const Quantity wanted = whole_lots(task.free, terms);
  if (!is_orderable(wanted)) return held_by(SaleHold::BelowMinimumOrder);
  const BookStatus book = contract->book.status(task.now, limits.price_staleness);
  if (book == BookStatus::Unproven || book == BookStatus::Gap) return held_by(SaleHold::AwaitsBook);
  if (book != BookStatus::Proven) return held_by(SaleHold::UnprovenBook);
  const Price tick = terms.grid.finest_tick();
  const Price least = std::max(limits.min_price, tick);
  const Quantity found = whole_lots(walk(*contract, position.outcome, Side::Sell, wanted, least).quantity, terms);
  if (!is_orderable(found)) {
    const Quantity at_tick = whole_lots(walk(*contract, position.outcome, Side::Sell, wanted, tick).quantity, terms);
    return held_by(is_orderable(at_tick) ? SaleHold::PriceLimit : SaleHold::NoBid);
  }
  const Quantity quantity = within_budget(position, *contract, found, task, least);
  if (!is_orderable(quantity)) return held_by(SaleHold::UnwindBudget);
  const Price worst = walk(*contract, position.outcome, Side::Sell, quantity, least).worst;
  // Room for bids that move while it travels, unless that may cost more than the budget has.
  const Price below = sale_limit(*contract, position.outcome, worst, least);
  const bool has_room = fits_at(below, position, *contract, quantity, task.budget);
  return {SaleHold::None, quantity, has_room ? below : worst};
}

}  // namespace arbees

#include "core/engine/leg_engine.h"

#include <algorithm>
#include <array>

#include "core/base/wide_int.h"
#include "core/engine/book_walk.h"
#include "core/market/minimum_order.h"
#include "core/risk/reserve.h"

namespace arbees {
namespace {

using Amounts = std::array<Quantity, kMaxLegs>;

Quantity scaled(Quantity amount, Quantity part, Quantity whole) noexcept {
  const Int128 units = static_cast<Int128>(amount.units()) * part.units() / whole.units();
  return Quantity::from_units(static_cast<std::int64_t>(units));
}

Quantity scaled_up(Quantity amount, Quantity part, Quantity whole) noexcept {
  const Int128 product = static_cast<Int128>(amount.units()) * part.units();
  return Quantity::from_units(static_cast<std::int64_t>((product + whole.units() - 1) / whole.units()));
}

// a.held / a.asked < b.held / b.asked
bool has_smaller_share(const LegState& a, const LegState& b) noexcept {
  return static_cast<Int128>(a.held.units()) * b.leg.quantity.units() <
         static_cast<Int128>(b.held.units()) * a.leg.quantity.units();
}

const LegState& least_of(const LegStates& legs) noexcept {
  return *std::min_element(legs.begin(), legs.end(), has_smaller_share);
}
const LegState& most_of(const LegStates& legs) noexcept {
  return *std::max_element(legs.begin(), legs.end(), has_smaller_share);
}

// The contract of a leg if its book may be traded on now.
const Contract* tradable(const Leg& leg, const MarketState& market) noexcept {
  const Contract* contract = market.find(leg.instrument);
  if (contract == nullptr || contract->book.status() != BookStatus::Proven) return nullptr;
  return contract->terms.not_tradable == NotTradable::None && contract->phase == ContractPhase::Active ? contract
                                                                                                       : nullptr;
}

// A way to make the legs even: what it costs (or brings), and the share of the request that it moves.
struct Way {
  LegPlan plan;
  Money value;       // against doing nothing: payoff gained minus cost, or proceeds
  Money worst_loss;  // if every order is filled at its limit, of sales only those that lose
  Money sunk;        // what the surplus that it uses has cost
  Int128 share = 0;  // in 10^-12
  [[nodiscard]] bool is_open() const noexcept { return !plan.orders.empty(); }
  [[nodiscard]] Money loss() const noexcept { return sunk - value; }
};

constexpr Int128 kWholeShare = 1'000'000'000'000;

Int128 share_of(Quantity part, Quantity whole) noexcept {
  return static_cast<Int128>(part.units()) * kWholeShare / whole.units();
}

Money part_of(Money amount, Int128 share) noexcept {
  return Money::from_units(static_cast<std::int64_t>(static_cast<Int128>(amount.units()) * share / kWholeShare));
}

// What `share` of the request beyond the least leg has cost in the legs that hold it.
Money sunk_cost(const LegStates& legs, Int128 share) noexcept {
  Money sunk;
  const LegState& least = least_of(legs);
  for (const LegState& leg : legs) {
    if (!has_smaller_share(least, leg)) continue;
    const auto used = static_cast<std::int64_t>(leg.leg.quantity.units() * share / kWholeShare);
    const Quantity surplus = std::min(Quantity::from_units(used), leg.held);
    if (surplus.is_positive()) {
      const Int128 cost = static_cast<Int128>(leg.spent.units()) * surplus.units() / leg.held.units();
      sunk += Money::from_units(static_cast<std::int64_t>(cost));
    }
  }
  return sunk;
}

Price worst_purchase(const RiskLimits& limits) noexcept { return limits.max_price; }

// Limits leave room for what moves while an order travels, unless that may cost more than the budget has.
enum class Room : std::uint8_t { Given, None };

bool is_fresh(const Contract& contract, const EvenTask& task, const RiskLimits& limits) noexcept {
  return contract.book.status(task.now, limits.price_staleness) == BookStatus::Proven;
}

// Buys what the other legs miss, to the share that all the books allow.
Way completion(const LegStates& legs, const EvenTask& task, const MarketState& market, const RiskLimits& limits,
               Room room) noexcept {
  Way way;
  const LegState& most = most_of(legs);
  Amounts missing{};
  Int128 available = kWholeShare;  // of what is missing
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const Quantity target = scaled(legs[i].leg.quantity, most.held, most.leg.quantity);
    if (target <= legs[i].held) continue;
    const Contract* contract = tradable(legs[i].leg, market);
    if (contract == nullptr || !is_fresh(*contract, task, limits)) return {};
    missing[i] = target - legs[i].held;
    const Walked found = walk(*contract, legs[i].leg.outcome, Side::Buy, missing[i], worst_purchase(limits));
    available = std::min(available, share_of(found.quantity, missing[i]));
  }
  Money cost;
  Money cost_at_limits;
  Int128 added = kWholeShare;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    if (!missing[i].is_positive()) continue;
    const Contract& contract = *market.find(legs[i].leg.instrument);
    const auto units = static_cast<std::int64_t>(missing[i].units() * available / kWholeShare);
    const Quantity quantity = whole_lots(Quantity::from_units(units), contract.terms);
    if (!quantity.is_positive()) return {};
    const Walked found = walk(contract, legs[i].leg.outcome, Side::Buy, quantity, worst_purchase(limits));
    const Price limit = room == Room::Given ? std::max(found.worst, legs[i].leg.price) : found.worst;
    if (is_below_minimum(contract.terms, Side::Buy, limit, quantity)) return {};
    cost += found.money;
    cost_at_limits += worst_cost(contract.terms.fees, limit, quantity);
    added = std::min(added, share_of(quantity, legs[i].leg.quantity));
    way.plan.orders.push_back({static_cast<std::uint8_t>(i), Side::Buy, quantity, limit});
  }
  way.share = added;
  way.value = part_of(task.guaranteed, added) - cost;
  way.sunk = sunk_cost(legs, added);
  way.worst_loss = way.sunk + cost_at_limits - part_of(task.guaranteed, added);
  return way;
}

// Sells what the legs hold beyond the least of them.
Way unwinding(const LegStates& legs, const MarketState& market, Room room) noexcept {
  Way way;
  const LegState& least = least_of(legs);
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const Quantity matched = scaled_up(legs[i].leg.quantity, least.held, least.leg.quantity);
    if (matched >= legs[i].held) continue;
    const Contract* contract = tradable(legs[i].leg, market);
    if (contract == nullptr) continue;
    const Price tick = contract->terms.grid.finest_tick();
    const Quantity surplus = whole_lots(legs[i].held - matched, contract->terms);
    const Walked found = walk(*contract, legs[i].leg.outcome, Side::Sell, surplus, tick);
    const Quantity quantity = whole_lots(found.quantity, contract->terms);
    if (!quantity.is_positive() || quantity < contract->terms.minimum_order) continue;
    const Price limit =
        room == Room::Given ? sale_limit(*contract, legs[i].leg.outcome, found.worst, tick) : found.worst;
    const Int128 cost = static_cast<Int128>(legs[i].spent.units()) * quantity.units() / legs[i].held.units();
    const Money sunk = Money::from_units(static_cast<std::int64_t>(cost));
    way.value += found.money;
    way.sunk += sunk;
    way.worst_loss += std::max(sunk - worst_proceeds(contract->terms.fees, limit, quantity), Money{});
    way.share = std::max(way.share, share_of(quantity, legs[i].leg.quantity));
    way.plan.orders.push_back({static_cast<std::uint8_t>(i), Side::Sell, quantity, limit});
  }
  return way;
}

// What the request has lost so far: by its sales, and by what its matched part cost beyond its payoff.
Money lost_so_far(const LegStates& legs, const EvenTask& task) noexcept {
  const Money by_sales = std::max(task.lost_by_sales, Money{});
  if (!task.guaranteed.is_positive()) return by_sales;
  const LegState& least = least_of(legs);
  Money matched_cost = -nakedness(legs).cost;
  for (const LegState& leg : legs) matched_cost += leg.spent;
  const Money payoff = part_of(task.guaranteed, share_of(least.held, least.leg.quantity));
  return by_sales + std::max(matched_cost - payoff, Money{});
}

// How much deeper the book is than the leg, in hundredths, up to what counts as deep.
std::int64_t depth_hundredths(const LegState& leg, const MarketState& market, std::int64_t deep) noexcept {
  const Contract* contract = tradable(leg.leg, market);
  if (contract == nullptr) return 0;
  Quantity depth;
  const auto count = [&](Price yes_price, Quantity displayed) noexcept {
    const Price price = leg.leg.outcome == Outcome::Yes ? yes_price : complement(yes_price);
    if (price > leg.leg.price) return false;
    depth += displayed;
    return static_cast<Int128>(depth.units()) * 100 < static_cast<Int128>(leg.leg.quantity.units()) * deep;
  };
  if (leg.leg.outcome == Outcome::Yes) {
    contract->book.asks().walk_up(count);
  } else {
    contract->book.bids().walk_down(count);
  }
  const Int128 hundredths = static_cast<Int128>(depth.units()) * 100 / leg.leg.quantity.units();
  return static_cast<std::int64_t>(std::min<Int128>(hundredths, deep));
}

}  // namespace

namespace {

// The price that has stood longest is the one that the market has left behind, and the first to go; of equally old
// ones the thinner, then the slower venue's.
bool is_riskier(const LegState& a, const LegState& b, const MarketState& market, std::int64_t deep) noexcept {
  const auto changed_at = [&](const LegState& leg) {
    const Contract* contract = market.find(leg.leg.instrument);
    return contract == nullptr ? kNoTime : contract->book.updated_at();
  };
  if (changed_at(a) != changed_at(b)) return changed_at(a) < changed_at(b);
  const std::int64_t depth_a = depth_hundredths(a, market, deep);
  const std::int64_t depth_b = depth_hundredths(b, market, deep);
  if (depth_a != depth_b) return depth_a < depth_b;
  return a.leg.venue == Venue::Kalshi && b.leg.venue != Venue::Kalshi;
}

// Whether the legs could not be made even by any book: what is missing or too much is below the least order.
bool is_dust(const LegStates& legs, const MarketState& market) noexcept {
  const LegState& least = least_of(legs);
  const LegState& most = most_of(legs);
  bool can_complete = true;
  for (const LegState& leg : legs) {
    const Contract* contract = market.find(leg.leg.instrument);
    if (contract == nullptr) return true;  // settled meanwhile
    const ContractTerms& terms = contract->terms;
    const auto is_orderable = [&](Quantity quantity) {
      const Quantity whole = whole_lots(quantity, terms);
      return whole.is_positive() && whole >= terms.minimum_order;
    };
    const Quantity matched = scaled_up(leg.leg.quantity, least.held, least.leg.quantity);
    if (matched < leg.held && is_orderable(leg.held - matched)) return false;
    const Quantity target = scaled(leg.leg.quantity, most.held, most.leg.quantity);
    if (target > leg.held) can_complete = can_complete && is_orderable(target - leg.held);
  }
  return !can_complete;
}

}  // namespace

LegPlan open_plan(const LegStates& legs, const MarketState& market, const RiskLimits& limits) noexcept {
  const std::int64_t deep = limits.sequential_depth_hundredths;
  std::size_t riskiest = 0;
  std::int64_t thinnest = deep;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    thinnest = std::min(thinnest, depth_hundredths(legs[i], market, deep));
    if (is_riskier(legs[i], legs[riskiest], market, deep)) riskiest = i;
  }
  LegPlan plan;
  plan.step = LegStep::Send;
  const bool at_once = legs.size() == 1 || thinnest >= deep;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    if (!at_once && i != riskiest) continue;
    plan.orders.push_back({static_cast<std::uint8_t>(i), Side::Buy, legs[i].leg.quantity, legs[i].leg.price});
  }
  return plan;
}

LegPlan even_plan(const LegStates& legs, const EvenTask& task, const MarketState& market,
                  const RiskLimits& limits) noexcept {
  if (!nakedness(legs).surplus.is_positive() || is_dust(legs, market)) return {};
  const Money budget = std::max(limits.unwind_budget - lost_so_far(legs, task), Money{});
  const auto fits = [&](const Way& way) { return way.is_open() && way.worst_loss <= budget; };
  Way complete = task.may_buy ? completion(legs, task, market, limits, Room::Given) : Way{};
  if (complete.is_open() && !fits(complete)) complete = completion(legs, task, market, limits, Room::None);
  if (!fits(complete)) complete = Way{};
  Way unwind = unwinding(legs, market, Room::Given);
  if (!fits(unwind)) unwind = unwinding(legs, market, Room::None);
  if (!fits(unwind)) unwind = Way{};
  LegPlan plan;
  plan.step = LegStep::Wait;
  if (!complete.is_open() && !unwind.is_open()) return plan;
  // Each by what it loses for the share that it moves.
  const bool completes =
      complete.is_open() &&
      (!unwind.is_open() || static_cast<Int128>(complete.loss().units()) * (unwind.share / 1'000'000) <=
                                static_cast<Int128>(unwind.loss().units()) * (complete.share / 1'000'000));
  plan = completes ? complete.plan : unwind.plan;
  plan.step = LegStep::Send;
  return plan;
}

Nakedness nakedness(const LegStates& legs) noexcept {
  Nakedness naked;
  const LegState& least = least_of(legs);
  Quantity largest;
  for (const LegState& leg : legs) {
    const Quantity matched = scaled_up(leg.leg.quantity, least.held, least.leg.quantity);
    if (leg.leg.quantity > largest) {
      largest = leg.leg.quantity;
      naked.matched = scaled(leg.leg.quantity, least.held, least.leg.quantity);
    }
    if (leg.held <= matched) continue;
    const Quantity surplus = leg.held - matched;
    naked.surplus = std::max(naked.surplus, surplus);
    naked.cost += Money::from_units(
        static_cast<std::int64_t>(static_cast<Int128>(leg.spent.units()) * surplus.units() / leg.held.units()));
  }
  return naked;
}

}  // namespace arbees

#include "core/arbitrage/payoff_graph.h"

#include <algorithm>

#include "core/base/assert.h"

namespace arbees {
namespace {

std::size_t node_limit(const PayoffGraphLimits& limits) noexcept { return kFirstStrikeNode + 2 * limits.contracts; }

// Instruments, dollars, one step down from each strike and each axis' top, one jump per strike and other axis.
std::size_t arc_limit(const PayoffGraphLimits& limits) noexcept {
  constexpr std::size_t dollar_arcs = 2;
  const std::size_t strikes = 2 * limits.contracts;
  const std::size_t others = limits.axes > 0 ? limits.axes - 1 : 0;
  return 2 * limits.contracts + dollar_arcs + strikes + limits.axes + strikes * others;
}

PathCost price_cost(Price price) noexcept { return price.units() * (kOneDollar / Price::kScale); }

}  // namespace

PayoffGraph::PayoffGraph(const PayoffGraphLimits& limits)
    : limits_(limits),
      axes_(limits.axes, node_limit(limits)),
      costs_(2 * limits.contracts, limits.levels),
      topology_(node_limit(limits), arc_limit(limits)),
      state_(node_limit(limits), arc_limit(limits)),
      paths_(node_limit(limits)),
      circulation_(node_limit(limits), arc_limit(limits), limits.cycles),
      worst_case_(4 * limits.contracts),
      base_flow_(arc_limit(limits)),
      best_cost_(2 * limits.contracts, kNoCost),
      distance_(node_limit(limits)),
      reached_by_(node_limit(limits)),
      lots_(2 * limits.contracts) {
  ARBEES_ASSERT(limits.lot.is_positive() && limits.levels > 0);
  contracts_.reserve(limits.contracts);
  arcs_.reserve(arc_limit(limits));
  costs_.reserve_free_arcs(arc_limit(limits));
  excluded_.reserve(2 * limits.contracts);
  is_dropped_.reserve(circulation_.cycle_limit());
  certificate_.legs.reserve(2 * limits.contracts * limits.levels);
  certificate_.worst_states.reserve(kMaxWorstStates);
}

Result<ContractIndex, NotTradable> PayoffGraph::add_contract(InstrumentId instrument,
                                                             const ContractTerms& terms) noexcept {
  const auto place = axis_interval(terms);
  if (!place) return failure(place.error());
  if (!terms.lot.is_positive()) return failure(NotTradable::UnknownTick);
  GraphContract contract;
  contract.instrument = instrument;
  contract.complement = terms.complement;
  contract.axis = place->axis;
  contract.interval = place->interval;
  contract.fees = fee_terms(terms.fees, Role::Taker);
  contract.lot = terms.lot;
  contract.minimum_order = terms.minimum_order;
  contract.venue = terms.venue;
  contract.asset = terms.asset;
  contract.event_group = terms.event_group;
  contract.pays_outside = terms.pays_outside != 0;
  return add_contract(contract);
}

Result<ContractIndex, NotTradable> PayoffGraph::add_contract(const GraphContract& terms) noexcept {
  const Interval& interval = terms.interval;
  const bool is_certain = interval.from == kMinusInfinity && interval.to == kPlusInfinity;
  if (is_certain || interval.from >= interval.to) return failure(NotTradable::UnknownPayoff);
  if (!fee_per_contract(terms.fees, kPriceOne)) return failure(NotTradable::UnknownFee);
  if (limits_.lot.units() % terms.lot.units() != 0) return failure(NotTradable::TermsRefused);
  if (contracts_.size() == limits_.contracts) return failure(NotTradable::NoRoom);
  const auto axis = axes_.axis(terms.axis);
  if (!axis) return failure(NotTradable::NoRoom);
  const auto from = axes_.node(*axis, interval.from);
  const auto to = axes_.node(*axis, interval.to);
  ARBEES_ASSERT(from && to);  // two nodes for each contract are always there
  contracts_.push_back(Contract{terms, *axis, *from, *to, {}, {}});
  costs_.clear_free_arcs();
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    costs_.add_instrument_arc(-constant_payout(contracts_.back(), outcome));
  }
  listing_changed_ = true;
  return static_cast<ContractIndex>(contracts_.size() - 1);
}

void PayoffGraph::set_basis_bound(AxisIndex a, AxisIndex b, Coordinate bound_units) noexcept {
  axes_.set_bound(a, b, bound_units);
  listing_changed_ = true;
}

// A No that pays on a half-line runs to or from infinity; the No of a range runs backwards and pays a dollar more.
ArcEnds PayoffGraph::instrument_ends(const Contract& contract, Outcome outcome) noexcept {
  if (pays_inside(contract, outcome)) return {contract.from, contract.to};
  if (contract.from == kMinusInfinityNode) return {contract.to, kPlusInfinityNode};
  if (contract.to == kPlusInfinityNode) return {kMinusInfinityNode, contract.from};
  return {contract.to, contract.from};
}

PathCost PayoffGraph::constant_payout(const Contract& contract, Outcome outcome) noexcept {
  const bool is_range = contract.from != kMinusInfinityNode && contract.to != kPlusInfinityNode;
  return is_range && !pays_inside(contract, outcome) ? kOneDollar : 0;
}

bool PayoffGraph::set_quotes(ContractIndex contract, Outcome outcome, std::span<const QuoteLevel> asks) noexcept {
  ARBEES_ASSERT(contract < contracts_.size());
  settle();
  const ArcIndex arc = arc_of(contract, outcome);
  store_levels(arc, asks);
  update_arc(arc);
  return !excluded_.empty();
}

bool PayoffGraph::set_book(ContractIndex contract, const OrderBook& book) noexcept {
  if (book.status() != BookStatus::Proven) return clear_quotes(contract);
  BoundedVector<QuoteLevel, kMaxBookLevels> levels;
  const std::size_t limit = std::min(limits_.levels, kMaxBookLevels);
  book.asks().walk_up([&](Price price, Quantity quantity) {
    levels.push_back({price, quantity});
    return levels.size() < limit;
  });
  set_quotes(contract, Outcome::Yes, {levels.data(), levels.size()});
  if (contracts_[contract].terms.complement) return !excluded_.empty();
  levels.clear();
  book.bids().walk_down([&](Price price, Quantity quantity) {
    levels.push_back({complement(price), quantity});
    return levels.size() < limit;
  });
  return set_quotes(contract, Outcome::No, {levels.data(), levels.size()});
}

bool PayoffGraph::clear_quotes(ContractIndex contract) noexcept {
  set_quotes(contract, Outcome::Yes, {});
  return set_quotes(contract, Outcome::No, {});
}

bool PayoffGraph::set_held(ContractIndex contract, Outcome outcome, Quantity quantity, Price worth) noexcept {
  ARBEES_ASSERT(contract < contracts_.size() && !quantity.is_negative() && !worth.is_negative());
  Contract& known = contracts_[contract];
  const auto side = static_cast<std::size_t>(outcome);
  if (known.held[side] != quantity || (known.worth[side] != worth && !quantity.is_zero())) {
    known.held[side] = quantity;
    known.worth[side] = worth;
    costs_.set_held(arc_of(contract, outcome), quantity.units() / limits_.lot.units(),
                    price_cost(worth) - constant_payout(known, outcome));
    held_changed_ = true;
  }
  settle();
  return !excluded_.empty();
}

bool PayoffGraph::has_arbitrage() noexcept {
  settle();
  return !excluded_.empty();
}

void PayoffGraph::settle() noexcept {
  if (!listing_changed_ && !held_changed_) return;
  if (listing_changed_) rebuild();
  reset_state();
  rebase();
  listing_changed_ = held_changed_ = false;
}

void PayoffGraph::rebuild() noexcept {
  axes_.number_ranks();
  arcs_.clear();
  for (const Contract& contract : contracts_) {
    arcs_.push_back(instrument_ends(contract, Outcome::Yes));
    arcs_.push_back(instrument_ends(contract, Outcome::No));
  }
  costs_.clear_free_arcs();
  add_free_arcs();
  topology_.build(axes_.node_count(), arcs_);
}

void PayoffGraph::add_free_arcs() noexcept {
  const auto add = [this](NodeIndex tail, NodeIndex head, PathCost cost) {
    arcs_.push_back({tail, head});
    costs_.add_free_arc(cost);
  };
  add(kMinusInfinityNode, kPlusInfinityNode, kOneDollar);
  add(kPlusInfinityNode, kMinusInfinityNode, -kOneDollar);
  for (AxisIndex axis = 0; axis < axes_.axis_count(); ++axis) {
    const auto& strikes = axes_.strikes(axis);
    if (strikes.empty()) continue;
    add(kPlusInfinityNode, strikes.back(), 0);
    for (std::size_t i = strikes.size() - 1; i > 0; --i) add(strikes[i], strikes[i - 1], 0);
    add(strikes.front(), kMinusInfinityNode, 0);
    for (AxisIndex other = 0; other < axes_.axis_count(); ++other) {
      if (!axes_.is_bound(axis, other)) continue;
      for (const NodeIndex node : strikes) {
        if (const auto target = axes_.jump_target(node, other)) add(node, *target, 0);
      }
    }
  }
}

void PayoffGraph::reset_state() noexcept {
  std::fill_n(state_.cost.begin(), topology_.half_count(), kNoCost);
  std::fill_n(state_.potential.begin(), topology_.node_count(), PathCost{0});
  state_.potential[kPlusInfinityNode] = kOneDollar;
  for (auto arc = static_cast<ArcIndex>(costs_.instrument_arcs()); arc < arcs_.size(); ++arc) {
    state_.cost[topology_.slot_of(forward_half(arc))] = costs_.forward(arc, 0, false).cost;
  }
  std::fill(base_flow_.begin(), base_flow_.end(), Lots{0});
  std::fill(best_cost_.begin(), best_cost_.end(), kNoCost);
  excluded_.clear();
}

// What is held may guarantee something already. Its best use is the base from which profit is counted: the
// residual network of that use goes on, so that detection sees only what the market adds.
void PayoffGraph::rebase() noexcept {
  holds_any_ = false;
  for (ArcIndex arc = 0; arc < costs_.instrument_arcs(); ++arc) {
    const Margin held = costs_.forward(arc, 0, true);
    if (held.cost == kNoCost) continue;
    holds_any_ = true;
    if (!paths_.admit(topology_, state_, forward_half(arc), held.cost)) excluded_.push_back(arc);
  }
  if (!excluded_.empty()) {
    circulation_.start(topology_, state_, base_flow_, true);
    for (const ArcIndex arc : excluded_) {
      if (!circulation_.take_in(topology_, costs_, paths_, arc)) break;
    }
    state_.copy_from(circulation_.state(), topology_);
    base_flow_ = circulation_.flow();
    excluded_.clear();
  }
  worst_case_.clear();
  held_least_ = 0;
  if (holds_any_) {
    add_held_payoffs();
    held_least_ = worst_case_.least(axes_);
  }
  for (ArcIndex arc = 0; arc < costs_.instrument_arcs(); ++arc) update_arc(arc);
}

void PayoffGraph::store_levels(ArcIndex arc, std::span<const QuoteLevel> asks) noexcept {
  const Contract& contract = contracts_[arc / 2];
  const PathCost constant = constant_payout(contract, static_cast<Outcome>(arc % 2));
  std::size_t count = 0;
  const std::size_t known = costs_.displayed_count(arc);
  for (const QuoteLevel& ask : asks) {
    if (count == costs_.level_limit()) break;
    const Lots lots = std::min(ask.quantity, kMaxDepth).units() / limits_.lot.units();
    if (lots <= 0 || ask.price.is_negative() || ask.price > kPriceOne) continue;
    CostLevel& level = costs_.displayed(arc, count);
    // The fee is a long division: not done again for a price that is already there.
    if (count >= known || level.price != ask.price) {
      const auto fee = fee_per_contract(contract.terms.fees, ask.price);
      if (!fee || *fee > kOneDollar) break;
      level.price = ask.price;
      level.cost = price_cost(ask.price) + *fee - constant;
    }
    level.lots = lots;
    ++count;
  }
  costs_.set_displayed_count(arc, count);
}

void PayoffGraph::update_arc(ArcIndex arc) noexcept {
  const PathCost cost = costs_.forward(arc, base_flow_[arc], false).cost;
  const PathCost before = best_cost_[arc];
  if (cost == before) return;
  best_cost_[arc] = cost;
  const auto place = std::find(excluded_.begin(), excluded_.end(), arc);
  if (place != excluded_.end()) {
    if (cost < before) return;  // the negative cycle through it is still there
    excluded_.erase(place);
  }
  const HalfIndex half = forward_half(arc);
  state_.cost[topology_.slot_of(half)] = kNoCost;
  if (cost != kNoCost && !paths_.admit(topology_, state_, half, cost)) excluded_.push_back(arc);
  // Only a dearer quote can break a negative cycle.
  if (cost > before) retry_excluded();
  keep_potentials_small();
}

void PayoffGraph::retry_excluded() noexcept {
  for (std::size_t i = 0; i < excluded_.size();) {
    const ArcIndex arc = excluded_[i];
    if (paths_.admit(topology_, state_, forward_half(arc), best_cost_[arc])) {
      excluded_.erase(excluded_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

// Searches only ever lower potentials, and only their differences matter.
void PayoffGraph::keep_potentials_small() noexcept {
  constexpr PathCost kFloor = -(PathCost{1} << 60);
  const PathCost base = state_.potential[kMinusInfinityNode];
  if (base < kFloor) state_.shift_potentials(topology_, -base);
}

PathCost PayoffGraph::implied_survival(NodeIndex node) const noexcept {
  return state_.potential[kPlusInfinityNode] - state_.potential[node];
}

}  // namespace arbees

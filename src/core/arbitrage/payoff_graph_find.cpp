// From a negative cycle to a certificate: size, exact fees, legs, and the least payoff recomputed.

#include <algorithm>

#include "core/arbitrage/payoff_graph.h"
#include "core/base/assert.h"

namespace arbees {
namespace {

constexpr Money dollars(std::int64_t quantity_units) noexcept {
  return Money::from_units(quantity_units * (Money::kScale / Quantity::kScale));
}

constexpr std::size_t kNoCycle = SIZE_MAX;

}  // namespace

const Certificate* PayoffGraph::find(std::size_t max_legs) noexcept {
  settle();
  circulation_.start(topology_, state_, base_flow_, false);
  for (const ArcIndex arc : excluded_) {
    if (!circulation_.take_in(topology_, costs_, paths_, arc)) break;
  }
  if (circulation_.cycles().empty()) return nullptr;
  std::copy_n(circulation_.flow().begin(), costs_.instrument_arcs(), lots_.begin());
  is_dropped_.assign(circulation_.cycles().size(), 0);
  if (!make_allowed(max_legs)) return nullptr;
  const Money profit = drop_what_rounding_eats(price_portfolio(), max_legs);
  if (!profit.is_positive()) return nullptr;
  const Money priced = price_portfolio();
  ARBEES_ASSERT(priced == profit);
  worst_case_.collect_states(axes_, certificate_.worst_states);
  return &certificate_;
}

Int128 PayoffGraph::unrounded_profit() const noexcept {
  return circulation_.gain() * limits_.lot.units() / Quantity::kScale;
}

Lots PayoffGraph::bought(ArcIndex arc) const noexcept { return std::max(Lots{0}, lots_[arc] - costs_.held(arc)); }

Quantity PayoffGraph::quantity_of(Lots lots) const noexcept { return limits_.lot * lots; }

void PayoffGraph::add_payoff(ArcIndex arc, Quantity quantity) noexcept {
  if (quantity.is_zero()) return;
  const Contract& contract = contracts_[arc / 2];
  const bool is_no = !pays_inside(contract, static_cast<Outcome>(arc % 2));
  worst_case_.add({contract.axis, axes_.rank(contract.axis, contract.from), axes_.rank(contract.axis, contract.to),
                   quantity.units(), is_no});
}

void PayoffGraph::add_held_payoffs() noexcept {
  for (ArcIndex arc = 0; arc < costs_.instrument_arcs(); ++arc) add_payoff(arc, contracts_[arc / 2].held[arc % 2]);
}

void PayoffGraph::add_leg_payoffs(const Certificate& certificate) noexcept {
  // Levels of one contract and outcome lie together.
  for (std::size_t i = 0; i < certificate.legs.size();) {
    const CertificateLeg& first = certificate.legs[i];
    Quantity quantity;
    for (; i < certificate.legs.size() && certificate.legs[i].contract == first.contract &&
           certificate.legs[i].outcome == first.outcome;
         ++i) {
      quantity += certificate.legs[i].quantity;
    }
    add_payoff(arc_of(first.contract, first.outcome), quantity);
  }
}

Money PayoffGraph::least_gain(const Certificate& certificate) noexcept {
  settle();
  worst_case_.clear();
  if (holds_any_) add_held_payoffs();
  add_leg_payoffs(certificate);
  return dollars(worst_case_.least(axes_) - held_least_);
}

bool PayoffGraph::needs_held(const Certificate& certificate) noexcept {
  if (!holds_any_) return false;
  worst_case_.clear();
  add_leg_payoffs(certificate);
  return dollars(worst_case_.least(axes_)) <= certificate.outlay;
}

// Fills the certificate from the portfolio in work and returns its profit.
Money PayoffGraph::price_portfolio() noexcept {
  certificate_.legs.clear();
  certificate_.fees = Money{};
  certificate_.outlay = Money{};
  for (ArcIndex arc = 0; arc < costs_.instrument_arcs(); ++arc) add_legs(arc);
  certificate_.outlay += certificate_.fees;
  worst_case_.clear();
  for (ArcIndex arc = 0; arc < costs_.instrument_arcs(); ++arc) {
    add_payoff(arc, contracts_[arc / 2].held[arc % 2] + quantity_of(bought(arc)));
  }
  certificate_.guaranteed = dollars(worst_case_.least(axes_) - held_least_);
  return certificate_.profit();
}

void PayoffGraph::add_legs(ArcIndex arc) noexcept {
  Lots rest = bought(arc);
  const ContractIndex contract = arc / 2;
  for (std::size_t i = 0; rest > 0; ++i) {
    ARBEES_ASSERT(i < costs_.displayed_count(arc));
    const CostLevel& level = costs_.displayed(arc, i);
    const Lots lots = std::min(rest, level.lots);
    rest -= lots;
    CertificateLeg leg;
    leg.contract = contract;
    leg.outcome = static_cast<Outcome>(arc % 2);
    leg.price = level.price;
    leg.quantity = quantity_of(lots);
    leg.cost = leg.price * leg.quantity;
    const Decimal price{static_cast<std::uint64_t>(leg.price.units()), Price::kDecimals};
    const Decimal quantity{static_cast<std::uint64_t>(leg.quantity.units()), Quantity::kDecimals};
    const auto exact = fee(contracts_[contract].terms.fees, price, quantity);
    ARBEES_ASSERT(exact.has_value());  // its slope is at most a dollar and quantities are limited
    leg.fee = *exact;
    certificate_.outlay += leg.cost;
    certificate_.fees += leg.fee;
    certificate_.legs.push_back(leg);
  }
}

// Takes one cycle out of the portfolio, if what remains is possible.
bool PayoffGraph::drop_cycle(std::size_t cycle) noexcept {
  const auto steps = circulation_.steps(circulation_.cycles()[cycle]);
  for (const CycleStep& step : steps) lots_[step.arc] -= step.lots;
  is_dropped_[cycle] = 1;
  for (const CycleStep& step : steps) {
    if (lots_[step.arc] < 0 || lots_[step.arc] > costs_.capacity(step.arc)) {
      put_back_cycle(cycle);
      return false;
    }
  }
  return true;
}

void PayoffGraph::put_back_cycle(std::size_t cycle) noexcept {
  for (const CycleStep& step : circulation_.steps(circulation_.cycles()[cycle])) lots_[step.arc] += step.lots;
  is_dropped_[cycle] = 0;
}

bool PayoffGraph::is_too_small(ArcIndex arc) const noexcept {
  const Lots lots = bought(arc);
  return lots > 0 && quantity_of(lots) < contracts_[arc / 2].terms.minimum_order;
}

bool PayoffGraph::is_allowed(std::size_t max_legs) const noexcept {
  std::size_t legs = 0;
  for (ArcIndex arc = 0; arc < costs_.instrument_arcs(); ++arc) {
    if (bought(arc) == 0) continue;
    if (is_too_small(arc)) return false;
    ++legs;
  }
  return legs <= max_legs;
}

// Drops the least profitable cycles until the legs are few and large enough.
bool PayoffGraph::make_allowed(std::size_t max_legs) noexcept {
  const auto cycles = circulation_.cycles();
  std::size_t refused = kNoCycle;  // cycles up to this gain could not be dropped
  while (!is_allowed(max_legs)) {
    std::size_t least = kNoCycle;
    for (std::size_t i = 0; i < cycles.size(); ++i) {
      if (is_dropped_[i] != 0) continue;
      if (refused != kNoCycle && cycles[i].gain <= cycles[refused].gain) continue;
      if (least == kNoCycle || cycles[i].gain < cycles[least].gain) least = i;
    }
    if (least == kNoCycle) return false;
    refused = drop_cycle(least) ? kNoCycle : least;
  }
  return true;
}

// Whether rounding the fees of the cycle's legs could cost as much as the cycle gains.
bool PayoffGraph::is_small_gain(const FilledCycle& cycle) const noexcept {
  constexpr Int128 kRoundingPerLeg = kOneDollar / 10'000;
  const Int128 gain = cycle.gain * limits_.lot.units() / Quantity::kScale;
  return gain <= kRoundingPerLeg * (2 * static_cast<Int128>(cycle.step_count) + 1);
}

Money PayoffGraph::drop_what_rounding_eats(Money profit, std::size_t max_legs) noexcept {
  constexpr int kMaxTrials = 64;
  const auto cycles = circulation_.cycles();
  int trials = 0;
  for (std::size_t i = cycles.size(); i-- > 0 && trials < kMaxTrials;) {
    if (is_dropped_[i] != 0 || !is_small_gain(cycles[i]) || !drop_cycle(i)) continue;
    ++trials;
    const Money without = is_allowed(max_legs) ? price_portfolio() : profit;
    if (without > profit) {
      profit = without;
    } else {
      put_back_cycle(i);
    }
  }
  return profit;
}

Detector PayoffGraph::detector_of(const Certificate& certificate) const noexcept {
  const Contract& first = contracts_[certificate.legs.front().contract];
  Detector detector = Detector::SameMarket;
  std::uint32_t seen_axes = 0;
  static_assert(kMaxAxes <= 32);
  for (const CertificateLeg& leg : certificate.legs) {
    const Contract& contract = contracts_[leg.contract];
    for (AxisIndex axis = 0; axis < axes_.axis_count(); ++axis) {
      if ((seen_axes >> axis & 1U) != 0 && axes_.is_bound(axis, contract.axis)) return Detector::CrossVenue;
    }
    seen_axes |= 1U << contract.axis;
    const bool is_same_market =
        contract.terms.instrument == first.terms.instrument || contract.terms.instrument == first.terms.complement;
    if (!is_same_market) detector = Detector::Ladder;
  }
  return detector;
}

// Whether no leg takes all that its side displays: then a deeper level of each was there, and did not pay.
bool PayoffGraph::is_cut_by_price(const Opportunity& opportunity, const Certificate& certificate) const noexcept {
  std::size_t part = 0;
  for (const Leg& leg : opportunity.legs) {
    while (contracts_[certificate.legs[part].contract].terms.instrument != leg.instrument ||
           certificate.legs[part].outcome != leg.outcome) {
      ++part;
    }
    const ArcIndex arc = arc_of(certificate.legs[part].contract, leg.outcome);
    if (leg.quantity >= quantity_of(costs_.capacity(arc) - costs_.held(arc))) return false;
  }
  return true;
}

void PayoffGraph::describe(const Certificate& certificate, Opportunity& opportunity) const noexcept {
  ARBEES_ASSERT(!certificate.legs.empty());
  opportunity.event_group = contracts_[certificate.legs.front().contract].terms.event_group;
  opportunity.outlay = certificate.outlay;
  opportunity.fees = certificate.fees;
  opportunity.guaranteed = certificate.guaranteed;
  opportunity.detector = detector_of(certificate);
  opportunity.legs.clear();
  for (const CertificateLeg& part : certificate.legs) {
    const GraphContract& terms = contracts_[part.contract].terms;
    const bool is_further_level = !opportunity.legs.empty() && opportunity.legs.back().instrument == terms.instrument &&
                                  opportunity.legs.back().outcome == part.outcome;
    if (!is_further_level) {
      Leg leg;
      leg.instrument = terms.instrument;
      leg.outcome = part.outcome;
      leg.venue = terms.venue;
      leg.asset = terms.asset;
      opportunity.legs.push_back(leg);
    }
    Leg& leg = opportunity.legs.back();
    leg.price = part.price;  // levels ascend: the last is the worst
    leg.quantity += part.quantity;
    leg.cost += part.cost;
    leg.fee += part.fee;
  }
  opportunity.size = Quantity{};
  for (const Leg& leg : opportunity.legs) opportunity.size = std::max(opportunity.size, leg.quantity);
  opportunity.expected_loss = opportunity.tail_reserve = Money{};
  opportunity.is_cut_by_price = is_cut_by_price(opportunity, certificate);
}

}  // namespace arbees

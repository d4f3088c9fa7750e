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

void PayoffGraph::add_payoffs(bool with_purchases) noexcept {
  for (ArcIndex arc = 0; arc < costs_.instrument_arcs(); ++arc) {
    const Contract& contract = contracts_[arc / 2];
    Quantity quantity = contract.held[arc % 2];
    if (with_purchases) quantity += quantity_of(bought(arc));
    if (quantity.is_zero()) continue;
    const bool is_no = !pays_inside(contract, static_cast<Outcome>(arc % 2));
    worst_case_.add({contract.axis, axes_.rank(contract.axis, contract.from), axes_.rank(contract.axis, contract.to),
                     quantity.units(), is_no});
  }
}

// Fills the certificate from the portfolio in work and returns its profit.
Money PayoffGraph::price_portfolio() noexcept {
  certificate_.legs.clear();
  certificate_.fees = Money{};
  certificate_.outlay = Money{};
  for (ArcIndex arc = 0; arc < costs_.instrument_arcs(); ++arc) add_legs(arc);
  certificate_.outlay += certificate_.fees;
  worst_case_.clear();
  add_payoffs(true);
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
  for (const CertificateLeg& leg : certificate.legs) {
    const Contract& contract = contracts_[leg.contract];
    if (contract.axis != first.axis) return Detector::CrossVenue;
    const bool is_same_market =
        contract.terms.instrument == first.terms.instrument || contract.terms.instrument == first.terms.complement;
    if (!is_same_market) detector = Detector::Ladder;
  }
  return detector;
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
}

}  // namespace arbees

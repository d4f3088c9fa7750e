#include "random_market.h"

#include <algorithm>
#include <cmath>

namespace arbees {

bool RandomContract::pays_yes(std::int64_t half_units) const {
  if (is_range) return half_units >= 2 * lower && (includes_upper ? half_units <= 2 * upper : half_units < 2 * upper);
  switch (comparator) {
    case Comparator::GreaterOrEqual: return half_units >= 2 * lower;
    case Comparator::Greater: return half_units > 2 * lower;
    case Comparator::LessOrEqual: return half_units <= 2 * lower;
    case Comparator::Less: return half_units < 2 * lower;
    case Comparator::Unknown: break;
  }
  return false;
}

Interval RandomContract::interval() const {
  if (is_range) return {at_least(lower), includes_upper ? above(upper) : at_least(upper)};
  switch (comparator) {
    case Comparator::Greater: return {above(lower), kPlusInfinity};
    case Comparator::LessOrEqual: return {kMinusInfinity, above(lower)};
    case Comparator::Less: return {kMinusInfinity, at_least(lower)};
    default: return {at_least(lower), kPlusInfinity};
  }
}

std::vector<std::vector<std::int64_t>> RandomMarket::states() const {
  std::vector<std::vector<std::int64_t>> all{{}};
  for (std::size_t axis = 0; axis < axes; ++axis) {
    std::vector<std::vector<std::int64_t>> longer;
    for (const auto& state : all) {
      for (std::int64_t value = -1; value <= 2 * kHighestStrike + 1; ++value) {
        const bool meets = bound < 0 || std::all_of(
                                            state.begin(), state.end(),
                                            [&](std::int64_t other) { return std::abs(value - other) <= 2 * bound; });
        if (!meets) continue;
        longer.push_back(state);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

double fair_probability(const RandomContract& contract) {
  int pays = 0;
  int all = 0;
  for (std::int64_t value = -1; value <= 2 * kHighestStrike + 1; ++value) {
    pays += contract.pays_yes(value) ? 1 : 0;
    ++all;
  }
  return static_cast<double>(pays) / all;
}

std::vector<QuoteLevel> random_asks(Random& random, double fair, Quantity lot) {
  std::vector<QuoteLevel> asks;
  if (random.chance(1, 5)) return asks;
  std::int64_t price = std::lround(fair * 10'000) + random.between(-800, 1'500);
  const auto levels = random.between(1, 3);
  for (std::int64_t i = 0; i < levels; ++i) {
    price = std::clamp<std::int64_t>(price, 0, 10'000);
    asks.push_back({Price::from_units(price), lot * random.between(1, 20)});
    price += random.between(1, 300);
  }
  return asks;
}

namespace {

FeeTerms random_fees(Random& random) {
  FeeTerms terms;
  terms.model = random.chance(1, 3)   ? FeeModel::None
                : random.chance(1, 2) ? FeeModel::KalshiQuadratic
                                      : FeeModel::PolymarketCurve;
  terms.rate = {7, 2};
  return terms;
}

RandomContract random_contract(Random& random, const RandomMarket& market) {
  RandomContract contract;
  contract.axis = random.below(market.axes);
  contract.lower = random.between(0, kHighestStrike);
  contract.is_range = random.chance(2, 5) && contract.lower < kHighestStrike;
  contract.upper = contract.is_range ? random.between(contract.lower + 1, kHighestStrike) : 0;
  contract.includes_upper = contract.is_range && random.chance(1, 4);
  constexpr Comparator kComparators[] = {Comparator::GreaterOrEqual, Comparator::Greater, Comparator::LessOrEqual,
                                         Comparator::Less};
  contract.comparator = kComparators[random.chance(1, 2) ? 0 : random.below(4)];
  contract.fees = random_fees(random);
  const double fair = fair_probability(contract);
  contract.asks[0] = random_asks(random, fair, market.lot);
  contract.asks[1] = random_asks(random, 1 - fair, market.lot);
  return contract;
}

}  // namespace

RandomMarket random_market(Random& random) {
  RandomMarket market;
  market.axes = random.chance(1, 12) ? 3 : random.chance(1, 2) ? 2 : 1;
  market.bound = random.chance(1, 6) ? -1 : random.between(0, 3);
  constexpr std::int64_t kLots[] = {1, 100, 250};
  market.lot = Quantity::from_units(kLots[random.below(3)]);
  const auto contracts = random.between(2, 9);
  const bool holds = random.chance(1, 3);
  for (std::int64_t i = 0; i < contracts; ++i) {
    market.contracts.push_back(random_contract(random, market));
    for (Quantity& held : market.contracts.back().held) {
      if (holds && random.chance(1, 4)) held = market.lot * random.between(1, 15);
    }
  }
  return market;
}

void list_market(const RandomMarket& market, PayoffGraph& graph) {
  std::vector<AxisIndex> axes(market.axes, AxisIndex{kMaxAxes});
  for (std::size_t i = 0; i < market.contracts.size(); ++i) {
    const RandomContract& contract = market.contracts[i];
    GraphContract listed;
    listed.instrument = InstrumentId{i + 1};
    listed.axis.serial = static_cast<std::uint8_t>(contract.axis);
    listed.interval = contract.interval();
    listed.fees = contract.fees;
    const ContractIndex index = graph.add_contract(listed).value();
    axes[contract.axis] = graph.axis_of(index);
  }
  for (std::size_t a = 0; a < market.axes; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      if (market.bound < 0 || axes[a] == kMaxAxes || axes[b] == kMaxAxes) continue;
      graph.set_basis_bound(axes[a], axes[b], Coordinate{market.bound});
    }
  }
  for (ContractIndex i = 0; i < market.contracts.size(); ++i) {
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      const auto o = static_cast<std::size_t>(outcome);
      graph.set_quotes(i, outcome, market.contracts[i].asks[o]);
      graph.set_held(i, outcome, market.contracts[i].held[o]);
    }
  }
}

}  // namespace arbees

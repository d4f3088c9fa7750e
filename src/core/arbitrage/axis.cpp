#include "core/arbitrage/axis.h"

namespace arbees {
namespace {

Coordinate units(Strike strike) noexcept { return strike.units(); }

Interval threshold_interval(Comparator comparator, Strike strike) noexcept {
  switch (comparator) {
    case Comparator::GreaterOrEqual: return {at_least(units(strike)), kPlusInfinity};
    case Comparator::Greater: return {above(units(strike)), kPlusInfinity};
    case Comparator::LessOrEqual: return {kMinusInfinity, above(units(strike))};
    case Comparator::Less: return {kMinusInfinity, at_least(units(strike))};
    case Comparator::Unknown: break;
  }
  return {};
}

// Whole outcome numbers, within the count if that is known.
bool is_category(const ContractTerms& terms) noexcept {
  if (terms.lower.units() % Strike::kScale != 0 || terms.upper.units() % Strike::kScale != 0) return false;
  if (terms.lower.is_negative()) return false;
  return terms.upper.is_zero() || terms.lower < terms.upper;
}

// Outcome number `lower`: the cell [i, i + 1). The first has no lower end; the last none above, if it is known.
Interval category_interval(const ContractTerms& terms) noexcept {
  const Coordinate index = units(terms.lower) / Strike::kScale;
  const Coordinate count = units(terms.upper) / Strike::kScale;
  Interval cell{at_least(index), at_least(index + 1)};
  if (index == 0) cell.from = kMinusInfinity;
  if (index + 1 == count) cell.to = kPlusInfinity;
  return cell;
}

// The upper end of what a cell can hold, as "everything below or at": on a grid the last value is a step below.
Coordinate effective_end(const Cell& cell) noexcept {
  if (cell.step == 1 || cell.to == kPlusInfinity) return cell.to;
  return cell.to - cell.step + 1;
}

}  // namespace

Coordinate axis_step(const AxisKey& key) noexcept {
  if (key.rounding_decimals > Strike::kDecimals) return 1;
  return 2 * Coordinate{power_of_ten(Strike::kDecimals - key.rounding_decimals)};
}

Coordinate fold_up(Coordinate threshold, Coordinate step) noexcept {
  if (step == 1 || threshold == kMinusInfinity || threshold == kPlusInfinity) return threshold;
  const Coordinate rest = ((threshold % step) + step) % step;
  return rest == 0 ? threshold : threshold + (step - rest);
}

Result<AxisInterval, NotTradable> axis_interval(const ContractTerms& terms) noexcept {
  if (const NotTradable reason = judge_terms(terms); reason != NotTradable::None) return failure(reason);
  AxisInterval result;
  result.axis.source = terms.source;
  result.axis.asset = terms.asset;
  result.axis.closes_at = terms.closes_at;
  result.axis.rounding_decimals = terms.rounding_decimals;
  switch (terms.payoff) {
    case Payoff::Threshold:
    case Payoff::UpDown: result.interval = threshold_interval(terms.comparator, terms.lower); break;
    case Payoff::Range:
      result.interval.from = at_least(units(terms.lower));
      result.interval.to = terms.includes_upper != 0 ? above(units(terms.upper)) : at_least(units(terms.upper));
      break;
    case Payoff::Category:
      if (!is_category(terms)) return failure(NotTradable::UnknownStrike);
      result.axis.event_group = terms.event_group;
      result.axis.rounding_decimals = kNotRounded;
      result.interval = category_interval(terms);
      break;
    case Payoff::Hit: return failure(NotTradable::TermsRefused);
    case Payoff::Unknown: return failure(NotTradable::UnknownPayoff);
  }
  const Coordinate step = axis_step(result.axis);
  result.interval.from = fold_up(result.interval.from, step);
  result.interval.to = fold_up(result.interval.to, step);
  if (result.interval.from >= result.interval.to) return failure(NotTradable::UnknownStrike);
  return result;
}

bool can_meet(const Cell& a, const Cell& b, Coordinate bound) noexcept {
  return a.from - bound < effective_end(b) && b.from - bound < effective_end(a);
}

}  // namespace arbees

#include "core/arbitrage/contract_match.h"

#include <array>

#include "core/arbitrage/axis.h"

namespace arbees {
namespace {

constexpr std::array<std::string_view, 3> kMatches = {"identical", "index_basis", "no_pair"};
constexpr std::array<std::string_view, 7> kReasons = {"",       "unknown_terms", "asset", "instant",
                                                      "window", "payoff",        "strike"};

ContractMatch no_pair(MismatchReason reason) noexcept { return {MatchClass::NoPair, reason, false}; }

bool pays_above(Comparator comparator) noexcept {
  return comparator == Comparator::GreaterOrEqual || comparator == Comparator::Greater;
}

// Whether the terms say enough to be compared; fees, grid and phase are another matter.
bool is_known(const ContractTerms& terms) noexcept {
  const bool is_settled_value =
      terms.payoff == Payoff::Threshold || terms.payoff == Payoff::Range || terms.payoff == Payoff::UpDown;
  if (!is_settled_value || terms.asset == Asset::Unknown || terms.source == SettlementSource::Unknown) return false;
  if (terms.closes_at == kNoTime) return false;
  if (terms.payoff == Payoff::UpDown) return terms.opens_at != kNoTime && terms.comparator != Comparator::Unknown;
  if (terms.payoff == Payoff::Threshold && terms.comparator == Comparator::Unknown) return false;
  return terms.has_lower != 0;
}

// The coordinate from which a contract pays, with its source's rounding: "> 63,999.99" of cents is "≥ 64,000".
Coordinate turning_point(const ContractTerms& terms, Strike strike, bool is_strict) noexcept {
  AxisKey key;
  key.rounding_decimals = terms.rounding_decimals;
  const Coordinate units = strike.units();
  return fold_up(is_strict ? above(units) : at_least(units), axis_step(key));
}

// Where Yes begins or ends to pay.
Coordinate threshold_point(const ContractTerms& terms) noexcept {
  const bool is_strict = terms.comparator == Comparator::Greater || terms.comparator == Comparator::LessOrEqual;
  return turning_point(terms, terms.lower, is_strict);
}

// "≥ K" and "> K" are one coordinate apart: the same strike, told apart only by equality itself.
bool is_same_strike(Coordinate a, Coordinate b, ContractMatch& match) noexcept {
  if (a != b) match.differs_on_equality = true;
  return a / 2 == b / 2 && a - b <= 1 && b - a <= 1;
}

}  // namespace

std::string_view match_class_name(MatchClass match) noexcept { return kMatches[static_cast<std::size_t>(match)]; }
std::string_view mismatch_name(MismatchReason reason) noexcept { return kReasons[static_cast<std::size_t>(reason)]; }

ContractMatch match_contracts(const ContractTerms& a, const ContractTerms& b) noexcept {
  if (!is_known(a) || !is_known(b)) return no_pair(MismatchReason::UnknownTerms);
  if (a.asset != b.asset) return no_pair(MismatchReason::OtherAsset);
  if (a.closes_at != b.closes_at) return no_pair(MismatchReason::OtherInstant);
  if (a.payoff != b.payoff) return no_pair(MismatchReason::OtherPayoff);
  ContractMatch match;
  match.reason = MismatchReason::None;
  const bool is_one_source = a.source == b.source && a.rounding_decimals == b.rounding_decimals;
  match.match = is_one_source ? MatchClass::Identical : MatchClass::IndexBasis;
  if (a.payoff == Payoff::Range) {
    if (a.pays_outside != b.pays_outside) return no_pair(MismatchReason::OtherPayoff);
    const bool is_same = is_same_strike(turning_point(a, a.lower, false), turning_point(b, b.lower, false), match) &&
                         is_same_strike(turning_point(a, a.upper, a.includes_upper != 0),
                                        turning_point(b, b.upper, b.includes_upper != 0), match);
    return is_same ? match : no_pair(MismatchReason::OtherStrike);
  }
  if (pays_above(a.comparator) != pays_above(b.comparator)) return no_pair(MismatchReason::OtherPayoff);
  if (a.payoff == Payoff::UpDown) {
    if (a.opens_at != b.opens_at) return no_pair(MismatchReason::OtherWindow);
    match.differs_on_equality = a.comparator != b.comparator;
    return match;
  }
  return is_same_strike(threshold_point(a), threshold_point(b), match) ? match : no_pair(MismatchReason::OtherStrike);
}

}  // namespace arbees

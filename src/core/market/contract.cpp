#include "core/market/contract.h"

namespace arbees {

std::string_view not_tradable_name(NotTradable reason) noexcept {
  switch (reason) {
    case NotTradable::None: return "none";
    case NotTradable::UnknownPayoff: return "unknown_payoff";
    case NotTradable::UnknownSettlement: return "unknown_settlement";
    case NotTradable::UnknownTick: return "unknown_tick";
    case NotTradable::UnknownFee: return "unknown_fee";
    case NotTradable::UnknownStrike: return "unknown_strike";
    case NotTradable::NotOpen: return "not_open";
    case NotTradable::Closed: return "closed";
    case NotTradable::TermsRefused: return "terms_refused";
    case NotTradable::NotApproved: return "not_approved";
    case NotTradable::NoRoom: return "no_room";
  }
  return "unknown";
}

NotTradable judge_terms(const ContractTerms& terms) noexcept {
  if (terms.payoff == Payoff::Unknown) return NotTradable::UnknownPayoff;
  const bool compares = terms.payoff == Payoff::Threshold || terms.payoff == Payoff::UpDown;
  if (compares && terms.comparator == Comparator::Unknown) return NotTradable::UnknownPayoff;
  if (terms.pays_outside != 0 && terms.payoff != Payoff::Range) return NotTradable::UnknownPayoff;
  if (terms.source == SettlementSource::Unknown || terms.asset == Asset::Unknown || terms.closes_at == kNoTime) {
    return NotTradable::UnknownSettlement;
  }
  if (terms.has_lower == 0) return NotTradable::UnknownStrike;
  if (terms.payoff == Payoff::Range && terms.upper <= terms.lower) return NotTradable::UnknownStrike;
  if (!terms.grid.is_known()) return NotTradable::UnknownTick;
  if (terms.fees.model == FeeModel::Unknown) return NotTradable::UnknownFee;
  return NotTradable::None;
}

}  // namespace arbees

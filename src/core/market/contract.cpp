#include "core/market/contract.h"

#include <array>

namespace arbees {
namespace {

constexpr std::array<std::string_view, 6> kPayoffs = {"unknown", "threshold", "range", "up_down", "hit", "category"};
constexpr std::array<std::string_view, 5> kComparators = {"unknown", "ge", "gt", "le", "lt"};
constexpr std::array<std::string_view, 7> kSources = {"unknown",           "cf_benchmarks_mean_60", "chainlink_spot",
                                                      "chainlink_twap_30", "chainlink_twap_60",     "binance_candle_1m",
                                                      "binance_candle_1h"};
constexpr std::array<std::string_view, 4> kFeeModels = {"unknown", "none", "kalshi", "polymarket"};

template <class Enum, std::size_t Size>
std::string_view name_of(const std::array<std::string_view, Size>& names, Enum value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < Size ? names[index] : "invalid";
}

}  // namespace

std::string_view payoff_name(Payoff payoff) noexcept { return name_of(kPayoffs, payoff); }
std::string_view comparator_name(Comparator comparator) noexcept { return name_of(kComparators, comparator); }
std::string_view settlement_source_name(SettlementSource source) noexcept { return name_of(kSources, source); }
std::string_view fee_model_name(FeeModel model) noexcept { return name_of(kFeeModels, model); }

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

#include "adapters/venue/catalog_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/telemetry/format.h"
#include "core/base/hash.h"

namespace arbees {
namespace {

constexpr std::array<std::string_view, 7> kPhases = {"unknown", "initialized", "active", "paused",
                                                     "closed",  "determined",  "settled"};

std::string millionths_text(std::uint32_t millionths) { return format_decimal_short(millionths, 6); }

std::string_view sign_of(Comparator comparator) noexcept {
  switch (comparator) {
    case Comparator::GreaterOrEqual: return ">=";
    case Comparator::Greater: return ">";
    case Comparator::LessOrEqual: return "<=";
    case Comparator::Less: return "<";
    case Comparator::Unknown: break;
  }
  return "?";
}

std::string lower_text(const ContractTerms& terms) {
  return terms.has_lower != 0 ? to_short_text(terms.lower) : "unknown";
}

std::string rounding_text(const ContractTerms& terms) {
  return terms.rounding_decimals == 255 ? "none" : fmt::format("{} decimals", terms.rounding_decimals);
}

std::string instant_text(Timestamp time) { return time == kNoTime ? "unknown" : to_iso_ms(time); }

std::string line_text(std::string_view key, std::string_view value) {
  return fmt::format("  {:<9} {}\n", key, value.empty() ? "-" : value);
}

std::string terms_text(const CatalogEntry& entry) {
  const ContractTerms& terms = entry.terms;
  const RuleEssentials& rules = entry.rules;
  std::string text =
      line_text("payoff", fmt::format("{} {}", asset_name(terms.asset), payoff_text(terms))) +
      line_text("value", fmt::format("{}, rounded: {}", settlement_source_name(terms.source), rounding_text(terms))) +
      line_text("window", instant_text(terms.opens_at) + " to " + instant_text(terms.closes_at)) +
      line_text("grid", grid_text(terms.grid)) +
      line_text("sizes",
                fmt::format("lot {} minimum {}", to_short_text(terms.lot), to_short_text(terms.minimum_order))) +
      line_text("fees", fee_text(terms.fees));
  for (const auto& [key, value] : {std::pair<std::string_view, std::string_view>{"source", rules.source},
                                   {"condition", rules.condition},
                                   {"instant", rules.instant},
                                   {"rounding", rules.rounding},
                                   {"tie", rules.tie}}) {
    text += line_text(key, value);
  }
  return text;
}

std::string state_text(const CatalogEntry& entry) {
  std::string text(phase_name(entry.phase));
  if (!entry.accepts_orders) text += ", accepts no orders";
  if (entry.is_negative_risk) text += ", negative risk";
  if (!entry.version.empty()) text += ", version " + entry.version;
  if (entry.exchange_index >= 0) text += fmt::format(", exchange {}", entry.exchange_index);
  if (entry.payout) text += ", paid " + to_short_text(*entry.payout);
  if (entry.settled_value) text += " at " + to_short_text(*entry.settled_value);
  return text;
}

}  // namespace

void CatalogEntry::conclude() {
  if (refusals.empty()) {
    const NotTradable judged = judge_terms(terms);
    if (judged != NotTradable::None) refuse(judged, std::string(not_tradable_name(judged)));
  }
  // A start value that becomes known makes a contract tradable by itself, so it counts only where nothing else does.
  const auto decisive = std::find_if(refusals.begin(), refusals.end(),
                                     [](const Refusal& r) { return r.reason != NotTradable::UnknownStrike; });
  terms.not_tradable = decisive != refusals.end() ? decisive->reason
                                                  : (refusals.empty() ? NotTradable::None : NotTradable::UnknownStrike);
}

std::string CatalogEntry::refusal_text() const {
  std::string text;
  for (const Refusal& refusal : refusals) {
    if (!text.empty()) text += "; ";
    text += refusal.text;
  }
  return text;
}

std::string_view phase_name(ContractPhase phase) noexcept {
  const auto index = static_cast<std::size_t>(phase);
  return index < kPhases.size() ? kPhases[index] : "invalid";
}

std::string grid_text(const PriceGrid& grid) {
  if (!grid.is_known()) return "unknown";
  std::string text;
  for (const PriceBand& band : grid.bands) {
    if (band.step == 0) continue;
    if (!text.empty()) text += ' ';
    text += to_short_text(Price::from_units(band.from)) + ":" + to_short_text(Price::from_units(band.step));
  }
  return text;
}

std::string fee_text(const FeeSchedule& fees) {
  if (fees.model == FeeModel::Unknown || fees.model == FeeModel::None) return std::string(fee_model_name(fees.model));
  return fmt::format("{} taker {} maker {} multiplier {} exponent {}", fee_model_name(fees.model),
                     millionths_text(fees.taker_rate), millionths_text(fees.maker_rate),
                     format_decimal_short(fees.multiplier, 4), fees.exponent);
}

std::string payoff_text(const ContractTerms& terms) {
  switch (terms.payoff) {
    case Payoff::Threshold: return fmt::format("pays if value {} {}", sign_of(terms.comparator), lower_text(terms));
    case Payoff::UpDown:
      return fmt::format("pays if value {} start value {}", sign_of(terms.comparator), lower_text(terms));
    case Payoff::Range:
      return fmt::format("pays {} {} <= value {} {}", terms.pays_outside != 0 ? "unless" : "if", lower_text(terms),
                         terms.includes_upper != 0 ? "<=" : "<", to_short_text(terms.upper));
    case Payoff::Hit: return fmt::format("pays if the path is {} {}", sign_of(terms.comparator), lower_text(terms));
    case Payoff::Category: return "pays on outcome " + lower_text(terms);
    case Payoff::Unknown: break;
  }
  return "unknown payoff";
}

std::string entry_text(const CatalogEntry& entry) {
  std::string text = fmt::format("{} {} ({})\n", venue_name(entry.venue), entry.symbol, entry.outcome) +
                     line_text("family", entry.family) + line_text("event", entry.event) +
                     line_text("market", entry.market);
  if (!entry.other.empty()) text += line_text("other", entry.other);
  if (!entry.family.empty()) text += terms_text(entry);
  text += line_text("state", state_text(entry));
  const std::string reason =
      fmt::format("no ({}): {}", not_tradable_name(entry.terms.not_tradable), entry.refusal_text());
  return text + line_text("tradable", entry.is_tradable() ? "yes" : reason);
}

std::uint64_t rules_fingerprint(const CatalogEntry& entry) {
  const RuleEssentials& rules = entry.rules;
  return hash64(fmt::format("rules 1\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n", entry.family,
                            settlement_source_name(entry.terms.source), rules.source, rules.instant, rules.rounding,
                            rules.tie, fee_text(entry.terms.fees), to_short_text(entry.terms.minimum_order)));
}

}  // namespace arbees

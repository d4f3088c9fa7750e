#include "adapters/venue/polymarket/terms.h"

#include "adapters/venue/polymarket/families.h"
#include "adapters/venue/polymarket/market_fields.h"
#include "adapters/venue/polymarket/rules.h"
#include "core/base/hash.h"

namespace arbees::polymarket {
namespace {

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

// The event of a market document is the only element of its `events`.
JsonView event_of(const JsonView& market, const JsonView& event) {
  if (event.is_object()) return event;
  JsonView own;
  std::size_t count = 0;
  market["events"].for_each([&](const JsonView& one) {
    own = one;
    ++count;
  });
  return count == 1 ? own : JsonView();
}

// Short windows are one market of their own slug, so they can be read without their event.
std::string_view event_slug(const JsonView& market, const JsonView& event) {
  if (event.is_object()) return event["slug"].text();
  const std::string_view own = market["slug"].text();
  const auto parts = read_slug(own);
  return parts && window_of(parts->product) > Duration{0} ? own : std::string_view();
}

// What pays exactly when the other token does not.
void complement_terms(ContractTerms& terms) {
  switch (terms.comparator) {
    case Comparator::GreaterOrEqual: terms.comparator = Comparator::Less; break;
    case Comparator::Greater: terms.comparator = Comparator::LessOrEqual; break;
    case Comparator::LessOrEqual: terms.comparator = Comparator::Greater; break;
    case Comparator::Less: terms.comparator = Comparator::GreaterOrEqual; break;
    case Comparator::Unknown: break;
  }
  if (terms.payoff == Payoff::Range) terms.pays_outside = 1;
}

void check_ids(const JsonView& market, const Tokens& tokens, CatalogEntry& entry) {
  if (!is_condition_id(entry.market)) entry.refuse(NotTradable::TermsRefused, "conditionId missing or malformed");
  if (!tokens.refusal.empty()) entry.refuse(NotTradable::TermsRefused, tokens.refusal);
  entry.version = tokens.version;
  entry.is_negative_risk = market["negRisk"].is_true();
  if (!market["negRisk"].is_true() && !market["negRisk"].is_false()) {
    entry.refuse(NotTradable::TermsRefused, "negRisk is not stated");
  }
}

void check_event(const JsonView& event, CatalogEntry& entry) {
  if (event["negRiskAugmented"].is_true()) {
    entry.refuse(NotTradable::TermsRefused,
                 "augmented negative-risk event: outcomes may be added and renamed, so it is never complete");
  }
}

// Everything that both tokens share, as the terms of the one that pays on "Up" or "Yes".
CatalogEntry read_shared(const JsonView& market, const JsonView& event, const Tokens& tokens) {
  CatalogEntry entry;
  entry.venue = entry.terms.venue = Venue::Polymarket;
  entry.market = std::string(market["conditionId"].text());
  entry.event = std::string(event_slug(market, event));
  entry.title = std::string(market["question"].text());
  // An event is a set of markets with one slug; a market read without it is an event of its own.
  entry.terms.event_group = hash64(entry.event.empty() ? entry.market : entry.event);
  check_ids(market, tokens, entry);
  check_event(event, entry);
  const auto parts = read_slug(entry.event);
  if (!parts) {
    entry.refuse(NotTradable::UnknownPayoff, entry.event.empty()
                                                 ? "the market's event is not stated"
                                                 : "event " + quoted(entry.event) + " is in no family of the table");
    return entry;
  }
  entry.family = parts->family();
  entry.terms.asset = parts->coin->asset;
  read_rules({market, event, *parts}, entry);
  read_trading_fields(market, entry);
  return entry;
}

}  // namespace

bool read_market(const JsonView& market, const JsonView& event, std::array<CatalogEntry, 2>& entries,
                 std::string& problem) {
  const auto tokens = read_tokens(market, problem);
  if (!tokens) return false;
  const JsonView own_event = event_of(market, event);
  CatalogEntry shared = read_shared(market, own_event, *tokens);
  const bool is_up_down = tokens->outcomes[0] == "Up" || tokens->outcomes[0] == "Down";
  const std::string_view positive = is_up_down ? "Up" : "Yes";
  const std::string_view negative = is_up_down ? "Down" : "No";
  const std::size_t first = tokens->outcomes[0] == positive ? 0 : 1;
  if (tokens->outcomes[first] != positive || tokens->outcomes[1 - first] != negative) {
    shared.refuse(NotTradable::UnknownPayoff,
                  "outcomes " + quoted(tokens->outcomes[0]) + " and " + quoted(tokens->outcomes[1]));
  }
  if (shared.terms.payoff != Payoff::Unknown && is_up_down != (shared.terms.payoff == Payoff::UpDown)) {
    shared.refuse(NotTradable::UnknownPayoff, "the outcomes are not those of the family");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    CatalogEntry& entry = entries[i];
    entry = shared;
    entry.symbol = tokens->ids[i];
    entry.other = tokens->ids[1 - i];
    entry.outcome = tokens->outcomes[i];
    entry.terms.complement = instrument_id(Venue::Polymarket, entry.other);
    if (i != first) complement_terms(entry.terms);
    read_state(market, i, entry);
    if (entry.terms.payoff == Payoff::UpDown && entry.terms.has_lower == 0) {
      entry.refuse(NotTradable::UnknownStrike, "the start value is known only after the open");
    }
    entry.conclude();
  }
  return true;
}

}  // namespace arbees::polymarket

#pragma once
// What a venue's catalog says about one contract: its terms, where they come from, and why it may not be traded.
//
// One entry for each instrument: a Kalshi market, or one token of a Polymarket market. Terms come from structured
// fields first and from rules text only where it has a known form; each thing that is not understood, or that two
// fields tell differently, adds a refusal, and the first one decides `terms.not_tradable`. An entry with a refusal is
// still listed, so that people see what is left out and why.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/venue/frame.h"
#include "core/market/contract.h"
#include "core/market/event.h"

namespace arbees {

// The wording that decides, reduced to its forms: no dates and no strikes, so that all contracts of one rolling
// family have the same essentials until the venue changes a rule.
struct RuleEssentials {
  std::string source;     // what is measured, and by whom
  std::string condition;  // when Yes (Up) pays
  std::string instant;    // how the window follows from the venue's times
  std::string rounding;
  std::string tie;  // what happens on equality, or when no value can be had
};

struct Refusal {
  NotTradable reason = NotTradable::TermsRefused;
  std::string text;
};

struct CatalogEntry {
  Venue venue = Venue::Unknown;
  std::string symbol;   // ticker, or token id
  std::string other;    // the token of the other outcome; empty on Kalshi
  std::string market;   // ticker, or condition id
  std::string event;    // event ticker, or event slug
  std::string family;   // "kalshi:KXBTC15M", "polymarket:btc-updown-15m"; empty if in no table
  std::string outcome;  // what this instrument pays on: "Yes", "No", "Up", "Down"
  std::string title;    // for people only: nothing is ever decided by it
  std::string version;  // Polymarket's protocol generation of the market
  RuleEssentials rules;
  ContractTerms terms;
  ContractPhase phase = ContractPhase::Unknown;
  std::optional<Price> payout;  // of this instrument, once the venue has decided
  std::optional<SpotPrice> settled_value;
  std::vector<Refusal> refusals;
  std::int32_t exchange_index = -1;  // Kalshi's shard; −1: not stated
  bool is_negative_risk = false;
  bool accepts_orders = true;  // as the venue says now; phase has the rest

  [[nodiscard]] InstrumentId id() const noexcept { return instrument_id(venue, symbol); }
  [[nodiscard]] bool is_tradable() const noexcept { return terms.not_tradable == NotTradable::None; }
  void refuse(NotTradable reason, std::string text) { refusals.push_back({reason, std::move(text)}); }
  // Sets terms.not_tradable from the refusals, else from the terms themselves.
  void conclude();
  // All refusals, separated by "; ".
  [[nodiscard]] std::string refusal_text() const;
};

// One answer of a venue: what could be read, what could not, and where the listing goes on.
struct CatalogPage {
  std::vector<CatalogEntry> entries;
  std::vector<Anomaly> anomalies;  // documents or rows that could not be read; the others went on
  std::string next_cursor;         // empty: the listing ends here
  std::size_t rows = 0;            // markets and events seen, understood or not
};

// "initialized", "active" …
[[nodiscard]] std::string_view phase_name(ContractPhase phase) noexcept;
// "0:0.01", or "0:0.001 0.1:0.01 0.9:0.001"; "unknown".
[[nodiscard]] std::string grid_text(const PriceGrid& grid);
// "none", "polymarket taker 0.07 maker 0 multiplier 1 exponent 1".
[[nodiscard]] std::string fee_text(const FeeSchedule& fees);
// "pays if value >= 84000", "pays if 53200 <= value <= 53299.99": what the terms say, in a line.
[[nodiscard]] std::string payoff_text(const ContractTerms& terms);
// The entry as lines of text, the same for the same entry on every machine: for manifests and expected outputs.
[[nodiscard]] std::string entry_text(const CatalogEntry& entry);
// What an approval holds: the family's name, its rules and its fees. Changes when, and only when, one of them does.
[[nodiscard]] std::uint64_t rules_fingerprint(const CatalogEntry& entry);

}  // namespace arbees

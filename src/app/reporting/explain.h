#pragma once
// Why one opportunity was, or was not, traded: its decision from the ledger, and the moment itself from the journal.
//
// The session's journal is replayed to the event that caused the decision; then the books, ages, fees and legs of
// that moment are as they were. A ledger without its journal explains what the ledger alone knows.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/store/ledger_decisions.h"
#include "app/reporting/payout_states.h"
#include "core/market/market_state.h"

namespace arbees::app {

struct ExplainedLevel {
  Price price;  // in the Yes frame
  Quantity quantity;
};

// One leg with what stood behind it.
struct ExplainedLeg {
  PayoutLeg leg;
  std::string symbol;
  BookStatus book_status = BookStatus::Unproven;
  Duration book_age{};
  std::vector<ExplainedLevel> bids;  // best first
  std::vector<ExplainedLevel> asks;
};

// The moment of a decision, from the journal.
struct ExplainedMoment {
  Timestamp received_at = kNoTime;
  Timestamp exchange_at = kNoTime;
  Duration handling{};  // of the event, from book to orders: as measured now, on this machine
  std::vector<ExplainedLeg> legs;
  std::vector<ExplainedLeg> held;  // a completion: what was held then of contracts that settle together
  std::vector<BasisBoundSet> bounds;
  std::vector<PayoutState> states;  // of the legs, and of what was held if the legs complete that
};

struct Explanation {
  std::vector<LedgerDecision> judgements;  // of the opportunity, in order
  std::size_t asked = 0;                   // which of them is explained
  std::optional<LedgerOpportunityEnd> end;
  std::optional<LedgerRequest> request;
  std::vector<LedgerOrder> orders;
  std::vector<LedgerFill> fills;  // of these orders
  std::optional<ExplainedMoment> moment;
  std::string no_moment;  // why there is none

  [[nodiscard]] const LedgerDecision& decision() const { return judgements[asked]; }
};

// `id` is that of an opportunity (its accepted judgement, else its last) or of a request; nothing if it is neither.
[[nodiscard]] std::optional<Explanation> explain(std::uint64_t id, const LedgerContents& ledger,
                                                 const LedgerDecisions& decisions);

// Replays `journal` to the decision that is explained.
void add_moment(Explanation& explanation, const std::string& journal);

[[nodiscard]] std::string explanation_document(const Explanation& explanation);
[[nodiscard]] std::string explanation_text(const Explanation& explanation);

}  // namespace arbees::app

#pragma once
// Audits a ledger: everything that can be derived twice is derived twice and compared.
//
// Exposure is what positions not yet closed or settled have cost, fees included, hedged legs not netted;
// it is recomputed after every fill in the order recorded. A sale takes out cost in proportion, rounded
// down, as the portfolio of the risk gate does.
//
// An order was allowed for what was held and reserved when it was sent. What the venue, or a person, has told since
// then (a fill after its order's end, a sale that did not settle, contracts from outside) nobody could count: an
// excess over a limit that is no greater than that is told, and is no fault of the books. Any other is a problem.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "adapters/store/ledger_contents.h"

namespace arbees {

struct LedgerPosition {
  LedgerContract contract;
  Quantity quantity;
  Money cost;  // price plus fees of what is held
};

// Won or lost by a sale, by a fill that failed, or by buying what a failed one had sold.
struct LedgerResult {
  Timestamp at = kNoTime;
  Money amount;
};

// Exposure went over a limit because of what nobody could count before.
struct LedgerExcess {
  Timestamp at = kNoTime;
  std::string key;    // the limit's
  std::string asset;  // empty: of all
  Money amount;       // the most until it was within the limit again
  Money limit;
  std::string cause;
};

struct LedgerAudit {
  std::vector<std::string> problems;   // texts for people; empty: the ledger is right
  std::size_t shortages = 0;           // of the problems: less than nothing is held because a purchase has failed
  std::size_t overbought = 0;          // the last ones of the problems: bought over a limit, and nothing explains it
  std::vector<LedgerExcess> excesses;  // in the order recorded
  std::uint64_t duplicate_fills = 0;   // fills that are in the books twice
  std::uint64_t lost_fills = 0;        // orders that ended with more filled than the books have
  std::map<std::string, Money> cash;   // by venue
  std::map<std::string, Money> paid_pairs;  // by venue that pays a Yes and a No of one market at once, if there are any
  std::vector<LedgerPosition> positions;    // open ones, by venue, symbol and outcome
  std::vector<LedgerResult> results;        // in the order recorded, without those of settlements
};

// Dollars that the venue has paid already for pairs whose settlement the books wait for; with the cash of the books
// they are what can be spent there.
[[nodiscard]] Money pairs_paid(const LedgerAudit& audit, const std::string& venue);

[[nodiscard]] LedgerAudit audit_ledger(const LedgerContents& ledger);

// Whether the books themselves are right: the sums of what was bought over a limit are.
[[nodiscard]] bool adds_up(const LedgerAudit& audit) noexcept;

// Where the money went: each part as it changed our cash, and what open positions have cost.
struct LedgerProfit {
  Money settlement;  // payouts received
  Money trading;     // sold minus bought, without fees
  Money fees;        // negative
  Money open_cost;   // of positions still open, fees included: they count as worth what they cost
  [[nodiscard]] Money total() const noexcept { return settlement + trading + fees + open_cost; }
};

[[nodiscard]] LedgerProfit profit_of(const LedgerContents& ledger, const LedgerAudit& audit);

}  // namespace arbees

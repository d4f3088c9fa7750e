#pragma once
// What the books and a venue's own statement of an account differ in.
//
// Equal means equal to the last unit that the venue states, with what only time explains left out: a closed contract
// may have been paid out already or not, and where a venue pays a pair of Yes and No at once, it has. Contracts that
// are settled in the books may be held at the venue still: on Polymarket winners until somebody redeems them, losers
// for ever.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_contents.h"
#include "adapters/venue/order_gateway.h"

namespace arbees::app {

struct BookedPosition {
  std::string symbol;
  Outcome outcome = Outcome::Yes;
  Quantity quantity;
  bool is_closed = false;  // it may be decided, and paid out
};

struct BookedAccount {
  Venue venue = Venue::Unknown;
  Money cash;
  std::vector<BookedPosition> positions;
};

// What one contract of Yes pays, by symbol.
using Payouts = std::map<std::string, Price>;

// From what a settled position has paid as a whole.
[[nodiscard]] Price yes_payout(Outcome outcome, Money payout, Quantity quantity) noexcept;
// Of contracts that the ledger has settled since then and does not hold.
[[nodiscard]] Payouts settled_payouts(const LedgerContents& ledger, const LedgerAudit& audit, Venue venue,
                                      Timestamp since);

struct Unpaid {
  Money amount;
  std::set<std::string> symbols;  // of what has won
};

// What the books have settled at a venue and do not hold, of late, and how much of it was not paid at a look.
struct SettledAccount {
  Payouts payouts;
  Unpaid unpaid;
};

// Takes settled contracts out of the statement, and adds what they pay to its cash, as if they were paid already.
// Returns what that was.
Unpaid pay_settled(AccountState& stated, const Payouts& payouts);

// Texts for people; none: they agree. Of books at rest: no order is out. `unpaid` is what pay_settled() has added.
[[nodiscard]] std::vector<std::string> account_differences(const BookedAccount& books, const AccountState& stated,
                                                           Money unpaid = {});

}  // namespace arbees::app

#pragma once
// Brings a live ledger and the venues together, before anything new is risked: one path for every start.
//
// Orders whose end is not in the books are asked for by the ids that the ledger implies, and what became of them is
// recorded; fills that failed on chain are taken back, and contracts that were decided meanwhile are settled. Then
// cash, positions and open orders of each venue must equal the books to the last unit that the venue states. A snapshot
// that is not whole is none. What differs is told and left alone: nobody but a person knows what it means, and only a
// person's word makes the books follow the venue (acceptance.h).

#include <map>
#include <string>
#include <vector>

#include "app/config/config.h"
#include "app/running/acceptance.h"
#include "app/running/account_compare.h"
#include "app/running/authorisation.h"

namespace arbees::app {

struct VenueReconciliation {
  Venue venue = Venue::Unknown;
  Money books;  // as the venue should state it: with what it has paid for pairs; its own figure if the books begin now
  Money paid_for_pairs;
  Money stated;
  Money unpaid;  // of what is settled in the books and not paid yet (Polymarket: not redeemed); not in `stated`
  std::vector<AccountPosition> positions;  // that the venue states
  bool begins = false;                     // the books have no cash of this venue yet
};

struct Reconciliation {
  std::vector<VenueReconciliation> venues;
  std::vector<std::string> differences;     // texts for people; empty: books and venues agree
  std::map<std::string, Money> opening;     // cash of venues that the books begin with, by name
  std::map<Venue, SettledAccount> settled;  // by the books, or before the account was ours
  std::uint64_t recovered_orders = 0;       // whose end was not in the books
  std::uint64_t recovered_fills = 0;
  std::uint64_t reverted_fills = 0;
  std::uint64_t settled_positions = 0;
  std::vector<std::string> accepted_differences;  // what differed before it was accepted
  Acceptance accepted;                            // and what was booked
};

// Takes the folder's lock meanwhile. Refused: a ledger of paper, a wrong ledger, a venue that does not answer. With a
// reason, what differs is accepted: booked, and compared again. Refused then: orders that rest, trades that are not
// final, an account that changes meanwhile.
[[nodiscard]] Result<Reconciliation, LiveRefusal> reconcile(const Config& config, const LiveKeys& keys,
                                                            const std::string& folder,
                                                            const std::string& accept_reason = {});

// Accounts, open positions (twenty of each venue, and how many more) and limits, as a person reads them before LIVE.
[[nodiscard]] std::string describe(const Reconciliation& reconciliation, const RiskLimits& limits);

// One document: {"ok","venues":[{"venue","books","stated","positions"}],"differences":[…],…}, and what was accepted.
[[nodiscard]] std::string reconciliation_document(const Reconciliation& reconciliation);

}  // namespace arbees::app

#pragma once
// What makes the books equal to a venue's own statement of an account, when a person accepts what differs: a deposit or
// a withdrawal, a trade made outside this program.
//
// Cash differences become transfers, which are no profit. Contracts that came are booked at a dollar each, the most
// that they can pay, so they never show a profit; contracts that went are gone for nothing, and what they had cost is a
// loss. Whatever was paid or received for either is part of the transfer.

#include <string>
#include <vector>

#include "adapters/store/ledger_check.h"
#include "adapters/venue/order_gateway.h"

namespace arbees::app {

struct AcceptedTransfer {
  Venue venue = Venue::Unknown;
  Money amount;  // positive: it came
};

struct Acceptance {
  std::vector<AcceptedTransfer> transfers;
  std::vector<PositionAdjustment> adjustments;

  [[nodiscard]] bool is_empty() const noexcept { return transfers.empty() && adjustments.empty(); }
};

// Adds what one venue's account needs. Books without any cash of the venue begin with what it states, so its cash needs
// no transfer. `ledger` tells the assets of contracts that it knows.
void accept_account(Acceptance& acceptance, Venue venue, const LedgerContents& ledger, const AccountState& stated);

// One line for each booking, for people.
[[nodiscard]] std::string describe(const Acceptance& acceptance);

}  // namespace arbees::app

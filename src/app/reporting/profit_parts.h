#pragma once
// Where the profit of a ledger came from, part by part, to the last unit.
//
// Every purchase of a request is held against what its decision expected it to cost. Then, exactly:
//
//   edge        guaranteed payout less expected cost of what was filled in balance and is settled
//   fees        all fees paid (negative)
//   slippage    expected less paid price of all purchases
//   unwinds     proceeds of all sales less the expected cost of what was sold
//   adjustments less the expected cost of contracts that went away outside our orders
//   settlement  payouts less expected cost of what is settled, beyond the edge: luckier states, legs left alone
//   open_cost   what open positions have cost less what was expected: fees and slippage that are not lost yet
//
// Their sum is the change of cash (transfers, and the cost of contracts that came from outside, left out) plus the open
// positions at what they have cost. Contracts sold come first out of the same request, then out of the oldest purchase;
// what they bring, with the sale's fee, is of the detector that had bought them. Open contracts count at what their own
// purchase has cost, whoever else bought the same. Roundings fall to the last of a split.

#include <map>
#include <string>
#include <vector>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_contents.h"
#include "adapters/store/ledger_decisions.h"

namespace arbees::app {

struct ProfitParts {
  Money edge;
  Money fees;
  Money slippage;
  Money unwinds;
  Money adjustments;
  Money settlement;
  Money open_cost;

  [[nodiscard]] Money total() const noexcept {
    return edge + fees + slippage + unwinds + adjustments + settlement + open_cost;
  }
};

struct ProfitBreakdown {
  ProfitParts all;
  Money cash_change;        // of all venues, without openings, transfers and the cost of contracts from outside
  Money positions_at_cost;  // with fees
  std::map<std::string, ProfitParts> by_venue;
  std::map<std::string, ProfitParts> by_asset;
  std::map<std::string, ProfitParts> by_detector;  // "none": orders without a request
  std::map<std::string, ProfitParts> by_day;       // "2026-05-11", UTC
};

[[nodiscard]] ProfitBreakdown profit_breakdown(const LedgerContents& ledger, const LedgerAudit& audit,
                                               const std::vector<LedgerRequest>& requests);

}  // namespace arbees::app

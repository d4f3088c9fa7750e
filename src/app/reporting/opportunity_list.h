#pragma once
// The opportunities of a ledger, latest first: as judged last, with their lives where they are over.

#include <string>
#include <vector>

#include "adapters/store/ledger_decisions.h"

namespace arbees::app {

struct ListedOpportunity {
  LedgerDecision decision;  // the last; with the request, if any judgement made one
  std::uint64_t judgements = 0;
  Money best_profit;
  Timestamp ended_at = kNoTime;  // kNoTime: not known to be over
};

[[nodiscard]] std::vector<ListedOpportunity> list_opportunities(const LedgerDecisions& decisions, std::size_t limit);

// {"opportunities":[…]}.
[[nodiscard]] std::string opportunities_document(const std::vector<ListedOpportunity>& listed);
[[nodiscard]] std::string opportunities_text(const std::vector<ListedOpportunity>& listed);

}  // namespace arbees::app

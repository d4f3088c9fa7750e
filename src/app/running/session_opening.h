#pragma once
// What a paper session begins with, as events: its number, its limits, the cash and the positions of the ledger.
//
// State enters only as events, so the start after a crash and every other start are one path. A position's contract
// is named and listed as not tradable until the venue's catalog tells its terms again.

#include <vector>

#include "adapters/store/ledger_check.h"
#include "core/market/event.h"
#include "core/pricing/model_parameters.h"
#include "core/risk/limits.h"

namespace arbees::app {

// `audit` is that of `contents`, the ledger as it is; venues without any cash movement open with $10,000. A position
// belongs to the riskiest of the strategies that have bought of its contract.
[[nodiscard]] std::vector<EventBody> session_opening(std::uint64_t session, const RiskLimits& limits,
                                                     const LedgerContents& contents, const LedgerAudit& audit);

// The parameters of the spot model, as they are recorded beside the decisions that they made.
[[nodiscard]] std::vector<EventBody> model_opening(const ModelParameters& parameters);

// What settled contracts have not brought at a venue yet.
[[nodiscard]] LimitSet unpaid_row(Venue venue, Money amount) noexcept;

}  // namespace arbees::app

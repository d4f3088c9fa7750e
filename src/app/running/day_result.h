#pragma once
// What a ledger says that the present UTC day has brought: where the daily loss limit goes on after a restart.
//
// As the engine counts: sales bring proceeds less fee and the cost in proportion, settlements payout less cost, on the
// day they happen; but legs hedge each other, so what is settled of a request of which another leg is still open counts
// only when that has settled, too.

#include <vector>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_contents.h"
#include "core/market/event.h"

namespace arbees::app {

struct DayResult {
  Money realised;  // today
  Money awaited;   // settled on whatever day, of requests with open legs
};

[[nodiscard]] DayResult day_result(const LedgerContents& ledger, const LedgerAudit& audit, Timestamp now);

// The same as events for a session's start; none for nothing.
[[nodiscard]] std::vector<EventBody> day_opening(const DayResult& result);

}  // namespace arbees::app

#pragma once
// Adds a report to the outputs of the event that caused it.

#include "core/market/outputs.h"

namespace arbees {

template <class Body>
void report(const Event& cause, Outputs& outputs, const Body& body) noexcept {
  outputs.reports.push_back(Report{cause.received_at, cause.sequence, body});
}

}  // namespace arbees

#include "core/engine/trading_engine.h"

namespace arbees {

void TradingEngine::on_event(const Event& event, Outputs& outputs) {
  opportunities_.take(event, outputs);
  take_in(event, outputs);
  trade(event, outputs);
  close(event, outputs);
}

void TradingEngine::trade(const Event& event, Outputs& outputs) {
  const auto standing = [this] { return OpportunityEngine::Standing{state(), execution_.open_request_count()}; };
  while (const Opportunity* opportunity = opportunities_.next(event, standing(), outputs)) {
    const ExecutionRequest request = request_for(*opportunity, execution_.next_request_id(), event.received_at);
    const bool has_room = execution_.can_execute(request, outputs);
    opportunities_.report(event, has_room ? request.id : RequestId{}, outputs);
    if (!has_room) continue;
    outputs.requests.push_back(request);
    execution_.execute(request, event, outputs);
  }
}

}  // namespace arbees

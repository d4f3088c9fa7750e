#include "core/engine/trading_engine.h"

namespace arbees {
namespace {

// How long an order of ours may travel before the venue must refuse it.
constexpr Duration kRequestLifetime = std::chrono::seconds(2);

}  // namespace

TradingEngine::TradingEngine(const Capacity& capacity, const RiskLimits& limits)
    : market_(capacity),
      portfolio_(capacity),
      gate_(limits, market_, portfolio_),
      arbitrage_(capacity, market_, portfolio_, gate_),
      model_(capacity, market_, portfolio_, gate_),
      execution_(capacity, market_, portfolio_, gate_) {}

void TradingEngine::on_event(const Event& event, Outputs& outputs) {
  take_event(event, outputs);
  if (event.received_at >= execution_.next_work_at()) execution_.advance(event, outputs);
  const ControlReason trouble = execution_.take_trouble();
  if (trouble != ControlReason::Unstated) change_state(TradingState::Halted, trouble, event, outputs);
}

void TradingEngine::take_event(const Event& event, Outputs& outputs) {
  arbitrage_.begin(event, outputs);
  const MarketState::Change change = market_.apply(event);
  // Riskless profit first; but a settlement takes away what the model must still look up.
  const bool is_book = std::holds_alternative<BookUpdate>(event.body);
  if (!is_book) model_.on_event(event);
  handle(event, change, outputs);
  if (is_book) model_.on_event(event);
  trade_on_model(event, outputs);
}

void TradingEngine::handle(const Event& event, const MarketState::Change& change, Outputs& outputs) {
  if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
    if (change.contract == nullptr || !update->is_last()) return;
    if (arbitrage_.on_book(*change.contract, event, state_, execution_.open_request_count(), outputs))
      trade(event, outputs);
    return;
  }
  if (const auto* update = std::get_if<OrderUpdate>(&event.body)) return execution_.on(*update, event, outputs);
  if (const auto* changed = std::get_if<FillFinalityChanged>(&event.body)) {
    return execution_.on(*changed, event, outputs);
  }
  if (const auto* listed = std::get_if<ContractListed>(&event.body))
    return arbitrage_.list(listed->id, event.received_at);
  if (const auto* changed = std::get_if<PriceGridChanged>(&event.body))
    return arbitrage_.list(changed->id, event.received_at);
  if (const auto* updated = std::get_if<StrikeUpdated>(&event.body))
    return arbitrage_.list(updated->id, event.received_at);
  if (const auto* settled = std::get_if<ContractSettled>(&event.body)) return on_settlement(*settled, event, outputs);
  if (const auto* changed = std::get_if<ContractPhaseChanged>(&event.body)) {
    if (changed->phase == ContractPhase::Closed) arbitrage_.remove(changed->id, event.received_at);
    return;
  }
  if (std::holds_alternative<BookFaulted>(event.body)) {
    if (change.contract != nullptr) arbitrage_.refresh(change.contract->id, event.received_at);
    return;
  }
  if (std::holds_alternative<FeedStatus>(event.body)) return arbitrage_.refresh_all(event.received_at);
  if (const auto* cash = std::get_if<CashSnapshot>(&event.body)) return execution_.on(*cash, event, outputs);
  if (const auto* position = std::get_if<PositionSnapshot>(&event.body)) return execution_.on(*position);
  if (const auto* started = std::get_if<SessionStarted>(&event.body)) return execution_.on(*started);
  if (const auto* limit = std::get_if<LimitSet>(&event.body)) return gate_.on(*limit);
  if (const auto* bound = std::get_if<BasisBoundSet>(&event.body)) return arbitrage_.on(*bound, event.received_at);
  if (const auto* control = std::get_if<Control>(&event.body)) on(*control, event, outputs);
}

ExecutionRequest TradingEngine::request_for(const Opportunity& opportunity, const Event& event) {
  ExecutionRequest request;
  request.id = execution_.next_request_id();
  request.opportunity_id = opportunity.id;
  request.created_at = event.received_at;
  request.deadline = event.received_at + kRequestLifetime;
  request.outlay = opportunity.outlay;
  request.guaranteed = opportunity.guaranteed;
  request.detector = opportunity.detector;
  request.legs = opportunity.legs;
  return request;
}

void TradingEngine::trade_on_model(const Event& event, Outputs& outputs) {
  while (const Opportunity* opportunity = model_.next(event, state_, execution_.open_request_count(), outputs)) {
    const ExecutionRequest request = request_for(*opportunity, event);
    const bool has_room = execution_.can_execute(request, outputs);
    model_.report(event, has_room ? request.id : RequestId{}, outputs);
    if (!has_room) return;
    outputs.requests.push_back(request);
    execution_.execute(request, event, outputs);
  }
}

void TradingEngine::trade(const Event& event, Outputs& outputs) {
  const ExecutionRequest request = request_for(arbitrage_.accepted(), event);
  // Judged first, ordered second: readers of the reports learn why before they learn what.
  const bool has_room = execution_.can_execute(request, outputs);
  arbitrage_.report_accepted(event, has_room ? request.id : RequestId{}, outputs);
  if (!has_room) return;
  outputs.requests.push_back(request);
  execution_.execute(request, event, outputs);
}

void TradingEngine::on_settlement(const ContractSettled& settled, const Event& event, Outputs& outputs) {
  execution_.on(settled, event, outputs);
  arbitrage_.remove(settled.id, event.received_at);
  market_.release(settled.id);
}

void TradingEngine::on(const Control& control, const Event& event, Outputs& outputs) {
  TradingState wanted = TradingState::Halted;  // whatever is not understood halts
  if (control.command == ControlCommand::Resume) wanted = TradingState::Active;
  if (control.command == ControlCommand::Reduce) wanted = TradingState::Reducing;
  change_state(wanted, control.reason, event, outputs);
}

void TradingEngine::change_state(TradingState state, ControlReason reason, const Event& event, Outputs& outputs) {
  if (state == state_) return;
  state_ = state;
  state_reason_ = reason;
  TradingStateChanged changed;
  changed.state = state;
  changed.reason = reason;
  outputs.reports.push_back(Report{event.received_at, event.sequence, changed});
  execution_.set_state(state, event, outputs);
}

}  // namespace arbees

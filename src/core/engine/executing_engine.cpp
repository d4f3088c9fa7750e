#include "core/engine/executing_engine.h"

namespace arbees {

void ExecutingEngine::take_in(const Event& event, Outputs& outputs) {
  if (const auto* update = std::get_if<OrderUpdate>(&event.body)) return execution_.on(*update, event, outputs);
  if (const auto* changed = std::get_if<FillFinalityChanged>(&event.body)) {
    return execution_.on(*changed, event, outputs);
  }
  if (const auto* settled = std::get_if<ContractSettled>(&event.body)) {
    execution_.on(*settled, event, outputs);
    return market_.release(settled->id);
  }
  if (const auto* listed = std::get_if<ContractListed>(&event.body)) return execution_.on(*listed);
  if (const auto* cash = std::get_if<CashSnapshot>(&event.body)) return execution_.on(*cash, event, outputs);
  if (const auto* position = std::get_if<PositionSnapshot>(&event.body)) return execution_.on(*position);
  if (const auto* started = std::get_if<SessionStarted>(&event.body)) return execution_.on(*started);
  if (const auto* limit = std::get_if<LimitSet>(&event.body)) {
    gate_.on(*limit);
    return execution_.on(*limit, event.received_at);
  }
  if (const auto* control = std::get_if<Control>(&event.body)) on(*control, event, outputs);
}

void ExecutingEngine::obey(const Control& control, const Event& event, Outputs& outputs) {
  if (latch_.on(control, event, outputs)) execution_.set_state(state(), event, outputs);
}

void ExecutingEngine::close(const Event& event, Outputs& outputs) {
  if (is_resumed_ && !execution_.is_day_lost(event.received_at)) {
    is_resumed_ = false;
    if (state() == TradingState::Reducing) {
      obey({ControlCommand::Resume, ControlReason::LimitBreached}, event, outputs);
    }
  }
  if (event.received_at >= execution_.next_work_at()) execution_.advance(event, outputs);
  const ControlReason trouble = execution_.take_trouble();
  if (trouble == ControlReason::Unstated) return;
  if (latch_.halt(trouble, event, outputs)) execution_.set_state(state(), event, outputs);
}

void ExecutingEngine::on(const Control& control, const Event& event, Outputs& outputs) {
  obey(control, event, outputs);
  is_resumed_ = control.command == ControlCommand::Resume && execution_.is_day_lost(event.received_at);
  if (is_resumed_) obey({ControlCommand::Reduce, ControlReason::LimitBreached}, event, outputs);
  if (control.command == ControlCommand::Flatten && state() == TradingState::Reducing) execution_.flatten(event);
}

}  // namespace arbees

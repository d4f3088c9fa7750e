#include "app/roles/contract_board.h"

namespace arbees::app {

ContractBoard::Contract* ContractBoard::change(InstrumentId id) {
  const auto it = contracts_.find(id.value);
  if (it == contracts_.end()) return nullptr;
  if (!it->second.is_changed) changed_.push_back(id.value);
  it->second.is_changed = true;
  return &it->second;
}

void ContractBoard::on_event(const Event& event) {
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
    if (!is_prediction_venue(named->venue)) return;
    Contract& contract = contracts_[named->id.value];
    contract.venue = named->venue;
    contract.message.symbol = std::string(named->symbol_view());
  } else if (const auto* listed = std::get_if<ContractListed>(&event.body)) {
    if (Contract* contract = change(listed->id)) {
      contract->message.terms = listed->terms;
      contract->is_listed = true;
    }
  } else if (const auto* phase = std::get_if<ContractPhaseChanged>(&event.body)) {
    if (Contract* contract = change(phase->id)) contract->message.phase = std::string(phase_name(phase->phase));
  } else if (const auto* grid = std::get_if<PriceGridChanged>(&event.body)) {
    if (Contract* contract = change(grid->id)) contract->message.terms.grid = grid->grid;
  } else if (const auto* strike = std::get_if<StrikeUpdated>(&event.body)) {
    Contract* contract = change(strike->id);
    if (contract == nullptr) return;
    ContractTerms& terms = contract->message.terms;
    if (strike->has_lower != 0) {
      terms.lower = strike->lower;
      terms.has_lower = 1;
      if (terms.not_tradable == NotTradable::UnknownStrike) terms.not_tradable = NotTradable::None;
    }
    if (strike->has_upper != 0) terms.upper = strike->upper;
  } else if (const auto* settled = std::get_if<ContractSettled>(&event.body)) {
    Contract* contract = change(settled->id);
    if (contract == nullptr) return;
    contract->message.payout = settled->payout;
    if (settled->has_value != 0) contract->message.settled_value = settled->settled_value;
    contract->forget_at = event.received_at + kMemory;
  }
}

void ContractBoard::complete(Contract& contract) const {
  const CatalogEntry* entry = find_entry_(contract.venue, contract.message.symbol);
  if (entry == nullptr) return;
  contract.message.market_id = entry->market;
  contract.message.other = entry->other;
  contract.message.event = entry->event;
  contract.message.family = entry->family;
  contract.message.outcome = entry->outcome;
  contract.message.title = entry->title;
}

void ContractBoard::flush(Timestamp now) {
  std::vector<std::uint64_t> changed;
  changed.swap(changed_);
  for (const std::uint64_t id : changed) {
    const auto it = contracts_.find(id);
    if (it == contracts_.end()) continue;
    Contract& contract = it->second;
    contract.is_changed = false;
    if (!contract.is_listed) continue;
    complete(contract);
    if (contract.message.market_id.empty()) continue;
    const std::string topic = bus::contract_topic(contract.venue, contract.message.symbol);
    if (!topic.empty() && publish_(topic, bus::encode_contract(contract.message), now)) ++published_;
  }
}

void ContractBoard::repeat_all() {
  for (const auto& [id, contract] : contracts_) change(InstrumentId{id});
}

void ContractBoard::tick(Timestamp now) {
  if (now < next_repeat_) return;
  next_repeat_ = now + kRepeat;
  for (auto it = contracts_.begin(); it != contracts_.end();) {
    it = it->second.forget_at <= now ? contracts_.erase(it) : std::next(it);
  }
  repeat_all();
}

}  // namespace arbees::app

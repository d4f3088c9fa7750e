#include "core/market/market_state.h"

namespace arbees {
namespace {}  // namespace

NotTradable Contract::not_tradable(Timestamp now) const noexcept {
  if (!is_listed) return NotTradable::UnknownPayoff;
  if (terms.not_tradable != NotTradable::None) return terms.not_tradable;
  const NotTradable judged = judge_terms(terms);
  if (judged != NotTradable::None) return judged;
  if (now >= terms.closes_at || phase == ContractPhase::Closed || phase == ContractPhase::Determined ||
      phase == ContractPhase::Settled) {
    return NotTradable::Closed;
  }
  if (phase != ContractPhase::Active) return NotTradable::NotOpen;
  return NotTradable::None;
}

MarketState::MarketState(const Capacity& capacity) : index_(capacity.instruments) {
  contracts_.reserve(capacity.instruments);
  free_slots_.reserve(capacity.instruments);
}

MarketState::Change MarketState::apply(const Event& event) noexcept {
  // Most frequent first: four of five events change a book.
  if (const auto* update = std::get_if<BookUpdate>(&event.body)) return on(*update, event.received_at);
  if (const auto* quote = std::get_if<SpotQuote>(&event.body)) {
    SpotView& view = spot_slot(quote->venue, quote->asset);
    view.bid = quote->bid;
    view.ask = quote->ask;
    view.quoted_at = event.received_at;
    return {};
  }
  if (const auto* trade = std::get_if<SpotTrade>(&event.body)) {
    SpotView& view = spot_slot(trade->venue, trade->asset);
    view.last = trade->price;
    view.traded_at = event.received_at;
    return {};
  }
  if (const auto* quote = std::get_if<ContractQuote>(&event.body)) return on(*quote);
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) return on(*named);
  if (const auto* listed = std::get_if<ContractListed>(&event.body)) return on(*listed);
  if (const auto* changed = std::get_if<ContractPhaseChanged>(&event.body)) return on(*changed);
  if (const auto* changed = std::get_if<PriceGridChanged>(&event.body)) return on(*changed);
  if (const auto* updated = std::get_if<StrikeUpdated>(&event.body)) return on(*updated);
  if (const auto* faulted = std::get_if<BookFaulted>(&event.body)) return on(*faulted);
  if (const auto* status = std::get_if<FeedStatus>(&event.body)) on(*status);
  return {};
}

MarketState::Change MarketState::on(const InstrumentNamed& named) noexcept {
  if (!is_prediction_venue(named.venue)) return {};
  if (Contract* known = find(named.id)) return {known};
  std::uint32_t* slot = index_.insert(named.id.value);
  if (slot == nullptr) {
    ++refused_;
    return {};
  }
  if (free_slots_.empty()) {
    *slot = static_cast<std::uint32_t>(contracts_.size());
    contracts_.emplace_back();
  } else {
    *slot = free_slots_.back();
    free_slots_.pop_back();
  }
  Contract& contract = contracts_[*slot];
  contract.id = named.id;
  contract.terms = ContractTerms{};
  contract.terms.venue = named.venue;
  contract.book.reset();
  contract.quoted_bid = kPriceZero;
  contract.quoted_ask = kPriceOne;
  contract.phase = ContractPhase::Unknown;
  contract.is_listed = false;
  return {&contract};
}

MarketState::Change MarketState::on(const ContractListed& listed) noexcept {
  Contract* contract = find(listed.id);
  if (contract == nullptr) return {};
  contract->terms = listed.terms;
  contract->is_listed = true;
  if (listed.terms.grid.is_known()) contract->book.set_grid(listed.terms.grid);
  return {contract};
}

MarketState::Change MarketState::on(const ContractPhaseChanged& changed) noexcept {
  Contract* contract = find(changed.id);
  if (contract != nullptr) contract->phase = changed.phase;
  return {contract};
}

MarketState::Change MarketState::on(const PriceGridChanged& changed) noexcept {
  Contract* contract = find(changed.id);
  if (contract == nullptr) return {};
  contract->terms.grid = changed.grid;
  contract->book.set_grid(changed.grid);
  return {contract};
}

MarketState::Change MarketState::on(const StrikeUpdated& updated) noexcept {
  Contract* contract = find(updated.id);
  if (contract == nullptr) return {};
  if (updated.has_lower != 0) {
    contract->terms.lower = updated.lower;
    contract->terms.has_lower = 1;
    if (contract->terms.not_tradable == NotTradable::UnknownStrike) contract->terms.not_tradable = NotTradable::None;
  }
  if (updated.has_upper != 0) contract->terms.upper = updated.upper;
  return {contract};
}

MarketState::Change MarketState::on(const BookUpdate& update, Timestamp now) noexcept {
  Contract* contract = find(update.id);
  if (contract == nullptr) return {};
  OrderBook& book = contract->book;
  if (update.is_snapshot_start()) book.begin_snapshot();
  const BookFault fault = book.apply(update.action, update.side, update.price, update.quantity);
  if (update.is_snapshot() && update.is_last()) book.end_snapshot();
  book.set_updated_at(now);
  return {contract, fault};
}

MarketState::Change MarketState::on(const BookFaulted& faulted) noexcept {
  Contract* contract = find(faulted.id);
  if (contract != nullptr) contract->book.mark(faulted.fault);
  return {contract, faulted.fault};
}

MarketState::Change MarketState::on(const ContractQuote& quote) noexcept {
  Contract* contract = find(quote.id);
  if (contract == nullptr) return {};
  contract->quoted_bid = quote.bid;
  contract->quoted_ask = quote.ask;
  return {contract};
}

void MarketState::on(const FeedStatus& status) noexcept {
  if (status.state == FeedState::Live) return;
  for (Contract& contract : contracts_) {
    if (contract.id && contract.terms.venue == status.venue) contract.book.mark(BookFault::Disconnected);
  }
}

Contract* MarketState::find(InstrumentId id) noexcept {
  if (!id) return nullptr;
  const std::uint32_t* slot = index_.find(id.value);
  return slot == nullptr ? nullptr : &contracts_[*slot];
}

const Contract* MarketState::find(InstrumentId id) const noexcept {
  if (!id) return nullptr;
  const std::uint32_t* slot = index_.find(id.value);
  return slot == nullptr ? nullptr : &contracts_[*slot];
}

void MarketState::release(InstrumentId id) noexcept {
  if (!id) return;
  const std::uint32_t* slot = index_.find(id.value);
  if (slot == nullptr) return;
  contracts_[*slot].id = InstrumentId{};
  contracts_[*slot].book.reset();
  free_slots_.push_back(*slot);
  index_.erase(id.value);
}

const SpotView& MarketState::spot(Venue venue, Asset asset) const noexcept {
  return spot_[static_cast<std::size_t>(venue) * kAssetCount + static_cast<std::size_t>(asset)];
}

SpotView& MarketState::spot_slot(Venue venue, Asset asset) noexcept {
  // Records from outside may carry any number: what is no known venue or asset goes to the "unknown" slot.
  const auto v = static_cast<std::size_t>(venue);
  const auto a = static_cast<std::size_t>(asset);
  return spot_[(v < kVenueCount ? v : 0) * kAssetCount + (a < kAssetCount ? a : 0)];
}

}  // namespace arbees

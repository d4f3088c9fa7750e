#include "app/roles/shard_markets.h"

#include <algorithm>

#include "app/running/venue_feeds.h"

namespace arbees::app {
namespace {

constexpr Duration kLookEvery = std::chrono::milliseconds(500);
// Clocks of two machines are never quite the same.
constexpr Duration kMostAhead = std::chrono::seconds(5);

bool is_old(Timestamp sent_at, Timestamp now) {
  return now - sent_at > ShardMarkets::kOldest || sent_at - now > kMostAhead;
}

bool has_same_book(const bus::ContractPrice& a, const bus::ContractPrice& b) {
  return a.status == b.status && a.bids == b.bids && a.asks == b.asks;
}

bool is_verdict(const bus::ContractMessage& contract) { return contract.payout.has_value(); }

}  // namespace

ContractPhase parse_phase(std::string_view name) noexcept {
  for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(ContractPhase::Settled); ++i) {
    if (phase_name(static_cast<ContractPhase>(i)) == name) return static_cast<ContractPhase>(i);
  }
  return ContractPhase::Unknown;
}

// ---- Contracts ----

void ShardMarkets::name(Row& row, Venue venue, const std::string& symbol, Timestamp now) {
  Known& known = row.second;
  if (known.is_named) return;
  InstrumentNamed named;
  named.id = InstrumentId{row.first};
  named.venue = venue;
  if (!set_symbol(named, symbol)) return;
  known.is_named = true;
  known.venue = venue;
  known.contract.symbol = symbol;
  emit_(named, now);
}

void ShardMarkets::list(Row& row, const ContractTerms& terms, Timestamp now) {
  Known& known = row.second;
  if (!known.is_named || (known.is_listed && known.contract.terms == terms)) return;
  known.is_listed = true;
  known.contract.terms = terms;
  emit_(ContractListed{InstrumentId{row.first}, terms}, now);
}

void ShardMarkets::set_phase(Row& row, const std::string& phase, Timestamp now) {
  Known& known = row.second;
  if (!known.is_named || known.contract.phase == phase) return;
  known.contract.phase = phase;
  emit_(ContractPhaseChanged{InstrumentId{row.first}, parse_phase(phase), {}}, now);
}

void ShardMarkets::on_contract(const bus::ContractMessage& contract, Timestamp now) {
  const InstrumentId id = instrument_id(contract.terms.venue, contract.symbol);
  if (is_verdict(contract)) {
    if (known_.erase(id.value) == 0) return;
    ContractSettled settled;
    settled.id = id;
    settled.payout = *contract.payout;
    settled.settled_value = contract.settled_value.value_or(SpotPrice{});
    settled.has_value = contract.settled_value ? 1 : 0;
    return emit_(settled, now);
  }
  Row& row = *known_.try_emplace(id.value).first;
  name(row, contract.terms.venue, contract.symbol, now);
  bus::ContractMessage& told = row.second.contract;
  told.market_id = contract.market_id;
  told.other = contract.other;
  told.event = contract.event;
  told.outcome = contract.outcome;
  list(row, contract.terms, now);
  set_phase(row, contract.phase, now);
}

void ShardMarkets::on_event(const Event& event, const FindEntry& find_entry) {
  const Timestamp now = event.received_at;
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
    if (is_prediction_venue(named->venue)) {
      name(*known_.try_emplace(named->id.value).first, named->venue, std::string(named->symbol_view()), now);
    }
    return;
  }
  const auto row_of = [&](InstrumentId id) -> Row* {
    const auto it = known_.find(id.value);
    return it == known_.end() ? nullptr : &*it;
  };
  if (const auto* listed = std::get_if<ContractListed>(&event.body)) {
    Row* row = row_of(listed->id);
    if (row == nullptr) return;
    if (const CatalogEntry* entry = find_entry(row->second.venue, row->second.contract.symbol)) {
      row->second.contract.market_id = entry->market;
      row->second.contract.other = entry->other;
      row->second.contract.event = entry->event;
      row->second.contract.outcome = entry->outcome;
    }
    list(*row, listed->terms, now);
  } else if (const auto* phase = std::get_if<ContractPhaseChanged>(&event.body)) {
    if (Row* row = row_of(phase->id)) set_phase(*row, std::string(phase_name(phase->phase)), now);
  } else if (const auto* grid = std::get_if<PriceGridChanged>(&event.body)) {
    Row* row = row_of(grid->id);
    if (row == nullptr) return;
    row->second.contract.terms.grid = grid->grid;
    emit_(event.body, now);
  } else if (const auto* strike = std::get_if<StrikeUpdated>(&event.body)) {
    Row* row = row_of(strike->id);
    if (row == nullptr) return;
    ContractTerms& terms = row->second.contract.terms;
    if (strike->has_lower != 0) {
      terms.lower = strike->lower;
      terms.has_lower = 1;
      if (terms.not_tradable == NotTradable::UnknownStrike) terms.not_tradable = NotTradable::None;
    }
    if (strike->has_upper != 0) terms.upper = strike->upper;
    emit_(event.body, now);
  } else if (const auto* settled = std::get_if<ContractSettled>(&event.body)) {
    if (known_.erase(settled->id.value) > 0) emit_(event.body, now);
  }
}

// ---- Prices ----

ShardMarkets::Row* ShardMarkets::other_of(const Known& known) {
  if (known.contract.other.empty()) return nullptr;
  const auto it = known_.find(instrument_id(known.venue, known.contract.other).value);
  return it == known_.end() ? nullptr : &*it;
}

bool ShardMarkets::is_shown(const Known& known) const {
  return known.is_listed && is_traded_[static_cast<std::size_t>(known.contract.terms.asset)] &&
         !left_out_.contains(known.contract.market_id);
}

void ShardMarkets::on_price(const bus::ContractPrice& price, Timestamp sent_at, Timestamp now) {
  ++counts_.prices;
  if (is_old(sent_at, now)) {
    ++counts_.old;
    return;
  }
  last_price_at_ = now;
  const auto it = known_.find(instrument_id(price.venue, price.symbol).value);
  if (it == known_.end()) {
    ++counts_.unknown;
    return;
  }
  Known& known = it->second;
  known.priced_at = now;
  const bool is_same = known.is_proven && has_same_book(known.price, price) && now - known.shown_at < kShowAgain;
  known.price = price;
  if (is_shown(known) && !is_same) show(*it, now);
}

void ShardMarkets::on_price(const bus::SpotPriceMessage& price, Timestamp sent_at, Timestamp now) {
  ++counts_.prices;
  if (is_old(sent_at, now)) {
    ++counts_.old;
    return;
  }
  last_price_at_ = now;
  const std::string symbol = spot_symbol(price.venue, price.asset);
  const InstrumentId id = instrument_id(price.venue, symbol);
  if (spot_pairs_.insert(id.value).second) {
    InstrumentNamed named;
    named.id = id;
    named.venue = price.venue;
    if (set_symbol(named, symbol)) emit_(named, now);
  }
  SpotQuote quote;
  quote.id = id;
  quote.bid = price.bid;
  quote.ask = price.ask;
  quote.venue = price.venue;
  quote.asset = price.asset;
  emit_(quote, now);
}

void ShardMarkets::on_print(const bus::IndexPrintMessage& print, Timestamp sent_at, Timestamp now) {
  if (is_old(sent_at, now)) {
    ++counts_.old;
    return;
  }
  Timestamp& latest = printed_.try_emplace({print.asset, print.source}, kNoTime).first->second;
  const bool is_new = latest == kNoTime || print.index_time > latest;
  if (!is_new || print.index_time - now > kMostAhead) return;
  latest = print.index_time;
  ++counts_.prints;
  emit_(IndexPrint{print.value, print.index_time, print.source, print.asset, {}}, now);
}

void ShardMarkets::show(Row& row, Timestamp now) {
  Known& known = row.second;
  if (known.price.status != book_status_name(BookStatus::Proven)) return fault(row, BookFault::SequenceGap, now);
  Row* const other = other_of(known);
  show_book(InstrumentId{row.first}, known.price, false, other != nullptr, now);
  known.shown_at = now;
  known.is_proven = true;
  if (other == nullptr) return;
  show_book(InstrumentId{other->first}, known.price, true, false, now);
  other->second.is_proven = true;
}

void ShardMarkets::show_book(InstrumentId id, const bus::ContractPrice& price, bool is_turned, bool is_followed,
                             Timestamp now) {
  std::vector<BookUpdate> updates;
  updates.reserve(1 + price.bids.size() + price.asks.size());
  BookUpdate clear;
  clear.id = id;
  clear.action = BookAction::Clear;
  clear.flags = BookUpdate::kSnapshotStart | BookUpdate::kSnapshot;
  updates.push_back(clear);
  const auto add = [&](const std::vector<bus::PriceLevel>& levels, BookSide side) {
    for (const bus::PriceLevel& level : levels) {
      BookUpdate update;
      update.id = id;
      update.price = is_turned ? complement(level.price) : level.price;
      update.quantity = level.quantity;
      update.side = side;
      update.flags = BookUpdate::kSnapshot;
      updates.push_back(update);
    }
  };
  add(price.bids, is_turned ? BookSide::Ask : BookSide::Bid);
  add(price.asks, is_turned ? BookSide::Bid : BookSide::Ask);
  updates.back().flags |= BookUpdate::kLast;
  if (is_followed) updates.back().flags |= BookUpdate::kMore;
  for (const BookUpdate& update : updates) emit_(update, now);
}

void ShardMarkets::fault(Row& row, BookFault fault, Timestamp now) {
  const auto mark = [&](Row& book) {
    if (!book.second.is_proven) return;
    book.second.is_proven = false;
    emit_(BookFaulted{InstrumentId{book.first}, fault, {}}, now);
  };
  mark(row);
  if (Row* const other = other_of(row.second)) mark(*other);
}

// ---- What is traded ----

void ShardMarkets::set_traded(Asset asset, bool is_traded, Timestamp now) {
  bool& present = is_traded_[static_cast<std::size_t>(asset)];
  if (present == is_traded) return;
  present = is_traded;
  for (Row& row : known_) {
    if (row.second.contract.terms.asset != asset) continue;
    if (!is_traded) {
      fault(row, BookFault::Disconnected, now);
    } else if (is_shown(row.second) && row.second.priced_at != kNoTime) {
      show(row, now);
    }
  }
}

void ShardMarkets::leave_out(const std::string& market_id, Timestamp now) {
  left_out_.insert(market_id);
  for (Row& row : known_) {
    if (row.second.contract.market_id == market_id) fault(row, BookFault::Disconnected, now);
  }
}

void ShardMarkets::take_in(const std::string& market_id, Timestamp now) {
  if (left_out_.erase(market_id) == 0) return;
  for (Row& row : known_) {
    const Known& known = row.second;
    if (known.contract.market_id == market_id && is_shown(known) && known.priced_at != kNoTime) show(row, now);
  }
}

void ShardMarkets::forget_books(Timestamp now) {
  for (Row& row : known_) {
    fault(row, BookFault::NoSnapshot, now);
    row.second.priced_at = kNoTime;
  }
}

void ShardMarkets::tick(Timestamp now) {
  if (now < next_look_) return;
  next_look_ = now + kLookEvery;
  for (Row& row : known_) {
    Known& known = row.second;
    if (known.priced_at == kNoTime || now - known.priced_at <= kSilence) continue;
    known.priced_at = kNoTime;
    if (known.is_proven) ++counts_.silences;
    fault(row, BookFault::Disconnected, now);
  }
}

const ShardMarkets::Known* ShardMarkets::find(InstrumentId id) const {
  const auto it = known_.find(id.value);
  return it == known_.end() ? nullptr : &it->second;
}

bool ShardMarkets::knows_market(std::string_view market_id) const {
  return std::any_of(known_.begin(), known_.end(),
                     [&](const Row& row) { return row.second.contract.market_id == market_id; });
}

std::size_t ShardMarkets::contract_count(Asset asset) const {
  return static_cast<std::size_t>(std::count_if(known_.begin(), known_.end(), [&](const Row& row) {
    return row.second.is_listed && row.second.contract.terms.asset == asset;
  }));
}

std::size_t ShardMarkets::proven_count() const {
  return static_cast<std::size_t>(
      std::count_if(known_.begin(), known_.end(), [](const Row& row) { return row.second.is_proven; }));
}

}  // namespace arbees::app

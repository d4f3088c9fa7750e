#include "app/roles/price_board.h"

#include <fmt/format.h>

#include "adapters/bus/topics.h"
#include "adapters/venue/catalog_entry.h"

namespace arbees::app {
namespace {

std::vector<bus::PriceLevel> best_levels(const LevelLadder& ladder, BookSide side) {
  std::vector<bus::PriceLevel> levels;
  const auto take = [&](Price price, Quantity quantity) {
    levels.push_back({price, quantity});
    return levels.size() < bus::kMaxLevels;
  };
  if (side == BookSide::Bid) {
    ladder.walk_down(take);
  } else {
    ladder.walk_up(take);
  }
  return levels;
}

Quantity depth(const LevelLadder& ladder) {
  Quantity sum;
  ladder.walk_down([&](Price, Quantity quantity) {
    sum += quantity;
    return true;
  });
  return sum;
}

}  // namespace

PriceBoard::PriceBoard(std::string source, Publish publish, Name name)
    : source_(std::move(source)), publish_(std::move(publish)), name_(std::move(name)), state_(Capacity{}) {}

void PriceBoard::on_event(const Event& event) {
  ++event_counts_[event.body.index()];
  state_.apply(event);
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
    if (!is_prediction_venue(named->venue)) return;
    Market& market = markets_[named->id.value];
    market.venue = named->venue;
    market.symbol = std::string(named->symbol_view());
  } else if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
    if (update->is_last()) change(update->id, event, true);
  } else if (const auto* faulted = std::get_if<BookFaulted>(&event.body)) {
    change(faulted->id, event, false);
  } else if (const auto* listed = std::get_if<ContractListed>(&event.body)) {
    change(listed->id, event, false);
  } else if (const auto* phase = std::get_if<ContractPhaseChanged>(&event.body)) {
    change(phase->id, event, false);
  } else if (const auto* settled = std::get_if<ContractSettled>(&event.body)) {
    markets_.erase(settled->id.value);
    state_.release(settled->id);
  } else if (std::holds_alternative<FeedStatus>(event.body)) {
    mark_prices();  // books may have lost their proof
  } else if (const auto* quote = std::get_if<SpotQuote>(&event.body)) {
    on_spot(*quote, event);
  } else if (const auto* trade = std::get_if<SpotTrade>(&event.body)) {
    on_spot(*trade, event);
  } else if (const auto* print = std::get_if<IndexPrint>(&event.body)) {
    on_print(*print, event.received_at);
  }
}

void PriceBoard::change(InstrumentId id, const Event& event, bool is_price) {
  const auto it = markets_.find(id.value);
  if (it == markets_.end()) return;
  Market& market = it->second;
  if (is_price) {
    ++market.changes;
    market.received_at = event.received_at;
    market.exchange_at = event.exchange_at;
  }
  mark(id.value, market);
}

void PriceBoard::mark(std::uint64_t id, Market& market) {
  if (market.is_changed) return;
  market.is_changed = true;
  changed_.push_back(id);
}

void PriceBoard::on_spot(const SpotQuote& quote, const Event& event) {
  Spot& spot = spots_[static_cast<std::size_t>(quote.venue) * kAssetCount + static_cast<std::size_t>(quote.asset)];
  spot.price.venue = quote.venue;
  spot.price.asset = quote.asset;
  spot.price.bid = quote.bid;
  spot.price.ask = quote.ask;
  spot.price.received_at = event.received_at;
  spot.price.exchange_at = event.exchange_at;
  spot.is_known = spot.is_changed = spot_changed_ = true;
}

void PriceBoard::on_spot(const SpotTrade& trade, const Event& event) {
  Spot& spot = spots_[static_cast<std::size_t>(trade.venue) * kAssetCount + static_cast<std::size_t>(trade.asset)];
  spot.price.last = trade.price;
  if (!spot.is_known) return;  // a trade alone is no price to act on
  spot.price.received_at = event.received_at;
  spot.price.exchange_at = event.exchange_at;
  spot.is_changed = spot_changed_ = true;
}

void PriceBoard::on_print(const IndexPrint& print, Timestamp now) {
  // The port of spot prices is theirs alone, and nothing is averaged over candles.
  if (print.source == SettlementSource::BinanceCandle1m || print.source == SettlementSource::BinanceCandle1h) return;
  const bus::IndexPrintMessage message{print.asset, print.source, print.value, print.index_time, now};
  std::deque<bus::IndexPrintMessage>& kept = prints_[{print.asset, print.source}];
  kept.push_back(message);
  if (kept.size() > kKeptPrints) kept.pop_front();
  unsaid_prints_.push_back(message);
}

void PriceBoard::flush(Timestamp now) {
  std::vector<std::uint64_t> changed;
  changed.swap(changed_);
  for (const std::uint64_t id : changed) {
    const auto it = markets_.find(id);
    if (it != markets_.end()) publish(InstrumentId{id}, it->second, now);
  }
  for (const bus::IndexPrintMessage& print : unsaid_prints_) {
    if (publish_(bus::index_topic(print.asset), source_, bus::encode_index_print(print), now)) ++published_;
  }
  unsaid_prints_.clear();
  if (!spot_changed_) return;
  spot_changed_ = false;
  for (Spot& spot : spots_) {
    if (spot.is_changed) publish(spot, now);
  }
}

void PriceBoard::publish(InstrumentId id, Market& market, Timestamp now) {
  market.is_changed = false;
  if (market.name.market_id.empty()) market.name = name_(market.venue, market.symbol);
  const Contract* contract = state_.find(id);
  if (contract == nullptr || market.name.market_id.empty() || !market.name.pays_on_yes) return;
  bus::ContractPrice price;
  price.market_id = market.name.market_id;
  price.symbol = market.symbol;
  price.other = market.name.other;
  price.venue = market.venue;
  price.asset = contract->terms.asset;
  price.status = std::string(book_status_name(contract->book.status()));
  price.phase = std::string(phase_name(contract->phase));
  price.bids = best_levels(contract->book.bids(), BookSide::Bid);
  price.asks = best_levels(contract->book.asks(), BookSide::Ask);
  price.bid_depth = depth(contract->book.bids());
  price.sequence = market.changes;
  price.received_at = market.received_at == kNoTime ? now : market.received_at;
  price.exchange_at = market.exchange_at;
  const std::string topic = bus::market_topic(market.venue, price.market_id);
  if (!topic.empty() && publish_(topic, source_, bus::encode_price(price), now)) ++published_;
}

void PriceBoard::publish(Spot& spot, Timestamp now) {
  spot.is_changed = false;
  const std::string source = fmt::format("{}:{}", source_, venue_name(spot.price.venue));
  if (publish_(bus::spot_topic(spot.price.asset), source, bus::encode_price(spot.price), now)) ++published_;
}

void PriceBoard::repeat_all() {
  mark_prices();
  unsaid_prints_.clear();
  for (const auto& [index, kept] : prints_) unsaid_prints_.insert(unsaid_prints_.end(), kept.begin(), kept.end());
}

void PriceBoard::mark_prices() {
  for (auto& [id, market] : markets_) mark(id, market);
  for (Spot& spot : spots_) {
    spot.is_changed = spot.is_known;
    spot_changed_ = spot_changed_ || spot.is_known;
  }
}

void PriceBoard::tick(Timestamp now) {
  if (now < next_repeat_) return;
  next_repeat_ = now + kRepeat;
  mark_prices();
}

}  // namespace arbees::app

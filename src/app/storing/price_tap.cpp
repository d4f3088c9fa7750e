#include "app/storing/price_tap.h"

namespace arbees::app {
namespace {

using postgres::PriceRow;

PriceRow row_of(const Event& event, PriceRow::Kind kind) {
  PriceRow row;
  row.received_ns = unix_ns(event.received_at);
  if (event.exchange_at != kNoTime) row.exchange_ns = unix_ns(event.exchange_at);
  row.kind = kind;
  return row;
}

PriceRow row_of(const Event& event, const SpotQuote& quote) {
  PriceRow row = row_of(event, PriceRow::Kind::SpotQuote);
  row.venue = quote.venue;
  row.asset = quote.asset;
  row.bid = quote.bid.units();
  row.ask = quote.ask.units();
  row.has_bid = row.has_ask = true;
  return row;
}

PriceRow row_of(const Event& event, const SpotTrade& trade) {
  PriceRow row = row_of(event, PriceRow::Kind::SpotTrade);
  row.venue = trade.venue;
  row.asset = trade.asset;
  row.bid = trade.price.units();
  row.bid_quantity = trade.quantity.units();
  return row;
}

PriceRow row_of(const Event& event, const IndexPrint& print) {
  PriceRow row = row_of(event, PriceRow::Kind::Index);
  row.asset = print.asset;
  row.bid = print.value.units();
  return row;
}

}  // namespace

void PriceTap::start(postgres::Writer& writer) {
  writer_ = &writer;
  filter_.start(writer);
  for (auto& [id, names] : early_names_) writer.name(id, std::move(names));
  early_names_.clear();
}

void PriceTap::on_book(const Event& event, InstrumentId id, const MarketState& market) {
  const Contract* const contract = market.find(id);
  if (contract == nullptr) return;
  const OrderBook& book = contract->book;
  PriceRow row = row_of(event, PriceRow::Kind::Market);
  row.instrument = id;
  row.venue = contract->terms.venue;
  row.asset = contract->terms.asset;
  row.status = book.status();
  row.has_bid = book.has_bid();
  row.has_ask = book.has_ask();
  if (row.has_bid) {
    row.bid = book.best_bid().units();
    row.bid_quantity = book.quantity_at(BookSide::Bid, book.best_bid()).units();
  }
  if (row.has_ask) {
    row.ask = book.best_ask().units();
    row.ask_quantity = book.quantity_at(BookSide::Ask, book.best_ask()).units();
  }
  filter_.offer(row);
}

void PriceTap::after(const Event& event, const MarketState& market) {
  if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
    if (update->is_last()) on_book(event, update->id, market);
  } else if (const auto* fault = std::get_if<BookFaulted>(&event.body)) {
    on_book(event, fault->id, market);
  } else if (const auto* quote = std::get_if<SpotQuote>(&event.body)) {
    filter_.offer(row_of(event, *quote));
  } else if (const auto* trade = std::get_if<SpotTrade>(&event.body)) {
    filter_.offer(row_of(event, *trade));
  } else if (const auto* print = std::get_if<IndexPrint>(&event.body)) {
    filter_.offer(row_of(event, *print));
  } else if (std::holds_alternative<TimerTick>(event.body)) {
    filter_.flush(event.received_at);
  } else if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
    if (!is_prediction_venue(named->venue)) return;
    const std::string symbol(named->symbol_view());
    if (writer_ == nullptr) {
      early_names_.push_back({named->id, {symbol, symbol}});
    } else {
      writer_->name(named->id, {symbol, symbol});
    }
  }
}

}  // namespace arbees::app

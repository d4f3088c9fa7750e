#include "app/book_rebuilder.h"

#include <optional>

#include "adapters/telemetry/format.h"
#include "app/import/importer.h"

namespace arbees::app {
namespace {

bool is_bad(AnomalyKind kind) noexcept {
  return kind == AnomalyKind::Malformed || kind == AnomalyKind::OutOfRange || kind == AnomalyKind::PriceOffTick;
}

// The anomaly that a fault found by the book itself is; faults told by the decoder come with their own.
std::optional<AnomalyKind> anomaly_of(BookFault fault) noexcept {
  switch (fault) {
    case BookFault::NegativeLevel: return AnomalyKind::NegativeLevel;
    case BookFault::OffTick: return AnomalyKind::PriceOffTick;
    case BookFault::OutOfRange: return AnomalyKind::OutOfRange;
    default: return std::nullopt;
  }
}

// The coarsest of the usual ticks that all levels of the book lie on.
Price inferred_tick(const OrderBook& book) {
  std::int64_t step = 100;
  const auto narrow = [&](Price price, Quantity) {
    while (price.units() % step != 0) step /= 10;
    return true;
  };
  book.bids().walk_up(narrow);
  book.asks().walk_up(narrow);
  return Price::from_units(step);
}

void write_level(JsonWriter& json, const std::string& price, const std::string& quantity) {
  json.begin_array().value(price).value(quantity).end_array();
}

}  // namespace

BookRebuilder::BookRebuilder(Venue venue) : venue_(venue), market_(Capacity{}) {}

void BookRebuilder::add_malformed(std::uint64_t line_number, std::string_view detail) {
  ++frames_;
  note(line_number, AnomalyKind::Malformed, {}, std::string(detail));
}

void BookRebuilder::add_line(std::uint64_t line_number, std::string_view line) {
  const RecordedFrame recorded = lines_.unwrap(line);
  if (!recorded.is_received || recorded.frame.empty() || !source_is_venue(recorded.source, venue_)) return;
  ++frames_;
  decoded_.clear();
  // Without a time of its own a frame is as old as its line number: order is all that matters here.
  auto& decoder = decoders_[recorded.connection];
  if (decoder == nullptr) decoder = make_decoder(venue_);
  decoder->decode(recorded.frame, recorded.received_at.value_or(from_unix_s(static_cast<std::int64_t>(line_number))),
                  decoded_);
  take_decoded(line_number);
}

void BookRebuilder::finish(std::uint64_t last_line) {
  decoded_.clear();
  for (const auto& [connection, decoder] : decoders_) {
    decoder->finish(from_unix_s(static_cast<std::int64_t>(last_line)), decoded_);
  }
  take_decoded(last_line);
}

void BookRebuilder::take_decoded(std::uint64_t line_number) {
  for (const Anomaly& anomaly : decoded_.anomalies) note(line_number, anomaly.kind, anomaly.symbol, anomaly.detail);
  for (const Event& event : decoded_.events) apply(event, line_number);
}

void BookRebuilder::note(std::uint64_t line, AnomalyKind kind, const std::string& symbol, const std::string& detail) {
  anomalies_.push_back(LocatedAnomaly{line, kind, symbol, detail});
  has_bad_input_ = has_bad_input_ || is_bad(kind);
}

void BookRebuilder::apply(const Event& event, std::uint64_t line_number) {
  ++events_;
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) on_named(*named);
  if (const auto* update = std::get_if<SpotBookUpdate>(&event.body)) {
    const auto symbol = symbols_.find(update->id);
    if (symbol == symbols_.end()) return;
    std::unique_ptr<SpotBook>& book = books_[symbol->second].spot;
    if (book == nullptr) book = std::make_unique<SpotBook>();
    if (update->is_snapshot_start()) book->begin_snapshot();
    note_fault(line_number, book->apply(update->action, update->side, update->price, update->quantity), update->id);
    if ((update->flags & BookUpdate::kSnapshot) != 0 && update->is_last()) book->end_snapshot();
    if (update->is_last()) watch_crossing(line_number, update->id, book->is_crossed());
    return;
  }
  const MarketState::Change change = market_.apply(event);
  if (const auto* faulted = std::get_if<BookFaulted>(&event.body)) {
    const auto symbol = symbols_.find(faulted->id);
    if (symbol != symbols_.end() && books_[symbol->second].spot != nullptr)
      books_[symbol->second].spot->mark(faulted->fault);
    return;
  }
  const auto* update = std::get_if<BookUpdate>(&event.body);
  if (update == nullptr || change.contract == nullptr) return;
  books_[symbols_[update->id]].has_book = true;
  note_fault(line_number, change.fault, update->id);
  if (update->is_last()) watch_crossing(line_number, update->id, change.contract->book.is_crossed());
}

void BookRebuilder::on_named(const InstrumentNamed& named) {
  const std::string symbol(named.symbol_view());
  symbols_[named.id] = symbol;
  books_[symbol].id = named.id;
}

void BookRebuilder::note_fault(std::uint64_t line, BookFault fault, InstrumentId id) {
  if (const auto kind = anomaly_of(fault)) note(line, *kind, symbols_[id], "");
}

void BookRebuilder::watch_crossing(std::uint64_t line, InstrumentId id, bool is_crossed) {
  Watched& watched = books_[symbols_[id]];
  if (is_crossed && !watched.was_crossed)
    note(line, AnomalyKind::Crossed, symbols_[id], "best bid is not below best ask");
  watched.was_crossed = is_crossed;
}

void BookRebuilder::write(JsonWriter& json) const {
  json.begin_object().field("venue", venue_name(venue_)).field("frames", frames_).field("events", events_);
  json.key("books").begin_array();
  for (const auto& [symbol, watched] : books_) {
    if (watched.spot != nullptr) {
      write_spot_book(json, symbol, *watched.spot);
    } else if (watched.has_book) {
      write_contract_book(json, symbol, market_.find(watched.id)->book);
    }
  }
  json.end_array().key("anomalies").begin_array();
  for (const LocatedAnomaly& anomaly : anomalies_) {
    json.begin_object().field("line", anomaly.line).field("kind", anomaly_name(anomaly.kind));
    json.field("symbol", anomaly.symbol).field("detail", anomaly.detail).end_object();
  }
  json.end_array().end_object();
}

void BookRebuilder::write_contract_book(JsonWriter& json, const std::string& symbol, const OrderBook& book) {
  const Price tick = book.grid().is_known() ? book.grid().finest_tick() : inferred_tick(book);
  json.begin_object().field("symbol", symbol).field("status", book_status_name(book.status()));
  json.field("tick", to_text(tick));
  const auto write = [&](Price price, Quantity quantity) {
    write_level(json, to_text(price), to_text(quantity));
    return true;
  };
  json.key("bids").begin_array();
  book.bids().walk_down(write);
  json.end_array().key("asks").begin_array();
  book.asks().walk_up(write);
  json.end_array().end_object();
}

void BookRebuilder::write_spot_book(JsonWriter& json, const std::string& symbol, const SpotBook& book) {
  json.begin_object().field("symbol", symbol).field("status", book_status_name(book.status()));
  for (const BookSide side : {BookSide::Bid, BookSide::Ask}) {
    json.key(side == BookSide::Bid ? "bids" : "asks").begin_array();
    book.walk(side, [&](const SpotLevel& level) {
      write_level(json, to_short_text(level.price), to_short_text(level.quantity));
      return true;
    });
    json.end_array();
  }
  json.end_object();
}

}  // namespace arbees::app

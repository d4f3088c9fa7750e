#include "adapters/venue/kalshi/decoder.h"

#include <fmt/format.h>

#include <limits>

#include "adapters/venue/kalshi/delta_scan.h"
#include "adapters/venue/kalshi/fields.h"
#include "adapters/venue/kalshi/lifecycle.h"
#include "adapters/venue/symbol.h"

namespace arbees::kalshi {
namespace {

// Recordings without `sid`: one stream per channel, apart from every real subscription.
constexpr std::uint64_t kChannelStreams = std::uint64_t{1} << 63;

// Error codes after which the venue sends nothing more on the subscription.
constexpr std::uint64_t kChannelError = 10;
constexpr std::uint64_t kBufferOverflow = 25;

bool is_book_message(MessageType type) noexcept {
  return type == MessageType::OrderbookSnapshot || type == MessageType::OrderbookDelta;
}

bool is_reply(MessageType type) noexcept {
  return type == MessageType::Subscribed || type == MessageType::Unsubscribed || type == MessageType::Ok ||
         type == MessageType::Error;
}

// The ticker in a frame that is no JSON any more (cut off, say), if it still stands there in full.
std::string_view salvage_ticker(std::string_view frame) noexcept {
  constexpr std::string_view kKey = "\"market_ticker\"";
  if (frame.find("\"orderbook_") == std::string_view::npos) return {};
  std::size_t position = frame.find(kKey);
  if (position == std::string_view::npos) return {};
  position = frame.find('"', position + kKey.size());
  if (position == std::string_view::npos) return {};
  const std::size_t end = frame.find('"', position + 1);
  if (end == std::string_view::npos) return {};
  const std::string_view ticker = frame.substr(position + 1, end - position - 1);
  return is_symbol(ticker) ? ticker : std::string_view{};
}

AnomalyKind anomaly_of(LevelProblem problem) noexcept {
  if (problem == LevelProblem::OffTick) return AnomalyKind::PriceOffTick;
  if (problem == LevelProblem::OutOfRange) return AnomalyKind::OutOfRange;
  return AnomalyKind::Malformed;
}

BookFault fault_of(LevelProblem problem) noexcept {
  if (problem == LevelProblem::OffTick) return BookFault::OffTick;
  if (problem == LevelProblem::OutOfRange) return BookFault::OutOfRange;
  return BookFault::Malformed;
}

}  // namespace

Decoder::Decoder(DecoderOptions options) : options_(options) {}

void Decoder::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  out_ = &out;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
  if (ScannedDelta delta; options_.scan_deltas && scan_delta(frame, delta)) return on_scanned_delta(delta);
  const char* error = reader_.read(frame, message_);
  symbol_ = stated_symbol();
  if (error != nullptr) return on_unreadable(frame, error);
  decode_message();
}

void Decoder::reset() {
  streams_.clear();
  instruments_.for_each([](std::uint64_t, Instrument& known) { known.book = Knowledge::Nothing; });
}

void Decoder::reset(Timestamp received_at, DecodedFrame& out) {
  out_ = &out;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
  fault_books(0, BookFault::Disconnected);
  reset();
}

void Decoder::decode_rest_orderbook(std::string_view ticker, std::string_view json, Timestamp received_at,
                                    DecodedFrame& out) {
  out_ = &out;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
  if (!is_symbol(ticker)) return report(AnomalyKind::Malformed, {}, "ticker");
  if (const char* error = reader_.read(json, message_)) return report(AnomalyKind::Malformed, ticker, error);
  if (!message_.has_book) return report(AnomalyKind::UnknownMessage, ticker, "not an order book");
  const LevelProblem problem = message_.yes.problem != LevelProblem::None ? message_.yes.problem : message_.no.problem;
  if (problem != LevelProblem::None) return report(anomaly_of(problem), ticker, "levels");
  const InstrumentId id = instrument_id(Venue::Kalshi, ticker);
  instrument(id, ticker).book = Knowledge::Nothing;
  emit_snapshot(id);
}

void Decoder::decode_message() {
  if (message_.type == MessageType::Absent) return report(AnomalyKind::UnknownMessage, {}, "no type");
  if (message_.type == MessageType::Unknown) return report(AnomalyKind::UnknownMessage, {}, message_.type_text);
  exchange_at_ = exchange_time(message_);
  if (check_sequence()) dispatch();
}

void Decoder::dispatch() {
  switch (message_.type) {
    case MessageType::OrderbookDelta: return on_delta();
    case MessageType::OrderbookSnapshot: return on_snapshot();
    case MessageType::Ticker: return on_ticker();
    case MessageType::Trade: return on_trade();
    case MessageType::Fill:
    case MessageType::UserOrder:
    case MessageType::OrderGroupUpdate: return on_private();
    case MessageType::MarketLifecycle: return on_lifecycle();
    case MessageType::CfBenchmarksValue:
    case MessageType::CfBenchmarksValue5Hz: return on_index_value();
    case MessageType::Subscribed:
    case MessageType::Unsubscribed:
    case MessageType::Ok:
    case MessageType::Error: return on_reply();
    case MessageType::Recognised:
    case MessageType::Absent:
    case MessageType::Unknown: out_->is_control = true; return;
  }
}

// The sequence number of the lost message is not believed either: the next one will show the gap.
void Decoder::on_unreadable(std::string_view frame, const char* error) {
  std::string_view symbol;
  if (is_book_message(message_.type)) symbol = symbol_;
  if (symbol.empty()) symbol = salvage_ticker(frame);
  report(AnomalyKind::Malformed, symbol, error);
  if (symbol.empty()) return;
  const InstrumentId id = instrument_id(Venue::Kalshi, symbol);
  instrument(id, symbol);
  fault_book(id, BookFault::Malformed);
}

void Decoder::on_snapshot() {
  const std::string_view symbol = require_symbol();
  if (symbol.empty()) return;
  const LevelProblem problem = message_.yes.problem != LevelProblem::None ? message_.yes.problem : message_.no.problem;
  if (problem != LevelProblem::None) return refuse_book_message(problem, "levels");
  const InstrumentId id = instrument_id(Venue::Kalshi, symbol);
  Instrument& known = instrument(id, symbol);
  known.book = Knowledge::Believed;
  known.stream = stream_;
  emit_snapshot(id);
}

void Decoder::on_delta() {
  const std::string_view symbol = require_symbol();
  if (symbol.empty()) return;
  Level level;
  const JsonScalar& change = message_[Field::DeltaFp].has_value() ? message_[Field::DeltaFp] : message_[Field::Delta];
  LevelProblem problem = read_price(message_[Field::PriceDollars], message_[Field::Price], level.price);
  if (problem == LevelProblem::None && !is_contract_price(level.price)) problem = LevelProblem::OutOfRange;
  if (problem != LevelProblem::None) return refuse_book_message(problem, "price");
  problem = read_exact_quantity(change, level.quantity);
  if (problem != LevelProblem::None) return refuse_book_message(problem, "delta");
  const auto side = read_outcome(message_[Field::Side]);
  if (!side) return refuse_book_message(LevelProblem::Malformed, "side");

  apply_change(symbol, level, *side);
}

void Decoder::on_scanned_delta(const ScannedDelta& delta) {
  symbol_ = delta.ticker;
  exchange_at_ = delta.exchange_at;
  stream_ = delta.sid + 1;
  if (follow(delta.sequence, false)) apply_change(delta.ticker, Level{delta.price, delta.change}, delta.side);
}

void Decoder::apply_change(std::string_view symbol, const Level& change, BookSide side) {
  const InstrumentId id = instrument_id(Venue::Kalshi, symbol);
  Instrument& known = instrument(id, symbol);
  const bool has_snapshot = known.book == Knowledge::Believed || known.book == Knowledge::Faulted;
  if (!has_snapshot || known.stream != stream_) {
    if (known.book == Knowledge::Nothing) {
      known.book = Knowledge::Missing;
      emit(BookFaulted{id, BookFault::NoSnapshot, {}});
    }
    return report(AnomalyKind::UnknownSymbol, symbol, "a change before the snapshot");
  }
  const bool flips = side == BookSide::Ask && !options_.use_yes_price;
  emit(BookUpdate{id,
                  flips ? complement(change.price) : change.price,
                  change.quantity,
                  BookAction::Add,
                  side,
                  BookUpdate::kLast,
                  {}});
}

void Decoder::on_ticker() {
  const std::string_view symbol = require_symbol();
  if (symbol.empty()) return;
  Price bid;
  Price ask;
  if (read_price(message_[Field::YesBidDollars], message_[Field::YesBid], bid) != LevelProblem::None) {
    return report(AnomalyKind::Malformed, symbol, "yes_bid_dollars");
  }
  if (read_price(message_[Field::YesAskDollars], message_[Field::YesAsk], ask) != LevelProblem::None) {
    return report(AnomalyKind::Malformed, symbol, "yes_ask_dollars");
  }
  const InstrumentId id = instrument_id(Venue::Kalshi, symbol);
  instrument(id, symbol);
  emit(ContractQuote{id, bid, ask});
}

void Decoder::on_trade() {
  const std::string_view symbol = require_symbol();
  if (symbol.empty()) return;
  Price price;
  if (read_price(message_[Field::YesPriceDollars], message_[Field::YesPrice], price) != LevelProblem::None) {
    return report(AnomalyKind::Malformed, symbol, "yes_price_dollars");
  }
  Quantity quantity;
  const JsonScalar& count = message_[Field::CountFp].has_value() ? message_[Field::CountFp] : message_[Field::Count];
  if (read_exact_quantity(count, quantity) != LevelProblem::None || quantity.is_negative()) {
    return report(AnomalyKind::Malformed, symbol, "count_fp");
  }
  auto taker = read_book_side(message_[Field::TakerBookSide]);
  if (!taker) taker = read_outcome(message_[Field::TakerOutcomeSide]);
  if (!taker) taker = read_outcome(message_[Field::TakerSide]);
  if (!taker) return report(AnomalyKind::Malformed, symbol, "taker_book_side");
  // A block trade was agreed off the book: it says nothing about the market's price.
  if (message_[Field::IsBlockTrade].kind == JsonKind::True) {
    out_->is_control = true;
    return;
  }
  const InstrumentId id = instrument_id(Venue::Kalshi, symbol);
  instrument(id, symbol);
  emit(ContractTrade{id, price, quantity, *taker, {}});
}

void Decoder::on_lifecycle() {
  const std::string_view symbol = require_symbol();
  if (symbol.empty()) return;
  LifecycleChange change;
  // A message that is wrong in part still ends or pauses the market: its phase counts.
  const char* error = read_lifecycle(message_, change);
  if (!change.is_known_type) ++unknown_values_;
  if (error != nullptr) {
    report(AnomalyKind::Malformed, symbol, error);
    change = LifecycleChange{.phase = change.phase};
  }
  if (!change.phase && !change.grid && !change.lower && !change.upper) {
    out_->is_control = error == nullptr;
    return;
  }
  const InstrumentId id = instrument_id(Venue::Kalshi, symbol);
  Instrument& known = instrument(id, symbol);
  if (change.grid) emit(PriceGridChanged{id, *change.grid});
  if (change.lower || change.upper) {
    emit(StrikeUpdated{id,
                       change.lower.value_or(Strike{}),
                       change.upper.value_or(Strike{}),
                       static_cast<std::uint8_t>(change.lower.has_value()),
                       static_cast<std::uint8_t>(change.upper.has_value()),
                       {}});
  }
  if (change.phase) emit(ContractPhaseChanged{id, *change.phase, {}});
  // The result comes with `determined`; `settled` repeats it at most, unless it was amended in between.
  const bool is_new_payout = change.payout && !(known.has_payout && known.payout == *change.payout);
  if (is_new_payout) {
    known.payout = *change.payout;
    known.has_payout = true;
    emit(ContractSettled{id, *change.payout, SpotPrice{}, 0, {}});
  }
}

void Decoder::on_index_value() {
  IndexPrint print;
  if (const char* error = index_reader_.read(message_, print)) {
    return report(AnomalyKind::Malformed, {}, error);
  }
  if (print.asset == Asset::Unknown) {
    out_->is_control = true;
    return;
  }
  exchange_at_ = print.index_time;
  emit(print);
}

void Decoder::on_private() {
  out_->is_control = true;
  if (message_.type == MessageType::Fill) {
    Fill fill;
    if (const char* error = read_fill(message_, fill)) {
      return report(AnomalyKind::Malformed, symbol_, error);
    }
    if (private_sink_ != nullptr) private_sink_->on_fill(fill, received_at_);
    return;
  }
  if (message_.type == MessageType::OrderGroupUpdate) {
    OrderGroupUpdate update;
    if (const char* error = read_order_group(message_, update)) {
      return report(AnomalyKind::Malformed, symbol_, error);
    }
    if (private_sink_ != nullptr) private_sink_->on_order_group(update);
    return;
  }
  UserOrder order;
  if (const char* error = read_user_order(message_, order)) {
    return report(AnomalyKind::Malformed, symbol_, error);
  }
  if (private_sink_ != nullptr) private_sink_->on_user_order(order, received_at_);
}

void Decoder::on_reply() {
  out_->is_control = true;
  if (message_.type == MessageType::Subscribed) {
    const auto sid = read_count(message_[Field::SubscriptionId]);
    if (sid) streams_[*sid + 1].allow_restart();
    return;
  }
  const auto code = read_count(message_[Field::Code]);
  const bool ends = message_.type == MessageType::Unsubscribed ||
                    (message_.type == MessageType::Error && (code == kChannelError || code == kBufferOverflow));
  if (!ends || stream_ == 0) return;
  fault_books(stream_, BookFault::Disconnected);
  streams_.erase(stream_);
}

std::uint64_t Decoder::stream_of_message() const noexcept {
  if (const auto sid = read_count(message_.sid)) return *sid + 1;
  if (is_reply(message_.type)) return 0;
  const MessageType channel = is_book_message(message_.type) ? MessageType::OrderbookDelta : message_.type;
  return kChannelStreams | static_cast<std::uint64_t>(channel);
}

bool Decoder::check_sequence() {
  const bool has_wrong_sid = message_.sid.has_value() && !read_count(message_.sid);
  const auto sequence = read_count(message_.seq);
  if (has_wrong_sid || (message_.seq.has_value() && !sequence)) {
    stream_ = 0;
    if (is_book_message(message_.type)) {
      refuse_book_message(LevelProblem::Malformed, has_wrong_sid ? "sid" : "seq");
    } else {
      report(AnomalyKind::Malformed, symbol_, has_wrong_sid ? "sid" : "seq");
    }
    return false;
  }
  stream_ = stream_of_message();
  if (stream_ == 0) return true;
  if (!sequence) {
    // A book message without its number cannot be placed once its stream is known to count.
    const SequenceTracker* tracker = streams_.find(stream_);
    if (!is_book_message(message_.type) || tracker == nullptr || !tracker->has_begun()) return true;
    refuse_book_message(LevelProblem::Malformed, "seq");
    return false;
  }
  return follow(*sequence, *sequence == 1 && message_.type == MessageType::OrderbookSnapshot);
}

bool Decoder::follow(std::uint64_t sequence, bool begins) {
  SequenceTracker& tracker = streams_[stream_];
  switch (tracker.observe(sequence, begins)) {
    case SequenceVerdict::Next: return true;
    case SequenceVerdict::Old: report_sequence(AnomalyKind::OutOfOrder, tracker.expected(), sequence); return false;
    case SequenceVerdict::Restarted: fault_books(stream_, BookFault::Disconnected); return true;
    case SequenceVerdict::Gap:
      report_sequence(AnomalyKind::SequenceGap, tracker.expected(), sequence);
      fault_books(stream_, BookFault::SequenceGap);
      return true;
  }
  return true;
}

void Decoder::fault_books(std::uint64_t stream, BookFault fault) {
  instruments_.for_each([&](std::uint64_t key, Instrument& known) {
    if (known.book != Knowledge::Believed || (stream != 0 && known.stream != stream)) return;
    known.book = Knowledge::Faulted;
    emit(BookFaulted{InstrumentId{key}, fault, {}});
  });
}

void Decoder::fault_book(InstrumentId id, BookFault fault) {
  Instrument& known = instruments_[id.value];
  if (known.book == Knowledge::Believed) known.book = Knowledge::Faulted;
  emit(BookFaulted{id, fault, {}});
}

void Decoder::refuse_book_message(LevelProblem problem, std::string_view what) {
  const std::string_view symbol = symbol_;
  if (symbol.empty()) return report(AnomalyKind::Malformed, {}, what);
  report(anomaly_of(problem), symbol, what);
  const InstrumentId id = instrument_id(Venue::Kalshi, symbol);
  instrument(id, symbol);
  fault_book(id, fault_of(problem));
}

Decoder::Instrument& Decoder::instrument(InstrumentId id, std::string_view symbol) {
  Instrument& known = instruments_[id.value];
  if (known.is_named) return known;
  known.is_named = true;
  InstrumentNamed named{.id = id, .length = 0, .venue = Venue::Kalshi};
  set_symbol(named, symbol);
  emit(named);
  return known;
}

std::string_view Decoder::stated_symbol() const noexcept {
  const JsonScalar& ticker =
      message_.type == MessageType::UserOrder ? message_[Field::Ticker] : message_[Field::MarketTicker];
  return ticker.is_string() && is_symbol(ticker.text) ? ticker.text : std::string_view{};
}

std::string_view Decoder::require_symbol() {
  if (!symbol_.empty()) return symbol_;
  // Whose book changed is not known, so none of the stream's may be believed.
  report(AnomalyKind::Malformed, {}, "market_ticker");
  if (is_book_message(message_.type)) fault_books(stream_, BookFault::Malformed);
  return {};
}

void Decoder::emit_snapshot(InstrumentId id) {
  const std::size_t first = out_->events.size();
  constexpr std::uint8_t kStart = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
  emit(BookUpdate{id, kPriceZero, Quantity{}, BookAction::Clear, BookSide::Bid, kStart, {}});
  out_->events.reserve(first + 1 + message_.yes.levels.size() + message_.no.levels.size());
  for (const Level& level : message_.yes.levels) emit_level(id, BookSide::Bid, level);
  for (const Level& level : message_.no.levels) emit_level(id, BookSide::Ask, level);
  std::get<BookUpdate>(out_->events.back().body).flags |= BookUpdate::kLast;
}

void Decoder::emit_level(InstrumentId id, BookSide side, const Level& level) {
  const bool flips = side == BookSide::Ask && !options_.use_yes_price;
  emit(BookUpdate{id,
                  flips ? complement(level.price) : level.price,
                  level.quantity,
                  BookAction::Set,
                  side,
                  BookUpdate::kSnapshot,
                  {}});
}

void Decoder::report(AnomalyKind kind, std::string_view symbol, std::string_view detail) {
  out_->anomalies.push_back(Anomaly{kind, std::string(symbol), std::string(detail)});
}

void Decoder::report_sequence(AnomalyKind kind, std::uint64_t expected, std::uint64_t got) {
  report(kind, symbol_, fmt::format("expected {}, got {}", expected, got));
}

}  // namespace arbees::kalshi

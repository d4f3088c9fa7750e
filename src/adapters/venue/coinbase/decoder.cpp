#include "adapters/venue/coinbase/decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "adapters/venue/symbol.h"

namespace arbees::coinbase {
namespace {

// Exchange messages that are known and of no use to us: `full`, `status`, auctions, RFQs, our own orders.
constexpr std::array<std::string_view, 15> kOtherTypes = {"subscriptions",
                                                          "heartbeat",
                                                          "error",
                                                          "status",
                                                          "received",
                                                          "open",
                                                          "done",
                                                          "change",
                                                          "activate",
                                                          "auction",
                                                          "rfq_match",
                                                          "level3",
                                                          "margin_profile_update",
                                                          "funds_update",
                                                          "profile"};
// Advanced Trade channels, likewise.
constexpr std::array<std::string_view, 6> kOtherChannels = {"subscriptions", "heartbeats", "candles",
                                                            "status",        "user",       "futures_balance_summary"};

template <std::size_t Size>
bool contains(const std::array<std::string_view, Size>& names, std::string_view name) noexcept {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Timestamp read_time(const JsonScalar& value) noexcept {
  if (!value.is_string()) return kNoTime;
  return parse_iso8601(value.text).value_or(kNoTime);
}

// From a number (Exchange) or a string (Advanced Trade).
std::optional<std::uint64_t> read_count(const JsonScalar& value) noexcept {
  if (!value.is_string() && !value.is_number()) return std::nullopt;
  const auto count = parse_decimal(value.text, 0);
  if (!count || *count < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*count);
}

std::optional<BookSide> read_side(const JsonScalar& value) noexcept {
  if (!value.is_string()) return std::nullopt;
  if (value.text == "buy" || value.text == "BUY") return BookSide::Bid;
  if (value.text == "sell" || value.text == "SELL") return BookSide::Ask;
  return std::nullopt;
}

constexpr BookSide opposite(BookSide side) noexcept { return side == BookSide::Bid ? BookSide::Ask : BookSide::Bid; }

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

// Whether a frame that is no JSON any more was about a book.
bool mentions_book(std::string_view frame) noexcept {
  for (const std::string_view sign : {"\"l2update\"", "\"l2_data\"", "\"snapshot\"", "\"changes\"", "\"updates\""}) {
    if (frame.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

// The product in such a frame, if it still stands there in full.
std::string_view salvage_product(std::string_view frame) noexcept {
  constexpr std::string_view kKey = "\"product_id\"";
  std::size_t position = frame.find(kKey);
  if (position == std::string_view::npos) return {};
  position = frame.find('"', position + kKey.size());
  if (position == std::string_view::npos) return {};
  const std::size_t end = frame.find('"', position + 1);
  if (end == std::string_view::npos) return {};
  const std::string_view product = frame.substr(position + 1, end - position - 1);
  return is_symbol(product) ? product : std::string_view{};
}

}  // namespace

Asset product_asset(std::string_view product) noexcept {
  const std::size_t dash = product.find('-');
  if (dash == std::string_view::npos) return Asset::Unknown;
  const std::string_view quote = product.substr(dash + 1);
  if (quote != "USD" && quote != "USDC") return Asset::Unknown;
  return parse_asset(product.substr(0, dash)).value_or(Asset::Unknown);
}

void Decoder::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  begin(received_at, out);
  if (const char* error = reader_.read(frame, message_)) return on_unreadable(frame, error);
  exchange_at_ = read_time(message_.top[Field::Time]);
  if (message_.channel.is_string()) return decode_advanced();
  if (message_.top[Field::Type].is_string()) return decode_exchange();
  report(AnomalyKind::UnknownMessage, {}, "neither channel nor type");
}

void Decoder::reset() {
  sequence_ = {};
  products_.for_each([](std::uint64_t, Product& known) { known.book = Knowledge::Nothing; });
}

void Decoder::reset(Timestamp received_at, DecodedFrame& out) {
  begin(received_at, out);
  fault_books(BookFault::Disconnected);
  reset();
}

void Decoder::decode_rest_book(std::string_view symbol, std::string_view json, Timestamp received_at,
                               DecodedFrame& out) {
  begin(received_at, out);
  if (const char* error = reader_.read(json, message_)) return report(AnomalyKind::Malformed, symbol, error);
  if (!message_.has_book) return report(AnomalyKind::UnknownMessage, symbol, "not an order book");
  const JsonScalar& stated = message_.top[Field::ProductId];
  if (!is_symbol(symbol) || (stated.has_value() && stated.text != symbol)) {
    return report(AnomalyKind::Malformed, symbol, "product_id");
  }
  exchange_at_ = read_time(message_.top[Field::Time]);
  if (message_.flat.problem != LevelProblem::None) return report(anomaly_of(message_.flat.problem), symbol, "levels");
  const InstrumentId id = instrument_id(Venue::Coinbase, symbol);
  Product& known = product(id, symbol);
  known.book = Knowledge::Nothing;
  message_.flat.count = message_.levels.size();
  tell_levels(id, known.asset, message_.flat, true);
}

void Decoder::begin(Timestamp received_at, DecodedFrame& out) noexcept {
  out_ = &out;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
}

// On Advanced Trade the lost number shows as a gap; the Exchange's books have none, so they are doubted at once.
void Decoder::on_unreadable(std::string_view frame, const char* error) {
  const bool is_book = mentions_book(frame);
  const std::string_view symbol = is_book ? salvage_product(frame) : std::string_view{};
  report(AnomalyKind::Malformed, symbol, error);
  if (!is_book) return;
  if (symbol.empty()) return fault_books(BookFault::Malformed);
  const InstrumentId id = instrument_id(Venue::Coinbase, symbol);
  Product& known = product(id, symbol);
  if (known.book == Knowledge::Believed) known.book = Knowledge::Faulted;
  emit(BookFaulted{id, BookFault::Malformed, {}});
}

void Decoder::decode_exchange() {
  const std::string_view type = message_.top[Field::Type].text;
  if (type == "l2update") return on_exchange_book(false);
  if (type == "snapshot") return on_exchange_book(true);
  if (type == "ticker") return on_ticker(message_.top);
  if (type == "match") return on_match(message_.top, false);
  if (type == "last_match") return on_match(message_.top, true);
  if (!contains(kOtherTypes, type)) return report(AnomalyKind::UnknownMessage, {}, type);
  out_->is_control = true;
}

void Decoder::decode_advanced() {
  if (!check_sequence()) return;
  const std::string_view channel = message_.channel.text;
  if (channel == "l2_data") return on_advanced_books();
  if (channel == "market_trades") return on_trades();
  if (channel == "ticker" || channel == "ticker_batch") {
    for (const Row& row : message_.rows) on_ticker(row);
    out_->is_control = message_.rows.empty();
    return;
  }
  if (!contains(kOtherChannels, channel)) return report(AnomalyKind::UnknownMessage, {}, channel);
  out_->is_control = true;
}

// Counts over all channels of the connection, from 0.
bool Decoder::check_sequence() {
  if (!message_.sequence.has_value()) return true;
  const auto number = read_count(message_.sequence);
  if (!number) {
    report(AnomalyKind::Malformed, {}, "sequence_num");
    fault_books(BookFault::Malformed);
    return false;
  }
  const auto verdict = sequence_.observe(*number, *number == 0);
  if (verdict == SequenceVerdict::Next) return true;
  if (verdict == SequenceVerdict::Restarted) {
    fault_books(BookFault::Disconnected);
    return true;
  }
  const bool is_gap = verdict == SequenceVerdict::Gap;
  report(is_gap ? AnomalyKind::SequenceGap : AnomalyKind::OutOfOrder, {},
         fmt::format("expected {}, got {}", sequence_.expected(), *number));
  if (is_gap) fault_books(BookFault::SequenceGap);
  return is_gap;
}

void Decoder::on_ticker(const Row& row) {
  const std::string_view symbol = product_of(row);
  if (symbol.empty()) return report(AnomalyKind::Malformed, {}, "product_id");
  SpotPrice price;
  if (read_price(row[Field::Price], price) != LevelProblem::None) {
    return report(AnomalyKind::Malformed, symbol, "price");
  }
  const InstrumentId id = instrument_id(Venue::Coinbase, symbol);
  Product& known = product(id, symbol);
  const Asset asset = known.asset;
  const bool has_quote = tell_quote(row, id, asset);
  const auto trade_id = read_count(row[Field::TradeId]);
  // Advanced Trade's ticker names no trade: its price is told as one of unknown size only where it has no quote.
  if (!trade_id && has_quote) return;
  if (trade_id && *trade_id <= known.last_trade) return;
  SpotTrade trade{.id = id, .price = price, .venue = Venue::Coinbase, .asset = asset};
  if (trade_id) {
    known.last_trade = *trade_id;
    trade.trade_id = *trade_id;
    // Here `side` is the taker's, unlike in a match.
    const auto side = read_side(row[Field::Side]);
    trade.taker_side = side.value_or(BookSide::Bid);
    trade.has_side = side.has_value();
    SpotQuantity size;
    if (read_size(row[Field::LastSize], size) == LevelProblem::None) trade.quantity = size;
  }
  emit(trade);
}

bool Decoder::tell_quote(const Row& row, InstrumentId id, Asset asset) {
  SpotQuote quote{.id = id, .venue = Venue::Coinbase, .asset = asset};
  if (read_price(row[Field::BestBid], quote.bid) != LevelProblem::None) return false;
  if (read_price(row[Field::BestAsk], quote.ask) != LevelProblem::None) return false;
  SpotQuantity size;
  if (read_size(row[Field::BestBidSize], size) == LevelProblem::None) quote.bid_quantity = size;
  size = {};
  if (read_size(row[Field::BestAskSize], size) == LevelProblem::None) quote.ask_quantity = size;
  emit(quote);
  return true;
}

void Decoder::on_match(const Row& row, bool is_first) {
  const std::string_view symbol = product_of(row);
  if (symbol.empty()) return report(AnomalyKind::Malformed, {}, "product_id");
  SpotTrade trade{.id = instrument_id(Venue::Coinbase, symbol), .venue = Venue::Coinbase};
  const auto maker = read_side(row[Field::Side]);
  const auto trade_id = read_count(row[Field::TradeId]);
  if (!maker || !trade_id || read_price(row[Field::Price], trade.price) != LevelProblem::None ||
      read_size(row[Field::Size], trade.quantity) != LevelProblem::None) {
    return report(AnomalyKind::Malformed, symbol, "trade_id, price, size or side");
  }
  Product& known = product(trade.id, symbol);
  // Told without the symbol: a lost trade is no fault of the book.
  if (!is_first && known.last_match != 0 && *trade_id > known.last_match + 1) {
    report(AnomalyKind::SequenceGap, {},
           fmt::format("{} trade_id: expected {}, got {}", symbol, known.last_match + 1, *trade_id));
  }
  known.last_match = std::max(known.last_match, *trade_id);
  if (*trade_id <= known.last_trade) return;
  known.last_trade = *trade_id;
  trade.trade_id = *trade_id;
  trade.asset = known.asset;
  trade.taker_side = opposite(*maker);
  trade.has_side = 1;
  emit(trade);
}

// A batch is in no promised order and may repeat after a new subscription; what came as history only
// tells where to begin. Whose side `side` is, is not documented: it is not used.
void Decoder::on_trades() {
  for (std::size_t i = 0; i < message_.rows.size(); ++i) {
    const Row& row = message_.rows[i];
    const std::string_view symbol = product_of(row);
    SpotTrade trade{.id = instrument_id(Venue::Coinbase, symbol), .venue = Venue::Coinbase};
    const auto trade_id = read_count(row[Field::TradeId]);
    if (symbol.empty() || !trade_id || read_price(row[Field::Price], trade.price) != LevelProblem::None ||
        read_size(row[Field::Size], trade.quantity) != LevelProblem::None) {
      report(AnomalyKind::Malformed, symbol, "product_id, trade_id, price or size");
      continue;
    }
    const Product& known = product(trade.id, symbol);
    if (message_.row_is_old[i] || *trade_id <= known.last_trade) continue;
    if (const Timestamp at = read_time(row[Field::Time]); at != kNoTime) exchange_at_ = at;
    trade.trade_id = *trade_id;
    trade.asset = known.asset;
    emit(trade);
  }
  for (const Row& row : message_.rows) {
    const std::string_view symbol = product_of(row);
    const auto trade_id = read_count(row[Field::TradeId]);
    if (symbol.empty() || !trade_id) continue;
    Product& known = product(instrument_id(Venue::Coinbase, symbol), symbol);
    known.last_trade = std::max(known.last_trade, *trade_id);
  }
  out_->is_control = out_->events.empty() && out_->anomalies.empty();
}

void Decoder::on_exchange_book(bool is_snapshot) {
  const std::string_view symbol = product_of(message_.top);
  if (symbol.empty()) {
    report(AnomalyKind::Malformed, {}, "product_id");
    return fault_books(BookFault::Malformed);
  }
  if (!message_.flat.has_levels) message_.flat.problem = LevelProblem::Malformed;
  message_.flat.count = message_.levels.size();
  on_book(symbol, message_.flat, is_snapshot);
}

void Decoder::on_advanced_books() {
  if (message_.changes.empty()) {
    report(AnomalyKind::Malformed, {}, "events");
    return fault_books(BookFault::Malformed);
  }
  for (const BookChange& change : message_.changes) {
    const std::string_view symbol = change.product.is_string() ? change.product.text : std::string_view{};
    const bool is_snapshot = change.type.text == "snapshot";
    if (!is_symbol(symbol)) {
      report(AnomalyKind::Malformed, {}, "product_id");
      fault_books(BookFault::Malformed);
    } else if (!is_snapshot && change.type.text != "update") {
      refuse_book(symbol, LevelProblem::Malformed, "type");
    } else {
      on_book(symbol, change, is_snapshot);
    }
  }
}

void Decoder::on_book(std::string_view symbol, const BookChange& change, bool is_snapshot) {
  if (change.problem != LevelProblem::None) return refuse_book(symbol, change.problem, "levels");
  const InstrumentId id = instrument_id(Venue::Coinbase, symbol);
  Product& known = product(id, symbol);
  if (is_snapshot) {
    known.book = Knowledge::Believed;
  } else if (known.book == Knowledge::Nothing || known.book == Knowledge::Missing) {
    if (known.book == Knowledge::Nothing) emit(BookFaulted{id, BookFault::NoSnapshot, {}});
    known.book = Knowledge::Missing;
    return report(AnomalyKind::UnknownSymbol, symbol, "a change before the snapshot");
  }
  tell_levels(id, known.asset, change, is_snapshot);
}

void Decoder::tell_levels(InstrumentId id, Asset asset, const BookChange& change, bool is_snapshot) {
  const std::size_t before = out_->events.size();
  if (is_snapshot) {
    SpotBookUpdate clear{.id = id, .action = BookAction::Clear, .venue = Venue::Coinbase, .asset = asset};
    clear.flags = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
    emit(clear);
  }
  for (std::size_t i = change.first; i < change.first + change.count; ++i) {
    // A snapshot holds no empty levels; an update removes by them.
    if (is_snapshot && message_.levels[i].quantity.is_zero()) continue;
    tell_level(id, asset, message_.levels[i], is_snapshot ? BookUpdate::kSnapshot : std::uint8_t{0});
  }
  if (out_->events.size() == before) return;
  std::get<SpotBookUpdate>(out_->events.back().body).flags |= BookUpdate::kLast;
}

void Decoder::tell_level(InstrumentId id, Asset asset, const Level& level, std::uint8_t flags) {
  emit(SpotBookUpdate{.id = id,
                      .price = level.price,
                      .quantity = level.quantity,
                      .action = BookAction::Set,
                      .side = level.side,
                      .flags = flags,
                      .venue = Venue::Coinbase,
                      .asset = asset});
}

void Decoder::refuse_book(std::string_view symbol, LevelProblem problem, std::string_view what) {
  report(anomaly_of(problem), symbol, what);
  const InstrumentId id = instrument_id(Venue::Coinbase, symbol);
  Product& known = product(id, symbol);
  if (known.book == Knowledge::Believed) known.book = Knowledge::Faulted;
  emit(BookFaulted{id, fault_of(problem), {}});
}

void Decoder::fault_books(BookFault fault) {
  products_.for_each([&](std::uint64_t key, Product& known) {
    if (known.book != Knowledge::Believed) return;
    known.book = Knowledge::Faulted;
    emit(BookFaulted{InstrumentId{key}, fault, {}});
  });
}

Decoder::Product& Decoder::product(InstrumentId id, std::string_view symbol) {
  Product& known = products_[id.value];
  if (known.is_named) return known;
  known.is_named = true;
  known.asset = product_asset(symbol);
  InstrumentNamed named{.id = id, .length = 0, .venue = Venue::Coinbase};
  set_symbol(named, symbol);
  emit(named);
  return known;
}

std::string_view Decoder::product_of(const Row& row) const noexcept {
  const JsonScalar& stated = row[Field::ProductId];
  return stated.is_string() && is_symbol(stated.text) ? stated.text : std::string_view{};
}

void Decoder::report(AnomalyKind kind, std::string_view symbol, std::string_view detail) {
  out_->anomalies.push_back(Anomaly{kind, std::string(symbol), std::string(detail)});
}

}  // namespace arbees::coinbase

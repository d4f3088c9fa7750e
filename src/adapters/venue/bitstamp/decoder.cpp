#include "adapters/venue/bitstamp/decoder.h"

#include <algorithm>
#include <array>
#include <string>

#include "adapters/venue/bitstamp/diff_sync.h"
#include "adapters/venue/bitstamp/message.h"
#include "adapters/venue/bitstamp/whole_book.h"
#include "adapters/venue/spot_events.h"
#include "adapters/venue/wire_decimal.h"

namespace arbees::bitstamp {
namespace {

constexpr std::string_view kDiffs = "diff_order_book_";
constexpr std::string_view kBook = "order_book_";
constexpr std::string_view kTrades = "live_trades_";
constexpr std::string_view kReconnect = "bts:request_reconnect";

struct Pair : SpotPair {
  DiffSync diffs;
  WholeBook whole;
  std::uint64_t whole_stamp = 0;
  bool has_diffs = false;
};

// The pair behind a channel's name, if it begins so: "live_trades_btcusd" → "btcusd".
std::string_view pair_in(std::string_view channel, std::string_view prefix) noexcept {
  return channel.starts_with(prefix) ? channel.substr(prefix.size()) : std::string_view();
}

// Of a frame that is no JSON any more: the pair whose book it was about, if its channel still stands there.
std::string_view salvage_pair(std::string_view frame) noexcept {
  const std::size_t start = frame.find(kBook);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = frame.substr(start + kBook.size());
  const std::size_t end = rest.find('"');
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

}  // namespace

class Decoder::Impl {
 public:
  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out);
  void reset(Timestamp received_at, DecodedFrame& out);
  void expect_book(std::string_view symbol);
  void decode_rest_book(std::string_view symbol, std::string_view json, Timestamp received_at, DecodedFrame& out);
  void tell_whole(std::string_view symbol) {
    if (Pair* pair = pairs_.find(symbol)) pair->whole.forget();
  }
  [[nodiscard]] bool is_reconnect_requested() const noexcept { return is_reconnect_requested_; }

 private:
  void on_event(std::string_view event);
  void on_unreadable(std::string_view frame, const char* error);
  void on_data(std::string_view channel);
  void on_trade(std::string_view symbol);
  void on_diff(Pair& pair);
  void on_whole_book(Pair& pair);
  void on_rest_book(Pair& pair);

  [[nodiscard]] Pair* pair_of(std::string_view symbol);
  // Reads stamp and levels; what is wrong with them is told, and the book faulted.
  [[nodiscard]] bool read_book(Pair& pair, std::uint64_t& stamp);
  [[nodiscard]] WireNumber read_levels();
  void fault(Pair& pair, BookFault fault);

  LevelMessageReader reader_{kLayout};
  SpotEventWriter writer_{Venue::Bitstamp};
  SpotPairs<Pair> pairs_{Venue::Bitstamp, kMaxPairs};
  std::vector<SpotChange> levels_;
  bool is_reconnect_requested_ = false;
};

void Decoder::Impl::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  writer_.begin(received_at, out);
  if (const char* error = reader_.read(frame)) return on_unreadable(frame, error);
  writer_.set_exchange_at(parse_unix_time(reader_.field(kMicrotimestamp).text).value_or(kNoTime));
  if (reader_.field(kEvent).is_string()) return on_event(reader_.field(kEvent).text);
  if (!reader_.has_list(kBids) || !reader_.has_list(kAsks)) {
    return writer_.report(AnomalyKind::UnknownMessage, {}, "neither an event nor an order book");
  }
  if (pairs_.all().size() != 1) {
    return writer_.report(AnomalyKind::UnknownSymbol, {}, "an order book, and no single pair it could belong to");
  }
  on_rest_book(pairs_.all().front());
}

void Decoder::Impl::on_event(std::string_view event) {
  const std::string_view channel = reader_.field(kChannel).text;
  if (event == "data") return on_data(channel);
  if (event == "trade") return on_trade(pair_in(channel, kTrades));
  const bool is_order = event == "order_created" || event == "order_changed" || event == "order_deleted";
  if (!is_order && !event.starts_with("bts:")) return writer_.report(AnomalyKind::UnknownMessage, {}, event);
  is_reconnect_requested_ = is_reconnect_requested_ || event == kReconnect;
  writer_.note_control();
}

void Decoder::Impl::on_data(std::string_view channel) {
  if (const std::string_view symbol = pair_in(channel, kDiffs); !symbol.empty()) {
    if (Pair* pair = pair_of(symbol)) on_diff(*pair);
  } else if (const std::string_view whole = pair_in(channel, kBook); !whole.empty()) {
    if (Pair* pair = pair_of(whole)) on_whole_book(*pair);
  } else if (channel.starts_with("detail_order_book_")) {
    writer_.note_control();
  } else {
    writer_.report(AnomalyKind::UnknownMessage, {}, channel);
  }
}

// A book that cannot be read is not to be believed; without its name none is.
void Decoder::Impl::on_unreadable(std::string_view frame, const char* error) {
  const bool is_book = frame.find(kBook) != std::string_view::npos || frame.find("\"bids\"") != std::string_view::npos;
  Pair* pair = is_book ? pairs_.find(salvage_pair(frame)) : nullptr;
  writer_.report(AnomalyKind::Malformed, pair == nullptr ? std::string_view() : std::string_view(pair->symbol), error);
  if (pair != nullptr) return fault(*pair, BookFault::Malformed);
  if (!is_book) return;
  for (Pair& known : pairs_.all()) fault(known, BookFault::Malformed);
}

Pair* Decoder::Impl::pair_of(std::string_view symbol) {
  Pair* pair = pairs_.find_or_add(symbol);
  if (pair != nullptr) return pair;
  const bool is_text = is_symbol(symbol);
  writer_.report(is_text ? AnomalyKind::OutOfRange : AnomalyKind::Malformed, symbol,
                 is_text ? "more pairs than the decoder can hold" : "no usable pair");
  return nullptr;
}

void Decoder::Impl::fault(Pair& pair, BookFault fault) {
  const bool was_believed = pair.diffs.is_live() || pair.whole.is_known();
  pair.diffs.stop();
  pair.whole.forget();
  if (was_believed) writer_.tell_fault(pair, fault);
}

WireNumber Decoder::Impl::read_levels() {
  levels_.clear();
  if (reader_.is_list_broken(kBids) || reader_.is_list_broken(kAsks)) return WireNumber::Malformed;
  for (const LevelRow& row : reader_.rows()) {
    SpotChange& level = levels_.emplace_back();
    level.side = row.list == kBids ? BookSide::Bid : BookSide::Ask;
    const WireNumber price = read_spot_price(row.cells[0].text, level.price);
    if (price != WireNumber::Ok) return price;
    const WireNumber quantity = read_spot_quantity(row.cells[1].text, level.quantity);
    if (quantity != WireNumber::Ok) return quantity;
  }
  return WireNumber::Ok;
}

bool Decoder::Impl::read_book(Pair& pair, std::uint64_t& stamp) {
  const bool is_whole =
      read_count(reader_.field(kMicrotimestamp).text, stamp) && reader_.has_list(kBids) && reader_.has_list(kAsks);
  const WireNumber read = is_whole ? read_levels() : WireNumber::Malformed;
  if (read == WireNumber::Ok) return true;
  writer_.report(anomaly_of(read), pair.symbol, is_whole ? "price or quantity of a level" : "stamp or sides of a book");
  fault(pair, fault_of(read));
  return false;
}

void Decoder::Impl::on_diff(Pair& pair) {
  if (!pair.has_diffs && pair.whole.is_known()) fault(pair, BookFault::NoSnapshot);
  pair.has_diffs = true;
  std::uint64_t stamp = 0;
  if (!read_book(pair, stamp)) return;
  switch (pair.diffs.on_diff(stamp, writer_.exchange_at(), levels_)) {
    case DiffStep::Apply: return writer_.tell_changes(pair, levels_);
    case DiffStep::Late:
      return writer_.report(AnomalyKind::OutOfOrder, pair.symbol, reader_.field(kMicrotimestamp).text);
    case DiffStep::NoRoom:
      return writer_.report(AnomalyKind::UnknownSymbol, pair.symbol,
                            "too many changes without an order book; the older are dropped");
    case DiffStep::Wait:
    case DiffStep::Known: return;
  }
}

void Decoder::Impl::on_whole_book(Pair& pair) {
  if (pair.has_diffs) return writer_.note_control();  // the diffs give the same book, deeper
  std::uint64_t stamp = 0;
  if (!read_book(pair, stamp)) return;
  if (pair.whole.is_known() && stamp < pair.whole_stamp) {
    return writer_.report(AnomalyKind::OutOfOrder, pair.symbol, reader_.field(kMicrotimestamp).text);
  }
  const bool was_known = pair.whole.is_known();
  if (!pair.whole.replace(levels_)) {
    writer_.report(AnomalyKind::Malformed, pair.symbol, "levels out of order");
    if (was_known) writer_.tell_fault(pair, BookFault::Malformed);
    return;
  }
  pair.whole_stamp = stamp;
  if (!was_known) return writer_.tell_book(pair, pair.whole.changes());
  writer_.tell_changes(pair, pair.whole.changes());
  if (pair.whole.changes().empty()) writer_.note_control();
}

void Decoder::Impl::on_rest_book(Pair& pair) {
  std::uint64_t stamp = 0;
  if (!read_book(pair, stamp)) return;
  const bool was_live = pair.diffs.is_live();
  if (!pair.diffs.on_book(stamp)) {
    return writer_.report(
        was_live ? AnomalyKind::OutOfOrder : AnomalyKind::SequenceGap, pair.symbol,
        was_live ? "order book older than what is known" : "order book older than the first change after subscribing");
  }
  pair.has_diffs = true;
  pair.whole.forget();
  writer_.tell_book(pair, levels_);
  for (const DiffSync::Kept& diff : pair.diffs.kept()) {
    writer_.set_exchange_at(diff.exchange_at);
    writer_.tell_changes(pair, pair.diffs.levels_of(diff));
  }
  pair.diffs.forget_kept();
}

void Decoder::Impl::expect_book(std::string_view symbol) {
  if (Pair* pair = pairs_.find_or_add(symbol)) pair->diffs.expect_book();
}

void Decoder::Impl::decode_rest_book(std::string_view symbol, std::string_view json, Timestamp received_at,
                                     DecodedFrame& out) {
  writer_.begin(received_at, out);
  if (const char* error = reader_.read(json)) return writer_.report(AnomalyKind::Malformed, symbol, error);
  writer_.set_exchange_at(parse_unix_time(reader_.field(kMicrotimestamp).text).value_or(kNoTime));
  if (!reader_.has_list(kBids) || !reader_.has_list(kAsks)) {
    return writer_.report(AnomalyKind::UnknownMessage, symbol, "not an order book");
  }
  if (Pair* pair = pair_of(symbol)) on_rest_book(*pair);
}

void Decoder::Impl::on_trade(std::string_view symbol) {
  Pair* pair = pair_of(symbol);
  if (pair == nullptr) return;
  SpotTrade trade;
  for (const WireNumber read : {read_spot_price(reader_.field(kPrice).text, trade.price),
                                read_spot_quantity(reader_.field(kAmount).text, trade.quantity)}) {
    if (read != WireNumber::Ok) {
      return writer_.report(anomaly_of(read), pair->symbol, "price or quantity of a trade");
    }
  }
  const std::string_view type = reader_.field(kType).text;
  if ((type != "0" && type != "1") || !read_count(reader_.field(kId).text, trade.trade_id)) {
    return writer_.report(AnomalyKind::Malformed, pair->symbol, "id or type of a trade");
  }
  trade.taker_side = type == "0" ? BookSide::Bid : BookSide::Ask;
  trade.has_side = 1;
  writer_.tell_trade(*pair, trade);
}

void Decoder::Impl::reset(Timestamp received_at, DecodedFrame& out) {
  writer_.begin(received_at, out);
  is_reconnect_requested_ = false;
  for (Pair& pair : pairs_.all()) {
    fault(pair, BookFault::Disconnected);
    pair.has_diffs = false;
  }
}

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;

void Decoder::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  impl_->decode(frame, received_at, out);
}

void Decoder::reset(Timestamp received_at, DecodedFrame& out) { impl_->reset(received_at, out); }

void Decoder::expect_book(std::string_view pair) { impl_->expect_book(pair); }

void Decoder::decode_rest_book(std::string_view pair, std::string_view json, Timestamp received_at, DecodedFrame& out) {
  impl_->decode_rest_book(pair, json, received_at, out);
}

void Decoder::tell_whole(std::string_view pair) { impl_->tell_whole(pair); }

bool Decoder::is_reconnect_requested() const noexcept { return impl_->is_reconnect_requested(); }

}  // namespace arbees::bitstamp

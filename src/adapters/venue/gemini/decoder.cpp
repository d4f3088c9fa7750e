#include "adapters/venue/gemini/decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "adapters/venue/gemini/message.h"
#include "adapters/venue/spot_events.h"
#include "adapters/venue/wire_decimal.h"

namespace arbees::gemini {
namespace {

enum class BookState : std::uint8_t { NoSnapshot, Live, Faulted };

struct Pair : SpotPair {
  std::uint64_t last_id = 0;  // Fast API
  BookState state = BookState::NoSnapshot;
  bool had_book = false;
};

// Longer ones are no symbols of this venue.
constexpr std::size_t kLongestSymbol = 24;

class UpperCase {
 public:
  explicit UpperCase(std::string_view text) noexcept : size_(text.size() <= kLongestSymbol ? text.size() : 0) {
    std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size_), bytes_.begin(),
                   [](char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  }
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), size_}; }

 private:
  std::array<char, kLongestSymbol> bytes_{};
  std::size_t size_;
};

// An offer at 10,000,000,000 dollars and more.
bool is_jocular(std::string_view price) noexcept {
  const std::string_view whole = price.substr(0, price.find('.'));
  return whole.size() > 10 && std::all_of(whole.begin(), whole.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Timestamp time_of(std::string_view text) noexcept {
  if (text.find('.') != std::string_view::npos) return kNoTime;
  return parse_unix_time(text).value_or(kNoTime);
}

}  // namespace

class Decoder::Impl {
 public:
  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out);
  void reset(Timestamp received_at, DecodedFrame& out);
  [[nodiscard]] bool had_book(std::string_view symbol) {
    const Pair* pair = pairs_.find(UpperCase(symbol).view());
    return pair != nullptr && pair->had_book;
  }

 private:
  [[nodiscard]] const JsonScalar& field(Field name) const noexcept { return reader_.field(name); }
  [[nodiscard]] std::string_view text(Field name) const noexcept { return reader_.field(name).text; }

  void on_unreadable(std::string_view frame, const char* error);
  void on_fast();
  void on_typed(std::string_view type);
  void on_depth();
  void on_book_ticker();
  void on_fast_trade();
  void on_levels();
  void on_trade();

  [[nodiscard]] Pair* pair_of(Field symbol);
  void refuse(Pair& pair, WireNumber read, std::string_view what);
  [[nodiscard]] WireNumber read_fast_levels();
  [[nodiscard]] WireNumber read_changes();
  [[nodiscard]] static WireNumber read_level(const JsonScalar& price, const JsonScalar& quantity, SpotChange& level);
  void fault(Pair& pair, BookFault fault);
  void fault_all(BookFault why) {
    for (Pair& pair : pairs_.all()) fault(pair, why);
  }

  LevelMessageReader reader_{kLayout};
  SpotEventWriter writer_{Venue::Gemini};
  SpotPairs<Pair> pairs_{Venue::Gemini, kMaxPairs};
  std::vector<SpotChange> levels_;
};

void Decoder::Impl::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  writer_.begin(received_at, out);
  if (const char* error = reader_.read(frame)) return on_unreadable(frame, error);
  if (field(kType).is_string()) {
    writer_.set_exchange_at(time_of(text(kTimestamp)));
    return on_typed(text(kType));
  }
  writer_.set_exchange_at(time_of(text(kEventTime)));
  on_fast();
}

void Decoder::Impl::on_typed(std::string_view type) {
  if (type == "l2_updates") return on_levels();
  if (type == "trade") return on_trade();
  const bool is_known = type == "heartbeat" || type == "subscription_ack" || type.starts_with("candles_") ||
                        type.starts_with("auction_") || type == "block_trade" || type == "error";
  if (!is_known) return writer_.report(AnomalyKind::UnknownMessage, text(kSymbol), type);
  writer_.note_control();
}

void Decoder::Impl::on_fast() {
  const std::string_view event = text(kEvent);
  if (event == "depthUpdate") return on_depth();
  if (event == "markPrice" || event == "fundingAmount") return writer_.note_control();  // of perpetual contracts
  if (field(kEvent).has_value() && event != "trade" && event != "bookTicker") {
    return writer_.report(AnomalyKind::UnknownMessage, text(kFastSymbol), event);
  }
  if (field(kFastTradeId).has_value() && field(kFastPrice).has_value()) return on_fast_trade();
  if (field(kLastId).has_value() && field(kBid).has_value() && field(kAsk).has_value()) return on_book_ticker();
  if (field(kStatus).has_value()) return writer_.note_control();  // the answer to a request
  writer_.report(AnomalyKind::UnknownMessage, text(kFastSymbol), "no known set of fields");
}

// A book that cannot be read is not to be believed; without its name none is.
void Decoder::Impl::on_unreadable(std::string_view frame, const char* error) {
  const bool is_book = frame.find("depthUpdate") != std::string_view::npos ||
                       frame.find("l2_updates") != std::string_view::npos ||
                       frame.find("\"changes\"") != std::string_view::npos;
  const Field name = field(kSymbol).is_string() ? kSymbol : kFastSymbol;
  Pair* pair = is_book ? pairs_.find(UpperCase(text(name)).view()) : nullptr;
  writer_.report(AnomalyKind::Malformed, pair == nullptr ? std::string_view() : std::string_view(pair->symbol), error);
  if (pair != nullptr) return fault(*pair, BookFault::Malformed);
  if (is_book) fault_all(BookFault::Malformed);
}

Pair* Decoder::Impl::pair_of(Field name) {
  const UpperCase symbol(field(name).is_string() ? text(name) : std::string_view());
  Pair* pair = pairs_.find_or_add(symbol.view());
  if (pair != nullptr) return pair;
  const bool is_text = is_symbol(symbol.view());
  writer_.report(is_text ? AnomalyKind::OutOfRange : AnomalyKind::Malformed, symbol.view(),
                 is_text ? "more pairs than the decoder can hold" : "no usable symbol");
  return nullptr;
}

void Decoder::Impl::fault(Pair& pair, BookFault fault) {
  const bool was_live = pair.state == BookState::Live;
  pair.state = BookState::Faulted;
  if (was_live) writer_.tell_fault(pair, fault);
}

void Decoder::Impl::refuse(Pair& pair, WireNumber read, std::string_view what) {
  writer_.report(anomaly_of(read), pair.symbol, what);
  fault(pair, fault_of(read));
}

WireNumber Decoder::Impl::read_level(const JsonScalar& price, const JsonScalar& quantity, SpotChange& level) {
  const WireNumber read = read_spot_price(price.text, level.price);
  return read == WireNumber::Ok ? read_spot_quantity(quantity.text, level.quantity) : read;
}

WireNumber Decoder::Impl::read_fast_levels() {
  levels_.clear();
  if (reader_.is_list_broken(kFastBids) || reader_.is_list_broken(kFastAsks)) return WireNumber::Malformed;
  for (const LevelRow& row : reader_.rows()) {
    if (row.list == kFastAsks && is_jocular(row.cells[0].text)) continue;
    SpotChange& level = levels_.emplace_back();
    level.side = row.list == kFastBids ? BookSide::Bid : BookSide::Ask;
    const WireNumber read = read_level(row.cells[0], row.cells[1], level);
    if (read != WireNumber::Ok) return read;
  }
  return WireNumber::Ok;
}

WireNumber Decoder::Impl::read_changes() {
  levels_.clear();
  if (!reader_.has_list(kChanges) || reader_.is_list_broken(kChanges)) return WireNumber::Malformed;
  for (const LevelRow& row : reader_.rows()) {
    if (row.list != kChanges) continue;
    const std::string_view side = row.cells[0].text;
    if (side != "buy" && side != "sell") return WireNumber::Malformed;
    if (side == "sell" && is_jocular(row.cells[1].text)) continue;
    SpotChange& level = levels_.emplace_back();
    level.side = side == "buy" ? BookSide::Bid : BookSide::Ask;
    const WireNumber read = read_level(row.cells[1], row.cells[2], level);
    if (read != WireNumber::Ok) return read;
  }
  return WireNumber::Ok;
}

void Decoder::Impl::on_depth() {
  Pair* pair = pair_of(kFastSymbol);
  if (pair == nullptr) return fault_all(BookFault::Malformed);
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  const bool is_whole = read_count(text(kFirstId), first) && read_count(text(kLastId), last) && first <= last &&
                        reader_.has_list(kFastBids) && reader_.has_list(kFastAsks);
  const WireNumber read = is_whole ? read_fast_levels() : WireNumber::Malformed;
  if (read != WireNumber::Ok) return refuse(*pair, read, is_whole ? "price or quantity of a level" : "ids or sides");
  if (pair->state == BookState::Faulted) return;  // only a new connection heals
  if (pair->state == BookState::NoSnapshot) {
    if (first != last) return writer_.report(AnomalyKind::UnknownSymbol, pair->symbol, "update before a whole book");
    pair->state = BookState::Live;
    pair->had_book = true;
    pair->last_id = last;
    return writer_.tell_book(*pair, levels_);
  }
  if (last <= pair->last_id) {
    return writer_.report(AnomalyKind::OutOfOrder, pair->symbol, fmt::format("update ends at {}", last));
  }
  if (first > pair->last_id + 1) {
    writer_.report(AnomalyKind::SequenceGap, pair->symbol,
                   fmt::format("expected {}, got {}", pair->last_id + 1, first));
    return fault(*pair, BookFault::SequenceGap);
  }
  pair->last_id = last;
  writer_.tell_changes(*pair, levels_);
}

void Decoder::Impl::on_levels() {
  Pair* pair = pair_of(kSymbol);
  if (pair == nullptr) return fault_all(BookFault::Malformed);
  const WireNumber read = read_changes();
  if (read != WireNumber::Ok) return refuse(*pair, read, "side, price or quantity of a level");
  if (reader_.has_list(kTrades)) {
    pair->state = BookState::Live;
    pair->had_book = true;
    return writer_.tell_book(*pair, levels_);
  }
  if (pair->state == BookState::Faulted) return;
  if (pair->state == BookState::NoSnapshot) {
    return writer_.report(AnomalyKind::UnknownSymbol, pair->symbol, "update before a whole book");
  }
  writer_.tell_changes(*pair, levels_);
}

void Decoder::Impl::on_book_ticker() {
  Pair* pair = pair_of(kFastSymbol);
  if (pair == nullptr) return;
  // An empty side is an empty text: half a quote says nothing.
  if (text(kBid).empty() || text(kAsk).empty() || is_jocular(text(kAsk))) return writer_.note_control();
  SpotQuote quote;
  for (const WireNumber read : {read_spot_price(text(kBid), quote.bid), read_spot_price(text(kAsk), quote.ask),
                                read_spot_quantity(text(kBidQuantity), quote.bid_quantity),
                                read_spot_quantity(text(kAskQuantity), quote.ask_quantity)}) {
    if (read != WireNumber::Ok) {
      return writer_.report(anomaly_of(read), pair->symbol, "best price or its quantity");
    }
  }
  writer_.tell_quote(*pair, quote);
}

void Decoder::Impl::on_fast_trade() {
  Pair* pair = pair_of(kFastSymbol);
  if (pair == nullptr) return;
  SpotTrade trade;
  for (const WireNumber read :
       {read_spot_price(text(kFastPrice), trade.price), read_spot_quantity(text(kFastQuantity), trade.quantity)}) {
    if (read != WireNumber::Ok) {
      return writer_.report(anomaly_of(read), pair->symbol, "price or quantity of a trade");
    }
  }
  if (!field(kBuyerIsMaker).is_bool() || !read_count(text(kFastTradeId), trade.trade_id)) {
    return writer_.report(AnomalyKind::Malformed, pair->symbol, "id or side of a trade");
  }
  trade.taker_side = field(kBuyerIsMaker).kind == JsonKind::True ? BookSide::Ask : BookSide::Bid;
  trade.has_side = 1;
  writer_.tell_trade(*pair, trade);
}

// v2; `side` is the taker's.
void Decoder::Impl::on_trade() {
  Pair* pair = pair_of(kSymbol);
  if (pair == nullptr) return;
  SpotTrade trade;
  for (const WireNumber read :
       {read_spot_price(text(kPrice), trade.price), read_spot_quantity(text(kQuantity), trade.quantity)}) {
    if (read != WireNumber::Ok) {
      return writer_.report(anomaly_of(read), pair->symbol, "price or quantity of a trade");
    }
  }
  const std::string_view side = text(kSide);
  if ((side != "buy" && side != "sell") || !read_count(text(kEventId), trade.trade_id)) {
    return writer_.report(AnomalyKind::Malformed, pair->symbol, "id or side of a trade");
  }
  trade.taker_side = side == "buy" ? BookSide::Bid : BookSide::Ask;
  trade.has_side = 1;
  writer_.tell_trade(*pair, trade);
}

void Decoder::Impl::reset(Timestamp received_at, DecodedFrame& out) {
  writer_.begin(received_at, out);
  fault_all(BookFault::Disconnected);
  for (Pair& pair : pairs_.all()) {
    pair.state = BookState::NoSnapshot;
    pair.had_book = false;
  }
}

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;

void Decoder::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  impl_->decode(frame, received_at, out);
}

void Decoder::reset(Timestamp received_at, DecodedFrame& out) { impl_->reset(received_at, out); }

bool Decoder::had_book(std::string_view symbol) { return impl_->had_book(symbol); }

}  // namespace arbees::gemini

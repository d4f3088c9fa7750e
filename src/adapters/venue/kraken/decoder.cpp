#include "adapters/venue/kraken/decoder.h"

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <string>

#include "adapters/venue/kraken/depth_book.h"
#include "adapters/venue/kraken/message.h"
#include "adapters/venue/wire_decimal.h"
#include "core/base/flat_table.h"

namespace arbees::kraken {
namespace {

constexpr std::size_t kLongestSymbol = 32;
constexpr std::array<std::size_t, 5> kDepths = {10, 25, 100, 500, 1000};

enum class BookState : std::uint8_t { NoSnapshot, Live, Faulted };

struct Pair {
  InstrumentId id;
  std::string symbol;
  DepthBook book;
  std::size_t depth = 0;  // 0: not told
  Precision precision;
  Asset asset = Asset::Unknown;
  BookState state = BookState::NoSnapshot;
  bool is_named = false;
};

struct Change {
  DepthLevel level;
  BookSide side = BookSide::Bid;
};

// "BTC/USD" → BTC. A pair priced in anything but dollars is no price of its base asset.
Asset asset_of(std::string_view symbol) noexcept {
  const std::size_t slash = symbol.find('/');
  if (slash == std::string_view::npos) return Asset::Unknown;
  const std::string_view quote = symbol.substr(slash + 1);
  if (quote != "USD" && quote != "USDT" && quote != "USDC") return Asset::Unknown;
  return parse_asset(symbol.substr(0, slash)).value_or(Asset::Unknown);
}

bool read_integer(std::string_view text, std::int64_t largest, std::int64_t& value) noexcept {
  if (text.find('.') != std::string_view::npos) return false;
  const auto parsed = parse_decimal(text, 0);
  if (!parsed || *parsed < 0 || *parsed > largest) return false;
  value = *parsed;
  return true;
}

std::size_t depth_for(std::size_t level_count) noexcept {
  for (const std::size_t depth : kDepths) {
    if (level_count <= depth) return depth;
  }
  return kDepths.back();
}

}  // namespace

class Decoder::Impl {
 public:
  Impl() : pairs_(kMaxPairs) {}

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out);
  void reset(Timestamp received_at, DecodedFrame& out);

 private:
  void on_malformed(const Message& message);
  void on_reply(const Message& message);
  void on_instrument(const Message& message);
  void on_book(const Message& message, const Entry& entry);
  void on_ticker(const Entry& entry);
  void on_trade(const Entry& entry);
  void apply_snapshot(Pair& pair);
  void apply_update(Pair& pair);
  void check(Pair& pair, std::uint32_t expected, bool is_snapshot);

  Pair* pair_of(std::string_view symbol);
  Pair* find_pair(std::string_view symbol) noexcept;
  [[nodiscard]] WireNumber read_changes(const Entry& entry);

  template <class Body>
  void emit(const Body& body) {
    out_->events.push_back(Event{received_at_, exchange_at_, 0, body});
  }
  void emit_named(Pair& pair);
  void emit_change(const Pair& pair, const Change& change, std::uint8_t flags);
  void fault(Pair& pair, BookFault fault);
  void report(AnomalyKind kind, std::string_view symbol, std::string detail) {
    out_->anomalies.push_back(Anomaly{kind, std::string(symbol.substr(0, kLongestSymbol)), std::move(detail)});
  }

  MessageReader reader_;
  FlatTable<Pair*> pairs_;
  std::deque<Pair> storage_;
  std::vector<Change> changes_;
  DecodedFrame* out_ = nullptr;
  Timestamp received_at_ = kNoTime;
  Timestamp exchange_at_ = kNoTime;
};

void Decoder::Impl::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  out_ = &out;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
  if (!reader_.read(frame)) return on_malformed(reader_.message());
  const Message& message = reader_.message();
  if (message.method.data() != nullptr) return on_reply(message);
  const std::string_view channel = message.channel;
  const bool is_history = channel == "trade" && message.type == "snapshot";
  if (channel == "heartbeat" || channel == "status" || channel == "ohlc" || is_history) {
    out.is_control = true;
    return;
  }
  if (channel == "instrument") return on_instrument(message);
  if (channel != "book" && channel != "ticker" && channel != "trade") {
    return report(AnomalyKind::UnknownMessage, {}, std::string(channel.substr(0, 64)));
  }
  if (message.entry_count == 0) report(AnomalyKind::Malformed, {}, "message without data");
  for (std::size_t i = 0; i < message.entry_count; ++i) {
    const Entry& entry = message.entries[i];
    exchange_at_ = parse_iso8601(entry.timestamp).value_or(kNoTime);
    if (channel == "book") on_book(message, entry);
    if (channel == "ticker") on_ticker(entry);
    if (channel == "trade") on_trade(entry);
  }
}

void Decoder::Impl::reset(Timestamp received_at, DecodedFrame& out) {
  out_ = &out;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
  for (Pair& pair : storage_) {
    if (pair.state == BookState::Live) fault(pair, BookFault::Disconnected);
    pair.state = BookState::NoSnapshot;
    pair.depth = 0;
  }
}

void Decoder::Impl::on_malformed(const Message& message) {
  const std::string_view symbol =
      message.entry_count == 0 ? std::string_view() : message.entries[message.entry_count - 1].symbol;
  report(AnomalyKind::Malformed, symbol, std::string(reader_.error()));
  Pair* pair = find_pair(symbol);
  if (message.channel == "book" && pair != nullptr) fault(*pair, BookFault::Malformed);
}

void Decoder::Impl::on_reply(const Message& message) {
  out_->is_control = true;
  std::int64_t depth = 0;
  const bool is_book = message.method == "subscribe" && message.success == "true" && message.result_channel == "book";
  if (!is_book || !read_integer(message.result_depth, 1000, depth) || depth == 0) return;
  if (Pair* pair = pair_of(message.result_symbol)) pair->depth = static_cast<std::size_t>(depth);
}

void Decoder::Impl::on_instrument(const Message& message) {
  out_->is_control = true;
  for (const PairText& text : message.pairs) {
    std::int64_t price = 0;
    std::int64_t quantity = 0;
    const bool is_known =
        read_integer(text.price_precision, 8, price) && read_integer(text.quantity_precision, 8, quantity);
    Pair* pair = is_known ? pair_of(text.symbol) : nullptr;
    if (pair != nullptr) pair->precision = Precision{static_cast<int>(price), static_cast<int>(quantity)};
  }
}

Pair* Decoder::Impl::find_pair(std::string_view symbol) noexcept {
  if (symbol.empty() || symbol.size() > kLongestSymbol) return nullptr;
  Pair** found = pairs_.find(instrument_id(Venue::Kraken, symbol).value);
  return found == nullptr ? nullptr : *found;
}

Pair* Decoder::Impl::pair_of(std::string_view symbol) {
  if (symbol.empty() || symbol.size() > kLongestSymbol) {
    report(AnomalyKind::Malformed, symbol, "no usable symbol");
    return nullptr;
  }
  const InstrumentId id = instrument_id(Venue::Kraken, symbol);
  Pair** slot = pairs_.insert(id.value);
  if (slot == nullptr) {
    report(AnomalyKind::OutOfRange, symbol, "more pairs than the decoder can hold");
    return nullptr;
  }
  if (*slot == nullptr) {
    *slot = &storage_.emplace_back();
    (*slot)->id = id;
    (*slot)->symbol = symbol;
    (*slot)->asset = asset_of(symbol);
  }
  return *slot;
}

void Decoder::Impl::emit_named(Pair& pair) {
  if (pair.is_named) return;
  pair.is_named = true;
  InstrumentNamed named;
  named.id = pair.id;
  named.venue = Venue::Kraken;
  set_symbol(named, pair.symbol);
  emit(named);
}

void Decoder::Impl::emit_change(const Pair& pair, const Change& change, std::uint8_t flags) {
  SpotBookUpdate update;
  update.id = pair.id;
  update.price = change.level.price;
  update.quantity = change.level.quantity;
  update.side = change.side;
  update.flags = flags;
  update.venue = Venue::Kraken;
  update.asset = pair.asset;
  emit(update);
}

void Decoder::Impl::fault(Pair& pair, BookFault fault) {
  if (pair.state == BookState::Faulted) return;
  pair.state = BookState::Faulted;
  emit_named(pair);
  emit(BookFaulted{pair.id, fault, {}});
}

WireNumber Decoder::Impl::read_changes(const Entry& entry) {
  changes_.clear();
  const auto read_side = [this](const std::vector<LevelText>& texts, BookSide side) {
    for (const LevelText& text : texts) {
      SpotPrice price;
      SpotQuantity quantity;
      const WireNumber price_read = read_spot_price(text.price, price);
      if (price_read != WireNumber::Ok) return price_read;
      const WireNumber quantity_read = read_spot_quantity(text.quantity, quantity);
      if (quantity_read != WireNumber::Ok) return quantity_read;
      changes_.push_back(Change{make_level(price, quantity, text.price, text.quantity), side});
    }
    return WireNumber::Ok;
  };
  const WireNumber bids = read_side(entry.bids, BookSide::Bid);
  return bids == WireNumber::Ok ? read_side(entry.asks, BookSide::Ask) : bids;
}

void Decoder::Impl::on_book(const Message& message, const Entry& entry) {
  Pair* pair = pair_of(entry.symbol);
  if (pair == nullptr) return;
  const bool is_snapshot = message.type == "snapshot";
  std::int64_t checksum = 0;
  if ((!is_snapshot && message.type != "update") || !read_integer(entry.checksum, 0xffffffffLL, checksum)) {
    report(AnomalyKind::Malformed, pair->symbol, "book type or checksum");
    return fault(*pair, BookFault::Malformed);
  }
  const WireNumber read = read_changes(entry);
  if (read != WireNumber::Ok) {
    report(anomaly_of(read), pair->symbol, "price or quantity of a level");
    return fault(*pair, fault_of(read));
  }
  if (!is_snapshot && pair->state == BookState::NoSnapshot) {
    return report(AnomalyKind::UnknownSymbol, pair->symbol, "update before a snapshot");
  }
  if (!is_snapshot && pair->state == BookState::Faulted) return;
  if (is_snapshot) {
    apply_snapshot(*pair);
  } else {
    apply_update(*pair);
  }
  check(*pair, static_cast<std::uint32_t>(checksum), is_snapshot);
}

void Decoder::Impl::apply_snapshot(Pair& pair) {
  pair.book.clear();
  for (const Change& change : changes_) pair.book.set(change.side, change.level);
  if (pair.depth == 0) {
    pair.depth = depth_for(std::max(pair.book.level_count(BookSide::Bid), pair.book.level_count(BookSide::Ask)));
  }
  pair.state = BookState::Live;
  emit_named(pair);
  SpotBookUpdate clear;
  clear.id = pair.id;
  clear.action = BookAction::Clear;
  clear.flags = BookUpdate::kSnapshotStart | BookUpdate::kSnapshot;
  if (changes_.empty()) clear.flags |= BookUpdate::kLast;
  clear.venue = Venue::Kraken;
  clear.asset = pair.asset;
  emit(clear);
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const std::uint8_t last = i + 1 == changes_.size() ? BookUpdate::kLast : std::uint8_t{0};
    emit_change(pair, changes_[i], BookUpdate::kSnapshot | last);
  }
}

void Decoder::Impl::apply_update(Pair& pair) {
  for (const Change& change : changes_) pair.book.set(change.side, change.level);
  for (const BookSide side : {BookSide::Bid, BookSide::Ask}) {
    for (SpotPrice dropped = pair.book.drop_beyond(side, pair.depth); dropped.is_positive();
         dropped = pair.book.drop_beyond(side, pair.depth)) {
      Change& removal = changes_.emplace_back();
      removal.level.price = dropped;
      removal.side = side;
    }
  }
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    emit_change(pair, changes_[i], i + 1 == changes_.size() ? BookUpdate::kLast : std::uint8_t{0});
  }
}

void Decoder::Impl::check(Pair& pair, std::uint32_t expected, bool is_snapshot) {
  if (pair.book.checksum(pair.precision) == expected) return;
  // The precision is learnt from the instrument channel; before that a snapshot may teach it.
  for (int price = 0; is_snapshot && !pair.precision.is_known() && price <= 8; ++price) {
    if (pair.book.checksum(Precision{price, 8}) != expected) continue;
    pair.precision = Precision{price, 8};
    return;
  }
  report(AnomalyKind::HashMismatch, pair.symbol, "checksum " + std::to_string(expected) + " does not come out");
  fault(pair, BookFault::HashMismatch);
}

void Decoder::Impl::on_ticker(const Entry& entry) {
  Pair* pair = pair_of(entry.symbol);
  if (pair == nullptr) return;
  SpotQuote quote;
  quote.id = pair->id;
  quote.venue = Venue::Kraken;
  quote.asset = pair->asset;
  for (const WireNumber read : {read_spot_price(entry.bid, quote.bid), read_spot_price(entry.ask, quote.ask),
                                read_spot_quantity(entry.bid_quantity, quote.bid_quantity),
                                read_spot_quantity(entry.ask_quantity, quote.ask_quantity)}) {
    if (read != WireNumber::Ok) return report(anomaly_of(read), pair->symbol, "best price or its quantity");
  }
  emit_named(*pair);
  emit(quote);
}

void Decoder::Impl::on_trade(const Entry& entry) {
  Pair* pair = pair_of(entry.symbol);
  if (pair == nullptr) return;
  SpotTrade trade;
  trade.id = pair->id;
  trade.venue = Venue::Kraken;
  trade.asset = pair->asset;
  for (const WireNumber read :
       {read_spot_price(entry.price, trade.price), read_spot_quantity(entry.quantity, trade.quantity)}) {
    if (read != WireNumber::Ok) return report(anomaly_of(read), pair->symbol, "price or quantity of a trade");
  }
  std::int64_t trade_id = 0;
  const bool is_side = entry.side == "buy" || entry.side == "sell";
  if (!is_side || !read_integer(entry.trade_id, std::numeric_limits<std::int64_t>::max(), trade_id)) {
    return report(AnomalyKind::Malformed, pair->symbol, "id or side of a trade");
  }
  trade.trade_id = static_cast<std::uint64_t>(trade_id);
  trade.taker_side = entry.side == "buy" ? BookSide::Bid : BookSide::Ask;
  trade.has_side = 1;
  emit_named(*pair);
  emit(trade);
}

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;

void Decoder::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  impl_->decode(frame, received_at, out);
}

void Decoder::reset(Timestamp received_at, DecodedFrame& out) { impl_->reset(received_at, out); }

}  // namespace arbees::kraken

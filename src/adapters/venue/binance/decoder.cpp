#include "adapters/venue/binance/decoder.h"

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <utility>

#include "adapters/venue/binance/local_book_sync.h"
#include "adapters/venue/binance/message.h"
#include "adapters/venue/wire_decimal.h"
#include "core/base/flat_table.h"

namespace arbees::binance {
namespace {

constexpr std::size_t kLongestSymbol = 24;

struct Pair {
  InstrumentId id;
  std::string symbol;
  LocalBookSync sync;
  Asset asset = Asset::Unknown;
  bool is_tether_quoted = false;
  bool is_named = false;
  bool has_updates = false;  // a diff stream was seen: partial depth is not needed
};

// BTCUSDT → BTC. A pair priced in anything but dollars is no price of its base asset.
Asset asset_of(std::string_view symbol) noexcept {
  constexpr std::array<std::string_view, 6> kDollars = {"USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD"};
  for (const std::string_view quote : kDollars) {
    if (symbol.ends_with(quote))
      return parse_asset(symbol.substr(0, symbol.size() - quote.size())).value_or(Asset::Unknown);
  }
  return Asset::Unknown;
}

bool is_symbol(std::string_view text) noexcept {
  const auto is_allowed = [](char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  return !text.empty() && text.size() <= kLongestSymbol && std::all_of(text.begin(), text.end(), is_allowed);
}

bool read_id(std::string_view text, std::uint64_t& id) noexcept {
  if (text.find('.') != std::string_view::npos) return false;
  const auto value = parse_decimal(text, 0);
  if (!value || *value < 0) return false;
  id = static_cast<std::uint64_t>(*value);
  return true;
}

// Milliseconds, or microseconds where the connection asked for them.
Timestamp time_of(std::string_view text) noexcept {
  if (text.find('.') != std::string_view::npos) return kNoTime;
  return parse_unix_time(text).value_or(kNoTime);
}

// "btcusdt@depth20@100ms" → "BTCUSDT" in `buffer`.
std::string_view symbol_of_stream(std::string_view stream, std::array<char, kLongestSymbol>& buffer) noexcept {
  const std::string_view name = stream.substr(0, stream.find('@'));
  if (name.size() > buffer.size()) return {};
  std::transform(name.begin(), name.end(), buffer.begin(),
                 [](char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return {buffer.data(), name.size()};
}

}  // namespace

class Decoder::Impl {
 public:
  Impl() : pairs_(kMaxPairs) {}

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out);
  void reset(Timestamp received_at, DecodedFrame& out);
  void finish(Timestamp received_at, DecodedFrame& out);
  void set_snapshot_symbol(std::string_view symbol) { snapshot_symbol_ = symbol; }

 private:
  void on_typed(const Message& message, std::string_view type);
  void on_untyped(const Message& message);
  void on_malformed(const Message& message);
  void on_book_ticker(const Message& message);
  void on_trade(const Message& message, std::string_view trade_id);
  void on_kline(const Message& message);
  void on_depth_update(const Message& message);
  // `symbol` empty: the only one seen.
  void on_snapshot(const Message& message, std::string_view symbol);
  void on_partial_depth(const Message& message, Pair& pair);
  void apply_snapshot(Pair& pair, std::uint64_t last_update_id, const std::vector<DepthLevel>& levels);
  void apply_kept(Pair& pair);
  void keep(Pair& pair, UpdateRange range);

  Pair* pair_of(std::string_view symbol);
  Pair* find_pair(std::string_view symbol) noexcept;
  [[nodiscard]] WireNumber read_levels(const Message& message);

  template <class Body>
  void emit(const Body& body) {
    out_->events.push_back(Event{received_at_, exchange_at_, 0, body});
  }
  void emit_named(Pair& pair);
  void emit_levels(const Pair& pair, const DepthLevel* levels, std::size_t count, std::uint8_t flags);
  void fault(Pair& pair, BookFault fault);
  void report(AnomalyKind kind, std::string_view symbol, std::string detail) {
    out_->anomalies.push_back(Anomaly{kind, std::string(symbol.substr(0, kLongestSymbol)), std::move(detail)});
  }

  MessageReader reader_;
  FlatTable<Pair*> pairs_;
  std::deque<Pair> storage_;
  std::vector<DepthLevel> levels_;
  std::string snapshot_symbol_;
  std::vector<DepthLevel> waiting_levels_;  // of a snapshot that came before any symbol
  std::uint64_t waiting_id_ = 0;
  bool has_waiting_ = false;
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
  exchange_at_ = time_of(message['E']);
  const std::string_view type = message['e'];
  if (type.data() != nullptr) return on_typed(message, type);
  on_untyped(message);
}

void Decoder::Impl::on_typed(const Message& message, std::string_view type) {
  if (type == "depthUpdate") return on_depth_update(message);
  if (type == "trade") return on_trade(message, message['t']);
  if (type == "aggTrade") return on_trade(message, message['a']);
  if (type == "bookTicker") return on_book_ticker(message);
  if (type == "kline") return on_kline(message);
  constexpr std::array<std::string_view, 7> kUnderstood = {"24hrTicker", "24hrMiniTicker", "avgPrice",      "1hTicker",
                                                           "4hTicker",   "1dTicker",       "serverShutdown"};
  if (std::find(kUnderstood.begin(), kUnderstood.end(), type) != kUnderstood.end()) {
    out_->is_control = true;
    return;
  }
  report(AnomalyKind::UnknownMessage, message['s'], std::string(type.substr(0, 64)));
}

void Decoder::Impl::on_untyped(const Message& message) {
  if (message.last_update_id.data() != nullptr && message.has_bids && message.has_asks) {
    std::array<char, kLongestSymbol> buffer;
    const std::string_view symbol = symbol_of_stream(message.stream, buffer);
    if (symbol.empty()) return on_snapshot(message, snapshot_symbol_);
    if (message.stream.ends_with(kRestStream)) return on_snapshot(message, symbol);
    if (Pair* pair = pair_of(symbol)) on_partial_depth(message, *pair);
    return;
  }
  const bool is_quote = message['u'].data() != nullptr && message['s'].data() != nullptr &&
                        message['b'].data() != nullptr && message['a'].data() != nullptr;
  if (is_quote) return on_book_ticker(message);
  if (message.is_reply) {
    out_->is_control = true;
    return;
  }
  report(AnomalyKind::UnknownMessage, message['s'], "no known set of fields");
}

void Decoder::Impl::on_malformed(const Message& message) {
  std::array<char, kLongestSymbol> buffer;
  std::string_view symbol = message['s'];
  if (symbol.data() == nullptr) symbol = symbol_of_stream(message.stream, buffer);
  report(AnomalyKind::Malformed, symbol, std::string(reader_.error()));
  const bool is_depth = message['e'] == "depthUpdate" || message.stream.find("@depth") != std::string_view::npos;
  Pair* pair = find_pair(symbol);
  if (is_depth && pair != nullptr) fault(*pair, BookFault::Malformed);
}

Pair* Decoder::Impl::find_pair(std::string_view symbol) noexcept {
  if (!is_symbol(symbol)) return nullptr;
  Pair** found = pairs_.find(instrument_id(Venue::Binance, symbol).value);
  return found == nullptr ? nullptr : *found;
}

Pair* Decoder::Impl::pair_of(std::string_view symbol) {
  if (!is_symbol(symbol)) {
    report(AnomalyKind::Malformed, symbol, "no usable symbol");
    return nullptr;
  }
  const InstrumentId id = instrument_id(Venue::Binance, symbol);
  Pair** slot = pairs_.insert(id.value);
  if (slot == nullptr) {
    report(AnomalyKind::OutOfRange, symbol, "more pairs than the decoder can hold");
    return nullptr;
  }
  if (*slot != nullptr) return *slot;
  Pair& pair = storage_.emplace_back();
  *slot = &pair;
  pair.id = id;
  pair.symbol = symbol;
  pair.asset = asset_of(symbol);
  pair.is_tether_quoted = symbol.ends_with("USDT");
  if (has_waiting_) {
    has_waiting_ = false;
    const Timestamp now = std::exchange(exchange_at_, kNoTime);
    apply_snapshot(pair, waiting_id_, waiting_levels_);
    exchange_at_ = now;
  }
  return &pair;
}

void Decoder::Impl::emit_named(Pair& pair) {
  if (pair.is_named) return;
  pair.is_named = true;
  InstrumentNamed named;
  named.id = pair.id;
  named.venue = Venue::Binance;
  set_symbol(named, pair.symbol);
  emit(named);
}

void Decoder::Impl::emit_levels(const Pair& pair, const DepthLevel* levels, std::size_t count, std::uint8_t flags) {
  for (std::size_t i = 0; i < count; ++i) {
    SpotBookUpdate update;
    update.id = pair.id;
    update.price = levels[i].price;
    update.quantity = levels[i].quantity;
    update.side = levels[i].side;
    update.flags = flags;
    if (i + 1 == count) update.flags |= BookUpdate::kLast;
    update.venue = Venue::Binance;
    update.asset = pair.asset;
    emit(update);
  }
}

void Decoder::Impl::fault(Pair& pair, BookFault fault) {
  pair.sync.stop();
  emit_named(pair);
  emit(BookFaulted{pair.id, fault, {}});
}

WireNumber Decoder::Impl::read_levels(const Message& message) {
  levels_.clear();
  const auto read_side = [this](const std::vector<LevelText>& texts, BookSide side) {
    for (const LevelText& text : texts) {
      DepthLevel& level = levels_.emplace_back();
      level.side = side;
      const WireNumber price = read_spot_price(text.price, level.price);
      if (price != WireNumber::Ok) return price;
      const WireNumber quantity = read_spot_quantity(text.quantity, level.quantity);
      if (quantity != WireNumber::Ok) return quantity;
    }
    return WireNumber::Ok;
  };
  const WireNumber bids = read_side(message.bids, BookSide::Bid);
  return bids == WireNumber::Ok ? read_side(message.asks, BookSide::Ask) : bids;
}

void Decoder::Impl::on_book_ticker(const Message& message) {
  Pair* pair = pair_of(message['s']);
  if (pair == nullptr) return;
  SpotQuote quote;
  quote.id = pair->id;
  quote.venue = Venue::Binance;
  quote.asset = pair->asset;
  for (const WireNumber read :
       {read_spot_price(message['b'], quote.bid), read_spot_price(message['a'], quote.ask),
        read_spot_quantity(message['B'], quote.bid_quantity), read_spot_quantity(message['A'], quote.ask_quantity)}) {
    if (read != WireNumber::Ok) return report(anomaly_of(read), pair->symbol, "best price or its quantity");
  }
  emit_named(*pair);
  emit(quote);
}

void Decoder::Impl::on_trade(const Message& message, std::string_view trade_id) {
  Pair* pair = pair_of(message['s']);
  if (pair == nullptr) return;
  SpotTrade trade;
  trade.id = pair->id;
  trade.venue = Venue::Binance;
  trade.asset = pair->asset;
  for (const WireNumber read :
       {read_spot_price(message['p'], trade.price), read_spot_quantity(message['q'], trade.quantity)}) {
    if (read != WireNumber::Ok) return report(anomaly_of(read), pair->symbol, "price or quantity of a trade");
  }
  const std::string_view buyer_is_maker = message['m'];
  const bool is_flag = buyer_is_maker == "true" || buyer_is_maker == "false";
  if (!is_flag || !read_id(trade_id, trade.trade_id)) {
    return report(AnomalyKind::Malformed, pair->symbol, "id or side of a trade");
  }
  trade.taker_side = buyer_is_maker == "true" ? BookSide::Ask : BookSide::Bid;
  trade.has_side = 1;
  const Timestamp traded_at = time_of(message['T']);
  if (traded_at != kNoTime) exchange_at_ = traded_at;
  emit_named(*pair);
  emit(trade);
}

// A closed candle in USDT is a settlement value; its instant is the end of its interval.
void Decoder::Impl::on_kline(const Message& message) {
  Pair* pair = pair_of(message['s']);
  if (pair == nullptr) return;
  const std::string_view interval = message.candle('i');
  IndexPrint print;
  print.asset = pair->asset;
  if (interval == "1m") print.source = SettlementSource::BinanceCandle1m;
  if (interval == "1h") print.source = SettlementSource::BinanceCandle1h;
  const bool is_settlement = print.source != SettlementSource::Unknown && pair->is_tether_quoted &&
                             pair->asset != Asset::Unknown && message.candle('x') == "true";
  if (!is_settlement) {
    out_->is_control = true;
    return;
  }
  const WireNumber close = read_spot_price(message.candle('c'), print.value);
  const Timestamp last_instant = time_of(message.candle('T'));
  if (close != WireNumber::Ok || last_instant == kNoTime) {
    return report(close == WireNumber::Ok ? AnomalyKind::Malformed : anomaly_of(close), pair->symbol,
                  "close of a candle");
  }
  print.index_time = std::chrono::ceil<std::chrono::seconds>(last_instant);
  emit_named(*pair);
  emit(print);
}

void Decoder::Impl::on_depth_update(const Message& message) {
  Pair* pair = pair_of(message['s']);
  if (pair == nullptr) return;
  pair->has_updates = true;
  UpdateRange range;
  const bool has_range =
      read_id(message['U'], range.first) && read_id(message['u'], range.last) && range.first <= range.last;
  if (!has_range || !message.has_bids || !message.has_asks) {
    report(AnomalyKind::Malformed, pair->symbol, "update ids or sides");
    return fault(*pair, BookFault::Malformed);
  }
  const WireNumber read = read_levels(message);
  if (read != WireNumber::Ok) {
    report(anomaly_of(read), pair->symbol, "price or quantity of a level");
    return fault(*pair, fault_of(read));
  }
  const std::uint64_t expected = pair->sync.last_id() + 1;
  const bool was_live = pair->sync.is_live();
  switch (pair->sync.on_update(range)) {
    case SyncStep::Apply: emit_named(*pair); return emit_levels(*pair, levels_.data(), levels_.size(), 0);
    case SyncStep::Keep: return keep(*pair, range);
    case SyncStep::KeepAfterGap:
      report(AnomalyKind::SequenceGap, pair->symbol,
             was_live ? "expected " + std::to_string(expected) + ", got " + std::to_string(range.first)
                      : "an update before " + std::to_string(range.first) + " is missing");
      if (was_live) fault(*pair, BookFault::SequenceGap);
      return keep(*pair, range);
    case SyncStep::Late:
      return report(AnomalyKind::OutOfOrder, pair->symbol, "update ends at " + std::to_string(range.last));
    case SyncStep::Ignore: return;
  }
}

void Decoder::Impl::keep(Pair& pair, UpdateRange range) {
  if (pair.sync.keep(range, exchange_at_, levels_)) return;
  report(AnomalyKind::UnknownSymbol, pair.symbol, "too many updates without a snapshot; the older are dropped");
}

void Decoder::Impl::on_snapshot(const Message& message, std::string_view symbol) {
  Pair* pair = nullptr;
  if (!symbol.empty()) {
    pair = pair_of(symbol);
    if (pair == nullptr) return;
  } else if (storage_.size() == 1) {
    pair = &storage_.front();
  } else if (storage_.size() > 1) {
    return report(AnomalyKind::UnknownSymbol, {}, "a depth snapshot, and several symbols it could belong to");
  }
  std::uint64_t last_update_id = 0;
  const bool has_id = read_id(message.last_update_id, last_update_id);
  const WireNumber read = has_id ? read_levels(message) : WireNumber::Malformed;
  if (read != WireNumber::Ok) {
    report(anomaly_of(read), pair == nullptr ? std::string_view() : std::string_view(pair->symbol), "depth snapshot");
    if (pair != nullptr) fault(*pair, fault_of(read));
    return;
  }
  if (pair != nullptr) return apply_snapshot(*pair, last_update_id, levels_);
  waiting_levels_ = levels_;
  waiting_id_ = last_update_id;
  has_waiting_ = true;
}

void Decoder::Impl::on_partial_depth(const Message& message, Pair& pair) {
  if (pair.has_updates) {
    out_->is_control = true;  // the diff stream gives the same book, deeper
    return;
  }
  std::uint64_t last_update_id = 0;
  const bool has_id = read_id(message.last_update_id, last_update_id);
  const WireNumber read = has_id ? read_levels(message) : WireNumber::Malformed;
  if (read != WireNumber::Ok) {
    report(anomaly_of(read), pair.symbol, "partial depth");
    return fault(pair, fault_of(read));
  }
  apply_snapshot(pair, last_update_id, levels_);
}

void Decoder::Impl::apply_snapshot(Pair& pair, std::uint64_t last_update_id, const std::vector<DepthLevel>& levels) {
  const bool was_live = pair.sync.is_live();
  if (!pair.sync.on_snapshot(last_update_id)) {
    if (was_live) return report(AnomalyKind::OutOfOrder, pair.symbol, "snapshot older than the book");
    return report(AnomalyKind::SequenceGap, pair.symbol,
                  "updates between snapshot " + std::to_string(last_update_id) + " and those kept are missing");
  }
  emit_named(pair);
  SpotBookUpdate clear;
  clear.id = pair.id;
  clear.action = BookAction::Clear;
  clear.flags = BookUpdate::kSnapshotStart | BookUpdate::kSnapshot;
  if (levels.empty()) clear.flags |= BookUpdate::kLast;
  clear.venue = Venue::Binance;
  clear.asset = pair.asset;
  emit(clear);
  emit_levels(pair, levels.data(), levels.size(), BookUpdate::kSnapshot);
  apply_kept(pair);
}

void Decoder::Impl::apply_kept(Pair& pair) {
  const Timestamp snapshot_time = exchange_at_;
  const std::vector<LocalBookSync::KeptUpdate>& kept = pair.sync.kept();
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const LocalBookSync::KeptUpdate update = kept[i];
    const std::uint64_t expected = pair.sync.last_id() + 1;
    if (update.range.first > expected) {
      report(AnomalyKind::SequenceGap, pair.symbol,
             "expected " + std::to_string(expected) + ", kept " + std::to_string(update.range.first));
      return fault(pair, BookFault::SequenceGap);
    }
    if (pair.sync.on_update(update.range) != SyncStep::Apply) continue;
    exchange_at_ = update.exchange_at;
    emit_levels(pair, pair.sync.levels_of(update), update.level_count, 0);
  }
  exchange_at_ = snapshot_time;
  pair.sync.forget_kept();
}

void Decoder::Impl::reset(Timestamp received_at, DecodedFrame& out) {
  out_ = &out;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
  for (Pair& pair : storage_) {
    if (pair.sync.is_live()) fault(pair, BookFault::Disconnected);
    pair.sync.stop();
    pair.has_updates = false;
  }
  has_waiting_ = false;
}

void Decoder::Impl::finish(Timestamp received_at, DecodedFrame& out) {
  out_ = &out;
  received_at_ = received_at;
  if (has_waiting_) report(AnomalyKind::UnknownSymbol, {}, "a depth snapshot, and no symbol it could belong to");
  has_waiting_ = false;
}

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;

void Decoder::set_snapshot_symbol(std::string_view symbol) { impl_->set_snapshot_symbol(symbol); }

void Decoder::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  impl_->decode(frame, received_at, out);
}

void Decoder::reset(Timestamp received_at, DecodedFrame& out) { impl_->reset(received_at, out); }

void Decoder::finish(Timestamp received_at, DecodedFrame& out) { impl_->finish(received_at, out); }

}  // namespace arbees::binance

#include "adapters/venue/polymarket/decoder.h"

#include <deque>
#include <string>

#include "adapters/telemetry/format.h"
#include "adapters/venue/polymarket/message.h"
#include "adapters/venue/polymarket/rtds_decoder.h"
#include "adapters/venue/polymarket/token_book.h"
#include "adapters/venue/wire_decimal.h"
#include "core/base/flat_table.h"

namespace arbees::polymarket {
namespace {

constexpr std::size_t kLongestSymbol = 86;

enum class Kind : std::uint8_t {
  Unknown,
  Book,
  PriceChange,
  LastTradePrice,
  BestBidAsk,
  TickSizeChange,
  NewMarket,
  MarketResolved,
  Price,  // of RTDS
};

// Old captures and REST books lack event_type: the fields tell.
Kind kind_without_type(const Message& message) noexcept {
  if (message.topic.data() != nullptr) return Kind::Price;
  if (message.has_bids && message.has_asks) return Kind::Book;
  if (message.has_changes) return Kind::PriceChange;
  if (message.new_tick_size.data() != nullptr) return Kind::TickSizeChange;
  const bool is_trade = message.fee_rate_bps.data() != nullptr && message.price.data() != nullptr &&
                        message.size.data() != nullptr && message.id.data() == nullptr;
  return is_trade ? Kind::LastTradePrice : Kind::Unknown;
}

Kind kind_of(const Message& message) noexcept {
  const std::string_view type = message.event_type;
  if (type.data() == nullptr) return kind_without_type(message);
  if (type == "price_change") return Kind::PriceChange;
  if (type == "book") return Kind::Book;
  if (type == "last_trade_price") return Kind::LastTradePrice;
  if (type == "best_bid_ask") return Kind::BestBidAsk;
  if (type == "tick_size_change") return Kind::TickSizeChange;
  if (type == "new_market") return Kind::NewMarket;
  if (type == "market_resolved") return Kind::MarketResolved;
  return Kind::Unknown;
}

bool read_side(std::string_view text, BookSide& side) noexcept {
  if (text == "BUY") {
    side = BookSide::Bid;
    return true;
  }
  side = BookSide::Ask;
  return text == "SELL";
}

// One checked entry of a price_change.
struct Change {
  TokenBook* token = nullptr;
  const ChangeText* text = nullptr;
  Price price;
  Quantity quantity;
  BookSide side = BookSide::Bid;
  bool is_removed = false;
};

struct Level {
  Price price;
  Quantity quantity;
  BookSide side = BookSide::Bid;
};

void forget_changes(TokenBook& token) noexcept {
  token.recent.clear();
  token.disagreement_run = 0;
}

bool is_zero(std::string_view size) noexcept { return size.find_first_not_of("0.") == std::string_view::npos; }

}  // namespace

class Decoder::Impl final : public MessageHandler {
 public:
  explicit Impl(DecoderOptions options) : options_(options), tokens_(options.max_tokens) {}

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out);
  void reset(Timestamp received_at, DecodedFrame& out);
  void finish(Timestamp received_at, DecodedFrame& out);
  void on_message(const Message& message) override;
  void on_malformed(const Message& message, std::string_view reason) override;

  [[nodiscard]] DriftCounts drift() const noexcept { return {reader_.unknown_fields(), unknown_values_}; }

  HashCounts counts;

 private:
  void on_book(const Message& message);
  void on_price_change(const Message& message);
  void on_trade(const Message& message);
  void on_quote(const Message& message);
  void on_tick_size_change(const Message& message);
  void on_resolved(const Message& message);

  // The token of this id, created if new; reports and returns null if there cannot be one.
  TokenBook* token_of(std::string_view asset_id);
  TokenBook* find_token(std::string_view asset_id) noexcept;
  bool read_time(const Message& message);
  bool read_levels(const std::vector<LevelText>& texts, BookSide side, TokenBook& token);
  bool check_price(WireNumber read, std::string_view text, Price price, TokenBook& token);
  bool check_grid(TokenBook& token);
  bool check_tick(TokenBook& token, Price price);
  void set_grid(TokenBook& token, std::string_view tick_text);
  void settle_waiting(TokenBook& token);
  void verify_snapshot(TokenBook& token, const Message& message);
  bool check_change(const ChangeText& text, std::string_view asset_id, Change& change);
  void apply_change(const Change& change, bool is_last, std::string_view timestamp, std::string_view hash);
  void mark_followed(std::size_t first);
  bool compare_quote(const TokenBook& token, const ChangeText& text);
  void verify_change(TokenBook& token, RecentChange& recent, std::string_view timestamp, std::string_view hash);
  void declare_lost(TokenBook& token);

  template <class Body>
  void emit(const Body& body) {
    out_->events.push_back(Event{received_at_, exchange_at_, 0, body});
  }
  void emit_named(TokenBook& token);
  void emit_level(const TokenBook& token, const Level& level, std::uint8_t flags);
  void emit_snapshot(TokenBook& token);
  void fault(TokenBook& token, BookFault fault, TokenState state);
  void report(AnomalyKind kind, std::string_view symbol, std::string detail) {
    out_->anomalies.push_back(Anomaly{kind, std::string(symbol), std::move(detail)});
  }

  DecoderOptions options_;
  MessageReader reader_;
  RtdsDecoder rtds_;
  std::uint64_t unknown_values_ = 0;
  BookHasher hasher_;
  ChangeExplainer explainer_;
  std::string last_trade_price_;
  FlatTable<TokenBook*> tokens_;
  std::deque<TokenBook> storage_;
  std::vector<Level> scratch_levels_;
  std::vector<Change> scratch_changes_;
  DecodedFrame* out_ = nullptr;
  std::string_view frame_;
  Timestamp received_at_ = kNoTime;
  Timestamp exchange_at_ = kNoTime;
};

void Decoder::Impl::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  out_ = &out;
  frame_ = frame;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
  while (!frame_.empty() && (frame_.back() == '\n' || frame_.back() == '\r' || frame_.back() == ' ')) {
    frame_.remove_suffix(1);
  }
  if (frame_ == "PONG" || frame_ == "PING" || frame_ == "[]") {
    out.is_control = true;
    return;
  }
  reader_.read(frame_, *this);
}

void Decoder::Impl::on_message(const Message& message) {
  exchange_at_ = kNoTime;
  switch (kind_of(message)) {
    case Kind::Book: return on_book(message);
    case Kind::PriceChange: return on_price_change(message);
    case Kind::LastTradePrice: return on_trade(message);
    case Kind::BestBidAsk: return on_quote(message);
    case Kind::TickSizeChange: return on_tick_size_change(message);
    case Kind::MarketResolved: return on_resolved(message);
    case Kind::NewMarket: out_->is_control = true; return;
    case Kind::Price: return rtds_.decode(frame_, received_at_, *out_);
    case Kind::Unknown: break;
  }
  const std::string_view type =
      message.event_type.empty() ? std::string_view("without event_type") : message.event_type;
  report(AnomalyKind::UnknownMessage, message.asset_id.substr(0, kLongestSymbol), std::string(type.substr(0, 64)));
}

void Decoder::Impl::on_malformed(const Message& message, std::string_view reason) {
  report(AnomalyKind::Malformed, message.asset_id.substr(0, kLongestSymbol), std::string(reason));
  // A change may have been lost: whoever it can be attributed to is no longer believed.
  if (TokenBook* token = find_token(message.asset_id)) fault(*token, BookFault::Malformed, TokenState::Faulted);
  for (const ChangeText& change : message.changes) {
    if (TokenBook* token = find_token(change.asset_id)) fault(*token, BookFault::Malformed, TokenState::Faulted);
  }
}

TokenBook* Decoder::Impl::find_token(std::string_view asset_id) noexcept {
  if (asset_id.empty() || asset_id.size() > kLongestSymbol) return nullptr;
  TokenBook** found = tokens_.find(instrument_id(Venue::Polymarket, asset_id).value);
  return found == nullptr ? nullptr : *found;
}

TokenBook* Decoder::Impl::token_of(std::string_view asset_id) {
  if (asset_id.empty() || asset_id.size() > kLongestSymbol) {
    report(AnomalyKind::Malformed, asset_id.substr(0, kLongestSymbol), "no usable asset_id");
    return nullptr;
  }
  const InstrumentId id = instrument_id(Venue::Polymarket, asset_id);
  TokenBook** slot = tokens_.insert(id.value);
  if (slot == nullptr) {
    report(AnomalyKind::OutOfRange, asset_id, "more tokens than the decoder can hold");
    return nullptr;
  }
  if (*slot == nullptr) {
    *slot = &storage_.emplace_back();
    (*slot)->id = id;
    (*slot)->fields.asset_id = asset_id;
  }
  return *slot;
}

bool Decoder::Impl::read_time(const Message& message) {
  if (read_unix_ms(message.timestamp, exchange_at_)) return true;
  report(AnomalyKind::Malformed, message.asset_id.substr(0, kLongestSymbol), "timestamp is no count of milliseconds");
  return false;
}

// Reports a price that cannot be: unreadable, or not within (0, 1).
bool Decoder::Impl::check_price(WireNumber read, std::string_view text, Price price, TokenBook& token) {
  if (read == WireNumber::Ok && !is_contract_price(price)) read = WireNumber::OutOfRange;
  if (read == WireNumber::Ok) return true;
  report(anomaly_of(read), token.fields.asset_id, "price \"" + std::string(text.substr(0, 40)) + "\"");
  fault(token, fault_of(read), TokenState::Faulted);
  return false;
}

void Decoder::Impl::emit_named(TokenBook& token) {
  if (token.is_named) return;
  token.is_named = true;
  InstrumentNamed named;
  named.id = token.id;
  named.venue = Venue::Polymarket;
  set_symbol(named, token.fields.asset_id);
  emit(named);
}

void Decoder::Impl::emit_level(const TokenBook& token, const Level& level, std::uint8_t flags) {
  emit(BookUpdate{token.id, level.price, level.quantity, BookAction::Set, level.side, flags, {}});
}

void Decoder::Impl::fault(TokenBook& token, BookFault fault, TokenState state) {
  const bool is_news = token.state == TokenState::Live || token.state == TokenState::NoSnapshot;
  if (token.state != TokenState::NoSnapshot) token.state = state;
  token.is_hashable = false;
  forget_changes(token);
  if (!is_news) return;
  emit_named(token);
  emit(BookFaulted{token.id, fault, {}});
}

void Decoder::Impl::set_grid(TokenBook& token, std::string_view tick_text) {
  Price tick;
  if (read_price(tick_text, tick) != WireNumber::Ok || !is_contract_price(tick)) {
    report(AnomalyKind::OutOfRange, token.fields.asset_id, "tick \"" + std::string(tick_text.substr(0, 40)) + "\"");
    return;
  }
  const PriceGrid grid = PriceGrid::uniform(tick);
  token.fields.tick_size = tick_text;
  if (token.grid == grid) return;
  token.grid = grid;
  emit_named(token);
  emit(PriceGridChanged{token.id, grid});
}

bool Decoder::Impl::read_levels(const std::vector<LevelText>& texts, BookSide side, TokenBook& token) {
  for (const LevelText& text : texts) {
    Level level;
    level.side = side;
    if (!check_price(read_price(text.price, level.price), text.price, level.price, token)) return false;
    const WireNumber size = read_quantity(text.size, level.quantity);
    if (size != WireNumber::Ok) {
      report(anomaly_of(size), token.fields.asset_id, "size \"" + std::string(text.size.substr(0, 40)) + "\"");
      fault(token, fault_of(size), TokenState::Faulted);
      return false;
    }
    token.levels.set(side, level.price, text.price, text.size, is_zero(text.size));
    // Less than a hundredth of a share cannot be traded: not displayed.
    if (!level.quantity.is_zero()) scratch_levels_.push_back(level);
  }
  return true;
}

// Reports the first level of a snapshot that its tick does not allow.
bool Decoder::Impl::check_grid(TokenBook& token) {
  for (const Level& level : scratch_levels_) {
    if (!check_tick(token, level.price)) return false;
  }
  return true;
}

bool Decoder::Impl::check_tick(TokenBook& token, Price price) {
  if (token.grid.contains(price)) return true;
  report(AnomalyKind::PriceOffTick, token.fields.asset_id,
         to_short_text(price) + " with tick " + to_short_text(token.grid.finest_tick()));
  fault(token, BookFault::OffTick, TokenState::Faulted);
  return false;
}

void Decoder::Impl::on_book(const Message& message) {
  TokenBook* token = token_of(message.asset_id);
  if (token == nullptr) return;
  if (!read_time(message) || !message.has_bids || !message.has_asks) {
    if (message.timestamp.data() != nullptr) report(AnomalyKind::Malformed, message.asset_id, "book without sides");
    return fault(*token, BookFault::Malformed, TokenState::Faulted);
  }
  const bool is_old = exchange_at_ < token->snapshot_at || exchange_at_ < token->changed_at;
  if (is_old && token->state == TokenState::Live) {
    return report(AnomalyKind::OutOfOrder, message.asset_id, "book older than what is known");
  }
  if (message.tick_size.data() != nullptr) set_grid(*token, message.tick_size);
  token->levels.clear();
  scratch_levels_.clear();
  if (!read_levels(message.bids, BookSide::Bid, *token) || !read_levels(message.asks, BookSide::Ask, *token)) return;
  settle_waiting(*token);
  token->is_hashable = false;
  if (options_.verify_hash) verify_snapshot(*token, message);
  if (!check_grid(*token)) return;
  token->state = TokenState::Live;
  token->snapshot_at = exchange_at_;
  token->changed_at = exchange_at_;
  forget_changes(*token);
  emit_snapshot(*token);
}

// Changes still waiting for an explanation have it in this snapshot, or one before it was lost.
void Decoder::Impl::settle_waiting(TokenBook& token) {
  if (token.state != TokenState::Live || !ChangeExplainer::is_waiting(token)) return;
  if (!explainer_.is_explained_by(token, token.levels, hasher_)) declare_lost(token);
}

void Decoder::Impl::verify_snapshot(TokenBook& token, const Message& message) {
  const auto hash = parse_sha1(message.hash);
  if (!hash) return;
  SummaryFields& fields = token.fields;
  fields.market = message.market;
  fields.version = message.version;
  if (!message.version.empty() && message.version != "v1" && message.version != "v2") ++unknown_values_;
  if (message.min_order_size.data() != nullptr) fields.min_order_size = message.min_order_size;
  if (message.neg_risk.data() != nullptr) fields.neg_risk = message.neg_risk == "true";
  if (message.last_trade_price.data() != nullptr) fields.last_trade_price = message.last_trade_price;
  const bool tick_is_known = message.tick_size.data() != nullptr;
  token.is_hashable = hasher_.find_fields(fields, token.levels, message.timestamp, *hash, tick_is_known);
  ++(token.is_hashable ? counts.snapshots_verified : counts.snapshots_unverified);
  // The hash proves the tick as well as a field of the message would.
  if (token.is_hashable && !tick_is_known) set_grid(token, std::string(fields.tick_size));
}

void Decoder::Impl::emit_snapshot(TokenBook& token) {
  emit_named(token);
  BookUpdate clear{token.id, {}, {}, BookAction::Clear, BookSide::Bid, 0, {}};
  clear.flags = BookUpdate::kSnapshotStart | BookUpdate::kSnapshot;
  if (scratch_levels_.empty()) clear.flags |= BookUpdate::kLast;
  emit(clear);
  for (std::size_t i = 0; i < scratch_levels_.size(); ++i) {
    const bool is_last = i + 1 == scratch_levels_.size();
    emit_level(token, scratch_levels_[i],
               is_last ? BookUpdate::kSnapshot | BookUpdate::kLast : std::uint8_t{BookUpdate::kSnapshot});
  }
}

bool Decoder::Impl::check_change(const ChangeText& text, std::string_view asset_id, Change& change) {
  TokenBook* token = find_token(asset_id);
  if (token == nullptr || token->state == TokenState::NoSnapshot) {
    if (asset_id.empty() || asset_id.size() > kLongestSymbol) {
      report(AnomalyKind::Malformed, {}, "change without usable asset_id");
    } else {
      report(AnomalyKind::UnknownSymbol, asset_id, "change before a snapshot");
    }
    return false;
  }
  if (exchange_at_ < token->snapshot_at) {
    report(AnomalyKind::OutOfOrder, asset_id, "change older than the snapshot");
    return false;
  }
  if (token->state == TokenState::Discarded) return false;
  change.token = token;
  change.text = &text;
  if (!check_price(read_price(text.price, change.price), text.price, change.price, *token)) return false;
  change.is_removed = is_zero(text.size);
  if (!change.is_removed && !check_tick(*token, change.price)) return false;
  const WireNumber size = read_quantity(text.size, change.quantity);
  if (size != WireNumber::Ok || !read_side(text.side, change.side)) {
    report(size == WireNumber::Ok ? AnomalyKind::Malformed : anomaly_of(size), asset_id,
           "change without usable side or size");
    if (size == WireNumber::Ok && !text.side.empty()) ++unknown_values_;
    fault(*token, fault_of(size), TokenState::Faulted);
    return false;
  }
  return true;
}

void Decoder::Impl::on_price_change(const Message& message) {
  if (!read_time(message)) {
    for (const ChangeText& text : message.changes) {
      TokenBook* token = find_token(message.has_asset_per_change ? text.asset_id : message.asset_id);
      if (token != nullptr) fault(*token, BookFault::Malformed, TokenState::Faulted);
    }
    return;
  }
  scratch_changes_.clear();
  for (const ChangeText& text : message.changes) {
    Change change;
    if (!check_change(text, message.has_asset_per_change ? text.asset_id : message.asset_id, change)) continue;
    change.token->last_entry = scratch_changes_.size();
    scratch_changes_.push_back(change);
  }
  const std::size_t first = out_->events.size();
  for (std::size_t i = 0; i < scratch_changes_.size(); ++i) {
    const Change& change = scratch_changes_[i];
    const bool is_last = change.token->last_entry == i;
    // The old schema has one hash a frame: that of the book after all its changes.
    const std::string_view frame_hash = is_last ? message.hash : std::string_view();
    apply_change(change, is_last, message.timestamp, message.has_asset_per_change ? change.text->hash : frame_hash);
  }
  mark_followed(first);
}

// An order changes the books of both tokens of its market, in one message: only the last of them ends it.
void Decoder::Impl::mark_followed(std::size_t first) {
  bool is_followed = false;
  for (std::size_t i = out_->events.size(); i-- > first;) {
    auto* update = std::get_if<BookUpdate>(&out_->events[i].body);
    if (update == nullptr) continue;
    if (is_followed && update->is_last()) update->flags |= BookUpdate::kMore;
    is_followed = true;
  }
}

void Decoder::Impl::apply_change(const Change& change, bool is_last, std::string_view timestamp,
                                 std::string_view hash) {
  TokenBook& token = *change.token;
  RecentChange recent;
  recent.before = token.levels.at(change.side, change.price);
  const bool fits =
      token.levels.set(change.side, change.price, change.text->price, change.text->size, change.is_removed);
  if (!fits) token.is_hashable = false;
  if (exchange_at_ > token.changed_at) token.changed_at = exchange_at_;
  emit_level(token, Level{change.price, change.quantity, change.side}, is_last ? BookUpdate::kLast : std::uint8_t{0});
  if (!options_.verify_hash) return;
  const bool quote_agrees = compare_quote(token, *change.text);
  if (token.state != TokenState::Live) return;
  if (!token.is_hashable) {
    token.disagreement_run = quote_agrees ? 0 : token.disagreement_run + 1;
    if (token.disagreement_run >= TokenBook::kDisagreementLimit) declare_lost(token);
    return;
  }
  recent.after = token.levels.at(change.side, change.price);
  recent.side = change.side;
  verify_change(token, recent, timestamp, hash);
}

// False only if the venue's best prices are stated and differ from ours.
bool Decoder::Impl::compare_quote(const TokenBook& token, const ChangeText& text) {
  Price bid;
  Price ask;
  const bool is_stated =
      read_price(text.best_bid, bid) == WireNumber::Ok && read_price(text.best_ask, ask) == WireNumber::Ok;
  if (!is_stated) return true;
  const bool is_equal = bid == token.levels.best_bid() && ask == token.levels.best_ask();
  ++(is_equal ? counts.quotes_equal : counts.quotes_different);
  return is_equal;
}

void Decoder::Impl::verify_change(TokenBook& token, RecentChange& recent, std::string_view timestamp,
                                  std::string_view hash) {
  recent.at = exchange_at_;
  recent.timestamp_length = static_cast<std::uint8_t>(timestamp.copy(recent.timestamp.data(), recent.timestamp.size()));
  const auto digest = parse_sha1(hash);
  if (digest) {
    recent.hash = *digest;
    last_trade_price_.assign(token.fields.last_trade_price);
    recent.is_waiting = !hasher_.verify(token.fields, token.levels, timestamp, *digest);
    if (token.fields.last_trade_price != last_trade_price_) token.other_last_trade_price = last_trade_price_;
    ++(recent.is_waiting ? counts.changes_unverified : counts.changes_verified);
  }
  if (!explainer_.add(token, recent, hasher_)) declare_lost(token);
}

void Decoder::Impl::declare_lost(TokenBook& token) {
  if (token.is_hashable) {
    report(AnomalyKind::HashMismatch, token.fields.asset_id, "the venue's hash does not come out: a change was lost");
  } else {
    report(AnomalyKind::SequenceGap, token.fields.asset_id, "best prices differ from the venue's: a change was lost");
  }
  fault(token, token.is_hashable ? BookFault::HashMismatch : BookFault::SequenceGap, TokenState::Faulted);
}

void Decoder::Impl::reset(Timestamp received_at, DecodedFrame& out) {
  out_ = &out;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
  for (TokenBook& token : storage_) {
    if (token.state == TokenState::Live) fault(token, BookFault::Disconnected, TokenState::Faulted);
    token.state = TokenState::NoSnapshot;
    token.snapshot_at = kNoTime;
    token.changed_at = kNoTime;
    forget_changes(token);
  }
}

void Decoder::Impl::finish(Timestamp received_at, DecodedFrame& out) {
  out_ = &out;
  received_at_ = received_at;
  exchange_at_ = kNoTime;
  for (TokenBook& token : storage_) {
    const bool is_open = token.disagreement_run > 0 || ChangeExplainer::is_waiting(token);
    if (token.state == TokenState::Live && is_open) declare_lost(token);
  }
}

void Decoder::Impl::on_trade(const Message& message) {
  TokenBook* token = token_of(message.asset_id);
  if (token == nullptr || !read_time(message)) return;
  ContractTrade trade;
  trade.id = token->id;
  WireNumber price = read_price(message.price, trade.price);
  const WireNumber size = read_quantity(message.size, trade.quantity);
  // A trade across several levels has an average price, finer than any tick: it is cut.
  if (price == WireNumber::TooFine) {
    trade.price = Price::parse(message.price, ExcessDigits::Floor).value_or(kPriceZero);
    price = is_contract_price(trade.price) ? WireNumber::Ok : WireNumber::OutOfRange;
  }
  if (price != WireNumber::Ok) return report(anomaly_of(price), message.asset_id, "trade price");
  if (size != WireNumber::Ok) return report(anomaly_of(size), message.asset_id, "trade size");
  if (!read_side(message.side, trade.taker_side)) {
    if (!message.side.empty()) ++unknown_values_;
    return report(AnomalyKind::Malformed, message.asset_id, "trade side");
  }
  emit_named(*token);
  emit(trade);
}

void Decoder::Impl::on_quote(const Message& message) {
  TokenBook* token = token_of(message.asset_id);
  if (token == nullptr || !read_time(message)) return;
  ContractQuote quote;
  quote.id = token->id;
  const WireNumber bid = read_price(message.best_bid, quote.bid);
  const WireNumber ask = read_price(message.best_ask, quote.ask);
  if (bid != WireNumber::Ok) return report(anomaly_of(bid), message.asset_id, "best_bid");
  if (ask != WireNumber::Ok) return report(anomaly_of(ask), message.asset_id, "best_ask");
  emit_named(*token);
  emit(quote);
}

void Decoder::Impl::on_tick_size_change(const Message& message) {
  TokenBook* token = token_of(message.asset_id);
  if (token == nullptr || !read_time(message)) return;
  report(AnomalyKind::TickSizeChange, message.asset_id,
         std::string(message.old_tick_size.substr(0, 20)) + " to " + std::string(message.new_tick_size.substr(0, 20)));
  set_grid(*token, message.new_tick_size);
  fault(*token, BookFault::TickChanged, TokenState::Discarded);
  if (token->state == TokenState::Faulted) token->state = TokenState::Discarded;
}

void Decoder::Impl::on_resolved(const Message& message) {
  if (!read_time(message)) return;
  bool has_winner = false;
  for (const std::string_view asset_id : message.assets_ids)
    has_winner = has_winner || asset_id == message.winning_asset_id;
  if (!has_winner) return report(AnomalyKind::Malformed, {}, "market_resolved without a winner among its tokens");
  for (const std::string_view asset_id : message.assets_ids) {
    TokenBook* token = token_of(asset_id);
    if (token == nullptr) continue;
    emit_named(*token);
    ContractSettled settled;
    settled.id = token->id;
    settled.payout = asset_id == message.winning_asset_id ? kPriceOne : kPriceZero;
    emit(settled);
  }
}

Decoder::Decoder(DecoderOptions options) : impl_(std::make_unique<Impl>(options)) {}
Decoder::~Decoder() = default;

void Decoder::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  impl_->decode(frame, received_at, out);
}

void Decoder::reset(Timestamp received_at, DecodedFrame& out) { impl_->reset(received_at, out); }

void Decoder::finish(Timestamp received_at, DecodedFrame& out) { impl_->finish(received_at, out); }

DriftCounts Decoder::drift() const noexcept { return impl_->drift(); }

const Decoder::HashCounts& Decoder::hash_counts() const noexcept { return impl_->counts; }

}  // namespace arbees::polymarket

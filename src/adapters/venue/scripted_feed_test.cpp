// The players of scripted_feed.h. (Named like a test, so that they are part of test programs only.)

#include "adapters/venue/scripted_feed.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <variant>

namespace arbees::scripted {
namespace {

class Socket final : public FeedSocket {
 public:
  explicit Socket(std::shared_ptr<SocketScript> script) : script_(std::move(script)) {}
  ~Socket() override { script_->handler = nullptr; }

  void connect(const net::Url& url, net::WebSocketOptions options) override {
    script_->url = url;
    script_->options = std::move(options);
  }
  void send(std::string text) override { script_->sent.push_back(std::move(text)); }
  void close() override { script_->was_closed_by_feed = true; }

 private:
  std::shared_ptr<SocketScript> script_;
};

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    all.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

std::string joined(std::span<const std::string> symbols) {
  std::string text;
  for (const std::string& symbol : symbols) text += (text.empty() ? "" : ",") + symbol;
  return text;
}

// Several messages may share a frame, separated by ';'.
class Decoder final : public FrameDecoder {
 public:
  void decode(std::string_view frame, Timestamp at, DecodedFrame& out) override {
    while (!frame.empty()) {
      const std::size_t end = std::min(frame.find(';'), frame.size());
      message(words(frame.substr(0, end)), at, out);
      frame.remove_prefix(std::min(end + 1, frame.size()));
    }
  }
  void reset(Timestamp at, DecodedFrame& out) override {
    for (const std::string& symbol : believed_) fault(symbol, BookFault::Disconnected, at, out);
    believed_.clear();
  }

 private:
  template <class Body>
  static void emit(const Body& body, Timestamp at, DecodedFrame& out) {
    out.events.push_back(Event{at, kNoTime, 0, body});
  }
  static void fault(const std::string& symbol, BookFault fault, Timestamp at, DecodedFrame& out) {
    emit(BookFaulted{instrument_id(Venue::Kalshi, symbol), fault, {}}, at, out);
  }
  static void named(const std::string& symbol, Timestamp at, DecodedFrame& out) {
    InstrumentNamed name;
    name.id = instrument_id(Venue::Kalshi, symbol);
    name.venue = Venue::Kalshi;
    set_symbol(name, symbol);
    emit(name, at, out);
  }

  void message(const std::vector<std::string>& words, Timestamp at, DecodedFrame& out) {
    if (words.empty()) return;
    const std::string& kind = words[0];
    if (kind == "hb" || kind == "leave" || kind == "bad") {
      out.is_control = true;
    } else if (kind == "print") {
      IndexPrint print;
      print.index_time = at;
      emit(print, at, out);
    } else if (words.size() == 2 && kind == "settle") {
      emit(ContractSettled{instrument_id(Venue::Kalshi, words[1]), kPriceOne, SpotPrice{}, 0, {}}, at, out);
    } else if (words.size() == 2 && kind == "gap") {
      out.anomalies.push_back(Anomaly{AnomalyKind::SequenceGap, words[1], {}});
      if (believed_.erase(words[1]) > 0) fault(words[1], BookFault::SequenceGap, at, out);
    } else if (words.size() == 3) {
      change(kind, words[1], std::atoi(words[2].c_str()), at, out);
    }
  }

  void change(const std::string& kind, const std::string& symbol, int number, Timestamp at, DecodedFrame& out) {
    const InstrumentId id = instrument_id(Venue::Kalshi, symbol);
    const Price price = Price::from_units(5000);
    if (kind == "snap") {
      named(symbol, at, out);
      believed_.insert(symbol);
      constexpr std::uint8_t kStart = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
      constexpr std::uint8_t kEnd = BookUpdate::kSnapshot | BookUpdate::kLast;
      emit(BookUpdate{id, kPriceZero, Quantity{}, BookAction::Clear, BookSide::Bid, kStart, {}}, at, out);
      emit(BookUpdate{id, price, Quantity::whole(number), BookAction::Set, BookSide::Bid, kEnd, {}}, at, out);
    } else if (kind == "set") {
      emit(BookUpdate{id, price, Quantity::whole(number), BookAction::Set, BookSide::Bid, BookUpdate::kLast, {}}, at,
           out);
    } else if (kind == "trade") {
      SpotTrade trade;
      trade.id = id;
      trade.trade_id = static_cast<std::uint64_t>(number);
      emit(trade, at, out);
    }
  }

  std::set<std::string> believed_;
};

class Session final : public FeedSession {
 public:
  explicit Session(bool resync_by_rest) : resync_by_rest_(resync_by_rest) {}

  FrameDecoder& decoder() override { return decoder_; }
  void open(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back("open " + joined(symbols));
  }
  void add(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back("add " + joined(symbols));
  }
  void remove(std::span<const std::string> symbols, Timestamp, SessionReply& reply) override {
    reply.frames.push_back("remove " + joined(symbols));
  }
  void resync(std::span<const std::string> symbols, int attempt, Timestamp, SessionReply& reply) override {
    reply.frames.push_back("resync " + joined(symbols) + " #" + std::to_string(attempt));
    if (!resync_by_rest_) return;
    for (const std::string& symbol : symbols) reply.snapshots.push_back({symbol, "/book/" + symbol});
  }
  void after_frame(std::string_view frame, const DecodedFrame&, Timestamp, SessionReply& reply) override {
    reply.wants_successor = frame == "leave";
    reply.must_reconnect = frame == "bad";
  }

 private:
  Decoder decoder_;
  bool resync_by_rest_;
};

}  // namespace

void SocketScript::open() {
  is_open = true;
  handler->on_open();
}

void SocketScript::frame(std::string_view text, Timestamp at) {
  if (handler == nullptr) return;
  FrameBuffer buffer;
  handler->on_frame(buffer.assign(text), at);
}

void SocketScript::ping() {
  if (handler != nullptr) handler->on_ping("heartbeat");
}

void SocketScript::end(net::WebSocketClosed closed) {
  is_open = false;
  if (handler != nullptr) handler->on_closed(closed);
}

bool SocketScript::has_sent(std::string_view text) const {
  return std::find(sent.begin(), sent.end(), text) != sent.end();
}

std::unique_ptr<FeedSocket> Sockets::make(net::WebSocketHandler& handler) {
  all_.push_back(std::make_shared<SocketScript>());
  all_.back()->handler = &handler;
  return std::make_unique<Socket>(all_.back());
}

std::size_t Sockets::in_use() const {
  return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [](const auto& script) {
    return script->handler != nullptr && !script->was_closed_by_feed;
  }));
}

Result<FeedDial, std::string> Protocol::dial(Timestamp now) {
  dialed_at.push_back(now);
  if (!dial_error.empty()) return failure(dial_error);
  return FeedDial{net::Url{"wss", "venue.test", 443, "/"}, {}};
}

std::unique_ptr<FeedSession> Protocol::make_session(bool) { return std::make_unique<Session>(resync_by_rest); }

void Sink::on_event(const Event& event) {
  if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
    books_[named->id.value].symbol = named->symbol_view();
  } else if (const auto* update = std::get_if<BookUpdate>(&event.body)) {
    Book& book = books_[update->id.value];
    if (update->is_snapshot_start()) book.is_proven = false;
    book.quantity = update->quantity.units() / Quantity::whole(1).units();
    if (update->is_snapshot() && update->is_last()) book.is_proven = true;
    if (update->is_last()) log.push_back("book " + book.symbol + " " + std::to_string(book.quantity));
  } else if (const auto* faulted = std::get_if<BookFaulted>(&event.body)) {
    books_[faulted->id.value].is_proven = false;
    log.push_back("fault " + books_[faulted->id.value].symbol);
  } else if (const auto* status = std::get_if<FeedStatus>(&event.body)) {
    if (status->state != FeedState::Live) {
      for (auto& [id, book] : books_) book.is_proven = false;
    }
    log.emplace_back(status->state == FeedState::Live ? "live" : status->state == FeedState::Stale ? "stale" : "down");
  } else if (const auto* trade = std::get_if<SpotTrade>(&event.body)) {
    log.push_back("trade " + std::to_string(trade->trade_id));
  } else if (const auto* settled = std::get_if<ContractSettled>(&event.body)) {
    log.push_back("settled " + books_[settled->id.value].symbol);
  } else if (std::holds_alternative<IndexPrint>(event.body)) {
    log.emplace_back("print");
  }
  if (also) also(event);
}

bool Sink::is_proven(Venue venue, std::string_view symbol) const {
  const auto found = books_.find(instrument_id(venue, symbol).value);
  return found != books_.end() && found->second.is_proven;
}

std::int64_t Sink::quantity(std::string_view symbol) const {
  const auto found = books_.find(instrument_id(Venue::Kalshi, symbol).value);
  return found != books_.end() && found->second.is_proven ? found->second.quantity : -1;
}

std::size_t Sink::proven() const {
  return static_cast<std::size_t>(
      std::count_if(books_.begin(), books_.end(), [](const auto& entry) { return entry.second.is_proven; }));
}

// The players themselves: what a script says reaches the handler, what the feed says reaches the script.
TEST(ScriptedFeed, SocketsPlayWhatTheScriptSays) {
  struct Handler final : net::WebSocketHandler {
    void on_open() override { ++opened; }
    void on_frame(std::string_view frame, Timestamp) override { frames.emplace_back(frame); }
    void on_closed(const net::WebSocketClosed& closed) override { reason = closed.reason; }
    int opened = 0;
    std::vector<std::string> frames;
    std::string reason;
  } handler;
  Sockets sockets;
  const auto socket = sockets.make(handler);
  socket->connect({"ws", "127.0.0.1", 1, "/"}, {});
  EXPECT_EQ(sockets.in_use(), 1U);
  sockets.last().open();
  socket->send("open A");
  sockets.last().frame("snap A 5", from_unix_s(1));
  sockets.last().end("gone");
  EXPECT_EQ(handler.opened, 1);
  EXPECT_EQ(handler.frames, std::vector<std::string>{"snap A 5"});
  EXPECT_EQ(handler.reason, "gone");
  EXPECT_TRUE(sockets[0].has_sent("open A"));
}

}  // namespace arbees::scripted

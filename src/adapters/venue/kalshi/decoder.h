#pragma once
// Kalshi's WebSocket frames → events, in the Yes frame.
//
// Invariants: a book is believed only from a snapshot on, while its subscription's sequence has no
// hole and every message about it could be read; otherwise a BookFaulted event says so before
// anything else is told about it. A No bid at q leaves here as a Yes ask at 1 − q. The symbol behind
// an id (InstrumentNamed) comes before the id's first event. What each message becomes, and where it
// is documented: docs/venues/kalshi.md.

#include <cstdint>
#include <string_view>

#include "adapters/venue/frame.h"
#include "adapters/venue/growing_table.h"
#include "adapters/venue/kalshi/index_value.h"
#include "adapters/venue/kalshi/message.h"
#include "adapters/venue/kalshi/private_messages.h"
#include "adapters/venue/sequence_tracker.h"

namespace arbees::kalshi {

struct DecoderOptions {
  // What the subscription asked for: whether the No side is reported in Yes prices.
  bool use_yes_price = false;
  // Whether changes of books are read by the fast scan first; the result is the same, and the tests prove it.
  bool scan_deltas = true;
};

struct ScannedDelta;

class Decoder final : public FrameDecoder {
 public:
  explicit Decoder(DecoderOptions options = {});

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) override;

  // A new connection begins: sequences start anew and no book is believed until its next snapshot.
  // The first form leaves it to the caller to tell the books; the second emits BookFaulted for each.
  void reset();
  void reset(Timestamp received_at, DecodedFrame& out) override;

  // The book of `GET /markets/{ticker}/orderbook` (and of the old form in cents): a snapshot without
  // sequence. Changes from the stream apply to it only after a snapshot of the stream.
  void decode_rest_orderbook(std::string_view ticker, std::string_view json, Timestamp received_at, DecodedFrame& out);

  [[nodiscard]] DriftCounts drift() const noexcept override { return {reader_.unknown_fields(), unknown_values_}; }

  // Who receives our own fills and orders; none by default. They are validated in any case.
  void set_private_sink(PrivateMessageSink* sink) noexcept { private_sink_ = sink; }

 private:
  enum class Knowledge : std::uint8_t {
    Nothing,  // no snapshot on this connection
    Missing,  // the same, and a change has come: told as BookFaulted{NoSnapshot}
    Believed,
    Faulted,
  };

  struct Instrument {
    std::uint64_t stream = 0;  // of its last snapshot
    Price payout;              // if has_payout: told as settled
    Knowledge book = Knowledge::Nothing;
    bool is_named = false;
    bool has_payout = false;
  };

  void decode_message();
  void dispatch();
  void on_unreadable(std::string_view frame, const char* error);
  void on_snapshot();
  void on_delta();
  void on_scanned_delta(const ScannedDelta& delta);
  void apply_change(std::string_view symbol, const Level& change, BookSide side);
  void on_ticker();
  void on_trade();
  void on_lifecycle();
  void on_index_value();
  void on_private();
  void on_reply();

  // False: the message must be ignored. Tells gaps and old messages.
  [[nodiscard]] bool check_sequence();
  [[nodiscard]] bool follow(std::uint64_t sequence, bool begins);
  [[nodiscard]] std::uint64_t stream_of_message() const noexcept;
  // Every believed book of the stream (of all streams if 0) is told as faulted.
  void fault_books(std::uint64_t stream, BookFault fault);
  void fault_book(InstrumentId id, BookFault fault);
  // The message about this book cannot be used: anomaly and fault.
  void refuse_book_message(LevelProblem problem, std::string_view what);

  // Names the instrument if it is new.
  Instrument& instrument(InstrumentId id, std::string_view symbol);
  // The message's ticker if it has a usable one, else empty.
  [[nodiscard]] std::string_view stated_symbol() const noexcept;
  // The same, or empty after an anomaly was told.
  [[nodiscard]] std::string_view require_symbol();
  void emit_snapshot(InstrumentId id);
  void emit_level(InstrumentId id, BookSide side, const Level& level);
  // Writes the body in place: an event has the size of the largest body, and copying that costs.
  template <class Body>
  void emit(const Body& body) {
    Event& event = out_->events.emplace_back();
    event.received_at = received_at_;
    event.exchange_at = exchange_at_;
    event.body.template emplace<Body>(body);
  }
  void report(AnomalyKind kind, std::string_view symbol, std::string_view detail);
  void report_sequence(AnomalyKind kind, std::uint64_t expected, std::uint64_t got);

  DecoderOptions options_;
  MessageReader reader_;
  IndexValueReader index_reader_;
  Message message_;
  GrowingTable<Instrument> instruments_{1024};
  GrowingTable<SequenceTracker> streams_{64};
  PrivateMessageSink* private_sink_ = nullptr;
  std::uint64_t unknown_values_ = 0;

  // Of the frame being decoded.
  DecodedFrame* out_ = nullptr;
  Timestamp received_at_ = kNoTime;
  Timestamp exchange_at_ = kNoTime;
  std::string_view symbol_;  // its ticker if it has a usable one
  std::uint64_t stream_ = 0;
};

}  // namespace arbees::kalshi

#pragma once
// Coinbase's WebSocket frames → spot events; both feeds, told apart frame by frame.
//
// Invariants: a book is believed only from a snapshot on. Advanced Trade numbers the messages of a
// connection, so a hole faults every book of it; the Exchange feed numbers no book messages, so only
// unreadable ones can be noticed there. Trades are told once each, by their rising trade_id. Products
// quoted in anything but US dollars have Asset::Unknown, whatever the coin: their prices are no dollars.
// What each message becomes, and where it is documented: docs/venues/coinbase.md.

#include <cstdint>
#include <string_view>

#include "adapters/venue/coinbase/message.h"
#include "adapters/venue/frame.h"
#include "adapters/venue/growing_table.h"
#include "adapters/venue/sequence_tracker.h"

namespace arbees::coinbase {

// The coin of "BTC-USD" or "BTC-USDC"; Unknown for other coins and other quote currencies.
[[nodiscard]] Asset product_asset(std::string_view product) noexcept;

class Decoder final : public FrameDecoder {
 public:
  Decoder() = default;

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) override;

  // A new connection begins: the sequence starts anew and no book is believed until its next snapshot.
  // The first form leaves it to the caller to tell the books; the second emits BookFaulted for each.
  void reset();
  void reset(Timestamp received_at, DecodedFrame& out) override;

  // The book of Advanced Trade's `product_book` (which names its product) or of the Exchange's
  // `/products/{id}/book` (which does not). Later changes apply to it only after a stream snapshot.
  void decode_rest_book(std::string_view product, std::string_view json, Timestamp received_at, DecodedFrame& out);

 private:
  enum class Knowledge : std::uint8_t { Nothing, Missing, Believed, Faulted };

  struct Product {
    std::uint64_t last_trade = 0;  // told
    std::uint64_t last_match = 0;  // seen on the `matches` channel
    Asset asset = Asset::Unknown;
    Knowledge book = Knowledge::Nothing;
    bool is_named = false;
  };

  void begin(Timestamp received_at, DecodedFrame& out) noexcept;
  void on_unreadable(std::string_view frame, const char* error);
  void decode_exchange();
  void decode_advanced();
  [[nodiscard]] bool check_sequence();

  void on_ticker(const Row& row);
  void on_match(const Row& row, bool is_first);
  void on_trades();
  void on_book(std::string_view product, const BookChange& change, bool is_snapshot);
  void on_exchange_book(bool is_snapshot);
  void on_advanced_books();

  // The product's quote, if the row has both best prices.
  [[nodiscard]] bool tell_quote(const Row& row, InstrumentId id, Asset asset);
  void tell_levels(InstrumentId id, Asset asset, const BookChange& change, bool is_snapshot);
  void tell_level(InstrumentId id, Asset asset, const Level& level, std::uint8_t flags);
  void refuse_book(std::string_view product, LevelProblem problem, std::string_view what);
  void fault_books(BookFault fault);

  Product& product(InstrumentId id, std::string_view symbol);
  [[nodiscard]] std::string_view product_of(const Row& row) const noexcept;
  // Writes the body in place: an event has the size of the largest body, and copying that costs.
  template <class Body>
  void emit(const Body& body) {
    Event& event = out_->events.emplace_back();
    event.received_at = received_at_;
    event.exchange_at = exchange_at_;
    event.body.template emplace<Body>(body);
  }
  void report(AnomalyKind kind, std::string_view symbol, std::string_view detail);

  MessageReader reader_;
  Message message_;
  GrowingTable<Product> products_{64};
  SequenceTracker sequence_;

  // Of the frame being decoded.
  DecodedFrame* out_ = nullptr;
  Timestamp received_at_ = kNoTime;
  Timestamp exchange_at_ = kNoTime;
};

}  // namespace arbees::coinbase

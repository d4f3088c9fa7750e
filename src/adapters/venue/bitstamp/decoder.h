#pragma once
// Bitstamp's WebSocket v2 and its REST order book: frames to events.
//
// Two kinds of book. `order_book_<pair>` sends the best hundred levels of each side whole, so a lost message is
// healed by the next; only what differs from the last one is told. `diff_order_book_<pair>` sends changed levels,
// which join a REST order book (diff_sync.h); losses among them cannot be seen, so the feed that uses them asks
// for the order book again every few minutes. A pair of which both are seen follows its diffs.
// A REST order book does not say whose it is: it belongs to the pair told, else to the only one seen.

#include <cstddef>
#include <memory>
#include <string_view>

#include "adapters/venue/frame.h"

namespace arbees::bitstamp {

class Decoder final : public FrameDecoder {
 public:
  // Pairs remembered; more are refused as out of range.
  static constexpr std::size_t kMaxPairs = 2048;

  Decoder();
  ~Decoder() override;

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) override;
  void reset(Timestamp received_at, DecodedFrame& out) override;

  // The pair's order book is about to be asked for ("btcusd"): diffs are kept from now on, for what comes after it.
  void expect_book(std::string_view pair);
  // The answer of `/api/v2/order_book/<pair>/`; padded like a frame.
  void decode_rest_book(std::string_view pair, std::string_view json, Timestamp received_at, DecodedFrame& out);

  // The next hundred levels of the pair are told whole: whoever keeps its book has lost it.
  void tell_whole(std::string_view pair);

  // The venue asked to be left for another connection (bts:request_reconnect); until reset().
  [[nodiscard]] bool is_reconnect_requested() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace arbees::bitstamp

#pragma once
// Binance's spot streams and REST depth snapshots: frames to events.
//
// Raw and combined frames alike. Order books follow the venue's algorithm (local_book_sync.h); streams of
// partial depth (`@depth20`) are whole books each time. A REST snapshot does not say whose it is: it
// belongs to the symbol told, else to the only symbol seen; before any was seen it waits for the first. In our own
// recordings it stands as {"stream":"btcusdt@rest","data":…}, so that it can be told whose it is.
// A pair's asset is known only where its quote currency is a dollar or a dollar token.

#include <cstddef>
#include <memory>
#include <string_view>

#include "adapters/venue/frame.h"

namespace arbees::binance {

inline constexpr std::string_view kRestStream = "@rest";

class Decoder final : public FrameDecoder {
 public:
  // Pairs remembered; more are refused as out of range.
  static constexpr std::size_t kMaxPairs = 2048;

  Decoder();
  ~Decoder() override;

  // Whose the next REST snapshots are ("BTCUSDT"); empty: the only symbol seen.
  void set_snapshot_symbol(std::string_view symbol);

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) override;
  void reset(Timestamp received_at, DecodedFrame& out) override;
  void finish(Timestamp received_at, DecodedFrame& out) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace arbees::binance

#pragma once
// Gemini's public streams: frames to events; the Fast API and v2 market data, told apart frame by frame.
//
// Fast API: a book's first frame is the whole of it, later ones cover the ids [U, u] and must begin at most at the
// last id + 1. v2: the first `l2_updates` of a symbol is the whole book and is known by its list of past trades;
// nothing numbers the later ones, so a loss cannot be seen there. Symbols are told in upper case whichever way they
// come ("BTCUSD"). Asks of ten digits and more are standing jokes of the venue's book and are passed over.

#include <cstddef>
#include <memory>
#include <string_view>

#include "adapters/venue/frame.h"

namespace arbees::gemini {

class Decoder final : public FrameDecoder {
 public:
  // Pairs remembered; more are refused as out of range.
  static constexpr std::size_t kMaxPairs = 2048;

  Decoder();
  ~Decoder() override;

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) override;
  void reset(Timestamp received_at, DecodedFrame& out) override;

  // Whether a whole book of the symbol came on this connection: then only another one can bring it again.
  [[nodiscard]] bool had_book(std::string_view symbol);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace arbees::gemini

#pragma once
// Kraken's WebSocket v2: frames to events.
//
// Books are kept at the subscribed depth (told by the subscribe reply, else the smallest depth the venue
// offers that holds the snapshot) and every snapshot and update is checked against the venue's CRC-32.
// Levels that fall out at the end are removed by events of our own, because the venue sends none.

#include <cstddef>
#include <memory>

#include "adapters/venue/frame.h"

namespace arbees::kraken {

class Decoder final : public FrameDecoder {
 public:
  // Pairs remembered; more are refused as out of range.
  static constexpr std::size_t kMaxPairs = 2048;

  Decoder();
  ~Decoder() override;

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) override;
  void reset(Timestamp received_at, DecodedFrame& out) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace arbees::kraken

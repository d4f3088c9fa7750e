#pragma once
// Polymarket's price streams (RTDS): the Chainlink prices that its markets settle on.
//
// Topics: crypto_prices_chainlink (spot stream), crypto_prices_twap_sixty and _thirty (TWAP streams), and
// crypto_prices, which carries Binance prices (understood, no event: the Binance feed has them first) and,
// mislabelled, the history that answers a Chainlink subscription. That history does not say whether it
// is spot or TWAP; it is taken for spot, so TWAP topics belong on a connection of their own.

#include <memory>

#include "adapters/venue/frame.h"

namespace arbees::polymarket {

class RtdsDecoder final : public FrameDecoder {
 public:
  RtdsDecoder();
  ~RtdsDecoder() override;

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) override;
  void reset(Timestamp, DecodedFrame&) override {}  // nothing is remembered between frames
  [[nodiscard]] DriftCounts drift() const noexcept override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace arbees::polymarket

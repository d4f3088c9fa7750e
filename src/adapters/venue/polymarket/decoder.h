#pragma once
// Polymarket's market channel and its price streams (RTDS): frames to events.
//
// Every outcome token is an instrument of its own, its symbol the token id; the two books of a market are
// one engine book seen twice and must not be added. A frame is one event or an array of mixed events.
// Losses are noticed by the venue's book hash (docs/venues/polymarket.md), or by its best prices where
// the hash cannot be recomputed. `PING`, `PONG`, `[]` and listings of new markets are control frames.

#include <cstddef>
#include <memory>

#include "adapters/venue/frame.h"

namespace arbees::polymarket {

struct DecoderOptions {
  // The hash is recomputed after every change. Unneeded where the input is known to be complete.
  bool verify_hash = true;
  // Tokens remembered; more are refused as out of range.
  std::size_t max_tokens = 8192;
};

class Decoder final : public FrameDecoder {
 public:
  explicit Decoder(DecoderOptions options = {});
  ~Decoder() override;

  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) override;
  void reset(Timestamp received_at, DecodedFrame& out) override;
  void finish(Timestamp received_at, DecodedFrame& out) override;
  [[nodiscard]] DriftCounts drift() const noexcept override;

  // How many hashes came out and how many did not, since construction.
  struct HashCounts {
    std::size_t snapshots_verified = 0;
    std::size_t snapshots_unverified = 0;
    std::size_t changes_verified = 0;
    std::size_t changes_unverified = 0;
    std::size_t quotes_equal = 0;  // best_bid and best_ask of a change against our book
    std::size_t quotes_different = 0;
  };
  [[nodiscard]] const HashCounts& hash_counts() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace arbees::polymarket

#pragma once
// Signatures made before they are needed: a ring of them for coming timestamps of one method and path.
//
// A Kalshi signature covers timestamp, method and path but not the body, and RSA-2048 takes half a millisecond;
// so a background thread signs timestamps of the near future and the trading thread only takes one. The venue
// accepts timestamps some seconds off its clock (docs/venues/signing.md), which bounds `tolerance_ms`. Each
// signature is handed out once. Why: docs/decisions/prepared-signatures.md.
//
// Threads: one calls fill(), one calls take(); neither waits for the other. take() allocates nothing.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/kalshi/signer.h"

namespace arbees::kalshi {

struct PreparationPlan {
  std::int64_t spacing_ms = 100;     // between two prepared timestamps: the rate that can be kept up
  std::int64_t tolerance_ms = 3000;  // how far a timestamp may be from the clock, either way, when it is sent
};

struct PreparedSignature {
  std::int64_t timestamp_ms = 0;
  SignatureText signature;
};

class PreparedSignatures {
 public:
  // `signer` is used by fill() only. The plan: 1 ≤ spacing ≤ tolerance ≤ 10 000.
  PreparedSignatures(PreparedSigner signer, std::string_view method, std::string_view path, PreparationPlan plan = {});

  PreparedSignatures(const PreparedSignatures&) = delete;
  PreparedSignatures& operator=(const PreparedSignatures&) = delete;

  // Background thread: signs what is missing from now to now + tolerance, nearest first, `most` signatures at most
  // (a bound on the time it takes). Returns how many it made. Call it at least every half tolerance.
  std::size_t fill(std::int64_t now_ms, std::size_t most);

  // Trading thread: the oldest signature whose timestamp is within tolerance of the clock. False if there is none
  // (the burst was longer than the supply, or the clock jumped): then sign directly.
  [[nodiscard]] bool take(std::int64_t now_ms, PreparedSignature& out) noexcept;

 private:
  // A timestamp is counted in spacings: number n stands for n · spacing and lives in slot n mod size.
  // `state` says which number is ready there, or who is at work on the slot.
  struct Slot {
    std::atomic<std::int64_t> state{0};
    std::int64_t signed_number = 0;  // fill() only
    PreparedSignature prepared;
  };
  [[nodiscard]] Slot& slot_of(std::int64_t number) noexcept {
    return slots_[static_cast<std::size_t>(number) % slots_.size()];
  }

  PreparedSigner signer_;
  std::string method_;
  std::string path_;
  PreparationPlan plan_;
  std::vector<Slot> slots_;
};

}  // namespace arbees::kalshi

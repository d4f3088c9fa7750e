#pragma once
// What the decoder keeps about one outcome token: its summary and whether changes are still believed.
//
// The channel has no sequence numbers. A lost change shows in the hash of every later change, until the
// same level is set again; but the venue also sends hashes that are ahead of their change by a few
// messages (both of two changes in one millisecond carry the hash after the second). So a mismatch first
// counts as unverified; it becomes a loss when kUnverifiedLimit changes in a row stay unverified, when
// the input ends, or when a later hash verifies and yet a mismatched one cannot be explained by changes
// received around it.

#include <array>
#include <cstdint>
#include <string>

#include "adapters/venue/polymarket/book_hash.h"
#include "core/base/time.h"
#include "core/market/price_grid.h"
#include "core/market/venue.h"

namespace arbees::polymarket {

enum class TokenState : std::uint8_t {
  NoSnapshot,  // changes are refused
  Live,        // every change is applied and checked
  Faulted,     // reported; changes are applied for display, nothing is claimed
  Discarded,   // the tick changed: changes are dropped until a snapshot comes
};

struct TokenBook {
  // Consecutive changes of this token that may stay unverified. The longest such run of a complete
  // recording of 10,368 changes, sorted by time, was 7.
  static constexpr int kUnverifiedLimit = 8;
  // Without a usable hash: consecutive changes whose best prices may disagree with ours.
  static constexpr int kDisagreementLimit = 2;

  InstrumentId id;
  SummaryFields fields;
  SummaryLevels levels;
  PriceGrid grid;
  Timestamp snapshot_at = kNoTime;
  Timestamp changed_at = kNoTime;
  std::size_t last_entry = 0;  // of the frame being decoded
  int unverified_run = 0;
  TokenState state = TokenState::NoSnapshot;
  bool is_named = false;
  bool is_hashable = false;  // the snapshot's own hash came out
};

}  // namespace arbees::polymarket

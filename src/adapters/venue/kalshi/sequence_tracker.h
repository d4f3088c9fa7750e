#pragma once
// Whether a message of a subscription is the next one, by the venue's per-subscription counter.
//
// Kalshi numbers the messages of one `sid` one by one, over all its markets and replies; where the
// counter starts is not documented, so the first number seen is believed. The connection is TCP:
// nothing is overtaken, so a lower number is either a repeat (ignored) or a new connection, which a
// snapshot numbered 1, the reply `subscribed`, or a run of old numbers betrays.

#include <cstdint>

namespace arbees::kalshi {

enum class SequenceVerdict : std::uint8_t {
  Next,       // nothing was missed
  Gap,        // messages are missing
  Old,        // seen before: ignore it
  Restarted,  // counting began anew: what was known from before no longer flows
};

class SequenceTracker {
 public:
  // So many old messages in a row are not repeats but another connection that we did not see begin.
  static constexpr int kOldRunLimit = 8;

  [[nodiscard]] SequenceVerdict observe(std::uint64_t sequence, bool is_snapshot) noexcept;
  // The next message may begin a new count.
  void allow_restart() noexcept { may_restart_ = true; }

  // What was expected when the last message came; 0: anything.
  [[nodiscard]] std::uint64_t expected() const noexcept { return expected_; }

 private:
  std::uint64_t last_ = 0;
  std::uint64_t expected_ = 0;
  int old_run_ = 0;
  bool has_last_ = false;
  bool may_restart_ = false;
};

}  // namespace arbees::kalshi

#pragma once
// Whether a message is the next one, by a venue's counter that goes up by one.
//
// Kalshi counts per subscription, Coinbase's Advanced Trade per connection. The first number seen is
// believed. The connections are TCP: nothing is overtaken, so a lower number is either a repeat
// (ignored) or a new connection, which the caller recognises (`begins`), a subscription reply
// announces (allow_restart), or a run of old numbers betrays.

#include <cstdint>

namespace arbees {

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

  // `begins`: this message, with this number, can be the first of a connection.
  [[nodiscard]] SequenceVerdict observe(std::uint64_t sequence, bool begins) noexcept;
  // The next message may begin a new count.
  void allow_restart() noexcept { may_restart_ = true; }

  // What was expected when the last message came; 0: anything.
  [[nodiscard]] std::uint64_t expected() const noexcept { return expected_; }
  // Whether a numbered message has been seen.
  [[nodiscard]] bool has_begun() const noexcept { return has_last_; }

 private:
  std::uint64_t last_ = 0;
  std::uint64_t expected_ = 0;
  int old_run_ = 0;
  bool has_last_ = false;
  bool may_restart_ = false;
};

}  // namespace arbees

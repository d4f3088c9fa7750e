#pragma once
// How far a venue's clock is ahead of ours, from what its answers and messages say of the time.
//
// A server that stamps S somewhere between our sending at a and our receiving at b has a clock ahead of ours by no
// less than S − b and no more than S + resolution − a; a message stamped S that arrives at b has left before, so the
// clock is ahead by at least S − b. The estimate is the middle of what all of these leave possible (half the round
// trip, for a single exchange); bounds loosen as they age, since clocks drift; a contradiction (a clock was set)
// forgets all earlier ones.

#include <optional>

#include "core/base/time.h"

namespace arbees {

class ClockSkew {
 public:
  // `server_time` was cut to `resolution` (one second for the Date header).
  void on_reply(Timestamp server_time, Duration resolution, Timestamp sent_at, Timestamp received_at) noexcept;
  void on_message(Timestamp exchange_at, Timestamp received_at) noexcept;

  // Venue's clock minus ours.
  [[nodiscard]] std::optional<Duration> estimate() const noexcept;
  // Half the width of what is possible; nothing without a reply.
  [[nodiscard]] std::optional<Duration> uncertainty() const noexcept;

 private:
  void age(Timestamp now) noexcept;

  std::optional<Duration> lower_;
  std::optional<Duration> upper_;
  Timestamp aged_at_ = kNoTime;
};

// "Sun, 22 Nov 2026 18:11:39 GMT" (RFC 9110, the preferred form); nothing for any other.
[[nodiscard]] std::optional<Timestamp> parse_http_date(std::string_view text) noexcept;

}  // namespace arbees

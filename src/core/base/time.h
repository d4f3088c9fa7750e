#pragma once
// Instants and durations: UTC, nanoseconds, int64. The core never asks a clock; times arrive in events.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace arbees {

using Duration = std::chrono::nanoseconds;
using Timestamp = std::chrono::sys_time<Duration>;

// "Not known": before every real instant.
inline constexpr Timestamp kNoTime{Duration{0}};

[[nodiscard]] constexpr Timestamp from_unix_ns(std::int64_t ns) noexcept { return Timestamp(Duration(ns)); }
[[nodiscard]] constexpr std::int64_t unix_ns(Timestamp t) noexcept { return t.time_since_epoch().count(); }
[[nodiscard]] constexpr Timestamp from_unix_ms(std::int64_t ms) noexcept {
  return Timestamp(std::chrono::milliseconds(ms));
}
[[nodiscard]] constexpr Timestamp from_unix_s(std::int64_t s) noexcept { return Timestamp(std::chrono::seconds(s)); }

// Whether a count of this unit since 1970 lies within 1970..2262 and so can be a Timestamp.
[[nodiscard]] constexpr bool fits_unix_ms(std::int64_t ms) noexcept { return ms >= 0 && ms <= 9'223'372'036'854; }
[[nodiscard]] constexpr bool fits_unix_s(std::int64_t s) noexcept { return s >= 0 && s <= 9'223'372'036; }

// Reads RFC 3339: "2026-05-11T05:37:43.762565Z", 0–9 fractional digits, "Z" or "±hh:mm", 'T' or space.
// A missing zone, impossible dates and years outside 1970..2261 are refused.
[[nodiscard]] std::optional<Timestamp> parse_iso8601(std::string_view text) noexcept;

// Reads an integer count of s, ms, us or ns since 1970, told apart by its number of digits
// (10: s, 13: ms, 16: us, 19: ns), with an optional fraction on seconds ("1776085455.536364").
[[nodiscard]] std::optional<Timestamp> parse_unix_time(std::string_view text) noexcept;

}  // namespace arbees

#pragma once
// The one codec of events: the bytes an event has in the journal, in a ring or between processes.
//
// Layout, little-endian: kind u16 (index in EventBody) · size u16 (of the body) · version u32 ·
// received_at i64 · exchange_at i64 · sequence u64 · body. Records carry no checksum of their own;
// the journal adds one. Decoding checks kind, size and version and every enum of the body's range is
// left to the handlers, which treat unknown values as unknown.

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/result.h"
#include "core/market/event.h"

namespace arbees {

inline constexpr std::uint32_t kRecordVersion = 1;
inline constexpr std::size_t kRecordHeaderSize = 32;
inline constexpr std::size_t kMaxRecordSize = kRecordHeaderSize + sizeof(EventBody);

enum class RecordError : std::uint8_t { TooShort, UnknownKind, WrongSize, WrongVersion };

// Writes the event to the start of `out` and returns the number of bytes used; `out` must hold kMaxRecordSize.
[[nodiscard]] std::size_t encode_record(const Event& event, std::span<std::byte> out) noexcept;

// Reads one event from the start of `in` and says how many bytes it took.
[[nodiscard]] Result<std::size_t, RecordError> decode_record(std::span<const std::byte> in, Event& event) noexcept;

}  // namespace arbees

#pragma once
// Kraken's order-book checksum: CRC-32 (ISO-HDLC) over the ten best levels of each side.
//
// For each level the price and then the quantity, written at the pair's precision, without the point and
// without leading zeros; first the asks from the lowest up, then the bids from the highest down.
// Source: docs.kraken.com, "Spot WebSockets (v2) book checksum" (docs/venues/kraken.md).

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/fixed_point.h"

namespace arbees::kraken {

inline constexpr std::size_t kChecksumLevels = 10;

[[nodiscard]] std::uint32_t crc32(std::string_view text) noexcept;

// Appends a value of 10^-8 units at the given number of decimals (0…8) as an integer.
void append_digits(std::string& text, std::int64_t units, int precision);

}  // namespace arbees::kraken

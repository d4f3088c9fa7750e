#pragma once
// Names that belong to (seed, space, number): ids of orders and trades, hashes, condition ids.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/random.h"

namespace arbees::sim {

// A generator of its own for each triple.
[[nodiscard]] Random seeded_random(std::uint64_t seed, std::uint64_t space, std::uint64_t number) noexcept;
[[nodiscard]] std::vector<std::uint8_t> draw_bytes(Random& random, std::size_t count);

// A UUID (version 4 in form).
[[nodiscard]] std::string seeded_uuid(std::uint64_t seed, std::uint64_t space, std::uint64_t number);
// 0x and `bytes` bytes in hex.
[[nodiscard]] std::string seeded_hex(std::uint64_t seed, std::uint64_t space, std::uint64_t number, int bytes);

}  // namespace arbees::sim

#pragma once
// Hashes that every process and compiler computes alike: identifiers of instruments and output digests.
//
// 64-bit multiply-and-fold over 8-byte words (the mixing step of wyhash, public domain); not meant
// against an adversary: identifiers are checked for collision where instruments are listed.

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "core/base/wide_int.h"

namespace arbees {

static_assert(std::endian::native == std::endian::little, "hashes and records are little-endian");

[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t a, std::uint64_t b) noexcept {
  const auto product = static_cast<Uint128>(a ^ 0x2d358dccaa6c78a5ULL) * (b ^ 0x8bb84b93962eacc9ULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

[[nodiscard]] inline std::uint64_t hash64(std::span<const std::byte> bytes, std::uint64_t seed = 0) noexcept {
  std::uint64_t state = mix64(seed ^ 0x4b33a62ed433d4a3ULL, bytes.size());
  std::size_t position = 0;
  for (; position + 8 <= bytes.size(); position += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + position, 8);
    state = mix64(state, word);
  }
  std::uint64_t tail = 0;
  if (position < bytes.size()) std::memcpy(&tail, bytes.data() + position, bytes.size() - position);
  return mix64(state ^ tail, bytes.size() - position);
}

[[nodiscard]] inline std::uint64_t hash64(std::string_view text, std::uint64_t seed = 0) noexcept {
  return hash64(std::as_bytes(std::span(text.data(), text.size())), seed);
}

}  // namespace arbees

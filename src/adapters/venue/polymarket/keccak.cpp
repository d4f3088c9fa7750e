#include "adapters/venue/polymarket/keccak.h"

#include <bit>
#include <cstring>

namespace arbees::polymarket {
namespace {

static_assert(std::endian::native == std::endian::little, "lanes are little-endian and are read as they lie");

constexpr std::size_t kRateBytes = 136;  // 1600 − 2 · 256 bits
constexpr int kRounds = 24;

// ι: the round constants are the output of a linear feedback shift register; this is its table (§1.2).
constexpr std::uint64_t kRoundConstants[kRounds] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// ρ and π in one walk: lane kWalk[i] takes the lane before it on the walk, turned by the i-th triangular
// number (1, 3, 6, 10, … mod 64). Lane (x, y) has index x + 5y.
constexpr int kWalk[24] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};
constexpr int kTurn[24] = {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};

using State = std::array<std::uint64_t, 25>;

// The loops are unrolled so that every index is a constant: at -O2 that is nearly three times as fast.

void theta(State& lanes) noexcept {
  std::uint64_t parity[5];
#pragma GCC unroll 5
  for (std::size_t x = 0; x < 5; ++x) {
    parity[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
  }
#pragma GCC unroll 5
  for (std::size_t x = 0; x < 5; ++x) {
    const std::uint64_t mix = parity[(x + 4) % 5] ^ std::rotl(parity[(x + 1) % 5], 1);
#pragma GCC unroll 5
    for (std::size_t y = 0; y < 25; y += 5) lanes[x + y] ^= mix;
  }
}

void rho_pi(State& lanes) noexcept {
  std::uint64_t carried = lanes[1];
#pragma GCC unroll 24
  for (std::size_t i = 0; i < 24; ++i) {
    auto& lane = lanes[static_cast<std::size_t>(kWalk[i])];
    const std::uint64_t next = lane;
    lane = std::rotl(carried, kTurn[i]);
    carried = next;
  }
}

void chi(State& lanes) noexcept {
#pragma GCC unroll 5
  for (std::size_t y = 0; y < 25; y += 5) {
    const std::uint64_t row[5] = {lanes[y], lanes[y + 1], lanes[y + 2], lanes[y + 3], lanes[y + 4]};
#pragma GCC unroll 5
    for (std::size_t x = 0; x < 5; ++x) lanes[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
  }
}

void permute(State& lanes) noexcept {
  for (const std::uint64_t constant : kRoundConstants) {
    theta(lanes);
    rho_pi(lanes);
    chi(lanes);
    lanes[0] ^= constant;
  }
}

void absorb(State& lanes, const std::uint8_t* block) noexcept {
  for (std::size_t i = 0; i < kRateBytes / 8; ++i) {
    std::uint64_t lane = 0;
    std::memcpy(&lane, block + 8 * i, 8);
    lanes[i] ^= lane;
  }
  permute(lanes);
}

}  // namespace

Bytes32 keccak256(std::span<const std::uint8_t> bytes, KeccakPadding padding) noexcept {
  State lanes{};
  while (bytes.size() >= kRateBytes) {
    absorb(lanes, bytes.data());
    bytes = bytes.subspan(kRateBytes);
  }
  std::array<std::uint8_t, kRateBytes> last{};
  if (!bytes.empty()) std::memcpy(last.data(), bytes.data(), bytes.size());
  last[bytes.size()] = static_cast<std::uint8_t>(padding);
  last[kRateBytes - 1] |= 0x80;
  absorb(lanes, last.data());

  Bytes32 digest{};
  std::memcpy(digest.data(), lanes.data(), digest.size());
  return digest;
}

Bytes32 keccak256(std::string_view text) noexcept {
  return keccak256(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

}  // namespace arbees::polymarket

#include "adapters/venue/polymarket/uint256.h"

#include "core/base/wide_int.h"

namespace arbees::polymarket {
namespace {

using Limbs = std::array<std::uint64_t, 4>;  // least significant first

// limbs = limbs · factor + addend; false if that leaves 256 bits.
bool multiply_add(Limbs& limbs, std::uint64_t factor, std::uint64_t addend) noexcept {
  std::uint64_t carry = addend;
  for (std::uint64_t& limb : limbs) {
    const Uint128 product = static_cast<Uint128>(limb) * factor + carry;
    limb = static_cast<std::uint64_t>(product);
    carry = static_cast<std::uint64_t>(product >> 64);
  }
  return carry == 0;
}

Bytes32 big_endian(const Limbs& limbs) noexcept {
  Bytes32 bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[31 - i] = static_cast<std::uint8_t>(limbs[i / 8] >> (8 * (i % 8)));
  }
  return bytes;
}

}  // namespace

std::optional<Bytes32> parse_uint256(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  // 18 digits at a time fit a limb.
  constexpr std::size_t kGroup = 18;
  Limbs limbs{};
  while (!text.empty()) {
    const std::string_view group = text.substr(0, kGroup);
    std::uint64_t value = 0;
    std::uint64_t scale = 1;
    for (const char c : group) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + static_cast<std::uint64_t>(c - '0');
      scale *= 10;
    }
    if (!multiply_add(limbs, scale, value)) return std::nullopt;
    text.remove_prefix(group.size());
  }
  return big_endian(limbs);
}

Bytes32 uint256_of(std::uint64_t value) noexcept { return big_endian({value, 0, 0, 0}); }

}  // namespace arbees::polymarket

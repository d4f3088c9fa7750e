#pragma once
// 256-bit unsigned integers as the EIP-712 encoding wants them: 32 bytes, most significant first.
//
// Token ids have up to 78 decimal digits and reach us as decimal strings; they are never arithmetic here.

#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/venue/polymarket/keccak.h"

namespace arbees::polymarket {

// Reads a plain decimal integer: digits only, no sign, no exponent, no space. Leading zeros are accepted.
// Nothing for the empty text, any other character, or a value of 2^256 and more.
[[nodiscard]] std::optional<Bytes32> parse_uint256(std::string_view text) noexcept;

[[nodiscard]] Bytes32 uint256_of(std::uint64_t value) noexcept;

}  // namespace arbees::polymarket

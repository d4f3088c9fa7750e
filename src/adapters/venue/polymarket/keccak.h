#pragma once
// Keccak-256, the hash of Ethereum: Keccak[c = 512] with the original padding, 32 bytes out.
//
// Source: "The Keccak reference", version 3.0 (Bertoni, Daemen, Peeters, Van Assche, 2011), §1.1 sponge and
// §1.2 permutation; FIPS 202 (SHA-3) is the same but for two padding bits. Why it is our own:
// docs/decisions/keccak.md.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace arbees::polymarket {

using Bytes32 = std::array<std::uint8_t, 32>;

// First byte of the padding: what tells the two standards apart.
enum class KeccakPadding : std::uint8_t { Keccak = 0x01, Sha3 = 0x06 };

// Sha3 exists for the tests: it can be compared with every SHA3-256 vector there is.
[[nodiscard]] Bytes32 keccak256(std::span<const std::uint8_t> bytes,
                                KeccakPadding padding = KeccakPadding::Keccak) noexcept;
[[nodiscard]] Bytes32 keccak256(std::string_view text) noexcept;

}  // namespace arbees::polymarket

#pragma once
// Ethereum addresses: 20 bytes, "0x" and 40 hex digits as text.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace arbees::polymarket {

using Address = std::array<std::uint8_t, 20>;

// Forty hex digits of either case, with or without "0x". The letters' case is a checksum (EIP-55) that is not
// demanded: venues send addresses in all three spellings.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text) noexcept;

// With the checksum of EIP-55: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266".
[[nodiscard]] std::string to_checksum_text(const Address& address);

}  // namespace arbees::polymarket

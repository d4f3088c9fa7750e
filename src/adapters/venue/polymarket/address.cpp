#include "adapters/venue/polymarket/address.h"

#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/keccak.h"

namespace arbees::polymarket {

std::optional<Address> parse_address(std::string_view text) noexcept {
  Address address{};
  if (!from_hex_text(text, address)) return std::nullopt;
  return address;
}

std::string to_checksum_text(const Address& address) {
  std::string text = to_hex_text(address);
  const Bytes32 hash = keccak256(std::string_view(text).substr(2));
  for (std::size_t i = 0; i < 2 * address.size(); ++i) {
    const int nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
    char& c = text[2 + i];
    if (nibble >= 8 && c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace arbees::polymarket

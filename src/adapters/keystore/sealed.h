#pragma once
// One encrypted secret of the keystore, and its line of text.
//
// Line: name, kind, log2 N, r, p, then salt, nonce, tag and ciphertext in hex, separated by single spaces.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/keystore/keystore.h"

namespace arbees {

inline constexpr std::size_t kMaxSecretBytes = 64 * 1024;

struct SealedEntry {
  KeystoreEntry entry;
  ScryptCost cost;
  std::array<std::uint8_t, 16> salt{};
  std::array<std::uint8_t, 12> nonce{};
  std::array<std::uint8_t, 16> tag{};
  std::vector<std::uint8_t> ciphertext;
};

[[nodiscard]] bool is_keystore_name(std::string_view text) noexcept;

[[nodiscard]] Result<SealedEntry, KeystoreError> seal(const KeystoreEntry& entry, ScryptCost cost,
                                                      std::string_view secret, std::string_view password);
[[nodiscard]] Result<std::string, KeystoreError> unseal(const SealedEntry& sealed, std::string_view password);

[[nodiscard]] std::string to_line(const SealedEntry& sealed);
// Nothing if the text is no such line, or asks for more memory than a keystore of ours ever does.
[[nodiscard]] std::optional<SealedEntry> parse_sealed_line(std::string_view line);

}  // namespace arbees

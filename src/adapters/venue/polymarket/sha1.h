#pragma once
// SHA-1 of a long text with many possible endings: the text is digested once, each ending costs a block or two.
//
// Polymarket's book hash needs this: the last field of the hashed text is not always known and must be tried.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace arbees::polymarket {

using Sha1Digest = std::array<std::uint8_t, 20>;

// Forty hex digits; nothing else.
[[nodiscard]] std::optional<Sha1Digest> parse_sha1(std::string_view hex) noexcept;

class Sha1Prefix {
 public:
  explicit Sha1Prefix(std::string_view text) noexcept;
  // The digest of the text followed by `ending`.
  [[nodiscard]] Sha1Digest with(std::string_view ending) const noexcept;

 private:
  alignas(8) std::array<std::byte, 96> state_;
};

}  // namespace arbees::polymarket

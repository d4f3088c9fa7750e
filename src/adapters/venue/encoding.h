#pragma once
// Hexadecimal and base64 text of bytes, as the venues' headers and signatures carry it.
//
// Sources: RFC 4648 §4 (base64), §5 (url-safe alphabet), §8 (hex). Decoding is strict: every character must
// belong to the alphabet, the padding must be complete and the unused bits zero, so that a byte string has
// one text only (per alphabet) and a changed text never decodes to the same bytes.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace arbees {

enum class Base64Alphabet : std::uint8_t { Standard, UrlSafe };

// Characters that `bytes` bytes take, padding included.
[[nodiscard]] constexpr std::size_t base64_length(std::size_t bytes) noexcept { return (bytes + 2) / 3 * 4; }

// Writes base64_length(bytes.size()) characters; allocates nothing.
void encode_base64(std::span<const std::uint8_t> bytes, Base64Alphabet alphabet, char* out) noexcept;
[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> bytes, Base64Alphabet alphabet);
// Accepts both alphabets, even mixed (venues hand out secrets in either). Nothing for any other text.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

// "0x" and two lower-case digits for each byte.
[[nodiscard]] std::string to_hex_text(std::span<const std::uint8_t> bytes);
// Fills `out` from exactly two digits per byte, with or without "0x" in front; false for any other text,
// and then `out` is not to be used.
[[nodiscard]] bool from_hex_text(std::string_view text, std::span<std::uint8_t> out) noexcept;

}  // namespace arbees

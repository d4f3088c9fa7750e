#include "adapters/venue/kraken/checksum.h"

#include <array>
#include <charconv>

namespace arbees::kraken {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() noexcept {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? value >> 1 ^ 0xedb88320U : value >> 1;
    table[byte] = value;
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> kTable = make_table();

}  // namespace

std::uint32_t crc32(std::string_view text) noexcept {
  std::uint32_t value = 0xffffffffU;
  for (const char c : text) value = value >> 8 ^ kTable[(value ^ static_cast<unsigned char>(c)) & 0xffU];
  return ~value;
}

void append_digits(std::string& text, std::int64_t units, int precision) {
  const std::int64_t digits = units / power_of_ten(8 - precision);
  if (digits == 0) return;  // nothing but leading zeros
  std::array<char, 24> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), digits).ptr;
  text.append(buffer.data(), end);
}

}  // namespace arbees::kraken

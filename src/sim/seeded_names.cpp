#include "sim/seeded_names.h"

#include <fmt/format.h>

namespace arbees::sim {

Random seeded_random(std::uint64_t seed, std::uint64_t space, std::uint64_t number) noexcept {
  // Each part goes through the generator's mixing before the next joins.
  std::uint64_t state = Random(seed).next() ^ space;
  state = Random(state).next() ^ number;
  return Random(state);
}

std::vector<std::uint8_t> draw_bytes(Random& random, std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next() >> 56);
  return bytes;
}

std::string seeded_uuid(std::uint64_t seed, std::uint64_t space, std::uint64_t number) {
  Random random = seeded_random(seed, space, number);
  const std::uint64_t high = random.next();
  const std::uint64_t low = random.next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xffff, high & 0xfff,
                     (low >> 48 & 0x3fff) | 0x8000, low & 0xffff'ffff'ffff);
}

std::string seeded_hex(std::uint64_t seed, std::uint64_t space, std::uint64_t number, int bytes) {
  Random random = seeded_random(seed, space, number);
  std::string text = "0x";
  for (const std::uint8_t byte : draw_bytes(random, static_cast<std::size_t>(bytes)))
    text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace arbees::sim

#include "adapters/venue/polymarket/uint256.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "adapters/venue/encoding.h"
#include "core/base/random.h"

namespace arbees::polymarket {
namespace {

constexpr char kMost[] = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

std::string hex_of(std::string_view decimal) {
  const auto value = parse_uint256(decimal);
  return value ? to_hex_text(*value) : "none";
}

TEST(Uint256, ReadsUpToTheGreatestValue) {
  EXPECT_EQ(hex_of("0"), "0x" + std::string(64, '0'));
  EXPECT_EQ(hex_of("256"), "0x" + std::string(61, '0') + "100");
  EXPECT_EQ(hex_of(kMost), "0x" + std::string(64, 'f'));
  EXPECT_EQ(hex_of("0000" + std::string(kMost)), "0x" + std::string(64, 'f'));
  EXPECT_EQ(parse_uint256("18446744073709551615"), uint256_of(18446744073709551615ULL));
}

TEST(Uint256, RefusesOverflowAndAnythingButDigits) {
  EXPECT_EQ(hex_of("115792089237316195423570985008687907853269984665640564039457584007913129639936"), "none");
  EXPECT_EQ(hex_of(std::string(79, '9')), "none");
  EXPECT_EQ(hex_of(std::string(10'000, '9')), "none");
  for (const char* text : {"", " 1", "1 ", "+1", "-1", "1.0", "1e3", "0x10", "1_000", "12a", "١"}) {
    EXPECT_EQ(hex_of(text), "none") << text;
  }
}

// The model: a decimal text is halved 256 times by hand; the remainders are the bits.
Bytes32 bits_by_halving(std::string digits) {
  Bytes32 bytes{};
  for (std::size_t bit = 0; bit < 256; ++bit) {
    int remainder = 0;
    for (char& c : digits) {
      const int value = remainder * 10 + (c - '0');
      c = static_cast<char>('0' + value / 2);
      remainder = value % 2;
    }
    bytes[31 - bit / 8] |= static_cast<std::uint8_t>(remainder << (bit % 8));
  }
  return bytes;
}

TEST(Uint256, AgreesWithModel) {
  constexpr std::uint64_t kSeed = 20261101;
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  for (int i = 0; i < 300; ++i) {
    std::string digits;
    const std::uint64_t length = 1 + random.below(77);  // 10^77 < 2^256: never an overflow
    for (std::uint64_t k = 0; k < length; ++k) digits.push_back(static_cast<char>('0' + random.below(10)));
    EXPECT_EQ(parse_uint256(digits), bits_by_halving(digits)) << digits;
  }
}

}  // namespace
}  // namespace arbees::polymarket

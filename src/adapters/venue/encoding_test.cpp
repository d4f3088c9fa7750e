#include "adapters/venue/encoding.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/base/random.h"

namespace arbees {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// RFC 4648 §10.
TEST(Base64, GivesTheAnswersOfTheStandard) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : cases) {
    EXPECT_EQ(to_base64(bytes_of(plain), Base64Alphabet::Standard), encoded);
    EXPECT_EQ(from_base64(encoded), bytes_of(plain));
  }
}

TEST(Base64, KnowsBothAlphabets) {
  const std::vector<std::uint8_t> bytes{0xfb, 0xff, 0xfe};
  EXPECT_EQ(to_base64(bytes, Base64Alphabet::Standard), "+//+");
  EXPECT_EQ(to_base64(bytes, Base64Alphabet::UrlSafe), "-__-");
  EXPECT_EQ(from_base64("+//+"), bytes);
  EXPECT_EQ(from_base64("-__-"), bytes);
}

TEST(Base64, RefusesEverySecondSpelling) {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zh==", "Zm9=", "Zm9v\n", "Zm 9v===", "Zg==Zg==", "Zm9*",
        "\xc3\xa4"
        "aa"}) {
    EXPECT_FALSE(from_base64(text).has_value()) << text;
  }
}

TEST(Base64, RoundTripAgreesWithModel) {
  constexpr std::uint64_t kSeed = 7;
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  for (int i = 0; i < 500; ++i) {
    std::vector<std::uint8_t> bytes(random.below(100));
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
    for (const auto alphabet : {Base64Alphabet::Standard, Base64Alphabet::UrlSafe}) {
      const std::string text = to_base64(bytes, alphabet);
      EXPECT_EQ(text.size(), base64_length(bytes.size()));
      EXPECT_EQ(from_base64(text), bytes);
    }
  }
}

TEST(Hex, ReadsExactlyTheWantedBytes) {
  std::array<std::uint8_t, 2> bytes{};
  for (const char* text : {"0x0aFf", "0X0aff", "0aff"}) {
    bytes = {};
    ASSERT_TRUE(from_hex_text(text, bytes)) << text;
    EXPECT_EQ(to_hex_text(bytes), "0x0aff");
  }
  for (const char* text : {"", "0x", "0x0af", "0x0aff0", "0x0aff00", "0x0agf", "0x 0af", "x0aff", "0x0x0aff", "0a-f"}) {
    EXPECT_FALSE(from_hex_text(text, bytes)) << text;
  }
}

}  // namespace
}  // namespace arbees

#include "adapters/venue/polymarket/keccak.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/venue/encoding.h"

namespace arbees::polymarket {
namespace {

// Published answers: the Ethereum yellow paper's empty hash, and the event and type hashes every contract explorer
// shows.
TEST(Keccak, GivesThePublishedAnswers) {
  EXPECT_EQ(to_hex_text(keccak256("")), "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(to_hex_text(keccak256("abc")), "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  EXPECT_EQ(to_hex_text(keccak256("Transfer(address,address,uint256)")),
            "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
  EXPECT_EQ(
      to_hex_text(keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")),
      "0x8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f");
}

// FIPS 202 differs in the padding only, so its answers check the permutation and the block boundaries: the
// SHA3-256 of all SHA3-256 digests of the first 0..600 bytes of 3, 10, 17, …, as Python's hashlib gives it.
TEST(Keccak, AgreesWithSha3OfAnotherLibraryForEveryLength) {
  std::vector<std::uint8_t> message(600);
  for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<std::uint8_t>(i * 7 + 3);
  std::vector<std::uint8_t> digests;
  for (std::size_t length = 0; length <= message.size(); ++length) {
    const Bytes32 digest = keccak256(std::span(message).first(length), KeccakPadding::Sha3);
    digests.insert(digests.end(), digest.begin(), digest.end());
  }
  EXPECT_EQ(to_hex_text(keccak256(digests, KeccakPadding::Sha3)),
            "0x83a211de2c370b1ab699c8a94103c39a8feb102abb605722085e090e80c86536");
}

}  // namespace
}  // namespace arbees::polymarket

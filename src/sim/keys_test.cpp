#include "sim/keys.h"

#include <gtest/gtest.h>

#include "adapters/venue/kalshi/signer.h"
#include "adapters/venue/polymarket/signer.h"

namespace arbees::sim {
namespace {

TEST(SimKeys, TheSameSeedHasTheSameKeys) {
  const SimKeys first = make_keys(7);
  const SimKeys again = make_keys(7);
  const SimKeys other = make_keys(8);
  EXPECT_EQ(first.rsa_private_pem, again.rsa_private_pem);
  EXPECT_EQ(first.ed25519_private_pem, again.ed25519_private_pem);
  EXPECT_EQ(first.rsa_key_id, again.rsa_key_id);
  EXPECT_EQ(first.wallet_private_key, again.wallet_private_key);
  EXPECT_EQ(first.wallet_address, again.wallet_address);
  EXPECT_NE(first.rsa_private_pem, other.rsa_private_pem);
  EXPECT_NE(first.ed25519_private_pem, other.ed25519_private_pem);
  EXPECT_NE(first.wallet_address, other.wallet_address);
  EXPECT_NE(first.rsa_key_id, first.ed25519_key_id);
}

TEST(SimKeys, KeysSignAndTheirPublicHalvesVerify) {
  for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
    const SimKeys keys = make_keys(seed);
    const auto check = [](const std::string& pem, const std::string& public_pem, kalshi::KeyKind kind) {
      auto signer = kalshi::PreparedSigner::from_pem(pem);
      ASSERT_TRUE(signer.has_value());
      EXPECT_EQ(signer->kind(), kind);
      EXPECT_EQ(signer->public_key_pem(), public_pem);
      const std::string text = kalshi::presign_text(1'795'371'000'000, "GET", "/trade-api/v2/portfolio/balance");
      kalshi::SignatureText signature;
      ASSERT_TRUE(signer->sign(text, signature));
      const auto verifier = kalshi::VerifyingKey::from_pem(public_pem);
      ASSERT_TRUE(verifier.has_value());
      EXPECT_TRUE(verifier->verify(text, signature.view()));
      EXPECT_FALSE(verifier->verify(text + "x", signature.view()));
    };
    check(keys.rsa_private_pem, keys.rsa_public_pem, kalshi::KeyKind::Rsa);
    check(keys.ed25519_private_pem, keys.ed25519_public_pem, kalshi::KeyKind::Ed25519);
    const auto wallet = polymarket::Wallet::from_hex(keys.wallet_private_key);
    ASSERT_TRUE(wallet.has_value());
    EXPECT_EQ(polymarket::to_checksum_text(wallet->address()), keys.wallet_address);
  }
}

TEST(SimKeys, CredentialsBelongToWalletAndNonceInAnySpelling) {
  const std::string address = make_keys(1).wallet_address;
  std::string lower = address;
  for (char& c : lower) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  const ApiCredentials first = derive_credentials(1, address, 0);
  EXPECT_EQ(first.api_key, derive_credentials(1, lower, 0).api_key);
  EXPECT_EQ(first.secret, derive_credentials(1, lower, 0).secret);
  EXPECT_NE(first.secret, derive_credentials(1, address, 1).secret);
  EXPECT_NE(first.secret, derive_credentials(2, address, 0).secret);
  EXPECT_EQ(first.secret.size(), 44u);
  EXPECT_EQ(first.passphrase.size(), 64u);
  EXPECT_TRUE(polymarket::ApiSecret::from_base64(first.secret).has_value());
}

}  // namespace
}  // namespace arbees::sim

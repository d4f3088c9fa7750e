#include "adapters/venue/kalshi/signer.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <string>

#include "adapters/venue/encoding.h"
#include "core/base/random.h"

namespace arbees::kalshi {
namespace {

// RFC 8032 §7.1, TEST 1, as PKCS#8.
constexpr char kEd25519Pem[] =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
constexpr char kEd25519PublicPem[] =
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
    "-----END PUBLIC KEY-----\n";

struct Spelling {
  bool pkcs1 = false;
  const char* password = nullptr;
};

std::string written(BIO* bio) {
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio, &text);
  std::string pem(text, static_cast<std::size_t>(length));
  BIO_free(bio);
  return pem;
}

std::string private_pem(EVP_PKEY* key, const Spelling& spelling = {}) {
  BIO* bio = BIO_new(BIO_s_mem());
  const EVP_CIPHER* cipher = spelling.password != nullptr ? EVP_aes_128_cbc() : nullptr;
  auto* password = reinterpret_cast<unsigned char*>(const_cast<char*>(spelling.password));
  const int length = spelling.password != nullptr ? static_cast<int>(std::string_view(spelling.password).size()) : 0;
  if (spelling.pkcs1) {
    EXPECT_EQ(PEM_write_bio_PrivateKey_traditional(bio, key, cipher, password, length, nullptr, nullptr), 1);
  } else {
    EXPECT_EQ(PEM_write_bio_PKCS8PrivateKey(bio, key, cipher, spelling.password, length, nullptr, nullptr), 1);
  }
  return written(bio);
}

// Generated once for the process: a private key in a repository would be taken for a leaked one.
EVP_PKEY* rsa_key() {
  static EVP_PKEY* const key = EVP_RSA_gen(2048);
  return key;
}

PreparedSigner rsa_signer() { return *PreparedSigner::from_pem(private_pem(rsa_key())); }

std::string sign(PreparedSigner& signer, std::string_view text) {
  SignatureText signature;
  EXPECT_TRUE(signer.sign(text, signature));
  return std::string(signature.view());
}

// A signature made with other parameters than Kalshi's.
std::string sign_with(int padding, int salt, const EVP_MD* hash, std::string_view text) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* parameters = nullptr;
  EXPECT_EQ(EVP_DigestSignInit(context, &parameters, hash, nullptr, rsa_key()), 1);
  EXPECT_GT(EVP_PKEY_CTX_set_rsa_padding(parameters, padding), 0);
  if (padding == RSA_PKCS1_PSS_PADDING) {
    EXPECT_GT(EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, salt), 0);
  }
  std::vector<std::uint8_t> bytes(512);
  std::size_t length = bytes.size();
  EXPECT_EQ(
      EVP_DigestSign(context, bytes.data(), &length, reinterpret_cast<const std::uint8_t*>(text.data()), text.size()),
      1);
  EVP_MD_CTX_free(context);
  bytes.resize(length);
  return to_base64(bytes, Base64Alphabet::Standard);
}

TEST(KalshiPresign, IsTimestampMethodAndPathWithoutQuery) {
  EXPECT_EQ(presign_text(1790000000123, "GET", "/trade-api/v2/portfolio/orders?limit=5&status=resting"),
            "1790000000123GET/trade-api/v2/portfolio/orders");
  EXPECT_EQ(presign_text(0, "delete", "/a"), "0DELETE/a");
  EXPECT_EQ(presign_text(1, "GET", "/a?"), "1GET/a");
}

TEST(KalshiSigner, Ed25519SignsAsPublished) {
  auto signer = *PreparedSigner::from_pem(kEd25519Pem);
  EXPECT_EQ(signer.kind(), KeyKind::Ed25519);
  EXPECT_EQ(signer.public_key_pem(), kEd25519PublicPem);
  for (int i = 0; i < 3; ++i) {  // the context serves again and again
    EXPECT_EQ(sign(signer, "1790000000123GET/trade-api/ws/v2"),
              "4qzWaZM0LIhF4O+2DRRT1j/JXNEc7rAQxKf8tpVqTK9TZHWV84ZllxV6poCRL6NV73IEjtEvH5DmjbOPXSubDQ==");
    EXPECT_EQ(sign(signer, "1790000000123POST/trade-api/v2/portfolio/events/orders"),
              "rqDG2CVQLMenRUjYDouNRV4AwO2lEZbIKZ7YO5uTjwX6/arOMFP96K+2LD0SlKuFZoe5AnAMWCPUOIYxw1DMAw==");
  }
}

TEST(KalshiSigner, KindIsThatOfTheParsedKey) {
  for (const bool pkcs1 : {false, true}) {
    const std::string pem = private_pem(rsa_key(), {.pkcs1 = pkcs1});
    EXPECT_EQ(pem.find("RSA") != std::string::npos, pkcs1);
    const auto signer = PreparedSigner::from_pem(pem);
    ASSERT_TRUE(signer.has_value());
    EXPECT_EQ(signer->kind(), KeyKind::Rsa);
  }
}

TEST(KalshiSigner, SignAndVerifyAgreesWithModel) {
  constexpr std::uint64_t kSeed = 31337;
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  auto rsa = rsa_signer();
  auto ed25519 = *PreparedSigner::from_pem(kEd25519Pem);
  PreparedSigner copy = rsa.clone();
  for (PreparedSigner* signer : {&rsa, &ed25519, &copy}) {
    const auto key = *VerifyingKey::from_pem(signer->public_key_pem());
    for (int i = 0; i < 20; ++i) {
      std::string text(random.below(200), ' ');
      for (char& c : text) c = static_cast<char>(random.below(256));
      const std::string signature = sign(*signer, text);
      EXPECT_TRUE(key.verify(text, signature));
      EXPECT_FALSE(key.verify(text + "x", signature));
      auto bytes = *from_base64(signature);
      bytes[random.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << random.below(8));
      EXPECT_FALSE(key.verify(text, to_base64(bytes, Base64Alphabet::Standard)));
    }
  }
}

TEST(KalshiVerifier, RefusesOtherParametersOfTheSameKey) {
  const std::string text = "1790000000123GET/trade-api/v2/portfolio/orders";
  const auto key = *VerifyingKey::from_pem(rsa_signer().public_key_pem());
  EXPECT_TRUE(key.verify(text, sign_with(RSA_PKCS1_PSS_PADDING, 32, EVP_sha256(), text)));
  EXPECT_FALSE(key.verify(text, sign_with(RSA_PKCS1_PSS_PADDING, 0, EVP_sha256(), text)));
  EXPECT_FALSE(key.verify(text, sign_with(RSA_PKCS1_PSS_PADDING, 31, EVP_sha256(), text)));
  EXPECT_FALSE(key.verify(text, sign_with(RSA_PKCS1_PSS_PADDING, 222, EVP_sha256(), text)));
  EXPECT_FALSE(key.verify(text, sign_with(RSA_PKCS1_PSS_PADDING, 32, EVP_sha384(), text)));
  EXPECT_FALSE(key.verify(text, sign_with(RSA_PKCS1_PADDING, 0, EVP_sha256(), text)));
  EXPECT_FALSE(key.verify(text, sign_with(RSA_PKCS1_PSS_PADDING, 32, EVP_sha256(), text + "?limit=5")));
}

TEST(KalshiVerifier, RefusesEveryOtherSpellingOfASignature) {
  auto signer = *PreparedSigner::from_pem(kEd25519Pem);
  const auto key = *VerifyingKey::from_pem(kEd25519PublicPem);
  const std::string good = sign(signer, "text");
  ASSERT_TRUE(key.verify("text", good));
  std::string url_safe = good;
  for (char& c : url_safe) c = c == '+' ? '-' : c == '/' ? '_' : c;
  ASSERT_NE(url_safe, good);
  EXPECT_FALSE(key.verify("text", url_safe));
  EXPECT_FALSE(key.verify("text", good.substr(0, good.size() - 2)));
  EXPECT_FALSE(key.verify("text", good + "\n"));
  EXPECT_FALSE(key.verify("text", ""));
  EXPECT_FALSE(key.verify("text", "not base64"));
  EXPECT_FALSE(key.verify("text", std::string(344, 'A')));
  const auto other_kind = *VerifyingKey::from_pem(rsa_signer().public_key_pem());
  EXPECT_FALSE(other_kind.verify("text", good));
}

TEST(KalshiKeys, ReadLineEndsAndSurroundingTextOfAnySort) {
  std::string dos = kEd25519Pem;
  for (std::size_t at = 0; (at = dos.find('\n', at)) != std::string::npos; at += 2) dos.insert(at, 1, '\r');
  EXPECT_TRUE(PreparedSigner::from_pem(dos).has_value());
  std::string no_end = kEd25519Pem;
  no_end.pop_back();
  EXPECT_TRUE(PreparedSigner::from_pem(no_end).has_value());
  EXPECT_TRUE(PreparedSigner::from_pem("key of the account\n" + std::string(kEd25519Pem)).has_value());
}

TEST(KalshiKeys, RefuseMalformedPem) {
  const std::string good = kEd25519Pem;
  const std::string rsa = private_pem(rsa_key());
  const std::string cases[] = {
      "",
      "\n",
      "-----BEGIN PRIVATE KEY-----",
      "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
      good.substr(0, good.size() / 2),        // no end line
      good.substr(28),                        // no begin line
      std::string(good).replace(40, 1, "*"),  // not base64
      std::string(good).replace(28, 1, "N"),  // not DER
      std::string(good).replace(0, 27, "-----BEGIN PUBLIC KEY-----"),
      rsa.substr(0, 200) + "\n-----END PRIVATE KEY-----\n",  // cut DER
      kEd25519PublicPem,                                     // the other half
      "-----BEGIN PRIVATE KEY-----\n" + std::string(20'000, 'A') + "\n-----END PRIVATE KEY-----\n",
      std::string("\0\0\0\0", 4),
      private_pem(rsa_key(), {.password = "secret"}),  // nobody is asked for a password
      private_pem(rsa_key(), {.pkcs1 = true, .password = "secret"}),
  };
  for (const std::string& pem : cases) {
    const auto signer = PreparedSigner::from_pem(pem);
    ASSERT_FALSE(signer.has_value()) << pem;
    EXPECT_EQ(signer.error(), KeyError::NotAKey) << pem;
  }
  EXPECT_EQ(VerifyingKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n").error(),
            KeyError::NotAKey);
}

TEST(KalshiKeys, RefuseOtherKindsAndSizes) {
  EVP_PKEY* curve = EVP_EC_gen("P-256");
  EXPECT_EQ(PreparedSigner::from_pem(private_pem(curve)).error(), KeyError::UnknownKind);
  EVP_PKEY_free(curve);
  EVP_PKEY* exchange = EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519");
  EXPECT_EQ(PreparedSigner::from_pem(private_pem(exchange)).error(), KeyError::UnknownKind);
  EVP_PKEY_free(exchange);
  EVP_PKEY* small = EVP_RSA_gen(1024);
  EXPECT_EQ(PreparedSigner::from_pem(private_pem(small)).error(), KeyError::WrongSize);
  EVP_PKEY_free(small);
}

}  // namespace
}  // namespace arbees::kalshi

#include "sim/keys.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "adapters/venue/polymarket/signer.h"
#include "core/base/random.h"

namespace arbees::sim {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using NumberContext = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;

enum Space : std::uint64_t {
  kRsaPrimes = 1,
  kRsaId = 2,
  kEdSeed = 3,
  kEdId = 4,
  kUserId = 5,
  kWallet = 6,
  kDeposit = 7,
  kProxy = 8,
  kApiKey = 9,
};
constexpr int kPrimeBytes = 128;

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL refuses to make a simulated key");
}

std::string hex_of(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

// The first prime at or after a drawn odd number of 1024 bits with its two highest bits set.
Number draw_prime(Random& random, BN_CTX* context) {
  std::vector<std::uint8_t> bytes = draw_bytes(random, kPrimeBytes);
  bytes.front() |= 0xc0;
  bytes.back() |= 1;
  Number prime(BN_bin2bn(bytes.data(), kPrimeBytes, nullptr));
  require(prime != nullptr);
  while (BN_check_prime(prime.get(), context, nullptr) != 1) require(BN_add_word(prime.get(), 2) == 1);
  return prime;
}

Number new_number() {
  Number number(BN_new());
  require(number != nullptr);
  return number;
}

// All eight numbers of the private key (RFC 8017 §3.2) out of two primes and e = 65537.
Key make_rsa(std::uint64_t seed) {
  Random random = seeded_random(seed, kRsaPrimes, 0);
  const NumberContext context(BN_CTX_new());
  Number p = draw_prime(random, context.get());
  Number q = draw_prime(random, context.get());
  if (BN_cmp(p.get(), q.get()) < 0) std::swap(p, q);
  const Number n = new_number(), e = new_number(), d = new_number(), phi = new_number();
  const Number p1 = new_number(), q1 = new_number(), dp = new_number(), dq = new_number(), qi = new_number();
  require(BN_mul(n.get(), p.get(), q.get(), context.get()) == 1 && BN_set_word(e.get(), 65'537) == 1);
  require(BN_sub(p1.get(), p.get(), BN_value_one()) == 1 && BN_sub(q1.get(), q.get(), BN_value_one()) == 1);
  require(BN_mul(phi.get(), p1.get(), q1.get(), context.get()) == 1);
  require(BN_mod_inverse(d.get(), e.get(), phi.get(), context.get()) != nullptr);
  require(BN_mod(dp.get(), d.get(), p1.get(), context.get()) == 1);
  require(BN_mod(dq.get(), d.get(), q1.get(), context.get()) == 1);
  require(BN_mod_inverse(qi.get(), q.get(), p.get(), context.get()) != nullptr);

  const Builder builder(OSSL_PARAM_BLD_new());
  const std::array<std::pair<const char*, const BIGNUM*>, 8> parts = {{{OSSL_PKEY_PARAM_RSA_N, n.get()},
                                                                       {OSSL_PKEY_PARAM_RSA_E, e.get()},
                                                                       {OSSL_PKEY_PARAM_RSA_D, d.get()},
                                                                       {OSSL_PKEY_PARAM_RSA_FACTOR1, p.get()},
                                                                       {OSSL_PKEY_PARAM_RSA_FACTOR2, q.get()},
                                                                       {OSSL_PKEY_PARAM_RSA_EXPONENT1, dp.get()},
                                                                       {OSSL_PKEY_PARAM_RSA_EXPONENT2, dq.get()},
                                                                       {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, qi.get()}}};
  for (const auto& [name, number] : parts) require(OSSL_PARAM_BLD_push_BN(builder.get(), name, number) == 1);
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext maker(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  require(EVP_PKEY_fromdata_init(maker.get()) == 1);
  require(EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
  return Key(key);
}

Key make_ed25519(std::uint64_t seed) {
  Random random = seeded_random(seed, kEdSeed, 0);
  const std::vector<std::uint8_t> bytes = draw_bytes(random, 32);
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()));
  require(key != nullptr);
  return key;
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(length)};
}

std::string private_pem(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(memory.get());
}

std::string public_pem(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PUBKEY(memory.get(), key) == 1);
  return text_of(memory.get());
}

std::string seeded_address(std::uint64_t seed, Space space) {
  polymarket::Address address{};
  Random random = seeded_random(seed, space, 0);
  const std::vector<std::uint8_t> bytes = draw_bytes(random, address.size());
  std::copy(bytes.begin(), bytes.end(), address.begin());
  return polymarket::to_checksum_text(address);
}

std::string base64_url(std::span<const std::uint8_t> bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) {
      text.push_back(i + k <= bytes.size() ? kAlphabet[group >> (18 - 6 * k) & 63] : '=');
    }
  }
  return text;
}

}  // namespace

SimKeys make_keys(std::uint64_t seed) {
  SimKeys keys;
  const Key rsa = make_rsa(seed);
  keys.rsa_key_id = seeded_uuid(seed, kRsaId, 0);
  keys.rsa_private_pem = private_pem(rsa.get());
  keys.rsa_public_pem = public_pem(rsa.get());
  const Key ed25519 = make_ed25519(seed);
  keys.ed25519_key_id = seeded_uuid(seed, kEdId, 0);
  keys.ed25519_private_pem = private_pem(ed25519.get());
  keys.ed25519_public_pem = public_pem(ed25519.get());
  keys.kalshi_user_id = seeded_uuid(seed, kUserId, 0);
  // A draw that is no key of the curve (zero or too large) is all but impossible; then the next one is taken.
  for (std::uint64_t attempt = 0; keys.wallet_address.empty(); ++attempt) {
    keys.wallet_private_key = seeded_hex(seed, kWallet, attempt, 32);
    const auto wallet = polymarket::Wallet::from_hex(keys.wallet_private_key);
    if (wallet) keys.wallet_address = polymarket::to_checksum_text(wallet->address());
  }
  keys.deposit_address = seeded_address(seed, kDeposit);
  keys.proxy_address = seeded_address(seed, kProxy);
  return keys;
}

ApiCredentials derive_credentials(std::uint64_t seed, std::string_view address, std::uint64_t nonce) {
  std::uint64_t hash = nonce;
  const auto parsed = polymarket::parse_address(address);
  if (parsed) {
    for (const std::uint8_t byte : *parsed) hash = Random(hash ^ byte).next();
  }
  ApiCredentials credentials;
  credentials.api_key = seeded_uuid(seed, kApiKey, hash);
  Random random = seeded_random(seed, kApiKey + 100, hash);
  credentials.secret = base64_url(draw_bytes(random, 32));
  credentials.passphrase = hex_of(draw_bytes(random, 32));
  return credentials;
}

}  // namespace arbees::sim

#include "adapters/venue/polymarket/signer.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <algorithm>

#include "adapters/venue/encoding.h"
#include "adapters/venue/secret.h"
#include "core/base/assert.h"

namespace arbees::polymarket {
namespace {

constexpr std::uint8_t kFirstRecoveryByte =
    27;  // Bitcoin's offset, kept by Ethereum (EIP-155 is for transactions only)

Address address_of(const secp256k1_pubkey& key, const secp256k1_context* context) noexcept {
  std::array<std::uint8_t, 65> point{};
  std::size_t length = point.size();
  secp256k1_ec_pubkey_serialize(context, point.data(), &length, &key, SECP256K1_EC_UNCOMPRESSED);
  // The first byte says "uncompressed"; the address is the end of the hash of both coordinates.
  const Bytes32 hash = keccak256(std::span(point).subspan(1));
  Address address{};
  std::copy(hash.begin() + 12, hash.end(), address.begin());
  return address;
}

std::size_t deposit_suffix(const OrderDomain& domain, const Bytes32& struct_hash, DepositSignature& out) noexcept {
  auto place = out.begin() + std::tuple_size_v<Signature>;
  place = std::copy(domain.separator().begin(), domain.separator().end(), place);
  place = std::copy(struct_hash.begin(), struct_hash.end(), place);
  const std::string_view type = order_type_text();
  place = std::copy(type.begin(), type.end(), place);
  *place++ = static_cast<std::uint8_t>(type.size() >> 8);
  *place++ = static_cast<std::uint8_t>(type.size() & 0xff);
  return static_cast<std::size_t>(place - out.begin());
}

}  // namespace

struct Wallet::Key {
  Key() : context(secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY)) {
    // Blinds the arithmetic against side channels; the signatures stay the same.
    Bytes32 seed{};
    if (RAND_bytes(seed.data(), static_cast<int>(seed.size())) == 1) {
      const int blinded = secp256k1_context_randomize(context, seed.data());
      ARBEES_ASSERT(blinded == 1);
    }
    wipe(std::span(seed));
  }
  ~Key() {
    wipe(std::span(secret));
    secp256k1_context_destroy(context);
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;

  secp256k1_context* context;
  Bytes32 secret{};
  Address address{};
};

Wallet::Wallet(std::unique_ptr<Key> key) noexcept : key_(std::move(key)) {}
Wallet::Wallet(Wallet&&) noexcept = default;
Wallet& Wallet::operator=(Wallet&&) noexcept = default;
Wallet::~Wallet() = default;

Wallet Wallet::clone() const {
  auto key = std::make_unique<Key>();
  key->secret = key_->secret;
  key->address = key_->address;
  return Wallet(std::move(key));
}

std::optional<Wallet> Wallet::from_hex(std::string_view private_key) {
  auto key = std::make_unique<Key>();
  if (!from_hex_text(private_key, key->secret)) return std::nullopt;
  secp256k1_pubkey point;
  // Refuses zero and what is not below the group's order.
  if (secp256k1_ec_pubkey_create(key->context, &point, key->secret.data()) != 1) return std::nullopt;
  key->address = address_of(point, key->context);
  return Wallet(std::move(key));
}

const Address& Wallet::address() const noexcept { return key_->address; }

Signature Wallet::sign(const Bytes32& digest) const noexcept {
  secp256k1_ecdsa_recoverable_signature raw;
  const int signed_ok =
      secp256k1_ecdsa_sign_recoverable(key_->context, &raw, digest.data(), key_->secret.data(), nullptr, nullptr);
  ARBEES_ASSERT(signed_ok == 1);  // it fails for invalid keys only, and there are none here
  Signature signature{};
  int recovery = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(key_->context, signature.data(), &recovery, &raw);
  signature[64] = static_cast<std::uint8_t>(kFirstRecoveryByte + recovery);
  return signature;
}

DepositSignature Wallet::sign_deposit(const OrderDomain& domain, const SignedOrder& order,
                                      const Bytes32& struct_hash) const noexcept {
  DepositSignature wrapped{};
  const Signature inner = sign(domain.deposit_wallet_digest(order, struct_hash));
  std::copy(inner.begin(), inner.end(), wrapped.begin());
  const std::size_t written = deposit_suffix(domain, struct_hash, wrapped);
  ARBEES_ASSERT(written == wrapped.size());
  return wrapped;
}

std::optional<Address> recover_signer(const Bytes32& digest, std::span<const std::uint8_t> signature) noexcept {
  if (signature.size() != std::tuple_size_v<Signature>) return std::nullopt;
  const int recovery = signature[64] - kFirstRecoveryByte;
  if (recovery != 0 && recovery != 1) return std::nullopt;
  // Verification needs no secret and no blinding; the static context serves it.
  const secp256k1_context* context = secp256k1_context_static;
  secp256k1_ecdsa_recoverable_signature raw;
  if (secp256k1_ecdsa_recoverable_signature_parse_compact(context, &raw, signature.data(), recovery) != 1) {
    return std::nullopt;
  }
  secp256k1_ecdsa_signature plain;
  secp256k1_ecdsa_recoverable_signature_convert(context, &plain, &raw);
  const bool high_s = secp256k1_ecdsa_signature_normalize(context, nullptr, &plain) == 1;
  if (high_s) return std::nullopt;
  secp256k1_pubkey point;
  if (secp256k1_ecdsa_recover(context, &point, &raw, digest.data()) != 1) return std::nullopt;
  return address_of(point, context);
}

bool verify_deposit(const OrderDomain& domain, const SignedOrder& order, const Address& owner,
                    std::span<const std::uint8_t> signature) noexcept {
  if (domain.version() == DomainVersion::One || signature.size() != std::tuple_size_v<DepositSignature>) return false;
  const Bytes32 struct_hash = domain.hash(order).struct_hash;
  DepositSignature expected{};
  static_cast<void>(deposit_suffix(domain, struct_hash, expected));
  constexpr std::size_t kInner = std::tuple_size_v<Signature>;
  const auto suffix = signature.subspan(kInner);
  if (!std::equal(suffix.begin(), suffix.end(), expected.begin() + kInner)) return false;
  const auto signer = recover_signer(domain.deposit_wallet_digest(order, struct_hash), signature.first(kInner));
  return signer && *signer == owner;
}

std::optional<ApiSecret> ApiSecret::from_base64(std::string_view secret) {
  auto bytes = arbees::from_base64(secret);
  if (!bytes || bytes->empty()) return std::nullopt;
  return ApiSecret(std::move(*bytes));
}

ApiSecret::~ApiSecret() { wipe(std::span(bytes_)); }

std::string ApiSecret::sign(const L2Request& request) const {
  std::string message;
  const std::string_view path = request.path.substr(0, request.path.find('?'));
  message.reserve(request.timestamp.size() + request.method.size() + path.size() + request.body.size());
  message.append(request.timestamp).append(request.method).append(path).append(request.body);

  std::array<std::uint8_t, 32> mac{};
  unsigned length = 0;
  const auto* made = HMAC(EVP_sha256(), bytes_.data(), static_cast<int>(bytes_.size()),
                          reinterpret_cast<const std::uint8_t*>(message.data()), message.size(), mac.data(), &length);
  ARBEES_ASSERT(made != nullptr && length == mac.size());
  return to_base64(mac, Base64Alphabet::UrlSafe);
}

}  // namespace arbees::polymarket

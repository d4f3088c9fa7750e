#include "adapters/venue/kalshi/signer.h"

#include <openssl/bio.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <span>

#include "adapters/venue/encoding.h"
#include "core/base/assert.h"

namespace arbees::kalshi {
namespace {

constexpr int kSaltBytes = 32;
constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 4096;
constexpr std::size_t kMaxSignatureBytes = 512;
constexpr std::size_t kMaxPemBytes = 16 * 1024;

struct Free {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  void operator()(EVP_MD* hash) const noexcept { EVP_MD_free(hash); }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(OSSL_DECODER_CTX* context) const noexcept { OSSL_DECODER_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

enum class Half : std::uint8_t { Private, Public };

// The decoder is given no password source: an encrypted key is refused, nobody is asked.
Owned<EVP_PKEY> decode_pem(std::string_view pem, Half half) {
  if (pem.empty() || pem.size() > kMaxPemBytes) return nullptr;
  const int selection = half == Half::Private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  EVP_PKEY* key = nullptr;
  const Owned<OSSL_DECODER_CTX> decoder(
      OSSL_DECODER_CTX_new_for_pkey(&key, "PEM", nullptr, nullptr, selection, nullptr, nullptr));
  const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const bool decoded = decoder && bio && OSSL_DECODER_from_bio(decoder.get(), bio.get()) == 1;
  ERR_clear_error();
  return Owned<EVP_PKEY>(decoded ? key : nullptr);
}

Result<KeyKind, KeyError> kind_of(const EVP_PKEY* key) noexcept {
  if (key == nullptr) return failure(KeyError::NotAKey);
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return KeyKind::Ed25519;
  if (EVP_PKEY_is_a(key, "RSA") != 1) return failure(KeyError::UnknownKind);
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < kMinRsaBits || bits > kMaxRsaBits) return failure(KeyError::WrongSize);
  return KeyKind::Rsa;
}

bool set_pss(EVP_PKEY_CTX* context, const EVP_MD* hash) noexcept {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_signature_md(context, hash) > 0 && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, kSaltBytes) > 0;
}

const std::uint8_t* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

std::string_view key_error_text(KeyError error) noexcept {
  switch (error) {
    case KeyError::NotAKey: return "is not an unencrypted PEM key of the wanted kind";
    case KeyError::UnknownKind: return "is neither an RSA nor an Ed25519 key";
    case KeyError::WrongSize: return "is an RSA key outside 2048..4096 bits";
  }
  return "";
}

std::string presign_text(std::int64_t timestamp_ms, std::string_view method, std::string_view path) {
  std::string text = std::to_string(timestamp_ms);
  for (const char c : method) text.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  text.append(path.substr(0, path.find('?')));
  return text;
}

struct PreparedSigner::State {
  Owned<EVP_PKEY> key;
  KeyKind kind = KeyKind::Rsa;
  Owned<EVP_MD> sha256;      // RSA: fetched once, not by name at each use
  Owned<EVP_MD_CTX> digest;  // RSA: of the text; Ed25519: the signing context itself
  Owned<EVP_PKEY_CTX> rsa;

  // Whether everything a signature needs is there.
  bool prepare() {
    digest.reset(EVP_MD_CTX_new());
    if (!digest) return false;
    if (kind == KeyKind::Ed25519) return true;
    sha256.reset(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    rsa.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    return sha256 && rsa && EVP_PKEY_sign_init(rsa.get()) > 0 && set_pss(rsa.get(), sha256.get());
  }
  bool sign_rsa(std::string_view text, std::span<std::uint8_t> out, std::size_t& length) noexcept {
    std::array<std::uint8_t, 32> hash{};
    unsigned hash_length = 0;
    return EVP_DigestInit_ex2(digest.get(), sha256.get(), nullptr) == 1 &&
           EVP_DigestUpdate(digest.get(), text.data(), text.size()) == 1 &&
           EVP_DigestFinal_ex(digest.get(), hash.data(), &hash_length) == 1 &&
           EVP_PKEY_sign(rsa.get(), out.data(), &length, hash.data(), hash_length) > 0;
  }
  // Ed25519 is one-shot in OpenSSL: later versions refuse a second signature of an initialised context.
  bool sign_ed25519(std::string_view text, std::span<std::uint8_t> out, std::size_t& length) noexcept {
    return EVP_MD_CTX_reset(digest.get()) == 1 &&
           EVP_DigestSignInit(digest.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestSign(digest.get(), out.data(), &length, bytes_of(text), text.size()) == 1;
  }
};

PreparedSigner::PreparedSigner(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
PreparedSigner::PreparedSigner(PreparedSigner&&) noexcept = default;
PreparedSigner& PreparedSigner::operator=(PreparedSigner&&) noexcept = default;
PreparedSigner::~PreparedSigner() = default;

Result<PreparedSigner, KeyError> PreparedSigner::from_pem(std::string_view pem) {
  auto state = std::make_unique<State>();
  state->key = decode_pem(pem, Half::Private);
  const auto kind = kind_of(state->key.get());
  if (!kind) return failure(kind.error());
  state->kind = *kind;
  if (!state->prepare()) return failure(KeyError::NotAKey);
  return PreparedSigner(std::move(state));
}

PreparedSigner PreparedSigner::generate_rsa() {
  auto state = std::make_unique<State>();
  state->key.reset(EVP_RSA_gen(kMinRsaBits));
  ARBEES_ASSERT(state->key != nullptr && state->prepare());
  return PreparedSigner(std::move(state));
}

PreparedSigner PreparedSigner::clone() const {
  auto state = std::make_unique<State>();
  ARBEES_ASSERT(EVP_PKEY_up_ref(state_->key.get()) == 1);
  state->key.reset(state_->key.get());
  state->kind = state_->kind;
  ARBEES_ASSERT(state->prepare());
  return PreparedSigner(std::move(state));
}

KeyKind PreparedSigner::kind() const noexcept { return state_->kind; }

std::string PreparedSigner::public_key_pem() const {
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  ARBEES_ASSERT(bio && PEM_write_bio_PUBKEY(bio.get(), state_->key.get()) == 1);
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

bool PreparedSigner::sign(std::string_view presign, SignatureText& out) noexcept {
  std::array<std::uint8_t, kMaxSignatureBytes> bytes{};
  std::size_t length = bytes.size();
  const bool made = state_->kind == KeyKind::Rsa ? state_->sign_rsa(presign, bytes, length)
                                                 : state_->sign_ed25519(presign, bytes, length);
  if (!made) {
    ERR_clear_error();
    return false;
  }
  encode_base64(std::span(bytes).first(length), Base64Alphabet::Standard, out.characters.data());
  out.length = static_cast<std::uint32_t>(base64_length(length));
  return true;
}

struct VerifyingKey::State {
  Owned<EVP_PKEY> key;
  KeyKind kind = KeyKind::Rsa;
};

VerifyingKey::VerifyingKey(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
VerifyingKey::VerifyingKey(VerifyingKey&&) noexcept = default;
VerifyingKey& VerifyingKey::operator=(VerifyingKey&&) noexcept = default;
VerifyingKey::~VerifyingKey() = default;

Result<VerifyingKey, KeyError> VerifyingKey::from_pem(std::string_view pem) {
  auto state = std::make_unique<State>();
  state->key = decode_pem(pem, Half::Public);
  const auto kind = kind_of(state->key.get());
  if (!kind) return failure(kind.error());
  state->kind = *kind;
  return VerifyingKey(std::move(state));
}

KeyKind VerifyingKey::kind() const noexcept { return state_->kind; }

bool VerifyingKey::verify(std::string_view presign, std::string_view signature_base64) const {
  // The venue's headers carry the standard alphabet only.
  if (signature_base64.find_first_of("-_") != std::string_view::npos) return false;
  const auto signature = from_base64(signature_base64);
  if (!signature) return false;
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const char* hash = state_->kind == KeyKind::Rsa ? "SHA256" : nullptr;
  bool valid = context && EVP_DigestVerifyInit_ex(context.get(), &parameters, hash, nullptr, nullptr, state_->key.get(),
                                                  nullptr) == 1;
  if (valid && state_->kind == KeyKind::Rsa) {
    valid = EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) > 0 &&
            EVP_PKEY_CTX_set_rsa_mgf1_md_name(parameters, "SHA256", nullptr) > 0 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, kSaltBytes) > 0;
  }
  valid = valid &&
          EVP_DigestVerify(context.get(), signature->data(), signature->size(), bytes_of(presign), presign.size()) == 1;
  ERR_clear_error();
  return valid;
}

}  // namespace arbees::kalshi

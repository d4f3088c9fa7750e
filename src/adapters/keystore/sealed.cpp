#include "adapters/keystore/sealed.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <charconv>
#include <memory>
#include <span>

namespace arbees {
namespace {

constexpr std::uint64_t kMaxScryptBytes = 256 * 1024 * 1024;
constexpr std::size_t kMaxNameLength = 64;

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Free>;

// Wipes itself.
struct CipherKey {
  std::array<std::uint8_t, 32> bytes{};
  CipherKey() = default;
  ~CipherKey() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
  CipherKey(const CipherKey&) = delete;
  CipherKey& operator=(const CipherKey&) = delete;
};

const std::uint8_t* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

bool is_cost_allowed(const ScryptCost& cost) noexcept {
  const bool in_range =
      cost.log2_n >= 1 && cost.log2_n <= 20 && cost.r >= 1 && cost.r <= 32 && cost.p >= 1 && cost.p <= 16;
  return in_range && (std::uint64_t{128} << cost.log2_n) * cost.r <= kMaxScryptBytes / 2;
}

bool derive_key(std::string_view password, const SealedEntry& sealed, CipherKey& key) {
  const ScryptCost& cost = sealed.cost;
  return EVP_PBE_scrypt(password.data(), password.size(), sealed.salt.data(), sealed.salt.size(),
                        std::uint64_t{1} << cost.log2_n, cost.r, cost.p, kMaxScryptBytes, key.bytes.data(),
                        key.bytes.size()) == 1;
}

// Everything of the line but what encryption makes.
std::string authenticated_text(const SealedEntry& sealed) {
  return "arbees-keystore-1 " + sealed.entry.name + ' ' + sealed.entry.kind + ' ' + std::to_string(sealed.cost.log2_n) +
         ' ' + std::to_string(sealed.cost.r) + ' ' + std::to_string(sealed.cost.p);
}

void append_hex(std::string& line, std::span<const std::uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const std::uint8_t byte : bytes) {
    line.push_back(kDigits[byte >> 4]);
    line.push_back(kDigits[byte & 15]);
  }
}

bool read_hex(std::string_view text, std::span<std::uint8_t> out) noexcept {
  if (text.size() != 2 * out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto digits = text.substr(2 * i, 2);
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + 2, out[i], 16);
    if (status != std::errc() || end != digits.data() + 2) return false;
  }
  return true;
}

bool read_number(std::string_view text, std::uint32_t& out) noexcept {
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && status == std::errc() && end == text.data() + text.size();
}

}  // namespace

bool is_keystore_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > kMaxNameLength) return false;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') return false;
  }
  return true;
}

Result<SealedEntry, KeystoreError> seal(const KeystoreEntry& entry, ScryptCost cost, std::string_view secret,
                                        std::string_view password) {
  if (!is_keystore_name(entry.name) || !is_keystore_name(entry.kind)) return failure(KeystoreError::BadName);
  if (secret.empty() || secret.size() > kMaxSecretBytes) return failure(KeystoreError::EmptySecret);
  if (password.empty()) return failure(KeystoreError::EmptyPassword);
  SealedEntry sealed{entry, cost, {}, {}, {}, std::vector<std::uint8_t>(secret.size())};
  const bool drawn = RAND_bytes(sealed.salt.data(), static_cast<int>(sealed.salt.size())) == 1 &&
                     RAND_bytes(sealed.nonce.data(), static_cast<int>(sealed.nonce.size())) == 1;
  CipherKey key;
  if (!drawn || !is_cost_allowed(cost) || !derive_key(password, sealed, key)) {
    return failure(KeystoreError::LibraryFailed);
  }
  const CipherContext context(EVP_CIPHER_CTX_new());
  const std::string associated = authenticated_text(sealed);
  int length = 0;
  int last = 0;
  const bool done =
      context &&
      EVP_EncryptInit_ex2(context.get(), EVP_aes_256_gcm(), key.bytes.data(), sealed.nonce.data(), nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &length, bytes_of(associated), static_cast<int>(associated.size())) ==
          1 &&
      EVP_EncryptUpdate(context.get(), sealed.ciphertext.data(), &length, bytes_of(secret),
                        static_cast<int>(secret.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), sealed.ciphertext.data() + length, &last) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(sealed.tag.size()),
                          sealed.tag.data()) == 1;
  ERR_clear_error();
  if (!done) return failure(KeystoreError::LibraryFailed);
  return sealed;
}

Result<std::string, KeystoreError> unseal(const SealedEntry& sealed, std::string_view password) {
  if (password.empty()) return failure(KeystoreError::EmptyPassword);
  CipherKey key;
  if (!derive_key(password, sealed, key)) return failure(KeystoreError::LibraryFailed);
  const CipherContext context(EVP_CIPHER_CTX_new());
  const std::string associated = authenticated_text(sealed);
  std::string secret(sealed.ciphertext.size(), '\0');
  auto* out = reinterpret_cast<std::uint8_t*>(secret.data());
  auto tag = sealed.tag;
  int length = 0;
  int last = 0;
  const bool opened =
      context &&
      EVP_DecryptInit_ex2(context.get(), EVP_aes_256_gcm(), key.bytes.data(), sealed.nonce.data(), nullptr) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &length, bytes_of(associated), static_cast<int>(associated.size())) ==
          1 &&
      EVP_DecryptUpdate(context.get(), out, &length, sealed.ciphertext.data(),
                        static_cast<int>(sealed.ciphertext.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), out + length, &last) == 1;
  ERR_clear_error();
  if (opened) return secret;
  OPENSSL_cleanse(secret.data(), secret.size());
  return failure(KeystoreError::WrongPassword);
}

std::string to_line(const SealedEntry& sealed) {
  // The authenticated text without its first word is the line's beginning.
  std::string line = authenticated_text(sealed);
  line.erase(0, line.find(' ') + 1);
  for (const auto part :
       {std::span<const std::uint8_t>(sealed.salt), std::span<const std::uint8_t>(sealed.nonce),
        std::span<const std::uint8_t>(sealed.tag), std::span<const std::uint8_t>(sealed.ciphertext)}) {
    line.push_back(' ');
    append_hex(line, part);
  }
  return line;
}

std::optional<SealedEntry> parse_sealed_line(std::string_view line) {
  std::array<std::string_view, 9> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_last = i + 1 == words.size();
    const std::size_t end = is_last ? line.size() : line.find(' ');
    if (end == std::string_view::npos) return std::nullopt;
    words[i] = line.substr(0, end);
    line.remove_prefix(is_last ? end : end + 1);
  }
  SealedEntry sealed;
  sealed.entry = {std::string(words[0]), std::string(words[1])};
  const std::size_t cipher_bytes = words[8].size() / 2;
  if (!is_keystore_name(words[0]) || !is_keystore_name(words[1])) return std::nullopt;
  if (cipher_bytes == 0 || cipher_bytes > kMaxSecretBytes) return std::nullopt;
  sealed.ciphertext.resize(cipher_bytes);
  const bool numbers = read_number(words[2], sealed.cost.log2_n) && read_number(words[3], sealed.cost.r) &&
                       read_number(words[4], sealed.cost.p);
  const bool bytes = read_hex(words[5], sealed.salt) && read_hex(words[6], sealed.nonce) &&
                     read_hex(words[7], sealed.tag) && read_hex(words[8], sealed.ciphertext);
  if (!numbers || !bytes || !is_cost_allowed(sealed.cost)) return std::nullopt;
  return sealed;
}

}  // namespace arbees

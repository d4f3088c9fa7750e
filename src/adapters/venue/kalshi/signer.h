#pragma once
// Kalshi's request signatures: API keys (RSA or Ed25519) read from PEM, signing and checking.
//
// Signed is timestamp in ms + METHOD + path from the API root, without query and body (docs/venues/signing.md).
// RSA: PSS with SHA-256, MGF1 with SHA-256, salt of 32 bytes (RFC 8017 §8.1). Ed25519: RFC 8032, plain. The kind
// is that of the parsed key, never of the PEM's label. Text form: base64 with padding. Keys are never asked a
// password for and never repeated in errors; OpenSSL wipes the private parts when they are freed.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace arbees::kalshi {

enum class KeyKind : std::uint8_t { Rsa, Ed25519 };

enum class KeyError : std::uint8_t {
  NotAKey,      // no PEM, an encrypted or damaged one, or one of the other half (public for private)
  UnknownKind,  // neither RSA nor Ed25519
  WrongSize,    // RSA outside 2048..4096 bits
};
// For people: "is not an unencrypted PEM key", …
[[nodiscard]] std::string_view key_error_text(KeyError error) noexcept;

// A signature as it goes into the header. Room for RSA of 4096 bits: 512 bytes are 684 characters.
struct SignatureText {
  std::array<char, 688> characters{};
  std::uint32_t length = 0;
  [[nodiscard]] std::string_view view() const noexcept { return {characters.data(), length}; }
};

// The text to sign. The method is written in upper case, the query is cut off.
[[nodiscard]] std::string presign_text(std::int64_t timestamp_ms, std::string_view method, std::string_view path);

// A parsed private key with its signing context: what a signature costs beyond the arithmetic is paid once.
// One thread; for another one, clone().
class PreparedSigner {
 public:
  // PKCS#1 ("RSA PRIVATE KEY") or PKCS#8 ("PRIVATE KEY"), unencrypted.
  [[nodiscard]] static Result<PreparedSigner, KeyError> from_pem(std::string_view pem);

  // A fresh RSA key of 2048 bits, for simulated accounts and measurements. Takes a tenth of a second or more.
  [[nodiscard]] static PreparedSigner generate_rsa();

  PreparedSigner(PreparedSigner&&) noexcept;
  PreparedSigner& operator=(PreparedSigner&&) noexcept;
  ~PreparedSigner();

  // The same key with a context of its own.
  [[nodiscard]] PreparedSigner clone() const;

  [[nodiscard]] KeyKind kind() const noexcept;
  // SubjectPublicKeyInfo, "BEGIN PUBLIC KEY".
  [[nodiscard]] std::string public_key_pem() const;
  // False only if the library fails (out of memory or of randomness); then there is no signature.
  [[nodiscard]] bool sign(std::string_view presign, SignatureText& out) noexcept;

 private:
  struct State;
  explicit PreparedSigner(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

class VerifyingKey {
 public:
  // SubjectPublicKeyInfo ("PUBLIC KEY") or PKCS#1 ("RSA PUBLIC KEY").
  [[nodiscard]] static Result<VerifyingKey, KeyError> from_pem(std::string_view pem);

  VerifyingKey(VerifyingKey&&) noexcept;
  VerifyingKey& operator=(VerifyingKey&&) noexcept;
  ~VerifyingKey();

  [[nodiscard]] KeyKind kind() const noexcept;
  // False for any text that is not this key's signature of `presign`, base64 or not.
  [[nodiscard]] bool verify(std::string_view presign, std::string_view signature_base64) const;

 private:
  struct State;
  explicit VerifyingKey(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace arbees::kalshi

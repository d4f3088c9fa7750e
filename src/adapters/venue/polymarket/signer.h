#pragma once
// Polymarket's two authentications: a wallet's ECDSA signature of typed data, and an API secret's HMAC of a request.
//
// Wallet: secp256k1, nonces by RFC 6979 (the same digest always has the same signature), s in the lower half
// (EIP-2), r ‖ s ‖ v with v = 27 or 28. Request: HMAC-SHA-256 of timestamp + method + path + body, base64 with the
// url-safe alphabet and its padding. Key material is wiped when its owner ends; no error repeats it.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/polymarket/typed_data.h"

namespace arbees::polymarket {

using Signature = std::array<std::uint8_t, 65>;

// The wrapped signature of a deposit wallet: the owner's signature, the exchange's domain separator, the order's
// struct hash, the order's type text (186) and that text's length in two bytes.
using DepositSignature = std::array<std::uint8_t, 317>;

// A private key with its address and the library's precomputed context. Signing allocates nothing. One thread.
class Wallet {
 public:
  // 64 hex digits, with or without "0x". Nothing if the text is no key: malformed, zero, or not below the
  // group's order.
  [[nodiscard]] static std::optional<Wallet> from_hex(std::string_view private_key);

  Wallet(Wallet&&) noexcept;
  Wallet& operator=(Wallet&&) noexcept;
  ~Wallet();

  // The same key with a context of its own, for another owner.
  [[nodiscard]] Wallet clone() const;

  [[nodiscard]] const Address& address() const noexcept;
  [[nodiscard]] Signature sign(const Bytes32& digest) const noexcept;
  [[nodiscard]] DepositSignature sign_deposit(const OrderDomain& domain, const SignedOrder& order,
                                              const Bytes32& struct_hash) const noexcept;

 private:
  struct Key;
  explicit Wallet(std::unique_ptr<Key> key) noexcept;
  std::unique_ptr<Key> key_;
};

// Who signed this digest. Nothing for what is no valid signature: r or s zero or too large, s in the upper half,
// v other than 27 or 28, or no such point.
[[nodiscard]] std::optional<Address> recover_signer(const Bytes32& digest,
                                                    std::span<const std::uint8_t> signature) noexcept;

// Whether `owner` signed this order in the name of its deposit wallet.
[[nodiscard]] bool verify_deposit(const OrderDomain& domain, const SignedOrder& order, const Address& owner,
                                  std::span<const std::uint8_t> signature) noexcept;

// The parts of one L2 request. The query string is never signed: it is cut from `path`.
struct L2Request {
  std::string_view timestamp;  // Unix seconds, decimal
  std::string_view method;     // as sent, upper case
  std::string_view path;
  std::string_view body;  // the exact bytes sent; empty if there are none
};

class ApiSecret {
 public:
  // Base64 with either alphabet. Nothing if it is not that, or empty.
  [[nodiscard]] static std::optional<ApiSecret> from_base64(std::string_view secret);

  ApiSecret(ApiSecret&&) noexcept = default;
  ApiSecret& operator=(ApiSecret&&) noexcept = delete;
  ~ApiSecret();

  // 44 characters.
  [[nodiscard]] std::string sign(const L2Request& request) const;

 private:
  explicit ApiSecret(std::vector<std::uint8_t> bytes) noexcept : bytes_(std::move(bytes)) {}
  std::vector<std::uint8_t> bytes_;
};

}  // namespace arbees::polymarket

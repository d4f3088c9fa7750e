#pragma once
// EIP-712 hashes of what Polymarket has a wallet sign: the login (ClobAuth) and orders of all three domains.
//
// Sources: EIP-712 ("encodeData", "hashStruct", domain separator); ERC-7739 (TypedDataSign) for deposit wallets;
// the venue's types and contracts as written down in docs/venues/signing.md. A digest is
// keccak256(0x19 0x01 ‖ domain separator ‖ struct hash); for an order it is also the venue's order id.
// Pure and without allocation.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "adapters/venue/polymarket/address.h"
#include "adapters/venue/polymarket/keccak.h"

namespace arbees::polymarket {

inline constexpr std::uint64_t kPolygonChainId = 137;

// The EIP-712 domain version, not the market's `version` field: markets "v1" are signed with Two, "v2" with Three.
enum class DomainVersion : std::uint8_t { One = 1, Two = 2, Three = 3 };

enum class OrderSide : std::uint8_t { Buy = 0, Sell = 1 };

enum class WalletKind : std::uint8_t { Eoa = 0, Proxy = 1, Safe = 2, Deposit = 3 };

// What is signed of an order. Numbers are 256-bit, as the contracts hold them.
struct SignedOrder {
  Bytes32 salt{};
  Address maker{};
  Address signer{};
  Bytes32 token_id{};
  Bytes32 maker_amount{};  // what the maker gives, 10^-6: dollars of a buy, shares of a sell
  Bytes32 taker_amount{};  // what the maker gets
  OrderSide side = OrderSide::Buy;
  WalletKind wallet = WalletKind::Eoa;
  // Domain versions Two and Three only.
  Bytes32 timestamp{};  // creation, Unix milliseconds
  Bytes32 metadata{};
  Bytes32 builder{};
  // Domain version One only.
  Address taker{};
  Bytes32 expiration{};
  Bytes32 nonce{};
  Bytes32 fee_rate_bps{};
};

struct TypedDataHash {
  Bytes32 struct_hash{};
  Bytes32 digest{};
};

// The contract that settles orders of this kind. Version Three has one for both kinds of market. A chain other
// than Amoy (80002) is taken to have Polygon's addresses, as the venue's own configuration does for One's
// neg-risk exchange and for Two.
[[nodiscard]] Address exchange_contract(DomainVersion version, bool neg_risk, std::uint64_t chain_id) noexcept;

// The domain of orders, with the part of the hash that does not change: build it once.
class OrderDomain {
 public:
  OrderDomain(DomainVersion version, bool neg_risk, std::uint64_t chain_id = kPolygonChainId) noexcept;

  [[nodiscard]] TypedDataHash hash(const SignedOrder& order) const noexcept;
  // What the owner of a deposit wallet signs instead of hash(order).digest. Version Two or Three.
  [[nodiscard]] Bytes32 deposit_wallet_digest(const SignedOrder& order, const Bytes32& struct_hash) const noexcept;

  [[nodiscard]] DomainVersion version() const noexcept { return version_; }
  [[nodiscard]] const Bytes32& separator() const noexcept { return separator_; }

 private:
  DomainVersion version_;
  std::uint64_t chain_id_;
  Bytes32 separator_;
};

// The type string of orders of versions Two and Three; a deposit wallet's signature carries it.
[[nodiscard]] std::string_view order_type_text() noexcept;

struct ClobAuth {
  Address address{};
  std::string_view timestamp;  // Unix seconds, decimal; signed as text
  Bytes32 nonce{};
  std::uint64_t chain_id = kPolygonChainId;
};
[[nodiscard]] TypedDataHash hash_clob_auth(const ClobAuth& auth) noexcept;

}  // namespace arbees::polymarket

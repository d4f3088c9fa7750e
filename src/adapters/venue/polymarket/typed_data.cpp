#include "adapters/venue/polymarket/typed_data.h"

#include <algorithm>

#include "adapters/venue/polymarket/uint256.h"

namespace arbees::polymarket {
namespace {

constexpr std::uint64_t kAmoyChainId = 80002;

constexpr std::string_view kOrderType =
    "Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,uint256 takerAmount,"
    "uint8 side,uint8 signatureType,uint256 timestamp,bytes32 metadata,bytes32 builder)";
constexpr std::string_view kOrderTypeOne =
    "Order(uint256 salt,address maker,address signer,address taker,uint256 tokenId,uint256 makerAmount,"
    "uint256 takerAmount,uint256 expiration,uint256 nonce,uint256 feeRateBps,uint8 side,uint8 signatureType)";
// A struct's type is followed by the types it contains (EIP-712, encodeType).
constexpr std::string_view kDepositSignType =
    "TypedDataSign(Order contents,string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)"
    "Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,uint256 takerAmount,"
    "uint8 side,uint8 signatureType,uint256 timestamp,bytes32 metadata,bytes32 builder)";
constexpr std::string_view kOrderDomainType =
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
constexpr std::string_view kAuthDomainType = "EIP712Domain(string name,string version,uint256 chainId)";
constexpr std::string_view kAuthType = "ClobAuth(address address,string timestamp,uint256 nonce,string message)";
constexpr std::string_view kAuthMessage = "This message attests that I control the given wallet";

// 20 bytes written as the 40 digits the venue publishes.
consteval Address address_of(std::string_view digits) {
  Address address{};
  const auto value = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  for (std::size_t i = 0; i < address.size(); ++i) {
    address[i] = static_cast<std::uint8_t>(value(digits[2 * i]) * 16 + value(digits[2 * i + 1]));
  }
  return address;
}

constexpr Address kExchangeOne = address_of("4bFb41d5B3570DeFd03C39a9A4D8dE6Bd8B8982E");
constexpr Address kExchangeOneAmoy = address_of("dFE02Eb6733538f8Ea35D585af8DE5958AD99E40");
constexpr Address kNegRiskExchangeOne = address_of("C5d563A36AE78145C45a50134d48A1215220f80a");
constexpr Address kExchangeTwo = address_of("E111180000d2663C0091e4f400237545B87B996B");
constexpr Address kNegRiskExchangeTwo = address_of("e2222d279d744050d28e00520010520000310F59");
constexpr Address kExchangeThree = address_of("e3333700cA9d93003F00f0F71f8515005F6c00Aa");

// The words of one struct, one after the other; at most the type hash and twelve fields.
class Words {
 public:
  void add(const Bytes32& word) noexcept {
    std::copy(word.begin(), word.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(32 * count_));
    ++count_;
  }
  void add(const Address& address) noexcept {
    Bytes32 word{};
    std::copy(address.begin(), address.end(), word.begin() + 12);
    add(word);
  }
  void add(std::uint64_t number) noexcept { add(uint256_of(number)); }
  [[nodiscard]] Bytes32 hash() const noexcept { return keccak256(std::span(bytes_).first(32 * count_)); }

 private:
  std::array<std::uint8_t, std::size_t{13} * 32> bytes_{};
  std::size_t count_ = 0;
};

Bytes32 digest_of(const Bytes32& separator, const Bytes32& struct_hash) noexcept {
  std::array<std::uint8_t, 66> bytes{0x19, 0x01};
  std::copy(separator.begin(), separator.end(), bytes.begin() + 2);
  std::copy(struct_hash.begin(), struct_hash.end(), bytes.begin() + 34);
  return keccak256(bytes);
}

std::string_view version_text(DomainVersion version) noexcept {
  switch (version) {
    case DomainVersion::One: return "1";
    case DomainVersion::Two: return "2";
    case DomainVersion::Three: return "3";
  }
  return "";
}

Bytes32 struct_hash_one(const SignedOrder& order) noexcept {
  static const Bytes32 type = keccak256(kOrderTypeOne);
  Words words;
  words.add(type);
  words.add(order.salt);
  words.add(order.maker);
  words.add(order.signer);
  words.add(order.taker);
  words.add(order.token_id);
  words.add(order.maker_amount);
  words.add(order.taker_amount);
  words.add(order.expiration);
  words.add(order.nonce);
  words.add(order.fee_rate_bps);
  words.add(static_cast<std::uint64_t>(order.side));
  words.add(static_cast<std::uint64_t>(order.wallet));
  return words.hash();
}

Bytes32 struct_hash_two(const SignedOrder& order) noexcept {
  static const Bytes32 type = keccak256(kOrderType);
  Words words;
  words.add(type);
  words.add(order.salt);
  words.add(order.maker);
  words.add(order.signer);
  words.add(order.token_id);
  words.add(order.maker_amount);
  words.add(order.taker_amount);
  words.add(static_cast<std::uint64_t>(order.side));
  words.add(static_cast<std::uint64_t>(order.wallet));
  words.add(order.timestamp);
  words.add(order.metadata);
  words.add(order.builder);
  return words.hash();
}

}  // namespace

Address exchange_contract(DomainVersion version, bool neg_risk, std::uint64_t chain_id) noexcept {
  switch (version) {
    case DomainVersion::One:
      if (neg_risk) return kNegRiskExchangeOne;
      return chain_id == kAmoyChainId ? kExchangeOneAmoy : kExchangeOne;
    case DomainVersion::Two: return neg_risk ? kNegRiskExchangeTwo : kExchangeTwo;
    case DomainVersion::Three: return kExchangeThree;
  }
  return {};
}

OrderDomain::OrderDomain(DomainVersion version, bool neg_risk, std::uint64_t chain_id) noexcept
    : version_(version), chain_id_(chain_id) {
  Words words;
  words.add(keccak256(kOrderDomainType));
  words.add(keccak256("Polymarket CTF Exchange"));
  words.add(keccak256(version_text(version)));
  words.add(chain_id);
  words.add(exchange_contract(version, neg_risk, chain_id));
  separator_ = words.hash();
}

TypedDataHash OrderDomain::hash(const SignedOrder& order) const noexcept {
  const Bytes32 struct_hash = version_ == DomainVersion::One ? struct_hash_one(order) : struct_hash_two(order);
  return {struct_hash, digest_of(separator_, struct_hash)};
}

Bytes32 OrderDomain::deposit_wallet_digest(const SignedOrder& order, const Bytes32& struct_hash) const noexcept {
  static const Bytes32 type = keccak256(kDepositSignType);
  static const Bytes32 name = keccak256("DepositWallet");
  static const Bytes32 version = keccak256("1");
  Words words;
  words.add(type);
  words.add(struct_hash);
  words.add(name);
  words.add(version);
  words.add(chain_id_);
  words.add(order.maker);
  words.add(Bytes32{});
  return digest_of(separator_, words.hash());
}

std::string_view order_type_text() noexcept { return kOrderType; }

TypedDataHash hash_clob_auth(const ClobAuth& auth) noexcept {
  Words domain;
  domain.add(keccak256(kAuthDomainType));
  domain.add(keccak256("ClobAuthDomain"));
  domain.add(keccak256("1"));
  domain.add(auth.chain_id);

  Words words;
  words.add(keccak256(kAuthType));
  words.add(auth.address);
  words.add(keccak256(auth.timestamp));
  words.add(auth.nonce);
  words.add(keccak256(kAuthMessage));
  const Bytes32 struct_hash = words.hash();
  return {struct_hash, digest_of(domain.hash(), struct_hash)};
}

}  // namespace arbees::polymarket

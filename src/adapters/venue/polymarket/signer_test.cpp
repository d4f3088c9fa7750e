#include "adapters/venue/polymarket/signer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/uint256.h"
#include "core/base/random.h"

namespace arbees::polymarket {
namespace {

// The first development account of Hardhat and Anvil: public, never funded.
constexpr char kKey[] = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
constexpr char kAddress[] = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
constexpr char kToken[] = "71321045679252212594626385532706912750332728571942532289631379312455583992563";
// The order n of the group, and n/2 rounded down (SEC 2, §2.4.1).
constexpr char kGroupOrder[] = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

Wallet test_wallet() { return *Wallet::from_hex(kKey); }
Bytes32 uint(std::string_view decimal) { return parse_uint256(decimal).value(); }

struct OrderText {
  const char* salt;
  const char* token;
  const char* maker_amount;
  const char* taker_amount;
  OrderSide side;
  const char* timestamp;
};

SignedOrder order_of(const OrderText& text) {
  SignedOrder order;
  order.salt = uint(text.salt);
  order.maker = order.signer = *parse_address(kAddress);
  order.token_id = uint(text.token);
  order.maker_amount = uint(text.maker_amount);
  order.taker_amount = uint(text.taker_amount);
  order.side = text.side;
  order.timestamp = uint(text.timestamp);
  return order;
}

TEST(TypedData, HasThePublishedDomainSeparators) {
  EXPECT_EQ(to_hex_text(OrderDomain(DomainVersion::Two, false).separator()),
            "0x3264e159346253e26a64e00b69032db0e7d32f94628de3e6eecb50304d7af3d2");
  EXPECT_EQ(to_hex_text(OrderDomain(DomainVersion::Two, true).separator()),
            "0x9b858f53327b0bd13af8ec14cfb35234fb9eb7b0504d1a4e61f433840d30e81a");
  for (const bool neg_risk : {false, true}) {
    EXPECT_EQ(to_hex_text(OrderDomain(DomainVersion::Three, neg_risk).separator()),
              "0x466c63910185bbd55e8679264200c4e0abdcbb0c6264eb3d41d13326022e095b");
  }
  EXPECT_EQ(to_hex_text(keccak256(order_type_text())),
            "0xbb86318a2138f5fa8ae32fbe8e659f8fcf13cc6ae4014a707893055433818589");
}

TEST(TypedData, NamesTheSettlingContract) {
  const auto contract = [](DomainVersion version, bool neg_risk, std::uint64_t chain) {
    return to_checksum_text(exchange_contract(version, neg_risk, chain));
  };
  EXPECT_EQ(contract(DomainVersion::One, false, 137), "0x4bFb41d5B3570DeFd03C39a9A4D8dE6Bd8B8982E");
  EXPECT_EQ(contract(DomainVersion::One, false, 80002), "0xdFE02Eb6733538f8Ea35D585af8DE5958AD99E40");
  EXPECT_EQ(contract(DomainVersion::One, true, 137), "0xC5d563A36AE78145C45a50134d48A1215220f80a");
  EXPECT_EQ(contract(DomainVersion::Two, false, 137), "0xE111180000d2663C0091e4f400237545B87B996B");
  EXPECT_EQ(contract(DomainVersion::Two, true, 137), "0xe2222d279d744050d28e00520010520000310F59");
  EXPECT_EQ(contract(DomainVersion::Three, true, 137), "0xe3333700cA9d93003F00f0F71f8515005F6c00Aa");
}

TEST(Wallet, HasTheAddressOfItsKey) {
  EXPECT_EQ(to_checksum_text(test_wallet().address()), kAddress);
  // Private key 1: the generator itself.
  EXPECT_EQ(to_checksum_text(Wallet::from_hex(std::string(63, '0') + "1")->address()),
            "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
}

TEST(Wallet, RefusesWhatIsNoPrivateKey) {
  EXPECT_FALSE(Wallet::from_hex(""));
  EXPECT_FALSE(Wallet::from_hex("0x"));
  EXPECT_FALSE(Wallet::from_hex(std::string(64, '0')));
  EXPECT_FALSE(Wallet::from_hex(kGroupOrder));
  EXPECT_FALSE(Wallet::from_hex(std::string(64, 'f')));
  EXPECT_FALSE(Wallet::from_hex(std::string(kKey).substr(0, 65)));
  EXPECT_FALSE(Wallet::from_hex(std::string(kKey) + "0"));
  EXPECT_FALSE(Wallet::from_hex(std::string(63, '0') + "g"));
  std::string last = kGroupOrder;
  last.back() = '0';  // n − 1 is the greatest key
  EXPECT_TRUE(Wallet::from_hex(last));
}

TEST(ClobAuth, SignsAsTheOfficialTestSuites) {
  const Wallet wallet = test_wallet();
  const TypedDataHash hash = hash_clob_auth({wallet.address(), "10000000", uint256_of(23), 80002});
  EXPECT_EQ(to_hex_text(wallet.sign(hash.digest)),
            "0xf62319a987514da40e57e2f4d7529f7bac38f0355bd88bb5adbb3768d80de6c1682518e0af677d5260366425f4361e7b70c25a"
            "e232aff0ab2331e2b164a1aedc1b");
}

TEST(ApiSecret, SignsAsTheOfficialTestSuites) {
  const auto first = ApiSecret::from_base64(std::string(43, 'A') + "=");
  EXPECT_EQ(first->sign({"1000000", "test-sign", "/orders", R"({"hash": "0x123"})"}),
            "ZwAdJKvoYRlEKDkNMwd5BuwNNtg93kNaR_oU2HrfVvc=");
  const auto second = ApiSecret::from_base64("_-7dzLuqmYh3ZlVEMyIRAP_u3cy7qpmId2ZVRDMiEQA=");
  EXPECT_EQ(second->sign({"1791241200", "GET", "/data/orders", ""}), "OYJNU6SjTOV3IjPtPkWouEqZ2obNtYzMCo0eSK4ZtCU=");
}

TEST(ApiSecret, AcceptsBothAlphabetsAndCutsTheQuery) {
  const auto url_safe = ApiSecret::from_base64("_-7dzLuqmYh3ZlVEMyIRAP_u3cy7qpmId2ZVRDMiEQA=");
  const auto standard = ApiSecret::from_base64("/+7dzLuqmYh3ZlVEMyIRAP/u3cy7qpmId2ZVRDMiEQA=");
  const std::string plain = url_safe->sign({"1", "GET", "/data/orders", ""});
  EXPECT_EQ(standard->sign({"1", "GET", "/data/orders", ""}), plain);
  EXPECT_EQ(url_safe->sign({"1", "GET", "/data/orders?market=0x1&x=?", ""}), plain);
  EXPECT_FALSE(ApiSecret::from_base64(""));
  EXPECT_FALSE(ApiSecret::from_base64("not base64"));
}

struct KnownOrder {
  const char* name;
  DomainVersion version;
  bool neg_risk;
  OrderText order;
  const char* digest;
  const char* signature;  // null where only the hash is published
};

constexpr KnownOrder kKnownOrders[] = {
    {"two_buy",
     DomainVersion::Two,
     false,
     {"123456789", kToken, "100000000", "50000000", OrderSide::Buy, "1713398400000"},
     "0x32961c48ddac87ed3582f8e02097cd0eff4fcf80460306bd44b3710438dfa64c",
     "0x89f178136333c8ebb32a19146cb891233e3202d474be6ef730c24dbc06ae4d2a0c99948a86d9b57de0f2c0bb8ec6964aa244ecf17cfa3a9"
     "5"
     "b86878d0b64ad78a1b"},
    {"two_sell_neg_risk",
     DomainVersion::Two,
     true,
     {"987654321", kToken, "50000000", "100000000", OrderSide::Sell, "1713398400000"},
     "0x8b878404bd92dea2bfea9975c9fcd816ec70a57ae431cb20d67bb773744aaef3",
     "0xf7d60d64364e2615b08d9f69f3ea9afd3b4f83ecfbf05ddd3ca83f4916277fb97d2d080758d17c8e91c928aceb8ff252477ebaec051b672"
     "8"
     "32500f63b4d36b061c"},
    {"three_combo",
     DomainVersion::Three,
     false,
     {"1", "1356938545749799165119972480570561420155507632800475359837393562592731987968", "666667", "1000001",
      OrderSide::Buy, "1700000000"},
     "0x813e1d3ba14f78e2500bcb91d53245bd4008540bcb0fb542adb0d8f32e11c0b9",
     "0xe30ea4135e5722d8dbea4b1326307c45d8c21a4af68b141ca569aba15d8f321d3f63f0afe56f5fb632efe8dd22ef2bcede3ed0694740fba"
     "8"
     "0a7a748e0c043b7b1b"},
    {"three_binary",
     DomainVersion::Three,
     false,
     {"479249096354", "663574927012476832975694178961957910328055987427402067619466963999000625152", "5200000",
      "10000000", OrderSide::Buy, "1791241200000"},
     "0x0ce5d10ca49d259118ec2ab68aedea3d4498e6fce3844ca56e63db3cafc6021f",
     nullptr},
};

TEST(Order, SignsAsPublished) {
  const Wallet wallet = test_wallet();
  for (const KnownOrder& known : kKnownOrders) {
    const Bytes32 digest = OrderDomain(known.version, known.neg_risk).hash(order_of(known.order)).digest;
    EXPECT_EQ(to_hex_text(digest), known.digest) << known.name;
    if (known.signature != nullptr) {
      EXPECT_EQ(to_hex_text(wallet.sign(digest)), known.signature) << known.name;
    }
  }
}

// Every field and the whole domain are covered by the digest; what a version does not sign is not.
TEST(Order, DigestCoversExactlyTheSignedFields) {
  const SignedOrder order = order_of(kKnownOrders[0].order);
  const auto digest = [](DomainVersion version, const SignedOrder& o) {
    return OrderDomain(version, false).hash(o).digest;
  };
  const auto changes = [&](DomainVersion version, auto change) {
    SignedOrder changed = order;
    change(changed);
    return digest(version, changed) != digest(version, order);
  };
  for (const auto version : {DomainVersion::One, DomainVersion::Two, DomainVersion::Three}) {
    const bool one = version == DomainVersion::One;
    EXPECT_TRUE(changes(version, [](SignedOrder& o) { o.salt[31] ^= 1; }));
    EXPECT_TRUE(changes(version, [](SignedOrder& o) { o.maker[0] ^= 1; }));
    EXPECT_TRUE(changes(version, [](SignedOrder& o) { o.signer[19] ^= 1; }));
    EXPECT_TRUE(changes(version, [](SignedOrder& o) { o.token_id[0] ^= 1; }));
    EXPECT_TRUE(changes(version, [](SignedOrder& o) { o.maker_amount[31] ^= 1; }));
    EXPECT_TRUE(changes(version, [](SignedOrder& o) { o.taker_amount[31] ^= 1; }));
    EXPECT_TRUE(changes(version, [](SignedOrder& o) { o.side = OrderSide::Sell; }));
    EXPECT_TRUE(changes(version, [](SignedOrder& o) { o.wallet = WalletKind::Safe; }));
    EXPECT_EQ(changes(version, [](SignedOrder& o) { o.timestamp[31] ^= 1; }), !one);
    EXPECT_EQ(changes(version, [](SignedOrder& o) { o.metadata[31] ^= 1; }), !one);
    EXPECT_EQ(changes(version, [](SignedOrder& o) { o.builder[0] ^= 1; }), !one);
    EXPECT_EQ(changes(version, [](SignedOrder& o) { o.taker[0] ^= 1; }), one);
    EXPECT_EQ(changes(version, [](SignedOrder& o) { o.expiration[31] ^= 1; }), one);
    EXPECT_EQ(changes(version, [](SignedOrder& o) { o.nonce[31] ^= 1; }), one);
    EXPECT_EQ(changes(version, [](SignedOrder& o) { o.fee_rate_bps[31] ^= 1; }), one);
  }
  EXPECT_NE(OrderDomain(DomainVersion::Two, false, 137).hash(order).digest,
            OrderDomain(DomainVersion::Two, false, 80002).hash(order).digest);
  EXPECT_NE(OrderDomain(DomainVersion::Two, false).hash(order).digest,
            OrderDomain(DomainVersion::Two, true).hash(order).digest);
}

TEST(DepositWallet, IsVerifiedAgainstItsOwner) {
  const Wallet owner = test_wallet();
  SignedOrder order = order_of(kKnownOrders[0].order);
  order.maker = order.signer = *parse_address("0x1111111111111111111111111111111111111111");
  order.wallet = WalletKind::Deposit;
  const OrderDomain domain(DomainVersion::Two, false);
  const DepositSignature signature = owner.sign_deposit(domain, order, domain.hash(order).struct_hash);
  EXPECT_TRUE(verify_deposit(domain, order, owner.address(), signature));
  EXPECT_FALSE(verify_deposit(domain, order, order.signer, signature));
  EXPECT_FALSE(verify_deposit(OrderDomain(DomainVersion::Two, true), order, owner.address(), signature));
  EXPECT_FALSE(verify_deposit(OrderDomain(DomainVersion::One, false), order, owner.address(), signature));
  EXPECT_FALSE(verify_deposit(domain, order, owner.address(), std::span(signature).first(316)));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    DepositSignature changed = signature;
    changed[i] ^= 1;
    EXPECT_FALSE(verify_deposit(domain, order, owner.address(), changed)) << i;
  }
}

// The other signature that the mathematics allows: n − s, and the other v.
Signature malleated(const Signature& signature) {
  Bytes32 order{};
  EXPECT_TRUE(from_hex_text(kGroupOrder, order));
  Signature other = signature;
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    const int difference = order[i] - signature[32 + i] - borrow;
    borrow = difference < 0 ? 1 : 0;
    other[32 + i] = static_cast<std::uint8_t>(difference & 0xff);
  }
  other[64] = signature[64] == 27 ? 28 : 27;
  return other;
}

TEST(Recovery, RefusesWhatIsNoCanonicalSignature) {
  const Wallet wallet = test_wallet();
  const Bytes32 digest = keccak256("digest");
  const Signature good = wallet.sign(digest);
  ASSERT_EQ(recover_signer(digest, good), wallet.address());
  EXPECT_EQ(recover_signer(digest, malleated(good)), std::nullopt);
  EXPECT_EQ(malleated(malleated(good)), good);

  const auto with = [&](auto change) {
    Signature changed = good;
    change(changed);
    return recover_signer(digest, changed);
  };
  EXPECT_EQ(with([](Signature& s) { std::fill_n(s.begin(), 32, std::uint8_t{0}); }), std::nullopt);
  EXPECT_EQ(with([](Signature& s) { std::fill_n(s.begin() + 32, 32, std::uint8_t{0}); }), std::nullopt);
  EXPECT_EQ(with([](Signature& s) { std::fill_n(s.begin(), 32, std::uint8_t{0xff}); }), std::nullopt);
  EXPECT_EQ(with([](Signature& s) { std::fill_n(s.begin() + 32, 32, std::uint8_t{0xff}); }), std::nullopt);
  for (const int v : {0, 1, 2, 26, 29, 30, 31, 255}) {
    EXPECT_EQ(with([v](Signature& s) { s[64] = static_cast<std::uint8_t>(v); }), std::nullopt) << v;
  }
  EXPECT_NE(with([](Signature& s) { s[64] = s[64] == 27 ? 28 : 27; }), wallet.address());
  EXPECT_EQ(recover_signer(digest, std::span(good).first(64)), std::nullopt);
  EXPECT_EQ(recover_signer(digest, {}), std::nullopt);
}

TEST(Recovery, SignAndRecoverAgreesWithModel) {
  constexpr std::uint64_t kSeed = 424242;
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  for (int i = 0; i < 200; ++i) {
    Bytes32 key{};
    Bytes32 digest{};
    for (auto& byte : key) byte = static_cast<std::uint8_t>(random.next());
    for (auto& byte : digest) byte = static_cast<std::uint8_t>(random.next());
    key[0] = 0x7f;  // below the group's order
    const auto wallet = Wallet::from_hex(to_hex_text(key));
    ASSERT_TRUE(wallet.has_value());
    const Signature signature = wallet->sign(digest);
    EXPECT_EQ(wallet->sign(digest), signature);
    EXPECT_EQ(recover_signer(digest, signature), wallet->address());
    Signature changed = signature;
    changed[random.below(64)] ^= static_cast<std::uint8_t>(1U << random.below(8));
    EXPECT_NE(recover_signer(digest, changed), wallet->address());
    Bytes32 other = digest;
    other[random.below(32)] ^= 1;
    EXPECT_NE(recover_signer(other, signature), wallet->address());
  }
}

}  // namespace
}  // namespace arbees::polymarket

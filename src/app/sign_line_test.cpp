#include "app/sign_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/random.h"

namespace arbees::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKey[] = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
constexpr char kSecret[] = "_-7dzLuqmYh3ZlVEMyIRAP_u3cy7qpmId2ZVRDMiEQA=";
constexpr char kPem[] =
    R"(-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n)";
constexpr char kOrder[] =
    R"({"salt":"123456789","maker":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","signer":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",)"
    R"("tokenId":"71321045679252212594626385532706912750332728571942532289631379312455583992563","makerAmount":"100000000",)"
    R"("takerAmount":"50000000","side":"BUY","signatureType":0,"timestamp":"1713398400000"})";
constexpr char kOrderSignature[] =
    "0x89f178136333c8ebb32a19146cb891233e3202d474be6ef730c24dbc06ae4d2a0c99948a86d9b57de0f2c0bb8ec6964aa244ecf17cfa3a95"
    "b8"
    "6878d0b64ad78a1b";
constexpr char kOrderAnswer[] =
    R"({"signature":"0x89f178136333c8ebb32a19146cb891233e3202d474be6ef730c24dbc06ae4d2a0c99948a86d9b57de0f2c0bb8ec6964aa244)"
    R"(ecf17cfa3a95b86878d0b64ad78a1b","struct_hash":"0xb90cd5fd7127bafc0ad257103b8ef1cf3fd285bdd74ad9e2d6ddc7c9c1bf152a",)"
    R"("digest":"0x32961c48ddac87ed3582f8e02097cd0eff4fcf80460306bd44b3710438dfa64c",)"
    R"("address":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"})";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string order_line(std::string_view order = kOrder) {
  return R"({"scheme":"polymarket-order","version":"2","neg_risk":false,"private_key":"0x)" + std::string(kKey) +
         R"(","order":)" + std::string(order) + "}";
}
std::string verify_line(std::string_view signature, std::string_view order = kOrder) {
  return R"({"scheme":"polymarket-order","version":"2","neg_risk":false,"verify":")" + std::string(signature) +
         R"(","order":)" + std::string(order) + "}";
}
std::string hmac_line(std::string_view more = "") {
  return R"({"scheme":"polymarket-hmac","secret":")" + std::string(kSecret) +
         R"(","timestamp":"1791241200","method":"GET","path":"/data/orders")" + std::string(more) + "}";
}
std::string kalshi_line(std::string_view path) {
  return R"({"scheme":"kalshi","timestamp_ms":1790000000123,"method":"get","path":")" + std::string(path) +
         R"(","private_key":")" + kPem + "\"}";
}

std::string good(const std::string& line) {
  const LineAnswer answer = answer_sign_line(line);
  EXPECT_FALSE(answer.is_error) << answer.json;
  return answer.json;
}
std::string error(const std::string& line) {
  const LineAnswer answer = answer_sign_line(line);
  EXPECT_TRUE(answer.is_error) << answer.json;
  return answer.json;
}

TEST(SignLine, SignsAnOrder) { EXPECT_EQ(good(order_line()), kOrderAnswer); }

TEST(SignLine, ReadsNumbersOfAnySizeAndSnakeCase) {
  std::string order =
      replaced(kOrder, R"("71321045679252212594626385532706912750332728571942532289631379312455583992563")",
               "71321045679252212594626385532706912750332728571942532289631379312455583992563");
  order = replaced(replaced(order, "tokenId", "token_id"), R"("123456789")", "123456789");
  order = replaced(replaced(order, "signatureType\":0", "signature_type\":\"0\""), R"("BUY")", "0");
  EXPECT_EQ(good(order_line(order)), kOrderAnswer);
}

TEST(SignLine, IgnoresWhatTheVersionDoesNotSign) {
  EXPECT_EQ(
      good(order_line(replaced(kOrder, "{", R"({"expiration":"1791","nonce":"5","signature":"0x","taker":null,)"))),
      kOrderAnswer);
  const std::string one = replaced(order_line(), R"("version":"2")", R"("version":"1")");
  EXPECT_NE(good(one), good(replaced(one, R"("salt")", R"("expiration":"1791","salt")")));
  EXPECT_EQ(good(one), good(replaced(one, R"("salt")", R"("expiration":"0","salt")")));
}

TEST(SignLine, VerifiesAnOrderAgainstItsSigner) {
  EXPECT_EQ(good(verify_line(kOrderSignature)), R"({"valid":true})");
  const std::string wrong[] = {
      verify_line(kOrderSignature, replaced(kOrder, "100000000", "100000001")),
      verify_line(kOrderSignature, replaced(kOrder, R"("signer":"0xf3)", R"("signer":"0xf4)")),
      replaced(verify_line(kOrderSignature), R"("version":"2")", R"("version":"3")"),
      replaced(verify_line(kOrderSignature), R"("neg_risk":false)", R"("neg_risk":true)"),
      replaced(verify_line(kOrderSignature), R"("neg_risk")", R"("chain_id":80002,"neg_risk")"),
      verify_line(""),
      verify_line("0x"),
      verify_line("0xzz"),
      verify_line(std::string(kOrderSignature) + "00"),
      verify_line(std::string(100'000, 'a')),
      verify_line(std::string(kOrderSignature).substr(0, 130) + "1c"),
      // n − s with the other v: a signature of the same digest by the same key, but not the canonical one.
      verify_line("0x89f178136333c8ebb32a19146cb891233e3202d474be6ef730c24dbc06ae4d2af3666b7579264a821f0d3f44713969b4"
                  "1869eff5324e65a60769e5bc19eb69b71c"),
  };
  for (const std::string& line : wrong) EXPECT_EQ(good(line), R"({"valid":false})") << line;
}

TEST(SignLine, SignsALoginForTheKeysOwnAddress) {
  const std::string line =
      R"({"scheme":"polymarket-auth","chain_id":80002,"timestamp":10000000,"nonce":23,"private_key":")" +
      std::string(kKey) + "\"}";
  const std::string answer = good(line);
  EXPECT_THAT(answer,
              HasSubstr("0xf62319a987514da40e57e2f4d7529f7bac38f0355bd88bb5adbb3768d80de6c1682518e0af677d5260366425"
                        "f4361e7b70c25ae232aff0ab2331e2b164a1aedc1b"));
  EXPECT_THAT(answer, HasSubstr("0x8f442df8073c9cf2e36d7b20ca9d64d1a9352e982cc82a293b7de2df57920610"));
  EXPECT_EQ(good(replaced(line, R"("nonce")", R"("address":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","nonce")")),
            answer);
  EXPECT_NE(good(replaced(line, R"("nonce")", R"("address":"0x1111111111111111111111111111111111111111","nonce")")),
            answer);
}

TEST(SignLine, SignsAndVerifiesHmacs) {
  EXPECT_EQ(good(hmac_line()), R"({"signature":"OYJNU6SjTOV3IjPtPkWouEqZ2obNtYzMCo0eSK4ZtCU="})");
  EXPECT_EQ(good(hmac_line(R"(,"body":null)")), good(hmac_line()));
  EXPECT_EQ(good(replaced(hmac_line(), "/orders", "/orders?id=1")), good(hmac_line()));
  EXPECT_NE(good(hmac_line(R"(,"body":"{}")")), good(hmac_line()));
  EXPECT_EQ(good(hmac_line(R"(,"verify":"OYJNU6SjTOV3IjPtPkWouEqZ2obNtYzMCo0eSK4ZtCU=")")), R"({"valid":true})");
  EXPECT_EQ(good(hmac_line(R"(,"verify":"OYJNU6SjTOV3IjPtPkWouEqZ2obNtYzMCo0eSK4ZtCU")")), R"({"valid":false})");
}

TEST(SignLine, SignsAndVerifiesForKalshi) {
  const std::string answer = good(kalshi_line("/trade-api/ws/v2"));
  EXPECT_EQ(
      answer,
      R"({"signature":"4qzWaZM0LIhF4O+2DRRT1j/JXNEc7rAQxKf8tpVqTK9TZHWV84ZllxV6poCRL6NV73IEjtEvH5DmjbOPXSubDQ=="})");
  EXPECT_EQ(good(kalshi_line("/trade-api/ws/v2?a=b")), answer);
  const std::string verify =
      R"({"scheme":"kalshi","timestamp_ms":"1790000000123","method":"GET","path":"/trade-api/ws/v2?x",)"
      R"("public_key":"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n",)"
      R"("verify":"4qzWaZM0LIhF4O+2DRRT1j/JXNEc7rAQxKf8tpVqTK9TZHWV84ZllxV6poCRL6NV73IEjtEvH5DmjbOPXSubDQ=="})";
  EXPECT_EQ(good(verify), R"({"valid":true})");
  EXPECT_EQ(good(replaced(verify, "123\"", "124\"")), R"({"valid":false})");
  EXPECT_EQ(good(replaced(verify, "GET", "PUT")), R"({"valid":false})");
}

TEST(SignLine, NamesWhatIsWrong) {
  const std::pair<std::string, const char*> cases[] = {
      {"", R"({"error":{"code":"malformed","message":"not JSON at byte 0"}})"},
      {"[]", R"({"error":{"code":"malformed","message":"not a JSON object"}})"},
      {"{}", R"({"error":{"code":"missing_field","message":"scheme: is missing"}})"},
      {order_line() + "x", R"("code":"malformed")"},
      {R"({"scheme":"rsa"})", R"("code":"unknown_scheme")"},
      {R"({"scheme":7})", R"("code":"unknown_scheme")"},
      {replaced(order_line(), R"("version":"2")", R"("version":"4")"), "version: must be"},
      {replaced(order_line(), R"("neg_risk":false)", R"("neg_risk":"no")"), "neg_risk: must be"},
      {replaced(order_line(), R"("neg_risk")", R"("chain_id":-1,"neg_risk")"), "chain_id: must be"},
      {R"({"scheme":"polymarket-order","version":"2"})", "order: is missing"},
      {R"({"scheme":"polymarket-order","version":"2","order":[]})", "order: must be an object"},
      {order_line(replaced(kOrder, "BUY", "buy")), "side: must be"},
      {order_line(replaced(kOrder, R"("signatureType":0)", R"("signatureType":4)")), "signatureType: must be"},
      {order_line(replaced(kOrder, R"("100000000")", "1e8")), "makerAmount: must be"},
      {order_line(replaced(kOrder, R"("100000000")", "100000000.0")), "makerAmount: must be"},
      {order_line(replaced(kOrder, R"("100000000")", "\"-1\"")), "makerAmount: must be"},
      {order_line(replaced(kOrder, R"("100000000")", "true")), "makerAmount: must be"},
      {order_line(replaced(kOrder, R"("tokenId":"7)", R"("tokenId":"997)")), "tokenId: must be"},
      {order_line(replaced(kOrder, "92266", "9226")), "maker: must be"},
      {order_line(replaced(kOrder, R"("timestamp")", R"("time")")), "timestamp: is missing"},
      {order_line(replaced(kOrder, "{", R"({"metadata":"0x00",)")), "metadata: must be 64 hex digits"},
      {replaced(replaced(order_line(), "signatureType\":0", "signatureType\":3"), R"("version":"2")",
                R"("version":"1")"),
       "no deposit wallets"},
      {order_line(replaced(replaced(kOrder, "signatureType\":0", "signatureType\":3"), "0xf3", "0xf4")),
       "signer: must be"},
      {replaced(hmac_line(), R"("path":"/)", R"("path":")"), "path: must start with"},
      {replaced(hmac_line(), "GET", ""), "method: must be"},
      {replaced(hmac_line(), "1791241200", "17912412.00"), "timestamp: must be"},
      {replaced(hmac_line(), "1791241200", "99999999999999999999"), "timestamp: must be"},
      {replaced(kalshi_line("/a"), "1790000000123", "-5"), "timestamp_ms: must be"},
      {R"({"scheme":"kalshi","timestamp_ms":1,"method":"GET","path":"/a"})", "private_key: is missing"},
      {R"({"scheme":"kalshi","timestamp_ms":1,"method":"GET","path":"/a","verify":"x"})", "public_key: is missing"},
      {R"({"scheme":"polymarket-auth","timestamp":1,"verify":"x"})", "private_key: is missing"},
  };
  for (const auto& [line, expected] : cases) EXPECT_THAT(error(line), HasSubstr(expected)) << line;
}

// Whatever is wrong with a key, the answer shows no part of it.
TEST(SignLine, RepeatsNoSecretInErrors) {
  const std::string broken_key = std::string(kKey).substr(0, 63);
  EXPECT_THAT(error(replaced(order_line(), kKey, broken_key)), Not(HasSubstr(broken_key.substr(0, 8))));
  EXPECT_THAT(error(replaced(order_line(), kKey, std::string(64, '0'))), HasSubstr("invalid_key"));
  EXPECT_THAT(error(replaced(hmac_line(), kSecret, "_-7dzLuqmYh3*")), Not(HasSubstr("dzLuqm")));
  EXPECT_THAT(error(R"({"scheme":"kalshi","timestamp_ms":1,"method":"GET","path":"/a","private_key":"MC4CAQAwBQ"})"),
              Not(HasSubstr("MC4CAQ")));
  EXPECT_THAT(error(R"({"scheme":"c2VjcmV0"})"), Not(HasSubstr("c2Vj"))) << "a secret in the wrong field";
}

TEST(SignLine, SurvivesHostileNesting) {
  EXPECT_THAT(error(std::string(900'000, '[')), HasSubstr("malformed"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += R"({"order":)";
  EXPECT_THAT(error(deep), HasSubstr("malformed"));
}

TEST(SignLine, SurvivesAnyDamage) {
  constexpr std::uint64_t kSeed = 5;
  SCOPED_TRACE(kSeed);
  Random random(kSeed);
  const std::string lines[] = {order_line(), verify_line(kOrderSignature), hmac_line(), kalshi_line("/a")};
  for (int i = 0; i < 4000; ++i) {
    std::string line = lines[random.below(4)];
    const std::uint64_t changes = 1 + random.below(4);
    for (std::uint64_t k = 0; k < changes; ++k) line[random.below(line.size())] = static_cast<char>(random.below(256));
    if (random.chance(1, 4)) line.resize(random.below(line.size()));
    const LineAnswer answer = answer_sign_line(line);
    EXPECT_THAT(answer.json, ::testing::StartsWith("{\""));
    EXPECT_THAT(answer.json, Not(HasSubstr("\n")));
  }
}

}  // namespace
}  // namespace arbees::app

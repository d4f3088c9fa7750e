#include "sim/clob_auth.h"

#include "sim/test_clob_client.h"

namespace arbees::sim {
namespace {

class ClobAuthMatrix : public ClobTest {
 protected:
  // A signed request with one header replaced.
  ClobAnswer with_header(const std::string& name, const std::string& value) {
    net::HttpRequest request = signed_request("GET", "/data/orders");
    for (net::Header& header : request.headers) {
      if (header.first == name) header.second = value;
    }
    return ask(std::move(request));
  }
};

TEST_F(ClobAuthMatrix, WalletsSignatureEarnsCredentialsThatLast) {
  start();
  const ClobAnswer first = login(wallet_);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.text("apiKey").size(), 36U);
  EXPECT_EQ(login(wallet_).body, first.body);
  EXPECT_NE(login(wallet_, 1).text("apiKey"), first.text("apiKey"));
  const ApiCredentials derived = derive_credentials(kSeed, keys_.wallet_address, 0);
  EXPECT_EQ(first.text("secret"), derived.secret);
  EXPECT_EQ(first.text("passphrase"), derived.passphrase);
}

TEST_F(ClobAuthMatrix, CreatingAndDerivingGiveTheSame) {
  start();
  net::HttpRequest request;
  request.method = "POST";
  request.target = "/auth/api-key";
  request.headers = login_headers(wallet_, 7);
  EXPECT_EQ(ask(std::move(request)).body, login(wallet_, 7).body);
}

TEST_F(ClobAuthMatrix, WrongLoginsAreRefused) {
  start();
  const auto other = polymarket::Wallet::from_hex("0x" + std::string(63, '0') + "7");
  for (int changed = 0; changed < 4; ++changed) {
    net::HttpRequest request;
    request.target = "/auth/derive-api-key";
    request.headers = login_headers(wallet_);
    if (changed == 0) request.headers[0].second = polymarket::to_checksum_text(other->address());
    if (changed == 1) request.headers[1].second = login_headers(*other)[1].second;
    if (changed == 2) request.headers[2].second = "1700000000";
    if (changed == 3) request.headers.clear();
    const ClobAnswer answer = ask(std::move(request));
    EXPECT_EQ(answer.status, 401) << changed;
    EXPECT_EQ(answer.text("error"), "Invalid L1 Request headers");
  }
}

TEST_F(ClobAuthMatrix, EveryHeaderOfARequestCounts) {
  start();
  sign_in();
  EXPECT_EQ(call("GET", "/data/orders").status, 200);
  EXPECT_EQ(call("GET", "/data/orders?market=0x1&next_cursor=MA==").status, 200) << "the query is not signed";
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"POLY_ADDRESS", "0x0000000000000000000000000000000000000001"},
      {"POLY_SIGNATURE", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
      {"POLY_TIMESTAMP", "1700000000"},
      {"POLY_API_KEY", "00000000-0000-0000-0000-000000000000"},
      {"POLY_PASSPHRASE", std::string(64, '0')}};
  for (const auto& [name, value] : wrong) {
    const ClobAnswer answer = with_header(name, value);
    EXPECT_EQ(answer.status, 401) << name;
    EXPECT_EQ(answer.text("error"), "Unauthorized/Invalid api key") << name;
  }
}

TEST_F(ClobAuthMatrix, SignatureCoversMethodPathAndBody) {
  start();
  sign_in();
  net::HttpRequest request = signed_request("DELETE", "/order", R"({"orderID":"0x1"})");
  EXPECT_EQ(ask(request).status, 200);
  net::HttpRequest other_body = request;
  other_body.body = R"({"orderID":"0x2"})";
  EXPECT_EQ(ask(std::move(other_body)).status, 401);
  net::HttpRequest other_path = request;
  other_path.target = "/orders";
  EXPECT_EQ(ask(std::move(other_path)).status, 401);
}

TEST_F(ClobAuthMatrix, RevokedKeysAreDead) {
  start();
  sign_in();
  EXPECT_NE(call("GET", "/auth/api-keys").body.find(api_key_), std::string::npos);
  EXPECT_EQ(call("DELETE", "/auth/api-key").status, 200);
  EXPECT_EQ(call("GET", "/auth/api-keys").status, 401);
}

TEST_F(ClobAuthMatrix, OtherWalletsHaveNoMoney) {
  start();
  wallet_ = polymarket::Wallet::from_hex("0x" + std::string(63, '0') + "7").value();
  sign_in();
  EXPECT_EQ(collateral(), 0);
  TestOrder wish;
  wish.market = &find_market(false);
  wish.price = Price::from_units(100);
  wish.quantity = Quantity::whole(100);
  const ClobAnswer answer = post(wish);
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.text("error").find("not enough balance / allowance"), std::string::npos) << answer.body;
}

}  // namespace
}  // namespace arbees::sim

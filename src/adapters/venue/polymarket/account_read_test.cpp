// What the gateway asks a CLOB for when the account is read, over a real socket.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "adapters/net/http_server.h"
#include "adapters/venue/polymarket/order_gateway.h"

namespace arbees::polymarket {
namespace {

using testing::HasSubstr;
using testing::Not;

// Notes what is asked, and answers as an account without trades.
class TestClob final : public net::ServerHandler {
 public:
  void on_request(net::ServerRequest request, net::Responder responder) override {
    net::ServerResponse response;
    if (request.path == "/auth/derive-api-key") {
      response.body = login;
    } else if (request.path == "/balance-allowance/update") {
      updated.insert(request.parameter("token_id"));
      response.body = "{}";
    } else if (request.path == "/balance-allowance") {
      response.body = R"({"balance":"5000000"})";
    } else if (request.path == "/data/trades" || request.path == "/data/orders") {
      response.body = R"({"data":[],"next_cursor":"LTE="})";
    } else {
      response.status = 404;
      response.body = "{}";
    }
    responder.send(std::move(response));
  }

  std::string login = R"({"apiKey":"key","secret":"c2VjcmV0","passphrase":"pass"})";
  std::set<std::string> updated;
};

struct Unheard final : GatewaySink {
  void on_event(const Event&) override {}
};

class AccountRead : public testing::Test {
 protected:
  void SetUp() override {
    auto listening = net::HttpServer::listen(loop_, clob_, {});
    ASSERT_TRUE(listening) << listening.error();
    server_ = std::move(*listening);
    GatewayOptions options;
    options.rest = net::Url{"http", "127.0.0.1", server_->port(), "/"};
    options.websocket = net::Url{"ws", "127.0.0.1", server_->port(), "/ws/user"};
    gateway_ =
        std::make_unique<PolymarketOrderGateway>(loop_, sink_, options, *Wallet::from_hex(std::string(63, '0') + "1"));
  }
  template <class Done>
  void until(const Done& done) {
    const Timestamp end = net::IoLoop::now() + std::chrono::seconds(60);
    while (!done() && net::IoLoop::now() < end) loop_.run_for(std::chrono::milliseconds(5));
    ASSERT_TRUE(done());
  }
  AccountState look(const AccountQuery& query) {
    std::optional<AccountAnswer> told;
    gateway_->read_account(query, [&](AccountAnswer answer) { told = std::move(answer); });
    until([&] { return told.has_value(); });
    EXPECT_TRUE(told && *told);
    return told && *told ? **told : AccountState{};
  }

  net::IoLoop loop_;
  TestClob clob_;
  Unheard sink_;
  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<PolymarketOrderGateway> gateway_;
};

TEST_F(AccountRead, LooksTakeTurnsWithWhatIsUnpaid) {
  gateway_->start();
  until([&] { return gateway_->health().is_ready; });
  AccountQuery query;
  for (int i = 0; i < 45; ++i) query.unpaid.push_back("10" + std::to_string(i));
  EXPECT_EQ(look(query).looks, 3u);
  EXPECT_EQ(clob_.updated.size(), 1u + 20u) << "the cash, and as many as the venue's limit allows";
  (void)look(query);
  EXPECT_EQ(clob_.updated.size(), 1u + 40u);
  query.unpaid.push_back("0");
  (void)look(query);
  EXPECT_EQ(clob_.updated.size(), 1u + 46u) << "whatever joins the list";
  const AccountState told = look({});
  EXPECT_EQ(told.looks, 1u);
  EXPECT_EQ(told.cash, Money::whole(5));
}

TEST_F(AccountRead, TheCashIsReadWithoutAStart) {
  std::optional<CashAnswer> told;
  gateway_->read_cash([&](CashAnswer answer) { told = std::move(answer); });
  until([&] { return told.has_value(); });
  EXPECT_EQ(told->value(), Money::whole(5));
  EXPECT_FALSE(gateway_->health().is_ready);
}

TEST_F(AccountRead, ALoginThatCannotBeReadIsNotShown) {
  clob_.login = R"({"apiKey":"key","secret":"%%% of the account","passphrase":"pass"})";
  std::optional<CashAnswer> told;
  gateway_->read_cash([&](CashAnswer answer) { told = std::move(answer); });
  until([&] { return told.has_value(); });
  EXPECT_EQ(told->error(), "login: unreadable answer");
  gateway_->start();
  until([&] { return !gateway_->health().last_trouble.empty(); });
  EXPECT_THAT(gateway_->health().last_trouble, HasSubstr("login: unreadable answer"));
  EXPECT_THAT(gateway_->health().last_trouble, Not(HasSubstr("of the account")));
}

TEST_F(AccountRead, ATokenOfNoMarketHasNoPayout) {
  std::optional<PayoutAnswer> told;
  gateway_->read_payouts({"1234"}, [&](PayoutAnswer answer) { told = std::move(answer); });
  until([&] { return told.has_value(); });
  ASSERT_TRUE(*told) << told->error();
  EXPECT_TRUE((*told)->empty());
}

}  // namespace
}  // namespace arbees::polymarket

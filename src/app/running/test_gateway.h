#pragma once
// For tests: an account whose orders and answers are what the test says.

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapters/venue/order_gateway.h"

namespace arbees::test {

class TestGateway final : public OrderGateway {
 public:
  AccountAnswer account = AccountState{};
  GatewayHealth state;
  std::vector<GatewayOrder> submitted;
  AccountQuery asked_for;       // with the account, last
  bool lists_positions = true;  // otherwise it tells of what it is asked about
  int cancels = 0;
  std::function<void()> when_cancelled;

  void start() override {}
  void learn(const Event&) override {}
  void submit(const GatewayOrder& order) override { submitted.push_back(order); }
  void cancel(OrderId) override { ++cancels; }
  void query(OrderId) override {}
  void cancel_all() override {
    ++cancels;
    if (when_cancelled) when_cancelled();
  }
  void adopt(const GatewayOrder&, std::string_view, std::span<const RecordedFill>) override {}
  void read_account(const AccountQuery& query, std::function<void(AccountAnswer)> done) override {
    asked_for = query;
    if (lists_positions || !account) return done(account);
    AccountState told = *account;
    std::erase_if(told.positions, [&](const AccountPosition& position) {
      const auto has = [&](const std::vector<std::string>& symbols) {
        return std::find(symbols.begin(), symbols.end(), position.symbol) != symbols.end();
      };
      return !has(query.held) && !has(query.unpaid);
    });
    done(told);
  }
  void read_cash(std::function<void(CashAnswer)> done) override {
    done(account ? CashAnswer(account->cash) : CashAnswer(failure(account.error())));
  }
  void read_payouts(const std::vector<std::string>&, std::function<void(PayoutAnswer)> done) override {
    done(std::map<std::string, Price>{});
  }
  void tick(Timestamp) override {}
  [[nodiscard]] GatewayHealth health() const override { return state; }
  [[nodiscard]] std::size_t open_orders() const override { return state.open_orders; }
  [[nodiscard]] std::string describe_open() const override { return {}; }
  [[nodiscard]] std::string venue_key(const GatewayOrder&, std::string_view) override { return {}; }
  void stop() override {}
};

}  // namespace arbees::test

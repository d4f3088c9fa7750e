#pragma once
// Cash and holdings of all accounts of one venue: every cent is somewhere.
//
// Invariant: the sum of all cash, the fees collected and one dollar for every open pair (as many Yes as No are held,
// market by market) never changes. Netting accounts (Kalshi's, and the simulated traders) get a dollar back for every
// Yes and No that meet; on Polymarket the user may hold both tokens. Money is exact: price × quantity. Once a market is
// settled the user's tokens count at what they pay, whether they have been redeemed or not.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/market/order.h"
#include "core/market/values.h"
#include "sim/market.h"

namespace arbees::sim {

struct Holding {
  Quantity yes;
  Quantity no;
  Money yes_cost;  // paid for what is held now, without fees
  Money no_cost;
  Money fees;
  Money traded;
  Money realized_pnl;
  bool ever_traded = false;

  [[nodiscard]] Quantity of(Outcome outcome) const noexcept { return outcome == Outcome::Yes ? yes : no; }
};

// One side of a trade as an account sees it.
struct Execution {
  Outcome outcome = Outcome::Yes;
  Side side = Side::Buy;
  Price price;  // of the outcome
  Quantity quantity;
  Money fee;
};

class Accounts {
 public:
  // The last account's holdings net as well unless `user_nets` is false, which concerns account 0 (the user) only.
  Accounts(std::vector<Money> opening_cash, bool user_nets);

  [[nodiscard]] Money cash(std::uint32_t account) const noexcept { return cash_[account]; }
  [[nodiscard]] const Holding& holding(std::uint32_t account, MarketId market) const noexcept;
  // Books one side of a trade. The other side must be booked too.
  void apply(std::uint32_t account, MarketId market, const Execution& execution);
  // Takes a trade of a non-netting account back, tokens, cash and fee; false if it holds too little for that.
  bool revert(std::uint32_t account, MarketId market, const Execution& execution);
  // The market's result: pays all holdings but those of an account that does not net, whose tokens stay.
  void settle(MarketId market, Price yes_payout);
  // What `account` would be paid for its tokens of a settled market; zero of any other.
  [[nodiscard]] Money redeemable(std::uint32_t account, MarketId market) const noexcept;
  // Turns those tokens that pay into cash and returns them; tokens that pay nothing stay where they are.
  Holding redeem(std::uint32_t account, MarketId market);

  [[nodiscard]] Quantity open_interest(MarketId market) const noexcept;
  [[nodiscard]] Money fees_collected() const noexcept { return fees_; }
  [[nodiscard]] Money total() const noexcept;

 private:
  [[nodiscard]] bool nets(std::uint32_t account) const noexcept { return account != 0 || user_nets_; }
  [[nodiscard]] Holding& at(std::uint32_t account, MarketId market);
  static void add(Holding& holding, Outcome outcome, Quantity quantity, Money cost) noexcept;
  // Takes quantity away with its share of the cost; returns that share.
  static Money take(Holding& holding, Outcome outcome, Quantity quantity) noexcept;
  [[nodiscard]] std::optional<Price> yes_payout(MarketId market) const noexcept;

  std::vector<Money> cash_;
  std::vector<std::vector<Holding>> holdings_;     // by market, then account
  std::vector<std::optional<Price>> yes_payouts_;  // by market; of the settled ones
  Money fees_;
  bool user_nets_;
};

}  // namespace arbees::sim

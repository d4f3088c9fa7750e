#include "sim/accounts.h"

#include <algorithm>
#include <utility>

#include "core/base/wide_int.h"

namespace arbees::sim {
namespace {

constexpr Holding kNothing;

Outcome other(Outcome outcome) noexcept { return outcome == Outcome::Yes ? Outcome::No : Outcome::Yes; }

}  // namespace

Accounts::Accounts(std::vector<Money> opening_cash, bool user_nets)
    : cash_(std::move(opening_cash)), user_nets_(user_nets) {}

const Holding& Accounts::holding(std::uint32_t account, MarketId market) const noexcept {
  if (market >= holdings_.size() || holdings_[market].empty()) return kNothing;
  return holdings_[market][account];
}

Holding& Accounts::at(std::uint32_t account, MarketId market) {
  if (market >= holdings_.size()) holdings_.resize(market + 1);
  if (holdings_[market].empty()) holdings_[market].resize(cash_.size());
  return holdings_[market][account];
}

void Accounts::add(Holding& holding, Outcome outcome, Quantity quantity, Money cost) noexcept {
  (outcome == Outcome::Yes ? holding.yes : holding.no) += quantity;
  (outcome == Outcome::Yes ? holding.yes_cost : holding.no_cost) += cost;
}

Money Accounts::take(Holding& holding, Outcome outcome, Quantity quantity) noexcept {
  Quantity& held = outcome == Outcome::Yes ? holding.yes : holding.no;
  Money& cost = outcome == Outcome::Yes ? holding.yes_cost : holding.no_cost;
  ARBEES_ASSERT(held >= quantity);
  const Money share =
      held == quantity
          ? cost
          : Money::from_units(static_cast<std::int64_t>(Int128{cost.units()} * quantity.units() / held.units()));
  held -= quantity;
  cost -= share;
  return share;
}

void Accounts::apply(std::uint32_t account, MarketId market, const Execution& execution) {
  Holding& holding = at(account, market);
  Money& cash = cash_[account];
  holding.ever_traded = true;
  holding.fees += execution.fee;
  holding.traded += execution.price * execution.quantity;
  cash -= execution.fee;
  fees_ += execution.fee;
  if (!nets(account)) {
    const Money amount = execution.price * execution.quantity;
    if (execution.side == Side::Buy) {
      add(holding, execution.outcome, execution.quantity, amount);
      cash -= amount;
    } else {
      holding.realized_pnl += amount - take(holding, execution.outcome, execution.quantity);
      cash += amount;
    }
    return;
  }
  // Selling an outcome is buying the other one at the complement; what meets its opposite is paid out.
  const bool buys = execution.side == Side::Buy;
  const Outcome bought = buys ? execution.outcome : other(execution.outcome);
  const Price price = buys ? execution.price : complement(execution.price);
  const Quantity closes = std::min(execution.quantity, holding.of(other(bought)));
  if (closes.is_positive()) {
    const Money proceeds = complement(price) * closes;
    holding.realized_pnl += proceeds - take(holding, other(bought), closes);
    cash += proceeds;
  }
  const Quantity opens = execution.quantity - closes;
  add(holding, bought, opens, price * opens);
  cash -= price * opens;
}

bool Accounts::revert(std::uint32_t account, MarketId market, const Execution& execution) {
  if (nets(account)) return false;
  Holding& holding = at(account, market);
  const Money amount = execution.price * execution.quantity;
  if (execution.side == Side::Buy) {
    if (holding.of(execution.outcome) < execution.quantity) return false;
    take(holding, execution.outcome, execution.quantity);
    cash_[account] += amount;
  } else {
    if (cash_[account] < amount) return false;
    add(holding, execution.outcome, execution.quantity, amount);
    cash_[account] -= amount;
  }
  holding.fees -= execution.fee;
  holding.traded -= amount;
  cash_[account] += execution.fee;
  fees_ -= execution.fee;
  return true;
}

Holding Accounts::settle(MarketId market, Price yes_payout, std::uint32_t account) {
  if (market >= holdings_.size() || holdings_[market].empty()) return kNothing;
  const Holding before = holdings_[market][account];
  for (std::size_t i = 0; i < cash_.size(); ++i) {
    Holding& holding = holdings_[market][i];
    const Money payout = yes_payout * holding.yes + complement(yes_payout) * holding.no;
    cash_[i] += payout;
    holding.realized_pnl += payout - holding.yes_cost - holding.no_cost;
    holding.yes = holding.no = Quantity{};
    holding.yes_cost = holding.no_cost = Money{};
  }
  return before;
}

Quantity Accounts::open_interest(MarketId market) const noexcept {
  Quantity sum;
  if (market >= holdings_.size()) return sum;
  for (const Holding& holding : holdings_[market]) sum += holding.yes;
  return sum;
}

Money Accounts::total() const noexcept {
  Money sum = fees_;
  for (const Money cash : cash_) sum += cash;
  for (MarketId market = 0; market < holdings_.size(); ++market) sum += kPriceOne * open_interest(market);
  return sum;
}

}  // namespace arbees::sim

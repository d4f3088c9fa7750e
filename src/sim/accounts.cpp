#include "sim/accounts.h"

#include <algorithm>
#include <utility>

#include "core/base/wide_int.h"

namespace arbees::sim {
namespace {

constexpr Holding kNothing;

Outcome other(Outcome outcome) noexcept { return outcome == Outcome::Yes ? Outcome::No : Outcome::Yes; }

Money paid_for(const Holding& holding, Price yes_payout) noexcept {
  return yes_payout * holding.yes + complement(yes_payout) * holding.no;
}

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

void Accounts::settle(MarketId market, Price yes_payout) {
  if (market >= yes_payouts_.size()) yes_payouts_.resize(market + 1);
  yes_payouts_[market] = yes_payout;
  if (market >= holdings_.size() || holdings_[market].empty()) return;
  for (std::uint32_t account = 0; account < cash_.size(); ++account) {
    if (!nets(account)) continue;
    Holding& holding = holdings_[market][account];
    const Money payout = paid_for(holding, yes_payout);
    cash_[account] += payout;
    holding.realized_pnl += payout - holding.yes_cost - holding.no_cost;
    holding.yes = holding.no = Quantity{};
    holding.yes_cost = holding.no_cost = Money{};
  }
}

std::optional<Price> Accounts::yes_payout(MarketId market) const noexcept {
  return market < yes_payouts_.size() ? yes_payouts_[market] : std::nullopt;
}

Money Accounts::redeemable(std::uint32_t account, MarketId market) const noexcept {
  const auto payout = yes_payout(market);
  return payout ? paid_for(holding(account, market), *payout) : Money{};
}

Holding Accounts::redeem(std::uint32_t account, MarketId market) {
  Holding redeemed;
  const auto payout = yes_payout(market);
  if (!payout) return redeemed;
  Holding& holding = at(account, market);
  redeemed.fees = holding.fees;
  if (payout->is_positive()) {
    redeemed.yes = holding.yes;
    redeemed.yes_cost = take(holding, Outcome::Yes, holding.yes);
  }
  if (complement(*payout).is_positive()) {
    redeemed.no = holding.no;
    redeemed.no_cost = take(holding, Outcome::No, holding.no);
  }
  const Money paid = paid_for(redeemed, *payout);
  cash_[account] += paid;
  holding.realized_pnl += paid - redeemed.yes_cost - redeemed.no_cost;
  return redeemed;
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
  for (MarketId market = 0; market < holdings_.size(); ++market) {
    if (!yes_payout(market)) {
      sum += kPriceOne * open_interest(market);
      continue;
    }
    for (std::uint32_t account = 0; account < cash_.size(); ++account) sum += redeemable(account, market);
  }
  return sum;
}

}  // namespace arbees::sim

#include "app/running/account_compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

// Of one symbol, Yes minus No.
struct Net {
  Quantity booked;
  Quantity stated;
  bool is_closed = false;
};

Quantity signed_quantity(Outcome outcome, Quantity quantity) {
  return outcome == Outcome::Yes ? quantity : Quantity{} - quantity;
}

Quantity size_of(Quantity net) { return net.is_negative() ? -net : net; }

// "3.00 Yes"; of Yes less No.
std::string holding(Quantity net) {
  if (net.is_zero()) return "none";
  return fmt::format("{} {}", to_text(size_of(net)), net.is_negative() ? "No" : "Yes");
}

// "$5.00", with more digits only if it has them.
std::string dollars(Money amount) {
  std::string text = to_short_text(amount);
  const std::size_t point = text.find('.');
  if (point == std::string::npos) text += ".00";
  if (point != std::string::npos && text.size() - point == 2) text += '0';
  return text.starts_with('-') ? "-$" + text.substr(1) : "$" + text;
}

std::string position_difference(const std::string& symbol, Quantity booked, Quantity stated) {
  const std::string figures = fmt::format("books {}, venue {}", holding(booked), holding(stated));
  const bool is_opposite = booked.is_negative() != stated.is_negative() && !booked.is_zero() && !stated.is_zero();
  if (is_opposite) {
    return fmt::format("the books hold {} of {} and the venue {}", holding(booked), symbol, holding(stated));
  }
  const bool is_no = booked.is_negative() || stated.is_negative();
  const Quantity more = size_of(booked) - size_of(stated);
  const bool is_books = more.is_positive();
  return fmt::format("the {} {} more {} of {} than the {} ({})", is_books ? "books hold" : "venue holds",
                     to_text(size_of(more)), is_no ? "No" : "Yes", symbol, is_books ? "venue" : "books", figures);
}

std::string cash_difference(Money booked, Money stated) {
  const bool is_books = booked > stated;
  const Money more = is_books ? booked - stated : stated - booked;
  return fmt::format("the {} {} more cash than the {} (books {}, venue {})", is_books ? "books have" : "venue has",
                     dollars(more), is_books ? "venue" : "books", dollars(booked), dollars(stated));
}

}  // namespace

Price yes_payout(Outcome outcome, Money payout, Quantity quantity) noexcept {
  if (quantity.is_zero()) return {};
  const Price paid = Price::from_units(payout.units() / quantity.units());
  return outcome == Outcome::Yes ? paid : complement(paid);
}

Payouts settled_payouts(const LedgerContents& ledger, const LedgerAudit& audit, Venue venue, Timestamp since) {
  Payouts payouts;
  for (const LedgerSettlement& settlement : ledger.settlements) {
    const LedgerContract& contract = settlement.contract;
    if (contract.venue != venue_name(venue) || settlement.at < since) continue;
    const Outcome outcome = contract.outcome == "no" ? Outcome::No : Outcome::Yes;
    payouts[contract.symbol] = yes_payout(outcome, settlement.payout, settlement.quantity);
  }
  for (const LedgerPosition& position : audit.positions) payouts.erase(position.contract.symbol);
  return payouts;
}

Unpaid pay_settled(AccountState& stated, const Payouts& payouts) {
  Unpaid unpaid;
  std::erase_if(stated.positions, [&](const AccountPosition& position) {
    const auto payout = payouts.find(position.symbol);
    if (payout == payouts.end()) return false;
    const Price each = position.outcome == Outcome::Yes ? payout->second : complement(payout->second);
    unpaid.amount += each * position.quantity;
    if (each.is_positive()) unpaid.symbols.insert(position.symbol);
    return true;
  });
  stated.cash += unpaid.amount;
  return unpaid;
}

std::vector<std::string> account_differences(const BookedAccount& books, const AccountState& stated, Money unpaid) {
  const std::string_view venue = venue_name(books.venue);
  std::vector<std::string> differences;
  std::map<std::string, Net> nets;
  std::map<std::string, Quantity> yes;
  Quantity paired;
  Quantity closed;
  for (const BookedPosition& position : books.positions) {
    Net& net = nets[position.symbol];
    net.booked += signed_quantity(position.outcome, position.quantity);
    net.is_closed = net.is_closed || position.is_closed;
    if (position.is_closed) closed += position.quantity;
    if (position.outcome == Outcome::Yes) yes[position.symbol] = position.quantity;
  }
  for (const BookedPosition& position : books.positions) {
    if (position.outcome == Outcome::No) paired += std::min(position.quantity, yes[position.symbol]);
  }
  for (const AccountPosition& position : stated.positions) {
    nets[position.symbol].stated += signed_quantity(position.outcome, position.quantity);
  }
  for (const auto& [symbol, net] : nets) {
    const bool is_paid_out = net.is_closed && net.stated.is_zero();
    if (net.booked == net.stated || is_paid_out) continue;
    differences.push_back(fmt::format("{}: {}", venue, position_difference(symbol, net.booked, net.stated)));
  }
  for (const AccountOrder& order : stated.open_orders) {
    differences.push_back(
        fmt::format("{}: order {} rests on {} and is not in the books", venue, order.venue_id, order.symbol));
  }
  const Money least = books.cash + (pays_pairs_at_once(books.venue) ? kPriceOne * paired : Money{});
  const Money most = least + kPriceOne * closed;
  if (stated.cash + stated.cash_grain <= least || stated.cash > most) {
    std::string text = fmt::format("{}: {}", venue, cash_difference(least, stated.cash));
    if (unpaid.is_positive()) {
      text += fmt::format("; {} of the venue's is to come from contracts that the books have settled", dollars(unpaid));
    }
    differences.push_back(std::move(text));
  }
  return differences;
}

}  // namespace arbees::app

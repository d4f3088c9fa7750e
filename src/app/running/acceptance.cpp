#include "app/running/acceptance.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

// Of one symbol.
struct Held {
  Quantity yes;
  Quantity no;

  [[nodiscard]] Quantity net() const noexcept { return yes - no; }
  [[nodiscard]] Quantity& of(Outcome outcome) noexcept { return outcome == Outcome::Yes ? yes : no; }
};

class Accepting {
 public:
  Accepting(Acceptance& acceptance, Venue venue, const LedgerContents& ledger)
      : acceptance_(acceptance), ledger_(ledger), venue_(venue) {}

  void accept(const AccountState& stated) {
    const LedgerAudit audit = audit_ledger(ledger_);
    const std::string name(venue_name(venue_));
    std::map<std::string, Held> books;
    for (const LedgerPosition& position : audit.positions) {
      if (position.contract.venue != name) continue;
      books[position.contract.symbol].of(position.contract.outcome == "no" ? Outcome::No : Outcome::Yes) +=
          position.quantity;
    }
    std::map<std::string, Held> venue;
    for (const AccountPosition& position : stated.positions) {
      venue[position.symbol].of(position.outcome) += position.quantity;
      books.try_emplace(position.symbol);
    }
    Money paired;
    for (auto& [symbol, held] : books) {
      even(symbol, held, venue[symbol].net());
      const Quantity pairs = std::min(held.yes, held.no);
      if (pays_pairs_at_once(venue_) && pairs.is_positive()) paired += kPriceOne * pairs;
    }
    const auto cash = audit.cash.find(name);
    if (cash != audit.cash.end()) move_cash(cash->second + paired, stated);
  }

 private:
  // What is held alone goes before anything of the other outcome comes: pairs stay as they are.
  void even(const std::string& symbol, Held& held, Quantity wanted) {
    const Quantity missing = wanted - held.net();
    if (missing.is_zero()) return;
    const Outcome coming = missing.is_positive() ? Outcome::Yes : Outcome::No;
    Quantity left = missing.is_positive() ? missing : -missing;
    Quantity& other = held.of(opposite(coming));
    const Quantity alone = other - std::max(held.of(coming), Quantity{});
    const Quantity going = std::min(left, alone);
    if (going.is_positive()) {
      adjust(symbol, opposite(coming), -going);
      other -= going;
      left -= going;
    }
    if (!left.is_positive()) return;
    adjust(symbol, coming, left);
    held.of(coming) += left;
  }

  static Outcome opposite(Outcome outcome) noexcept { return outcome == Outcome::Yes ? Outcome::No : Outcome::Yes; }

  void adjust(const std::string& symbol, Outcome outcome, Quantity quantity) {
    PositionAdjustment adjustment;
    adjustment.contract.id = instrument_id(venue_, symbol);
    adjustment.contract.venue = venue_;
    if (!set_symbol(adjustment.contract, symbol)) return;  // of no venue; the difference stays, and is told
    adjustment.quantity = quantity;
    if (quantity.is_positive()) adjustment.cost = kPriceOne * quantity;
    adjustment.outcome = outcome;
    adjustment.asset = asset_of(symbol);
    acceptance_.adjustments.push_back(adjustment);
  }

  [[nodiscard]] Asset asset_of(const std::string& symbol) const {
    for (const LedgerOrder& order : ledger_.orders) {
      if (order.contract.symbol == symbol) return parse_asset(order.contract.asset).value_or(Asset::Unknown);
    }
    return Asset::Unknown;
  }

  // In whole units of what the venue states, so that books which know more digits keep them.
  void move_cash(Money books, const AccountState& stated) {
    if (books >= stated.cash && books < stated.cash + stated.cash_grain) return;
    const std::int64_t grain = std::max<std::int64_t>(stated.cash_grain.units(), 1);
    const std::int64_t missing = (stated.cash - books).units();
    const std::int64_t part = missing % grain;
    const std::int64_t amount = missing - part + (part > 0 ? grain : 0);
    acceptance_.transfers.push_back({venue_, Money::from_units(amount)});
  }

  Acceptance& acceptance_;
  const LedgerContents& ledger_;
  Venue venue_;
};

}  // namespace

void accept_account(Acceptance& acceptance, Venue venue, const LedgerContents& ledger, const AccountState& stated) {
  Accepting(acceptance, venue, ledger).accept(stated);
}

std::string describe(const Acceptance& acceptance) {
  std::string text;
  for (const PositionAdjustment& adjustment : acceptance.adjustments) {
    const bool has_come = adjustment.quantity.is_positive();
    const Quantity size = has_come ? adjustment.quantity : -adjustment.quantity;
    text += fmt::format("{}: {} {} of {} {}\n", venue_name(adjustment.contract.venue), to_text(size),
                        adjustment.outcome == Outcome::Yes ? "Yes" : "No", adjustment.contract.symbol_view(),
                        has_come ? fmt::format("came, at a cost of ${} (a dollar each: they never show a profit)",
                                               to_short_text(adjustment.cost))
                                 : "went; what they had cost is a loss");
  }
  for (const AcceptedTransfer& transfer : acceptance.transfers) {
    const bool has_come = transfer.amount.is_positive();
    text += fmt::format("{}: a transfer of ${} {}\n", venue_name(transfer.venue),
                        to_short_text(has_come ? transfer.amount : -transfer.amount), has_come ? "in" : "out");
  }
  return text;
}

}  // namespace arbees::app

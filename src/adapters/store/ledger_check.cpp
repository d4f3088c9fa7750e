#include "adapters/store/ledger_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "adapters/telemetry/format.h"
#include "core/market/held_cost.h"

namespace arbees {
namespace {

using PositionKey = std::pair<std::uint64_t, std::string>;  // instrument, outcome

PositionKey key_of(const LedgerContract& contract) { return {contract.instrument, contract.outcome}; }

std::string describe(const LedgerContract& contract) {
  return fmt::format("{} {} {}", contract.venue, contract.symbol, contract.outcome);
}

class Auditor {
 public:
  explicit Auditor(const LedgerContents& ledger) : ledger_(ledger) {
    for (const LedgerOrder& order : ledger.orders) orders_.emplace(order.order_id, &order);
    std::set<std::int64_t> reverted;
    for (const LedgerReversal& reversal : ledger.reversals) reverted.insert(reversal.fill);
    for (const LedgerFill& fill : ledger.fills) {
      const auto owner = orders_.find(fill.order_id);
      if (reverted.contains(fill.entry) && owner != orders_.end())
        had_failures_.insert(key_of(owner->second->contract));
    }
  }

  LedgerAudit run() {
    check_duplicates();
    check_postings();
    replay_positions();
    check_orders();
    check_cash();
    list_positions();
    count_pairs();
    return std::move(audit_);
  }

 private:
  template <class... Arguments>
  void problem(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    audit_.problems.push_back(fmt::format(text, std::forward<Arguments>(arguments)...));
  }

  void check_duplicates() {
    std::map<std::tuple<std::string, std::uint64_t, std::uint64_t>, int> seen;
    for (const LedgerFill& fill : ledger_.fills) {
      if (++seen[{fill.venue, fill.order_id, fill.venue_fill_id}] != 2) continue;
      ++audit_.duplicate_fills;
      problem("fill {} of order {} is in the books twice", fill.venue_fill_name, to_hex(fill.order_id));
    }
  }

  void check_postings() {
    std::map<std::int64_t, Money> sums;
    for (const LedgerPosting& posting : ledger_.postings) {
      sums[posting.entry] += posting.amount;
      if (posting.account == "cash") audit_.cash[posting.venue] += posting.amount;
      if (posting.account == "position") to_positions_[posting.entry] += posting.amount;
    }
    for (const auto& [entry, sum] : sums) {
      if (!sum.is_zero()) problem("entry {} does not balance: its postings sum to {}", entry, to_short_text(sum));
    }
  }

  // Fills, reversals, settlements and adjustments in the order recorded.
  void replay_positions() {
    constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
    auto settlement = ledger_.settlements.begin();
    auto reversal = ledger_.reversals.begin();
    auto adjustment = ledger_.adjustments.begin();
    const auto catch_up = [&](std::int64_t entry) {
      for (;;) {
        const auto settles = settlement == ledger_.settlements.end() ? kNone : settlement->entry;
        const auto reverts = reversal == ledger_.reversals.end() ? kNone : reversal->entry;
        const auto adjusts = adjustment == ledger_.adjustments.end() ? kNone : adjustment->entry;
        const auto next = std::min({settles, reverts, adjusts});
        if (next >= entry) return;
        if (next == settles) {
          settle(*settlement++);
        } else if (next == reverts) {
          revert(*reversal++);
        } else {
          adjust(*adjustment++);
        }
      }
    };
    for (const LedgerFill& fill : ledger_.fills) {
      catch_up(fill.entry);
      apply(fill);
      fills_.emplace(fill.entry, &fill);
    }
    catch_up(std::numeric_limits<std::int64_t>::max());
  }

  // Cash and quantity as if the fill had never been.
  void revert(const LedgerReversal& reversal) {
    const auto found = fills_.find(reversal.fill);
    const LedgerFill* fill = found == fills_.end() ? nullptr : found->second;
    const auto owner = fill == nullptr ? orders_.end() : orders_.find(fill->order_id);
    if (owner == orders_.end()) {
      problem("entry {} reverts a fill that is not in the books", reversal.entry);
      return;
    }
    const LedgerOrder& order = *owner->second;
    const Money gross = fill->price * fill->quantity;
    filled_[order.order_id] -= fill->quantity;
    LedgerPosition& position = positions_[key_of(order.contract)];
    position.contract = order.contract;
    cash_by_rows_[fill->venue] += fill->fee + (order.is_buy ? gross : -gross);
    if (order.is_buy) {
      spent_[order.order_id] -= gross + fill->fee;
      const Money cost = change(position, -fill->quantity, -(gross + fill->fee));
      note_result(reversal.at, gross + fill->fee + cost);
    } else {
      const Money cost = change(position, fill->quantity, sold_cost_[fill->entry]);
      note_result(reversal.at, cost - (gross - fill->fee));
    }
  }

  void apply(const LedgerFill& fill) {
    cash_by_rows_[fill.venue] -= fill.fee;
    const auto found = orders_.find(fill.order_id);
    if (found == orders_.end()) {
      problem("fill {} belongs to no order", fill.venue_fill_name);
      return;
    }
    const LedgerOrder& order = *found->second;
    const Money gross = fill.price * fill.quantity;
    if (!fill.quantity.is_positive()) problem("fill {} has no quantity", fill.venue_fill_name);
    if (order.is_buy ? fill.price > order.limit : fill.price < order.limit) {
      problem("fill {} of order {} at {} is worse than its limit {}", fill.venue_fill_name, to_hex(order.order_id),
              to_short_text(fill.price), to_short_text(order.limit));
    }
    filled_[order.order_id] += fill.quantity;
    LedgerPosition& position = positions_[key_of(order.contract)];
    position.contract = order.contract;
    if (!order.is_buy) {
      cash_by_rows_[fill.venue] += gross;
      sell(position, fill);
      return;
    }
    cash_by_rows_[fill.venue] -= gross;
    note_result(fill.at, change(position, fill.quantity, gross + fill.fee) - (gross + fill.fee));
    spent_[order.order_id] += gross + fill.fee;
    check_limits(order, spent_[order.order_id]);
  }

  void sell(LedgerPosition& position, const LedgerFill& fill) {
    // Where fills fail they may be told in another order than they happened: the end must be right.
    if (fill.quantity > position.quantity && !had_failures_.contains(key_of(position.contract))) {
      problem("fill {} sells {} of {}, of which {} are held", fill.venue_fill_name, to_short_text(fill.quantity),
              describe(position.contract), to_short_text(position.quantity));
    }
    const Money cost = cost_of_sale({position.quantity, position.cost}, fill.quantity);
    sold_cost_[fill.entry] = -change(position, -fill.quantity, -cost);
    note_result(fill.at, fill.price * fill.quantity - fill.fee - sold_cost_[fill.entry]);
  }

  void settle(const LedgerSettlement& settlement) {
    cash_by_rows_[settlement.contract.venue] += settlement.payout;
    LedgerPosition& position = positions_[key_of(settlement.contract)];
    position.contract = settlement.contract;
    settled_[key_of(settlement.contract)] = true;
    if (settlement.quantity > position.quantity) {
      problem("settlement {} pays {} of {}, of which {} are held", settlement.entry, to_short_text(settlement.quantity),
              describe(settlement.contract), to_short_text(position.quantity));
    }
    if (settlement.payout.is_negative() || settlement.payout > kPriceOne * settlement.quantity) {
      problem("settlement {} pays {} for {} contracts", settlement.entry, to_short_text(settlement.payout),
              to_short_text(settlement.quantity));
    }
    change(position, -settlement.quantity, -cost_of_sale({position.quantity, position.cost}, settlement.quantity));
  }

  // Contracts that came take the place of what is owed first, as purchases do; those that went were sold for nothing.
  void adjust(const LedgerAdjustment& adjustment) {
    LedgerPosition& position = positions_[key_of(adjustment.contract)];
    position.contract = adjustment.contract;
    const bool has_come = adjustment.quantity.is_positive();
    const Money most = has_come ? kPriceOne * adjustment.quantity : Money{};
    if (adjustment.cost.is_negative() || adjustment.cost > most || adjustment.quantity.is_zero()) {
      problem("adjustment {} books {} contracts of {} at a cost of {}", adjustment.entry,
              to_short_text(adjustment.quantity), describe(adjustment.contract), to_short_text(adjustment.cost));
    }
    if (to_positions_[adjustment.entry] != adjustment.cost) {
      problem("adjustment {} costs {} and posts {} to positions", adjustment.entry, to_short_text(adjustment.cost),
              to_short_text(to_positions_[adjustment.entry]));
    }
    if (has_come) {
      settled_.erase(key_of(adjustment.contract));  // a person says that they are there
      note_result(adjustment.at, change(position, adjustment.quantity, adjustment.cost) - adjustment.cost);
      return;
    }
    if (-adjustment.quantity > position.quantity) {
      problem("adjustment {} takes away {} of {}, of which {} are held", adjustment.entry,
              to_short_text(-adjustment.quantity), describe(adjustment.contract), to_short_text(position.quantity));
    }
    const Money cost = cost_of_sale({position.quantity, position.cost}, -adjustment.quantity);
    note_result(adjustment.at, change(position, adjustment.quantity, -cost));
  }

  // Returns by how much the cost did change.
  Money change(LedgerPosition& position, Quantity quantity, Money cost) {
    const HeldCost after = changed({position.quantity, position.cost}, quantity, cost);
    const Money difference = after.cost - position.cost;
    position.quantity = after.quantity;
    position.cost = after.cost;
    asset_exposure_[position.contract.asset] += difference;
    total_exposure_ += difference;
    return difference;
  }

  void note_result(Timestamp at, Money amount) {
    if (!amount.is_zero()) audit_.results.push_back({at, amount});
  }

  // Against the limits in force when the order was sent.
  void check_limits(const LedgerOrder& order, Money spent) {
    if (!order.limits) return;
    const LedgerLimits& limits = *order.limits;
    const auto check = [&](std::string_view name, Money value, Money limit) {
      if (value <= limit) return;
      problem("order {} took {} to {}, over the limit of {}", to_hex(order.order_id), name, to_short_text(value),
              to_short_text(limit));
    };
    check("its own cost", spent, limits.position);
    check(fmt::format("the exposure in {}", order.contract.asset), asset_exposure_[order.contract.asset], limits.asset);
    check("the total exposure", total_exposure_, limits.total);
  }

  void check_orders() {
    for (const LedgerOrder& order : ledger_.orders) {
      const Quantity filled = filled_[order.order_id];
      if (filled > order.quantity) {
        problem("order {} for {} has fills of {}", to_hex(order.order_id), to_short_text(order.quantity),
                to_short_text(filled));
      }
      if (order.ended_filled) check_end(order, filled);
    }
  }

  void check_end(const LedgerOrder& order, Quantity filled) {
    if (filled < *order.ended_filled) {
      ++audit_.lost_fills;
      problem("order {} ended with {} filled, but the books have {}: a fill is lost", to_hex(order.order_id),
              to_short_text(*order.ended_filled), to_short_text(filled));
      return;
    }
    if (filled > *order.ended_filled) {
      problem("order {} ended with {} filled, but the books have {}", to_hex(order.order_id),
              to_short_text(*order.ended_filled), to_short_text(filled));
      return;
    }
    const bool is_whole = filled == order.quantity;
    const bool is_none = filled.is_zero();
    const bool fits = order.state == "filled"          ? is_whole
                      : order.state == "partly_filled" ? !is_whole && !is_none
                                                       : is_none;
    if (fits) return;
    problem("order {} is {} with {} of {} filled", to_hex(order.order_id), order.state, to_short_text(filled),
            to_short_text(order.quantity));
  }

  // Cash by postings against cash by the rows they were made from.
  void check_cash() {
    for (const LedgerCashMovement& movement : ledger_.cash_movements) cash_by_rows_[movement.venue] += movement.amount;
    for (const auto& [venue, by_rows] : cash_by_rows_) {
      const Money by_postings = audit_.cash[venue];
      if (by_postings == by_rows) continue;
      problem("cash of {} is {} by its postings and {} by fills, settlements and transfers", venue,
              to_short_text(by_postings), to_short_text(by_rows));
    }
    for (const auto& [venue, by_postings] : audit_.cash) {
      if (cash_by_rows_.contains(venue) || by_postings.is_zero()) continue;
      problem("cash of {} is {} by its postings and nothing explains it", venue, to_short_text(by_postings));
    }
  }

  void list_positions() {
    for (const auto& [key, position] : positions_) {
      if (position.quantity.is_zero()) continue;
      if (position.quantity.is_negative()) {
        problem("the position in {} is {}", describe(position.contract), to_short_text(position.quantity));
        if (had_failures_.contains(key)) ++audit_.shortages;
      } else if (settled_.contains(key)) {
        problem("{} contracts of {} are open although it has settled", to_short_text(position.quantity),
                describe(position.contract));
      }
      audit_.positions.push_back(position);
      LedgerContract& contract = audit_.positions.back().contract;
      contract.asset = contract.known_asset();
    }
    std::sort(audit_.positions.begin(), audit_.positions.end(), [](const LedgerPosition& a, const LedgerPosition& b) {
      return std::tie(a.contract.venue, a.contract.symbol, a.contract.outcome) <
             std::tie(b.contract.venue, b.contract.symbol, b.contract.outcome);
    });
  }

  // Positions come by venue and symbol, No before Yes.
  void count_pairs() {
    for (std::size_t i = 1; i < audit_.positions.size(); ++i) {
      const LedgerPosition& no = audit_.positions[i - 1];
      const LedgerPosition& yes = audit_.positions[i];
      const auto venue = parse_venue(yes.contract.venue);
      if (!venue || !pays_pairs_at_once(*venue) || no.contract.instrument != yes.contract.instrument) continue;
      const Quantity pairs = std::min(no.quantity, yes.quantity);
      if (pairs.is_positive()) audit_.paid_pairs[yes.contract.venue] += kPriceOne * pairs;
    }
  }

  const LedgerContents& ledger_;
  LedgerAudit audit_;
  std::unordered_map<std::int64_t, Money> to_positions_;  // posted, by entry
  std::unordered_map<std::uint64_t, const LedgerOrder*> orders_;
  std::unordered_map<std::uint64_t, Quantity> filled_;  // by order
  std::unordered_map<std::uint64_t, Money> spent_;      // by buy order, fees included
  std::unordered_map<std::int64_t, const LedgerFill*> fills_;
  std::unordered_map<std::int64_t, Money> sold_cost_;  // that a sale took out of its position, by fill
  std::map<PositionKey, LedgerPosition> positions_;
  std::map<PositionKey, bool> settled_;
  std::set<PositionKey> had_failures_;
  std::map<std::string, Money> asset_exposure_;
  std::map<std::string, Money> cash_by_rows_;
  Money total_exposure_;
};

}  // namespace

Money pairs_paid(const LedgerAudit& audit, const std::string& venue) {
  const auto found = audit.paid_pairs.find(venue);
  return found == audit.paid_pairs.end() ? Money{} : found->second;
}

LedgerAudit audit_ledger(const LedgerContents& ledger) { return Auditor(ledger).run(); }

LedgerProfit profit_of(const LedgerContents& ledger, const LedgerAudit& audit) {
  LedgerProfit profit;
  for (const LedgerPosting& posting : ledger.postings) {
    if (posting.account == "settlement") profit.settlement -= posting.amount;
    if (posting.account == "position") profit.trading -= posting.amount;
    if (posting.account == "fees") profit.fees -= posting.amount;
  }
  for (const LedgerPosition& position : audit.positions) profit.open_cost += position.cost;
  return profit;
}

}  // namespace arbees

#include "adapters/store/ledger_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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
    find_bought_again();
    std::set<std::int64_t> reverted;
    for (const LedgerReversal& reversal : ledger.reversals) reverted.insert(reversal.fill);
    for (const LedgerFill& fill : ledger.fills) {
      const auto owner = orders_.find(fill.order_id);
      if (owner == orders_.end()) continue;
      const PositionKey key = key_of(owner->second->contract);
      if (reverted.contains(fill.entry)) had_failures_.insert(key);
      if (is_late(fill, *owner->second)) had_late_fills_.insert(key);
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
    audit_.overbought = overbought_.size();
    audit_.problems.insert(audit_.problems.end(), overbought_.begin(), overbought_.end());
    return std::move(audit_);
  }

 private:
  // Orders whose fills cannot have been known when they ended: with them, what was sent at that moment for the same leg
  // would have bought more than the leg asks for.
  void find_bought_again() {
    std::unordered_map<std::uint64_t, Quantity> filled;
    for (const LedgerFill& fill : ledger_.fills) filled[fill.order_id] += fill.quantity;
    std::map<std::pair<std::uint64_t, std::uint64_t>, const LedgerOrder*> latest;  // by request and leg
    for (const LedgerOrder& order : ledger_.orders) {
      if (!order.is_buy) continue;
      const LedgerOrder* before = std::exchange(latest[{order.request, order.leg}], &order);
      if (before == nullptr || before->ended_at != order.submitted_at) continue;
      if (filled[before->order_id] + order.quantity > before->quantity) bought_again_.insert(before->order_id);
    }
  }

  // Its order had ended by all that was known.
  [[nodiscard]] bool is_late(const LedgerFill& fill, const LedgerOrder& order) const {
    if (!order.ended_at || fill.at < *order.ended_at) return false;
    return fill.at > *order.ended_at || bought_again_.contains(order.order_id);
  }

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
      surprise(
          {reversal.at, position.contract.asset, cost,
           fmt::format("fill {} of order {}, a sale, did not settle", fill->venue_fill_name, to_hex(order.order_id))},
          order.limits);
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
    const Money cost = change(position, fill.quantity, gross + fill.fee);
    note_result(fill.at, cost - (gross + fill.fee));
    spent_[order.order_id] += gross + fill.fee;
    if (is_late(fill, order)) {
      surprise({fill.at, position.contract.asset, cost,
                fmt::format("fill {} of order {} came after the end of its order had been told", fill.venue_fill_name,
                            to_hex(order.order_id))},
               order.limits);
    }
    check_limits(order, fill.at);
  }

  void sell(LedgerPosition& position, const LedgerFill& fill) {
    // Where fills fail or are told late they may come in another order than they happened: the end must be right.
    const PositionKey key = key_of(position.contract);
    const bool is_in_order = !had_failures_.contains(key) && !had_late_fills_.contains(key);
    if (fill.quantity > position.quantity && is_in_order) {
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
    // What had been sold when it settled, and was told later, is taken back: less than nothing, at what was paid for
    // it.
    const Money most = kPriceOne * settlement.quantity;
    const bool is_taken_back = settlement.quantity.is_negative() && had_late_fills_.contains(key_of(position.contract));
    if (is_taken_back ? settlement.payout > Money{} || settlement.payout < most
                      : settlement.payout.is_negative() || settlement.payout > most) {
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
      const Money cost = change(position, adjustment.quantity, adjustment.cost);
      note_result(adjustment.at, cost - adjustment.cost);
      surprise({adjustment.at, position.contract.asset, cost,
                fmt::format("contracts of {} came from outside", describe(adjustment.contract))},
               ledger_.limits);
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
    if (difference.is_negative()) {
      std::erase_if(over_, [this](const auto& each) {
        const LedgerExcess& told = audit_.excesses[each.second];
        return (told.asset.empty() ? total_exposure_ : asset_exposure_[told.asset]) <= told.limit;
      });
    }
    return difference;
  }

  void note_result(Timestamp at, Money amount) {
    if (!amount.is_zero()) audit_.results.push_back({at, amount});
  }

  // ---- limits ----

  // Exposure that nobody could count for the orders that had been sent by then.
  struct Surprise {
    Timestamp at = kNoTime;
    std::string asset;
    Money amount;
    std::string cause;
  };

  void surprise(Surprise surprise, const std::optional<LedgerLimits>& limits) {
    if (!surprise.amount.is_positive()) return;
    surprises_.push_back(std::move(surprise));
    if (!limits) return;
    const Surprise& latest = surprises_.back();
    for (const LedgerExcess& each : exposures(latest.asset, *limits)) {
      if (each.amount > each.limit) tell_excess(each, latest.at, latest.cause);
    }
  }

  // What is exposed now, and what may be.
  [[nodiscard]] std::array<LedgerExcess, 2> exposures(const std::string& asset, const LedgerLimits& limits) {
    return {LedgerExcess{kNoTime, "limits.max_asset_exposure", asset, asset_exposure_[asset], limits.asset, {}},
            LedgerExcess{kNoTime, "limits.max_total_exposure", {}, total_exposure_, limits.total, {}}};
  }

  // Once for each time above the limit.
  void tell_excess(LedgerExcess excess, Timestamp at, const std::string& cause) {
    const auto [told, is_new] = over_.try_emplace({excess.key, excess.asset}, audit_.excesses.size());
    if (!is_new) {
      Money& most = audit_.excesses[told->second].amount;
      most = std::max(most, excess.amount);
      return;
    }
    excess.at = at;
    excess.cause = cause;
    audit_.excesses.push_back(std::move(excess));
  }

  // Against the limits in force when the order was sent.
  void check_limits(const LedgerOrder& order, Timestamp filled_at) {
    if (!order.limits) return;
    const Money spent = spent_[order.order_id];
    if (spent > order.limits->position) overbuy(order, "its own cost", spent, order.limits->position);
    for (const LedgerExcess& each : exposures(order.contract.asset, *order.limits)) {
      if (each.amount <= each.limit) continue;
      Money uncounted;
      const Surprise* latest = nullptr;
      for (const Surprise& surprise : surprises_) {
        const bool is_of_it = each.asset.empty() || each.asset == surprise.asset;
        if (!is_of_it || surprise.at < order.submitted_at) continue;
        uncounted += surprise.amount;
        latest = &surprise;
      }
      if (latest != nullptr && each.amount - each.limit <= uncounted) {
        tell_excess(each, filled_at, latest->cause);
        continue;
      }
      const std::string name = each.asset.empty() ? "the total exposure" : "the exposure in " + each.asset;
      overbuy(order, name, each.amount, each.limit);
    }
  }

  void overbuy(const LedgerOrder& order, std::string_view name, Money value, Money limit) {
    overbought_.push_back(fmt::format("order {} took {} to {}, over the limit of {}", to_hex(order.order_id), name,
                                      to_short_text(value), to_short_text(limit)));
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
  std::set<PositionKey> had_late_fills_;
  std::set<std::uint64_t> bought_again_;
  std::map<std::string, Money> asset_exposure_;
  std::map<std::string, Money> cash_by_rows_;
  Money total_exposure_;
  std::vector<Surprise> surprises_;
  std::map<std::pair<std::string, std::string>, std::size_t> over_;  // excesses that last, by key and asset
  std::vector<std::string> overbought_;
};

}  // namespace

Money pairs_paid(const LedgerAudit& audit, const std::string& venue) {
  const auto found = audit.paid_pairs.find(venue);
  return found == audit.paid_pairs.end() ? Money{} : found->second;
}

LedgerAudit audit_ledger(const LedgerContents& ledger) { return Auditor(ledger).run(); }

bool adds_up(const LedgerAudit& audit) noexcept { return audit.problems.size() == audit.overbought; }

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

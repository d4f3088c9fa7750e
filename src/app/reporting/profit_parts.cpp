#include "app/reporting/profit_parts.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "adapters/telemetry/format.h"
#include "core/base/wide_int.h"

namespace arbees::app {
namespace {

constexpr std::string_view kNoDetector = "none";

// amount × part / whole, rounded down; whole > 0.
Money share(Money amount, Quantity part, Quantity whole) noexcept {
  return Money::from_units(static_cast<std::int64_t>(Int128{amount.units()} * part.units() / whole.units()));
}

// Contracts bought for one leg of one request and still held.
struct Lot {
  std::uint64_t request = 0;
  std::size_t leg = 0;
  Quantity quantity;
  Money expected;  // cost, without fees
  Money paid;      // with fees
  std::string day;
};

// Sold, but never bought.
struct Shortage {
  std::uint64_t request = 0;  // that sold it
  Quantity quantity;
};

struct SettledLeg {
  Quantity quantity;
  Money expected;
  LedgerContract contract;
};

struct RequestState {
  const LedgerRequest* request = nullptr;
  std::vector<Quantity> bought;
  std::vector<SettledLeg> settled;
  std::string last_day;
};

class Attribution {
 public:
  Attribution(const LedgerContents& ledger, const LedgerAudit& audit, const std::vector<LedgerRequest>& requests)
      : ledger_(ledger), audit_(audit) {
    for (const LedgerRequest& request : requests) {
      RequestState& state = requests_[request.request];
      state.request = &request;
      state.bought.resize(request.legs.size());
      state.settled.resize(request.legs.size());
    }
    for (const LedgerOrder& order : ledger.orders) orders_.emplace(order.order_id, &order);
    for (const LedgerReversal& reversal : ledger.reversals) reverted_.insert(reversal.fill);
  }

  ProfitBreakdown run() {
    for (const LedgerFill& fill : ledger_.fills) {
      catch_up(fill.entry);
      take(fill);
    }
    catch_up(std::numeric_limits<std::int64_t>::max());
    for (auto& [id, state] : requests_) capture_edge(state);
    for (const LedgerPosition& position : audit_.positions) hold(position);
    for (const auto& [venue, cash] : audit_.cash) result_.cash_change += cash;
    for (const LedgerCashMovement& movement : ledger_.cash_movements) result_.cash_change -= movement.amount;
    for (const LedgerAdjustment& adjustment : ledger_.adjustments) result_.cash_change -= adjustment.cost;
    return std::move(result_);
  }

 private:
  using Key = std::pair<std::uint64_t, std::string>;  // instrument and outcome
  using Part = Money ProfitParts::*;

  static Key key_of(const LedgerContract& contract) { return {contract.instrument, contract.outcome}; }
  static std::string day_of(Timestamp at) { return to_iso_ms(at).substr(0, 10); }

  [[nodiscard]] std::string detector_of(std::uint64_t request) const {
    const auto found = requests_.find(request);
    return found == requests_.end() ? std::string(kNoDetector) : found->second.request->detector;
  }

  struct Place {
    const LedgerContract& contract;
    std::string detector;
    const std::string& day;
  };
  void book(Part part, Money amount, const Place& place) {
    result_.all.*part += amount;
    result_.by_venue[place.contract.venue].*part += amount;
    result_.by_asset[place.contract.known_asset()].*part += amount;
    result_.by_detector[place.detector].*part += amount;
    result_.by_day[place.day].*part += amount;
  }

  // Settlements and adjustments before that entry: all share one numbering, the order in which they were recorded.
  void catch_up(std::int64_t entry) {
    const auto& settlements = ledger_.settlements;
    const auto& adjustments = ledger_.adjustments;
    for (;;) {
      const bool settles = settled_ < settlements.size() && settlements[settled_].entry < entry;
      const bool adjusts = adjusted_ < adjustments.size() && adjustments[adjusted_].entry < entry;
      if (!settles && !adjusts) return;
      if (settles && (!adjusts || settlements[settled_].entry < adjustments[adjusted_].entry)) {
        settle(settlements[settled_++]);
      } else {
        adjust(adjustments[adjusted_++]);
      }
    }
  }

  void adjust(const LedgerAdjustment& adjustment) {
    const std::string day = day_of(adjustment.at);
    const Place place{adjustment.contract, std::string(kNoDetector), day};
    if (adjustment.quantity.is_positive()) {
      hold_more({0, 0, adjustment.quantity, adjustment.cost, adjustment.cost, day}, place);
      return;
    }
    // That they went is no detector's doing.
    Quantity left = -adjustment.quantity;
    for (const Lot& gone : take_out({adjustment.contract, 0, 0}, left)) {
      book(&ProfitParts::adjustments, -gone.expected, place);
      left -= gone.quantity;
    }
    owe(key_of(adjustment.contract), 0, left);
  }

  void take(const LedgerFill& fill) {
    const auto found = orders_.find(fill.order_id);
    if (found == orders_.end()) return;          // the audit complains about it
    if (reverted_.contains(fill.entry)) return;  // as if it had never been: its reversal gave back every cent
    const LedgerOrder& order = *found->second;
    const std::string day = day_of(fill.at);
    if (!order.is_buy) return sell(order, fill, day);
    const Place place{order.contract, detector_of(order.request), day};
    const Money gross = fill.price * fill.quantity;
    const Money expected = expected_cost(order, fill.quantity, gross);
    book(&ProfitParts::fees, -fill.fee, place);
    book(&ProfitParts::slippage, expected - gross, place);
    hold_more({order.request, static_cast<std::size_t>(order.leg), fill.quantity, expected, gross + fill.fee, day},
              place);
  }

  // What a sale brings, and its fee, follow the purchases: of contracts that another request had bought, the detector
  // of that one. What was sold without a purchase stays with the seller.
  void sell(const LedgerOrder& order, const LedgerFill& fill, const std::string& day) {
    Quantity left = fill.quantity;
    Money fee_left = fill.fee;
    const auto part_of = [&](std::uint64_t request, Quantity quantity, Money expected) {
      const Place place{order.contract, detector_of(request), day};
      const Money fee = share(fee_left, quantity, left);
      book(&ProfitParts::fees, -fee, place);
      book(&ProfitParts::unwinds, fill.price * quantity - expected, place);
      fee_left -= fee;
      left -= quantity;
    };
    const auto sold = take_out({order.contract, order.request, order.leg}, fill.quantity);
    for (const Lot& lot : sold) part_of(lot.request, lot.quantity, lot.expected);
    owe(key_of(order.contract), order.request, left);
    if (left.is_positive()) part_of(order.request, left, Money{});
  }

  void owe(const Key& key, std::uint64_t request, Quantity quantity) {
    if (quantity.is_positive()) owed_[key].push_back({request, quantity});
  }

  // What was sold although its purchase failed is bought again first: that is what its sale has cost, for whoever sold.
  void hold_more(Lot lot, const Place& place) {
    auto& owed = owed_[key_of(place.contract)];
    while (!owed.empty() && lot.quantity.is_positive()) {
      const Lot again = split(lot, std::min(owed.front().quantity, lot.quantity));
      book(&ProfitParts::unwinds, -again.expected, {place.contract, detector_of(owed.front().request), place.day});
      owed.front().quantity -= again.quantity;
      if (owed.front().quantity.is_zero()) owed.pop_front();
    }
    if (lot.quantity.is_positive()) lots_[key_of(place.contract)].push_back(std::move(lot));
  }

  // Takes so much out of a lot.
  static Lot split(Lot& lot, Quantity quantity) {
    Lot part{lot.request,
             lot.leg,
             quantity,
             share(lot.expected, quantity, lot.quantity),
             share(lot.paid, quantity, lot.quantity),
             lot.day};
    lot.quantity -= quantity;
    lot.expected -= part.expected;
    lot.paid -= part.paid;
    return part;
  }

  // What the decision expected this much more of the leg to cost; beyond the leg, or without a decision, what it did.
  Money expected_cost(const LedgerOrder& order, Quantity quantity, Money gross) {
    const auto found = requests_.find(order.request);
    if (found == requests_.end() || order.leg >= found->second.bought.size()) return gross;
    const LedgerLeg& leg = found->second.request->legs[order.leg];
    Quantity& bought = found->second.bought[order.leg];
    const Quantity before = bought;
    bought += quantity;
    if (bought > leg.quantity || !leg.quantity.is_positive()) return gross;
    return share(leg.cost, bought, leg.quantity) - share(leg.cost, before, leg.quantity);
  }

  struct Owner {
    const LedgerContract& contract;
    std::uint64_t request = 0;
    std::uint64_t leg = 0;
  };
  // Removes contracts that are sold, or gone, from the lots; returns what there was of them.
  std::vector<Lot> take_out(const Owner& owner, Quantity quantity) {
    auto& lots = lots_[key_of(owner.contract)];
    std::vector<Lot> taken;
    const auto from = [&](auto&& is_wanted) {
      for (Lot& lot : lots) {
        if (!quantity.is_positive() || !is_wanted(lot) || !lot.quantity.is_positive()) continue;
        taken.push_back(split(lot, std::min(quantity, lot.quantity)));
        quantity -= taken.back().quantity;
      }
    };
    from([&](const Lot& lot) { return lot.request == owner.request && lot.leg == owner.leg; });
    from([](const Lot&) { return true; });
    std::erase_if(lots, [](const Lot& lot) { return lot.quantity.is_zero(); });
    return taken;
  }

  void settle(const LedgerSettlement& settlement) {
    auto& lots = lots_[key_of(settlement.contract)];
    const std::string day = day_of(settlement.at);
    Quantity left = settlement.quantity;
    Money payout_left = settlement.payout;
    while (left.is_positive() && !lots.empty()) {
      const Lot lot = split(lots.front(), std::min(left, lots.front().quantity));
      const Money payout = share(payout_left, lot.quantity, left);
      book(&ProfitParts::settlement, payout - lot.expected, {settlement.contract, detector_of(lot.request), day});
      note_settled(lot, settlement.contract, day);
      left -= lot.quantity;
      payout_left -= payout;
      if (lots.front().quantity.is_zero()) lots.pop_front();
    }
    // Positions from before the first fill of this ledger have no lot.
    if (!payout_left.is_zero()) {
      book(&ProfitParts::settlement, payout_left, {settlement.contract, std::string(kNoDetector), day});
    }
  }

  void note_settled(const Lot& lot, const LedgerContract& contract, const std::string& day) {
    const auto found = requests_.find(lot.request);
    if (found == requests_.end() || lot.leg >= found->second.settled.size()) return;
    SettledLeg& leg = found->second.settled[lot.leg];
    leg.quantity += lot.quantity;
    leg.expected += lot.expected;
    leg.contract = contract;
    found->second.last_day = day;
  }

  // Moves what the certificate had promised for the balanced part from settlement to edge.
  void capture_edge(RequestState& state) {
    const std::vector<LedgerLeg>& legs = state.request->legs;
    // A model trade is promised nothing: all that it brings is settlement.
    const bool is_promised = state.request->detector != detector_name(Detector::ModelEdge);
    if (legs.empty() || !is_promised || is_open(state)) return;
    std::size_t worst = 0;
    for (std::size_t i = 0; i < legs.size(); ++i) {
      if (!legs[i].quantity.is_positive()) return;
      const Int128 mine = Int128{state.settled[i].quantity.units()} * legs[worst].quantity.units();
      const Int128 least = Int128{state.settled[worst].quantity.units()} * legs[i].quantity.units();
      if (mine < least) worst = i;
    }
    const SettledLeg& bound = state.settled[worst];
    if (!bound.quantity.is_positive()) return;
    Money promised = share(state.request->guaranteed, bound.quantity, legs[worst].quantity);
    std::vector<Money> costs;
    Money cost_left;
    for (std::size_t i = 0; i < legs.size(); ++i) {
      const Int128 matched = Int128{legs[i].quantity.units()} * bound.quantity.units() / legs[worst].quantity.units();
      const Quantity part = Quantity::from_units(static_cast<std::int64_t>(matched));
      costs.push_back(share(state.settled[i].expected, part, state.settled[i].quantity));
      cost_left += costs.back();
    }
    // Between the legs it is divided as they cost: only the sum has a meaning of its own.
    for (std::size_t i = 0; i < legs.size(); ++i) {
      const bool is_last = i + 1 == legs.size() || !cost_left.is_positive();
      const Money part = is_last ? promised
                                 : Money::from_units(static_cast<std::int64_t>(Int128{promised.units()} *
                                                                               costs[i].units() / cost_left.units()));
      promised -= part;
      cost_left -= costs[i];
      const Place place{state.settled[i].contract, state.request->detector, state.last_day};
      book(&ProfitParts::edge, part - costs[i], place);
      book(&ProfitParts::settlement, costs[i] - part, place);
    }
  }

  [[nodiscard]] bool is_open(const RequestState& state) const {
    for (const LedgerLeg& leg : state.request->legs) {
      const auto lots = lots_.find(key_of(leg.contract));
      if (lots == lots_.end()) continue;
      const std::uint64_t request = state.request->request;
      if (std::any_of(lots->second.begin(), lots->second.end(),
                      [&](const Lot& lot) { return lot.request == request; })) {
        return true;
      }
    }
    return false;
  }

  // Each purchase at what it has cost itself. The books take the cost of a sale out of the whole position: by what that
  // differs from the purchases that were sold, all that are left differ alike.
  void hold(const LedgerPosition& position) {
    result_.positions_at_cost += position.cost;
    const auto& lots = lots_[key_of(position.contract)];
    Money beyond = position.cost;
    Quantity left;
    for (const Lot& lot : lots) {
      beyond -= lot.paid;
      left += lot.quantity;
    }
    for (const Lot& lot : lots) {
      const Money part = share(beyond, lot.quantity, left);
      book(&ProfitParts::open_cost, lot.paid + part - lot.expected,
           {position.contract, detector_of(lot.request), lot.day});
      beyond -= part;
      left -= lot.quantity;
    }
    if (beyond.is_zero()) return;
    // Held by the books, without a purchase in them.
    const std::string day = "unknown";
    book(&ProfitParts::open_cost, beyond, {position.contract, std::string(kNoDetector), day});
  }

  const LedgerContents& ledger_;
  const LedgerAudit& audit_;
  std::unordered_map<std::uint64_t, const LedgerOrder*> orders_;
  std::unordered_set<std::int64_t> reverted_;  // entries of fills
  std::map<std::uint64_t, RequestState> requests_;
  std::map<Key, std::deque<Lot>> lots_;
  std::map<Key, std::deque<Shortage>> owed_;  // oldest first
  std::size_t settled_ = 0;                   // how many of the settlements, and of the adjustments
  std::size_t adjusted_ = 0;
  ProfitBreakdown result_;
};

}  // namespace

ProfitBreakdown profit_breakdown(const LedgerContents& ledger, const LedgerAudit& audit,
                                 const std::vector<LedgerRequest>& requests) {
  return Attribution(ledger, audit, requests).run();
}

}  // namespace arbees::app

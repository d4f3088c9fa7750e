#include "app/running/lost_orders.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "adapters/store/ledger_decisions.h"
#include "adapters/telemetry/log.h"
#include "core/base/wide_int.h"
#include "core/engine/leg_engine.h"

namespace arbees::app {
namespace {

Money part_of(Money amount, Quantity part, Quantity whole) noexcept {
  if (!whole.is_positive()) return Money{};
  return Money::from_units(
      static_cast<std::int64_t>(static_cast<Int128>(amount.units()) * part.units() / whole.units()));
}

Detector detector_of(const std::string& name) noexcept {
  for (std::size_t i = 0; i < kDetectorCount; ++i) {
    if (detector_name(static_cast<Detector>(i)) == name) return static_cast<Detector>(i);
  }
  return Detector::SameMarket;
}

// The row is in the ledger already: what names it is enough.
OrderRequest order_of(const LedgerOrder& row) noexcept {
  OrderRequest order;
  order.id = OrderId{row.order_id};
  order.request = RequestId{row.request};
  order.instrument = InstrumentId{row.contract.instrument};
  order.limit = row.limit;
  order.quantity = row.quantity;
  order.deadline = row.submitted_at;
  order.venue = parse_venue(row.contract.venue).value_or(Venue::Unknown);
  order.asset = parse_asset(row.contract.asset).value_or(Asset::Unknown);
  order.outcome = row.contract.outcome == "no" ? Outcome::No : Outcome::Yes;
  order.side = row.is_buy ? Side::Buy : Side::Sell;
  order.leg = static_cast<std::uint8_t>(row.leg);
  return order;
}

OrderEnded ended(const LedgerOrder& row, Quantity filled) noexcept {
  OrderEnded end;
  end.order = order_of(row);
  end.filled = filled;
  if (filled >= row.quantity) {
    end.state = OrderState::Filled;
    return end;
  }
  end.state = filled.is_positive() ? OrderState::PartlyFilled : OrderState::Canceled;
  end.reason = RejectReason::VenueError;
  return end;
}

// What is held of a request's legs, as its fills tell it one after the other.
class HeldLegs {
 public:
  explicit HeldLegs(const LedgerRequest& request) : request_(request) {
    for (const LedgerLeg& row : request.legs) {
      if (legs_.full()) return;
      LegState state;
      state.leg.quantity = row.quantity;
      state.leg.cost = row.cost;
      state.leg.fee = row.fee;
      legs_.push_back(state);
    }
  }

  void add_order() noexcept { ++orders_; }

  void add(const LedgerOrder& order, const LedgerFill& fill) noexcept {
    if (order.leg >= legs_.size()) return;
    LegState& leg = legs_[order.leg];
    const Money gross = fill.price * fill.quantity;
    if (order.is_buy) {
      leg.held += fill.quantity;
      leg.spent += gross + fill.fee;
      slippage_ += gross + fill.fee - part_of(leg.leg.cost + leg.leg.fee, fill.quantity, leg.leg.quantity);
      return;
    }
    const Quantity sold = std::min(fill.quantity, leg.held);
    const Money cost = part_of(leg.spent, sold, leg.held);
    leg.held -= sold;
    leg.spent -= cost;
    unwind_cost_ += cost - (gross - fill.fee);
    has_sold_ = true;
  }

  [[nodiscard]] RequestEnded end() const noexcept {
    RequestEnded end;
    end.request = RequestId{request_.request};
    end.opportunity_id = request_.opportunity;
    end.detector = detector_of(request_.detector);
    end.leg_count = static_cast<std::uint8_t>(legs_.size());
    end.orders = orders_;
    end.slippage = slippage_;
    end.unwind_cost = unwind_cost_;
    if (legs_.empty()) return end;
    const Nakedness naked = nakedness(legs_);
    for (const LegState& leg : legs_) end.asked = std::max(end.asked, leg.leg.quantity);
    end.matched = naked.matched;
    end.kept = naked.surplus;
    end.naked_loss = naked.surplus.is_positive() ? naked.cost : Money{};
    end.outcome = outcome(naked);
    return end;
  }

 private:
  [[nodiscard]] RequestOutcome outcome(const Nakedness& naked) const noexcept {
    if (naked.surplus.is_positive()) return RequestOutcome::Kept;
    if (has_sold_) return RequestOutcome::Unwound;
    if (!naked.matched.is_positive()) return RequestOutcome::Failed;
    const bool is_whole =
        std::all_of(legs_.begin(), legs_.end(), [](const LegState& leg) { return leg.held >= leg.leg.quantity; });
    return is_whole ? RequestOutcome::Complete : RequestOutcome::Partial;
  }

  const LedgerRequest& request_;
  LegStates legs_;
  std::uint32_t orders_ = 0;
  Money slippage_;
  Money unwind_cost_;
  bool has_sold_ = false;
};

class LostOrders {
 public:
  LostOrders(const LedgerContents& contents, const std::vector<LedgerRequest>& open) {
    for (const LedgerRequest& request : open) requests_.emplace_back(request);
    for (std::size_t i = 0; i < open.size(); ++i) by_request_.emplace(open[i].request, i);
    for (const LedgerOrder& order : contents.orders) {
      by_order_.emplace(order.order_id, &order);
      if (HeldLegs* const legs = legs_of(order); legs != nullptr) legs->add_order();
      if (!order.ended_filled) orders_.push_back(&order);
    }
    std::set<std::int64_t> reverted;
    for (const LedgerReversal& reversal : contents.reversals) reverted.insert(reversal.fill);
    for (const LedgerFill& fill : contents.fills) {
      const auto owner = by_order_.find(fill.order_id);
      if (owner == by_order_.end() || reverted.contains(fill.entry)) continue;
      filled_[fill.order_id] += fill.quantity;
      if (HeldLegs* const legs = legs_of(*owner->second); legs != nullptr) legs->add(*owner->second, fill);
    }
  }

  // False: the ledger says why.
  [[nodiscard]] bool record(Ledger& ledger, Timestamp now) {
    for (const LedgerOrder* const order : orders_) {
      if (!ledger.record(Report{now, 0, ended(*order, filled_[order->order_id])})) return false;
    }
    for (const HeldLegs& request : requests_) {
      if (!ledger.record(Report{now, 0, request.end()})) return false;
    }
    return ledger.commit();
  }

  [[nodiscard]] std::size_t orders() const noexcept { return orders_.size(); }
  [[nodiscard]] std::size_t requests() const noexcept { return requests_.size(); }

 private:
  [[nodiscard]] HeldLegs* legs_of(const LedgerOrder& order) noexcept {
    const auto found = by_request_.find(order.request);
    return found == by_request_.end() ? nullptr : &requests_[found->second];
  }

  std::vector<const LedgerOrder*> orders_;  // without an end
  std::vector<HeldLegs> requests_;          // without an end
  std::unordered_map<std::uint64_t, std::size_t> by_request_;
  std::unordered_map<std::uint64_t, const LedgerOrder*> by_order_;
  std::unordered_map<std::uint64_t, Quantity> filled_;
};

}  // namespace

std::string end_lost_orders(Ledger& ledger, const std::string& path, const LedgerContents& contents, Timestamp now) {
  const auto open = read_open_requests(path);
  if (!open) return open.error();
  LostOrders lost(contents, *open);
  if (lost.orders() == 0 && lost.requests() == 0) return {};
  if (!lost.record(ledger, now)) return ledger.error();
  log(LogLevel::Warning, "orders of a process that died are ended: their simulated venue died with it",
      {{"orders", std::to_string(lost.orders())}, {"requests", std::to_string(lost.requests())}});
  return {};
}

}  // namespace arbees::app

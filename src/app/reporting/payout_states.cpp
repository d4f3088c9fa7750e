#include "app/reporting/payout_states.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "adapters/telemetry/format.h"
#include "core/arbitrage/axis.h"

namespace arbees::app {
namespace {

constexpr std::size_t kMostStates = 500;

struct Value {  // a settled value and where the legs cut it
  AxisKey key;
  std::vector<Coordinate> cuts;
};

struct PlacedLeg {
  std::size_t value = 0;
  Interval interval;
  bool pays_inside = true;
  Quantity quantity;
};

std::string strike_text(Coordinate coordinate) {
  return to_short_text(SpotPrice::from_units(static_cast<std::int64_t>(coordinate >> 1)));
}

// Coordinates of "≥" and "<" are even, those of ">" and "≤" odd.
std::string cell_text(const AxisKey& key, const Cell& cell) {
  std::string text;
  if (cell.from > kMinusInfinity) {
    text = fmt::format("{} {}", (cell.from & 1) == 0 ? "≥" : ">", strike_text(cell.from));
  }
  if (cell.to < kPlusInfinity) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " and ", (cell.to & 1) == 0 ? "<" : "≤", strike_text(cell.to));
  }
  return fmt::format("{} {}", settlement_source_name(key.source), text.empty() ? "anything" : text);
}

class States {
 public:
  States(const std::vector<PayoutLeg>& legs, const std::vector<BasisBoundSet>& bounds) : bounds_(bounds) {
    for (const PayoutLeg& leg : legs) is_known_ = place(leg) && is_known_;
    for (Value& value : values_) {
      std::sort(value.cuts.begin(), value.cuts.end());
      value.cuts.erase(std::unique(value.cuts.begin(), value.cuts.end()), value.cuts.end());
    }
  }

  std::vector<PayoutState> list() {
    if (is_known_ && !values_.empty()) descend();
    return std::move(states_);
  }

 private:
  bool place(const PayoutLeg& each) {
    const auto found = axis_interval(each.terms);
    if (!found) return false;
    auto value = std::find_if(values_.begin(), values_.end(), [&](const Value& v) { return v.key == found->axis; });
    if (value == values_.end()) value = values_.insert(value, Value{found->axis, {kMinusInfinity, kPlusInfinity}});
    value->cuts.push_back(found->interval.from);
    value->cuts.push_back(found->interval.to);
    const bool is_yes = each.leg.outcome == Outcome::Yes;
    legs_.push_back({static_cast<std::size_t>(value - values_.begin()), found->interval,
                     is_yes != (each.terms.pays_outside != 0), each.leg.quantity});
    return true;
  }

  // The strict bound of two values, in coordinates; none if nothing binds them.
  [[nodiscard]] std::optional<Coordinate> bound(const AxisKey& a, const AxisKey& b) const {
    if (a.asset != b.asset || a.closes_at != b.closes_at) return std::nullopt;
    for (const BasisBoundSet& each : bounds_) {
      const bool is_pair =
          (each.first == a.source && each.second == b.source) || (each.first == b.source && each.second == a.source);
      if (is_pair && each.asset == a.asset && each.has_strict != 0) return 2 * Coordinate{each.strict.units()};
    }
    return std::nullopt;
  }

  [[nodiscard]] bool can_occur(const Cell& cell) const {
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const auto limit = bound(values_[i].key, values_[cells_.size()].key);
      if (limit && !can_meet(cells_[i], cell, *limit)) return false;
    }
    return true;
  }

  void descend() {
    if (states_.size() == kMostStates) return;
    if (cells_.size() == values_.size()) return add_state();
    const Value& value = values_[cells_.size()];
    for (std::size_t i = 0; i + 1 < value.cuts.size(); ++i) {
      const Cell cell{value.cuts[i], value.cuts[i + 1], axis_step(value.key)};
      if (!can_occur(cell)) continue;
      cells_.push_back(cell);
      descend();
      cells_.pop_back();
    }
  }

  void add_state() {
    PayoutState state;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      state.state += (i == 0 ? "" : "; ") + cell_text(values_[i].key, cells_[i]);
    }
    for (const PlacedLeg& leg : legs_) {
      const Cell& cell = cells_[leg.value];
      const bool is_inside = cell.from >= leg.interval.from && cell.to <= leg.interval.to;
      if (is_inside == leg.pays_inside) state.payout += kPriceOne * leg.quantity;
    }
    states_.push_back(std::move(state));
  }

  const std::vector<BasisBoundSet>& bounds_;
  std::vector<Value> values_;
  std::vector<PlacedLeg> legs_;
  std::vector<Cell> cells_;  // of the state in work, one for each value so far
  std::vector<PayoutState> states_;
  bool is_known_ = true;
};

}  // namespace

std::vector<PayoutState> payout_states(const std::vector<PayoutLeg>& legs, const std::vector<BasisBoundSet>& bounds) {
  return States(legs, bounds).list();
}

}  // namespace arbees::app

#include "app/reporting/equity_curve.h"

#include <algorithm>

namespace arbees::app {
namespace {

bool moves_money(const Report& report) {
  return std::holds_alternative<OrderFilled>(report.body) || std::holds_alternative<PositionSettled>(report.body);
}

}  // namespace

void EquityCurve::before(Timestamp now, const TradingEngine&) {
  if (first_.at == kNoTime) first_.at = now;
  last_.at = now;
}

void EquityCurve::after(const Event& cause, const Outputs& outputs, const TradingEngine& engine) {
  for (const Report& report : outputs.reports) {
    if (const auto* opened = std::get_if<CashOpened>(&report.body)) opening_ += opened->cash;
  }
  if (std::none_of(outputs.reports.begin(), outputs.reports.end(), moves_money)) return;
  const Portfolio& portfolio = engine.portfolio();
  Money equity = -opening_;
  for (std::size_t i = 0; i < kVenueCount; ++i) equity += portfolio.cash(static_cast<Venue>(i));
  portfolio.for_each([&](const Position& position) { equity += position.cost; });
  if (equity == last_.equity) return;
  last_.equity = equity;
  changes_.push_back({cause.received_at, equity});
}

std::vector<EquityPoint> EquityCurve::points() const {
  std::vector<EquityPoint> points;
  points.push_back(first_);
  Money before = first_.equity;
  for (const EquityPoint& change : changes_) {
    points.push_back({change.at, before});  // a step, not a slope
    points.push_back(change);
    before = change.equity;
  }
  points.push_back(last_);
  return points;
}

}  // namespace arbees::app

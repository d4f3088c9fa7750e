#include "app/running/session_opening.h"

#include <gtest/gtest.h>

#include <map>

#include "core/risk/position_strategy.h"

namespace arbees::app {
namespace {

class SessionOpening : public testing::Test {
 protected:
  // A purchase of ten contracts by this detector; unfilled, if there is no fill of it.
  void buy(const std::string& symbol, Detector detector, bool is_filled = true) {
    LedgerOrder order;
    order.order_id = ++orders_;
    order.contract.venue = "kalshi";
    order.contract.symbol = symbol;
    order.contract.asset = "BTC";
    order.contract.outcome = "yes";
    order.contract.instrument = instrument_id(Venue::Kalshi, symbol).value;
    order.is_buy = true;
    order.limit = Price::from_units(4'000);
    order.quantity = Quantity::whole(10);
    order.state = is_filled ? "filled" : "canceled";
    order.detector = detector_name(detector);
    ledger_.orders.push_back(order);
    if (!is_filled) return;
    LedgerFill fill;
    fill.entry = static_cast<std::int64_t>(orders_);
    fill.order_id = order.order_id;
    fill.venue = "kalshi";
    fill.price = order.limit;
    fill.quantity = order.quantity;
    ledger_.fills.push_back(fill);
  }

  [[nodiscard]] std::map<std::uint64_t, Strategy> strategies() const {
    std::map<std::uint64_t, Strategy> found;
    for (const EventBody& body : session_opening(2, RiskLimits{}, ledger_, audit_ledger(ledger_))) {
      const auto* snapshot = std::get_if<PositionSnapshot>(&body);
      if (snapshot != nullptr) found[snapshot->id.value] = strategy_in(*snapshot);
    }
    return found;
  }
  static std::uint64_t id(const std::string& symbol) { return instrument_id(Venue::Kalshi, symbol).value; }

  LedgerContents ledger_;
  std::uint64_t orders_ = 0;
};

// Limits of a strategy hold over a restart.
TEST_F(SessionOpening, PositionsBelongToTheRiskiestStrategyThatHasBought) {
  buy("A", Detector::ModelEdge);
  buy("A", Detector::SameMarket);
  buy("B", Detector::Basis);
  buy("C", Detector::Ladder);
  buy("C", Detector::ModelEdge, false);
  const auto found = strategies();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found.at(id("A")), Strategy::Model);
  EXPECT_EQ(found.at(id("B")), Strategy::Basis);
  EXPECT_EQ(found.at(id("C")), Strategy::Riskless) << "the model has bought nothing of it";
}

TEST(PositionStrategy, WhatNoStrategyHasWrittenIsTheRiskiest) {
  PositionSnapshot snapshot;
  EXPECT_EQ(strategy_in(snapshot), Strategy::Riskless) << "as recorded before there were strategies";
  snapshot.reserved[0] = 200;
  EXPECT_EQ(strategy_in(snapshot), Strategy::Model);
}

}  // namespace
}  // namespace arbees::app

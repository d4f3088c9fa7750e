#pragma once
// For tests: a trading engine on contracts without fees, told what happens in the shortest words.

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "core/engine/trading_engine.h"

namespace arbees::test {

inline Price price(std::string_view text) { return Price::parse(text).value(); }
inline Money money(std::string_view text) { return Money::parse(text).value(); }

// A contract without fees: at least so much.
inline ContractTerms threshold_terms(Venue venue, std::int64_t strike) {
  ContractTerms terms{};
  terms.venue = venue;
  terms.asset = Asset::BTC;
  terms.payoff = Payoff::Threshold;
  terms.comparator = Comparator::GreaterOrEqual;
  terms.source = venue == Venue::Kalshi ? SettlementSource::CfBenchmarksMean60 : SettlementSource::ChainlinkTwap60;
  terms.lower = Strike::whole(strike);
  terms.has_lower = 1;
  terms.rounding_decimals = 255;
  terms.closes_at = from_unix_s(10'000);
  terms.grid = PriceGrid::uniform(price("0.01"));
  terms.lot = Quantity::whole(1);
  terms.minimum_order = Quantity::whole(1);
  terms.fees.model = FeeModel::None;
  terms.not_tradable = NotTradable::None;
  return terms;
}

struct Side5 {
  std::string_view price;
  std::int64_t contracts = 1000;
};

class EngineTest : public testing::Test {
 protected:
  EngineTest() {
    limits_.min_edge_millionths = 0;
    limits_.min_liquidity = Money{};
    restart();
  }

  // A new engine with these limits, and $10,000 on each venue.
  void restart() {
    engine_ = std::make_unique<TradingEngine>(Capacity{}, limits_);
    for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) cash(venue, "10000");
  }
  void cash(Venue venue, std::string_view amount) {
    CashSnapshot cash;
    cash.cash = money(amount);
    cash.venue = venue;
    say(cash);
  }

  void say(EventBody body) {
    Event event;
    now_ += std::chrono::milliseconds(1);
    event.received_at = now_;
    event.sequence = ++sequence_;
    event.body = body;
    outputs_.clear();
    engine_->on_event(event, outputs_);
    for (const Report& report : outputs_.reports) {
      if (const auto* judged = std::get_if<OpportunityJudged>(&report.body)) judged_.push_back(*judged);
      if (const auto* ended = std::get_if<OpportunityEnded>(&report.body)) ended_.push_back(*ended);
    }
    for (const ExecutionRequest& request : outputs_.requests) requests_.push_back(request);
    for (const OrderCommand& command : outputs_.orders) orders_.push_back(command.order);
  }
  void wait(Duration time) {
    now_ += time;
    say(TimerTick{});
  }

  static ContractTerms threshold(Venue venue, std::int64_t strike) { return threshold_terms(venue, strike); }

  void list(std::uint64_t id, const ContractTerms& terms) {
    InstrumentNamed named;
    named.id = InstrumentId{id};
    named.venue = terms.venue;
    say(named);
    say(ContractListed{InstrumentId{id}, terms});
    ContractPhaseChanged active;
    active.id = InstrumentId{id};
    active.phase = ContractPhase::Active;
    say(active);
  }

  // A whole book: bids and asks of Yes, best first.
  void book(std::uint64_t id, const std::vector<Side5>& bids, const std::vector<Side5>& asks) {
    BookUpdate update;
    update.id = InstrumentId{id};
    update.action = BookAction::Clear;
    update.flags = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
    if (bids.empty() && asks.empty()) update.flags |= BookUpdate::kLast;
    say(update);
    update.action = BookAction::Set;
    std::size_t left = bids.size() + asks.size();
    const auto level = [&](const Side5& side, BookSide which) {
      update.side = which;
      update.price = price(side.price);
      update.quantity = Quantity::whole(side.contracts);
      update.flags = BookUpdate::kSnapshot;
      if (--left == 0) update.flags |= BookUpdate::kLast;
      say(update);
    };
    for (const Side5& bid : bids) level(bid, BookSide::Bid);
    for (const Side5& ask : asks) level(ask, BookSide::Ask);
  }

  void hold(std::uint64_t id, Outcome outcome, std::int64_t contracts, std::string_view cost = "1") {
    PositionSnapshot position;
    position.id = InstrumentId{id};
    position.outcome = outcome;
    position.quantity = Quantity::whole(contracts);
    position.cost = money(cost);
    say(position);
  }

  // Answers the orders sent so far: each is filled in full at its limit, or rejected.
  template <class Decide>
  void answer_orders(Decide&& is_filled) {
    const std::vector<OrderRequest> orders = std::move(orders_);
    orders_.clear();
    for (const OrderRequest& order : orders) {
      OrderUpdate update;
      update.id = order.id;
      update.instrument = order.instrument;
      update.state = OrderState::Rejected;
      update.reason = RejectReason::NoLiquidity;
      if (is_filled(order)) {
        update.state = OrderState::Filled;
        update.reason = RejectReason::None;
        update.venue_fill_id = ++fills_;
        update.fill_price = order.limit;
        update.fill_quantity = update.filled_total = order.quantity;
      }
      say(update);
    }
  }

  RiskLimits limits_;
  std::unique_ptr<TradingEngine> engine_;
  Outputs outputs_;
  Timestamp now_ = from_unix_s(1000);
  std::uint64_t sequence_ = 0;
  std::uint64_t fills_ = 0;
  std::vector<OpportunityJudged> judged_;  // all so far
  std::vector<OpportunityEnded> ended_;
  std::vector<ExecutionRequest> requests_;
  std::vector<OrderRequest> orders_;  // not answered yet
};

}  // namespace arbees::test

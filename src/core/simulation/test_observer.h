#pragma once
// For tests of the whole core: an observer who keeps the books from reports alone, and a run of engine and exchange.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/engine/trading_engine.h"
#include "core/engine/trading_loop.h"
#include "core/simulation/market_generator.h"
#include "core/simulation/merged_source.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::test {

// Feeds orders to the exchange and keeps the books of an observer: nothing but reports.
class Observer final : public OutputSink {
 public:
  struct KnownOrder {
    OrderRequest order;
    std::map<std::uint64_t, OrderFilled> fills;
    Quantity filled;
    bool is_open = true;
  };

  Observer(SimulatedExchange& exchange, const RiskLimits& limits) : exchange_(exchange), limits_(limits) {}

  void deliver(const Event& cause, const Outputs& outputs) override {
    const bool was_halted = is_halted;
    record(outputs);
    exchange_.submit(outputs, cause.received_at);
    const auto* control = std::get_if<Control>(&cause.body);
    const bool halts = control != nullptr && control->command == ControlCommand::Halt;
    const bool resumes = control != nullptr && control->command == ControlCommand::Resume;
    for (const OrderCommand& command : outputs.orders) {
      if (command.action != OrderAction::Submit) continue;
      if ((was_halted && !resumes) || halts) ++orders_while_halted;
      if (command.order.side == Side::Buy) {
        EXPECT_LE(command.order.limit * command.order.quantity, limits_.max_position);
        if (is_flattening_) ++bought_while_flattening;
      }
      if (command.order.request.value == 0) expect_sale(command.order);
    }
  }

  // Every event, also those without outputs.
  void see(const Event& event) {
    const auto* control = std::get_if<Control>(&event.body);
    if (control == nullptr || control->command == ControlCommand::Reduce) return;
    is_flattening_ = control->command == ControlCommand::Flatten && !is_halted;
  }

  // What the ledger does.
  void record(const Outputs& outputs) {
    for (const Report& report : outputs.reports) {
      std::visit([this](const auto& body) { on(body); }, report.body);
    }
  }

  std::map<std::uint64_t, KnownOrder> orders;
  std::map<std::pair<InstrumentId, Outcome>, Quantity> held;
  std::map<Venue, Money> cash;
  std::map<std::uint64_t, RequestEnded> ends;  // the latest of each request
  int accepted = 0;
  int settled = 0;
  int doubted = 0;
  int reverted = 0;
  int late = 0;
  int orders_while_halted = 0;
  int bought_while_flattening = 0;
  int sold_flat = 0;  // sales that belong to no request
  bool is_halted = false;

  [[nodiscard]] std::size_t open_orders() const {
    std::size_t open = 0;
    for (const auto& [id, known] : orders) open += static_cast<std::size_t>(known.is_open);
    return open;
  }

 private:
  void on(const OpportunityJudged& judged) {
    if (judged.verdict != Verdict::Accepted) return;
    ++accepted;
    EXPECT_GT(judged.guaranteed, judged.outlay);
  }
  void on(const OpportunityEnded& ended) { EXPECT_GE(ended.ended_at, ended.started_at); }
  void on(const OrderSubmitted& submitted) {
    KnownOrder known;
    known.order = submitted.order;
    EXPECT_TRUE(orders.emplace(submitted.order.id.value, known).second) << "an order id was used twice";
  }
  void on(const OrderDoubted& doubt) {
    EXPECT_TRUE(orders.at(doubt.order.id.value).is_open);
    ++doubted;
  }
  void on(const OrderFilled& filled) {
    const auto found = orders.find(filled.order.id.value);
    ASSERT_NE(found, orders.end()) << "a fill of an order that is not known";
    KnownOrder& known = found->second;
    EXPECT_TRUE(known.fills.emplace(filled.venue_fill_id, filled).second) << "a fill was booked twice";
    if (!known.is_open) ++late;
    known.filled += filled.quantity;
    EXPECT_LE(known.filled, filled.order.quantity);
    const bool is_buy = filled.order.side == Side::Buy;
    EXPECT_TRUE(is_buy ? filled.price <= filled.order.limit : filled.price >= filled.order.limit);
    book(filled.order, filled.price * filled.quantity, filled.fee, filled.quantity);
  }
  void on(const FillReverted& fill) {
    KnownOrder& known = orders.at(fill.order.id.value);
    EXPECT_EQ(known.fills.erase(fill.venue_fill_id), 1u) << "what was never booked cannot be undone";
    known.filled -= fill.quantity;
    book(fill.order, -(fill.price * fill.quantity), -fill.fee, -fill.quantity);
    ++reverted;
  }
  void book(const OrderRequest& order, Money gross, Money fee, Quantity quantity) {
    const bool is_buy = order.side == Side::Buy;
    cash[order.venue] += (is_buy ? -gross : gross) - fee;
    held[{order.instrument, order.outcome}] += is_buy ? quantity : -quantity;
  }
  void on(const OrderEnded& ended) {
    KnownOrder& known = orders.at(ended.order.id.value);
    EXPECT_EQ(known.filled, ended.filled);
    EXPECT_TRUE(is_final(ended.state));
    known.is_open = false;
  }
  void on(const RequestEnded& ended) { ends[ended.request.value] = ended; }
  void on(const PositionSettled& position) {
    Quantity& quantity = held[{position.instrument, position.outcome}];
    EXPECT_EQ(quantity, position.quantity);
    quantity = Quantity{};
    cash[position.venue] += position.payout;
    ++settled;
  }
  void on(const CashOpened& opened) { cash[opened.venue] = opened.cash; }
  void on(const TradingStateChanged& changed) {
    is_halted = changed.state == TradingState::Halted;
    if (is_halted) is_flattening_ = false;
  }
  // Belongs to no request: sells what is held, and only one at a time.
  void expect_sale(const OrderRequest& order) {
    ++sold_flat;
    EXPECT_TRUE(is_flattening_);
    EXPECT_EQ(order.side, Side::Sell);
    EXPECT_LE(order.quantity, (held[{order.instrument, order.outcome}])) << "a sale must not open a position";
    for (const auto& [id, known] : orders) {
      const bool is_same = known.order.instrument == order.instrument && known.order.outcome == order.outcome;
      EXPECT_FALSE(known.is_open && is_same && id != order.id.value) << "two orders for one position";
    }
  }

  SimulatedExchange& exchange_;
  bool is_flattening_ = false;
  RiskLimits limits_;
};

// The market, then ticks for a while, so that what waits for time to pass can end; now and then a command.
class TickedSource final : public EventSource {
 public:
  TickedSource(EventSource& market, int ticks, std::uint64_t seed, std::uint64_t commands_per_thousand = 0)
      : market_(market), random_(seed), ticks_(ticks), commands_(commands_per_thousand) {}

  bool poll(Event& event) override {
    if (commands_ != 0 && now_ != kNoTime && random_.chance(commands_, 1000)) {
      event = Event{};
      event.received_at = now_;
      Control control;
      control.command = static_cast<ControlCommand>(random_.below(4));
      control.reason = ControlReason::Operator;
      event.body = control;
      return true;
    }
    if (market_.poll(event)) {
      now_ = event.received_at;
      return true;
    }
    if (ticks_-- <= 0) return false;
    event = Event{};
    now_ += std::chrono::milliseconds(100);
    event.received_at = now_;
    event.body = TimerTick{};
    return true;
  }

 private:
  EventSource& market_;
  Random random_;
  Timestamp now_ = kNoTime;
  int ticks_;
  std::uint64_t commands_;
};

inline RiskLimits demo_limits() {
  RiskLimits limits;
  limits.min_edge_millionths = 10'000;
  limits.min_liquidity = Money::whole(10);
  limits.max_daily_loss = Money::whole(10'000);
  limits.max_order_errors_per_minute = 10'000;
  return limits;
}

struct RunSettings {
  std::uint64_t seed = 1;
  std::int64_t seconds = 120;
  RiskLimits limits = demo_limits();
  ExchangeFaults faults;
  std::uint64_t commands_per_thousand = 0;
  // Late and reverted fills may come after their risk was given to others: limits cannot hold then.
  bool limits_hold = true;
};

struct RunResult {
  std::uint64_t digest = 0;
  std::uint64_t events = 0;
  std::uint64_t broken = 0;
  int accepted = 0;
  int settled = 0;
  int doubted = 0;
  int reverted = 0;
  int late = 0;
  int sold_flat = 0;
  std::map<std::uint64_t, RequestEnded> ends;
  Money profit;
};

// Tells the observer of every event before the engine handles it.
class SeenSource final : public EventSource {
 public:
  SeenSource(EventSource& source, Observer& observer) : source_(source), observer_(observer) {}
  bool poll(Event& event) override {
    if (!source_.poll(event)) return false;
    observer_.see(event);
    return true;
  }

 private:
  EventSource& source_;
  Observer& observer_;
};

inline void expect_within_limits(const TradingEngine& engine, const RiskLimits& limits) {
  const Portfolio& portfolio = engine.portfolio();
  EXPECT_LE(portfolio.total_exposure(), limits.max_total_exposure);
  EXPECT_LE(portfolio.asset_exposure(Asset::BTC), limits.max_asset_exposure);
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    EXPECT_LE(portfolio.venue_exposure(venue), limits.max_venue_exposure);
    EXPECT_GE(portfolio.free_cash(venue), limits.min_free_cash);
  }
}

inline void expect_equal_books(const TradingEngine& engine, Observer& observer, const SimulatedExchange& exchange) {
  EXPECT_EQ(observer.open_orders(), 0u) << "every order must end";
  EXPECT_EQ(engine.execution().open_order_count(), 0u);
  EXPECT_EQ(engine.execution().open_request_count(), 0u);
  EXPECT_TRUE(engine.portfolio().total_exposure().is_zero()) << "all contracts have settled";
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    EXPECT_EQ(engine.portfolio().cash(venue), observer.cash[venue]);
    EXPECT_EQ(engine.portfolio().cash(venue), exchange.cash(venue)) << "the venue's own books must agree";
    EXPECT_EQ(engine.portfolio().free_cash(venue), engine.portfolio().cash(venue)) << "every reserve is released";
  }
}

inline RunResult run(const RunSettings& settings) {
  GeneratorSettings generated;
  generated.seed = settings.seed;
  generated.length = std::chrono::seconds(settings.seconds);
  const Capacity capacity;
  MarketGenerator generator(generated);
  SimulatedExchange exchange(capacity, LatencyModel{}, settings.seed, settings.faults);
  PrefixedSource market(generator, paper_opening(settings.seed, settings.limits));
  TickedSource ticked(market, 600, settings.seed, settings.commands_per_thousand);
  MergedSource source(ticked, exchange);
  TradingEngine engine(capacity, RiskLimits{});
  Observer observer(exchange, settings.limits);
  SeenSource seen(source, observer);
  TradingLoop loop(seen, nullptr, engine, observer);
  while (loop.step()) {
    if (settings.limits_hold) expect_within_limits(engine, settings.limits);
    if (testing::Test::HasFailure()) break;
  }
  expect_equal_books(engine, observer, exchange);
  EXPECT_EQ(observer.orders_while_halted, 0);
  EXPECT_EQ(observer.bought_while_flattening, 0);
  RunResult result;
  result.digest = loop.digest();
  result.events = loop.event_count();
  result.broken = engine.execution().broken_count();
  result.accepted = observer.accepted;
  result.settled = observer.settled;
  result.doubted = observer.doubted;
  result.reverted = observer.reverted;
  result.late = observer.late;
  result.sold_flat = observer.sold_flat;
  result.ends = observer.ends;
  for (const auto& [venue, cash] : observer.cash) result.profit += cash - Money::whole(10'000);
  return result;
}

}  // namespace arbees::test

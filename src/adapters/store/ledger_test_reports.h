#pragma once
// For tests of the ledger: short ways to say reports, and a stream of them that a real session could send.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/market/outputs.h"

namespace arbees::test {

inline constexpr std::uint64_t kSession = 5;
inline const Timestamp kStart = from_unix_ms(1'785'000'000'000);

inline Price price(std::string_view text) { return Price::parse(text).value(); }
inline Quantity quantity(std::string_view text) { return Quantity::parse(text).value(); }
inline Money money(std::string_view text) { return Money::parse(text).value(); }

inline InstrumentNamed named(std::uint64_t id, Venue venue, std::string_view symbol) {
  InstrumentNamed named;
  named.id = InstrumentId{id};
  named.venue = venue;
  set_symbol(named, symbol);
  return named;
}

inline OrderRequest buy(std::uint64_t counter, std::string_view limit, std::string_view size) {
  OrderRequest order;
  order.id = OrderId{kSession << 32 | counter};
  order.request = RequestId{kSession << 32 | 1};
  order.instrument = InstrumentId{77};
  order.limit = price(limit);
  order.quantity = quantity(size);
  order.deadline = kStart + std::chrono::seconds(2);
  order.venue = Venue::Kalshi;
  order.asset = Asset::BTC;
  return order;
}

inline OrderRequest sell(std::uint64_t counter, std::string_view limit, std::string_view size) {
  OrderRequest order = buy(counter, limit, size);
  order.side = Side::Sell;
  return order;
}

inline OrderFilled fill(const OrderRequest& order, std::uint64_t venue_fill_id, std::string_view at,
                        std::string_view size, std::string_view fee) {
  return OrderFilled{order, venue_fill_id, price(at), quantity(size), money(fee)};
}

inline OrderEnded end(const OrderRequest& order, OrderState state, std::string_view filled) {
  OrderEnded ended;
  ended.order = order;
  ended.state = state;
  ended.filled = quantity(filled);
  return ended;
}

inline PositionSettled settle(const OrderRequest& order, std::string_view size, std::string_view payout) {
  PositionSettled settled;
  settled.instrument = order.instrument;
  settled.quantity = quantity(size);
  settled.payout = money(payout);
  settled.outcome = order.outcome;
  settled.venue = order.venue;
  settled.asset = order.asset;
  return settled;
}

inline CashOpened cash(Venue venue, std::string_view amount) {
  CashOpened opened;
  opened.cash = money(amount);
  opened.venue = venue;
  return opened;
}

// Numbers reports as events would: each its own event.
class ReportMaker {
 public:
  Report operator()(const ReportBody& body) {
    Report report;
    report.sequence = ++sequence_;
    report.at = kStart + std::chrono::milliseconds(sequence_);
    report.body = body;
    return report;
  }

 private:
  std::uint64_t sequence_ = 0;
};

// What the books must say after the reports, kept the naive way.
struct LedgerModel {
  using Key = std::pair<std::uint64_t, Outcome>;

  std::map<Venue, std::int64_t> cash;
  std::map<Key, std::int64_t> positions;  // never zero
  std::int64_t settlement = 0;
  std::int64_t trading = 0;
  std::int64_t fees = 0;
  std::size_t orders = 0;
  std::size_t fills = 0;
  std::size_t settlements = 0;
  std::uint64_t duplicates = 0;
};

// A random but possible session: opening cash, orders with fills (some told twice), ends and settlements.
class RandomSession {
 public:
  explicit RandomSession(std::uint64_t seed) : random_(seed) {
    report(cash(Venue::Kalshi, "10000"));
    report(cash(Venue::Polymarket, "10000"));
    model.cash[Venue::Kalshi] = model.cash[Venue::Polymarket] = 10'000'000'000;
  }

  void add_order() {
    const auto counter = static_cast<std::uint64_t>(++model.orders);
    OrderRequest order = buy(counter, "0.5", "1");
    order.instrument = InstrumentId{1 + random_.below(12) + settled_ * 100};
    order.venue = order.instrument.value % 2 == 0 ? Venue::Kalshi : Venue::Polymarket;
    order.asset = order.instrument.value % 3 == 0 ? Asset::BTC : Asset::ETH;
    order.outcome = random_.chance(1, 2) ? Outcome::Yes : Outcome::No;
    order.quantity = Quantity::from_units(random_.between(1, 20'000));
    order.limit = Price::from_units(random_.between(100, 9'900));
    const LedgerModel::Key key{order.instrument.value, order.outcome};
    const auto held = model.positions.find(key);
    if (held != model.positions.end() && random_.chance(1, 3)) {
      order.side = Side::Sell;
      order.quantity = Quantity::from_units(random_.between(1, held->second));
    }
    report(OrderSubmitted{order});
    fill_order(order, key);
  }

  void settle_one() {
    if (model.positions.empty()) return;
    const auto [key, size] = *model.positions.begin();
    PositionSettled settled;
    settled.instrument = InstrumentId{key.first};
    settled.outcome = key.second;
    settled.venue = key.first % 2 == 0 ? Venue::Kalshi : Venue::Polymarket;
    settled.asset = key.first % 3 == 0 ? Asset::BTC : Asset::ETH;
    settled.quantity = Quantity::from_units(size);
    settled.payout = random_.chance(1, 2) ? kPriceOne * settled.quantity : Money{};
    report(settled);
    ++model.settlements;
    model.settlement += settled.payout.units();
    model.cash[settled.venue] += settled.payout.units();
    model.positions.erase(key);
    ++settled_;  // later orders trade other contracts: nobody trades a settled one
    closed_.push_back(key);
  }

  std::vector<Report> reports;
  LedgerModel model;

 private:
  void report(const ReportBody& body) { reports.push_back(make_(body)); }

  void fill_order(const OrderRequest& order, const LedgerModel::Key& key) {
    const std::int64_t sign = order.side == Side::Buy ? 1 : -1;
    const bool is_closed = std::find(closed_.begin(), closed_.end(), key) != closed_.end();
    std::int64_t filled = 0;
    const auto parts = is_closed ? 0 : random_.below(4);
    for (std::uint64_t part = 0; part < parts && filled < order.quantity.units(); ++part) {
      OrderFilled body{order, random_.next() | 1, order.limit, {}, Money::from_units(random_.between(0, 50'000))};
      body.quantity = Quantity::from_units(random_.between(1, order.quantity.units() - filled));
      report(body);
      if (random_.chance(1, 5)) {
        report(body);
        ++model.duplicates;
      }
      filled += body.quantity.units();
      const std::int64_t paid = sign * (body.price * body.quantity).units();
      model.trading -= paid;
      model.fees -= body.fee.units();
      model.cash[order.venue] -= paid + body.fee.units();
      model.positions[key] += sign * body.quantity.units();
      ++model.fills;
    }
    if (model.positions[key] == 0) model.positions.erase(key);
    OrderEnded ended = end(order, OrderState::Canceled, "0");
    ended.filled = Quantity::from_units(filled);
    if (filled > 0) ended.state = OrderState::PartlyFilled;
    if (filled == order.quantity.units()) ended.state = OrderState::Filled;
    report(ended);
  }

  Random random_;
  ReportMaker make_;
  std::uint64_t settled_ = 0;
  std::vector<LedgerModel::Key> closed_;
};

}  // namespace arbees::test

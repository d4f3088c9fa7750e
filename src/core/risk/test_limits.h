#pragma once
// For tests of limits: contracts without fees, each with a deep book, and the limits by their names.

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "core/risk/portfolio.h"
#include "core/risk/risk_gate.h"

namespace arbees::limits_test {

constexpr Price cents(std::int64_t amount) { return Price::from_units(amount * 100); }
constexpr Money dollars(std::int64_t amount) { return Money::whole(amount); }

inline const LimitRow& row(std::string_view name) {
  const auto& table = limit_table();
  const auto* found = std::find_if(table.begin(), table.end(), [&](const LimitRow& row) { return row.name == name; });
  ARBEES_ASSERT(found != table.end());
  return *found;
}

// Limits that forbid nothing of what these tests do.
inline RiskLimits no_limits() {
  RiskLimits limits;
  for (const LimitRow& row : limit_table()) {
    const bool is_floor = row.name.starts_with("CRYPTO_MIN_") || row.name == "CRYPTO_SEQUENTIAL_DEPTH";
    row.set(limits, is_floor ? row.least : row.most);
  }
  return limits;
}
inline RiskLimits only(std::string_view name, std::int64_t units) {
  RiskLimits limits = no_limits();
  row(name).set(limits, units);
  return limits;
}

// At least so much, of one settlement source for each venue.
inline ContractTerms at_least_terms(Venue venue, std::int64_t strike) {
  ContractTerms terms{};
  terms.venue = venue;
  terms.asset = Asset::BTC;
  terms.event_group = 1;
  terms.payoff = Payoff::Threshold;
  terms.comparator = Comparator::GreaterOrEqual;
  terms.source = venue == Venue::Kalshi ? SettlementSource::CfBenchmarksMean60 : SettlementSource::ChainlinkTwap60;
  terms.lower = Strike::whole(strike);
  terms.has_lower = 1;
  terms.rounding_decimals = kNotRounded;
  terms.closes_at = from_unix_s(100'000);
  terms.grid = PriceGrid::uniform(cents(1));
  terms.lot = Quantity::whole(1);
  terms.minimum_order = Quantity::whole(1);
  terms.fees.model = FeeModel::None;
  terms.not_tradable = NotTradable::None;
  return terms;
}

class LimitsTest : public testing::Test {
 protected:
  static constexpr std::int64_t kDepth = 1'000;

  void say_to_market(EventBody body) {
    Event event;
    event.received_at = now_;
    event.body = body;
    market_.apply(event);
  }
  void list(std::uint64_t id, const ContractTerms& terms, Price bid, Price ask) {
    InstrumentNamed named;
    named.id = InstrumentId{id};
    named.venue = terms.venue;
    say_to_market(named);
    say_to_market(ContractListed{InstrumentId{id}, terms});
    ContractPhaseChanged active;
    active.id = InstrumentId{id};
    active.phase = ContractPhase::Active;
    say_to_market(active);
    book(id, bid, ask);
  }
  // One level a side; a price of zero leaves its side empty.
  void book(std::uint64_t id, Price bid, Price ask, std::int64_t contracts = kDepth) {
    BookUpdate update;
    update.id = InstrumentId{id};
    update.action = BookAction::Clear;
    update.flags = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
    say_to_market(update);
    update.action = BookAction::Set;
    update.flags = BookUpdate::kSnapshot;
    update.price = bid;
    update.quantity = Quantity::whole(bid.is_zero() ? 0 : contracts);
    update.price = bid.is_zero() ? cents(1) : bid;
    say_to_market(update);
    update.side = BookSide::Ask;
    update.price = ask.is_zero() ? cents(99) : ask;
    update.quantity = Quantity::whole(ask.is_zero() ? 0 : contracts);
    update.flags |= BookUpdate::kLast;
    say_to_market(update);
  }

  // A leg that buys so many at this price.
  [[nodiscard]] Leg leg(std::uint64_t id, Outcome outcome, Price price, std::int64_t contracts) const {
    const ContractTerms& terms = market_.find(InstrumentId{id})->terms;
    Leg leg;
    leg.instrument = InstrumentId{id};
    leg.outcome = outcome;
    leg.price = price;
    leg.quantity = Quantity::whole(contracts);
    leg.cost = price * leg.quantity;
    leg.venue = terms.venue;
    leg.asset = terms.asset;
    return leg;
  }
  void hold(std::uint64_t id, Outcome outcome, std::int64_t contracts, Money cost) {
    const ContractTerms& terms = market_.find(InstrumentId{id})->terms;
    Position position;
    position.instrument = InstrumentId{id};
    position.outcome = outcome;
    position.quantity = Quantity::whole(contracts);
    position.cost = cost;
    position.venue = terms.venue;
    position.asset = terms.asset;
    portfolio_.restore(position);
  }

  Timestamp now_ = from_unix_s(100'000) - std::chrono::days(1);
  MarketState market_{Capacity{}};
  Portfolio portfolio_{Capacity{}};
};

}  // namespace arbees::limits_test

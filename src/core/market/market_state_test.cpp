#include "core/market/market_state.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

constexpr InstrumentId kContract{42};

Event event(EventBody body, std::int64_t second = 1000) {
  Event made;
  made.received_at = from_unix_s(second);
  made.body = body;
  return made;
}

InstrumentNamed named(InstrumentId id, Venue venue = Venue::Kalshi) {
  InstrumentNamed body;
  body.id = id;
  body.venue = venue;
  set_symbol(body, "KXBTC15M-26MAY110145-45");
  return body;
}

BookUpdate update(BookAction action, std::uint8_t flags, Price price = {}, Quantity quantity = {}) {
  BookUpdate body;
  body.id = kContract;
  body.action = action;
  body.flags = flags;
  body.price = price;
  body.quantity = quantity;
  return body;
}

ContractTerms tradable_terms() {
  ContractTerms terms;
  terms.venue = Venue::Kalshi;
  terms.asset = Asset::BTC;
  terms.payoff = Payoff::UpDown;
  terms.comparator = Comparator::GreaterOrEqual;
  terms.source = SettlementSource::CfBenchmarksMean60;
  terms.lower = Strike::whole(80'000);
  terms.has_lower = 1;
  terms.closes_at = from_unix_s(2000);
  terms.grid = PriceGrid::tapered_deci_cent();
  terms.fees.model = FeeModel::KalshiQuadratic;
  terms.not_tradable = NotTradable::None;
  return terms;
}

TEST(MarketState, IgnoresInstrumentsThatWereNeverNamed) {
  MarketState market{Capacity{}};
  EXPECT_EQ(market.apply(event(update(BookAction::Clear, BookUpdate::kSnapshotStart))).contract, nullptr);
  EXPECT_EQ(market.contract_count(), 0u);
}

TEST(MarketState, BuildsABookFromARunOfRecords) {
  MarketState market{Capacity{}};
  market.apply(event(named(kContract)));
  market.apply(event(update(BookAction::Clear, BookUpdate::kSnapshotStart | BookUpdate::kSnapshot)));
  market.apply(event(update(BookAction::Set, BookUpdate::kSnapshot, Price::from_units(4700), Quantity::whole(5))));
  EXPECT_EQ(market.find(kContract)->book.status(), BookStatus::Unproven);
  market.apply(event(
      update(BookAction::Set, BookUpdate::kSnapshot | BookUpdate::kLast, Price::from_units(4600), Quantity::whole(7))));
  EXPECT_EQ(market.find(kContract)->book.status(), BookStatus::Proven);
  EXPECT_EQ(market.find(kContract)->book.best_bid(), Price::from_units(4700));
}

TEST(MarketState, ADownFeedUnprovesItsVenuesBooksOnly) {
  MarketState market{Capacity{}};
  market.apply(event(named(kContract)));
  market.apply(
      event(update(BookAction::Clear, BookUpdate::kSnapshotStart | BookUpdate::kSnapshot | BookUpdate::kLast)));
  market.apply(event(FeedStatus{Venue::Polymarket, FeedState::Down}));
  EXPECT_EQ(market.find(kContract)->book.status(), BookStatus::Proven);
  market.apply(event(FeedStatus{Venue::Kalshi, FeedState::Down}));
  EXPECT_EQ(market.find(kContract)->book.status(), BookStatus::Stale);
}

TEST(Contract, SaysWhyItIsNotTradable) {
  MarketState market{Capacity{}};
  market.apply(event(named(kContract)));
  const Contract& contract = *market.find(kContract);
  const Timestamp now = from_unix_s(1000);
  EXPECT_EQ(contract.not_tradable(now), NotTradable::UnknownPayoff);
  ContractTerms terms = tradable_terms();
  market.apply(event(ContractListed{kContract, terms}));
  EXPECT_EQ(contract.not_tradable(now), NotTradable::NotOpen);
  ContractPhaseChanged active;
  active.id = kContract;
  active.phase = ContractPhase::Active;
  market.apply(event(active));
  EXPECT_EQ(contract.not_tradable(now), NotTradable::None);
  EXPECT_EQ(contract.not_tradable(from_unix_s(2000)), NotTradable::Closed);
  terms.fees.model = FeeModel::Unknown;
  market.apply(event(ContractListed{kContract, terms}));
  EXPECT_EQ(contract.not_tradable(now), NotTradable::UnknownFee);
  terms = tradable_terms();
  terms.has_lower = 0;
  market.apply(event(ContractListed{kContract, terms}));
  EXPECT_EQ(contract.not_tradable(now), NotTradable::UnknownStrike);
  terms = tradable_terms();
  terms.grid = PriceGrid{};
  market.apply(event(ContractListed{kContract, terms}));
  EXPECT_EQ(contract.not_tradable(now), NotTradable::UnknownTick);
}

TEST(MarketState, ReusesReleasedSlotsWithNothingLeftOfTheOldContract) {
  Capacity capacity;
  capacity.instruments = 2;
  MarketState market{capacity};
  for (std::uint64_t i = 1; i <= 100; ++i) {
    market.apply(event(named(InstrumentId{i})));
    const Contract* contract = market.find(InstrumentId{i});
    ASSERT_NE(contract, nullptr) << i;
    ASSERT_EQ(contract->book.status(), BookStatus::Unproven);
    ASSERT_FALSE(contract->book.has_bid());
    market.apply(event(ContractListed{InstrumentId{i}, tradable_terms()}));
    market.release(InstrumentId{i});
  }
  EXPECT_EQ(market.refused_count(), 0u);
  market.apply(event(named(InstrumentId{1001})));
  market.apply(event(named(InstrumentId{1002})));
  market.apply(event(named(InstrumentId{1003})));
  EXPECT_EQ(market.refused_count(), 1u);
}

TEST(MarketState, KeepsTheLastSpotPriceOfEachVenueAndSurvivesUnknownOnes) {
  MarketState market{Capacity{}};
  SpotTrade trade;
  trade.venue = Venue::Coinbase;
  trade.asset = Asset::BTC;
  trade.price = SpotPrice::whole(80'000);
  market.apply(event(trade));
  trade.venue = static_cast<Venue>(200);
  trade.price = SpotPrice::whole(1);
  market.apply(event(trade));
  EXPECT_EQ(market.spot(Venue::Coinbase, Asset::BTC).last, SpotPrice::whole(80'000));
  EXPECT_EQ(market.spot(Venue::Binance, Asset::BTC).last, SpotPrice{});
}

}  // namespace
}  // namespace arbees

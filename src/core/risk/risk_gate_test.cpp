// Each limit of the gate: what needs exactly as much passes, and a limit that is one unit tighter forbids it by name.

#include "core/risk/risk_gate.h"

#include "core/risk/test_limits.h"

namespace arbees {
namespace {

using namespace limits_test;  // NOLINT(google-build-using-namespace): the short words of these tests

constexpr std::uint64_t kKalshi = 1;
constexpr std::uint64_t kKalshiHigher = 2;
constexpr std::uint64_t kPolymarket = 3;
constexpr std::uint64_t kLaterOnKalshi = 4;
constexpr std::uint64_t kEtherOnPolymarket = 5;
constexpr Duration kBookAge = std::chrono::seconds(20);
constexpr std::size_t kOpenRequests = 3;

// Three legs for $40 and $10 on Kalshi and $50 on Polymarket, which earn $5. Held are contracts on Kalshi for $7 that
// close later; an order of the model for $11 on Polymarket, of another asset, is under way.
class RiskGateTest : public LimitsTest {
 protected:
  RiskGateTest() {
    ContractTerms later = at_least_terms(Venue::Kalshi, 70'000);
    later.closes_at += std::chrono::hours(1);
    ContractTerms ether = at_least_terms(Venue::Polymarket, 3'000);
    ether.asset = Asset::ETH;
    ether.event_group = 2;
    list(kKalshi, at_least_terms(Venue::Kalshi, 63'000), cents(39), cents(40));
    list(kKalshiHigher, at_least_terms(Venue::Kalshi, 65'000), cents(90), cents(91));
    list(kPolymarket, at_least_terms(Venue::Polymarket, 64'000), cents(50), cents(51));
    list(kLaterOnKalshi, later, cents(50), cents(51));
    list(kEtherOnPolymarket, ether, cents(50), cents(51));
    for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) portfolio_.set_cash(venue, dollars(200));
    hold(kLaterOnKalshi, Outcome::Yes, 10, dollars(7));
    const Holding ordered{InstrumentId{kEtherOnPolymarket}, Outcome::Yes, Venue::Polymarket, Asset::ETH,
                          Strategy::Model};
    portfolio_.reserve(ordered, Quantity::whole(20), dollars(11));
    now_ += kBookAge;
  }

  [[nodiscard]] Opportunity offer(Detector detector) const {
    Opportunity offer;
    offer.detector = detector;
    offer.detected_at = now_;
    offer.settles_at = now_ + std::chrono::days(1);
    offer.legs.push_back(leg(kKalshi, Outcome::Yes, cents(40), 100));
    offer.legs.push_back(leg(kKalshiHigher, Outcome::No, cents(10), 100));
    offer.legs.push_back(leg(kPolymarket, Outcome::No, cents(50), 100));
    offer.outlay = dollars(100);
    offer.guaranteed = offer.expected = dollars(105);
    return offer;
  }
  // The first reason against it, or what shrinks it.
  [[nodiscard]] Verdict judge(const RiskLimits& limits, const Opportunity& offer) const {
    const RiskGate gate(limits, market_, portfolio_);
    const Verdict verdict = gate.review(offer, TradingState::Active, kOpenRequests, now_);
    return verdict == Verdict::Accepted ? gate.affordable_share(offer).binding : verdict;
  }
};

struct LimitCase {
  std::string_view limit;
  std::int64_t needed;   // of the limit's field: what the offer needs exactly
  std::int64_t tighter;  // by how much one unit is tighter
  Verdict verdict;
  Detector detector = Detector::Ladder;
};

constexpr std::int64_t kDollar = Money::kScale;
constexpr LimitCase kReviewed[] = {
    {"CRYPTO_MIN_EDGE_PCT", 50'000, 1, Verdict::EdgeTooSmall},
    {"CRYPTO_MIN_EDGE_PCT", 50'000, 1, Verdict::EdgeTooSmall, Detector::ModelEdge},
    {"CRYPTO_MIN_LIQUIDITY", 100 * kDollar, 1, Verdict::TooThin},
    {"CRYPTO_PRICE_STALENESS_SECS", kBookAge.count(), -1, Verdict::StaleBook},
    {"CRYPTO_MAX_OPEN_REQUESTS", kOpenRequests + 1, -1, Verdict::TooManyRequests},
    {"CRYPTO_MIN_EDGE_PER_DOLLAR_DAY", 50'000, 1, Verdict::ReturnTooLow},
    {"CRYPTO_MIN_SAFE_PRICE", cents(10).units(), 1, Verdict::PriceLimit},
    {"CRYPTO_MAX_SAFE_PRICE", cents(50).units(), -1, Verdict::PriceLimit},
};
// Held and under way count: on Kalshi 7 + 50, on Polymarket 11 + 50, of Bitcoin 7 + 100, at this close 11 + 100, of
// the model 11 + 100, in all 18 + 100. Naked is all but the smallest leg. The event's worst: the value of Kalshi's
// source is below $63,000 (40 lost; above $65,000 it would be 10), that of Polymarket's above $64,000 (50 lost).
constexpr LimitCase kMoney[] = {
    {"CRYPTO_MAX_POSITION_SIZE", 50 * kDollar, -1, Verdict::PositionLimit},
    {"CRYPTO_MAX_ASSET_EXPOSURE", 107 * kDollar, -1, Verdict::AssetLimit},
    {"CRYPTO_MAX_TOTAL_EXPOSURE", 118 * kDollar, -1, Verdict::TotalLimit},
    {"CRYPTO_MAX_VENUE_EXPOSURE", 61 * kDollar, -1, Verdict::VenueLimit},
    {"CRYPTO_MIN_FREE_CASH", 139 * kDollar, 1, Verdict::InsufficientCash},  // of 200 − 11 on Polymarket
    {"CRYPTO_MAX_MODEL_EXPOSURE", 111 * kDollar, -1, Verdict::ModelLimit, Detector::ModelEdge},
};
// Those that are no matter of single orders.
constexpr LimitCase kOfTheWhole[] = {
    {"CRYPTO_MAX_CLOSE_EXPOSURE", 111 * kDollar, -1, Verdict::CloseLimit},
    {"CRYPTO_MAX_EVENT_LOSS", 90 * kDollar, -1, Verdict::EventLossLimit},
    {"CRYPTO_MAX_NAKED_LOSS", 90 * kDollar, -1, Verdict::NakedLimit},
};

TEST_F(RiskGateTest, WhatNeedsALimitExactlyPassesAndOneUnitLessIsRefusedByItsName) {
  const auto expect = [&](const LimitCase& each) {
    SCOPED_TRACE(each.limit);
    EXPECT_EQ(judge(only(each.limit, each.needed), offer(each.detector)), Verdict::Accepted);
    EXPECT_EQ(judge(only(each.limit, each.needed + each.tighter), offer(each.detector)), each.verdict);
  };
  for (const LimitCase& each : kReviewed) expect(each);
  for (const LimitCase& each : kMoney) expect(each);
  for (const LimitCase& each : kOfTheWhole) expect(each);
}

// Looked at once more when the request begins, all its legs together.
TEST_F(RiskGateTest, ARequestMustFitTheSameMoneyLimits) {
  for (const LimitCase& each : kMoney) {
    SCOPED_TRACE(each.limit);
    const Strategy strategy = strategy_of(each.detector);
    const RiskGate fits(only(each.limit, each.needed), market_, portfolio_);
    const RiskGate tight(only(each.limit, each.needed + each.tighter), market_, portfolio_);
    EXPECT_TRUE(fits.allows(offer(each.detector).legs, strategy));
    EXPECT_FALSE(tight.allows(offer(each.detector).legs, strategy));
  }
}

// A single order for $20 of Bitcoin on Polymarket: 7 are held of Bitcoin, 11 under way on Polymarket and of the model.
TEST_F(RiskGateTest, AnOrderMustFitTheSameMoneyLimits) {
  constexpr LimitCase kCases[] = {
      {"CRYPTO_MAX_POSITION_SIZE", 20 * kDollar, -1, Verdict::PositionLimit},
      {"CRYPTO_MAX_ASSET_EXPOSURE", 27 * kDollar, -1, Verdict::AssetLimit},
      {"CRYPTO_MAX_TOTAL_EXPOSURE", 38 * kDollar, -1, Verdict::TotalLimit},
      {"CRYPTO_MAX_VENUE_EXPOSURE", 31 * kDollar, -1, Verdict::VenueLimit},
      {"CRYPTO_MIN_FREE_CASH", 169 * kDollar, 1, Verdict::InsufficientCash},
      {"CRYPTO_MAX_MODEL_EXPOSURE", 31 * kDollar, -1, Verdict::ModelLimit, Detector::ModelEdge},
  };
  OrderRequest order;
  order.venue = Venue::Polymarket;
  order.asset = Asset::BTC;
  for (const LimitCase& each : kCases) {
    SCOPED_TRACE(each.limit);
    const Strategy strategy = strategy_of(each.detector);
    const RiskGate fits(only(each.limit, each.needed), market_, portfolio_);
    const RiskGate tight(only(each.limit, each.needed + each.tighter), market_, portfolio_);
    EXPECT_TRUE(fits.allows(order, strategy, dollars(20)));
    EXPECT_FALSE(tight.allows(order, strategy, dollars(20)));
  }
}

TEST_F(RiskGateTest, TheModelsLimitIsNoneOfRisklessTrades) {
  const RiskLimits limits = only("CRYPTO_MAX_MODEL_EXPOSURE", 0);
  EXPECT_EQ(judge(limits, offer(Detector::Ladder)), Verdict::Accepted);
  EXPECT_TRUE(RiskGate(limits, market_, portfolio_).allows(offer(Detector::Ladder).legs, Strategy::Riskless));
}

TEST_F(RiskGateTest, AModelTradeIsAsLargeAsItDeserves) {
  EXPECT_EQ(judge(only("CRYPTO_MIN_LIQUIDITY", 101 * kDollar), offer(Detector::ModelEdge)), Verdict::Accepted);
}

TEST_F(RiskGateTest, OneLegAloneIsNotNaked) {
  Opportunity single = offer(Detector::ModelEdge);
  single.legs.pop_back();
  single.legs.pop_back();
  EXPECT_EQ(judge(only("CRYPTO_MAX_NAKED_LOSS", kDollar), single), Verdict::Accepted);
}

// Positions count with what they pay: the No of $63,000 that is held takes 8 from what the event loses below it.
TEST_F(RiskGateTest, WhatIsHeldOfTheEventCountsStateByState) {
  hold(kKalshi, Outcome::No, 10, dollars(2));
  EXPECT_EQ(judge(only("CRYPTO_MAX_EVENT_LOSS", 82 * kDollar), offer(Detector::Ladder)), Verdict::Accepted);
  EXPECT_EQ(judge(only("CRYPTO_MAX_EVENT_LOSS", 82 * kDollar - 1), offer(Detector::Ladder)), Verdict::EventLossLimit);
}

TEST_F(RiskGateTest, OrdersUnderWayOfTheEventCountAsLost) {
  const Holding ordered{InstrumentId{kPolymarket}, Outcome::No, Venue::Polymarket, Asset::BTC, Strategy::Riskless};
  portfolio_.reserve(ordered, Quantity::whole(10), dollars(3));
  EXPECT_EQ(judge(only("CRYPTO_MAX_EVENT_LOSS", 93 * kDollar), offer(Detector::Ladder)), Verdict::Accepted);
  EXPECT_EQ(judge(only("CRYPTO_MAX_EVENT_LOSS", 93 * kDollar - 1), offer(Detector::Ladder)), Verdict::EventLossLimit);
}

TEST_F(RiskGateTest, WhatCannotBeTradedIsRefusedByName) {
  const auto verdict = [&](TradingState state) {
    return RiskGate(no_limits(), market_, portfolio_).review(offer(Detector::Ladder), state, 0, now_);
  };
  EXPECT_EQ(verdict(TradingState::Active), Verdict::Accepted);
  EXPECT_EQ(verdict(TradingState::Reducing), Verdict::Halted);
  EXPECT_EQ(verdict(TradingState::Halted), Verdict::Halted);
  BookFaulted gap;
  gap.id = InstrumentId{kPolymarket};
  gap.fault = BookFault::SequenceGap;
  say_to_market(gap);
  EXPECT_EQ(verdict(TradingState::Active), Verdict::UnprovenBook);
  ContractPhaseChanged closed;
  closed.id = InstrumentId{kPolymarket};
  closed.phase = ContractPhase::Closed;
  say_to_market(closed);
  EXPECT_EQ(verdict(TradingState::Active), Verdict::NotTradable);
}

TEST_F(RiskGateTest, ALegBelowItsVenuesLeastOrderIsRefused) {
  const auto verdict = [&](Price price, std::int64_t contracts) {
    Opportunity small = offer(Detector::Ladder);
    small.legs[2] = leg(kPolymarket, Outcome::No, price, contracts);
    return judge(no_limits(), small);
  };
  EXPECT_EQ(verdict(cents(50), 2), Verdict::Accepted) << "a dollar";
  EXPECT_EQ(verdict(cents(49), 2), Verdict::BelowMinimumOrder);
}

// What fits is rounded down, and nothing fits into no room.
TEST(Share, IsRoundedAgainstUs) {
  Share share;
  share.narrow(dollars(3), dollars(3), Verdict::TotalLimit);
  EXPECT_EQ(share.millionths, Share::kWhole);
  EXPECT_EQ(share.binding, Verdict::Accepted);
  share.narrow(dollars(3), dollars(2), Verdict::TotalLimit);
  EXPECT_EQ(share.millionths, 666'666);
  share.narrow(dollars(4), dollars(3), Verdict::AssetLimit);
  EXPECT_EQ(share.millionths, 666'666) << "the smaller share stays";
  EXPECT_EQ(share.binding, Verdict::TotalLimit);
  share.narrow(dollars(1), -dollars(1), Verdict::AssetLimit);
  EXPECT_EQ(share.millionths, 0);
  EXPECT_EQ(share.binding, Verdict::AssetLimit);
}

// A LimitSet counts at both ends of its row's range, and changes nothing beyond.
TEST_F(RiskGateTest, ALimitIsSetWithinItsRangeOnly) {
  for (std::uint32_t i = 0; i < kLimitCount; ++i) {
    const LimitRow& row = limit_table()[i];
    SCOPED_TRACE(row.name);
    RiskGate gate(RiskLimits{}, market_, portfolio_);
    const auto set = [&](std::int64_t units) {
      LimitSet limit;
      limit.row = i;
      limit.value = units;
      gate.on(limit);
      return row.get(gate.limits());
    };
    EXPECT_EQ(set(row.least), row.least);
    EXPECT_EQ(set(row.most), row.most);
    EXPECT_EQ(set(row.least - 1), row.most);
    EXPECT_EQ(set(row.least), row.least);
    EXPECT_EQ(set(row.most + 1), row.least);
  }
}

}  // namespace
}  // namespace arbees

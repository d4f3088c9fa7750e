// The user's trading on both venues: money, positions, refusals, against a naive ledger.

#include "sim/exchange.h"

#include <gtest/gtest.h>

#include <map>

#include "core/base/random.h"

namespace arbees::sim {
namespace {

const Timestamp kNow = from_unix_s(1'795'371'000);
constexpr Money kOpening = Money::whole(10'000);

// One venue with two quiet markets, quoted by hand.
class Rig {
 public:
  explicit Rig(Venue venue) : exchange(venue, 1, kOpening, listings, listeners) {
    sim::Event event;
    event.venue = venue;
    event.ticker = "EVENT";
    listings.add_event(event);
    for (const char* name : {"FIRST", "SECOND"}) {
      Market market;
      market.venue = venue;
      market.ticker = name;
      market.phase = ContractPhase::Active;
      market.closes_at = kNow + std::chrono::hours(1);
      market.grid = PriceGrid::uniform(Price::from_units(100));
      market.fees.taker_rate = 70'000;
      market.fees.model = venue == Venue::Kalshi ? FeeModel::KalshiQuadratic : FeeModel::PolymarketCurve;
      exchange.open_book(listings.add_market(market).id);
    }
  }

  void quote(MarketId market, BookSide side, int cents, int contracts) {
    exchange.rest(Trader::Maker, market, side, BookLevel{Price::from_units(cents * 100), Quantity::whole(contracts)},
                  kNow);
  }
  NewOrder order(Outcome outcome, Side side, int cents, int contracts,
                 Lifetime lifetime = Lifetime::GoodTillCanceled) const {
    NewOrder order;
    order.outcome = outcome;
    order.side = side;
    order.price = Price::from_units(cents * 100);
    order.quantity = Quantity::whole(contracts);
    order.lifetime = lifetime;
    return order;
  }
  void settle(MarketId id, Price yes_payout) {
    exchange.close_book(id, kNow);
    Market& market = listings.market(id);
    market.phase = ContractPhase::Settled;
    market.has_result = true;
    market.payout = yes_payout;
    exchange.settle(id, kNow);
  }
  Refusal refusal(const NewOrder& order) {
    auto placed = exchange.place(order, kNow);
    EXPECT_FALSE(placed.has_value());
    return placed ? Refusal::NotFound : placed.error();
  }

  Listings listings;
  Listeners listeners;
  Exchange exchange;

 private:
};

TEST(Exchange, ATakerPaysPriceAndFeeToTheUnit) {
  Rig rig(Venue::Kalshi);
  rig.quote(0, BookSide::Ask, 47, 6);
  rig.quote(0, BookSide::Ask, 48, 100);
  const auto placed = rig.exchange.place(rig.order(Outcome::Yes, Side::Buy, 48, 10), kNow);
  ASSERT_TRUE(placed.has_value());
  EXPECT_EQ(placed->order.status, OrderStatus::Executed);
  ASSERT_EQ(placed->fills.size(), 2u);
  // 0.07·6·0.47·0.53 = 0.104622 and 0.07·4·0.48·0.52 = 0.069888, each up to $0.0001.
  EXPECT_EQ(placed->fills[0].fee, Money::from_units(104'700));
  EXPECT_EQ(placed->fills[1].fee, Money::from_units(69'900));
  EXPECT_EQ(rig.exchange.cash(), kOpening - Money::from_units(2'820'000 + 1'920'000 + 104'700 + 69'900));
  EXPECT_EQ(rig.exchange.position(0).yes, Quantity::whole(10));
}

TEST(Exchange, OnKalshiSellingWhatIsNotHeldOpensNoAndBuyingBackNets) {
  Rig rig(Venue::Kalshi);
  rig.quote(0, BookSide::Bid, 60, 100);
  ASSERT_TRUE(rig.exchange.place(rig.order(Outcome::Yes, Side::Sell, 60, 10), kNow).has_value());
  EXPECT_EQ(rig.exchange.position(0).no, Quantity::whole(10));
  rig.quote(0, BookSide::Ask, 61, 4);
  ASSERT_TRUE(rig.exchange.place(rig.order(Outcome::Yes, Side::Buy, 61, 4), kNow).has_value());
  EXPECT_EQ(rig.exchange.position(0).no, Quantity::whole(6));
  EXPECT_EQ(rig.exchange.position(0).yes, Quantity{});
  // 10 No at 0.40, four of them sold at 0.39: a loss of four cents.
  EXPECT_EQ(rig.exchange.position(0).realized_pnl, Money::from_units(-40'000));
}

TEST(Exchange, OnPolymarketBothTokensAreHeldAndOnlyHeldOnesAreSold) {
  Rig rig(Venue::Polymarket);
  rig.quote(0, BookSide::Bid, 60, 100);
  rig.quote(0, BookSide::Ask, 62, 100);
  EXPECT_EQ(rig.refusal(rig.order(Outcome::No, Side::Sell, 38, 5)), Refusal::InsufficientPosition);
  ASSERT_TRUE(rig.exchange.place(rig.order(Outcome::Yes, Side::Buy, 62, 5), kNow).has_value());
  ASSERT_TRUE(rig.exchange.place(rig.order(Outcome::No, Side::Buy, 40, 7), kNow).has_value());
  EXPECT_EQ(rig.exchange.position(0).yes, Quantity::whole(5));
  EXPECT_EQ(rig.exchange.position(0).no, Quantity::whole(7));
  const auto sold = rig.exchange.place(rig.order(Outcome::No, Side::Sell, 38, 7), kNow);
  ASSERT_TRUE(sold.has_value());
  EXPECT_EQ(sold->fills.at(0).price, Price::from_units(3800));
  EXPECT_EQ(rig.exchange.position(0).no, Quantity{});
}

TEST(Exchange, RefusesWhatTheVenuesRefuse) {
  Rig rig(Venue::Kalshi);
  rig.quote(0, BookSide::Ask, 50, 10);
  rig.quote(0, BookSide::Bid, 48, 10);
  NewOrder order = rig.order(Outcome::Yes, Side::Buy, 50, 11, Lifetime::FillOrKill);
  order.client_id = "once";
  EXPECT_EQ(rig.refusal(order), Refusal::FillOrKillUnfilled);
  // A killed order has used its client id up.
  order.quantity = Quantity::whole(1);
  EXPECT_EQ(rig.refusal(order), Refusal::DuplicateClientId);
  order = rig.order(Outcome::Yes, Side::Buy, 50, 5);
  order.post_only = true;
  EXPECT_EQ(rig.refusal(order), Refusal::PostOnlyCross);
  order = rig.order(Outcome::Yes, Side::Buy, 50, 5);
  order.price = Price::from_units(5050);
  EXPECT_EQ(rig.refusal(order), Refusal::InvalidPrice);
  order = rig.order(Outcome::Yes, Side::Buy, 50, 5);
  order.reduce_only = true;
  EXPECT_EQ(rig.refusal(order), Refusal::ReduceOnlyNotImmediate);
  EXPECT_EQ(rig.refusal(rig.order(Outcome::Yes, Side::Buy, 50, 20'001)), Refusal::InsufficientBalance);
  order = rig.order(Outcome::Yes, Side::Buy, 40, 5);
  order.market = 7;
  EXPECT_EQ(rig.refusal(order), Refusal::MarketNotFound);
  rig.exchange.set_paused(true);
  EXPECT_EQ(rig.refusal(rig.order(Outcome::Yes, Side::Buy, 40, 5)), Refusal::ExchangePaused);
  EXPECT_EQ(rig.exchange.cash(), kOpening);
}

TEST(Exchange, RestingOrdersReserveTheirCost) {
  Rig rig(Venue::Kalshi);
  ASSERT_TRUE(rig.exchange.place(rig.order(Outcome::Yes, Side::Buy, 50, 12'000), kNow).has_value());
  EXPECT_EQ(rig.exchange.available(), Money::whole(4'000));
  NewOrder second = rig.order(Outcome::Yes, Side::Buy, 50, 8'001);
  second.market = 1;
  EXPECT_EQ(rig.refusal(second), Refusal::InsufficientBalance);
  rig.exchange.cancel_all(std::nullopt, kNow);
  EXPECT_EQ(rig.exchange.available(), kOpening);
}

TEST(Exchange, ReduceOnlyIsCappedAtThePosition) {
  Rig rig(Venue::Kalshi);
  rig.quote(0, BookSide::Ask, 50, 10);
  rig.quote(0, BookSide::Bid, 48, 100);
  ASSERT_TRUE(rig.exchange.place(rig.order(Outcome::Yes, Side::Buy, 50, 10), kNow).has_value());
  NewOrder sale = rig.order(Outcome::Yes, Side::Sell, 48, 25, Lifetime::ImmediateOrCancel);
  sale.reduce_only = true;
  const auto placed = rig.exchange.place(sale, kNow);
  ASSERT_TRUE(placed.has_value());
  EXPECT_EQ(placed->order.filled, Quantity::whole(10));
  EXPECT_EQ(placed->order.reason, CancelReason::ReduceOnly);
  EXPECT_EQ(rig.exchange.position(0).no, Quantity{});
}

TEST(Exchange, AmendingLosesThePlaceUnlessOnlySmaller) {
  Rig rig(Venue::Kalshi);
  NewOrder first = rig.order(Outcome::Yes, Side::Buy, 40, 10);
  first.public_id = "mine";
  ASSERT_TRUE(rig.exchange.place(first, kNow).has_value());
  rig.quote(0, BookSide::Bid, 40, 50);
  Amendment amendment;
  amendment.price = Price::from_units(4000);
  amendment.quantity = Quantity::whole(6);
  ASSERT_TRUE(rig.exchange.amend("mine", amendment, kNow).has_value());
  EXPECT_EQ(rig.exchange.queue_ahead("mine"), Quantity{});
  amendment.quantity = Quantity::whole(8);
  ASSERT_TRUE(rig.exchange.amend("mine", amendment, kNow).has_value());
  EXPECT_EQ(rig.exchange.queue_ahead("mine"), Quantity::whole(50));
  EXPECT_EQ(rig.exchange.find_order("mine")->remaining, Quantity::whole(8));
}

TEST(Exchange, AFailedTradeIsAsIfItHadNotBeen) {
  Rig rig(Venue::Polymarket);
  rig.quote(0, BookSide::Ask, 62, 100);
  const Money before = rig.exchange.total_money();
  const auto placed = rig.exchange.place(rig.order(Outcome::Yes, Side::Buy, 62, 5), kNow);
  ASSERT_TRUE(placed.has_value());
  EXPECT_TRUE(rig.exchange.revert_fill(placed->fills.at(0).number));
  EXPECT_FALSE(rig.exchange.revert_fill(placed->fills.at(0).number));
  EXPECT_EQ(rig.exchange.cash(), kOpening);
  EXPECT_EQ(rig.exchange.position(0).yes, Quantity{});
  EXPECT_EQ(rig.exchange.total_money(), before);
}

class BalanceCount final : public WorldListener {
 public:
  void on_balance(Venue) override { ++told; }
  int told = 0;
};

TEST(Exchange, OnPolymarketTokensStayAfterTheResultAndWinnersAreRedeemedForCash) {
  Rig rig(Venue::Polymarket);
  const Money total = rig.exchange.total_money();
  rig.quote(0, BookSide::Bid, 60, 100);
  rig.quote(0, BookSide::Ask, 62, 100);
  const auto lost = rig.exchange.place(rig.order(Outcome::Yes, Side::Buy, 62, 10), kNow);
  ASSERT_TRUE(lost.has_value());
  ASSERT_TRUE(rig.exchange.place(rig.order(Outcome::No, Side::Buy, 40, 7), kNow).has_value());
  const Money cash = rig.exchange.cash();
  BalanceCount balances;
  rig.listeners.add(balances);

  rig.settle(0, kPriceZero);
  EXPECT_EQ(rig.exchange.cash(), cash);
  EXPECT_EQ(rig.exchange.position(0).yes, Quantity::whole(10));
  EXPECT_EQ(rig.exchange.position(0).no, Quantity::whole(7));
  EXPECT_EQ(rig.exchange.position_value(), Money::whole(7));
  EXPECT_TRUE(rig.exchange.settlements().empty());
  EXPECT_EQ(balances.told, 0);
  EXPECT_EQ(rig.exchange.total_money(), total);
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    EXPECT_EQ(rig.refusal(rig.order(outcome, Side::Sell, 40, 5)), Refusal::MarketInactive);
    EXPECT_EQ(rig.refusal(rig.order(outcome, Side::Buy, 40, 5)), Refusal::MarketInactive);
  }
  EXPECT_FALSE(rig.exchange.revert_fill(lost->fills.at(0).number));
  EXPECT_TRUE(rig.exchange.has_winnings(0));

  for (int time = 0; time < 2; ++time) {  // the second time there is nothing left to redeem
    rig.exchange.redeem(0, kNow);
    EXPECT_EQ(rig.exchange.cash(), cash + Money::whole(7));
    EXPECT_EQ(rig.exchange.position(0).yes, Quantity::whole(10));
    EXPECT_EQ(rig.exchange.position(0).no, Quantity{});
    EXPECT_EQ(rig.exchange.position_value(), Money{});
    ASSERT_EQ(rig.exchange.settlements().size(), 1u);
    EXPECT_EQ(balances.told, 1);
    EXPECT_FALSE(rig.exchange.has_winnings(0));
    EXPECT_EQ(rig.exchange.total_money(), total);
  }
  const Settlement& paid = rig.exchange.settlements()[0];
  EXPECT_EQ(paid.payout, Money::whole(7));
  EXPECT_EQ(paid.yes, Quantity{});
  EXPECT_EQ(paid.no, Quantity::whole(7));
  EXPECT_EQ(paid.no_cost, Money::from_units(2'800'000));
}

TEST(Exchange, WhatIsNotSettledOrWasPaidByTheVenueIsNotRedeemed) {
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    Rig rig(venue);
    rig.quote(0, BookSide::Ask, 62, 100);
    ASSERT_TRUE(rig.exchange.place(rig.order(Outcome::Yes, Side::Buy, 62, 10), kNow).has_value());
    const Money cash = rig.exchange.cash();
    EXPECT_FALSE(rig.exchange.has_winnings(0));
    rig.exchange.redeem(0, kNow);
    EXPECT_EQ(rig.exchange.cash(), cash);
    EXPECT_EQ(rig.exchange.position(0).yes, Quantity::whole(10));
    rig.settle(0, kPriceOne);
    EXPECT_EQ(rig.exchange.has_winnings(0), venue == Venue::Polymarket);
    if (venue == Venue::Kalshi) {
      EXPECT_EQ(rig.exchange.cash(), cash + Money::whole(10));
    }
    rig.exchange.redeem(0, kNow);
    EXPECT_EQ(rig.exchange.cash(), cash + Money::whole(10));
    EXPECT_EQ(rig.exchange.settlements().size(), 1u);
  }
}

// What the user should have, kept from the fills alone.
struct NaiveLedger {
  Money cash = kOpening;
  std::map<MarketId, std::int64_t> yes;
  std::map<MarketId, std::int64_t> no;

  void add(const Fill& fill, bool nets) {
    const Money amount = fill.price * fill.quantity;
    const std::int64_t quantity = fill.quantity.units();
    std::int64_t& own = fill.outcome == Outcome::Yes ? yes[fill.market] : no[fill.market];
    cash -= fill.fee;
    if (fill.side == Side::Buy) {
      own += quantity;
      cash -= amount;
    } else if (!nets) {
      own -= quantity;
      cash += amount;
    } else {
      (fill.outcome == Outcome::Yes ? no : yes)[fill.market] += quantity;
      cash -= complement(fill.price) * fill.quantity;
    }
    if (!nets) return;
    const std::int64_t pairs = std::min(yes[fill.market], no[fill.market]);
    yes[fill.market] -= pairs;
    no[fill.market] -= pairs;
    cash += kPriceOne * Quantity::from_units(pairs);
  }
};

class FillLog final : public WorldListener {
 public:
  void on_fill(const Fill& fill) override { ledger.add(fill, fill.venue == Venue::Kalshi); }
  NaiveLedger ledger;
};

TEST(Exchange, NoMoneyIsMadeOrLostAndTheUserIsNeverOverdrawnAgreesWithModel) {
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    for (std::uint64_t seed = 1; seed <= 15; ++seed) {
      SCOPED_TRACE(seed);
      Random random(seed);
      Rig rig(venue);
      FillLog log;
      rig.listeners.add(log);
      const Money total = rig.exchange.total_money();
      for (int step = 0; step < 400; ++step) {
        const auto market = static_cast<MarketId>(random.below(2));
        const auto cents = static_cast<int>(random.between(5, 95));
        const auto contracts = static_cast<int>(random.between(1, 3'000));
        const BookSide side = random.chance(1, 2) ? BookSide::Bid : BookSide::Ask;
        switch (random.below(5)) {
          case 0: rig.quote(market, side, cents, contracts); break;
          case 1:
            rig.exchange.take(Trader::Noise, market, side,
                              BookLevel{Price::from_units(cents * 100), Quantity::whole(contracts)}, kNow);
            break;
          case 2: rig.exchange.cancel_all(market, kNow); break;
          default: {
            NewOrder order = rig.order(random.chance(1, 2) ? Outcome::Yes : Outcome::No,
                                       random.chance(1, 2) ? Side::Buy : Side::Sell, cents, contracts,
                                       random.chance(1, 2) ? Lifetime::ImmediateOrCancel : Lifetime::GoodTillCanceled);
            order.market = market;
            static_cast<void>(rig.exchange.place(order, kNow));
          }
        }
        ASSERT_EQ(rig.exchange.total_money(), total);
        ASSERT_EQ(rig.exchange.cash(), log.ledger.cash);
        ASSERT_FALSE(rig.exchange.cash().is_negative());
        ASSERT_FALSE(rig.exchange.available().is_negative());
        const Position held = rig.exchange.position(market);
        ASSERT_EQ(held.yes.units(), log.ledger.yes[market]);
        ASSERT_EQ(held.no.units(), log.ledger.no[market]);
      }
      for (const MarketId market : {MarketId{0}, MarketId{1}}) {
        rig.settle(market, market == 0 ? kPriceOne : kPriceZero);
      }
      const Money won =
          kPriceOne * Quantity::from_units(log.ledger.yes[0]) + kPriceOne * Quantity::from_units(log.ledger.no[1]);
      ASSERT_EQ(rig.exchange.total_money(), total);
      const bool pays_by_itself = venue == Venue::Kalshi;
      ASSERT_EQ(rig.exchange.cash(), log.ledger.cash + (pays_by_itself ? won : Money{}));
      ASSERT_EQ(rig.exchange.position_value(), pays_by_itself ? Money{} : won);
      for (const MarketId market : {MarketId{0}, MarketId{1}}) rig.exchange.redeem(market, kNow);
      ASSERT_EQ(rig.exchange.total_money(), total);
      ASSERT_EQ(rig.exchange.available(), rig.exchange.cash());
      ASSERT_EQ(rig.exchange.cash(), log.ledger.cash + won);
    }
  }
}

}  // namespace
}  // namespace arbees::sim

#include "core/risk/portfolio.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/random.h"

namespace arbees {
namespace {

const Money kCash = Money::whole(1'000'000);
const Money kFee = Money::from_units(12'345);

struct Booking {
  OrderRequest order;
  BookedFill fill;
};

// A few contracts of one venue and asset; what is bought may fail after it was sold, in any order.
class PortfolioTest : public testing::Test {
 protected:
  PortfolioTest() { portfolio_.set_cash(Venue::Polymarket, kCash); }

  static OrderRequest order(std::uint64_t instrument, Side side) {
    OrderRequest order;
    order.instrument = InstrumentId{instrument};
    order.venue = Venue::Polymarket;
    order.asset = Asset::BTC;
    order.side = side;
    return order;
  }

  void take(std::uint64_t instrument, Side side, std::int64_t cents, std::int64_t contracts, Money fee = kFee) {
    ++fees_paid_;
    Booking booking{order(instrument, side), {Price::from_units(cents * 100), Quantity::whole(contracts), fee, {}}};
    const Portfolio::Booked booked = portfolio_.apply_fill(booking.order, Strategy::Riskless, booking.fill);
    if (side == Side::Sell) booking.fill.sold_cost = -booked.cost;
    result_ += booked.result();
    bookings_.push_back(booking);
  }

  void fail(std::size_t booking) {
    const Booking failed = bookings_[booking];
    bookings_.erase(bookings_.begin() + static_cast<std::ptrdiff_t>(booking));
    result_ += portfolio_.revert_fill(failed.order, Strategy::Riskless, failed.fill).result();
  }

  [[nodiscard]] Position held(std::uint64_t instrument) const {
    const Position* position = portfolio_.find(InstrumentId{instrument}, Outcome::Yes);
    return position == nullptr ? Position{} : *position;
  }

  // Nothing comes from nowhere, and exposure is what is held.
  void expect_sound() {
    Money cost;
    portfolio_.for_each([&](const Position& position) {
      EXPECT_FALSE(position.cost.is_negative());
      EXPECT_TRUE(position.quantity.is_positive() || position.cost.is_zero());
      EXPECT_FALSE(position.quantity.is_zero());
      // Nobody pays more than a dollar and the fees for a contract, however many others have failed.
      const Money most = kPriceOne * std::max(position.quantity, Quantity{}) + kFee * fees_paid_;
      EXPECT_LE(position.cost, most);
      cost += position.cost;
    });
    EXPECT_EQ(portfolio_.cash(Venue::Polymarket) + cost, kCash + result_);
    EXPECT_EQ(portfolio_.total_exposure(), cost);
    EXPECT_EQ(portfolio_.asset_exposure(Asset::BTC), cost);
  }

  void expect_quantities() {
    for (std::uint64_t instrument = 1; instrument <= 3; ++instrument) {
      Quantity quantity;
      for (const Booking& booking : bookings_) {
        if (booking.order.instrument.value != instrument) continue;
        quantity += booking.order.side == Side::Buy ? booking.fill.quantity : -booking.fill.quantity;
      }
      EXPECT_EQ(held(instrument).quantity, quantity);
    }
  }

  Portfolio portfolio_{Capacity{}};
  std::vector<Booking> bookings_;
  std::int64_t fees_paid_ = 0;
  Money result_;
};

// On any path the sum over the markets once freed, never more, and nothing where the venue waits for the settlement.
TEST(PaidForPairs, IsADollarForEveryPairWhateverHappened) {
  Portfolio portfolio{Capacity{}};
  Random random(11);
  std::array<std::array<std::int64_t, 2>, 4> held{};  // by market and outcome
  for (int i = 0; i < 5000; ++i) {
    const std::uint64_t market = random.below(4);
    const std::uint64_t outcome = random.below(2);
    OrderRequest order;
    order.instrument = InstrumentId{market + 1};
    order.outcome = static_cast<Outcome>(outcome);
    order.venue = market == 3 ? Venue::Polymarket : Venue::Kalshi;
    order.asset = Asset::BTC;
    order.side = held[market][outcome] > 0 && random.chance(1, 2) ? Side::Sell : Side::Buy;
    const std::int64_t most = order.side == Side::Sell ? held[market][outcome] : 10;
    const std::int64_t contracts = 1 + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most)));
    if (random.chance(1, 20)) {
      portfolio.settle(order.instrument, Outcome::Yes, kPriceOne);
      portfolio.settle(order.instrument, Outcome::No, Price{});
      held[market] = {};
    } else {
      const BookedFill fill{Price::from_units(5000), Quantity::whole(contracts), Money{}, {}};
      portfolio.apply_fill(order, Strategy::Riskless, fill);
      held[market][outcome] += order.side == Side::Buy ? contracts : -contracts;
    }
    std::int64_t pairs = 0;
    for (std::size_t each = 0; each < 3; ++each) pairs += std::min(held[each][0], held[each][1]);
    ASSERT_LE(portfolio.pair_cash(Venue::Kalshi), Money::whole(pairs)) << i;
    if (!random.chance(1, 3)) continue;
    portfolio.free_pair_cash();
    ASSERT_EQ(portfolio.pair_cash(Venue::Kalshi), Money::whole(pairs)) << i;
    ASSERT_EQ(portfolio.pair_cash(Venue::Polymarket), Money{});
  }
}

// Contracts bought elsewhere, of which the ledger does not know the asset, count for it once they are listed.
TEST_F(PortfolioTest, WhatWasHeldOfAnUnknownAssetCountsOnceItIsKnown) {
  Position inherited;
  inherited.instrument = InstrumentId{7};
  inherited.quantity = Quantity::whole(20);
  inherited.cost = Money::whole(20);
  inherited.venue = Venue::Polymarket;
  portfolio_.restore(inherited);
  take(1, Side::Buy, 40, 10, Money{});
  EXPECT_EQ(portfolio_.asset_exposure(Asset::Unknown), Money::whole(20));
  portfolio_.name_asset(InstrumentId{7}, Asset::BTC);
  portfolio_.name_asset(InstrumentId{1}, Asset::ETH);  // known: it stays
  portfolio_.name_asset(InstrumentId{9}, Asset::ETH);  // not held
  EXPECT_EQ(portfolio_.asset_exposure(Asset::Unknown), Money{});
  EXPECT_EQ(portfolio_.asset_exposure(Asset::BTC), Money::whole(24));
  EXPECT_EQ(portfolio_.asset_exposure(Asset::ETH), Money{});
  EXPECT_EQ(portfolio_.total_exposure(), Money::whole(24));
}

TEST_F(PortfolioTest, APurchaseThatFailsTakesItsOwnCostBack) {
  take(1, Side::Buy, 40, 10, Money{});
  take(1, Side::Buy, 60, 10, Money{});
  fail(0);
  EXPECT_EQ(held(1).quantity, Quantity::whole(10));
  EXPECT_EQ(held(1).cost, Money::whole(6));
  EXPECT_EQ(result_, Money{});
}

// What was bought dearly since is not what failed.
TEST_F(PortfolioTest, WhatIsLeftCostsADollarAContractAtMost) {
  take(1, Side::Buy, 1, 10, Money{});
  take(1, Side::Sell, 2, 10, Money{});
  take(1, Side::Buy, 90, 15, Money{});
  fail(0);
  EXPECT_EQ(held(1).quantity, Quantity::whole(5));
  EXPECT_EQ(held(1).cost, Money::whole(5));
  expect_sound();
}

TEST_F(PortfolioTest, WithoutFailuresEverythingThatIsHeldHasItsOwnCost) {
  take(1, Side::Buy, 40, 10, Money{});
  take(1, Side::Buy, 60, 10, Money{});
  take(1, Side::Sell, 70, 5, Money{});
  EXPECT_EQ(held(1).cost, Money::parse("7.5").value());
  EXPECT_EQ(result_, Money::whole(1));
  EXPECT_EQ(portfolio_.settle(InstrumentId{1}, Outcome::Yes, kPriceOne).quantity, Quantity::whole(15));
  EXPECT_TRUE(portfolio_.total_exposure().is_zero());
  EXPECT_EQ(portfolio_.cash(Venue::Polymarket), kCash + Money::parse("8.5").value());
}

// Sold for 5 what had cost 4 and failed, then bought again for 6: one lost, and nothing left behind.
TEST_F(PortfolioTest, WhatWasSoldAndNeverBoughtIsBoughtAgain) {
  take(1, Side::Buy, 40, 10, Money{});
  take(1, Side::Sell, 50, 10, Money{});
  EXPECT_EQ(result_, Money::whole(1));
  fail(0);
  EXPECT_EQ(held(1).quantity, Quantity::whole(-10));
  EXPECT_EQ(portfolio_.total_exposure(), Money{});
  take(1, Side::Buy, 60, 15, Money{});
  EXPECT_EQ(held(1).quantity, Quantity::whole(5));
  EXPECT_EQ(held(1).cost, Money::whole(3));
  EXPECT_EQ(result_, Money::whole(-1));
  expect_sound();
}

TEST_F(PortfolioTest, WhatHasFailedTogetherWithItsSaleLeavesNothing) {
  for (const std::size_t first : {std::size_t{0}, std::size_t{1}}) {
    take(1, Side::Buy, 40, 10);
    take(1, Side::Sell, 50, 4);
    fail(first);
    fail(0);
    EXPECT_TRUE(held(1).quantity.is_zero());
    EXPECT_EQ(result_, Money{});
    EXPECT_EQ(portfolio_.cash(Venue::Polymarket), kCash);
  }
}

TEST_F(PortfolioTest, CashAndCostChangeByWhatIsWonOrLostWhateverFails) {
  int below_nothing = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    for (int step = 0; step < 60; ++step) {
      const std::uint64_t instrument = 1 + random.below(3);
      const Quantity quantity = held(instrument).quantity;
      if (random.chance(1, 4) && !bookings_.empty()) {
        fail(random.below(bookings_.size()));
      } else if (random.chance(1, 2) && quantity >= Quantity::whole(1)) {
        // Now and then more than is known to be held: told in another order than it happened.
        const std::int64_t most = quantity.units() / 100 + (random.chance(1, 8) ? 3 : 0);
        take(instrument, Side::Sell, random.between(1, 99), random.between(1, most));
      } else {
        take(instrument, Side::Buy, random.between(1, 99), random.between(1, 20));
      }
      below_nothing += held(instrument).quantity.is_negative() ? 1 : 0;
      expect_sound();
    }
    expect_quantities();
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(below_nothing, 100);
}

TEST_F(PortfolioTest, WhatSettlesWherePayingIsLateCannotBeSpentBeforeItIsTold) {
  take(1, Side::Buy, 40, 10);
  take(2, Side::Buy, 50, 10);
  (void)portfolio_.settle(InstrumentId{1}, Outcome::Yes, kPriceOne);
  EXPECT_EQ(portfolio_.free_cash(Venue::Polymarket), portfolio_.cash(Venue::Polymarket));
  portfolio_.set_unpaid(Venue::Polymarket, Money::whole(3));
  EXPECT_EQ(portfolio_.free_cash(Venue::Polymarket), portfolio_.cash(Venue::Polymarket) - Money::whole(3));
  (void)portfolio_.settle(InstrumentId{2}, Outcome::Yes, kPriceOne);
  EXPECT_EQ(portfolio_.unpaid(Venue::Polymarket), Money::whole(13));
  EXPECT_EQ(portfolio_.unpaid(Venue::Kalshi), Money{});
  portfolio_.set_unpaid(Venue::Polymarket, Money{});
  EXPECT_EQ(portfolio_.free_cash(Venue::Polymarket), portfolio_.cash(Venue::Polymarket));
}

// Three pairs were paid when they were bought; two contracts more are to be paid, if they have won.
TEST_F(PortfolioTest, ThePairsOfWhatSettlesWerePaidBefore) {
  for (const Price yes : {kPriceOne, kPriceZero}) {
    Portfolio portfolio{Capacity{}};
    portfolio.set_unpaid(Venue::Kalshi, Money{});
    Position held;
    held.instrument = InstrumentId{1};
    held.venue = Venue::Kalshi;
    held.quantity = Quantity::whole(5);
    portfolio.restore(held);
    held.outcome = Outcome::No;
    held.quantity = Quantity::whole(3);
    portfolio.restore(held);
    const Money before = portfolio.free_cash(Venue::Kalshi);
    (void)portfolio.settle(InstrumentId{1}, Outcome::Yes, yes);
    (void)portfolio.settle(InstrumentId{1}, Outcome::No, complement(yes));
    EXPECT_EQ(portfolio.free_cash(Venue::Kalshi), before);
    EXPECT_EQ(portfolio.unpaid(Venue::Kalshi), yes == kPriceOne ? Money::whole(2) : Money{});
  }
}

}  // namespace
}  // namespace arbees

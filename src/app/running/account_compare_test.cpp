#include "app/running/account_compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Quantity kTen = Quantity::whole(10);

BookedAccount books(Venue venue, std::vector<BookedPosition> positions) {
  return {venue, Money::whole(100), std::move(positions)};
}
AccountState stated(std::int64_t dollars, std::vector<AccountPosition> positions) {
  AccountState state;
  state.cash = Money::whole(dollars);
  state.positions = std::move(positions);
  return state;
}

TEST(AccountCompare, EqualAccountsDoNotDiffer) {
  EXPECT_THAT(account_differences(books(Venue::Polymarket, {{"T", Outcome::Yes, kTen, false}}),
                                  stated(100, {{"T", Outcome::Yes, kTen}})),
              IsEmpty());
}

TEST(AccountCompare, EveryUnitCounts) {
  const Quantity less = kTen - Quantity::from_units(1);
  EXPECT_THAT(
      account_differences(books(Venue::Polymarket, {{"T", Outcome::Yes, kTen, false}}),
                          stated(100, {{"T", Outcome::Yes, less}})),
      ElementsAre(HasSubstr("the books hold 0.01 more Yes of T than the venue (books 10.00 Yes, venue 9.99 Yes)")));
  EXPECT_THAT(account_differences(books(Venue::Polymarket, {}), stated(99, {})),
              ElementsAre("polymarket: the books have $1.00 more cash than the venue (books $100.00, venue $99.00)"));
  EXPECT_THAT(account_differences(books(Venue::Polymarket, {}), stated(101, {})),
              ElementsAre("polymarket: the venue has $1.00 more cash than the books (books $100.00, venue $101.00)"));
  EXPECT_THAT(
      account_differences(books(Venue::Polymarket, {}), stated(100, {{"X", Outcome::No, kTen}})),
      ElementsAre("polymarket: the venue holds 10.00 more No of X than the books (books none, venue 10.00 No)"));
}

TEST(AccountCompare, OppositePositionsAreToldAsWhatTheyAre) {
  EXPECT_THAT(account_differences(books(Venue::Kalshi, {{"K", Outcome::No, kTen, false}}),
                                  stated(100, {{"K", Outcome::Yes, Quantity::whole(3)}})),
              ElementsAre("kalshi: the books hold 10.00 No of K and the venue 3.00 Yes"));
  EXPECT_THAT(account_differences(books(Venue::Kalshi, {{"K", Outcome::No, kTen, false}}),
                                  stated(100, {{"K", Outcome::No, Quantity::whole(12)}})),
              ElementsAre("kalshi: the venue holds 2.00 more No of K than the books (books 10.00 No, venue 12.00 No)"));
}

TEST(AccountCompare, AVenueThatRoundsDownMayStateLess) {
  AccountState rounded = stated(100, {});
  rounded.cash -= Money::from_units(99);
  rounded.cash_grain = Money::from_units(100);
  EXPECT_THAT(account_differences(books(Venue::Kalshi, {}), rounded), IsEmpty());
  rounded.cash -= Money::from_units(1);
  EXPECT_THAT(account_differences(books(Venue::Kalshi, {}), rounded), ElementsAre(HasSubstr("cash")));
}

TEST(AccountCompare, KalshiHasPaidAPairAlready) {
  const std::vector<BookedPosition> pair = {{"K", Outcome::Yes, kTen, false},
                                            {"K", Outcome::No, Quantity::whole(4), false}};
  EXPECT_THAT(account_differences(books(Venue::Kalshi, pair), stated(104, {{"K", Outcome::Yes, Quantity::whole(6)}})),
              IsEmpty());
}

TEST(AccountCompare, AClosedContractMayBePaidOutOrNot) {
  const std::vector<BookedPosition> closed = {{"T", Outcome::Yes, kTen, true}};
  EXPECT_THAT(account_differences(books(Venue::Polymarket, closed), stated(100, {{"T", Outcome::Yes, kTen}})),
              IsEmpty());
  EXPECT_THAT(account_differences(books(Venue::Polymarket, closed), stated(110, {})), IsEmpty());
  EXPECT_THAT(account_differences(books(Venue::Polymarket, closed), stated(100, {})), IsEmpty()) << "it paid nothing";
  EXPECT_THAT(account_differences(books(Venue::Polymarket, closed), stated(111, {})), ElementsAre(HasSubstr("cash")));
}

LedgerSettlement settlement(const char* symbol, const char* outcome, std::int64_t contracts, std::int64_t dollars) {
  LedgerSettlement row;
  row.contract.venue = "polymarket";
  row.contract.symbol = symbol;
  row.contract.outcome = outcome;
  row.quantity = Quantity::whole(contracts);
  row.payout = Money::whole(dollars);
  return row;
}

TEST(AccountCompare, WhatIsSettledMayBeHeldAtTheVenueStill) {
  LedgerContents ledger;
  ledger.settlements = {settlement("won", "yes", 10, 10), settlement("lost", "yes", 10, 0),
                        settlement("half", "yes", 10, 5)};
  const auto payouts = settled_payouts(ledger, {}, Venue::Polymarket, kNoTime);
  AccountState state =
      stated(85, {{"won", Outcome::Yes, kTen}, {"lost", Outcome::Yes, kTen}, {"half", Outcome::Yes, kTen}});
  EXPECT_EQ(pay_settled(state, payouts).amount, Money::whole(15));
  EXPECT_THAT(account_differences(books(Venue::Polymarket, {}), state), IsEmpty());
  // Somebody has redeemed the winner; what has lost stays.
  state = stated(95, {{"lost", Outcome::Yes, kTen}, {"half", Outcome::Yes, kTen}});
  const Unpaid unpaid = pay_settled(state, payouts);
  EXPECT_EQ(unpaid.amount, Money::whole(5));
  EXPECT_THAT(unpaid.symbols, ElementsAre("half"));
  EXPECT_THAT(account_differences(books(Venue::Polymarket, {}), state), IsEmpty());
}

TEST(AccountCompare, WinnersThatTheBooksNeverHadAreADifference) {
  LedgerContents ledger;
  ledger.settlements = {settlement("won", "yes", 10, 10)};
  AccountState state = stated(90, {{"won", Outcome::Yes, Quantity::whole(12)}, {"other", Outcome::Yes, kTen}});
  (void)pay_settled(state, settled_payouts(ledger, {}, Venue::Polymarket, kNoTime));
  EXPECT_THAT(account_differences(books(Venue::Polymarket, {}), state),
              ElementsAre(HasSubstr("10.00 more Yes of other"), HasSubstr("the venue has $2.00 more cash")));
}

TEST(AccountCompare, WhatIsHeldAgainIsNotSettled) {
  LedgerContents ledger;
  ledger.settlements = {settlement("T", "yes", 10, 10)};
  LedgerAudit audit;
  audit.positions.emplace_back().contract = ledger.settlements[0].contract;
  EXPECT_THAT(settled_payouts(ledger, audit, Venue::Polymarket, kNoTime), IsEmpty());
  EXPECT_THAT(settled_payouts(ledger, {}, Venue::Kalshi, kNoTime), IsEmpty());
}

TEST(AccountCompare, ASettledNoPaysWhatYesDoesNot) {
  EXPECT_EQ(yes_payout(Outcome::No, Money{}, kTen), kPriceOne);
  AccountState state = stated(100, {{"K", Outcome::No, kTen}});
  EXPECT_EQ(pay_settled(state, {{"K", kPriceOne}}).amount, Money{});
  EXPECT_THAT(state.positions, IsEmpty());
}

TEST(AccountCompare, AnOrderThatNobodyKnowsIsADifference) {
  AccountState state = stated(100, {});
  state.open_orders.push_back({"o-1", "", "T", kTen});
  EXPECT_THAT(account_differences(books(Venue::Polymarket, {}), state), ElementsAre(HasSubstr("o-1")));
}

}  // namespace
}  // namespace arbees::app

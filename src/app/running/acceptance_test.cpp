#include "app/running/acceptance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/store/ledger_test_reports.h"
#include "adapters/store/test_files.h"
#include "app/ledger_json.h"
#include "app/running/account_compare.h"

namespace arbees::app {
namespace {

using namespace arbees::test;  // NOLINT(google-build-using-namespace): the short words of these tests
using testing::HasSubstr;
using testing::IsEmpty;

// A live ledger, and a venue that has something else.
class AcceptanceTest : public testing::Test {
 protected:
  AcceptanceTest() {
    auto opened = Ledger::open(path_, Ledger::Durability::Normal);
    EXPECT_TRUE(opened.has_value());
    ledger_ = std::move(*opened);
    EXPECT_TRUE(ledger_->begin_session(kSession, "live", kStart));
    record(cash(Venue::Kalshi, "1000"));
  }

  void record(const ReportBody& body) { EXPECT_TRUE(ledger_->record(make_(body))) << ledger_->error(); }

  void buy_some(std::uint64_t counter, Outcome outcome, const char* size, const char* at) {
    OrderRequest order = buy(counter, at, size);
    order.instrument = instrument_id(Venue::Kalshi, "K");
    order.outcome = outcome;
    InstrumentNamed name = named(order.instrument.value, Venue::Kalshi, "K");
    EXPECT_TRUE(ledger_->record(name));
    record(OrderSubmitted{order});
    record(fill(order, counter, at, size, "0"));
    record(end(order, OrderState::Filled, size));
  }

  [[nodiscard]] LedgerContents contents() {
    EXPECT_TRUE(ledger_->commit());
    auto read = read_ledger(path_);
    EXPECT_TRUE(read.has_value()) << read.error();
    return std::move(*read);
  }

  [[nodiscard]] std::vector<std::string> differences(const AccountState& stated) {
    const LedgerAudit audit = audit_ledger(contents());
    BookedAccount books;
    books.venue = Venue::Kalshi;
    books.cash = audit.cash.at("kalshi");
    for (const LedgerPosition& held : audit.positions) {
      const Outcome outcome = held.contract.outcome == "no" ? Outcome::No : Outcome::Yes;
      books.positions.push_back({held.contract.symbol, outcome, held.quantity, false});
    }
    return account_differences(books, stated);
  }

  // Books it, and expects the books to be equal to the venue and right in themselves.
  Acceptance accept(const AccountState& stated) {
    EXPECT_FALSE(differences(stated).empty());
    Acceptance acceptance;
    accept_account(acceptance, Venue::Kalshi, contents(), stated);
    for (const PositionAdjustment& each : acceptance.adjustments) EXPECT_TRUE(ledger_->adjust(each, "by hand", kStart));
    for (const AcceptedTransfer& each : acceptance.transfers) {
      EXPECT_TRUE(ledger_->transfer(each.venue, each.amount, "by hand", kStart));
    }
    EXPECT_THAT(differences(stated), IsEmpty());
    const LedgerContents after = contents();
    const LedgerAudit audit = audit_ledger(after);
    EXPECT_THAT(audit.problems, IsEmpty());
    profit_ = profit_of(after, audit).total();
    return acceptance;
  }

  static AccountState stated(const char* dollars, std::vector<AccountPosition> positions) {
    AccountState state;
    state.cash = money(dollars);
    state.cash_grain = Money::from_units(100);
    state.positions = std::move(positions);
    return state;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("ledger.sqlite");
  std::unique_ptr<Ledger> ledger_;
  ReportMaker make_;
  Money profit_;
};

TEST_F(AcceptanceTest, ADepositIsATransferAndNoProfit) {
  buy_some(1, Outcome::Yes, "10", "0.40");
  const Acceptance accepted = accept(stated("1496", {{"K", Outcome::Yes, quantity("10")}}));
  EXPECT_THAT(accepted.adjustments, IsEmpty());
  ASSERT_EQ(accepted.transfers.size(), 1U);
  EXPECT_EQ(accepted.transfers[0].amount, money("500"));
  EXPECT_EQ(describe(accepted), "kalshi: a transfer of $500 in\n");
  EXPECT_EQ(profit_, Money{});
  EXPECT_THAT(export_document(contents()), HasSubstr(R"("transfers":[{"venue":"kalshi","amount":"500",)"));
}

TEST_F(AcceptanceTest, AWithdrawalKeepsTheDigitsThatTheVenueDoesNotState) {
  record(cash(Venue::Kalshi, "1000.00005"));
  const Acceptance accepted = accept(stated("900", {}));
  ASSERT_EQ(accepted.transfers.size(), 1U);
  EXPECT_EQ(accepted.transfers[0].amount, money("-100")) << "not a hundred dollars and some dust";
}

TEST_F(AcceptanceTest, ContractsBoughtElsewhereNeverShowAProfit) {
  const Acceptance accepted = accept(stated("998.2", {{"NEW", Outcome::No, quantity("3")}}));
  ASSERT_EQ(accepted.adjustments.size(), 1U);
  EXPECT_EQ(accepted.adjustments[0].cost, money("3"));
  EXPECT_EQ(accepted.adjustments[0].contract.id, instrument_id(Venue::Kalshi, "NEW"));
  EXPECT_THAT(describe(accepted), HasSubstr("3.00 No of NEW came, at a cost of $3 (a dollar each"));
  EXPECT_EQ(profit_, Money{});
  PositionSettled settled;
  settled.instrument = instrument_id(Venue::Kalshi, "NEW");
  settled.outcome = Outcome::No;
  settled.venue = Venue::Kalshi;
  settled.quantity = quantity("3");
  settled.payout = settled.cost = money("3");
  record(settled);
  const LedgerContents after = contents();
  EXPECT_THAT(audit_ledger(after).problems, IsEmpty());
  EXPECT_EQ(profit_of(after, audit_ledger(after)).total(), Money{}) << "it paid all it can";
}

TEST_F(AcceptanceTest, ContractsSoldElsewhereAreLostAndTheirProceedsATransfer) {
  buy_some(1, Outcome::Yes, "10", "0.40");
  const Acceptance accepted = accept(stated("1000", {{"K", Outcome::Yes, quantity("4")}}));
  ASSERT_EQ(accepted.adjustments.size(), 1U);
  EXPECT_EQ(accepted.adjustments[0].quantity, -quantity("6"));
  EXPECT_EQ(accepted.adjustments[0].asset, Asset::BTC) << "as the books know it";
  EXPECT_EQ(accepted.transfers.at(0).amount, money("4"));
  EXPECT_EQ(profit_, money("-2.4"));
}

TEST_F(AcceptanceTest, WhatIsHeldAloneGoesFirstAndPairsStay) {
  buy_some(1, Outcome::Yes, "5", "0.40");
  buy_some(2, Outcome::No, "3", "0.50");
  // 3 pairs were paid; of the 2 Yes alone nothing is left, and a No has come.
  const Acceptance accepted = accept(stated("999.1", {{"K", Outcome::No, quantity("1")}}));
  ASSERT_EQ(accepted.adjustments.size(), 2U);
  EXPECT_EQ(accepted.adjustments[0].outcome, Outcome::Yes);
  EXPECT_EQ(accepted.adjustments[0].quantity, -quantity("2"));
  EXPECT_EQ(accepted.adjustments[1].outcome, Outcome::No);
  EXPECT_EQ(accepted.adjustments[1].quantity, quantity("1"));
  EXPECT_EQ(accepted.transfers.at(0).amount, money("-0.4")) << "1000 - 2 - 1.5 + 3 = 999.5 before";
}

TEST_F(AcceptanceTest, NothingThatDiffersIsNothingToBook) {
  buy_some(1, Outcome::Yes, "5", "0.40");
  Acceptance acceptance;
  accept_account(acceptance, Venue::Kalshi, contents(), stated("998", {{"K", Outcome::Yes, quantity("5")}}));
  EXPECT_TRUE(acceptance.is_empty());
  EXPECT_EQ(describe(acceptance), "");
}

TEST_F(AcceptanceTest, BooksWithoutCashOfAVenueBeginWithItsOwn) {
  AccountState other = stated("70", {{"T", Outcome::Yes, quantity("2")}});
  Acceptance acceptance;
  accept_account(acceptance, Venue::Polymarket, contents(), other);
  EXPECT_THAT(acceptance.transfers, IsEmpty());
  EXPECT_EQ(acceptance.adjustments.size(), 1U);
}

}  // namespace
}  // namespace arbees::app

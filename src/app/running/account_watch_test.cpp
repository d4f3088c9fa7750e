#include "app/running/account_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/net/io_loop.h"
#include "adapters/store/test_files.h"
#include "app/running/test_gateway.h"

namespace arbees::app {
namespace {

class AccountWatchTest : public testing::Test {
 protected:
  void SetUp() override {
    auto gateway = std::make_unique<test::TestGateway>();
    gateway_ = gateway.get();
    gateway_->state.is_ready = true;
    gateway_->account->cash = Money::whole(10'000);
    gateways_.add(gateway_venue_, std::move(gateway));
    options_.folder = folder_.file("data");
    options_.clock = net::IoLoop::now;
    options_.gateways = &gateways_;
    options_.opening[std::string(venue_name(gateway_venue_))] = Money::whole(10'000);
    auto trading = LiveTrading::open(options_, now_);
    ASSERT_TRUE(trading) << trading.error();
    trading_ = std::move(*trading);
    watch_ = std::make_unique<AccountWatch>(gateways_, *trading_);
    watch_->tick(now_);
  }

  // Long enough for the next look.
  void pass_a_minute() { watch_->tick(now_ += std::chrono::minutes(1)); }
  [[nodiscard]] std::string told() const {
    JsonWriter json;
    json.begin_object();
    watch_->write_fields(json);
    json.end_object();
    return json.take();
  }

  test::TemporaryFolder folder_;
  Timestamp now_ = net::IoLoop::now();
  Venue gateway_venue_ = Venue::Kalshi;
  LiveTradingOptions options_;
  LiveGateways gateways_;
  test::TestGateway* gateway_ = nullptr;
  std::unique_ptr<LiveTrading> trading_;
  std::unique_ptr<AccountWatch> watch_;
};

TEST_F(AccountWatchTest, BooksThatAgreeAreLeftAlone) {
  for (int i = 0; i < 4; ++i) pass_a_minute();
  EXPECT_THAT(told(), testing::HasSubstr("\"checks\":4,\"unanswered\":0"));
  EXPECT_THAT(told(), testing::HasSubstr("\"differences\":[]"));
  EXPECT_FALSE(trading_->is_halted());
}

TEST_F(AccountWatchTest, AFillThatWasNeverToldHaltsAtTheThirdLook) {
  gateway_->account->positions.push_back({"KXBTCD-1", Outcome::Yes, Quantity::whole(5)});
  gateway_->account->cash = Money::whole(9'998);
  pass_a_minute();
  pass_a_minute();
  EXPECT_THAT(told(),
              testing::HasSubstr(
                  "kalshi: the venue holds 5.00 more Yes of KXBTCD-1 than the books (books none, venue 5.00 Yes)"));
  EXPECT_FALSE(trading_->is_halted()) << "what is on its way may explain it";
  pass_a_minute();
  EXPECT_TRUE(trading_->is_halted());
  EXPECT_EQ(trading_->run().engine().state_reason(), ControlReason::Reconciliation);
  EXPECT_THAT(trading_->halt_reason(),
              testing::HasSubstr("books and venue differ: kalshi: the venue holds 5.00 more Yes of KXBTCD-1"));
  EXPECT_GT(gateway_->cancels, 0);
  EXPECT_THAT(watch_->difference(), testing::HasSubstr("kalshi: the venue holds 5.00 more Yes of KXBTCD-1"));
  gateway_->account = AccountState{};
  gateway_->account->cash = Money::whole(10'000);
  pass_a_minute();
  EXPECT_EQ(watch_->difference(), "") << "it is compared while halted, too";
}

TEST_F(AccountWatchTest, ADifferenceBesideAHaltByHandIsOneMoreReason) {
  ASSERT_TRUE(trading_->halt_by_hand("", now_));
  gateway_->account->cash = Money::whole(9'998);
  for (int i = 0; i < 6; ++i) pass_a_minute();
  const std::vector<std::string> reasons = trading_->latch().reasons();
  ASSERT_EQ(reasons.size(), 2U) << "said once";
  EXPECT_THAT(reasons[0], testing::EndsWith("no reason given"));
  EXPECT_THAT(reasons[1], testing::HasSubstr("books and venue differ: kalshi: the books have $2.00 more cash"));
}

TEST_F(AccountWatchTest, ADifferenceThatGoesBeginsAnew) {
  const AccountAnswer right = gateway_->account;
  for (int i = 0; i < 3; ++i) {
    gateway_->account->cash = Money::whole(9'990);
    pass_a_minute();
    pass_a_minute();
    gateway_->account = right;
    pass_a_minute();
  }
  EXPECT_FALSE(trading_->is_halted());
}

// A venue that tells only what it is asked about, where tokens stay after their market was decided.
class UnredeemedTest : public AccountWatchTest {
 protected:
  UnredeemedTest() { gateway_venue_ = Venue::Polymarket; }
  void SetUp() override {
    SettledAccount& settled = options_.settled[Venue::Polymarket];
    settled.payouts = {{"old winner", kPriceOne}, {"old loser", kPriceZero}, {"paid winner", kPriceOne}};
    settled.unpaid = {Money::whole(30), {"old winner"}};
    AccountWatchTest::SetUp();
    gateway_->lists_positions = false;
    state(Money::whole(9'970), {{"old winner", Outcome::Yes, Quantity::whole(30)}});
  }
  void state(Money cash, std::vector<AccountPosition> positions) {
    gateway_->account->cash = cash;
    gateway_->account->positions = std::move(positions);
  }
  void hold(const char* symbol, std::int64_t contracts) {
    InstrumentNamed named;
    named.id = instrument_id(Venue::Polymarket, symbol);
    named.venue = Venue::Polymarket;
    ASSERT_TRUE(set_symbol(named, symbol));
    ContractListed listed;
    listed.id = named.id;
    listed.terms.venue = Venue::Polymarket;
    PositionSnapshot held;
    held.id = named.id;
    held.quantity = Quantity::whole(contracts);
    for (const EventBody& body : {EventBody(named), EventBody(listed), EventBody(held)}) trading_->add(body, now_);
    trading_->drain(now_);
  }
  void settle(const char* symbol, Price payout) {
    ContractSettled settled;
    settled.id = instrument_id(Venue::Polymarket, symbol);
    settled.payout = payout;
    trading_->add(settled, now_);
    trading_->drain(now_);
  }
  void expect_agreement(Money can_be_spent) {
    for (int i = 0; i < 4; ++i) pass_a_minute();
    trading_->drain(now_);
    EXPECT_FALSE(trading_->is_halted()) << watch_->difference();
    EXPECT_EQ(watch_->difference(), "");
    EXPECT_EQ(trading_->run().engine().portfolio().free_cash(Venue::Polymarket), can_be_spent);
  }
};

TEST_F(UnredeemedTest, WinningsOfAnEarlierSessionAreAskedForUntilTheyAreCash) {
  EXPECT_EQ(trading_->run().engine().portfolio().free_cash(Venue::Polymarket), Money::whole(9'970)) << "at the start";
  expect_agreement(Money::whole(9'970));
  EXPECT_THAT(gateway_->asked_for.unpaid, testing::ElementsAre("old winner"));
  EXPECT_THAT(gateway_->asked_for.settled, testing::ElementsAre("old loser", "paid winner"));
  state(Money::whole(10'000), {});
  expect_agreement(Money::whole(10'000));
  EXPECT_THAT(gateway_->asked_for.unpaid, testing::IsEmpty());
  EXPECT_THAT(gateway_->asked_for.settled, testing::ElementsAre("old loser", "old winner", "paid winner"));
}

TEST_F(UnredeemedTest, DifferencesCountWhenAllThatIsUnpaidHasBeenReadAfresh) {
  state(Money::whole(10'000), {{"old winner", Outcome::Yes, Quantity::whole(30)}});
  gateway_->account->looks = 5;
  for (int look = 0; look < 5; ++look) pass_a_minute();
  EXPECT_FALSE(trading_->is_halted());
  gateway_->account->cash = Money::whole(10'001);
  for (int look = 0; look < 5; ++look) pass_a_minute();
  EXPECT_FALSE(trading_->is_halted()) << "somebody is redeeming";
  pass_a_minute();
  EXPECT_TRUE(trading_->is_halted());
}

TEST_F(UnredeemedTest, WhatSettlesCannotBeSpentBeforeItIsThere) {
  hold("held", 20);
  hold("lost", 5);
  const std::vector<AccountPosition> tokens = {{"old winner", Outcome::Yes, Quantity::whole(30)},
                                               {"held", Outcome::Yes, Quantity::whole(20)},
                                               {"lost", Outcome::Yes, Quantity::whole(5)}};
  state(Money::whole(9'970), tokens);
  expect_agreement(Money::whole(9'970));
  EXPECT_THAT(gateway_->asked_for.held, testing::UnorderedElementsAre("held", "lost"));
  settle("held", kPriceOne);
  settle("lost", kPriceZero);
  const Portfolio& portfolio = trading_->run().engine().portfolio();
  EXPECT_EQ(portfolio.free_cash(Venue::Polymarket), Money::whole(9'970)) << "before anybody has looked";
  expect_agreement(Money::whole(9'970));
  EXPECT_EQ(portfolio.cash(Venue::Polymarket), Money::whole(10'020));
  EXPECT_THAT(gateway_->asked_for.unpaid, testing::UnorderedElementsAre("held", "old winner"));
  state(Money::whole(9'990), {tokens[0], tokens[2]});
  expect_agreement(Money::whole(9'990));
  state(Money::whole(10'019), {tokens[2]});
  for (int i = 0; i < 3; ++i) pass_a_minute();
  EXPECT_TRUE(trading_->is_halted()) << "a dollar is missing";
}

TEST_F(AccountWatchTest, AnAnswerThatIsNotWholeSaysNothing) {
  gateway_->account = failure(std::string("page two is missing"));
  for (int i = 0; i < 5; ++i) pass_a_minute();
  EXPECT_THAT(told(), testing::HasSubstr("\"checks\":0,\"unanswered\":5"));
  EXPECT_FALSE(trading_->is_halted());
}

TEST_F(AccountWatchTest, NothingIsAskedWhileAnOrderIsOut) {
  gateway_->account->cash = Money{};
  gateway_->state.open_orders = 1;
  for (int i = 0; i < 5; ++i) pass_a_minute();
  EXPECT_THAT(told(), testing::HasSubstr("\"checks\":0"));
}

// The latch is written to a disk, which may be slow.
TEST_F(AccountWatchTest, CancelsDoNotWaitForTheLatch) {
  bool was_latched = true;
  gateway_->when_cancelled = [&] { was_latched = trading_->latch().is_halted(); };
  const auto halted = trading_->halt_by_hand("drill", now_);
  ASSERT_TRUE(halted);
  EXPECT_TRUE(*halted);
  EXPECT_FALSE(was_latched);
  EXPECT_TRUE(trading_->latch().is_halted());
  EXPECT_THAT(trading_->halt_reason(), testing::HasSubstr("drill"));
  EXPECT_EQ(trading_->run().engine().state(), TradingState::Halted);
}

}  // namespace
}  // namespace arbees::app

// Selling everything: what is sold, what is not and why, and that nothing is ever bought.

#include "core/engine/test_engine.h"

namespace arbees {
namespace {

constexpr std::uint64_t kFirst = 21;
constexpr std::uint64_t kSecond = 22;

class FlattenTest : public test::EngineTest {
 protected:
  FlattenTest() {
    list(kFirst, threshold(Venue::Polymarket, 64'000));
    list(kSecond, threshold(Venue::Kalshi, 65'000));
  }

  void command(ControlCommand which) {
    Control control;
    control.command = which;
    control.reason = ControlReason::Operator;
    say(control);
  }
  void flatten() { command(ControlCommand::Flatten); }

  [[nodiscard]] SaleHold hold_of(std::uint64_t id, Outcome outcome = Outcome::Yes) const {
    SaleHold found = SaleHold::None;
    engine_->execution().for_each_held(now_, [&](const Position& position, SaleHold hold) {
      if (position.instrument.value == id && position.outcome == outcome) found = hold;
    });
    return found;
  }
  [[nodiscard]] bool holds(std::uint64_t id, Outcome outcome = Outcome::Yes) const {
    return engine_->portfolio().find(InstrumentId{id}, outcome) != nullptr;
  }
  void fill_all() {
    answer_orders([](const OrderRequest&) { return true; });
  }
};

TEST_F(FlattenTest, SellsEveryPositionAtTheBids) {
  book(kFirst, {{"0.40", 30}, {"0.39", 100}}, {{"0.42"}});
  book(kSecond, {{"0.60"}}, {{"0.62"}});
  hold(kFirst, Outcome::Yes, 50, "20.50");
  hold(kSecond, Outcome::No, 10, "4");
  flatten();
  EXPECT_EQ(engine_->state(), TradingState::Reducing);
  ASSERT_EQ(orders_.size(), 2u);
  for (const OrderRequest& order : orders_) {
    EXPECT_EQ(order.side, Side::Sell);
    EXPECT_EQ(order.request.value, 0u);
    EXPECT_EQ(order.time_in_force, TimeInForce::ImmediateOrCancel);
    const bool is_first = order.instrument.value == kFirst;
    EXPECT_EQ(order.quantity, Quantity::whole(is_first ? 50 : 10));
    EXPECT_EQ(order.outcome, is_first ? Outcome::Yes : Outcome::No);
    // Two cents below the worst bid that it needs: 0.39, and 1 − 0.62 for the No.
    EXPECT_EQ(order.limit, test::price(is_first ? "0.37" : "0.36"));
  }
  EXPECT_EQ(hold_of(kFirst), SaleHold::UnderWay);
  fill_all();
  EXPECT_FALSE(holds(kFirst));
  EXPECT_FALSE(holds(kSecond, Outcome::No));
  EXPECT_EQ(engine_->execution().flattened().orders, 2u);
  EXPECT_EQ(engine_->execution().flattened().sold, Quantity::whole(60));
  EXPECT_EQ(engine_->execution().flattened().cost, test::money("24.50"));
  EXPECT_EQ(engine_->execution().flattened().proceeds, test::money("22.10"));
}

TEST_F(FlattenTest, GoesOnWithWhatIsLeftWhenTheBooksAllow) {
  book(kFirst, {{"0.40", 30}}, {{"0.42"}});
  hold(kFirst, Outcome::Yes, 50, "20");
  flatten();
  ASSERT_EQ(orders_.size(), 1u);
  EXPECT_EQ(orders_[0].quantity, Quantity::whole(30));
  fill_all();
  book(kFirst, {}, {{"0.42"}});
  wait(std::chrono::seconds(1));
  EXPECT_TRUE(orders_.empty());
  EXPECT_EQ(hold_of(kFirst), SaleHold::NoBid);
  book(kFirst, {{"0.38", 100}}, {{"0.42"}});
  wait(std::chrono::milliseconds(200));
  ASSERT_EQ(orders_.size(), 1u);
  EXPECT_EQ(orders_[0].quantity, Quantity::whole(20));
}

TEST_F(FlattenTest, ASaleThatFindsNobodyIsTriedLessAndLessOften) {
  book(kFirst, {{"0.40"}}, {{"0.42"}});
  hold(kFirst, Outcome::Yes, 50, "20");
  flatten();
  int sales = 0;
  for (int tick = 0; tick < 100; ++tick) {
    sales += static_cast<int>(orders_.size());
    answer_orders([](const OrderRequest&) { return false; });
    book(kFirst, {{"0.40"}}, {{"0.42"}});
    wait(std::chrono::milliseconds(100));
  }
  EXPECT_GE(sales, 4);
  EXPECT_LE(sales, 6) << "after 0, 0.5, 1.5, 3.5 and 7.5 s";
}

// A venue takes so many orders a second; the rest would be refused, and refusals halt.
TEST_F(FlattenTest, SellsManyPositionsAFewAtATime) {
  constexpr std::uint64_t kMany = 30;
  for (std::uint64_t i = 0; i < kMany; ++i) {
    list(100 + i, threshold(Venue::Kalshi, 70'000 + static_cast<std::int64_t>(i)));
    book(100 + i, {{"0.40"}}, {{"0.62"}});
    hold(100 + i, Outcome::Yes, 10, "4");
  }
  book(kFirst, {{"0.40"}}, {{"0.42"}});
  hold(kFirst, Outcome::Yes, 10, "4");
  flatten();
  std::size_t most = 0;
  for (int tick = 0; tick < 50 && engine_->execution().flattened().sold < Quantity::whole(10 * (kMany + 1)); ++tick) {
    const auto at_kalshi = std::count_if(orders_.begin(), orders_.end(),
                                         [](const OrderRequest& order) { return order.venue == Venue::Kalshi; });
    most = std::max(most, static_cast<std::size_t>(at_kalshi));
    fill_all();
    wait(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(most, 8U);
  EXPECT_EQ(engine_->execution().flattened().orders, kMany + 1) << "each once, those of other venues beside them";
  for (std::uint64_t i = 0; i < kMany; ++i) EXPECT_FALSE(holds(100 + i)) << i;
}

TEST_F(FlattenTest, SaysWhyItDoesNotSell) {
  hold(kFirst, Outcome::Yes, 50, "20");
  hold(kSecond, Outcome::Yes, 50, "20");
  flatten();
  EXPECT_EQ(hold_of(kFirst), SaleHold::AwaitsBook) << "not told yet: that is not the end";
  book(kSecond, {{"0.40"}}, {{"0.42"}});
  now_ += limits_.price_staleness + std::chrono::seconds(1);
  book(kFirst, {{"0.40"}}, {{"0.42"}});
  wait(std::chrono::milliseconds(200));
  ASSERT_EQ(orders_.size(), 1u);
  EXPECT_EQ(hold_of(kFirst), SaleHold::UnderWay);
  EXPECT_EQ(hold_of(kSecond), SaleHold::UnprovenBook) << "too old";
  ContractPhaseChanged closed;
  closed.id = InstrumentId{kSecond};
  closed.phase = ContractPhase::Closed;
  say(closed);
  EXPECT_EQ(hold_of(kSecond), SaleHold::NotTradable);
}

// After a start positions are known first, then their contracts, and whether these are open.
TEST_F(FlattenTest, WaitsForContractsThatWereNotToldYet) {
  constexpr std::uint64_t kNew = 77;
  InstrumentNamed named;
  named.id = InstrumentId{kNew};
  named.venue = Venue::Kalshi;
  say(named);
  hold(kNew, Outcome::Yes, 10, "4");
  flatten();
  EXPECT_EQ(hold_of(kNew), SaleHold::AwaitsBook);
  say(ContractListed{InstrumentId{kNew}, threshold(Venue::Kalshi, 71'000)});
  EXPECT_EQ(hold_of(kNew), SaleHold::AwaitsBook);
  ContractPhaseChanged active;
  active.id = InstrumentId{kNew};
  active.phase = ContractPhase::Active;
  say(active);
  EXPECT_EQ(hold_of(kNew), SaleHold::AwaitsBook) << "no book yet";
  book(kNew, {{"0.40"}}, {{"0.42"}});
  wait(std::chrono::milliseconds(200));
  ASSERT_EQ(orders_.size(), 1u);
  EXPECT_EQ(orders_[0].instrument.value, kNew);
}

TEST_F(FlattenTest, NeverSellsBelowTheSanePriceNorBeyondTheBudget) {
  limits_.unwind_budget = test::money("2");
  restart();
  list(kFirst, threshold(Venue::Polymarket, 64'000));
  list(kSecond, threshold(Venue::Kalshi, 65'000));
  book(kFirst, {{"0.30"}}, {{"0.42"}});
  hold(kFirst, Outcome::Yes, 50, "20");  // 0.40 each: a sale at 0.30 loses 0.10
  book(kSecond, {}, {{"0.995", 500}});   // a bid of 0.005 for the No
  hold(kSecond, Outcome::No, 10, "0.05");
  flatten();
  ASSERT_EQ(orders_.size(), 1u);
  EXPECT_EQ(orders_[0].quantity, Quantity::whole(20)) << "as much as loses two dollars";
  EXPECT_EQ(orders_[0].limit, test::price("0.30")) << "no room below: the budget is used up";
  fill_all();
  wait(std::chrono::seconds(10));
  EXPECT_TRUE(orders_.empty());
  EXPECT_EQ(hold_of(kFirst), SaleHold::UnwindBudget);
}

TEST_F(FlattenTest, APairThatTheVenueHasPaidOutIsNotSold) {
  book(kSecond, {{"0.60"}}, {{"0.62"}});
  hold(kSecond, Outcome::Yes, 10, "6");
  hold(kSecond, Outcome::No, 10, "4");
  flatten();
  EXPECT_TRUE(orders_.empty()) << "selling either would open the other";
  EXPECT_EQ(hold_of(kSecond, Outcome::Yes), SaleHold::Netted);
  EXPECT_EQ(hold_of(kSecond, Outcome::No), SaleHold::Netted);
  hold(kSecond, Outcome::Yes, 13, "8");
  wait(std::chrono::milliseconds(200));
  ASSERT_EQ(orders_.size(), 1u);
  EXPECT_EQ(orders_[0].outcome, Outcome::Yes);
  EXPECT_EQ(orders_[0].quantity, Quantity::whole(3));
}

TEST_F(FlattenTest, WaitsForWhatIsNotSettledYet) {
  book(kFirst, {{"0.40"}}, {{"0.42"}});
  hold(kFirst, Outcome::Yes, 50, "20");
  flatten();
  ASSERT_EQ(orders_.size(), 1u);
  const OrderRequest sale = orders_[0];
  orders_.clear();
  OrderUpdate update;
  update.id = sale.id;
  update.instrument = sale.instrument;
  update.state = OrderState::PartlyFilled;
  update.venue_fill_id = 7;
  update.fill_price = sale.limit;
  update.fill_quantity = update.filled_total = Quantity::whole(20);
  say(update);
  FillFinalityChanged changed;
  changed.id = sale.id;
  changed.venue_fill_id = 7;
  changed.finality = FillFinality::Mined;
  say(changed);
  orders_.clear();
  wait(std::chrono::seconds(1));
  EXPECT_EQ(hold_of(kFirst), SaleHold::AwaitsSettlement);
  EXPECT_TRUE(orders_.empty());
  changed.finality = FillFinality::Failed;
  say(changed);
  book(kFirst, {{"0.40"}}, {{"0.42"}});
  wait(std::chrono::milliseconds(200));
  ASSERT_EQ(orders_.size(), 1u);
  EXPECT_EQ(orders_[0].quantity, Quantity::whole(50)) << "the sale that failed is held again";
}

TEST_F(FlattenTest, AHaltIsStrongerAndAResumeEndsIt) {
  book(kFirst, {{"0.40"}}, {{"0.42"}});
  hold(kFirst, Outcome::Yes, 50, "20");
  command(ControlCommand::Halt);
  flatten();
  command(ControlCommand::Reduce);
  EXPECT_EQ(engine_->state(), TradingState::Halted);
  EXPECT_FALSE(engine_->execution().is_flattening());
  EXPECT_TRUE(orders_.empty());
  command(ControlCommand::Resume);
  EXPECT_TRUE(orders_.empty());
  flatten();
  EXPECT_EQ(orders_.size(), 1u);
  command(ControlCommand::Halt);
  EXPECT_FALSE(engine_->execution().is_flattening());
  orders_.clear();
  wait(std::chrono::seconds(1));
  for (const OrderCommand& sent : outputs_.orders) EXPECT_NE(sent.action, OrderAction::Submit);
}

// Legs at once; the first fills, the other does not: its request must not buy it after all, nor sell it a second time.
TEST_F(FlattenTest, OpenRequestsBuyNothingMoreAndNothingIsSoldTwice) {
  list(31, threshold(Venue::Kalshi, 64'000));
  list(32, threshold(Venue::Kalshi, 63'000));
  book(32, {{"0.38", 100}}, {{"0.40", 100}});
  book(31, {{"0.50", 100}}, {{"0.52", 100}});
  ASSERT_EQ(orders_.size(), 2u);
  const std::vector<OrderRequest> legs = orders_;
  flatten();
  EXPECT_EQ(orders_.size(), 2u) << "what it holds is still nothing";
  answer_orders([&](const OrderRequest& order) { return order.id == legs[0].id; });
  EXPECT_EQ(engine_->execution().open_request_count(), 0u);
  wait(std::chrono::milliseconds(200));
  ASSERT_EQ(orders_.size(), 1u);
  EXPECT_EQ(orders_[0].side, Side::Sell);
  EXPECT_EQ(orders_[0].instrument, legs[0].instrument);
  EXPECT_EQ(orders_[0].quantity, legs[0].quantity);
}

}  // namespace
}  // namespace arbees

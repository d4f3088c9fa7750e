// Where a venue pays a Yes and a No of one market at once, the dollar trades again before the market settles.

#include "core/engine/test_engine.h"
#include "core/risk/limits.h"

namespace arbees {
namespace {

using test::money;

class PaidPairsTest : public test::EngineTest {
 protected:
  // Market 3 of the venue is held; a ladder on Kalshi sells a certain dollar for $0.90.
  void hold_pair_and_offer(Venue venue) {
    cash(Venue::Kalshi, "1");
    list(3, threshold(venue, 500));
    hold(3, Outcome::Yes, 10, "5");
    hold(3, Outcome::No, 8, "4");
    list(1, threshold(Venue::Kalshi, 100));
    list(2, threshold(Venue::Kalshi, 110));
    book(1, {}, {{"0.5"}});
    book(2, {{"0.6"}}, {});
  }
  [[nodiscard]] Quantity requested() const { return requests_.empty() ? Quantity{} : requests_[0].legs[0].quantity; }
};

TEST_F(PaidPairsTest, WhatKalshiHasPaidIsSpent) {
  hold_pair_and_offer(Venue::Kalshi);
  EXPECT_EQ(engine_->portfolio().pair_cash(Venue::Kalshi), money("8"));
  EXPECT_EQ(requested(), Quantity::whole(10)) << "$9 at $0.90";
  EXPECT_EQ(engine_->portfolio().cash(Venue::Kalshi), money("1")) << "booked with the settlement";
}

TEST_F(PaidPairsTest, WhatPolymarketOwesIsNot) {
  hold_pair_and_offer(Venue::Polymarket);
  EXPECT_EQ(requested(), Quantity::whole(1)) << "$1 at $0.90";
}

// Winnings are tokens until somebody redeems them, so they are the books' cash and no order's.
TEST_F(PaidPairsTest, WhatIsNotRedeemedIsNotSpent) {
  const auto unpaid = [this](const char* amount) {
    LimitSet set;
    set.row = kUnpaidRow + static_cast<std::uint32_t>(Venue::Polymarket);
    set.value = money(amount).units();
    say(set);
  };
  unpaid("0");
  list(3, threshold(Venue::Polymarket, 500));
  hold(3, Outcome::Yes, 9, "5");
  cash(Venue::Polymarket, "1");
  ContractSettled settled;
  settled.id = InstrumentId{3};
  settled.payout = kPriceOne;
  say(settled);
  EXPECT_EQ(engine_->portfolio().cash(Venue::Polymarket), money("10"));
  list(1, threshold(Venue::Polymarket, 100));
  list(2, threshold(Venue::Polymarket, 110));
  book(1, {}, {{"0.5"}});
  book(2, {{"0.6"}}, {});
  EXPECT_TRUE(requests_.empty()) << "a dollar is less than the least order";
  unpaid("0");
  book(1, {}, {{"0.4"}});
  EXPECT_GT(requested(), Quantity::whole(8)) << "$10 at less than a dollar";
}

// Selling one half of a pair again, because the request's other leg is not to be had, costs the venue's dollar.
TEST_F(PaidPairsTest, WhatARequestUnderWayHasPairedWaitsForItsEnd) {
  cash(Venue::Kalshi, "20");
  list(1, threshold(Venue::Kalshi, 100));
  list(2, threshold(Venue::Kalshi, 110));
  hold(2, Outcome::Yes, 10, "5");
  book(1, {}, {{"0.5", 10}});
  book(2, {{"0.6", 10}}, {});
  ASSERT_EQ(orders_.size(), 2u);
  const std::vector<OrderRequest> sent = orders_;
  orders_ = {sent[0].instrument == InstrumentId{2} ? sent[0] : sent[1]};
  answer_orders([](const OrderRequest&) { return true; });  // No of market 2: ten pairs
  EXPECT_EQ(engine_->portfolio().pair_cash(Venue::Kalshi), Money{});
  orders_ = {sent[0].instrument == InstrumentId{1} ? sent[0] : sent[1]};
  answer_orders([](const OrderRequest&) { return true; });
  EXPECT_EQ(engine_->portfolio().pair_cash(Venue::Kalshi), money("10"));
  EXPECT_EQ(engine_->portfolio().free_cash(Venue::Kalshi), money("21"));
}

TEST_F(PaidPairsTest, TheSettlementBringsTheDollarOnce) {
  hold_pair_and_offer(Venue::Kalshi);
  answer_orders([](const OrderRequest&) { return false; });
  const Money before = engine_->portfolio().free_cash(Venue::Kalshi);
  ContractSettled settled;
  settled.id = InstrumentId{3};
  settled.payout = kPriceOne;
  say(settled);
  EXPECT_EQ(engine_->portfolio().pair_cash(Venue::Kalshi), Money{});
  EXPECT_EQ(engine_->portfolio().cash(Venue::Kalshi), money("11"));
  EXPECT_EQ(engine_->portfolio().free_cash(Venue::Kalshi), before + money("2")) << "the two without a counterpart";
}

}  // namespace
}  // namespace arbees

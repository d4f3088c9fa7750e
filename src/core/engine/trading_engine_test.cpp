#include "core/engine/trading_engine.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

constexpr InstrumentId kUp{11};
constexpr InstrumentId kDown{12};

Price price(std::string_view text) { return Price::parse(text).value(); }

// A Polymarket window: two tokens, each the other's complement, with $10,000 to trade.
class TokenMarket : public testing::Test {
 protected:
  TokenMarket() {
    CashSnapshot cash;
    cash.cash = Money::whole(10'000);
    cash.venue = Venue::Polymarket;
    say(cash);
    list(kUp, kDown, Comparator::GreaterOrEqual);
    list(kDown, kUp, Comparator::Less);
  }

  void say(EventBody body) {
    Event event;
    now_ += std::chrono::milliseconds(1);
    event.received_at = now_;
    event.sequence = ++sequence_;
    event.body = body;
    outputs_.clear();
    engine_.on_event(event, outputs_);
  }

  void list(InstrumentId id, InstrumentId complement, Comparator comparator) {
    InstrumentNamed named;
    named.id = id;
    named.venue = Venue::Polymarket;
    say(named);
    ContractTerms terms;
    terms.venue = Venue::Polymarket;
    terms.asset = Asset::BTC;
    terms.payoff = Payoff::UpDown;
    terms.comparator = comparator;
    terms.source = SettlementSource::ChainlinkTwap60;
    terms.lower = Strike::whole(64'000);
    terms.has_lower = 1;
    terms.rounding_decimals = 255;
    terms.closes_at = from_unix_s(10'000);
    terms.complement = complement;
    terms.grid = PriceGrid::uniform(price("0.01"));
    terms.lot = Quantity::from_units(1);
    terms.minimum_order = Quantity::whole(5);
    terms.fees.model = FeeModel::None;
    terms.not_tradable = NotTradable::None;
    say(ContractListed{id, terms});
    ContractPhaseChanged active;
    active.id = id;
    active.phase = ContractPhase::Active;
    say(active);
  }

  // A whole book of one level a side, each of 1,000 contracts.
  void quote(InstrumentId id, std::string_view bid, std::string_view ask, std::uint8_t more = 0) {
    BookUpdate update;
    update.id = id;
    update.action = BookAction::Clear;
    update.flags = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
    say(update);
    update.action = BookAction::Set;
    update.quantity = Quantity::whole(1000);
    update.price = price(bid);
    update.flags = BookUpdate::kSnapshot;
    say(update);
    update.side = BookSide::Ask;
    update.price = price(ask);
    update.flags = static_cast<std::uint8_t>(BookUpdate::kSnapshot | BookUpdate::kLast | more);
    say(update);
  }

  Timestamp now_ = from_unix_s(1000);
  std::uint64_t sequence_ = 0;
  TradingEngine engine_{Capacity{}, RiskLimits{}};
  Outputs outputs_;
};

TEST_F(TokenMarket, BuysBothTokensAtTheSizeThatTheLimitsAllow) {
  quote(kDown, "0.39", "0.40");
  quote(kUp, "0.39", "0.40");
  ASSERT_EQ(outputs_.requests.size(), 1u);
  const ExecutionRequest& request = outputs_.requests[0];
  ASSERT_EQ(request.legs.size(), 2u);
  for (const Leg& leg : request.legs) {
    EXPECT_EQ(leg.outcome, Outcome::Yes) << "the other token's No is not bought beside it";
    EXPECT_EQ(leg.quantity, request.legs[0].quantity);
    EXPECT_LE(leg.cost + leg.fee, RiskLimits{}.max_position);
    EXPECT_LT(leg.quantity, Quantity::whole(2000));
  }
  EXPECT_GT(request.guaranteed, request.outlay);
}

// Shrinking a request once left the quotes of outcomes that are not bought in the graph: 0.35 for Up and a No of Up
// at 0.61, which was gone, looked like a profit.
TEST_F(TokenMarket, AShrunkRequestLeavesNoQuoteBehind) {
  quote(kDown, "0.39", "0.60");
  quote(kUp, "0.39", "0.40");
  EXPECT_TRUE(outputs_.requests.empty());
  quote(kDown, "0.39", "0.40");
  ASSERT_EQ(outputs_.requests.size(), 1u);
  quote(kDown, "0.60", "0.70");
  quote(kUp, "0.30", "0.35");
  EXPECT_TRUE(outputs_.requests.empty());
  EXPECT_TRUE(outputs_.reports.empty());
}

// One order at 0.60 for Up takes the asks of Up and the bids of Down, in one message: between the two changes both
// tokens seem to be had for 0.99.
TEST_F(TokenMarket, HalfAMessageIsNoOpportunity) {
  quote(kDown, "0.49", "0.51");
  quote(kUp, "0.49", "0.51");
  quote(kUp, "0.39", "0.41", BookUpdate::kMore);
  EXPECT_TRUE(outputs_.requests.empty());
  EXPECT_TRUE(outputs_.reports.empty());
  quote(kDown, "0.59", "0.61");
  EXPECT_TRUE(outputs_.requests.empty());
  EXPECT_TRUE(outputs_.reports.empty());
  quote(kUp, "0.29", "0.31", BookUpdate::kMore);
  quote(kDown, "0.59", "0.60");
  EXPECT_EQ(outputs_.requests.size(), 1u) << "what both halves leave is judged at the second";
}

TEST_F(TokenMarket, HaltedItSendsNothingAndResumedItDoes) {
  say(Control{});
  quote(kDown, "0.39", "0.40");
  quote(kUp, "0.39", "0.40");
  EXPECT_TRUE(outputs_.requests.empty());
  ASSERT_EQ(outputs_.reports.size(), 1u);
  EXPECT_EQ(std::get<OpportunityJudged>(outputs_.reports[0].body).verdict, Verdict::Halted);
  Control resume;
  resume.command = ControlCommand::Resume;
  say(resume);
  quote(kUp, "0.38", "0.39");
  EXPECT_EQ(outputs_.requests.size(), 1u);
}

TEST_F(TokenMarket, AGapInOneBookForbidsTheTrade) {
  quote(kDown, "0.39", "0.40");
  BookFaulted gap;
  gap.id = kDown;
  gap.fault = BookFault::SequenceGap;
  say(gap);
  quote(kUp, "0.39", "0.40");
  EXPECT_TRUE(outputs_.requests.empty());
  quote(kDown, "0.39", "0.40");
  EXPECT_EQ(outputs_.requests.size(), 1u);
}

}  // namespace
}  // namespace arbees

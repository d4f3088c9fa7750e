// What a Polymarket account holds after a resolution: in the world's time, on the CLOB's routes, and as it is set.

#include <algorithm>

#include "adapters/store/test_files.h"
#include "sim/sim_server.h"
#include "sim/test_clob_client.h"
#include "sim/test_clob_world.h"

namespace arbees::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kStep = milliseconds(50);

// The next up/down window to end that can still be traded for a while on both sides.
const Market* next_window(const World& world) {
  const Market* found = nullptr;
  for (MarketId id = 0; id < world.market_count(); ++id) {
    const Market& market = world.market(id);
    if (market.venue != Venue::Polymarket || market.payoff != Payoff::UpDown || !market.is_active()) continue;
    const bool is_late = market.closes_at - world.now() < seconds(45);
    const bool is_decided =
        world.best_bid(id) < Price::from_units(1000) || world.best_ask(id) > Price::from_units(9000);
    if (!is_late && !is_decided && (found == nullptr || market.closes_at < found->closes_at)) found = &market;
  }
  return found;
}

// A world in which the user buys both outcomes of a window: one of them wins, whatever happens.
class Redemption : public testing::Test {
 protected:
  void start(Duration redeem_after = WorldSettings{}.redeem_after) {
    WorldSettings settings = VirtualWorld::settings_of(3);
    settings.redeem_after = redeem_after;
    world_ = std::make_unique<World>(settings);
    total_ = world_->total_money(Venue::Polymarket);
  }

  const Market& buy_both() {
    const Market* market = next_window(*world_);
    EXPECT_NE(market, nullptr);
    for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
      NewOrder order;
      order.market = market->id;
      order.outcome = outcome;
      order.price = Price::from_units(9900);
      order.quantity = Quantity::whole(20);
      order.lifetime = Lifetime::ImmediateOrCancel;
      EXPECT_TRUE(world_->place(Venue::Polymarket, order, world_->now()).has_value());
    }
    const Position held = world_->position(Venue::Polymarket, market->id);
    EXPECT_TRUE(held.yes.is_positive() && held.no.is_positive());
    return *market;
  }
  // To the step in which it is resolved.
  void resolve(const Market& market) {
    while (market.phase != ContractPhase::Settled && world_->now() < market.closes_at + minutes(1)) pass(kStep);
    ASSERT_EQ(market.phase, ContractPhase::Settled);
    ASSERT_EQ(market.settled_at, world_->now());
  }
  void pass(Duration time) {
    world_->advance(world_->now() + time);
    ASSERT_EQ(world_->total_money(Venue::Polymarket), total_);
  }

  static Outcome winner(const Market& market) { return market.payout == kPriceOne ? Outcome::Yes : Outcome::No; }
  [[nodiscard]] Quantity held(const Market& market, bool won) const {
    const Position position = world_->position(Venue::Polymarket, market.id);
    return (winner(market) == Outcome::Yes) == won ? position.yes : position.no;
  }
  [[nodiscard]] Money cash() const { return world_->cash(Venue::Polymarket); }

  std::unique_ptr<World> world_;
  Money total_;
};

TEST_F(Redemption, HalfAMinuteAfterEachResolutionWinnersBecomeCashAndLosersStay) {
  start();
  std::vector<std::pair<const Market*, Quantity>> lost;
  for (int time = 0; time < 2; ++time) {
    const Market& market = buy_both();
    const Money paid_up = cash();
    const Position bought = world_->position(Venue::Polymarket, market.id);
    resolve(market);
    const Quantity won = winner(market) == Outcome::Yes ? bought.yes : bought.no;
    lost.emplace_back(&market, winner(market) == Outcome::Yes ? bought.no : bought.yes);
    for (const Duration still : {Duration{0}, Duration(seconds(30) - kStep)}) {
      pass(still);
      EXPECT_EQ(cash(), paid_up);
      EXPECT_EQ(held(market, true), won);
      EXPECT_EQ(held(market, false), lost.back().second);
      EXPECT_EQ(world_->position_value(Venue::Polymarket), kPriceOne * won);
    }
    pass(kStep);
    EXPECT_EQ(cash(), paid_up + kPriceOne * won);
    EXPECT_EQ(held(market, true), Quantity{});
    EXPECT_EQ(world_->position_value(Venue::Polymarket), Money{});
    EXPECT_EQ(world_->settlements(Venue::Polymarket).size(), lost.size());
    EXPECT_EQ(world_->settlements(Venue::Polymarket).back().time, market.settled_at + seconds(30));
    for (const auto& [resolved, tokens] : lost) EXPECT_EQ(held(*resolved, false), tokens);
  }
}

TEST_F(Redemption, OfNoDelayComesWithTheResolution) {
  start(Duration{0});
  const Market& market = buy_both();
  const Money paid_up = cash();
  const Position bought = world_->position(Venue::Polymarket, market.id);
  resolve(market);
  EXPECT_EQ(cash(), paid_up + kPriceOne * (winner(market) == Outcome::Yes ? bought.yes : bought.no));
  EXPECT_EQ(held(market, true), Quantity{});
  EXPECT_TRUE(held(market, false).is_positive());
}

TEST_F(Redemption, CanBeLeftToTheOwner) {
  start(kNeverRedeemed);
  const Market& market = buy_both();
  const Money paid_up = cash();
  resolve(market);
  const Quantity won = held(market, true);
  pass(minutes(5));
  EXPECT_EQ(cash(), paid_up);
  EXPECT_TRUE(won.is_positive());
  EXPECT_EQ(held(market, true), won);
  EXPECT_TRUE(world_->settlements(Venue::Polymarket).empty());
}

TEST(RedemptionSetting, IsTakenFromTheFaultPlan) {
  test::TemporaryFolder folder;
  net::IoLoop loop;
  const auto set_by = [&](std::string_view plan) {
    SimOptions options;
    options.folder = folder.file("");
    options.faults = parse_fault_plan(plan).value();
    const auto server = SimServer::start(loop, options);
    EXPECT_TRUE(server) << server.error();
    return server ? (*server)->world().settings().redeem_after : Duration{-1};
  };
  EXPECT_EQ(set_by("none"), seconds(30));
  EXPECT_EQ(set_by("drop=0.1"), seconds(30));
  EXPECT_EQ(set_by("redemption=2m"), minutes(2));
  EXPECT_EQ(set_by("redemption=0s"), Duration{0});
  EXPECT_EQ(set_by("redemption=never"), kNeverRedeemed);
}

class ClobRedemption : public ClobTest {};

TEST_F(ClobRedemption, BalancesStateTokensAfterTheResolutionAndTheMoneyOnlyOnceTheyAreRedeemed) {
  start();
  sign_in();
  runs_ = false;
  const Market* market = next_window(*world_);
  ASSERT_NE(market, nullptr);
  TestOrder wish;
  wish.market = market;
  wish.quantity = Quantity::whole(10);
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    const bool is_yes = outcome == Outcome::Yes;
    wish.outcome = outcome;
    wish.price = is_yes ? world_->best_ask(market->id) : complement(world_->best_bid(market->id));
    wish.price = wish.price + Price::from_units(500);  // through a level that is nearly used up
    ASSERT_EQ(post(wish).text("status"), "matched");
  }
  const std::int64_t money = collateral();
  const std::int64_t yes = tokens(*market, Outcome::Yes);
  const std::int64_t no = tokens(*market, Outcome::No);
  ASSERT_EQ(yes, 10'000'000);
  ASSERT_EQ(no, 10'000'000);

  world_->advance(market->closes_at + seconds(3));
  ASSERT_EQ(market->phase, ContractPhase::Settled);
  EXPECT_EQ(collateral(), money);
  EXPECT_EQ(tokens(*market, Outcome::Yes), yes);
  EXPECT_EQ(tokens(*market, Outcome::No), no);
  wish.side = Side::Sell;
  wish.price = Price::from_units(5000);
  EXPECT_EQ(post(wish).status, 404);

  world_->advance(market->settled_at + seconds(30));
  const bool yes_won = market->payout == kPriceOne;
  EXPECT_EQ(collateral(), money + (yes_won ? yes : no));
  EXPECT_EQ(tokens(*market, Outcome::Yes), yes) << "as it was seen last";
  EXPECT_EQ(tokens(*market, Outcome::No), no);
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    EXPECT_EQ(
        call("GET", "/balance-allowance/update?asset_type=CONDITIONAL&token_id=" + token_of(*market, outcome)).status,
        200);
  }
  EXPECT_EQ(tokens(*market, Outcome::Yes), yes_won ? 0 : yes);
  EXPECT_EQ(tokens(*market, Outcome::No), yes_won ? no : 0);
}

}  // namespace
}  // namespace arbees::sim

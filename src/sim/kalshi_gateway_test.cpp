// Our own order gateway against the loopback Kalshi: the session's order group, from its making to its removal.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "adapters/store/test_files.h"
#include "adapters/venue/kalshi/order_gateway.h"
#include "sim/kalshi_limits.h"
#include "sim/test_kalshi_rig.h"

namespace arbees::sim {
namespace {

using std::chrono::seconds;

struct Told final : GatewaySink {
  void on_event(const arbees::Event& event) override {
    if (const auto* update = std::get_if<OrderUpdate>(&event.body)) {
      if (is_final(update->state)) ends[update->id.value] = *update;
    } else if (const auto* control = std::get_if<Control>(&event.body)) {
      controls.push_back(*control);
    }
  }
  std::map<std::uint64_t, OrderUpdate> ends;
  std::vector<Control> controls;
};

class KalshiGateway : public testing::Test {
 protected:
  void open(std::int64_t contracts) {
    arbees::kalshi::GatewayOptions options;
    options.rest = kalshi_rig::url_of("http", rig_.server->port(), "/trade-api/v2");
    options.websocket = kalshi_rig::url_of("ws", rig_.server->port(), "/trade-api/ws/v2");
    options.group = {contracts, kCryptoShard, file_};
    gateway_ = std::make_unique<arbees::kalshi::KalshiOrderGateway>(
        rig_.loop, told_, std::move(options),
        arbees::kalshi::Credentials{KalshiRig::keys().rsa_key_id,
                                    kalshi_rig::signer_of(KalshiRig::keys().rsa_private_pem)});
    gateway_->start();
    learn(rig_.liquid_market());
    until([this] { return gateway_->health().is_ready && gateway_->health().is_streaming && is("active"); }, "start");
  }

  void learn(const Market& market) {
    instrument_ = instrument_id(Venue::Kalshi, market.ticker);
    InstrumentNamed named;
    named.id = instrument_;
    named.venue = Venue::Kalshi;
    ASSERT_TRUE(set_symbol(named, market.ticker));
    ContractListed listed;
    listed.id = instrument_;
    listed.terms.venue = Venue::Kalshi;
    listed.terms.not_tradable = NotTradable::None;
    arbees::Event event;
    event.body = named;
    gateway_->learn(event);
    event.body = listed;
    gateway_->learn(event);
  }

  [[nodiscard]] bool is(std::string_view state) const { return gateway_->health().group_state == state; }

  void until(const std::function<bool()>& done, std::string_view what) {
    rig_.run_until(
        [&] {
          gateway_->tick(net::IoLoop::now());
          return done();
        },
        what);
  }

  OrderId submit(std::int64_t contracts, Duration patience = seconds(20)) {
    GatewayOrder order;
    order.order.id = OrderId{++last_};
    order.order.instrument = instrument_;
    order.order.venue = Venue::Kalshi;
    order.order.limit = Price::from_units(9'900);
    order.order.quantity = Quantity::whole(contracts);
    order.submitted_at = net::IoLoop::now();
    order.order.deadline = order.submitted_at + patience;
    gateway_->submit(order);
    return order.order.id;
  }
  OrderUpdate end_of(OrderId id) {
    until([&] { return told_.ends.contains(id.value); }, "the order's end");
    return told_.ends[id.value];
  }
  std::string group() { return rig_.call("GET", "/portfolio/order_groups").at("order_groups/0/id"); }

  test::TemporaryFolder folder_;
  std::string file_ = folder_.file("group");
  KalshiRig rig_;
  Told told_;
  std::unique_ptr<arbees::kalshi::KalshiOrderGateway> gateway_;
  InstrumentId instrument_;
  std::uint64_t last_ = 0;
};

TEST_F(KalshiGateway, EveryOrderBelongsToTheSessionsGroup) {
  open(1'000);
  EXPECT_EQ(end_of(submit(2)).state, OrderState::Filled);
  const KalshiAnswer orders = rig_.call("GET", "/portfolio/orders");
  EXPECT_EQ(orders.at("orders/0/order_group_id"), group()) << orders.body;
  EXPECT_EQ(gateway_->health().group_contracts, 1'000);
}

TEST_F(KalshiGateway, AHaltTriggersTheGroupAndAResumeResetsIt) {
  open(1'000);
  gateway_->cancel_all();
  until([this] { return is("triggered"); }, "the trigger");
  const OrderId halted = submit(1, std::chrono::milliseconds(200));
  EXPECT_EQ(end_of(halted).reason, RejectReason::NotSent);
  EXPECT_EQ(rig_.call("GET", "/portfolio/orders").size("orders"), 0U);
  gateway_->resume();
  EXPECT_EQ(end_of(submit(1)).state, OrderState::Filled) << "it waits for the reset";
  EXPECT_THAT(told_.controls, testing::IsEmpty()) << "what we trigger ourselves is no alarm";
}

TEST_F(KalshiGateway, MoreContractsThanTheLimitHaltTrading) {
  open(3);
  EXPECT_EQ(end_of(submit(3)).state, OrderState::Filled);
  EXPECT_THAT(told_.controls, testing::IsEmpty());
  EXPECT_EQ(end_of(submit(1)).state, OrderState::Filled);
  until([this] { return !told_.controls.empty(); }, "the halt");
  EXPECT_EQ(told_.controls[0].command, ControlCommand::Halt);
  EXPECT_EQ(told_.controls[0].reason, ControlReason::LimitBreached);
  EXPECT_TRUE(is("triggered"));
  EXPECT_THAT(gateway_->health().last_trouble, testing::HasSubstr("limit 3 contracts in 15 s"));
}

TEST_F(KalshiGateway, TheGroupIsRemovedAtTheEnd) {
  open(1'000);
  EXPECT_TRUE(std::filesystem::exists(file_));
  gateway_->cancel_all();
  gateway_->stop();
  until([this] { return gateway_->is_stopped(); }, "the end");
  EXPECT_EQ(rig_.call("GET", "/portfolio/order_groups").size("order_groups"), 0U);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(KalshiGateway, AGroupThatADeadSessionLeftIsRemovedFirst) {
  open(1'000);
  const std::string left = group();
  gateway_.reset();
  open(1'000);
  const KalshiAnswer groups = rig_.call("GET", "/portfolio/order_groups");
  EXPECT_EQ(groups.size("order_groups"), 1U) << groups.body;
  EXPECT_NE(groups.at("order_groups/0/id"), left);
}

TEST_F(KalshiGateway, AGroupThatVanishesIsMadeAnew) {
  open(1'000);
  const std::string first = group();
  EXPECT_EQ(rig_.call("DELETE", "/portfolio/order_groups/" + first + "?exchange_index=2").status, 200);
  until([&] { return is("active") && group() != first && group() != "(none)"; }, "another group");
  EXPECT_EQ(end_of(submit(1)).state, OrderState::Filled);
}

}  // namespace
}  // namespace arbees::sim

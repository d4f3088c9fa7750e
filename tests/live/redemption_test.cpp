// Winnings on Polymarket are tokens until somebody redeems them, and what has lost is held for ever. Live trading goes
// on over a resolution and a restart: books and account agree all the time, and nothing that is not there is spent.

#include <chrono>
#include <memory>

#include "app/running/sim_thread.h"
#include "tests/live/live_system.h"
#include "tests/live/own_books.h"

namespace arbees::live {
namespace {

using testing::HasSubstr;

class Redemption : public testing::Test {
 protected:
  // The shortest windows are decided every five minutes of the day.
  void start() {
    sim::SimOptions venues;
    venues.seed = 7;
    venues.folder = folder_.file("");
    venues.world.opportunity_every = std::chrono::milliseconds(400);
    venues.world.opportunity_until = std::chrono::seconds(15);
    venues.world.redeem_after = sim::kNeverRedeemed;
    auto sim = app::SimThread::start(venues);
    ASSERT_TRUE(sim) << sim.error();
    sim_ = std::move(*sim);
    cli::write_text(config_, sim_->configuration() +
                                 "\n[limits]\nmax_position_size = 12\nmin_liquidity = 1\n"
                                 "max_order_errors_per_minute = 10000\n");
    ASSERT_EQ(::chmod(config_.c_str(), 0600), 0);
    start_run();
  }
  void start_run() {
    run_ = std::make_unique<Running>(std::vector<std::string>{"run", "--mode", "live", "--config", config_, "--profile",
                                                              "testing", "--data", data_, "--port", "0"});
  }
  void stop_run() {
    run_->send(SIGTERM);
    EXPECT_EQ(run_->wait().exit_code, 0) << run_->error();
    run_.reset();
  }
  void TearDown() override {
    if (run_ == nullptr) return;
    run_->send(SIGKILL);
    run_->wait();
  }

  [[nodiscard]] rapidjson::Document status() const {
    return parse(cli::run({"status", "--data", data_, "--json"}).out);
  }
  [[nodiscard]] Money unpaid() const {
    const rapidjson::Document document = status();
    if (!document.IsObject() || !document.HasMember("unpaid")) return {};
    return Money::from_units(micro_of(document["unpaid"]["polymarket"].GetString()));
  }
  // How often the Polymarket account has been found equal; a difference halts, which nobody here resumes.
  [[nodiscard]] std::uint64_t comparisons() const {
    const rapidjson::Document document = status();
    if (!document.IsObject() || !document.HasMember("accounts")) return 0;
    for (const rapidjson::Value& account : document["accounts"].GetArray()) {
      if (std::string_view(account["venue"].GetString()) == "polymarket") return account["checks"].GetUint64();
    }
    return 0;
  }

  test::TemporaryFolder folder_;
  std::string data_ = folder_.file("data");
  std::string config_ = folder_.file("sim.toml");
  std::unique_ptr<app::SimThread> sim_;
  std::unique_ptr<Running> run_;
};

TEST_F(Redemption, WhatNobodyRedeemsIsNoDifferenceAndCannotBeSpent) {
  constexpr std::chrono::seconds kPatience{900};
  start();
  ASSERT_TRUE(becomes_true_by_trading(data_, kPatience, [&] { return run_->has_ended() || unpaid().is_positive(); }))
      << run_->error();
  const std::uint64_t compared = comparisons();
  ASSERT_TRUE(becomes_true_by_trading(data_, kPatience, [&] { return run_->has_ended() || comparisons() > compared; }))
      << run_->error();
  stop_run();
  const cli::Result held = cli::run({"reconcile", "--config", config_, "--data", data_, "--json"});
  EXPECT_EQ(held.exit_code, 0) << held.out << held.error;
  const rapidjson::Document document = parse(held.out);
  ASSERT_TRUE(document.IsObject() && document["venues"].Size() == 2) << held.out;
  const rapidjson::Value& polymarket = document["venues"][1];
  EXPECT_GT(micro_of(polymarket["unpaid"].GetString()), 0);
  EXPECT_EQ(micro_of(polymarket["books"].GetString()),
            micro_of(polymarket["stated"].GetString()) + micro_of(polymarket["unpaid"].GetString()));
  // The next session knows of it before it has looked, and finds it equal.
  start_run();
  ASSERT_TRUE(becomes_true_by_trading(data_, kPatience, [&] { return run_->has_ended() || unpaid().is_positive(); }))
      << run_->error();
  ASSERT_TRUE(becomes_true_by_trading(data_, kPatience, [&] { return run_->has_ended() || comparisons() > 0; }))
      << run_->error();
  stop_run();
}

}  // namespace
}  // namespace arbees::live

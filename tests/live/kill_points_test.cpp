// kill -9 at every step of an order's life and at random while orders are out, seen from the wire: after each restart
// no order is lost or sent again, and the ledger equals the venues to the last unit. The same process runs on in the
// next life, over the same ledger.

#include <array>
#include <cstdio>
#include <random>

#include "tests/live/live_system.h"

namespace arbees::live {
namespace {

// After a step that has passed, the process may get this far before it dies: to the middle of a commit, or beyond it.
constexpr std::array<std::chrono::microseconds, 5> kLater = {
    std::chrono::microseconds(0), std::chrono::microseconds(300), std::chrono::microseconds(1'000),
    std::chrono::microseconds(4'000), std::chrono::microseconds(15'000)};
// Steps of the first trades of a life; two legs have some sixteen.
constexpr unsigned kSteps = 24;
// Every third life ends at any moment of the trading that its first order begins.
constexpr std::chrono::microseconds kTrading{5'000'000};
// A life in which nothing happens for so long ends at whatever moment that is.
constexpr std::chrono::seconds kLongestLife{25};
constexpr unsigned kMoreLives = 12;

// Everything of docs/sim.md that concerns orders or their fills.
constexpr const char* kFaults =
    "slow_ack=0.1:500ms,lost_ack=0.1,late_fill=0.1:1s,failed_settlement=0.1,http5xx=0.05,http429=0.03,duplicate=0.05,"
    "delay=0.01:300ms,reorder=0.005,drop=0.0005,gap=0.0005,silent=40s:2s,disconnect=20s,tick_change=30s,"
    "clock_skew=400ms,maintenance=45s:3s";

class KillPoints : public LiveSystem {
 protected:
  void live_and_die(unsigned life) {
    resume_if_halted(data_);  // a process that died as it halted stays halted; the next life is to trade
    ASSERT_TRUE(start_run()) << run_->error();
    const bool is_random = life % 3 == 2;
    if (is_random) {
      relay_->aim(run_->pid(), 2, std::chrono::microseconds(random_() % kTrading.count()));
    } else {
      relay_->aim(run_->pid(), 1 + life * 7 % kSteps, kLater[life % kLater.size()]);
    }
    if (cuts_venues_ && life % 2 == 0) {
      relay_->cut(static_cast<Cut>(life / 2 % 3), std::chrono::milliseconds(500 + random_() % 3000));
    }
    const bool is_shot = becomes_true(kLongestLife, [&] { return relay_->shot().has_value() || run_->has_ended(); });
    const auto step = relay_->shot();
    EXPECT_FALSE(run_->has_ended() && !step) << run_->error();
    relay_->aim(0, 0, {});
    relay_->cut({}, {});
    kill_run();
    std::string death = is_shot && step ? std::string(step_name(*step)) : "at no step";
    if (is_random && step) death = "at random";
    ++deaths_[death];
    ASSERT_TRUE(becomes_true(kPatience, [&] { return !relay_->is_cut(); }));
    expect_agreement();
  }

  void live(unsigned lives) {
    const auto began = steady_clock::now();
    unsigned life = 0;
    // Some life has to send an order, also where the machine has little time for us.
    for (; life < lives || (relay_->orders().empty() && life < lives + kMoreLives); ++life) {
      SCOPED_TRACE(testing::Message() << "life " << life);
      live_and_die(life);
      if (HasFailure()) return;
    }
    for (const auto& [step, count] : deaths_) std::printf("killed %s: %d\n", step.c_str(), count);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - began).count();
    std::printf("%u lives, %zu orders, %u cuts, %lld s\n", life, relay_->orders().size(), relay_->cuts(),
                static_cast<long long>(seconds));
    EXPECT_FALSE(relay_->orders().empty());
  }

  const unsigned seed_ = from_environment("ARBEES_KILL_SEED", 7);
  std::mt19937_64 random_{seed_};
  bool cuts_venues_ = false;
  std::map<std::string, int> deaths_;
};

TEST_F(KillPoints, NoOrderIsLostOrDoubledWhereverTheProcessDies) {
  start_sim("none", seed_);
  live(from_environment("ARBEES_KILL_POINTS", 4));
}

TEST_F(KillPoints, NorWhenTheVenuesLoseAnswersAndTrades) {
  start_sim(kFaults, seed_);
  relay_->set_faults({.lost_news = 100, .double_news = 100, .double_answers = 100}, seed_);
  cuts_venues_ = true;
  live(from_environment("ARBEES_KILL_POINTS", 4) / 2);
}

// Matched trades of orders that are being found out fail on chain seconds later, while books and venues are compared.
TEST_F(KillPoints, NorWhenTradesFailDuringReconciliation) {
  start_sim("failed_settlement=0.5", seed_);
  std::string config = cli::text_of(folder_.file("sim.toml"));
  const std::string table = "[venues.kalshi]\n";
  ASSERT_NE(config.find(table), std::string::npos);
  cli::write_text(folder_.file("sim.toml"),
                  config.replace(config.find(table), table.size(), table + "enabled = false\n"));
  for (unsigned life = 0; life < from_environment("ARBEES_KILL_POINTS", 3) && !HasFailure(); ++life) {
    SCOPED_TRACE(testing::Message() << "life " << life);
    resume_if_halted(data_);
    ASSERT_TRUE(start_run()) << run_->error();
    relay_->aim(run_->pid(), 2, std::chrono::milliseconds(200));
    const auto is_over = [&] { return relay_->shot().has_value() || run_->has_ended(); };
    ASSERT_TRUE(becomes_true_by_trading(data_, kPatience, is_over)) << run_->error();
    ASSERT_TRUE(relay_->shot().has_value()) << run_->error();
    kill_run();
    expect_agreement();
  }
}

}  // namespace
}  // namespace arbees::live

// Books that differ from the venues, and what brings them together again: a person who accepts what happened outside,
// and says why. Then everything agrees to the last unit, and trading goes on.

#include "tests/live/live_system.h"

namespace arbees::live {
namespace {

using testing::HasSubstr;

class Accept : public LiveSystem {
 protected:
  [[nodiscard]] cli::Result accept(const std::string& reason) const {
    return cli::run(
        {"reconcile", "--config", folder_.file("sim.toml"), "--data", data_, "--json", "--accept", "--reason", reason});
  }
  [[nodiscard]] cli::Result resume(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"resume", "--data", data_};
    words.insert(words.end(), more.begin(), more.end());
    return cli::run(words);
  }
  void stop_run() {
    run_->send(SIGTERM);
    EXPECT_EQ(run_->wait().exit_code, 0);
    run_.reset();
  }
  void trade_until(std::uint64_t fills) {
    ASSERT_TRUE(start_run()) << run_->error();
    ASSERT_TRUE(becomes_true_by_trading(data_, 2 * kPatience, [&] { return count("fills") >= fills; }))
        << run_->error();
    stop_run();
  }
  [[nodiscard]] rapidjson::Document exported() const {
    return parse(cli::run({"ledger", "export", "--data", data_, "--json"}).out);
  }
};

TEST_F(Accept, AnUntoldFillHaltsIsAcceptedAndTradingGoesOn) {
  start_sim();
  ASSERT_TRUE(start_run()) << run_->error();
  relay_->set_faults({.lost_news = 1000}, 1);
  relay_->hide_next_fill();
  ASSERT_TRUE(becomes_true_by_trading(data_, kPatience, [&] { return relay_->is_fill_hidden(); })) << run_->error();
  // Looks are half a minute apart, and three of them must agree.
  const auto is_halted = [&] {
    const std::string why = cli::text_of(data_ + "/halt");
    if (why.find("books and venue differ: kalshi") != std::string::npos) return true;
    if (!why.empty()) (void)resume({"--reason", "the machine had no time for it"});
    return false;
  };
  ASSERT_TRUE(becomes_true(4 * kPatience, is_halted)) << run_->error();

  const cli::Result too_early = resume({"--reason", "it will be all right"});
  EXPECT_EQ(too_early.exit_code, 4) << too_early.out;
  EXPECT_THAT(too_early.error, HasSubstr("still differ"));
  const cli::Result held = accept("while it runs");
  EXPECT_EQ(held.exit_code, 4) << held.out;
  EXPECT_THAT(held.error, HasSubstr("process " + std::to_string(run_->pid()) + " holds"));
  stop_run();

  const cli::Result told = reconcile();
  EXPECT_EQ(told.exit_code, 4);
  EXPECT_THAT(told.out, HasSubstr("kalshi: the venue holds"));
  EXPECT_FALSE(start_run()) << "nothing is traded until they agree";
  EXPECT_THAT(run_->error(), HasSubstr("reconcile --accept --reason"));
  run_.reset();
  const cli::Result accepted = accept("a fill that the venue did not tell");
  EXPECT_EQ(accepted.exit_code, 0) << accepted.out << accepted.error;
  EXPECT_THAT(accepted.out, HasSubstr("\"ok\":true"));
  EXPECT_THAT(accepted.out, HasSubstr("\"accepted\":{\"differences\":[\"kalshi: the venue holds"));
  const rapidjson::Document document = exported();
  ASSERT_TRUE(document.IsObject());
  ASSERT_EQ(document["adjustments"].Size(), 1U);
  EXPECT_STREQ(document["adjustments"][0]["reason"].GetString(), "a fill that the venue did not tell");
  EXPECT_EQ(document["transfers"].Size(), 1U) << "what was paid for it";
  expect_agreement();

  relay_->set_faults({}, 1);
  ASSERT_TRUE(start_run()) << run_->error();
  const cli::Result silent = resume();
  EXPECT_EQ(silent.exit_code, 2) << "live trading is armed with a reason";
  EXPECT_THAT(silent.error, HasSubstr("--reason"));
  EXPECT_EQ(resume({"--reason", "booked, and looked at"}).exit_code, 0);
  EXPECT_THAT(cli::text_of(data_ + "/halt-history"), HasSubstr("booked, and looked at"));
  EXPECT_TRUE(becomes_true_by_trading(data_, 2 * kPatience, [&] { return count("fills") > 0; })) << run_->error();
  stop_run();
  expect_agreement();
}

// Another folder trades the same account: for the first one all of that happened outside.
TEST_F(Accept, BooksFollowAnAccountThatWasTradedElsewhere) {
  start_sim();
  trade_until(4);
  const std::string first = std::exchange(data_, folder_.file("other"));
  EXPECT_EQ(reconcile().exit_code, 4) << "positions that new books do not know";
  const cli::Result adopted = accept("the account had positions before these books");
  EXPECT_EQ(adopted.exit_code, 0) << adopted.out << adopted.error;
  trade_until(4);

  data_ = first;
  EXPECT_EQ(reconcile().exit_code, 4);
  const cli::Result followed = accept("traded from the other folder");
  EXPECT_EQ(followed.exit_code, 0) << followed.out << followed.error;
  EXPECT_GT(exported()["transfers"].Size(), 0U);
  const rapidjson::Document profit = parse(cli::run({"pnl", "--data", data_, "--json"}).out);
  ASSERT_TRUE(profit.IsObject());
  EXPECT_STREQ(profit["total"].GetString(), profit["parts"]["total"].GetString());
  trade_until(2);
  expect_agreement();
}

}  // namespace
}  // namespace arbees::live

// A fill that the process was never told of: the answer says that there was none, and the user stream is silent. The
// periodic look at the account finds it, and halts.

#include "tests/live/live_system.h"

namespace arbees::live {
namespace {

class UntoldFill : public LiveSystem {
 protected:
  [[nodiscard]] std::string halt_reason() const { return cli::text_of(data_ + "/halt"); }
};

TEST_F(UntoldFill, IsFoundByLookingAtTheAccountAndHalts) {
  start_sim();
  ASSERT_TRUE(start_run()) << run_->error();
  relay_->set_faults({.lost_news = 1000}, 1);
  relay_->hide_next_fill();
  ASSERT_TRUE(becomes_true_by_trading(data_, kPatience, [&] { return relay_->is_fill_hidden(); })) << run_->error();
  // Looks are half a minute apart, and three of them must agree.
  const auto is_found = [&] { return halt_reason().find("books and venue differ: kalshi") != std::string::npos; };
  ASSERT_TRUE(becomes_true(4 * kPatience,
                           [&] {
                             if (halt_reason().find("heartbeat") != std::string::npos)
                               (void)cli::run({"resume", "--data", data_, "--reason", "test"});
                             return is_found();
                           }))
      << halt_reason() << run_->error();
  run_->send(SIGTERM);
  EXPECT_EQ(run_->wait().exit_code, 0);
  run_.reset();
  const cli::Result reconciled = reconcile();
  EXPECT_EQ(reconciled.exit_code, 4) << reconciled.out << reconciled.error;
  EXPECT_THAT(reconciled.out, testing::HasSubstr("more than the venue"));
  EXPECT_FALSE(start_run()) << "nothing is traded until they agree";
}

}  // namespace
}  // namespace arbees::live

// What `run --mode live` refuses to start with.

#include "tests/live/live_system.h"

namespace arbees::live {
namespace {

using testing::HasSubstr;

class Authorisation : public LiveSystem {
 protected:
  [[nodiscard]] cli::Result run_for_a_second(std::vector<std::string> words) const {
    words.insert(words.end(), {"--data", data_, "--port", "0", "--seconds", "1"});
    return cli::run(words);
  }
};

TEST_F(Authorisation, PaperAndLiveNeverShareALedger) {
  start_sim();
  const std::string config = folder_.file("sim.toml");
  const cli::Result paper = run_for_a_second({"run", "--config", config});
  EXPECT_EQ(paper.exit_code, 0) << paper.error;
  const cli::Result live = run_for_a_second({"run", "--mode", "live", "--config", config});
  EXPECT_EQ(live.exit_code, 4);
  EXPECT_THAT(live.error, HasSubstr("a ledger of paper trading"));
}

TEST_F(Authorisation, RealVenuesNeedPermissionFirst) {
  const cli::Result live = run_for_a_second({"run", "--mode", "live"});
  EXPECT_EQ(live.exit_code, 4);
  EXPECT_THAT(live.error, HasSubstr("run.allow_live"));
}

}  // namespace
}  // namespace arbees::live

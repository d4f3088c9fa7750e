#include "app/running/ledger_start.h"

#include <gmock/gmock.h>

#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const Timestamp kNow = from_unix_s(1'785'000'000);

class LedgerStart : public testing::Test {
 protected:
  std::string start() const { return start_on_ledger(folder_.file(""), audit_, kNow); }

  arbees::test::TemporaryFolder folder_;
  HaltLatch latch_{folder_.file("")};
  LedgerAudit audit_;
};

TEST_F(LedgerStart, AnExcessThatIsExplainedStopsNothing) {
  audit_.excesses.emplace_back();
  EXPECT_THAT(start(), IsEmpty());
  EXPECT_FALSE(latch_.is_halted());
}

TEST_F(LedgerStart, BooksThatDoNotAddUpAreRefusedWithTheRemedy) {
  audit_.problems = {"cash is missing", "order 1 took too much"};
  audit_.overbought = 1;
  EXPECT_THAT(start(), testing::AllOf(HasSubstr("ledger.sqlite: cash is missing"), HasSubstr("arbees ledger check"),
                                      HasSubstr("--data DIR"), HasSubstr("reconcile --accept")));
  EXPECT_FALSE(latch_.is_halted());
}

TEST_F(LedgerStart, OrdersThatBoughtTooMuchHaltUntilSomebodyResumesAndThenOnlyForOthers) {
  audit_.problems = {"order 1 took too much"};
  audit_.overbought = 1;
  EXPECT_THAT(start(), IsEmpty());
  EXPECT_TRUE(latch_.is_halted());
  EXPECT_THAT(latch_.reason(), testing::AllOf(HasSubstr("order 1 took too much"), HasSubstr("resume")));
  ASSERT_TRUE(latch_.resume("seen, and it may stay", kNow));
  EXPECT_THAT(start(), IsEmpty());
  EXPECT_FALSE(latch_.is_halted());
  audit_.problems.emplace_back("order 1 took too much");
  audit_.overbought = 2;
  EXPECT_THAT(start(), IsEmpty());
  EXPECT_TRUE(latch_.is_halted());
}

TEST_F(LedgerStart, AHaltThatCannotBeSetIsARefusal) {
  audit_.problems = {"order 1 took too much"};
  audit_.overbought = 1;
  EXPECT_THAT(start_on_ledger("/proc/nothing", audit_, kNow), HasSubstr("/proc/nothing"));
}

}  // namespace
}  // namespace arbees::app

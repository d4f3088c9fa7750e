#include "app/running/lost_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class LostLedgerTest : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) const { std::ofstream(folder_.file(name)) << text; }
  [[nodiscard]] std::string lost() const { return lost_ledger(folder_.file("")); }

  const arbees::test::TemporaryFolder folder_;
};

TEST_F(LostLedgerTest, AFolderInWhichNothingHasTradedHasLostNothing) {
  EXPECT_EQ(lost(), "");
  EXPECT_EQ(lost_ledger(folder_.file("missing")), "");
  put("ledger.sqlite", "");
  EXPECT_EQ(lost(), "") << "a start that died before its first session";
}

TEST_F(LostLedgerTest, JournalsWithoutALedgerNameItAndTheRemedy) {
  put("session-10.journal", "x");
  put("session-2.journal.0002", "x");
  EXPECT_THAT(lost(), AllOf(HasSubstr(folder_.file("ledger.sqlite") + ": the ledger is missing"),
                            HasSubstr("session-2.journal.0002"), HasSubstr("restore the ledger from a backup"),
                            HasSubstr("--data")));
  EXPECT_FALSE(std::filesystem::exists(folder_.file("ledger.sqlite")));
  put("ledger.sqlite", "");
  EXPECT_THAT(lost(), HasSubstr("the ledger is empty (0 bytes)"));
  put("ledger.sqlite", "anything");
  EXPECT_EQ(lost(), "");
}

}  // namespace
}  // namespace arbees::app

#include "app/data_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace arbees::app {
namespace {

TEST(DataFolder, CommandLineBeatsEnvironmentBeatsDefaultAndEmptyIsUnset) {
  ::unsetenv("ARBEES_DATA_DIR");
  EXPECT_EQ(data_folder(""), "arbees-data");
  ::setenv("ARBEES_DATA_DIR", "", 1);
  EXPECT_EQ(data_folder(""), "arbees-data");
  ::setenv("ARBEES_DATA_DIR", "/from/environment", 1);
  EXPECT_EQ(data_folder(""), "/from/environment");
  EXPECT_EQ(data_folder("/given"), "/given");
  ::unsetenv("ARBEES_DATA_DIR");
  EXPECT_EQ(ledger_path("/given"), "/given/ledger.sqlite");
}

}  // namespace
}  // namespace arbees::app

#include "adapters/keystore/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace arbees {
namespace {

struct stat of_mode(mode_t mode, uid_t owner) {
  struct stat status{};
  status.st_mode = mode;
  status.st_uid = owner;
  return status;
}

TEST(PrivateFile, OnlyWhoMayReadCounts) {
  const uid_t me = ::geteuid();
  for (const mode_t mode : {0600U, 0400U, 0620U, 0711U}) {
    EXPECT_FALSE(may_be_read_by_others(of_mode(S_IFREG | mode, me))) << std::oct << mode;
  }
  for (const mode_t mode : {0644U, 0604U, 0666U}) {
    EXPECT_TRUE(may_be_read_by_others(of_mode(S_IFREG | mode, me))) << std::oct << mode;
    EXPECT_TRUE(may_be_read_by_others(of_mode(S_IFREG | mode, 0))) << std::oct << mode;
  }
  EXPECT_TRUE(may_be_read_by_others(of_mode(S_IFREG | 0640U, me)));
  EXPECT_EQ(may_be_read_by_others(of_mode(S_IFREG | 0440U, 0)), me == 0) << "handed over by a service manager";
  EXPECT_FALSE(may_be_read_by_others(of_mode(S_IFCHR | 0666U, 0))) << "/dev/null, a terminal";
}

TEST(PrivateFile, TheRefusalNamesFileAndRemedy) {
  const std::string path = testing::TempDir() + "arbees-private-file";
  std::ofstream(path) << "secret";
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(exposed_file(path), path + ": others may read it, and it holds a secret: chmod 600 " + path);
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(exposed_file(path), "");
  ASSERT_EQ(::unlink(path.c_str()), 0);
  EXPECT_EQ(exposed_file(path), "") << "its reader says that it is not there";
}

}  // namespace
}  // namespace arbees

#include "app/running/authorisation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string_view>

#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat found{};
  EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
  return found.st_mode & 07777U;
}

// What is typed on a terminal.
bool confirms_typed(std::string_view line) {
  int keyboard = -1;
  int terminal = -1;
  EXPECT_EQ(::openpty(&keyboard, &terminal, nullptr, nullptr, nullptr), 0);
  EXPECT_EQ(::write(keyboard, line.data(), line.size()), static_cast<ssize_t>(line.size()));
  std::FILE* const input = ::fdopen(terminal, "r");
  EXPECT_TRUE(is_terminal(input));
  const bool confirmed = is_confirmed(input);
  std::fclose(input);
  ::close(keyboard);
  return confirmed;
}

TEST(Authorisation, APersonTypesLiveOnATerminal) {
  EXPECT_TRUE(confirms_typed("LIVE\n"));
  EXPECT_FALSE(confirms_typed("live\n"));
  EXPECT_FALSE(confirms_typed("\n"));
}

TEST(Authorisation, APipeConfirmsNothing) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "LIVE\n", 5), 5);
  ::close(ends[1]);
  std::FILE* const input = ::fdopen(ends[0], "r");
  EXPECT_FALSE(is_terminal(input));
  EXPECT_FALSE(is_confirmed(input));
  EXPECT_EQ(std::fgetc(input), 'L') << "it is not even read";
  std::fclose(input);
  EXPECT_FALSE(is_confirmed(nullptr));
}

TEST(Authorisation, AnAccountIsTradedByOneProcessWhateverItsFolder) {
  const auto keys = [] {
    LiveKeys one;
    one.polymarket = polymarket::Wallet::from_hex(std::string(63, '0') + "7");
    return one;
  };
  const test::TemporaryFolder folder;
  Config config;
  config.account_locks = folder.file("locks");
  config.venue(Venue::Polymarket).rest_url = "http://127.0.0.1:1/";
  const auto first = lock_accounts(config, keys());
  ASSERT_TRUE(first) << first.error();
  const auto second = lock_accounts(config, keys());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), testing::StartsWith("another process trades this account, process " +
                                                  std::to_string(::getpid()) + " holds " + config.account_locks));
  // Whoever else runs on this host may ask for it.
  EXPECT_EQ(mode_of(config.account_locks), 01777U);
  for (const auto& entry : std::filesystem::directory_iterator(config.account_locks)) {
    EXPECT_EQ(mode_of(entry.path()), 0666U);
  }
}

TEST(Authorisation, WithoutAPlaceForLocksNothingIsTraded) {
  LiveKeys keys;
  keys.polymarket = polymarket::Wallet::from_hex(std::string(63, '0') + "7");
  Config config;
  config.account_locks = "/proc/nowhere";
  const auto locks = lock_accounts(config, keys);
  ASSERT_FALSE(locks);
  EXPECT_THAT(locks.error(), testing::HasSubstr("set run.account_locks"));
}

}  // namespace
}  // namespace arbees::app

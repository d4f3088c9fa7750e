#include "app/running/authorisation.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <string_view>

namespace arbees::app {
namespace {

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
  Config config;
  config.venue(Venue::Polymarket).rest_url = "http://127.0.0.1:1/" + std::to_string(::getpid());
  const auto first = lock_accounts(config, keys());
  ASSERT_TRUE(first) << first.error();
  const auto second = lock_accounts(config, keys());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), "another process trades this account: stop process " + std::to_string(::getpid()) +
                                " first (one account, one process, whatever its folder)");
}

}  // namespace
}  // namespace arbees::app

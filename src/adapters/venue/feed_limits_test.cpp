// docs/venues/feeds.md lists the limits; it and the code say the same.

#include "adapters/venue/feed_limits.h"
#include "tests/support/project_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace arbees {
namespace {

std::string document() {
  std::ifstream file(testing_support::project_file("docs/venues/feeds.md"));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string seconds_text(Duration time) {
  if (time == Duration{0}) return "–";
  return fmt::format("{:g}", std::chrono::duration<double>(time).count());
}

TEST(FeedLimits, DocumentListsEveryStreamAsItIs) {
  const std::string text = document();
  ASSERT_FALSE(text.empty());
  for (const FeedLimits& row : kFeedLimits) {
    const std::string line =
        fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", row.name, seconds_text(row.silence),
                    seconds_text(row.price_age), seconds_text(row.price_age_alone), seconds_text(row.heartbeat),
                    seconds_text(row.ping_interval), seconds_text(row.max_age), row.max_symbols, row.frames_per_second,
                    row.dials_per_minute);
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
  for (const RestLimits& row : kRestLimits) {
    const std::string line =
        fmt::format("| {} | {} | {} | {} |\n", row.name, row.requests_per_second, row.burst, row.checks_per_minute);
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST(FeedLimits, RowsAreUniqueAndUsable) {
  std::set<std::string_view> names;
  for (const FeedLimits& row : kFeedLimits) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(&feed_limits(row.name), &row);
    EXPECT_GT(row.silence, row.heartbeat) << row.name;
    EXPECT_GT(row.max_symbols, 0U) << row.name;
    EXPECT_GT(row.frames_per_second, 0) << row.name;
    EXPECT_GT(row.dials_per_minute, 0) << row.name;
    EXPECT_LE(row.max_age, std::chrono::hours(23)) << row.name;
  }
  for (const RestLimits& row : kRestLimits) {
    EXPECT_EQ(&rest_limits(row.name), &row);
    EXPECT_LT(row.checks_per_minute, row.requests_per_second * 60) << row.name;
  }
}

}  // namespace
}  // namespace arbees

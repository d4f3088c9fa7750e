#include "adapters/venue/eastern_time.h"

#include <gtest/gtest.h>

namespace arbees {
namespace {

Timestamp at(const char* text) { return parse_iso8601(text).value(); }

TEST(EasternTime, KnowsBothSeasons) {
  EXPECT_EQ(to_eastern(at("2026-07-10T06:00:00Z")), (CivilTime{2026, 7, 10, 2, 0}));
  EXPECT_EQ(to_eastern(at("2026-01-10T06:00:00Z")), (CivilTime{2026, 1, 10, 1, 0}));
  EXPECT_EQ(from_eastern({2026, 7, 10, 2, 0}).at[0], at("2026-07-10T06:00:00Z"));
  EXPECT_EQ(from_eastern({2026, 12, 31, 19, 0}).at[0], at("2027-01-01T00:00:00Z"));
}

TEST(EasternTime, ChangesOnTheSecondSundayOfMarchAndTheFirstOfNovember) {
  EXPECT_FALSE(is_daylight_time(at("2026-03-08T06:59:59Z")));
  EXPECT_TRUE(is_daylight_time(at("2026-03-08T07:00:00Z")));
  EXPECT_TRUE(is_daylight_time(at("2026-11-01T05:59:59Z")));
  EXPECT_FALSE(is_daylight_time(at("2026-11-01T06:00:00Z")));
  EXPECT_TRUE(is_daylight_time(at("2027-03-14T07:00:00Z")));
  EXPECT_FALSE(is_daylight_time(at("2027-03-14T06:59:59Z")));
}

TEST(EasternTime, AnHourOfTheAutumnNightIsTwoInstants) {
  const EasternInstants twice = from_eastern({2026, 11, 1, 1, 30});
  ASSERT_EQ(twice.count, 2);
  EXPECT_EQ(twice.at[0], at("2026-11-01T05:30:00Z"));
  EXPECT_EQ(twice.at[1], at("2026-11-01T06:30:00Z"));
  EXPECT_TRUE(twice.contains(at("2026-11-01T06:30:00Z")));
  EXPECT_FALSE(twice.contains(at("2026-11-01T07:30:00Z")));
}

TEST(EasternTime, AnHourOfTheSpringNightIsNoInstant) {
  EXPECT_EQ(from_eastern({2026, 3, 8, 2, 30}).count, 0);
  EXPECT_EQ(from_eastern({2026, 3, 8, 3, 0}).at[0], at("2026-03-08T07:00:00Z"));
}

TEST(EasternTime, RefusesWhatIsNoDate) {
  EXPECT_EQ(from_eastern({2026, 2, 29, 0, 0}).count, 0);
  EXPECT_EQ(from_eastern({2026, 13, 1, 0, 0}).count, 0);
  EXPECT_EQ(from_eastern({2006, 7, 1, 0, 0}).count, 0);
  EXPECT_EQ(from_eastern({2026, 7, 1, 24, 0}).count, 0);
}

TEST(EasternTime, EveryInstantOfAYearComesBack) {
  for (Timestamp time = at("2026-01-01T00:00:00Z"); time < at("2027-01-01T00:00:00Z");
       time += std::chrono::minutes(30)) {
    ASSERT_TRUE(from_eastern(to_eastern(time)).contains(time)) << unix_ns(time);
  }
}

}  // namespace
}  // namespace arbees

#include "adapters/telemetry/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

TEST(Log, LevelsHaveNames) {
  for (const LogLevel level : {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error}) {
    EXPECT_EQ(parse_log_level(log_level_name(level)), level);
  }
  EXPECT_EQ(parse_log_level("warn"), LogLevel::Warning);
  EXPECT_EQ(parse_log_level("loud"), std::nullopt);
}

TEST(Log, ValuesWithBlanksAreQuoted) {
  EXPECT_EQ(log_text("Executing", {{"request", "r1"}, {"reason", "no \"cash\"\nleft"}, {"empty", ""}}),
            R"(Executing request=r1 reason="no \"cash\" left" empty="")");
}

TEST(Log, JsonMembersAreEscaped) {
  EXPECT_EQ(log_json("Published", {{"prices", "5"}, {"venue", "a\"b"}}),
            R"("message":"Published","prices":"5","venue":"a\"b")");
}

TEST(Log, WritesLinesOfItsLevelToStandardError) {
  testing::internal::CaptureStderr();
  open_log({LogLevel::Info, false, "run"});
  EXPECT_FALSE(logs(LogLevel::Debug));
  log(LogLevel::Debug, "too quiet");
  log(LogLevel::Info, "signal", {{"asset", "BTC"}});
  set_log_level(LogLevel::Debug);
  log(LogLevel::Debug, "now loud enough");
  close_log();
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, MatchesRegex("....-..-..T..:..:..\\....Z info    run signal asset=BTC\n"
                                 "....-..-..T..:..:..\\....Z debug   run now loud enough\n"));
}

TEST(Log, WritesOneJsonObjectALine) {
  testing::internal::CaptureStderr();
  open_log({LogLevel::Warning, true, "kalshi-monitor"});
  log(LogLevel::Info, "unheard");
  log(LogLevel::Warning, "lost", {{"venue", "kalshi"}});
  close_log();
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, HasSubstr(R"(Z","level":"warning","process":"kalshi-monitor","message":"lost","venue":"kalshi"})"));
  EXPECT_THAT(text, Not(HasSubstr("unheard")));
}

TEST(Log, CountsWarningsAndErrorsEvenWhenNobodyListens) {
  const LogCounts before = log_counts();
  log(LogLevel::Warning, "a");
  log(LogLevel::Error, "b");
  log(LogLevel::Error, "c");
  EXPECT_EQ(log_counts().warnings, before.warnings + 1);
  EXPECT_EQ(log_counts().errors, before.errors + 2);
}

}  // namespace
}  // namespace arbees

// What a whole system tells about itself, from a session that has just begun.

#include "app/running/status_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

const Timestamp kNow = *parse_iso8601("2026-11-23T01:00:10Z");

TEST(StatusDocument, HasTheResultOfTheUtcDayAndTheLossAtWhichItHalts) {
  const arbees::test::TemporaryFolder folder;
  LiveTradingOptions options;
  options.folder = folder.file("data");
  options.clock = +[] { return kNow; };
  options.limits.max_daily_loss = Money::whole(40);
  auto trading = LiveTrading::open(options, kNow);
  ASSERT_TRUE(trading) << trading.error();
  LimitSet lost;
  lost.row = kDayResultRow;
  lost.value = Money::parse("-12.5").value().units();
  (*trading)->add(lost, kNow);
  (*trading)->drain(kNow);
  StatusInput input;
  input.now = kNow;
  EXPECT_THAT(status_document(input, **trading), testing::HasSubstr(R"("day_result":"-12.5","max_daily_loss":"40")"));
  input.now += std::chrono::hours(24);
  EXPECT_THAT(status_document(input, **trading), testing::HasSubstr(R"("day_result":"0","max_daily_loss":"40")"));
}

}  // namespace
}  // namespace arbees::app

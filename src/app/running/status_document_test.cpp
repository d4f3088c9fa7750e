// What a whole system tells about itself, from a session that has just begun.

#include "app/running/status_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

const Timestamp kNow = *parse_iso8601("2026-11-23T01:00:10Z");

LiveTradingOptions options_in(const std::string& folder) {
  LiveTradingOptions options;
  options.folder = folder;
  options.clock = +[] { return kNow; };
  return options;
}

TEST(StatusDocument, WhatFlatteningHasLeftIsNamedAsTheCatalogNamesIt) {
  const arbees::test::TemporaryFolder folder;
  auto trading = LiveTrading::open(options_in(folder.file("data")), kNow);
  ASSERT_TRUE(trading) << trading.error();
  InstrumentNamed named;
  named.id = instrument_id(Venue::Polymarket, "7132");
  named.venue = Venue::Polymarket;
  ASSERT_TRUE(set_symbol(named, "7132"));
  ContractListed listed;
  listed.id = named.id;
  listed.terms.venue = Venue::Polymarket;
  PositionSnapshot held;
  held.id = named.id;
  held.quantity = Quantity::whole(5);
  held.cost = Money::whole(2);
  for (const EventBody& body : {EventBody(named), EventBody(listed), EventBody(held)}) (*trading)->add(body, kNow);
  ASSERT_TRUE(HaltLatch(folder.file("data")).flatten("drill", kNow));
  (*trading)->obey_latch(kNow);
  StatusInput input;
  input.now = kNow;
  const std::string left = R"("left":[{"venue":"polymarket","symbol":"7132","outcome":"yes","quantity":"5",)";
  EXPECT_THAT(status_document(input, **trading), testing::HasSubstr(left));
  EXPECT_THAT(status_document(input, **trading), testing::Not(testing::HasSubstr("\"title\"")));
  input.title_of = [](Venue venue, const std::string& symbol) {
    return venue == Venue::Polymarket && symbol == "7132" ? "Bitcoin?: Up" : "";
  };
  EXPECT_THAT(status_document(input, **trading),
              testing::ContainsRegex("\"left\":\\[\\{[^}]*\"title\":\"Bitcoin\\?: Up\""));
}

TEST(StatusDocument, HasTheResultOfTheUtcDayAndTheLossAtWhichItHalts) {
  const arbees::test::TemporaryFolder folder;
  LiveTradingOptions options = options_in(folder.file("data"));
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

#include "app/running/status_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/store/test_files.h"

namespace arbees::app {
namespace {

std::string counts_of(const std::string& fields) {
  const auto status = status_text(
      R"({"running":true,"pid":7,"mode":"paper","halted":false,"written_at":"1970-01-01T00:00:00.000Z","feeds":[],)" +
          fields + "}",
      kNoTime);
  return status ? status->text : "unreadable";
}

TEST(StatusText, OfAWholeSystemHasAllCounts) {
  EXPECT_EQ(counts_of(R"("requests":2,"fills":3,"settled":1,"events":9)"),
            "process 7, paper trading\nrequests 2, fills 3, settled 1, events 9");
}

TEST(StatusText, OfARoleHasTheCountsThatItKeeps) {
  EXPECT_EQ(counts_of(R"("requests":2,"fills":3,"prices_received":40)"),
            "process 7, paper trading\nrequests 2, fills 3, prices 40");
  EXPECT_EQ(counts_of(R"("published":5)"), "process 7, paper trading\npublished 5");
}

using testing::HasSubstr;
using testing::Not;

const Timestamp kNow = *parse_iso8601("2026-11-23T01:00:10Z");

std::string text_of(const std::string& fields) {
  const auto text = status_text(
      R"({"running":true,"pid":7,"mode":"live","written_at":"2026-11-23T01:00:10Z","feeds":[])" + fields + "}", kNow);
  return text ? text->text : "(unreadable)";
}

TEST(StatusText, TellsHowRequestsEndedAndWhatTheirLegsCost) {
  const std::string text = text_of(
      R"(,"ended":{"complete":153,"partial":0,"unwound":1},"naked_ms":{"requests":48,"p50":2.42,"p99":159.9,"max":160},)"
      R"("unwind_cost":"0.33381","slippage":"40.06")");
  EXPECT_THAT(text, HasSubstr("ended: 153 complete, 1 unwound; unwinding cost $0.33381, slippage $40.06\n"));
  EXPECT_THAT(text, HasSubstr("unequal legs in 48 requests: p50 2.4 ms, p99 159.9 ms, max 160.0 ms\n"));
  EXPECT_THAT(text_of(R"(,"ended":{"complete":0},"naked_ms":{"requests":0})"), Not(HasSubstr("ended")));
}

TEST(StatusText, TellsThatEverythingIsBeingSold) {
  const std::string text = text_of(
      R"(,"halted":false,"trading_state":"reducing","flatten":{"done":true,"orders":1,"sold":"2","proceeds":"1",)"
      R"("cost":"1.1","left":[{"venue":"kalshi","symbol":"K-1","outcome":"no","quantity":"3","reason":"no_bid"}]})");
  EXPECT_THAT(text, HasSubstr("live trading, REDUCING\nflattening: 2 sold for $1, which had cost $1.1; nothing more"));
  EXPECT_THAT(text, HasSubstr("\n  left: 3 no of K-1 on kalshi: no_bid\n"));
}

TEST(StatusText, TellsOfEachAccount) {
  const std::string text = text_of(
      R"(,"gateways":[{"venue":"kalshi","ready":true,"submitted":9,"refused":1,"open_orders":0,"unknown_orders":2,)"
      R"("lost_answers":3,"resolved":1,"order_group":{"state":"triggered","contracts":100},"last_trouble":"HTTP 503"},)"
      R"({"venue":"polymarket","ready":false,"submitted":0}],)"
      R"("accounts":[{"venue":"kalshi","checks":4,"differences":["cash: books 1, venue 2"]},)"
      R"({"venue":"polymarket","checks":2,"differences":[]}])");
  EXPECT_THAT(text,
              HasSubstr("9 orders sent, 1 refused, 0 open, 2 unknown, 3 answers lost and 1 found out, order group "
                        "triggered; last trouble: HTTP 503\n"));
  EXPECT_THAT(text, HasSubstr("not logged in\n"));
  EXPECT_THAT(text, HasSubstr("compared with the books 4 times, DIFFERS: cash: books 1, venue 2\n"));
  EXPECT_THAT(text, HasSubstr("compared with the books 2 times, equal\n"));
}

// The process writes its status four times a second; the latch is there at once.
TEST(StatusText, TheLatchDecidesWhetherItIsHalted) {
  const arbees::test::TemporaryFolder folder;
  const HaltLatch latch(folder.file("data"));
  const auto shown = [&](const std::string& fields) {
    const auto text = status_text(
        R"({"running":true,"pid":7,"mode":"live","written_at":"2026-11-23T01:00:10Z","feeds":[],)" + fields + "}", kNow,
        &latch);
    return text ? text->json + text->text : "(unreadable)";
  };
  const std::string latched = R"("halted":true,"halt_reason":"2026-11-23T01:00:09.000Z drill")";
  EXPECT_THAT(shown(latched), HasSubstr(R"("halted":false)"));
  EXPECT_THAT(shown(latched), Not(HasSubstr("drill")));
  EXPECT_THAT(shown(R"("halted":true,"halt_reason":"redis: halted")"), HasSubstr("redis: halted"));
  ASSERT_TRUE(latch.halt("fire", kNow));
  const std::string fresh = shown(R"("halted":false)");
  EXPECT_THAT(fresh, HasSubstr(R"("halted":true)"));
  EXPECT_THAT(fresh, HasSubstr(R"("halt_reason":"2026-11-23T01:00:10.000Z fire")"));
  EXPECT_THAT(fresh, HasSubstr("live trading, HALTED\nhalted: 2026-11-23T01:00:10.000Z fire\n"));
  EXPECT_THAT(shown(R"("requests":1)"), Not(HasSubstr("halted"))) << "of a process that does not trade";
}

TEST(StatusText, TellsTheResultOfTheDayBesideItsLimit) {
  EXPECT_THAT(text_of(R"(,"day_result":"-12.3456","max_daily_loss":"500")"),
              HasSubstr("\ntoday (UTC): $-12.3456, halts at $-500 (limits.max_daily_loss)\n"));
  EXPECT_THAT(text_of(R"(,"day_result":"-400","day_lost":true,"max_daily_loss":"500")"),
              HasSubstr("nothing is bought until the day ends\n"));
  EXPECT_THAT(text_of(R"(,"published":5)"), Not(HasSubstr("today")));
}

TEST(StatusText, CashBelowZeroStandsBesideWhatWasPaidForPairs) {
  const std::string document =
      R"({"running":true,"feeds":[],"written_at":"2026-01-02T03:04:05.678Z","cash":{"kalshi":"-2","polymarket":"7.5"},)"
      R"("paid_for_pairs":{"kalshi":"3","polymarket":"0"},"free_cash":{"kalshi":"1","polymarket":"7.5"}})";
  const auto shown = status_text(document, *parse_iso8601("2026-01-02T03:04:05.700Z"));
  ASSERT_TRUE(shown);
  EXPECT_THAT(shown->text, testing::HasSubstr("cash: kalshi $-2 by the books, $3 paid for pairs, $1 to spend; "
                                              "polymarket $7.5\n"));
}

}  // namespace
}  // namespace arbees::app

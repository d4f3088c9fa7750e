#include "app/running/watch_screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace arbees::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Timestamp kNow = *parse_iso8601("2026-11-23T01:00:10Z");

std::string text_of(const std::vector<std::string>& documents, bool with_colours = false) {
  return watch_screen({documents, {}, "/data"}, kNow, 23).text(80, 23, with_colours);
}

TEST(Screen, CutsPiecesToTheTerminal) {
  Screen screen;
  screen.put("abc", Ink::Bad).put("def").end_line();
  screen.left("x", 3).right("12", 4).end_line();
  screen.put("third").end_line();
  EXPECT_EQ(screen.text(4, 2, false), "abcd\nx\n");
  EXPECT_EQ(screen.text(80, 9, false), "abcdef\nx    12\nthird\n");
  EXPECT_EQ(screen.text(2, 1, true), "\033[1;31mab\033[0m\n");
}

TEST(Screen, ANumberIsWholeOrLeftOut) {
  Screen screen;
  screen.put("text").field(" a ", "12").field(" b ", "345").field(" c ", "6").end_line();
  screen.left("x", 2).right("1234", 3).right("5", 3).end_line();
  EXPECT_EQ(screen.text(80, 2, false), "text a 12 b 345 c 6\nx  1234  5\n");
  EXPECT_EQ(screen.text(15, 1, false), "text a 12 b 345\n");
  EXPECT_EQ(screen.text(14, 1, false), "text a 12\n") << "and nothing behind what is left out";
  EXPECT_EQ(screen.text(6, 2, false), "text\nx\n");
}

TEST(Screen, WhatComesFromOutsideCannotMoveTheCursor) {
  Screen screen;
  screen.put("a\033[2Jb\nc\xc3\xa9").end_line();
  EXPECT_EQ(screen.text(80, 9, false), "a?[2Jb?c??\n");
}

TEST(WatchScreen, ShowsWhatTheSystemDoes) {
  const std::string text = text_of(
      {R"({"running":true,"pid":7,"mode":"paper","label":"demo","halted":true,"halt_reason":"drill",)"
       R"("started_at":"2026-11-23T00:00:00.000Z","written_at":"2026-11-23T01:00:10.000Z","feeds":[)"
       R"({"venue":"kalshi","status":"live","age_ms":12,"frames":1234,"gaps":1,"resyncs":1,"disconnects":2,"malformed":0},)"
       R"({"venue":"binance","status":"down","age_ms":-1}],"events":99,"requests":2,"fills":3,"opportunities":)"
       R"({"ladder":4},"rejected":{"stale_book":2,"edge_too_small":11},"pnl":{"total":"-1.5"},)"
       R"("exposure":{"total":"7"},"day_result":"-3.5","max_daily_loss":"500","cash":{"kalshi":"9990"},"latency_us":{"p50":4.06,"p99":9.0,"max":20.5},)"
       R"("event_groups":{"nearest":[{"asset":"BTC","contracts":4,"settles_at":"2026-11-23T01:30:00.000Z","arbitrage":true,)"
       R"("cheapest_dollar":"0.9876"}]}})"});
  EXPECT_THAT(text, AllOf(HasSubstr("ARBEES DEMO  paper trading  HALTED  pid 7  up 1:00:10\nhalted: drill\n"),
                          HasSubstr("cash flow -1.5  at stake 7  today -3.5 of -500\ncash  kalshi 9990\n"),
                          HasSubstr("events 99  requests 2  fills 3\n"),
                          HasSubstr("event to request: p50 4.1 us, p99 9.0 us, max 20.5 us\n"),
                          HasSubstr("kalshi       live       12 ms     1234        1        1        2        0\n"),
                          HasSubstr("binance      down           -")));
  EXPECT_THAT(text, HasSubstr("ladder                      4    edge_too_small                       11\n"));
  EXPECT_THAT(text, HasSubstr("                                 stale_book                            2\n"));
  EXPECT_THAT(text, HasSubstr("BTC                          4    01:30:00      0.9876  arbitrage\n"));
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 23);
}

TEST(WatchScreen, ShowsWhatIsBeingSoldAndWhatIsLeft) {
  std::string left;
  for (int i = 0; i < 6; ++i) {
    left += std::string(i == 0 ? "" : ",") + R"({"venue":"kalshi","symbol":"K","outcome":"no","quantity":")" +
            std::to_string(i) + R"(","reason":"no_bid"})";
  }
  const std::string text = text_of({R"({"mode":"paper","halted":false,"trading_state":"reducing","flatten":{)"
                                    R"("done":true,"sold":"2","proceeds":"1","cost":"1.1","left":[)" +
                                    left + "]}}"});
  EXPECT_THAT(text, AllOf(HasSubstr("REDUCING"), Not(HasSubstr("ACTIVE")),
                          HasSubstr("\nflattening: 2 sold for $1, which had cost $1.1; nothing more can be sold now\n"),
                          HasSubstr("  left: 3 no of K on kalshi: no_bid\n  and 2 more (arbees status names all)\n")));
}

TEST(WatchScreen, MoneyIsWholeAndSaysWhatCanBeSpent) {
  const std::string document =
      R"({"mode":"paper","pnl":{"total":"-12345.678901"},"exposure":{"total":"12345.678901"},)"
      R"("cash":{"kalshi":"-420.5","polymarket":"12345.678901"},"paid_for_pairs":{"kalshi":"920.5","polymarket":"0"},)"
      R"("free_cash":{"kalshi":"500","polymarket":"12345.678901"}})";
  EXPECT_THAT(text_of({document}), AllOf(HasSubstr("cash flow -12345.678901  at stake 12345.678901\n"),
                                         HasSubstr("free cash  kalshi 500  polymarket 12345.678901  for pairs 920.5\n"),
                                         Not(HasSubstr("-420.5"))));
  EXPECT_THAT(text_of({R"({"mode":"live","pnl":{"total":"1"},"cash":{"kalshi":"70","polymarket":"50"},)"
                       R"("unpaid":{"kalshi":"0","polymarket":"20.42"},)"
                       R"("free_cash":{"kalshi":"70","polymarket":"29.58"}})"}),
              HasSubstr("free cash  kalshi 70  polymarket 29.58  not paid yet 20.42\n"));
  const std::string narrow = watch_screen({{document}, {}, "/data"}, kNow, 23).text(40, 23, false);
  EXPECT_THAT(narrow, HasSubstr("free cash  kalshi 500\n")) << "no part of a number";
}

TEST(WatchScreen, AFullDocumentFitsEightyByTwentyThree) {
  std::string feeds;
  for (int i = 0; i < 12; ++i) feeds += std::string(i == 0 ? "" : ",") + R"({"venue":"polymarket","status":"live"})";
  const std::string text =
      text_of({R"({"mode":"paper","halted":false,"feeds":[)" + feeds +
               R"(],"pnl":{"total":"1"},"latency_us":{},"opportunities":{"a":1,"b":2,"c":3,"d":4,"e":5},)"
               R"("rejected":{"a":1,"b":2,"c":3,"d":4,"e":5},"event_groups":{"nearest":[{},{},{},{},{},{}]}})"});
  std::size_t longest = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    longest = std::max(longest, end - from);
    from = end + 1;
  }
  EXPECT_LE(longest, 80U);
  EXPECT_THAT(text, HasSubstr("NEAREST TO A PROFIT"));
}

TEST(WatchScreen, RolesAreShownOneBelowTheOther) {
  const std::string text = text_of(
      {R"({"role":"kalshi-monitor","mode":"paper","written_at":"2026-11-23T01:00:00Z","published":5,"feeds":[]})",
       "{broken", R"({"role":"execution-service","mode":"paper","received":6})"});
  EXPECT_THAT(text, AllOf(HasSubstr("ARBEES kalshi-monitor"), HasSubstr("silent for 0:00:10"), HasSubstr("published 5"),
                          HasSubstr("ARBEES execution-service"), HasSubstr("received 6"), Not(HasSubstr("broken"))));
}

// No process is left out silently: not all has room, all is at least named.
TEST(WatchScreen, WhereNotAllFitsTheRestIsNamed) {
  const auto role = [](const std::string& name, const std::string& more) {
    return R"({"role":")" + name + R"(","mode":"paper","published":5)" + more + "}";
  };
  std::string feeds = R"(,"feeds":[)";
  for (int i = 0; i < 8; ++i) feeds += std::string(i == 0 ? "" : ",") + R"({"venue":"kalshi","status":"live"})";
  feeds += "]";
  std::vector<std::string> documents;
  for (const char* name : {"execution-service", "kalshi-monitor", "orchestrator"})
    documents.push_back(role(name, feeds));
  documents.push_back(role("crypto-shard", R"(,"shard":"a")"));
  const std::string all = watch_screen({documents, {}, "/data"}, kNow, SIZE_MAX).text(80, SIZE_MAX, false);
  EXPECT_THAT(all, Not(HasSubstr("more:")));
  const std::string page = text_of(documents);
  for (const char* name : {"execution-service", "kalshi-monitor", "orchestrator", "crypto-shard"}) {
    EXPECT_THAT(page, HasSubstr("ARBEES " + std::string(name))) << "in brief";
  }
  EXPECT_THAT(page, HasSubstr("FEED")) << "there is room for some feeds";
  EXPECT_LE(std::count(page.begin(), page.end(), '\n'), 23);
  const std::string small = watch_screen({documents, {}, "/data"}, kNow, 6).text(80, 6, false);
  EXPECT_THAT(small, HasSubstr("+2 more: orchestrator, crypto-shard.a\n"));
  EXPECT_LE(std::count(small.begin(), small.end(), '\n'), 6);
}

TEST(WatchScreen, WhoHasDiedComesFirst) {
  const Screen screen =
      watch_screen({{R"({"mode":"paper"})"}, {{"kalshi-monitor", "/data/roles/k", "T"}}, "/data"}, kNow, 9);
  EXPECT_THAT(screen.text(120, 9, false),
              testing::StartsWith("DEAD  kalshi-monitor  has died (its lock is free, its status says running), last "
                                  "word T\nARBEES"));
}

TEST(WatchScreen, ReasonsAreShown) {
  EXPECT_THAT(text_of({R"({"mode":"paper","state":"degraded","reasons":["no prices are heard"]})"}),
              HasSubstr("\ndegraded (no prices are heard)\n"));
}

TEST(WatchScreen, SaysThatNothingRuns) { EXPECT_EQ(text_of({}), "nothing runs in /data\n"); }

TEST(WatchScreen, ColoursAreOnlyForTerminals) {
  const std::string document = R"({"mode":"paper","halted":true})";
  EXPECT_THAT(text_of({document}, true), HasSubstr("\033[1;31mHALTED\033[0m"));
  EXPECT_THAT(text_of({document}), Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace arbees::app

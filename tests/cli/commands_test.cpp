// The contract of the command line as scripts meet it: exit codes, and documents that are the whole output.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "tests/cli/program.h"
#include "tests/cli/sample_lines.h"

namespace arbees::cli {
namespace {

constexpr int kDone = 0;
constexpr int kUsage = 2;
constexpr int kBadInput = 3;
constexpr int kNotFound = 6;

const std::vector<std::string> kCommands = {"demo",     "import",   "replay",    "books",         "price",
                                            "fee",      "certify",  "calibrate", "sign",          "ledger",
                                            "orders",   "pnl",      "keys",      "version",       "positions",
                                            "backtest", "simulate", "funnel",    "opportunities", "explain"};

// The one JSON object that is all of the text.
rapidjson::Document document_of(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  EXPECT_FALSE(document.HasParseError()) << text.substr(0, 300);
  EXPECT_TRUE(document.IsObject());
  return document;
}

void expect_run_fields(const rapidjson::Document& document) {
  ASSERT_TRUE(document.IsObject());
  for (const char* count : {"events", "decisions", "requests", "fills", "settled"}) {
    ASSERT_TRUE(document.HasMember(count)) << count;
    EXPECT_TRUE(document[count].IsUint64()) << count;
  }
  for (const char* counts : {"opportunities", "rejected"}) {
    ASSERT_TRUE(document.HasMember(counts)) << counts;
    ASSERT_TRUE(document[counts].IsObject()) << counts;
    for (const auto& entry : document[counts].GetObject()) EXPECT_TRUE(entry.value.IsUint64());
  }
  ASSERT_TRUE(document.HasMember("digest") && document["digest"].IsString());
  EXPECT_THAT(document["digest"].GetString(), testing::MatchesRegex("[0-9a-f]+"));
  EXPECT_GE(document["digest"].GetStringLength(), 16U);
  ASSERT_TRUE(document.HasMember("fees"));
  EXPECT_TRUE(document["fees"].IsString());
  ASSERT_TRUE(document.HasMember("pnl") && document["pnl"].IsObject());
  EXPECT_TRUE(document["pnl"].HasMember("total"));
  for (const auto& entry : document["pnl"].GetObject()) EXPECT_TRUE(entry.value.IsString());
  ASSERT_TRUE(document.HasMember("latency_us") && document["latency_us"].IsObject());
  for (const char* quantile : {"p50", "p99", "p999", "max"}) {
    ASSERT_TRUE(document["latency_us"].HasMember(quantile)) << quantile;
    EXPECT_TRUE(document["latency_us"][quantile].IsNumber()) << quantile;
  }
}

// A journal of a day of Binance trades, one an hour.
std::string long_journal(const test::TemporaryFolder& folder) {
  std::string lines;
  for (int i = 0; i < 24; ++i) lines += binance_trade_line(1'723'161'253 + i * 3600, i) + "\n";
  write_text(folder.file("trades.txt"), lines);
  const std::string journal = folder.file("trades.journal");
  const Result imported =
      run({"import", "--format", "binance-spot-ws-raw", folder.file("trades.txt"), "--out", journal});
  EXPECT_EQ(imported.exit_code, kDone) << imported.error;
  return journal;
}

TEST(CommandLine, HelpAndVersion) {
  EXPECT_EQ(run({"--help"}).exit_code, kDone);
  EXPECT_EQ(run({"--version"}).exit_code, kDone);
  for (const std::string& command : kCommands) {
    const Result help = run({command, "--help"});
    EXPECT_EQ(help.exit_code, kDone) << command;
    EXPECT_THAT(help.out, testing::HasSubstr("--help")) << command;
    EXPECT_EQ(help.error, "") << command;
  }
}

TEST(CommandLine, TheFirstKeyMakesTheDataFolder) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("new");
  write_text(folder.file("password"), "secret");
  std::filesystem::permissions(folder.file("password"), std::filesystem::perms(0600));
  EXPECT_EQ(run({"keys", "remove", "wallet", "--data", data}).exit_code, kNotFound);
  // Keys come on standard input only.
  const std::string command = "printf 42%062d 1 | '" ARBEES_PROGRAM "' keys add wallet --kind polymarket --data '" +
                              data + "' --password-file '" + folder.file("password") + "'";
  const Result added = Running("/bin/sh", {"-c", command}).wait();
  EXPECT_EQ(added.exit_code, kDone) << added.error;
  EXPECT_THAT(run({"keys", "list", "--data", data}).out, testing::HasSubstr("wallet"));
}

TEST(CommandLine, DoctorAsksEveryVenueThatIsWatched) {
  const test::TemporaryFolder folder;
  std::string config;
  for (const char* venue : {"kalshi", "coinbase", "binance", "kraken", "bitstamp", "gemini"}) {
    config += "[venues." + std::string(venue) + "]\nrest_url = \"http://127.0.0.1:1\"\n";
  }
  write_text(folder.file("nobody.toml"),
             config + "[venues.polymarket]\nenabled = false\n[redis]\nurl = \"redis://127.0.0.1:1\"\n");
  const Result result =
      run({"doctor", "--json", "--config", folder.file("nobody.toml"), "--data", folder.file("data")});
  EXPECT_EQ(result.exit_code, 1) << result.error;
  for (const char* venue : {"kalshi", "coinbase", "binance", "kraken", "bitstamp", "gemini"}) {
    EXPECT_THAT(result.out, testing::HasSubstr("\"venue " + std::string(venue) + "\",\"ok\":false"));
  }
  EXPECT_THAT(result.out, testing::HasSubstr("\"redis\",\"ok\":false"));
  EXPECT_THAT(result.out, testing::Not(testing::HasSubstr("venue polymarket")));
}

TEST(CommandLine, WhatAPersonRevokesIsSaid) {
  const test::TemporaryFolder folder;
  write_text(folder.file("approvals"), "approved kalshi:KXBTC15M 95b4741b14d7e15a 2026-11-23T06:20:35.066Z\n");
  const std::string data = std::filesystem::path(folder.file("approvals")).parent_path().string();
  EXPECT_EQ(run({"markets", "revoke", "kalshi:KXETH", "--data", data}).exit_code, kNotFound);
  const Result revoked = run({"markets", "revoke", "kalshi:KXBTC15M", "--data", data});
  EXPECT_EQ(revoked.exit_code, kDone) << revoked.error;
  EXPECT_EQ(revoked.out, "revoked kalshi:KXBTC15M\n");
}

TEST(CommandLine, WrongUsageIsTwoAndSaysWhat) {
  const test::TemporaryFolder folder;
  write_text(folder.file("empty"), "");
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"no-such-command"},
      {"--no-such-option"},
      {"books", "--no-such-option"},
      {"books", "--venue", "nasdaq", folder.file("empty")},
      {"books", folder.file("empty")},
      {"books", "--venue", "kalshi"},
      {"replay"},
      {"replay", "--speed", "2x", folder.file("empty")},
      {"demo", "--seconds", "soon"},
      {"demo", "--seconds", "0"},
      {"demo", "--seconds", "-1"},
      {"import", "--format", "no-such-format", folder.file("empty"), "--out", folder.file("journal")},
      {"import", "--format", "kalshi-btc15m-l2", folder.file("empty")},
      {"import", folder.file("empty"), "--out", folder.file("journal")},
  };
  for (const auto& arguments : wrong) {
    SCOPED_TRACE(testing::PrintToString(arguments));
    const Result result = run(arguments);
    EXPECT_EQ(result.exit_code, kUsage);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.error, "");
  }
  EXPECT_FALSE(std::filesystem::exists(folder.file("journal")));
}

TEST(CommandLine, AMissingFileIsSix) {
  const test::TemporaryFolder folder;
  const std::string missing = folder.file("missing");
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"books", "--venue", "kalshi", missing},
           {"replay", missing},
           {"import", "--format", "kalshi-btc15m-l2", missing, "--out", folder.file("journal")}}) {
    SCOPED_TRACE(arguments[0]);
    const Result result = run(arguments);
    EXPECT_EQ(result.exit_code, kNotFound);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.error, testing::HasSubstr(missing));
  }
}

TEST(CommandLine, WhatIsNoJournalIsBadInput) {
  const test::TemporaryFolder folder;
  write_text(folder.file("text"),
             "this is no journal, and it is long enough to have had a header of sixty-four bytes\n");
  const Result result = run({"replay", folder.file("text"), "--json"});
  EXPECT_EQ(result.exit_code, kBadInput);
  EXPECT_STREQ(document_of(result.out)["error"]["code"].GetString(), "bad_input");
  EXPECT_EQ(run({"replay", folder.file("text")}).out, "");
}

TEST(CommandLine, DemoPrintsOneDocumentAndItsJournalReplaysTheSame) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  const Result demo = run({"demo", "--seconds", "5", "--headless", "--json", "--port", "0", "--data", data});
  EXPECT_EQ(demo.exit_code, kDone) << demo.error;
  const rapidjson::Document told = document_of(demo.out);
  expect_run_fields(told);
  ASSERT_TRUE(told.HasMember("legs") && told["legs"].IsObject());
  EXPECT_TRUE(told["legs"]["broken"].IsUint64());
  EXPECT_TRUE(told["legs"]["unwound"].IsUint64());
  ASSERT_TRUE(told.HasMember("halts") && told["halts"].IsObject());
  EXPECT_EQ(told["halts"]["exercised"].GetUint64(), 1U);
  EXPECT_EQ(told["halts"]["requests_while_halted"].GetUint64(), 0U);

  std::string journal;
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    if (entry.path().extension() == ".journal") journal = entry.path().string();
  }
  const Result replay = run({"replay", journal, "--json"});
  EXPECT_EQ(replay.exit_code, kDone) << replay.error;
  const rapidjson::Document again = document_of(replay.out);
  expect_run_fields(again);
  EXPECT_STREQ(again["digest"].GetString(), told["digest"].GetString());
}

TEST(CommandLine, ReplayOfARecordingHasEveryFieldThoughNothingHappened) {
  const test::TemporaryFolder folder;
  const Result replay = run({"replay", long_journal(folder), "--json"});
  EXPECT_EQ(replay.exit_code, kDone) << replay.error;
  EXPECT_EQ(replay.error, "");
  expect_run_fields(document_of(replay.out));
}

// The next event is an hour away.
TEST(CommandLine, AReplayInRealTimeEndsAtOnceWhenAsked) {
  const test::TemporaryFolder folder;
  const std::string journal = long_journal(folder);
  Running replay({"replay", journal, "--speed", "1x", "--json"});
  while (!replay.catches(SIGTERM)) std::this_thread::yield();
  const auto asked_at = std::chrono::steady_clock::now();
  replay.send(SIGTERM);
  const Result result = replay.wait();
  EXPECT_EQ(result.exit_code, kDone) << result.error;
  EXPECT_LT(std::chrono::steady_clock::now() - asked_at, std::chrono::seconds(9));
  expect_run_fields(document_of(result.out));
}

}  // namespace
}  // namespace arbees::cli

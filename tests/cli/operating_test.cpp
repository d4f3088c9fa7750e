// The operating commands without a running process: halt, resume, status, config.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "adapters/store/ledger.h"
#include "tests/cli/program.h"

namespace arbees::cli {
namespace {

using testing::HasSubstr;

constexpr int kDone = 0;
constexpr int kUsage = 2;
constexpr int kRefused = 4;
constexpr int kNotFound = 6;

TEST(Operating, HaltAndResumeWorkWithNothingRunning) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  const Result halted = run({"halt", "--data", data, "--reason", "drill", "--json"});
  EXPECT_EQ(halted.exit_code, kDone);
  EXPECT_EQ(halted.out, "{\"halted\":true}\n");
  EXPECT_THAT(halted.error, HasSubstr("nothing runs in " + data + "; other folders are not halted"));
  const Result status = run({"status", "--data", data, "--json"});
  EXPECT_EQ(status.exit_code, kNotFound);
  EXPECT_THAT(status.out, HasSubstr("\"running\":false,\"halted\":true"));
  EXPECT_THAT(status.out, HasSubstr("drill"));
  EXPECT_EQ(run({"resume", "--data", data, "--json"}).out, "{\"halted\":false}\n");
  EXPECT_THAT(run({"status", "--data", data, "--json"}).out, HasSubstr("\"halted\":false"));
  EXPECT_EQ(run({"resume", "--data", data}).out, "trading may go on (nothing changed)\n");
}

TEST(Operating, AHaltWhoseFileWasDeletedIsStillOne) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  EXPECT_EQ(run({"halt", "--data", data, "--reason", "drill"}).exit_code, kDone);
  ASSERT_TRUE(std::filesystem::remove(data + "/halt"));
  EXPECT_THAT(run({"status", "--data", data, "--json"}).out,
              testing::AllOf(HasSubstr("\"halted\":true"), HasSubstr("drill")));
  EXPECT_EQ(run({"resume", "--data", data, "--reason", "looked at it"}).out, "trading may go on\n");
  EXPECT_THAT(text_of(data + "/halt-history"), HasSubstr("drill; resumed "));
  EXPECT_THAT(run({"status", "--data", data, "--json"}).out, HasSubstr("\"halted\":false"));
}

TEST(Operating, TheLogLevelOfAFolderWhereNothingRunsIsNotFound) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("typo");
  for (const std::vector<std::string>& level : {std::vector<std::string>{}, {"debug"}, {"configured"}}) {
    std::vector<std::string> words{"log-level", "--data", data};
    words.insert(words.end(), level.begin(), level.end());
    const Result result = run(words);
    EXPECT_EQ(result.exit_code, kNotFound);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.error, HasSubstr("nothing runs in " + data));
  }
  EXPECT_FALSE(std::filesystem::exists(data));
  // What a process has left is shown, and can be taken back.
  std::filesystem::create_directories(data);
  write_text(data + "/log-level", "debug\n");
  EXPECT_EQ(run({"log-level", "--data", data}).out, "debug\n");
  EXPECT_EQ(run({"log-level", "configured", "--data", data}).exit_code, kDone);
  EXPECT_FALSE(std::filesystem::exists(data + "/log-level"));
}

TEST(Operating, AStoppedProcessComparesAnewAfterADifference) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  std::filesystem::create_directories(data);
  write_text(data + "/halt", "2026-01-02T03:04:05.678Z books and venue differ: kalshi: the venue has $5.00 less\n");
  const std::string config = folder.file("config.toml");
  std::string venues = "[venues.polymarket]\nenabled = false\n";
  for (const char* venue : {"kalshi", "coinbase", "binance", "kraken", "bitstamp", "gemini"}) {
    venues += "[venues." + std::string(venue) + "]\nrest_url = \"http://127.0.0.1:1\"\n";
  }
  write_text(config, venues);
  EXPECT_THAT(run({"doctor", "--config", config, "--data", data}).out,
              HasSubstr("arbees reconcile --data " + data + " --accept --reason TEXT"));
  EXPECT_THAT(run({"resume", "--data", data, "--reason", "booked"}).out,
              HasSubstr("the next start compares books and venue again"));
}

TEST(Operating, LaterReasonsOfAHaltAreShown) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  EXPECT_EQ(run({"halt", "--data", data}).exit_code, kDone);
  EXPECT_THAT(run({"halt", "--data", data, "--reason", "the real one"}).out, HasSubstr("the first reason stays"));
  EXPECT_THAT(run({"status", "--data", data, "--json"}).out,
              testing::ContainsRegex("\"halt_reason\":\"20[^ ]* no reason given; then 20[^ ]* the real one\""));
}

TEST(Operating, AHaltOfLiveTradingEndsWithAReason) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  std::filesystem::create_directories(data);
  {
    const auto ledger = Ledger::open(data + "/ledger.sqlite", Ledger::Durability::Normal);
    ASSERT_TRUE(ledger && (*ledger)->begin_session(1, "live", from_unix_s(1)));
  }
  EXPECT_EQ(run({"resume", "--data", data, "--json"}).out, "{\"halted\":false}\n") << "nothing to end";
  EXPECT_EQ(run({"halt", "--data", data, "--reason", "drill"}).exit_code, kDone);
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--reason", " "}}) {
    std::vector<std::string> words{"resume", "--data", data};
    words.insert(words.end(), more.begin(), more.end());
    const Result refused = run(words);
    EXPECT_EQ(refused.exit_code, kUsage);
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.error, HasSubstr("arbees resume --reason TEXT"));
  }
  EXPECT_THAT(run({"status", "--data", data, "--json"}).out, HasSubstr("\"halted\":true"));
  EXPECT_EQ(run({"resume", "--data", data, "--reason", "the drill is over"}).exit_code, kDone);
  EXPECT_THAT(text_of(data + "/halt-history"), HasSubstr("the drill is over"));
}

TEST(Operating, WhatIsAcceptedNeedsAReason) {
  const test::TemporaryFolder folder;
  const Result silent = run({"reconcile", "--data", folder.file("data"), "--accept"});
  EXPECT_EQ(silent.exit_code, kUsage);
  EXPECT_THAT(silent.error, HasSubstr("--accept needs --reason TEXT"));
  const Result lost = run({"reconcile", "--data", folder.file("data"), "--reason", "a deposit"});
  EXPECT_EQ(lost.exit_code, kUsage);
  EXPECT_THAT(lost.error, HasSubstr("--reason belongs to --accept"));
}

TEST(Operating, PaperIsRefusedOnALiveLedger) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  std::filesystem::create_directories(data);
  {
    const auto ledger = Ledger::open(data + "/ledger.sqlite", Ledger::Durability::Normal);
    ASSERT_TRUE(ledger && (*ledger)->begin_session(1, "live", from_unix_s(1)));
  }
  const Result refused = run({"run", "--data", data, "--port", "0", "--seconds", "1"});
  EXPECT_EQ(refused.exit_code, kRefused) << "as live trading is on a ledger of paper";
  EXPECT_THAT(refused.error, HasSubstr("a ledger of live trading"));
}

TEST(Operating, WhatIsWrittenIsForItsUserAlone) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  EXPECT_EQ(run({"demo", "--seconds", "2", "--headless", "--port", "0", "--data", data, "--json"}).exit_code, kDone);
  constexpr auto kOthers = std::filesystem::perms(077);
  std::size_t files = 0;
  EXPECT_EQ(std::filesystem::status(data).permissions() & kOthers, std::filesystem::perms::none);
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    EXPECT_EQ(entry.status().permissions() & kOthers, std::filesystem::perms::none) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 3U) << "ledger, journal, lock";
}

TEST(Operating, ATestOrderIsSmallAndDeep) {
  const test::TemporaryFolder folder;
  const auto told = [&](const char* option, const char* value) {
    const Result result = run({"livetest", "--data", folder.file("data"), "--kalshi", "KXBTCD-1", option, value});
    EXPECT_EQ(result.exit_code, kUsage);
    return result.error;
  };
  EXPECT_THAT(told("--quantity", "1e9"), HasSubstr("--quantity \"1e9\" is not allowed: a number of contracts"));
  EXPECT_THAT(told("--quantity", "1000.01"), HasSubstr("at most 1000"));
  EXPECT_THAT(told("--price", "0.06"), HasSubstr("--price \"0.06\" is not allowed: more than 0, and at most 0.05"));
}

TEST(Operating, NothingIsSoldWhereNothingRuns) {
  const test::TemporaryFolder folder;
  const Result flattened = run({"flatten", "--data", folder.file("data"), "--json"});
  EXPECT_EQ(flattened.exit_code, kNotFound);
  EXPECT_THAT(flattened.error, HasSubstr("nothing runs in"));
  EXPECT_THAT(flattened.out, HasSubstr("{\"error\":{\"code\":\"not_found\""));
}

// Halts a flatten of a process that holds the folder and obeys nobody, as if its sales took long. `status` is its word.
Result halted_flatten(const std::string& data, const std::string& status) {
  std::filesystem::create_directories(data);
  if (!status.empty()) write_text(data + "/status.json", status);
  const int lock = ::open((data + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  struct flock whole{};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  EXPECT_EQ(::fcntl(lock, F_OFD_SETLK, &whole), 0);
  Running flatten({"flatten", "--data", data, "--wait", "600"});
  while (!std::filesystem::exists(data + "/flatten") && !flatten.has_ended()) ::poll(nullptr, 0, 20);
  EXPECT_EQ(run({"halt", "--data", data}).exit_code, kDone);
  Result told = flatten.wait();
  ::close(lock);
  return told;
}

TEST(Operating, FlattenSaysThatAHaltHasEndedTheSales) {
  const test::TemporaryFolder folder;
  const Result told = halted_flatten(folder.file("data"), "");
  EXPECT_EQ(told.exit_code, kRefused) << told.error;
  EXPECT_EQ(told.out, "halted meanwhile, so nothing more is sold\n");
  EXPECT_THAT(told.error, HasSubstr("a halt is stronger, `arbees resume` ends both"));
}

TEST(Operating, WhatAHaltedFlattenLeavesIsLeftByTheHalt) {
  const test::TemporaryFolder folder;
  const Result told = halted_flatten(
      folder.file("data"),
      R"({"written_at":"2200-01-01T00:00:00.000Z","flatten":{"done":false,"orders":1,"sold":"2","proceeds":"1",)"
      R"("cost":"1.1","left":[{"venue":"kalshi","symbol":"K-1","outcome":"yes","quantity":"5","reason":"not_tradable"}]}})");
  EXPECT_EQ(told.exit_code, kRefused) << told.error;
  EXPECT_EQ(told.out,
            "halted meanwhile, so nothing more is sold: 2 contracts sold for $1, which had cost $1.1\n"
            "  left: 5 yes of K-1 on kalshi: halted\nnothing is bought until `arbees resume`\n");
}

TEST(Operating, ResumeSaysWhereNothingRuns) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  const Result resumed = run({"resume", "--data", data});
  EXPECT_EQ(resumed.exit_code, kDone);
  EXPECT_EQ(resumed.out, "trading may go on (nothing changed)\n");
  EXPECT_EQ(resumed.error, "arbees resume: nothing runs in " + data + "; other folders are not resumed\n");
}

TEST(Operating, NoTestOrderLeavesAHaltedFolder) {
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  write_text(folder.file("config.toml"),
             "[venues.kalshi]\nrest_url = \"http://127.0.0.1:1\"\nws_url = \"ws://127.0.0.1:1\"\n");
  const std::vector<std::string> words{"livetest", "--config", folder.file("config.toml"), "--data", data,
                                       "--kalshi", "KXBTCD-1"};
  for (const char* latch : {"halt", "flatten"}) {
    std::filesystem::create_directories(data);
    write_text(data + "/" + latch, "2026-01-02T03:04:05.678Z drill\n");
    const Result refused = run(words);
    EXPECT_EQ(refused.exit_code, kRefused) << refused.error;
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.error, HasSubstr("2026-01-02T03:04:05.678Z drill; nothing was sent"));
    EXPECT_THAT(refused.error, HasSubstr("arbees resume --data " + data + " --reason TEXT"));
    EXPECT_EQ(run({"resume", "--data", data}).exit_code, kDone);
  }
  EXPECT_THAT(run(words).error, HasSubstr("run.allow_live")) << "the next thing that is missing";
}

TEST(Operating, AHaltThatCannotBeWrittenFails) {
  const Result halted = run({"halt", "--data", "/proc/nowhere", "--json"});
  EXPECT_EQ(halted.exit_code, 1);
  EXPECT_THAT(halted.error, HasSubstr("/proc/nowhere/halt"));
}

TEST(Operating, AnOutputThatCannotBeWrittenFails) {
  const test::TemporaryFolder folder;
  const std::string program = ARBEES_PROGRAM;
  const Result lost = Running("/bin/sh", {"-c", program + " config docs >/dev/full"}).wait();
  EXPECT_EQ(lost.exit_code, 1);
  EXPECT_THAT(lost.error, HasSubstr("standard output cannot be written"));
}

// A collector of logs may die; what trades goes on and stops in order.
TEST(Operating, WhoseLogNobodyReadsGoesOn) {
  const test::TemporaryFolder folder;
  const std::string pipe = folder.file("pipe");
  const std::string demo = " demo --seconds 3 --headless --json --port 0 --data " + folder.file("data");
  const Result ended = Running("/bin/sh", {"-c", "mkfifo " + pipe + "; head -n 1 <" + pipe + " >/dev/null & exec " +
                                                     std::string(ARBEES_PROGRAM) + demo + " 2>" + pipe})
                           .wait();
  EXPECT_EQ(ended.exit_code, kDone);
  EXPECT_THAT(ended.out, HasSubstr("\"events\":"));
}

TEST(Operating, ConfigShowsWhereEveryValueComesFrom) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("arbees.toml");
  write_text(file, "[limits]\nmin_edge_pct = 2.5\n");
  const Result shown = run({"config", "show", "--config", file, "--profile", "aggressive", "--json"});
  EXPECT_EQ(shown.exit_code, kDone);
  EXPECT_THAT(shown.out, HasSubstr(R"("name":"limits.min_edge_pct","value":"2.5","origin":")" + file + ":2\""));
  EXPECT_THAT(shown.out,
              HasSubstr(R"("name":"limits.max_position_size","value":"1000","origin":"profile aggressive")"));
  EXPECT_EQ(run({"config", "check", "--config", file}).exit_code, kDone);
  EXPECT_THAT(run({"config", "profiles", "--json"}).out, HasSubstr("\"testing\""));
  EXPECT_THAT(run({"config", "schema"}).out, HasSubstr("\"limits.min_edge_pct\""));
}

TEST(Operating, WrongConfigurationNamesKeyValueAndRange) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("arbees.toml");
  write_text(file, "[limits]\nmin_edge_pct = 200\nunknown = 1\n");
  for (const char* command : {"run", "config"}) {
    const Result result = std::string(command) == "run" ? run({"run", "--config", file, "--data", folder.file("data")})
                                                        : run({"config", "check", "--config", file});
    EXPECT_EQ(result.exit_code, kUsage);
    EXPECT_THAT(result.error, HasSubstr(file + ":2: limits.min_edge_pct = \"200\" is not allowed: 0 to 100 percent"));
    EXPECT_THAT(result.error, HasSubstr("there is no key limits.unknown"));
  }
}

TEST(Operating, ReconcileSpeaksInItsOwnName) {
  const test::TemporaryFolder folder;
  const Result result = run({"reconcile", "--data", folder.file("data")});
  EXPECT_EQ(result.exit_code, kRefused);
  EXPECT_THAT(result.error, testing::StartsWith("arbees reconcile: "));
}

TEST(Operating, LiveIsRefusedWithoutAuthorisation) {
  const test::TemporaryFolder folder;
  const Result result = run({"run", "--mode", "live", "--data", folder.file("data")});
  EXPECT_EQ(result.exit_code, kRefused);
  EXPECT_EQ(result.out, "");
}

}  // namespace
}  // namespace arbees::cli

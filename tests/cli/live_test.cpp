// `run` against `sim`, as two processes over real sockets: ready, live, trading on paper, halted, stopped.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <rapidjson/document.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "tests/cli/program.h"

namespace arbees::cli {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr auto kPatience = std::chrono::seconds(60);

// Looks again and again, for as long as a loaded machine may need; nothing is measured.
bool becomes_true(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 50);
  }
  return true;
}

rapidjson::Document parse(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  return document;
}

class LiveTest : public testing::Test {
 protected:
  void start_sim(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"sim", "--seed", "7", "--config-out", folder_.file("sim.toml")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    sim_ = std::make_unique<Running>(arguments);
    ASSERT_TRUE(becomes_true([&] { return sim_->out().find('\n') != std::string::npos || sim_->has_ended(); }));
    ASSERT_THAT(sim_->out(), HasSubstr("\"ready\":true")) << sim_->error();
  }

  void start_run() {
    run_ = std::make_unique<Running>(std::vector<std::string>{"run", "--config", folder_.file("sim.toml"), "--profile",
                                                              "testing", "--data", data_, "--port", "0"});
    ASSERT_TRUE(becomes_true([&] { return run_->out().find('\n') != std::string::npos || run_->has_ended(); }));
    ASSERT_THAT(run_->out(), HasSubstr("\"ready\":true,\"role\":\"run\"")) << run_->error();
  }

  [[nodiscard]] rapidjson::Document status() const { return parse(run({"status", "--data", data_, "--json"}).out); }

  [[nodiscard]] bool all_feeds_are(const char* wanted) const {
    const rapidjson::Document document = status();
    if (!document.IsObject() || !document.HasMember("feeds") || document["feeds"].Size() < 4) return false;
    for (const auto& feed : document["feeds"].GetArray()) {
      if (feed["status"] != wanted) return false;
    }
    return true;
  }
  [[nodiscard]] std::uint64_t count(const char* key) const {
    const rapidjson::Document document = status();
    return document.IsObject() && document.HasMember(key) ? document[key].GetUint64() : 0;
  }

  // The venues' configuration with another value of one key.
  [[nodiscard]] std::string changed_config(const char* key, const std::string& value) const {
    std::string text = text_of(folder_.file("sim.toml"));
    const std::string line = std::string("\n") + key + " = \"";
    const std::size_t begin = text.find(line) + line.size();
    text.replace(begin, text.find('"', begin) - begin, value);
    std::string path = folder_.file("tried.toml");
    write_text(path, text);
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path;
  }

  static int stop(std::unique_ptr<Running>& program) {
    program->send(SIGTERM);
    const int code = program->wait().exit_code;
    program.reset();
    return code;
  }

  void TearDown() override {
    for (auto* program : {&run_, &sim_}) {
      if (*program == nullptr) continue;
      (*program)->send(SIGKILL);
      (*program)->wait();
    }
  }

  test::TemporaryFolder folder_;
  std::string data_ = folder_.file("data");
  std::unique_ptr<Running> sim_;
  std::unique_ptr<Running> run_;
};

TEST_F(LiveTest, TradesOnPaperHaltsAndStopsWithARightLedger) {
  start_sim();
  start_run();
  EXPECT_TRUE(becomes_true([&] { return all_feeds_are("live"); })) << run({"status", "--data", data_}).out;
  EXPECT_TRUE(becomes_true([&] { return count("fills") > 0; })) << run({"status", "--data", data_, "--json"}).out;

  EXPECT_EQ(run({"halt", "--data", data_, "--reason", "test", "--json"}).out, "{\"halted\":true}\n");
  // As the process says itself: the latch is told at once, and its counts are from before.
  ASSERT_TRUE(becomes_true([&] { return status()["trading_state"] == "halted"; }));
  const std::uint64_t requests = count("requests");
  const std::uint64_t events = count("events");
  ASSERT_TRUE(becomes_true([&] { return count("events") > events + 2000; }));
  EXPECT_EQ(count("requests"), requests);

  EXPECT_EQ(stop(run_), 0);
  EXPECT_EQ(run({"status", "--data", data_, "--json"}).exit_code, 6);
  EXPECT_THAT(run({"ledger", "check", "--data", data_, "--json"}).out, HasSubstr("\"ok\":true"));
  EXPECT_EQ(stop(sim_), 0);
}

TEST_F(LiveTest, FlattenSellsWhatItCanAndNamesTheRest) {
  start_sim();
  start_run();
  EXPECT_TRUE(becomes_true([&] { return count("fills") >= 4; })) << run({"status", "--data", data_, "--json"}).out;
  const Result flattened = run({"flatten", "--data", data_, "--reason", "test", "--wait", "120", "--json"});
  EXPECT_EQ(flattened.exit_code, 0) << flattened.out << flattened.error;
  const rapidjson::Document told = parse(flattened.out);
  ASSERT_TRUE(told.IsObject()) << flattened.out;
  EXPECT_TRUE(told["flattening"].GetBool());
  EXPECT_TRUE(told["done"].GetBool());
  for (const auto& left : told["left"].GetArray()) {
    EXPECT_STRNE(left["symbol"].GetString(), "");
    EXPECT_STRNE(left["reason"].GetString(), "none");
    EXPECT_STRNE(left["reason"].GetString(), "under_way");
  }
  const rapidjson::Document again = parse(run({"flatten", "--data", data_, "--wait", "0", "--json"}).out);
  ASSERT_TRUE(again.IsObject());
  for (const auto& member : told.GetObject()) EXPECT_TRUE(again.HasMember(member.name)) << member.name.GetString();
  EXPECT_EQ(status()["trading_state"], "reducing");
  EXPECT_THAT(run({"status", "--data", data_}).out, HasSubstr("REDUCING\nflattening: "));
  EXPECT_THAT(run({"watch", "--data", data_, "--once"}).out, HasSubstr("REDUCING"));
  const std::uint64_t requests = count("requests");
  const std::uint64_t events = count("events");
  ASSERT_TRUE(becomes_true([&] { return count("events") > events + 2000; }));
  EXPECT_EQ(count("requests"), requests);

  EXPECT_EQ(run({"halt", "--data", data_}).exit_code, 0);
  const Result refused = run({"flatten", "--data", data_, "--json"});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.error, HasSubstr("halted"));
  EXPECT_EQ(run({"resume", "--data", data_}).exit_code, 0);
  EXPECT_TRUE(becomes_true([&] { return status()["trading_state"] == "active"; }));
  EXPECT_EQ(stop(run_), 0);
  EXPECT_THAT(run({"ledger", "check", "--data", data_, "--json"}).out, HasSubstr("\"ok\":true"));
}

TEST_F(LiveTest, DoctorTriesTheKeysAndOnlyReads) {
  start_sim();
  const auto doctor = [&](const char* key, const std::string& value) {
    return run({"doctor", "--config", changed_config(key, value), "--data", data_, "--port", "0"});
  };
  const Result good = run({"doctor", "--config", folder_.file("sim.toml"), "--data", data_, "--port", "0"});
  EXPECT_EQ(good.exit_code, 0) << good.out << good.error;
  EXPECT_THAT(good.out, ContainsRegex("ok   kalshi account +cash [1-9][0-9.]*\n"));
  EXPECT_THAT(good.out, ContainsRegex("ok   polymarket account +cash [1-9][0-9.]*\n"));
  EXPECT_FALSE(std::filesystem::exists(data_ + "/ledger.sqlite")) << "it books nothing";

  const Result stranger = doctor("key_id", "11111111-2222-4333-8444-555555555555");
  EXPECT_EQ(stranger.exit_code, 1);
  EXPECT_THAT(stranger.out, ContainsRegex("FAIL kalshi account +balance: HTTP 401.*; look at venues.kalshi.key_id and "
                                          "venues.kalshi.private_key_file"));
  EXPECT_THAT(stranger.out, HasSubstr("ok   polymarket account"));

  const std::string secret(64, '4');
  const Result other = doctor("private_key", secret);
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.out, HasSubstr("ok   kalshi account"));
  EXPECT_THAT(other.out, ContainsRegex("FAIL polymarket account +cash 0: nothing can be bought; look at "
                                       "venues.polymarket.private_key"));
  EXPECT_THAT(other.out + other.error, Not(HasSubstr(secret)));
}

TEST_F(LiveTest, BooksOfOneWalletAreNotReconciledWithAnother) {
  start_sim();
  const Result first = run({"reconcile", "--config", folder_.file("sim.toml"), "--data", data_});
  EXPECT_EQ(first.exit_code, 0) << first.out << first.error;
  std::string wallet = text_of(data_ + "/polymarket.wallet");
  ASSERT_TRUE(wallet.ends_with('\n'));
  wallet.pop_back();
  const std::string other = changed_config("private_key", std::string(64, '4'));
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"reconcile", "--config", other, "--data", data_, "--accept", "--reason", "test"},
        std::vector<std::string>{"run", "--mode", "live", "--config", other, "--data", data_, "--port", "0"}}) {
    const Result refused = run(arguments);
    EXPECT_EQ(refused.exit_code, 4) << refused.out;
    EXPECT_THAT(refused.error, HasSubstr("those of the Polymarket wallet " + wallet + ", and this is 0x"));
  }
  const std::string key_id = changed_config("key_id", "11111111-2222-4333-8444-555555555555");
  const Result stranger = run({"reconcile", "--config", key_id, "--data", data_});
  EXPECT_EQ(stranger.exit_code, 4);
  EXPECT_THAT(stranger.error, HasSubstr("look at venues.kalshi.key_id and venues.kalshi.private_key_file"));
  EXPECT_EQ(run({"reconcile", "--config", folder_.file("sim.toml"), "--data", data_}).exit_code, 0);
}

TEST_F(LiveTest, ATestOrderOnAMarketThatIsNotThereSaysSo) {
  start_sim();
  const Result unknown =
      run({"livetest", "--config", folder_.file("sim.toml"), "--data", data_, "--kalshi", "KXNOSUCH-1", "--json"});
  EXPECT_EQ(unknown.exit_code, 1) << unknown.out << unknown.error;
  EXPECT_THAT(unknown.out, HasSubstr("the venue does not know this market"));
  const Result token =
      run({"livetest", "--config", folder_.file("sim.toml"), "--data", data_, "--polymarket", "123", "--json"});
  EXPECT_EQ(token.exit_code, 1) << token.out << token.error;
  EXPECT_THAT(token.out, HasSubstr("the venue does not know this market"));
}

TEST_F(LiveTest, LostVenuesAreNotLiveAndRecoverByThemselves) {
  start_sim();
  const rapidjson::Document ready = parse(sim_->out());
  const auto port = [&](const char* venue, const char* key) {
    const std::string url = ready[venue][key].GetString();
    const std::size_t colon = url.find(':', 8);
    return url.substr(colon + 1, url.find('/', colon) - colon - 1);
  };
  start_run();
  ASSERT_TRUE(becomes_true([&] { return all_feeds_are("live"); })) << run({"status", "--data", data_}).out;
  EXPECT_EQ(stop(sim_), 0);
  EXPECT_TRUE(becomes_true([&] {
    const rapidjson::Document document = status();
    for (const auto& feed : document["feeds"].GetArray()) {
      if (feed["status"] == "live") return false;
    }
    return true;
  }));
  start_sim({"--kalshi-port", port("kalshi", "rest"), "--polymarket-port", port("polymarket", "clob"), "--gamma-port",
             port("polymarket", "gamma"), "--coinbase-port", port("coinbase", "rest"), "--binance-port",
             port("binance", "rest")});
  EXPECT_TRUE(becomes_true([&] { return all_feeds_are("live"); })) << run({"status", "--data", data_}).out;
  EXPECT_EQ(stop(run_), 0);
}

// A recording of sim, and what it consists of.
struct Recording {
  std::string report;
  std::string raw;
  std::string journal;
  std::string unproven;  // a venue without a proven book; empty: none
};

Recording record_for(const std::string& seconds, const test::TemporaryFolder& folder) {
  const std::string out = folder.file("recording-" + seconds);
  const Result recorded =
      run({"record", "--config", folder.file("sim.toml"), "--out", out, "--seconds", seconds, "--json"});
  EXPECT_EQ(recorded.exit_code, 0) << recorded.error;
  Recording recording{recorded.out, {}, {}, {}};
  for (const auto& entry : std::filesystem::directory_iterator(out)) {
    (entry.path().extension() == ".journal" ? recording.journal : recording.raw) = entry.path().string();
  }
  // Binance's books begin with a REST answer, which is no frame: its events are in the journal only.
  for (const char* venue : {"kalshi", "polymarket", "coinbase"}) {
    const Result books = run({"books", "--venue", venue, recording.raw});
    EXPECT_EQ(books.exit_code, 0) << venue << books.error;
    if (books.out.find("\"status\": \"proven\"") == std::string::npos) recording.unproven = venue;
  }
  return recording;
}

TEST_F(LiveTest, ARecordingReadsBackAsProvenBooks) {
  start_sim();
  Recording recording = record_for("8", folder_);
  // A slow machine may need longer until every venue has told a book.
  for (const char* seconds : {"16", "32"}) {
    if (!recording.unproven.empty()) recording = record_for(seconds, folder_);
  }
  EXPECT_EQ(recording.unproven, "");
  const rapidjson::Document report = parse(recording.report);
  ASSERT_TRUE(report.IsObject()) << recording.report;
  EXPECT_GT(report["frames"].GetUint64(), 100U);
  const Result replayed = run({"replay", recording.journal, "--json"});
  EXPECT_EQ(replayed.exit_code, 0) << replayed.error;
  // The replay adds the session's opening and the answers of its own paper orders.
  EXPECT_GE(parse(replayed.out)["events"].GetUint64(), report["events"].GetUint64());
}

}  // namespace
}  // namespace arbees::cli

// The program with a database, as users run it: made at first use, equal to the ledger, kept through a server that
// dies.

#include <rapidjson/document.h>

#include <cstdio>
#include <optional>

#include "tests/cli/program.h"
#include "tests/database/fixture.h"

namespace arbees::cli {
namespace {

using app::becomes_true;
using postgres::test::shared_server;
using postgres::test::TestServer;
using testing::HasSubstr;
using testing::Not;

rapidjson::Document parse(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  EXPECT_FALSE(document.HasParseError()) << text;
  if (document.HasParseError()) document.SetObject();
  return document;
}

std::uint64_t number(const std::string& text) { return text.empty() ? 0 : std::strtoull(text.c_str(), nullptr, 10); }

void expect_no_secret(const Result& result) {
  EXPECT_THAT(result.out, Not(HasSubstr("s3cret")));
  EXPECT_THAT(result.error, Not(HasSubstr("s3cret")));
}

TEST(DatabaseCommands, MigrateAndStatus) {
  shared_server().create("commands");
  const std::string url = shared_server().url_text("commands");
  const Result before = run({"db", "status", "--db", url, "--json"});
  EXPECT_EQ(before.exit_code, 0) << before.error;
  EXPECT_FALSE(parse(before.out)["up_to_date"].GetBool());
  const Result first = run({"db", "migrate", "--db", url, "--json"});
  EXPECT_EQ(first.exit_code, 0) << first.error;
  EXPECT_EQ(parse(first.out)["applied"].Size(), postgres::migrations().size());
  expect_no_secret(first);
  const Result second = run({"db", "migrate", "--db", url});
  EXPECT_EQ(second.exit_code, 0);
  EXPECT_THAT(second.out, Not(HasSubstr("applied")));
  expect_no_secret(second);
  const Result after = run({"db", "status", "--db", url, "--json"});
  EXPECT_TRUE(parse(after.out)["up_to_date"].GetBool()) << after.out;
  EXPECT_THAT(run({"db", "migrate", "--print", "timescaledb"}).out, HasSubstr("create_hypertable"));
}

TEST(DatabaseCommands, SayWhatIsWrongWithoutTheSecret) {
  const Result none = run({"db", "migrate"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.error, HasSubstr("DATABASE_URL"));
  const Result wrong = run({"db", "migrate", "--db", "mysql://u:s3cret@h/d"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.error, HasSubstr("database.url"));
  expect_no_secret(wrong);
  const Result away = run({"db", "status", "--db", "postgres://u:s3cret@127.0.0.1:1/d"});
  EXPECT_EQ(away.exit_code, 1);
  EXPECT_THAT(away.error, HasSubstr("postgres://u:***@127.0.0.1:1/d"));
  expect_no_secret(away);
  const Result missing = run({"db", "restore", "--db", shared_server().url_text("nowhere"), "x.sqlite"});
  EXPECT_EQ(missing.exit_code, 1);
  expect_no_secret(missing);
}

// A slow machine may not get all stored in the time that an ending process gives itself. It says so, and names the
// remedy.
void complete(const Result& ended, const std::string& data, const std::string& url) {
  if (ended.error.find("not all is stored") == std::string::npos) return;
  EXPECT_THAT(ended.error, HasSubstr("arbees db sync"));
  const Result synced = run({"db", "sync", "--data", data, "--db", url});
  EXPECT_EQ(synced.exit_code, 0) << synced.error;
}

// A demo that has filled something: of a slow machine more is asked until it has, in a folder and database of its own.
struct FilledDemo {
  std::string data;
  std::string database;
};

FilledDemo demo_with_fills(const test::TemporaryFolder& folder) {
  FilledDemo demo;
  for (const char* seconds : {"12", "24", "48"}) {
    demo = {folder.file(std::string("data-") + seconds), std::string("demo_") + seconds};
    shared_server().create(demo.database);
    const std::string url = shared_server().url_text(demo.database);
    const Result ended =
        run({"demo", "--seconds", seconds, "--headless", "--json", "--port", "0", "--data", demo.data, "--db", url});
    EXPECT_EQ(ended.exit_code, 0) << ended.error;
    expect_no_secret(ended);
    complete(ended, demo.data, url);
    if (number(shared_server().ask(demo.database, "SELECT count(*) FROM fills")) > 0) break;
  }
  return demo;
}

TEST(DatabaseProgram, ADemoFillsTheTablesAsItsLedger) {
  const test::TemporaryFolder folder;
  const auto [data, database] = demo_with_fills(folder);
  const std::string url = shared_server().url_text(database);
  for (const char* table : {"opportunities", "orders", "fills", "market_prices", "crypto_prices", "audit"}) {
    EXPECT_GT(number(shared_server().ask(database, std::string("SELECT count(*) FROM ") + table)), 0U) << table;
  }
  const Result checked = run({"ledger", "check", "--data", data, "--db", url, "--json"});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.error;
  const auto document = parse(checked.out);
  EXPECT_TRUE(document["ok"].GetBool());
  EXPECT_TRUE(document["database"]["equal"].GetBool());
  EXPECT_EQ(document["fills"].GetUint64(), number(shared_server().ask(database, "SELECT count(*) FROM fills")));
  // The same ledger, read from the database alone.
  const Result here = run({"ledger", "export", "--data", data, "--json"});
  const Result there = run({"ledger", "export", "--data", folder.file("none"), "--db", url, "--json"});
  EXPECT_EQ(here.out, there.out);
  const std::string restored = folder.file("restored.sqlite");
  EXPECT_EQ(run({"db", "restore", "--db", url, restored}).exit_code, 0);
  EXPECT_EQ(run({"ledger", "export", "--db", restored, "--json"}).out, here.out);
  EXPECT_EQ(run({"db", "sync", "--data", data, "--db", url}).exit_code, 0);
}

TEST(DatabaseProgram, AReplayMayBeStoredAgainAndAgain) {
  shared_server().create("replayed");
  const std::string url = shared_server().url_text("replayed");
  const test::TemporaryFolder folder;
  const std::string data = folder.file("data");
  ASSERT_EQ(run({"demo", "--seconds", "6", "--headless", "--json", "--port", "0", "--data", data}).exit_code, 0);
  std::string counts;
  for (int pass = 0; pass < 2; ++pass) {
    const Result replay = run({"replay", data + "/session-1.journal", "--db", url, "--json"});
    EXPECT_EQ(replay.exit_code, 0) << replay.error;
    expect_no_secret(replay);
    const std::string now = shared_server().ask(
        "replayed",
        "SELECT (SELECT count(*) FROM ledgers) || ' ' || (SELECT count(*) FROM orders) || ' ' || (SELECT "
        "count(*) FROM fills) || ' ' || (SELECT count(*) FROM market_prices)");
    if (pass == 1) {
      EXPECT_EQ(now, counts);
    }
    counts = now;
  }
  EXPECT_THAT(counts, testing::StartsWith("1 "));
  const Result away = run({"replay", data + "/session-1.journal", "--db", "postgres://u:s3cret@127.0.0.1:1/d"});
  EXPECT_EQ(away.exit_code, 2);
  expect_no_secret(away);
}

// `run` against loopback venues, with a server of its own.
class DatabaseRunTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.create("live");
    sim_ = std::make_unique<Running>(std::vector<std::string>{"sim", "--seed", "5", "--config-out", sim_file_});
    ASSERT_TRUE(becomes_true([&] { return sim_->out().find('\n') != std::string::npos || sim_->has_ended(); }));
  }
  void TearDown() override {
    for (auto* program : {&run_, &sim_}) {
      if (!*program) continue;
      (*program)->send(SIGKILL);
      (*program)->wait();
    }
  }
  void start() {
    run_ = std::make_unique<Running>(std::vector<std::string>{"run", "--config", sim_file_, "--profile", "testing",
                                                              "--data", data_, "--port", "0", "--headless", "--db",
                                                              server_.url_text("live")});
    ASSERT_TRUE(becomes_true([&] { return run_->out().find('\n') != std::string::npos || run_->has_ended(); }));
  }
  int stop() {
    run_->send(SIGTERM);
    const Result result = run_->wait();
    run_.reset();
    expect_no_secret(result);
    ended_ = result;
    return result.exit_code;
  }
  // An empty object until there is one: `run` is ready before it has said how it is.
  [[nodiscard]] rapidjson::Document status() const {
    rapidjson::Document document;
    document.Parse(run({"status", "--data", data_, "--json"}).out.c_str());
    if (document.HasParseError() || !document.IsObject()) document.SetObject();
    return document;
  }
  [[nodiscard]] std::string database_state() const {
    const auto document = status();
    return document.HasMember("database") ? document["database"]["status"].GetString() : "";
  }
  // None: the process has not told.
  [[nodiscard]] std::optional<std::uint64_t> spilled_batches() const {
    const auto document = status();
    if (!document.HasMember("database")) return std::nullopt;
    return document["database"]["spilled_batches"].GetUint64();
  }
  [[nodiscard]] std::uint64_t fills() const {
    const auto document = status();
    return document.HasMember("fills") ? document["fills"].GetUint64() : 0;
  }
  // Once the run has been stopped.
  void expect_equal_copy() const {
    complete(ended_, data_, server_.url_text("live"));
    const Result checked = run({"ledger", "check", "--data", data_, "--db", server_.url_text("live"), "--json"});
    EXPECT_EQ(checked.exit_code, 0) << checked.out;
    EXPECT_TRUE(parse(checked.out)["database"]["equal"].GetBool()) << checked.out;
  }

  test::TemporaryFolder folder_;
  std::string sim_file_ = folder_.file("sim.toml");
  std::string data_ = folder_.file("data");
  TestServer server_;
  std::unique_ptr<Running> sim_;
  std::unique_ptr<Running> run_;
  Result ended_;  // the run that was stopped last
};

TEST_F(DatabaseRunTest, TradesOnWhileTheServerIsDeadAndCatchesUpByItself) {
  start();
  ASSERT_TRUE(becomes_true([&] { return database_state() == "connected" && fills() > 0; }));
  server_.kill(SIGKILL);
  ASSERT_TRUE(becomes_true([&] { return database_state() == "down"; }));
  const std::uint64_t before = fills();
  ASSERT_TRUE(becomes_true([&] { return fills() > before; })) << "trading does not wait for the database";
  ASSERT_TRUE(becomes_true([&] { return spilled_batches().value_or(0) > 0; }));
  server_.start();
  ASSERT_TRUE(becomes_true([&] { return database_state() == "connected" && spilled_batches() == 0; }));
  EXPECT_EQ(stop(), 0);
  expect_equal_copy();
  EXPECT_EQ(server_.ask("live",
                        "SELECT count(*) - count(DISTINCT (symbol, received_ns, yes_bid, yes_ask, yes_bid_size, "
                        "yes_ask_size, status)) FROM market_prices"),
            "0");
}

TEST_F(DatabaseRunTest, AProcessThatIsKilledLeavesNothingOutOfTheLedgersCopy) {
  start();
  ASSERT_TRUE(becomes_true([&] { return fills() > 3; }));
  run_->send(SIGKILL);
  run_->wait();
  start();
  ASSERT_TRUE(becomes_true([&] { return database_state() == "connected"; }));
  EXPECT_EQ(stop(), 0);
  expect_equal_copy();
}

TEST_F(DatabaseRunTest, ServerAndProcessMayDieTogetherAgainAndAgain) {
  for (int life = 0; life < 3; ++life) {
    start();
    ASSERT_TRUE(becomes_true([&] { return database_state() == "connected" && fills() > 0; }));
    // The server first, or the process first, in the middle of what they do.
    if (life % 2 == 0) server_.kill(SIGKILL);
    run_->send(SIGKILL);
    run_->wait();
    if (life % 2 != 0) server_.kill(SIGKILL);
    server_.start();
  }
  start();
  ASSERT_TRUE(becomes_true([&] { return database_state() == "connected" && fills() > 0; }));
  EXPECT_EQ(stop(), 0);
  expect_equal_copy();
  EXPECT_EQ(server_.ask("live",
                        "SELECT (SELECT sum(row_count) FROM writers) - (SELECT count(*) FROM market_prices) - "
                        "(SELECT count(*) FROM crypto_prices) - (SELECT count(*) FROM audit)"),
            "0")
      << "what the writers say that they have stored is what there is";
}

// `zmq-listener` with a server of its own, and monitors that speak.
class DatabaseListenerTest : public DatabaseRunTest {
 protected:
  void SetUp() override {
    DatabaseRunTest::SetUp();
    std::string text = "[bus]\n";
    for (const char* key : {"spot_pub", "kalshi_pub", "polymarket_pub", "requests_pub", "results_pub", "contracts_pub"})
      text += std::string(key) + " = \"ipc://" + folder_.file(key) + "\"\n";
    write_text(folder_.file("bus.toml"), text);
    for (const char* role : {"crypto-spot-monitor", "kalshi-monitor"}) monitors_.push_back(start_role(role));
  }
  void TearDown() override {
    for (auto& monitor : monitors_) {
      monitor->send(SIGKILL);
      monitor->wait();
    }
    DatabaseRunTest::TearDown();
  }
  std::unique_ptr<Running> start_role(const std::string& role, std::vector<std::string> more = {}) {
    std::vector<std::string> words{role,        "--config", sim_file_, "--config", folder_.file("bus.toml"),
                                   "--profile", "testing",  "--data",  data_};
    words.insert(words.end(), more.begin(), more.end());
    auto program = std::make_unique<Running>(words);
    EXPECT_TRUE(becomes_true([&] { return program->out().find('\n') != std::string::npos || program->has_ended(); }));
    return program;
  }
  void start_listener() { run_ = start_role("zmq-listener", {"--quiet", "--db", server_.url_text("live")}); }
  [[nodiscard]] std::uint64_t rows() const { return number(server_.ask("live", "SELECT count(*) FROM market_prices")); }
  // Of the listener's own status document; 0: it has none.
  [[nodiscard]] std::uint64_t count(const char* name) const {
    rapidjson::Document document;
    document.Parse(text_of(data_ + "/roles/zmq-listener/status.json").c_str());
    if (document.HasParseError() || !document.HasMember("database")) return 0;
    const auto& database = document["database"];
    return database.HasMember(name) && database[name].IsUint64() ? database[name].GetUint64() : 0;
  }

  std::vector<std::unique_ptr<Running>> monitors_;
};

TEST_F(DatabaseListenerTest, StoresWhatWasHeardWhileTheServerWasDeadOnce) {
  start_listener();
  ASSERT_TRUE(becomes_true([&] { return rows() > 0; }));
  server_.kill(SIGKILL);
  ASSERT_TRUE(becomes_true([&] { return count("spilled_batches") > 2; })) << "kept in files";
  run_->send(SIGKILL);
  run_->wait();
  server_.start();
  const std::uint64_t before = rows();
  start_listener();
  ASSERT_TRUE(becomes_true([&] { return count("batches_written") > 2 && count("spilled_batches") == 0; }));
  EXPECT_EQ(stop(), 0);
  EXPECT_GT(rows(), before);
  EXPECT_EQ(server_.ask("live",
                        "SELECT (SELECT sum(row_count) FROM writers) - (SELECT count(*) FROM market_prices) - "
                        "(SELECT count(*) FROM crypto_prices) - (SELECT count(*) FROM audit)"),
            "0");
  // A process that begins does not know what another one has stored: of each market the present state comes once more.
  EXPECT_EQ(server_.ask("live",
                        "SELECT count(*) - count(DISTINCT (symbol, received_ns, yes_bid, yes_ask, yes_bid_size, "
                        "yes_ask_size, status)) <= count(DISTINCT symbol) FROM market_prices"),
            "t");
}

// The whole split system: what the database says of orders and fills is the executor's ledger, once.
TEST_F(DatabaseListenerTest, TheExecutorsLedgerIsCopiedAndTheListenerAddsNothingToIt) {
  start_listener();
  auto listener = std::move(run_);
  for (const char* role : {"polymarket-monitor", "orchestrator", "crypto-shard"}) monitors_.push_back(start_role(role));
  run_ = start_role("execution-service", {"--db", server_.url_text("live")});
  const auto copied = [&] { return number(server_.ask("live", "SELECT count(*) FROM fills")); };
  ASSERT_TRUE(becomes_true([&] { return fills() > 0 && copied() > 0; }));
  server_.kill(SIGKILL);
  ASSERT_TRUE(becomes_true([&] { return database_state() == "down"; }));
  const std::uint64_t before = fills();
  ASSERT_TRUE(becomes_true([&] { return fills() > before; })) << "trading does not wait for the database";
  server_.start();
  ASSERT_TRUE(becomes_true([&] { return database_state() == "connected" && copied() > before; }));
  // A shard that is gone asks for nothing more while the executor ends.
  monitors_.back()->send(SIGTERM);
  EXPECT_EQ(monitors_.back()->wait().exit_code, 0);
  monitors_.pop_back();
  EXPECT_EQ(stop(), 0);
  listener->send(SIGTERM);
  EXPECT_EQ(listener->wait().exit_code, 0);
  expect_equal_copy();
  EXPECT_EQ(server_.ask("live",
                        "SELECT (SELECT count(*) FROM orders WHERE ledger = 0) + (SELECT count(*) FROM fills "
                        "WHERE ledger = 0)"),
            "0");
  EXPECT_EQ(server_.ask("live", "SELECT count(*) > 0 FROM opportunities WHERE ledger = 0"), "t");
}

TEST_F(DatabaseRunTest, WithoutAServerItStartsAndTradesAndEndsInTime) {
  server_.kill(SIGINT);
  start();
  ASSERT_TRUE(becomes_true([&] { return database_state() == "down" && fills() > 0; }));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(stop(), 0);
  const auto took = std::chrono::steady_clock::now() - begin;
  // It gives itself a few seconds; a machine that is slow at everything else may need more.
  EXPECT_LT(took, std::chrono::seconds(60));
  std::printf("ended within %lld ms\n",
              static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  EXPECT_TRUE(std::filesystem::exists(data_ + "/database-spill"));
}

}  // namespace
}  // namespace arbees::cli

#include "adapters/postgres/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "adapters/postgres/migration.h"
#include "adapters/postgres/test_server.h"

namespace arbees::postgres {
namespace {

namespace fs = std::filesystem;
using test::shared_server;
using test::TestServer;

constexpr Duration kLong = std::chrono::seconds(60);
constexpr std::int64_t kStart = 1'769'710'079'123'456'789;  // 2026-01-29T18:07:59Z

bool becomes_true(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(90);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, 5);
  }
  return true;
}

PriceRow market_row(std::int64_t number) {
  PriceRow row;
  row.kind = PriceRow::Kind::Market;
  row.received_ns = kStart + number;
  row.instrument = InstrumentId{7};
  row.venue = Venue::Kalshi;
  row.asset = Asset::BTC;
  row.bid = 4'700;
  row.ask = 4'900;
  row.bid_quantity = 12'000;
  row.ask_quantity = 3'500;
  row.has_bid = row.has_ask = true;
  row.status = BookStatus::Proven;
  return row;
}

class WriterTest : public testing::Test {
 protected:
  WriterTest() {
    std::string pattern = (fs::temp_directory_path() / "arbees-writer-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    options_.spill_folder = folder_ + "/spill";
    options_.flush_every = std::chrono::milliseconds(20);
  }
  ~WriterTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  // Rows `first` to `last`, as fast as the ring takes them.
  static void put(Writer& writer, std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i <= last; ++i) {
      while (!writer.has_room()) ::poll(nullptr, 0, 1);
      writer.put(market_row(i));
    }
  }

  std::string folder_;
  WriterOptions options_;
};

TEST_F(WriterTest, StoresEveryKindOfRowExactly) {
  shared_server().create("kinds");
  Writer writer(shared_server().url("kinds"), options_);
  writer.name(InstrumentId{7}, {"condition", "tok\ten"});
  PriceRow row = market_row(0);
  row.exchange_ns = 5;
  writer.put(row);
  row.has_bid = false;
  row.status = BookStatus::Gap;
  writer.put(row);
  PriceRow spot;
  spot.received_ns = kStart;
  spot.asset = Asset::ETH;
  spot.venue = Venue::Binance;
  spot.bid = 300'012'345'678;
  spot.ask = 300'012'345'681;
  writer.put(spot);
  spot.kind = PriceRow::Kind::SpotTrade;
  spot.bid_quantity = 150'000'000;
  writer.put(spot);
  writer.note(from_unix_ns(kStart), "start", "a\tb");
  ASSERT_TRUE(writer.finish(kLong)) << writer.status().last_trouble;
  EXPECT_EQ(writer.status().rows_written, 5U);
  EXPECT_EQ(shared_server().ask("kinds", "SELECT string_agg(m::text, ';' ORDER BY status) FROM market_prices m"),
            "(\"2026-01-29 18:07:59.123456+00\",1769710079123456789,5,kalshi,condition,\"tok\ten\",BTC,,0.4900,,35.00,"
            "gap);(\"2026-01-29 18:07:59.123456+00\",1769710079123456789,5,kalshi,condition,\"tok\ten\",BTC,0.4700,"
            "0.4900,120.00,35.00,proven)");
  EXPECT_EQ(shared_server().ask("kinds", "SELECT string_agg(c::text, ';' ORDER BY kind) FROM crypto_prices c"),
            "(\"2026-01-29 18:07:59.123456+00\",1769710079123456789,,ETH,binance,quote,3000.12345679,3000.12345678,"
            "3000.12345681,);(\"2026-01-29 18:07:59.123456+00\",1769710079123456789,,ETH,binance,trade,3000.12345678,,,"
            "1.50000000)");
  EXPECT_EQ(shared_server().ask("kinds", "SELECT detail FROM audit"), "a\tb");
}

TEST_F(WriterTest, WritesWhileItRunsWithoutBeingAsked) {
  shared_server().create("running");
  Writer writer(shared_server().url("running"), options_);
  put(writer, 1, 10);
  EXPECT_TRUE(becomes_true([&] { return writer.status().rows_written == 10; }));
  EXPECT_EQ(writer.status().state, WriterState::Connected);
}

TEST_F(WriterTest, WithoutADatabaseRowsGoToFilesAndALaterProcessStoresThem) {
  const auto nowhere = *DatabaseUrl::parse("postgres://u:s3cret@127.0.0.1:1/d");
  {
    Writer writer(nowhere, options_);
    put(writer, 1, 1000);
    EXPECT_FALSE(writer.finish(std::chrono::seconds(2)));
    EXPECT_EQ(writer.status().state, WriterState::Down);
    EXPECT_EQ(writer.status().rows_dropped, 0U);
    EXPECT_THAT(writer.status().last_trouble, testing::Not(testing::HasSubstr("s3cret")));
  }
  shared_server().create("later");
  Writer writer(shared_server().url("later"), options_);
  put(writer, 1001, 1010);
  ASSERT_TRUE(writer.finish(kLong)) << writer.status().last_trouble;
  EXPECT_EQ(shared_server().ask("later", "SELECT count(*) || ' ' || count(DISTINCT received_ns) FROM market_prices"),
            "1010 1010");
}

TEST_F(WriterTest, AServerKilledUnderLoadLosesAndDoublesNothing) {
  TestServer server;
  server.create("killed");
  options_.max_batch_rows = 2000;
  Writer writer(server.url("killed"), options_);
  constexpr std::int64_t kRows = 300'000;
  std::int64_t next = 1;
  for (int kill = 1; kill <= 4; ++kill) {
    const std::int64_t end = kRows * kill / 5;
    put(writer, next, end);
    next = end + 1;
    const std::uint64_t before = writer.status().rows_written;
    ASSERT_TRUE(becomes_true([&] { return writer.status().rows_written > before; }));
    server.kill(SIGKILL);
    put(writer, next, next + 9'999);  // while it is away
    next += 10'000;
    server.start();
  }
  put(writer, next, kRows);
  ASSERT_TRUE(writer.finish(kLong)) << writer.status().last_trouble;
  EXPECT_EQ(writer.status().rows_dropped, 0U);
  EXPECT_GE(writer.status().connects, 2U);
  EXPECT_GT(writer.status().queue.spills, 0U);
  EXPECT_EQ(server.ask("killed", "SELECT count(*) || ' ' || count(DISTINCT received_ns) FROM market_prices"),
            std::to_string(kRows) + " " + std::to_string(kRows));
  EXPECT_EQ(server.ask("killed", "SELECT row_count FROM writers"), std::to_string(kRows));
}

TEST_F(WriterTest, ABatchThatIsSentAgainIsStoredOnce) {
  shared_server().create("repeated");
  options_.writer = "00aa";
  for (int pass = 0; pass < 2; ++pass) {
    Writer writer(shared_server().url("repeated"), options_);
    put(writer, 1, 100);
    // All of them in one batch: only the end closes it.
    ASSERT_TRUE(writer.finish(kLong));
  }
  EXPECT_EQ(shared_server().ask("repeated", "SELECT count(DISTINCT received_ns) = count(*) FROM market_prices"), "t");
}

TEST_F(WriterTest, AServerThatDoesNotAnswerHoldsUpNobody) {
  TestServer server;
  server.create("held");
  options_.patience = std::chrono::milliseconds(300);
  Writer writer(server.url("held"), options_);
  put(writer, 1, 100);
  ASSERT_TRUE(becomes_true([&] { return writer.status().rows_written == 100; }));
  server.hold(true);
  put(writer, 101, 50'000);
  EXPECT_TRUE(becomes_true([&] { return writer.status().state == WriterState::Down; }));
  EXPECT_TRUE(becomes_true([&] { return writer.status().queue.spilled_batches > 0; }));
  server.hold(false);
  ASSERT_TRUE(becomes_true([&] { return writer.status().rows_written == 50'000; })) << writer.status().last_trouble;
  EXPECT_TRUE(writer.finish(kLong));
  EXPECT_EQ(server.ask("held", "SELECT count(*) || ' ' || count(DISTINCT received_ns) FROM market_prices"),
            "50000 50000");
}

// Each call takes longer than the first patience with it.
TEST_F(WriterTest, AServerThatIsOnlySlowGetsEverything) {
  shared_server().create("slow");
  options_.patience = std::chrono::milliseconds(5);
  Writer writer(shared_server().url("slow"), options_);
  put(writer, 1, 20'000);
  EXPECT_TRUE(becomes_true([&] { return writer.status().rows_written == 20'000; })) << writer.status().last_trouble;
  EXPECT_TRUE(writer.finish(kLong));
  EXPECT_EQ(shared_server().ask("slow", "SELECT count(*) || ' ' || count(DISTINCT received_ns) FROM market_prices"),
            "20000 20000");
}

TEST_F(WriterTest, TheEndDoesNotWaitForAServerThatDoesNotAnswer) {
  TestServer server;
  server.create("ending");
  Writer writer(server.url("ending"), options_);
  put(writer, 1, 100);
  ASSERT_TRUE(becomes_true([&] { return writer.status().rows_written == 100; }));
  server.hold(true);
  put(writer, 101, 200);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(writer.finish(std::chrono::milliseconds(200)));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  server.hold(false);
  // What became of the batch under way is not known: it is in a file, and stored once.
  Writer next(server.url("ending"), options_);
  ASSERT_TRUE(becomes_true([&] { return next.status().queue.spilled_batches == 0 && next.status().connects > 0; }));
  EXPECT_TRUE(next.finish(kLong));
  EXPECT_EQ(server.ask("ending", "SELECT count(*) || ' ' || count(DISTINCT received_ns) FROM market_prices"),
            "200 200");
}

TEST_F(WriterTest, WhatTheDatabaseDoesNotAcceptIsSetAsideAndTheRestGoesOn) {
  shared_server().create("refusing");
  Writer writer(shared_server().url("refusing"), options_);
  writer.put_line(Table::Audit, "no time\t1\trun\tx\ty\n");
  ASSERT_TRUE(becomes_true([&] { return writer.status().batches_refused == 1; }));
  writer.note(from_unix_ns(kStart), "start", "well");
  ASSERT_TRUE(writer.finish(kLong));
  EXPECT_EQ(shared_server().ask("refusing", "SELECT string_agg(detail, ',') FROM audit"), "well");
  EXPECT_THAT(writer.status().last_trouble, testing::HasSubstr("set aside"));
}

TEST_F(WriterTest, RowsWithAKeyThatIsThereStayAsTheyAre) {
  shared_server().create("keyed");
  Writer writer(shared_server().url("keyed"), options_);
  writer.put_line(Table::Instruments, "0\t7\tkalshi\tA\n");
  writer.put_line(Table::Instruments, "0\t7\tkalshi\tB\n");
  writer.put_line(Table::Instruments, "0\t8\tkalshi\tC\n");
  ASSERT_TRUE(writer.finish(kLong)) << writer.status().last_trouble;
  EXPECT_EQ(shared_server().ask("keyed", "SELECT string_agg(symbol, ',' ORDER BY instrument) FROM instruments"), "A,C");
}

TEST_F(WriterTest, OldPricesAreDroppedAndNewOnesStillFindAPlace) {
  shared_server().create("expiring");
  const auto connection = shared_server().connect("expiring");
  ASSERT_TRUE(migrate(*connection));
  ASSERT_TRUE(connection->run("SELECT arbees_add_day('market_prices', '2020-01-01')"));
  options_.retention_days = 30;
  Writer writer(shared_server().url("expiring"), options_);
  EXPECT_TRUE(becomes_true(
      [&] { return shared_server().ask("expiring", "SELECT to_regclass('market_prices_20200101') IS NULL") == "t"; }));
  put(writer, 1, 10);
  ASSERT_TRUE(writer.finish(kLong)) << writer.status().last_trouble;
  EXPECT_EQ(shared_server().ask("expiring", "SELECT count(*) FROM market_prices"), "10");
}

TEST_F(WriterTest, ADatabaseOfANewerProgramIsLeftAloneAndNothingIsLost) {
  shared_server().create("from_the_future");
  const auto connection = shared_server().connect("from_the_future");
  ASSERT_TRUE(migrate(*connection));
  ASSERT_TRUE(connection->run("INSERT INTO schema_migrations VALUES (99, '0099_later', 'x', 'native')"));
  Writer writer(shared_server().url("from_the_future"), options_);
  put(writer, 1, 10);
  EXPECT_TRUE(becomes_true([&] { return writer.status().state == WriterState::Refused; }));
  EXPECT_FALSE(writer.finish(std::chrono::seconds(1)));
  EXPECT_EQ(writer.status().rows_dropped, 0U);
  EXPECT_EQ(SpillFolder(options_.spill_folder, 1'000'000).count(), 1U);
}

TEST_F(WriterTest, ChoresAreDoneAlsoAtTheEnd) {
  shared_server().create("chores");
  std::atomic<int> calls = 0;
  options_.chore = [&](Connection& connection) -> DatabaseResult<bool> {
    ++calls;
    const auto asked = connection.run("SELECT 1");
    if (!asked) return failure(asked.error());
    return true;
  };
  Writer writer(shared_server().url("chores"), options_);
  ASSERT_TRUE(becomes_true([&] { return calls > 0; }));
  const int before = calls;
  EXPECT_TRUE(writer.finish(kLong));
  EXPECT_GT(calls, before);
}

}  // namespace
}  // namespace arbees::postgres

#include "adapters/postgres/migration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "adapters/postgres/test_server.h"

namespace arbees::postgres {
namespace {

using test::shared_server;
using testing::HasSubstr;
using testing::Not;

// The program as it was when it knew only the first steps.
std::vector<Migration> first_steps(std::size_t count) {
  return {migrations().begin(), migrations().begin() + static_cast<std::ptrdiff_t>(count)};
}

// Everything that makes the schema what it is.
std::string fingerprint(const std::string& database) {
  return shared_server().ask(
      database,
      "SELECT string_agg(t, E'\\n' ORDER BY t) FROM (SELECT table_name || '.' || column_name || ' ' || data_type || ' "
      "' "
      "|| is_nullable || coalesce(generation_expression, '') AS t FROM information_schema.columns WHERE table_schema = "
      "'public' AND table_name <> 'schema_migrations' UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = "
      "'public' UNION ALL SELECT proname || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace) s");
}

TEST(Migration, StepsAreNumberedWithoutGaps) {
  ASSERT_FALSE(migrations().empty());
  for (std::size_t i = 0; i < migrations().size(); ++i) {
    EXPECT_EQ(migrations()[i].version, static_cast<int>(i + 1)) << migrations()[i].name;
  }
}

TEST(Migration, LeavesOutWhatIsMeantForTheOtherLayout) {
  const Migration step{1, "0001_x", "a\n--@ native\nb\n--@ always\nc\n--@ timescaledb\nd\n"};
  EXPECT_EQ(sql_for(step, Layout::Native), "a\nb\nc\n");
  EXPECT_EQ(sql_for(step, Layout::TimescaleDb), "a\nc\nd\n");
}

TEST(Migration, HypertablesAreCompressedAndAggregatedWhereTheExtensionIs) {
  const std::string with = sql_for(migrations().front(), Layout::TimescaleDb);
  for (const char* part :
       {"create_hypertable('crypto_prices'", "create_hypertable('market_prices'", "add_compression_policy",
        "WITH (timescaledb.continuous)", "add_continuous_aggregate_policy", "drop_chunks"}) {
    EXPECT_THAT(with, HasSubstr(part));
  }
  EXPECT_THAT(with, Not(HasSubstr("PARTITION BY")));
  EXPECT_THAT(sql_for(migrations().front(), Layout::Native), Not(HasSubstr("hypertable")));
}

TEST(Migration, MakesTheSchemaFromNothingOnce) {
  shared_server().create("from_nothing");
  const auto connection = shared_server().connect("from_nothing");
  const auto before = read_schema(*connection, migrations());
  ASSERT_TRUE(before) << before.error().text;
  EXPECT_TRUE(before->is_empty);
  EXPECT_THAT(before->server, testing::StartsWith("15."));
  const auto first = migrate(*connection);
  ASSERT_TRUE(first) << first.error().text;
  EXPECT_EQ(first->applied.size(), migrations().size());
  for (const char* table : {"opportunities", "orders", "fills", "market_prices", "crypto_prices"}) {
    EXPECT_EQ(shared_server().ask("from_nothing", std::string("SELECT count(*) FROM ") + table), "0") << table;
  }
  const std::string made = fingerprint("from_nothing");
  const auto again = migrate(*connection);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_TRUE(again->applied.empty());
  EXPECT_EQ(again->version, static_cast<int>(migrations().size()));
  EXPECT_EQ(fingerprint("from_nothing"), made);
}

TEST(Migration, ComesToTheSameFromEveryEarlierVersion) {
  shared_server().create("from_zero");
  ASSERT_TRUE(migrate(*shared_server().connect("from_zero")));
  for (std::size_t count = 1; count < migrations().size(); ++count) {
    const std::string name = "from_" + std::to_string(count);
    shared_server().create(name);
    const auto connection = shared_server().connect(name);
    ASSERT_TRUE(migrate(*connection, first_steps(count)));
    const auto report = migrate(*connection);
    ASSERT_TRUE(report) << report.error().text;
    EXPECT_EQ(report->before.version, static_cast<int>(count));
    EXPECT_EQ(report->applied.size(), migrations().size() - count);
    EXPECT_EQ(fingerprint(name), fingerprint("from_zero"));
  }
}

TEST(Migration, RefusesADatabaseOfANewerProgramAndLeavesItAlone) {
  shared_server().create("newer");
  const auto connection = shared_server().connect("newer");
  ASSERT_TRUE(migrate(*connection));
  ASSERT_TRUE(connection->run("INSERT INTO schema_migrations VALUES (99, '0099_later', 'x', 'native')"));
  const auto refused = migrate(*connection);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("schema version 99 (0099_later)"));
}

TEST(Migration, RefusesAStepThatReadsDifferently) {
  shared_server().create("changed");
  const auto connection = shared_server().connect("changed");
  ASSERT_TRUE(migrate(*connection, first_steps(1)));
  ASSERT_TRUE(connection->run("UPDATE schema_migrations SET checksum = 'other'"));
  const auto refused = migrate(*connection);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("0001_prices was applied with other contents"));
  EXPECT_EQ(shared_server().ask("changed", "SELECT to_regclass('orders') IS NULL"), "t");
}

TEST(Migration, AStepThatFailsLeavesNothingBehind) {
  shared_server().create("failing");
  const auto connection = shared_server().connect("failing");
  auto steps = first_steps(1);
  steps.push_back({2, "0002_bad", "CREATE TABLE half_done (x int); SELECT no_such_function();"});
  const auto failed = migrate(*connection, steps);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().text, HasSubstr("step 0002_bad"));
  EXPECT_EQ(shared_server().ask("failing", "SELECT to_regclass('half_done') IS NULL"), "t");
  EXPECT_EQ(shared_server().ask("failing", "SELECT max(version) FROM schema_migrations"), "1");
  // And the lock is free again.
  ASSERT_TRUE(migrate(*connection));
}

TEST(Migration, ManyAtOnceApplyEachStepOnce) {
  shared_server().create("crowded");
  std::vector<std::thread> threads;
  std::atomic<int> succeeded = 0;
  std::atomic<std::size_t> applied = 0;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const auto connection = Connection::open(shared_server().url("crowded"));
      if (!connection) return;
      const auto report = migrate(**connection);
      if (!report) return;
      ++succeeded;
      applied += report->applied.size();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(succeeded, 6);
  EXPECT_EQ(applied, migrations().size());
}

TEST(Migration, PartitionsAreMadeAndDroppedByTheDay) {
  shared_server().create("days");
  const auto connection = shared_server().connect("days");
  ASSERT_TRUE(migrate(*connection));
  for (const char* day : {"2026-01-01", "2026-01-02", "2026-01-02", "2026-01-03"}) {
    const auto added = connection->run("SELECT arbees_add_day('market_prices', $1::date)", {std::string(day)});
    ASSERT_TRUE(added) << added.error().text;
  }
  EXPECT_EQ(shared_server().ask("days", "SELECT count(*) FROM pg_inherits WHERE inhparent = 'market_prices'::regclass"),
            "3");
  EXPECT_EQ(shared_server().ask("days", "SELECT arbees_drop_before('market_prices', '2026-01-02 23:00+00')"), "1");
  EXPECT_EQ(shared_server().ask("days", "SELECT arbees_drop_before('market_prices', '2026-01-03 00:00+00')"), "1");
  EXPECT_EQ(shared_server().ask("days", "SELECT to_regclass('market_prices_20260103') IS NOT NULL"), "t");
}

TEST(Migration, TheAuditIsOnlyEverAddedTo) {
  shared_server().create("audited");
  const auto connection = shared_server().connect("audited");
  ASSERT_TRUE(migrate(*connection));
  ASSERT_TRUE(connection->run("INSERT INTO audit VALUES (now(), 1, 'run', 'start', '')"));
  EXPECT_FALSE(connection->run("UPDATE audit SET detail = 'x'"));
  EXPECT_FALSE(connection->run("DELETE FROM audit"));
}

TEST(Migration, TimesAreExactToTheMicrosecond) {
  shared_server().create("times");
  ASSERT_TRUE(migrate(*shared_server().connect("times")));
  EXPECT_EQ(shared_server().ask("times", "SELECT arbees_time(1769710079123456789)"), "2026-01-29 18:07:59.123456+00");
}

}  // namespace
}  // namespace arbees::postgres

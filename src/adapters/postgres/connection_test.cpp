#include "adapters/postgres/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "adapters/postgres/test_server.h"

namespace arbees::postgres {
namespace {

using test::shared_server;
using testing::HasSubstr;
using testing::Not;

TEST(Connection, AnErrorDoesNotTellThePassword) {
  for (const char* text : {"postgres://u:s3cret@127.0.0.1:1/d", "postgres://u:s3cret@127.0.0.1:nowhere/d",
                           "postgres://u:s3cret@/d?host=/nowhere", "postgres://u:s3cret@h/d?nonsense=1"}) {
    const auto connection = Connection::open(*DatabaseUrl::parse(text));
    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().trouble, DatabaseTrouble::Unreachable);
    EXPECT_THAT(connection.error().text, Not(HasSubstr("s3cret"))) << text;
    EXPECT_THAT(connection.error().text, Not(HasSubstr("\n")));
  }
}

TEST(Connection, AMissingDatabaseIsARefusal) {
  const auto connection = Connection::open(shared_server().url("nowhere"));
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().trouble, DatabaseTrouble::Refused);
  EXPECT_THAT(connection.error().text, HasSubstr("\"nowhere\" does not exist"));
}

TEST(Connection, ParametersMayBeNullAndHoldAnything) {
  const auto connection = shared_server().connect("postgres");
  const auto rows = connection->run("SELECT $1::text, $2::text, $3::bigint + 1", {DatabaseField(), "a'\\;--", "41"});
  ASSERT_TRUE(rows) << rows.error().text;
  EXPECT_EQ(rows->rows.front(), (DatabaseRow{DatabaseField(), "a'\\;--", "42"}));
}

TEST(Connection, AWrongStatementSaysWhyAndTheNextOneWorks) {
  const auto connection = shared_server().connect("postgres");
  const auto wrong = connection->run("SELECT 1/0");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().state, "22012");
  EXPECT_TRUE(wrong.error().is_about_values());
  EXPECT_FALSE(connection->is_lost());
  EXPECT_TRUE(connection->run("SELECT 1"));
}

TEST(Connection, CopiedTextsComeBackAsTheyWere) {
  shared_server().create("copied");
  const auto connection = shared_server().connect("copied");
  ASSERT_TRUE(connection->run("CREATE TABLE t (a text, b text)"));
  const std::string odd = "tab\tnew\nline\\back\rreturn \\N \\.";
  std::string lines;
  for (int i = 0; i < 5000; ++i) {
    append_copy_text(lines, odd);
    lines += "\t\\N\n";
  }
  ASSERT_TRUE(connection->begin());
  const auto copied = connection->copy("t (a, b)", lines);
  ASSERT_TRUE(copied) << copied.error().text;
  ASSERT_TRUE(connection->commit());
  const auto same = connection->value("SELECT count(*) FROM t WHERE a = $1 AND b IS NULL", {odd});
  ASSERT_TRUE(same);
  EXPECT_EQ(*same, "5000");
}

TEST(Connection, WhatIsRolledBackNeverHappened) {
  shared_server().create("undone");
  const auto connection = shared_server().connect("undone");
  ASSERT_TRUE(connection->run("CREATE TABLE t (a int)"));
  ASSERT_TRUE(connection->begin());
  ASSERT_TRUE(connection->run("INSERT INTO t VALUES (1)"));
  connection->rollback();
  EXPECT_EQ(connection->value("SELECT count(*) FROM t").value(), "0");
}

TEST(Connection, AnInterruptEndsACallThatWouldWait) {
  const auto connection = shared_server().connect("postgres");
  std::thread other([&] { connection->interrupt(); });
  const auto slept = connection->run("SELECT pg_sleep(60)");
  other.join();
  ASSERT_FALSE(slept);
  EXPECT_EQ(slept.error().trouble, DatabaseTrouble::Unreachable);
  EXPECT_TRUE(connection->is_lost());
  EXPECT_FALSE(connection->run("SELECT 1"));
}

}  // namespace
}  // namespace arbees::postgres

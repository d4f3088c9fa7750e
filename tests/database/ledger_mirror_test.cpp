// A ledger's copy in a database: equal after every round, whatever was stopped in between.

#include "app/storing/ledger_mirror.h"

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_contents.h"
#include "app/ledger_json.h"
#include "app/storing/ledger_copy.h"
#include "tests/database/fixture.h"

namespace arbees::app {
namespace {

using arbees::test::TemporaryFolder;
using postgres::Connection;
using postgres::test::shared_server;
using postgres::test::TestServer;

class LedgerMirrorTest : public testing::Test {
 protected:
  // A migrated database of this name.
  std::unique_ptr<Connection> database(const std::string& name, const TestServer& server = shared_server()) {
    server.create(name);
    auto connection = server.connect(name);
    EXPECT_TRUE(postgres::migrate(*connection));
    return connection;
  }
  static void mirror_all(LedgerMirror& mirror, Connection& connection) {
    do {
      const auto done = mirror.round(connection);
      ASSERT_TRUE(done) << done.error().text;
    } while (mirror.has_ledger() && !mirror.is_complete());
  }
  void expect_equal(Connection& connection) const {
    const auto compared = compare_ledger(path_, connection);
    ASSERT_TRUE(compared) << compared.error();
    for (const TableComparison& table : compared->tables) {
      EXPECT_TRUE(table.is_equal()) << table.table << ": " << table.missing << " missing, " << table.extra << " extra, "
                                    << table.different << " different of " << table.rows;
    }
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("ledger.sqlite");
};

TEST_F(LedgerMirrorTest, KnowsEveryTableAndColumnOfTheLedger) {
  GrowingLedger ledger(path_, 1);
  auto file = Database::open(path_, Database::Access::ReadOnly);
  ASSERT_TRUE(file);
  const auto tables =
      file->query_integer("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
  EXPECT_EQ(tables, static_cast<std::int64_t>(ledger_tables().size()));
  for (const LedgerTable& table : ledger_tables()) {
    const auto columns =
        file->query_integer("SELECT count(*) FROM pragma_table_info('" + std::string(table.name) + "')");
    const auto mirrored = std::count(table.columns.begin(), table.columns.end(), ',') + 1;
    EXPECT_EQ(columns, mirrored - (table.first_in_file.empty() ? 0 : 1)) << table.name;
    EXPECT_TRUE(file->prepare("SELECT " + table.columns_in_file() + " FROM " + std::string(table.name))) << table.name;
  }
}

TEST_F(LedgerMirrorTest, WithoutALedgerThereIsNothingToDo) {
  const auto connection = database("no_ledger");
  LedgerMirror mirror(path_);
  EXPECT_TRUE(mirror.round(*connection));
  EXPECT_FALSE(mirror.has_ledger());
}

TEST_F(LedgerMirrorTest, FollowsALedgerThatGrowsAndChanges) {
  const auto connection = database("growing");
  GrowingLedger ledger(path_, 2);
  LedgerMirror mirror(path_);
  for (const int orders : {0, 1, 30, 400}) {
    ledger.grow(orders);
    mirror_all(mirror, *connection);
    expect_equal(*connection);
  }
  ledger.name_fill(1, "O'Brien\\\t\"x\"");
  mirror_all(mirror, *connection);
  expect_equal(*connection);
  EXPECT_EQ(shared_server().ask("growing", "SELECT count(*) FROM orders"), std::to_string(ledger.model().orders));
  EXPECT_EQ(shared_server().ask("growing", "SELECT count(*) FROM fills"), std::to_string(ledger.model().fills));
  // People's columns say what the exact ones say.
  EXPECT_EQ(shared_server().ask("growing",
                                "SELECT count(*) FROM fills WHERE price * 10000 <> price_e4 OR fee * 1000000 "
                                "<> fee_micro OR quantity * 100 <> quantity_centi"),
            "0");
  EXPECT_EQ(
      shared_server().ask("growing", "SELECT amount_micro FROM balances WHERE account = 'cash' AND venue = 'kalshi'"),
      std::to_string(ledger.model().cash.at(Venue::Kalshi)));
}

TEST_F(LedgerMirrorTest, CopiesWhatAPersonAcceptedAndGivesItBack) {
  const auto connection = database("accepted");
  GrowingLedger ledger(path_, 5);
  ledger.grow(20);
  PositionAdjustment came;
  came.contract = arbees::test::named(4711, Venue::Kalshi, "K-BY-HAND");
  came.quantity = Quantity::whole(3);
  came.cost = Money::whole(3);
  ASSERT_TRUE(ledger.ledger().adjust(came, "bought by hand: 'it''s\tmine'", arbees::test::kStart));
  ASSERT_TRUE(ledger.ledger().transfer(Venue::Kalshi, Money::whole(-2), "paid for it", arbees::test::kStart));
  ASSERT_TRUE(ledger.ledger().commit());
  LedgerMirror mirror(path_);
  mirror_all(mirror, *connection);
  expect_equal(*connection);
  EXPECT_EQ(shared_server().ask("accepted", "SELECT quantity || ' for ' || cost FROM adjustments"),
            "3.00 for 3.000000");
  EXPECT_EQ(shared_server().ask("accepted",
                                "SELECT quantity_centi FROM positions p JOIN instruments i USING (ledger, "
                                "instrument) WHERE symbol = 'K-BY-HAND'"),
            "300");
  const std::string restored = folder_.file("restored.sqlite");
  const auto ledgers = copied_ledgers(*connection);
  ASSERT_TRUE(ledgers && !ledgers->empty());
  ASSERT_TRUE(fetch_ledger(*connection, ledgers->front().ledger, restored));
  const auto ours = read_ledger(path_);
  const auto theirs = read_ledger(restored);
  ASSERT_TRUE(ours && theirs);
  EXPECT_EQ(export_document(*theirs), export_document(*ours));
}

TEST_F(LedgerMirrorTest, GoesOnWhereAnEarlierProcessStopped) {
  const auto connection = database("restarted");
  GrowingLedger ledger(path_, 3);
  for (int process = 0; process < 3; ++process) {
    ledger.grow(50);
    LedgerMirror mirror(path_);
    mirror_all(mirror, *connection);
  }
  expect_equal(*connection);
}

TEST_F(LedgerMirrorTest, AServerKilledBetweenRoundsLosesNothing) {
  TestServer server;
  auto connection = database("killed", server);
  GrowingLedger ledger(path_, 4);
  LedgerMirror mirror(path_);
  for (int kill = 0; kill < 3; ++kill) {
    ledger.grow(60);
    mirror_all(mirror, *connection);
    ledger.grow(60);
    server.kill(SIGKILL);
    EXPECT_FALSE(mirror.round(*connection));
    server.start();
    connection = server.connect("killed");
    mirror_all(mirror, *connection);
    expect_equal(*connection);
  }
}

TEST_F(LedgerMirrorTest, KeepsLedgersApartAndCanBeginAnew) {
  const auto connection = database("several");
  {
    GrowingLedger ledger(path_, 5);
    ledger.grow(20);
    LedgerMirror mirror(path_);
    mirror_all(mirror, *connection);
  }
  const std::string other = folder_.file("other.sqlite");
  {
    auto ledger = Ledger::open(other, Ledger::Durability::Normal);
    ASSERT_TRUE((*ledger)->begin_session(1, "replay", arbees::test::kStart));
  }
  LedgerMirror second(other);
  mirror_all(second, *connection);
  EXPECT_EQ(shared_server().ask("several", "SELECT count(*) FROM ledgers"), "2");
  expect_equal(*connection);
  ASSERT_TRUE(connection->run("UPDATE orders SET reason = 'tampered'; DELETE FROM fills WHERE fill_id < 20"));
  const auto compared = compare_ledger(path_, *connection);
  ASSERT_TRUE(compared);
  EXPECT_FALSE(compared->is_equal());
  LedgerMirror anew(path_, LedgerMirror::Begin::Anew);
  mirror_all(anew, *connection);
  expect_equal(*connection);
}

// As an earlier program has left it: its tables lack columns of the copy's.
TEST_F(LedgerMirrorTest, ALedgerOfAnEarlierVersionIsRefusedWithTheRemedy) {
  const auto connection = database("old_file");
  {
    GrowingLedger(path_, 7).grow(20);
  }
  auto file = Database::open(path_, Database::Access::ReadWrite);
  ASSERT_TRUE(file);
  ASSERT_TRUE(
      file->execute("ALTER TABLE instruments DROP COLUMN asset; ALTER TABLE instruments DROP COLUMN title; "
                    "PRAGMA user_version = 4"));
  LedgerMirror mirror(path_);
  const auto refused = mirror.round(*connection);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text,
              testing::HasSubstr("schema version 4; start arbees once with this data folder to bring it up to"));
  EXPECT_EQ(shared_server().ask("old_file", "SELECT count(*) FROM ledgers"), "0");
  {
    GrowingLedger(path_, 8).grow(1);
  }
  mirror_all(mirror, *connection);
  expect_equal(*connection);
}

TEST_F(LedgerMirrorTest, ADatabaseOfAnEarlierVersionIsNotReadButNamesTheRemedy) {
  {
    GrowingLedger(path_, 9).grow(20);
  }
  const auto& steps = postgres::migrations();
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, steps.size() - 1}) {
    const std::string name = "old_copy_" + std::to_string(count);
    shared_server().create(name);
    const auto connection = shared_server().connect(name);
    if (count > 0) {
      const std::vector<postgres::Migration> first(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(count));
      ASSERT_TRUE(postgres::migrate(*connection, first));
    }
    const std::string remedy =
        "the database has schema version " + std::to_string(count) + "; arbees db migrate brings it up to ";
    EXPECT_THAT(check_copy_schema(*connection).error(), testing::HasSubstr(remedy));
    EXPECT_THAT(compare_ledger(path_, *connection).error(), testing::HasSubstr(remedy));
    ASSERT_TRUE(postgres::migrate(*connection));
    EXPECT_TRUE(check_copy_schema(*connection));
  }
}

TEST_F(LedgerMirrorTest, TheFileCanBeMadeAgainFromTheCopy) {
  const auto connection = database("restored");
  GrowingLedger ledger(path_, 6);
  ledger.grow(200);
  ledger.name_fill(1, "it's");
  LedgerMirror mirror(path_);
  mirror_all(mirror, *connection);
  const auto ledgers = copied_ledgers(*connection);
  ASSERT_TRUE(ledgers);
  ASSERT_EQ(ledgers->size(), 1U);
  const std::string copy = folder_.file("copy.sqlite");
  const auto made = fetch_ledger(*connection, ledgers->front().ledger, copy);
  ASSERT_TRUE(made) << made.error();
  const auto original = read_ledger(path_);
  const auto restored = read_ledger(copy);
  ASSERT_TRUE(original && restored);
  EXPECT_EQ(export_document(*restored), export_document(*original));
  EXPECT_THAT(audit_ledger(*restored).problems, testing::IsEmpty());
  EXPECT_FALSE(fetch_ledger(*connection, ledgers->front().ledger, copy)) << "a file that exists is left alone";
}

}  // namespace
}  // namespace arbees::app

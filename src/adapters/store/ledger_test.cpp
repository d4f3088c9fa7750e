#include "adapters/store/ledger.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_contents.h"
#include "adapters/store/ledger_schema.h"
#include "adapters/store/ledger_test_reports.h"
#include "adapters/store/sqlite.h"
#include "adapters/store/test_files.h"

namespace arbees {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the short words of these tests
using testing::HasSubstr;
using testing::IsEmpty;

std::unique_ptr<Ledger> open_ledger(const std::string& path, std::uint64_t session = kSession) {
  auto ledger = Ledger::open(path, Ledger::Durability::Normal);
  EXPECT_TRUE(ledger.has_value()) << ledger.error();
  EXPECT_TRUE((*ledger)->begin_session(session, "paper", kStart));
  return std::move(*ledger);
}

void record_all(Ledger& ledger, const std::vector<Report>& reports) {
  for (const Report& report : reports) ASSERT_TRUE(ledger.record(report)) << ledger.error();
  ASSERT_TRUE(ledger.commit()) << ledger.error();
}

void record_all(Ledger& ledger, const std::vector<ReportBody>& bodies) {
  ReportMaker make;
  for (const ReportBody& body : bodies) ASSERT_TRUE(ledger.record(make(body))) << ledger.error();
  ASSERT_TRUE(ledger.commit());
}

LedgerContents contents_of(const std::string& path) {
  auto contents = read_ledger(path);
  EXPECT_TRUE(contents.has_value()) << contents.error();
  return std::move(*contents);
}

TEST(Ledger, KeepsAnOrderFromItsSubmissionToItsSettlement) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  const auto ledger = open_ledger(path);
  ASSERT_TRUE(ledger->record(named(77, Venue::Kalshi, "KXBTCD-26JAN2917-T95249.99")));
  const OrderRequest order = buy(1, "0.50", "100");
  record_all(*ledger, {cash(Venue::Kalshi, "1000"), OrderSubmitted{order}, fill(order, 9, "0.47", "60", "1.0464"),
                       fill(order, 10, "0.48", "20", "0.3495"), end(order, OrderState::PartlyFilled, "80"),
                       settle(order, "80", "80")});
  EXPECT_EQ(ledger->cash(Venue::Kalshi), money("1040.8041"));  // 1000 − 28.20 − 9.60 − 1.3959 + 80

  const LedgerContents contents = contents_of(path);
  ASSERT_EQ(contents.orders.size(), 1U);
  EXPECT_EQ(contents.orders[0].contract.symbol, "KXBTCD-26JAN2917-T95249.99");
  EXPECT_EQ(contents.orders[0].state, "partly_filled");
  EXPECT_EQ(contents.fills.size(), 2U);
  EXPECT_EQ(contents.settlements.size(), 1U);
  const LedgerAudit audit = audit_ledger(contents);
  EXPECT_THAT(audit.problems, IsEmpty());
  EXPECT_THAT(audit.positions, IsEmpty());
  EXPECT_EQ(audit.cash.at("kalshi"), money("1040.8041"));
  const LedgerProfit profit = profit_of(contents, audit);
  EXPECT_EQ(profit.settlement, money("80"));
  EXPECT_EQ(profit.trading, money("-37.80"));
  EXPECT_EQ(profit.fees, money("-1.3959"));
  EXPECT_EQ(profit.total(), money("40.8041"));
}

TEST(Ledger, CountsAFillOnceHoweverOftenItComes) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  const OrderRequest order = buy(1, "0.50", "100");
  const OrderRequest other = buy(2, "0.50", "100");
  {
    const auto ledger = open_ledger(path);
    const OrderFilled filled = fill(order, 9, "0.50", "10", "0.1");
    record_all(*ledger, {cash(Venue::Kalshi, "1000"), OrderSubmitted{order}, OrderSubmitted{other}, filled, filled,
                         fill(other, 9, "0.50", "10", "0.1"), filled});
    EXPECT_EQ(ledger->ignored_duplicates(), 2U);
  }
  const LedgerContents contents = contents_of(path);
  EXPECT_EQ(contents.fills.size(), 2U);  // one trade of the venue may fill two of our orders
  EXPECT_EQ(contents.ignored_duplicates, 2U);
  EXPECT_EQ(audit_ledger(contents).cash.at("kalshi"), money("989.8"));
}

TEST(Ledger, TakesALaterStatementOfCashForATransfer) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  const OrderRequest order = buy(1, "0.50", "100");
  record_all(*open_ledger(path, 5), {cash(Venue::Kalshi, "1000"), fill(order, 9, "0.50", "10", "0")});
  record_all(*open_ledger(path, 6), {cash(Venue::Kalshi, "995")});
  record_all(*open_ledger(path, 7), {cash(Venue::Kalshi, "1200")});
  record_all(*open_ledger(path, 8), {cash(Venue::Kalshi, "1100")});
  const LedgerContents contents = contents_of(path);
  ASSERT_EQ(contents.cash_movements.size(), 3U);
  EXPECT_TRUE(contents.cash_movements[0].is_opening);
  EXPECT_EQ(contents.cash_movements[1].amount, money("205"));
  EXPECT_EQ(contents.cash_movements[2].amount, money("-100"));
  EXPECT_THAT(audit_ledger(contents).problems, IsEmpty());
}

TEST(Ledger, KeepsDecisionsAndRequests) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  {
    const auto ledger = open_ledger(path);
    Outputs outputs;
    outputs.clear();
    ExecutionRequest request;
    request.id = RequestId{kSession << 32 | 1};
    request.opportunity_id = 0xffff'ffff'ffff'fff0;
    request.legs.push_back(Leg{InstrumentId{77}, price("0.47"), quantity("10"), money("4.7"), money("0.2")});
    request.legs.push_back(Leg{InstrumentId{78}, price("0.48"), quantity("10"), money("4.8"), money("0.2")});
    outputs.requests.push_back(request);
    ReportMaker make;
    OpportunityJudged judged;
    judged.opportunity_id = request.opportunity_id;
    judged.request = request.id;
    outputs.reports.push_back(make(judged));
    judged.verdict = Verdict::StaleBook;
    judged.binding = Verdict::TotalLimit;
    judged.size = quantity("12.5");
    judged.request = {};
    outputs.reports.push_back(make(judged));
    OpportunityEnded ended;
    ended.opportunity_id = request.opportunity_id;
    ended.started_at = kStart;
    ended.ended_at = kStart + std::chrono::milliseconds(7);
    ended.best_profit = money("0.3");
    ended.verdict = Verdict::StaleBook;
    outputs.reports.push_back(make(ended));
    outputs.reports.push_back(make(OrderSubmitted{buy(1, "0.47", "10")}));
    Event cause;
    cause.body = named(77, Venue::Kalshi, "K");
    ASSERT_TRUE(ledger->record(cause, outputs)) << ledger->error();
    ASSERT_TRUE(ledger->record(cause, outputs)) << ledger->error();
  }
  const LedgerContents contents = contents_of(path);
  ASSERT_EQ(contents.orders.size(), 1U);
  EXPECT_EQ(contents.orders[0].detector, "same_market") << "its request's";
  EXPECT_EQ(contents.orders[0].deadline, kStart + std::chrono::seconds(2));
  EXPECT_EQ(contents.decisions, 2U);
  EXPECT_EQ(contents.requests, 1U);
  auto database = Database::open(path, Database::Access::ReadOnly);
  EXPECT_EQ(database->query_integer("SELECT count(*) FROM request_legs"), 2);
  EXPECT_EQ(database->query_integer("SELECT count(*) FROM decisions WHERE verdict = 'stale_book' AND request IS NULL"),
            1);
  EXPECT_EQ(database->query_integer("SELECT opportunity FROM decisions LIMIT 1"), -16);
  EXPECT_EQ(database->query_integer("SELECT size_centi FROM decisions WHERE binding = 'total_limit'"), 1250);
  EXPECT_EQ(database->query_integer("SELECT ended_at_ns - started_at_ns FROM opportunities WHERE opportunity = -16 AND "
                                    "best_profit_micro = 300000 AND verdict = 'stale_book' AND request IS NULL"),
            7'000'000);
}

TEST(Ledger, KeepsDoubtsEndsOfRequestsAndReasonsOfHalts) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  const auto ledger = open_ledger(path);
  const OrderRequest order = buy(1, "0.5", "10");
  RequestEnded ended;
  ended.request = order.request;
  ended.outcome = RequestOutcome::Kept;
  ended.kept = quantity("10");
  TradingStateChanged halted;
  halted.state = TradingState::Halted;
  halted.reason = ControlReason::ErrorRate;
  record_all(*ledger, std::vector<ReportBody>{OrderSubmitted{order}, OrderDoubted{order, {}}, ended, halted});
  auto database = Database::open(path, Database::Access::ReadOnly);
  EXPECT_EQ(database->query_integer("SELECT count(*) FROM orders WHERE state = 'unknown' AND ended_at_ns IS NULL"), 1);
  EXPECT_EQ(database->query_integer("SELECT kept_centi FROM request_ends WHERE outcome = 'kept'"), 1000);
  EXPECT_EQ(database->query_integer("SELECT count(*) FROM trading_states WHERE reason = 'error_rate'"), 1);
}

TEST(Ledger, ShowsTheVenuesOwnNamesOfFills) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  const OrderRequest order = buy(1, "0.50", "100");
  {
    const auto ledger = open_ledger(path);
    ASSERT_TRUE(ledger->name_fill(order.id, 9, "d91bc706-ee49"));
    record_all(*ledger, {fill(order, 9, "0.50", "10", "0"), fill(order, 10, "0.50", "10", "0")});
  }
  const LedgerContents contents = contents_of(path);
  EXPECT_EQ(contents.fills[0].venue_fill_name, "d91bc706-ee49");
  EXPECT_EQ(contents.fills[1].venue_fill_name, "000000000000000a");
}

TEST(Ledger, AgreesWithModel) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const TemporaryFolder folder;
    const std::string path = folder.file("ledger.sqlite");
    RandomSession session(seed);
    for (int i = 0; i < 150; ++i) {
      session.add_order();
      if (i % 7 == 6) session.settle_one();
    }
    // The whole stream twice, the first time only a part of it: nothing may count twice.
    Random random(seed);
    const auto part = static_cast<std::ptrdiff_t>(random.below(session.reports.size()));
    record_all(*open_ledger(path), std::vector<Report>(session.reports.begin(), session.reports.begin() + part));
    record_all(*open_ledger(path), session.reports);

    const LedgerContents contents = contents_of(path);
    const LedgerAudit audit = audit_ledger(contents);
    const LedgerModel& model = session.model;
    ASSERT_THAT(audit.problems, IsEmpty());
    EXPECT_EQ(contents.orders.size(), model.orders);
    EXPECT_EQ(contents.fills.size(), model.fills);
    EXPECT_EQ(contents.settlements.size(), model.settlements);
    EXPECT_EQ(contents.ignored_duplicates, model.duplicates);
    for (const auto& [venue, units] : model.cash) {
      EXPECT_EQ(audit.cash.at(std::string(venue_name(venue))), Money::from_units(units));
    }
    ASSERT_EQ(audit.positions.size(), model.positions.size());
    for (const LedgerPosition& position : audit.positions) {
      const auto outcome = position.contract.outcome == "yes" ? Outcome::Yes : Outcome::No;
      EXPECT_EQ(position.quantity.units(), model.positions.at({position.contract.instrument, outcome}));
      EXPECT_GE(position.cost, Money{});
    }
    const LedgerProfit profit = profit_of(contents, audit);
    EXPECT_EQ(profit.settlement.units(), model.settlement);
    EXPECT_EQ(profit.trading.units(), model.trading);
    EXPECT_EQ(profit.fees.units(), model.fees);
    EXPECT_EQ(Database::open(path, Database::Access::ReadOnly)->query_integer("SELECT count(*) FROM positions"),
              static_cast<std::int64_t>(model.positions.size()));
  }
}

TEST(Ledger, GoesOnInTheMiddleOfAnEventsReports) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  const OrderRequest order = buy(1, "0.50", "100");
  std::vector<Report> reports;
  for (std::uint64_t i = 1; i <= 3; ++i) reports.push_back({kStart, 4, fill(order, i, "0.5", "1", "0")});
  record_all(*open_ledger(path), {reports[0], reports[1]});
  const auto ledger = open_ledger(path);
  record_all(*ledger, reports);
  EXPECT_EQ(ledger->ignored_reports(), 2U);
  EXPECT_EQ(contents_of(path).fills.size(), 3U);
}

TEST(Ledger, GivesEverySessionANumberOfItsOwn) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  auto fresh = Ledger::open(path);
  ASSERT_TRUE(fresh.has_value());
  EXPECT_EQ((*fresh)->next_session(), 1U);
  EXPECT_EQ(open_ledger(path, 41)->next_session(), 42U);
}

TEST(Ledger, RemembersTheLimitsThatEachOrderObeyed) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  {
    const auto ledger = open_ledger(path);
    record_all(*ledger, std::vector<Report>{{kStart, 1, OrderSubmitted{buy(1, "0.5", "1")}}});
    ASSERT_TRUE(ledger->set_limits({money("500"), money("2000"), money("5000")}));
    ASSERT_TRUE(ledger->set_limits({money("500"), money("2000"), money("5000")}));
    record_all(*ledger, std::vector<Report>{{kStart, 2, OrderSubmitted{buy(2, "0.5", "1")}}});
  }
  const LedgerContents contents = contents_of(path);
  EXPECT_FALSE(contents.orders[0].limits.has_value());
  EXPECT_EQ(contents.orders[1].limits, (LedgerLimits{money("500"), money("2000"), money("5000")}));
  EXPECT_EQ(contents.limits, contents.orders[1].limits);
  EXPECT_EQ(Database::open(path, Database::Access::ReadOnly)->query_integer("SELECT count(*) FROM limits"), 1);
}

TEST(LedgerFile, AForeignOrDamagedOneIsRefusedAndLeftAlone) {
  const TemporaryFolder folder;
  const std::string text = folder.file("text");
  const std::string nonsense(5000, 'x');
  write_bytes(text, std::as_bytes(std::span(nonsense)));
  EXPECT_THAT(Ledger::open(text).error(), HasSubstr("not a database"));
  EXPECT_THAT(read_ledger(text).error(), HasSubstr("not a database"));

  const std::string foreign = folder.file("foreign.sqlite");
  ASSERT_TRUE(Database::open(foreign, Database::Access::ReadWrite)->execute("CREATE TABLE songs (title TEXT)"));
  const auto before = read_bytes(foreign);
  EXPECT_THAT(Ledger::open(foreign).error(), HasSubstr("another program"));
  EXPECT_THAT(read_ledger(foreign).error(), HasSubstr("another program"));
  EXPECT_EQ(read_bytes(foreign), before);

  const std::string later = folder.file("later.sqlite");
  open_ledger(later);
  ASSERT_TRUE(Database::open(later, Database::Access::ReadWrite)
                  ->execute(fmt::format("PRAGMA user_version = {}", kLedgerSchemaVersion + 1).c_str()));
  EXPECT_THAT(Ledger::open(later).error(), HasSubstr(fmt::format("schema version {}; this build knows up to {}",
                                                                 kLedgerSchemaVersion + 1, kLedgerSchemaVersion)));
  EXPECT_THAT(read_ledger(later).error(), HasSubstr(fmt::format("schema version {}", kLedgerSchemaVersion + 1)));
  EXPECT_THAT(read_ledger(folder.file("none")).error(), HasSubstr("unable to open"));
}

TEST(LedgerFile, ReadingADamagedOneNeverCrashes) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  RandomSession session(3);
  for (int i = 0; i < 60; ++i) session.add_order();
  record_all(*open_ledger(path), session.reports);
  const auto bytes = read_bytes(path);
  Random random(17);
  int refused = 0;
  for (int round = 0; round < 200; ++round) {
    auto damaged = bytes;
    for (int i = 0; i < 20; ++i) damaged[random.below(damaged.size())] = static_cast<std::byte>(random.next());
    const std::string copy = folder.file("copy.sqlite");
    write_bytes(copy, damaged);
    const auto contents = read_ledger(copy);
    if (contents) {
      static_cast<void>(audit_ledger(*contents));
    } else {
      EXPECT_THAT(contents.error(), HasSubstr(copy));
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
}

TEST(LedgerFile, MigratingTwiceChangesNothing) {
  const TemporaryFolder folder;
  auto database = Database::open(folder.file("ledger.sqlite"), Database::Access::ReadWrite);
  ASSERT_TRUE(migrate_ledger(*database).has_value());
  const auto tables = database->query_integer("SELECT count(*) FROM sqlite_master");
  ASSERT_TRUE(migrate_ledger(*database).has_value());
  EXPECT_EQ(database->query_integer("SELECT count(*) FROM sqlite_master"), tables);
  EXPECT_EQ(database->query_integer("PRAGMA user_version"), kLedgerSchemaVersion);
}

TEST(LedgerFile, OneOfTheVersionBeforeKeepsItsEntries) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  const OrderRequest order = buy(1, "0.50", "100");
  record_all(*open_ledger(path), {cash(Venue::Kalshi, "1000"), fill(order, 9, "0.50", "10", "0")});
  // As version 3 had it.
  ASSERT_TRUE(
      Database::open(path, Database::Access::ReadWrite)
          ->execute("DROP VIEW positions; DROP TABLE adjustments; ALTER TABLE cash_movements DROP COLUMN reason; "
                    "ALTER TABLE instruments DROP COLUMN asset; ALTER TABLE instruments DROP COLUMN title; "
                    "CREATE VIEW positions AS SELECT 1 AS instrument; PRAGMA user_version = 3"));
  EXPECT_THAT(read_ledger(path).error(), HasSubstr("schema version 3"));
  const auto ledger = open_ledger(path, 6);
  ASSERT_TRUE(ledger->transfer(Venue::Kalshi, money("500"), "a deposit", kStart));
  ASSERT_TRUE(ledger->commit());
  const LedgerContents contents = contents_of(path);
  ASSERT_EQ(contents.cash_movements.size(), 2U);
  EXPECT_EQ(contents.cash_movements[0].reason, "");
  EXPECT_EQ(contents.cash_movements[1].reason, "a deposit");
  EXPECT_GT(contents.cash_movements[1].entry, contents.fills.at(0).entry);
  const LedgerAudit audit = audit_ledger(contents);
  EXPECT_THAT(audit.problems, IsEmpty());
  EXPECT_EQ(audit.cash.at("kalshi"), money("1495"));
}

// Contracts that a person accepted before anything was known of them. What they cost has counted under no asset, and
// stays so for the audit: an order of a moment before the listing must not be found over its limit afterwards.
TEST(Ledger, AListingSaysWhatContractsFromOutsideAre) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  const auto ledger = open_ledger(path);
  ASSERT_TRUE(ledger->set_limits({money("500"), money("40"), money("5000")}));
  PositionAdjustment came;
  came.contract = named(78, Venue::Polymarket, "7132");
  came.quantity = quantity("60");
  came.cost = money("60");
  ASSERT_TRUE(ledger->adjust(came, "bought by hand", kStart));
  const OrderRequest order = buy(1, "0.50", "10");
  record_all(*ledger, {OrderSubmitted{order}, fill(order, 9, "0.5", "10", "0"), end(order, OrderState::Filled, "10")});
  EXPECT_EQ(audit_ledger(contents_of(path)).positions.at(1).contract.asset, "unknown");

  ASSERT_TRUE(ledger->describe({came.contract, Asset::BTC, "Bitcoin Up or Down: Up"}));
  ASSERT_TRUE(ledger->describe({came.contract, Asset::Unknown, ""})) << "says nothing, and takes nothing away";
  ASSERT_TRUE(ledger->describe({named(79, Venue::Kalshi, "K79"), Asset::ETH, "Ether"}));
  ASSERT_TRUE(ledger->record(named(79, Venue::Kalshi, "K79")));
  ASSERT_TRUE(ledger->commit());
  const LedgerContents contents = contents_of(path);
  EXPECT_EQ(contents.adjustments.at(0).contract.asset, "unknown");
  EXPECT_EQ(contents.adjustments.at(0).contract.known_asset(), "BTC");
  const LedgerAudit audit = audit_ledger(contents);
  EXPECT_THAT(audit.problems, IsEmpty());
  EXPECT_EQ(audit.positions.at(1).contract.asset, "BTC");
  EXPECT_EQ(audit.positions.at(1).contract.title, "Bitcoin Up or Down: Up");
  EXPECT_EQ(audit.positions.at(0).contract.title, "") << "of no listing";
  auto file = Database::open(path, Database::Access::ReadOnly);
  EXPECT_EQ(file->query_integer("SELECT count(*) FROM instruments WHERE asset = 'ETH' AND title = 'Ether'"), 1);
}

TEST(Ledger, AFailedWriteIsAnErrorThatStays) {
  const TemporaryFolder folder;
  const std::string path = folder.file("ledger.sqlite");
  const auto ledger = open_ledger(path);
  // A trigger stands in for a disk that refuses the write.
  ASSERT_TRUE(
      Database::open(path, Database::Access::ReadWrite)
          ->execute("CREATE TRIGGER full BEFORE INSERT ON fills BEGIN SELECT RAISE(ABORT, 'disk is full'); END"));
  ReportMaker make;
  const OrderRequest order = buy(1, "0.5", "10");
  ASSERT_TRUE(ledger->record(make(OrderSubmitted{order})));
  EXPECT_FALSE(ledger->record(make(fill(order, 1, "0.5", "1", "0"))));
  EXPECT_THAT(ledger->error(), HasSubstr("disk is full"));
  EXPECT_FALSE(ledger->record(make(OrderSubmitted{order})));
  EXPECT_FALSE(ledger->commit());
}

}  // namespace
}  // namespace arbees

#include "adapters/store/ledger_schema.h"

#include <fmt/format.h>

#include <array>

namespace arbees {
namespace {

constexpr std::int64_t kApplicationId = 0x41424545;  // "ABEE"

// Version 0 → 1. Money in micro-dollars, prices in ten-thousandths, quantities in hundredths, times in UTC ns.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE sessions (
  session INTEGER PRIMARY KEY, mode TEXT NOT NULL, started_at_ns INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL DEFAULT 0, last_ordinal INTEGER NOT NULL DEFAULT -1,
  ignored_duplicates INTEGER NOT NULL DEFAULT 0);
CREATE TABLE instruments (
  instrument INTEGER PRIMARY KEY, venue TEXT NOT NULL, symbol TEXT NOT NULL);
CREATE TABLE limits (
  limits_id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL REFERENCES sessions,
  position_micro INTEGER NOT NULL, asset_micro INTEGER NOT NULL, total_micro INTEGER NOT NULL);
CREATE TABLE decisions (
  decision_id INTEGER PRIMARY KEY, session INTEGER NOT NULL, sequence INTEGER NOT NULL, at_ns INTEGER NOT NULL,
  opportunity INTEGER NOT NULL, event_group INTEGER NOT NULL, detector TEXT NOT NULL, verdict TEXT NOT NULL,
  legs INTEGER NOT NULL, outlay_micro INTEGER NOT NULL, guaranteed_micro INTEGER NOT NULL,
  fees_micro INTEGER NOT NULL, request INTEGER);
CREATE INDEX decisions_by_opportunity ON decisions (opportunity);
CREATE TABLE requests (
  request INTEGER PRIMARY KEY, session INTEGER NOT NULL, opportunity INTEGER NOT NULL, detector TEXT NOT NULL,
  created_at_ns INTEGER NOT NULL, deadline_ns INTEGER NOT NULL,
  outlay_micro INTEGER NOT NULL, guaranteed_micro INTEGER NOT NULL);
CREATE TABLE request_legs (
  request INTEGER NOT NULL REFERENCES requests, leg INTEGER NOT NULL, instrument INTEGER NOT NULL,
  venue TEXT NOT NULL, asset TEXT NOT NULL, outcome TEXT NOT NULL, price_e4 INTEGER NOT NULL,
  quantity_centi INTEGER NOT NULL, cost_micro INTEGER NOT NULL, fee_micro INTEGER NOT NULL,
  PRIMARY KEY (request, leg)) WITHOUT ROWID;
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY, request INTEGER NOT NULL, leg INTEGER NOT NULL,
  session INTEGER NOT NULL REFERENCES sessions, limits_id INTEGER REFERENCES limits,
  instrument INTEGER NOT NULL, venue TEXT NOT NULL, asset TEXT NOT NULL, outcome TEXT NOT NULL, side TEXT NOT NULL,
  time_in_force TEXT NOT NULL, limit_e4 INTEGER NOT NULL, quantity_centi INTEGER NOT NULL,
  submitted_at_ns INTEGER NOT NULL, deadline_ns INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending', reason TEXT NOT NULL DEFAULT 'none',
  ended_at_ns INTEGER, ended_filled_centi INTEGER);
CREATE INDEX orders_by_request ON orders (request);
CREATE TABLE entries (
  entry_id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL REFERENCES sessions,
  sequence INTEGER NOT NULL, at_ns INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('opening', 'transfer', 'fill', 'settlement')));
CREATE TABLE postings (
  entry_id INTEGER NOT NULL REFERENCES entries, venue TEXT NOT NULL,
  account TEXT NOT NULL CHECK (account IN ('cash', 'position', 'fees', 'settlement', 'equity')),
  amount_micro INTEGER NOT NULL, PRIMARY KEY (entry_id, account)) WITHOUT ROWID;
CREATE TABLE cash_movements (
  entry_id INTEGER PRIMARY KEY REFERENCES entries, venue TEXT NOT NULL, amount_micro INTEGER NOT NULL);
CREATE TABLE fills (
  fill_id INTEGER PRIMARY KEY REFERENCES entries, order_id INTEGER NOT NULL REFERENCES orders, venue TEXT NOT NULL,
  venue_fill_id INTEGER NOT NULL, price_e4 INTEGER NOT NULL, quantity_centi INTEGER NOT NULL,
  fee_micro INTEGER NOT NULL, at_ns INTEGER NOT NULL);
CREATE UNIQUE INDEX fills_once ON fills (order_id, venue_fill_id, venue);
CREATE TABLE fill_names (
  order_id INTEGER NOT NULL, venue_fill_id INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (order_id, venue_fill_id)) WITHOUT ROWID;
CREATE TABLE settlements (
  settlement_id INTEGER PRIMARY KEY REFERENCES entries, instrument INTEGER NOT NULL, venue TEXT NOT NULL,
  asset TEXT NOT NULL, outcome TEXT NOT NULL, quantity_centi INTEGER NOT NULL, payout_micro INTEGER NOT NULL,
  cost_micro INTEGER NOT NULL, at_ns INTEGER NOT NULL);
CREATE TABLE trading_states (
  session INTEGER NOT NULL, sequence INTEGER NOT NULL, at_ns INTEGER NOT NULL, state TEXT NOT NULL);
CREATE VIEW balances AS
  SELECT venue, account, sum(amount_micro) AS amount_micro FROM postings GROUP BY venue, account;
CREATE VIEW positions AS
  SELECT instrument, venue, outcome, sum(quantity_centi) AS quantity_centi FROM (
    SELECT o.instrument, o.venue, o.outcome,
           CASE o.side WHEN 'buy' THEN f.quantity_centi ELSE -f.quantity_centi END AS quantity_centi
      FROM fills f JOIN orders o USING (order_id)
    UNION ALL SELECT instrument, venue, outcome, -quantity_centi FROM settlements)
  GROUP BY instrument, venue, outcome HAVING sum(quantity_centi) <> 0;
)sql";

// Version 1 → 2: size, what binds it and the life of an opportunity.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE decisions ADD COLUMN started_at_ns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN settles_at_ns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN size_centi INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN binding TEXT NOT NULL DEFAULT 'accepted';
ALTER TABLE decisions ADD COLUMN expected_loss_micro INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN tail_reserve_micro INTEGER NOT NULL DEFAULT 0;
CREATE TABLE opportunities (
  opportunity INTEGER NOT NULL, session INTEGER NOT NULL, sequence INTEGER NOT NULL, event_group INTEGER NOT NULL,
  detector TEXT NOT NULL, verdict TEXT NOT NULL, started_at_ns INTEGER NOT NULL, ended_at_ns INTEGER NOT NULL,
  best_profit_micro INTEGER NOT NULL, best_outlay_micro INTEGER NOT NULL, best_size_centi INTEGER NOT NULL,
  judgements INTEGER NOT NULL, request INTEGER, PRIMARY KEY (session, opportunity)) WITHOUT ROWID;
)sql";

// Version 2 → 3: fills that did not settle, ends of requests, reasons of trading states. SQLite cannot change a CHECK
// in place.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE entries_next (
  entry_id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL REFERENCES sessions,
  sequence INTEGER NOT NULL, at_ns INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('opening', 'transfer', 'fill', 'settlement', 'reversal')));
INSERT INTO entries_next SELECT * FROM entries;
DROP TABLE entries;
ALTER TABLE entries_next RENAME TO entries;
CREATE TABLE fill_reversals (
  reversal_id INTEGER PRIMARY KEY REFERENCES entries, fill_id INTEGER NOT NULL UNIQUE REFERENCES fills,
  at_ns INTEGER NOT NULL);
CREATE TABLE request_ends (
  request INTEGER PRIMARY KEY, session INTEGER NOT NULL, ended_at_ns INTEGER NOT NULL, opportunity INTEGER NOT NULL,
  detector TEXT NOT NULL, outcome TEXT NOT NULL, legs INTEGER NOT NULL, orders INTEGER NOT NULL,
  asked_centi INTEGER NOT NULL, matched_centi INTEGER NOT NULL, kept_centi INTEGER NOT NULL,
  naked_ns INTEGER NOT NULL, naked_loss_micro INTEGER NOT NULL, unwind_cost_micro INTEGER NOT NULL,
  slippage_micro INTEGER NOT NULL);
ALTER TABLE trading_states ADD COLUMN reason TEXT NOT NULL DEFAULT 'unstated';
DROP VIEW positions;
CREATE VIEW positions AS
  SELECT instrument, venue, outcome, sum(quantity_centi) AS quantity_centi FROM (
    SELECT o.instrument, o.venue, o.outcome,
           CASE o.side WHEN 'buy' THEN f.quantity_centi ELSE -f.quantity_centi END AS quantity_centi
      FROM fills f JOIN orders o USING (order_id) WHERE f.fill_id NOT IN (SELECT fill_id FROM fill_reversals)
    UNION ALL SELECT instrument, venue, outcome, -quantity_centi FROM settlements)
  GROUP BY instrument, venue, outcome HAVING sum(quantity_centi) <> 0;
)sql";

// Version 3 → 4: contracts that came or went outside our orders, and why transfers were booked.
constexpr const char* kVersion4 = R"sql(
CREATE TABLE entries_next (
  entry_id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL REFERENCES sessions,
  sequence INTEGER NOT NULL, at_ns INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('opening', 'transfer', 'fill', 'settlement', 'reversal', 'adjustment')));
INSERT INTO entries_next SELECT * FROM entries;
DROP TABLE entries;
ALTER TABLE entries_next RENAME TO entries;
ALTER TABLE cash_movements ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE TABLE adjustments (
  adjustment_id INTEGER PRIMARY KEY REFERENCES entries, instrument INTEGER NOT NULL, venue TEXT NOT NULL,
  asset TEXT NOT NULL, outcome TEXT NOT NULL, quantity_centi INTEGER NOT NULL, cost_micro INTEGER NOT NULL,
  at_ns INTEGER NOT NULL, reason TEXT NOT NULL);
DROP VIEW positions;
CREATE VIEW positions AS
  SELECT instrument, venue, outcome, sum(quantity_centi) AS quantity_centi FROM (
    SELECT o.instrument, o.venue, o.outcome,
           CASE o.side WHEN 'buy' THEN f.quantity_centi ELSE -f.quantity_centi END AS quantity_centi
      FROM fills f JOIN orders o USING (order_id) WHERE f.fill_id NOT IN (SELECT fill_id FROM fill_reversals)
    UNION ALL SELECT instrument, venue, outcome, quantity_centi FROM adjustments
    UNION ALL SELECT instrument, venue, outcome, -quantity_centi FROM settlements)
  GROUP BY instrument, venue, outcome HAVING sum(quantity_centi) <> 0;
)sql";

// Version 4 → 5: what a listing says of a contract.
constexpr const char* kVersion5 = R"sql(
ALTER TABLE instruments ADD COLUMN asset TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE instruments ADD COLUMN title TEXT NOT NULL DEFAULT '';
)sql";

constexpr std::array<const char*, kLedgerSchemaVersion> kMigrations = {kVersion1, kVersion2, kVersion3, kVersion4,
                                                                       kVersion5};

struct Identity {
  std::int64_t application = 0;
  std::int64_t version = 0;
  std::int64_t tables = 0;
};

Result<Identity, std::string> read_identity(Database& database) {
  const auto application = database.query_integer("PRAGMA application_id");
  const auto version = database.query_integer("PRAGMA user_version");
  const auto tables = database.query_integer("SELECT count(*) FROM sqlite_master");
  if (!application || !version || !tables) return failure(database.error());
  const bool is_ours = *application == kApplicationId;
  const bool is_blank = *application == 0 && *version == 0 && *tables == 0;
  if (!is_ours && !is_blank) return failure(fmt::format("{}: a database of another program", database.path()));
  if (*version > kLedgerSchemaVersion) {
    return failure(fmt::format("{}: ledger of schema version {}; this build knows up to {}", database.path(), *version,
                               kLedgerSchemaVersion));
  }
  return Identity{*application, *version, *tables};
}

}  // namespace

Result<bool, std::string> migrate_ledger(Database& database) {
  // One process at a time; a second one finds the work done.
  if (!database.execute("BEGIN IMMEDIATE")) return failure(database.error());
  const auto identity = read_identity(database);
  if (!identity) {
    static_cast<void>(database.execute("ROLLBACK"));
    return failure(identity.error());
  }
  for (auto version = identity->version; version < kLedgerSchemaVersion; ++version) {
    const auto stamp = fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, version + 1);
    if (database.execute(kMigrations[static_cast<std::size_t>(version)]) && database.execute(stamp.c_str())) continue;
    const std::string error = database.error();
    static_cast<void>(database.execute("ROLLBACK"));
    return failure(error);
  }
  if (!database.execute("COMMIT")) return failure(database.error());
  return true;
}

Result<bool, std::string> check_ledger_version(Database& database) {
  const auto identity = read_identity(database);
  if (!identity) return failure(identity.error());
  if (identity->version == kLedgerSchemaVersion) return true;
  return failure(
      fmt::format("{}: ledger of schema version {}; start arbees once with this data folder to bring it up to {}",
                  database.path(), identity->version, kLedgerSchemaVersion));
}

}  // namespace arbees

#pragma once
// The database's schema as numbered steps, which are part of the program (migrations/NNNN_name.sql).
//
// Each step is applied once, in a transaction of its own together with its row in schema_migrations; one process at a
// time (an advisory lock). A step that was applied and now reads differently, or one that this program does not know,
// is an error, and nothing is changed. Lines "--@ native", "--@ timescaledb" and "--@ always" say for which layout what
// follows is meant; a database keeps the layout of its first step.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/connection.h"

namespace arbees::postgres {

enum class Layout : std::uint8_t {
  Native,       // tables of prices are partitioned by day
  TimescaleDb,  // they are hypertables
};
[[nodiscard]] std::string_view layout_name(Layout layout) noexcept;
[[nodiscard]] std::optional<Layout> parse_layout(std::string_view name) noexcept;

struct Migration {
  int version = 0;
  std::string name;  // "0001_prices"
  std::string sql;
};

// In order, numbered from 1 without gaps.
[[nodiscard]] const std::vector<Migration>& migrations();

// Sixteen hex digits over the whole step, whatever the layout.
[[nodiscard]] std::string checksum(const Migration& migration);
// What of a step is meant for the layout.
[[nodiscard]] std::string sql_for(const Migration& migration, Layout layout);

struct SchemaState {
  bool is_empty = true;  // there is no schema_migrations
  int version = 0;       // the last step applied
  Layout layout = Layout::Native;
  bool has_timescaledb = false;  // the server offers the extension
  std::string server;            // "15.18"
  std::string problem;           // why this program cannot use it; empty: it can, once migrated
};

// Changes nothing.
[[nodiscard]] DatabaseResult<SchemaState> read_schema(Connection& connection, const std::vector<Migration>& steps);

struct MigrationReport {
  SchemaState before;
  int version = 0;
  Layout layout = Layout::Native;
  std::vector<std::string> applied;  // names of steps
};

// Brings the database up to the last step. Any number of processes may call this at once.
[[nodiscard]] DatabaseResult<MigrationReport> migrate(Connection& connection,
                                                      const std::vector<Migration>& steps = migrations());

}  // namespace arbees::postgres

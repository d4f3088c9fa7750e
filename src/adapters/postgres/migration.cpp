#include "adapters/postgres/migration.h"

#include <fmt/format.h>

#include <charconv>

#include "adapters/telemetry/format.h"
#include "core/base/hash.h"

namespace arbees::postgres {
namespace {

// Any number will do, if all use the same.
constexpr const char* kLock = "SELECT pg_advisory_lock(4702394921427289153)";
constexpr const char* kUnlock = "SELECT pg_advisory_unlock(4702394921427289153)";

constexpr const char* kOwnTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, name text NOT NULL, "
    "checksum text NOT NULL, layout text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())";

DatabaseError refusal(std::string text) { return {DatabaseTrouble::Sql, "", std::move(text)}; }

int to_number(const DatabaseField& field) {
  int value = 0;
  if (field) std::from_chars(field->data(), field->data() + field->size(), value);
  return value;
}

std::string judge(const DatabaseRows& applied, const std::vector<Migration>& steps) {
  for (const DatabaseRow& row : applied.rows) {
    const int version = to_number(row[0]);
    if (version > static_cast<int>(steps.size())) {
      return fmt::format("the database has schema version {} ({}); this program knows up to {}: use a newer one",
                         version, row[1].value_or(""), steps.size());
    }
    const Migration& step = steps[static_cast<std::size_t>(version - 1)];
    if (row[2] != checksum(step)) {
      return fmt::format("step {} was applied with other contents (checksum {}, here {}): not a schema of this program",
                         step.name, row[2].value_or(""), checksum(step));
    }
  }
  return {};
}

// Unlocks whatever happens; a lost connection has unlocked already.
class MigrationLock {
 public:
  explicit MigrationLock(Connection& connection) : connection_(connection) {}
  MigrationLock(const MigrationLock&) = delete;
  MigrationLock& operator=(const MigrationLock&) = delete;
  ~MigrationLock() {
    connection_.rollback();
    (void)connection_.run(kUnlock);
  }

 private:
  Connection& connection_;
};

DatabaseResult<bool> apply(Connection& connection, const Migration& step, Layout layout) {
  if (const auto begun = connection.begin(); !begun) return failure(begun.error());
  if (const auto done = connection.run(sql_for(step, layout)); !done) {
    DatabaseError error = done.error();
    error.text = fmt::format("step {}: {}", step.name, error.text);
    connection.rollback();
    return failure(std::move(error));
  }
  const auto noted =
      connection.run("INSERT INTO schema_migrations (version, name, checksum, layout) VALUES ($1, $2, $3, $4)",
                     {std::to_string(step.version), step.name, checksum(step), std::string(layout_name(layout))});
  if (!noted) {
    connection.rollback();
    return failure(noted.error());
  }
  return connection.commit();
}

}  // namespace

std::string_view layout_name(Layout layout) noexcept {
  return layout == Layout::TimescaleDb ? "timescaledb" : "native";
}

std::optional<Layout> parse_layout(std::string_view name) noexcept {
  if (name == "native") return Layout::Native;
  if (name == "timescaledb") return Layout::TimescaleDb;
  return std::nullopt;
}

std::string checksum(const Migration& migration) {
  return to_hex(hash64(migration.sql, static_cast<std::uint64_t>(migration.version)));
}

std::string sql_for(const Migration& migration, Layout layout) {
  constexpr std::string_view kMark = "--@ ";
  std::string sql;
  bool is_meant = true;
  std::string_view rest = migration.sql;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    if (!line.starts_with(kMark)) {
      if (is_meant) sql += line;
      continue;
    }
    const std::string_view wanted = line.substr(kMark.size(), line.find_last_not_of("\n ") + 1 - kMark.size());
    is_meant = wanted == "always" || wanted == layout_name(layout);
  }
  return sql;
}

DatabaseResult<SchemaState> read_schema(Connection& connection, const std::vector<Migration>& steps) {
  SchemaState state;
  const auto facts = connection.run(
      "SELECT current_setting('server_version'), to_regclass('schema_migrations') IS NOT NULL, "
      "EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')");
  if (!facts) return failure(facts.error());
  const DatabaseRow& fact = facts->rows.front();
  state.server = fact[0].value_or("");
  state.is_empty = fact[1] != "t";
  state.has_timescaledb = fact[2] == "t";
  state.layout = state.has_timescaledb ? Layout::TimescaleDb : Layout::Native;
  if (state.is_empty) return state;
  const auto applied = connection.run("SELECT version, name, checksum, layout FROM schema_migrations ORDER BY version");
  if (!applied) return failure(applied.error());
  if (applied->rows.empty()) return state;
  state.version = to_number(applied->rows.back()[0]);
  state.layout = parse_layout(applied->rows.front()[3].value_or("")).value_or(Layout::Native);
  state.problem = judge(*applied, steps);
  return state;
}

DatabaseResult<MigrationReport> migrate(Connection& connection, const std::vector<Migration>& steps) {
  MigrationReport report;
  auto state = read_schema(connection, steps);
  if (!state) return failure(state.error());
  if (state->problem.empty() && state->version < static_cast<int>(steps.size())) {
    if (const auto locked = connection.run(kLock); !locked) return failure(locked.error());
    const MigrationLock lock(connection);
    // Another process may have done it meanwhile.
    state = read_schema(connection, steps);
    if (!state) return failure(state.error());
    report.before = *state;
    if (!state->problem.empty()) return failure(refusal(state->problem));
    if (const auto made = connection.run(kOwnTable); !made) return failure(made.error());
    if (state->layout == Layout::TimescaleDb && state->version == 0) {
      const auto made = connection.run("CREATE EXTENSION IF NOT EXISTS timescaledb");
      if (!made) return failure(made.error());
    }
    for (std::size_t i = static_cast<std::size_t>(state->version); i < steps.size(); ++i) {
      const auto applied = apply(connection, steps[i], state->layout);
      if (!applied) return failure(applied.error());
      report.applied.push_back(steps[i].name);
    }
  } else {
    report.before = *state;
  }
  if (!state->problem.empty()) return failure(refusal(state->problem));
  report.version = static_cast<int>(steps.size());
  report.layout = state->layout;
  return report;
}

}  // namespace arbees::postgres

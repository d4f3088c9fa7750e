#include "app/storing/database_check.h"

#include <fmt/format.h>

namespace arbees::app {

std::string schema_text(const postgres::SchemaState& state) {
  return fmt::format("PostgreSQL {}, schema {} of {}, {}", state.server, state.version, postgres::migrations().size(),
                     postgres::layout_name(state.layout));
}

DatabaseCheck check_database(const std::string& url) {
  const auto parsed = postgres::DatabaseUrl::parse(url);
  if (!parsed) return {false, parsed.error()};
  const auto connection = postgres::Connection::open(*parsed);
  if (!connection) return {false, parsed->shown() + ": " + connection.error().text};
  const auto state = postgres::read_schema(**connection, postgres::migrations());
  if (!state) return {false, state.error().text};
  if (!state->problem.empty()) return {false, state->problem};
  const bool is_behind = state->version < static_cast<int>(postgres::migrations().size());
  return {true, schema_text(*state) + (is_behind ? ": the next start, or arbees db migrate, brings it up" : "")};
}

}  // namespace arbees::app

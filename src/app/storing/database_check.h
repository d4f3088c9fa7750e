#pragma once
// Whether the configured database can be used, for `doctor` and `db status`.

#include <string>

#include "adapters/postgres/migration.h"

namespace arbees::app {

struct DatabaseCheck {
  bool is_ok = false;
  std::string detail;  // for people
};

[[nodiscard]] DatabaseCheck check_database(const std::string& url);

// "PostgreSQL 15.18, schema 2 of 2, native".
[[nodiscard]] std::string schema_text(const postgres::SchemaState& state);

}  // namespace arbees::app

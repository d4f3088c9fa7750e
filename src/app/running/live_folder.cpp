#include "app/running/live_folder.h"

#include <filesystem>
#include <optional>

#include "adapters/store/sqlite.h"
#include "app/data_folder.h"

namespace arbees::app {

namespace {

// Live sessions of the ledger; nothing if it cannot be read. No ledger has none.
std::optional<std::int64_t> live_sessions(const std::string& folder) {
  const std::string path = ledger_path(folder);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return 0;
  auto file = Database::open(path, Database::Access::ReadOnly);
  if (!file) return std::nullopt;
  return file->query_integer("SELECT count(*) FROM sessions WHERE mode = 'live'");
}

}  // namespace

bool has_live_sessions(const std::string& folder) { return live_sessions(folder).value_or(0) > 0; }

bool is_live_folder(const std::string& folder) { return live_sessions(folder).value_or(1) > 0; }

}  // namespace arbees::app

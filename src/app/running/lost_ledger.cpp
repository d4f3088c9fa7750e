#include "app/running/lost_ledger.h"

#include <fmt/format.h>

#include <filesystem>

#include "adapters/store/journal_series.h"
#include "app/data_folder.h"

namespace arbees::app {
namespace {

namespace fs = std::filesystem;

// The name of the earliest journal of a session; empty if there is none.
std::string first_journal(const std::string& folder) {
  std::string first;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("session-") || name.find(".journal") == std::string::npos) continue;
    if (first.empty() || is_name_before(name, first)) first = name;
  }
  return first;
}

}  // namespace

std::string lost_ledger(const std::string& folder) {
  const std::string path = ledger_path(folder);
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (!error && size > 0) return {};
  if (error && error != std::errc::no_such_file_or_directory) return {};  // opening it says what is wrong
  const std::string journal = first_journal(folder);
  if (journal.empty()) return {};
  return fmt::format(
      "{}: the ledger is {}, and {} shows that the folder was traded in: cash and positions are not known; restore the "
      "ledger from a backup, or choose another folder with --data",
      path, error ? "missing" : "empty (0 bytes)", journal);
}

}  // namespace arbees::app

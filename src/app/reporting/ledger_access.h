#pragma once
// How the commands over a ledger find it: --data, --db, --json, and exit code 6 where there is none.

#include <cstdio>
#include <filesystem>
#include <string>

#include "app/cli.h"
#include "app/command.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/storing/ledger_copy.h"

namespace arbees::app {

struct LedgerOptions {
  std::string data;
  std::string database;
  bool json = false;

  // Of the ledger file, or the URL of a database.
  [[nodiscard]] std::string path() const { return database.empty() ? ledger_path(data_folder(data)) : database; }
};

inline void add_ledger_options(Command& command, LedgerOptions& options) {
  command.option("--data", options.data, kDataFolderHelp);
  command.option(
      "--db", options.database,
      "Ledger file, or a PostgreSQL database (postgres://…) with a copy of one, instead of ledger.sqlite in the "
      "data folder");
  command.flag("--json", options.json, "Print one JSON document");
}

// Calls `use` with what `read(path)` gives; its result is the exit code. What is wrong is said (refusal.h).
template <class Read, class Use>
int with_ledger_file(const std::string& path, bool is_json, Read&& read, Use&& use) {
  const auto contents = read(path);
  return contents ? use(*contents) : refuse({}, kBadInput, contents.error(), is_json);
}

template <class Read, class Use>
int with_ledger(const LedgerOptions& options, Read&& read, Use&& use) {
  const std::string path = options.path();
  if (postgres::is_database_url(path)) {
    const auto fetched = FetchedLedger::fetch(path, ledger_path(data_folder(options.data)));
    if (fetched) return with_ledger_file(fetched->path(), options.json, read, use);
    return refuse({}, kFailed, fetched.error(), options.json);
  }
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return refuse({}, kNotFound, "no ledger at " + path, options.json);
  return with_ledger_file(path, options.json, read, use);
}

// Prints one of two forms of an answer.
inline int print_answer(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  if (!text.ends_with('\n')) std::fputc('\n', stdout);
  return kDone;
}

}  // namespace arbees::app

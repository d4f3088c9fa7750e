#pragma once
// The folder in which a process keeps everything, and the names of what is in it.

#include <string>

namespace arbees::app {

inline constexpr const char* kDataFolderHelp =
    "Folder with ledger, journal and state (ARBEES_DATA_DIR; default arbees-data)";

// The value of an environment variable; an empty one counts as unset.
[[nodiscard]] std::string environment(const char* name);

// The folder given on the command line, else ARBEES_DATA_DIR, else "arbees-data" in the current folder.
[[nodiscard]] std::string data_folder(const std::string& given);

[[nodiscard]] std::string ledger_path(const std::string& folder);

}  // namespace arbees::app

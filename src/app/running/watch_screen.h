#pragma once
// What `arbees watch` shows: the status documents of a data folder's processes as one page, made for 80 by 24.

#include <cstddef>
#include <string>
#include <vector>

#include "app/running/running_status.h"
#include "app/running/screen.h"
#include "core/base/time.h"

namespace arbees::app {

struct WatchedProcesses {
  std::vector<std::string> documents;  // as of read_status(); nothing of them is trusted to be there
  std::vector<DeadProcess> dead;       // come first
  std::string data_folder;
};

// For a terminal with so many rows. Where not all fits, processes are told in brief, as many as there is room for with
// all of theirs; whoever has no room at all is named in the last line.
[[nodiscard]] Screen watch_screen(const WatchedProcesses& processes, Timestamp now, std::size_t rows);

}  // namespace arbees::app

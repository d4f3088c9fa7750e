#pragma once
// What `arbees watch` shows: the status documents of a data folder's processes as one page, made for 80 by 24.

#include <string>
#include <vector>

#include "app/running/running_status.h"
#include "app/running/screen.h"
#include "core/base/time.h"

namespace arbees::app {

// `documents` as of read_status(). Nothing of them is trusted to be there. Who has died comes first.
[[nodiscard]] Screen watch_screen(const std::vector<std::string>& documents, const std::vector<DeadProcess>& dead,
                                  const std::string& data_folder, Timestamp now);

}  // namespace arbees::app

#pragma once
// The log of one process: opened with its configuration, its level changed while it runs by a file of the data folder.
//
// DIR/log-level holds the name of a level; while it is there it counts instead of the configured one, for all processes
// of the folder, also after a restart. `arbees log-level` writes and removes it.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/telemetry/json.h"
#include "adapters/telemetry/log.h"
#include "adapters/venue/feed.h"
#include "app/config/config.h"

namespace arbees::app {

// Of the file; nothing if there is none, or it holds no level.
[[nodiscard]] std::optional<LogLevel> chosen_log_level(const std::string& folder);
// Nothing: the configured level again. False if the file cannot be changed.
bool choose_log_level(const std::string& folder, std::optional<LogLevel> level);

class ProcessLog {
 public:
  // `process` is who speaks: "run", "kalshi-monitor".
  ProcessLog(const LogConfig& config, const std::string& process, std::string data_folder);
  ~ProcessLog();  // writes out what is queued
  ProcessLog(const ProcessLog&) = delete;
  ProcessLog& operator=(const ProcessLog&) = delete;

  // A reload has another level; the file of the folder still counts before it.
  void configure(const LogConfig& config);
  // To be called a few times a second: follows the file, and tells of a changed level and of feeds whose state has
  // changed.
  void look(const std::vector<FeedHealth>& feeds);

 private:
  void follow();

  std::string folder_;
  LogLevel configured_;
  std::map<Venue, FeedState> feeds_;
};

// "log": {"warning":n,"error":n}.
void write_log_counts(JsonWriter& json);

}  // namespace arbees::app

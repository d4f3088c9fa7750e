// arbees log-level: how much the processes of a data folder write to their logs, also while they run.

#include <fmt/format.h>

#include <cstdio>

#include "app/cli.h"
#include "app/command.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/process_log.h"
#include "app/running/running_status.h"

namespace arbees::app {
namespace {

constexpr const char* kCommand = "log-level";

struct Options {
  std::string data;
  std::string level;
  bool json = false;
};

void show(const Options& options, const std::string& folder) {
  const auto chosen = chosen_log_level(folder);
  const std::string name(chosen ? log_level_name(*chosen) : "configured");
  if (options.json) {
    fmt::print("{{\"level\":\"{}\"}}\n", name);
  } else {
    fmt::print("{}\n", name);
  }
}

int change(const Options& options) {
  const std::string folder = data_folder(options.data);
  const auto level = parse_log_level(options.level);
  if (!options.level.empty() && !level && options.level != "configured") {
    return refuse(kCommand, kUsage,
                  fmt::format("\"{}\" is not allowed: debug, info, warning, error or configured", options.level),
                  options.json);
  }
  // What was chosen before can be shown and taken back also where nothing runs any more.
  if ((level || !chosen_log_level(folder)) && running_folders(folder).empty()) {
    return refuse(kCommand, kNotFound, fmt::format("nothing runs in {} (choose the folder with --data)", folder),
                  options.json);
  }
  if (!options.level.empty() && !choose_log_level(folder, level)) {
    return refuse(kCommand, kFailed, folder + "/log-level cannot be changed", options.json);
  }
  show(options, folder);
  return kDone;
}

}  // namespace

void add_log_level_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command = line.add("log-level", "Show or change what running processes log: debug, info, warning, error");
  command.option("--data", options->data, kDataFolderHelp);
  command.flag("--json", options->json, "Print JSON");
  command.positional("LEVEL", options->level, false, "The level; \"configured\": as the configuration says");
  command.run([options] { return change(*options); });
}

}  // namespace arbees::app

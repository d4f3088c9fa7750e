// arbees log-level: how much the processes of a data folder write to their logs, also while they run.

#include <fmt/format.h>

#include <cstdio>

#include "app/cli.h"
#include "app/command.h"
#include "app/data_folder.h"
#include "app/running/process_log.h"
#include "app/running/running_status.h"

namespace arbees::app {
namespace {

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
    fmt::print(stderr, "arbees log-level: \"{}\" is not allowed: debug, info, warning, error or configured\n",
               options.level);
    return kUsage;
  }
  // What was chosen before can be shown and taken back also where nothing runs any more.
  if ((level || !chosen_log_level(folder)) && running_folders(folder).empty()) {
    fmt::print(stderr, "arbees log-level: nothing runs in {} (choose the folder with --data)\n", folder);
    return kNotFound;
  }
  if (!options.level.empty() && !choose_log_level(folder, level)) {
    fmt::print(stderr, "arbees log-level: {}/log-level cannot be changed\n", folder);
    return kFailed;
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

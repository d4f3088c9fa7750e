// arbees halt, resume, status: the kill switch of a data folder, and what its process is doing.

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "adapters/net/io_loop.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/data_folder.h"
#include "app/running/halt_latch.h"
#include "app/running/process_lock.h"
#include "app/running/status_document.h"
#include "app/running/status_text.h"

namespace arbees::app {
namespace {

struct Options {
  std::string data;
  std::string reason;
  bool json = false;
};

int show_halted(const Options& options, const Result<bool, std::string>& changed, bool is_halted) {
  if (!changed) {
    fmt::print(stderr, "arbees: {}\n", changed.error());
    return kFailed;
  }
  if (options.json) {
    fmt::print("{{\"halted\":{}}}\n", is_halted);
  } else {
    fmt::print("{}{}\n", is_halted ? "halted: nothing new is sent from this folder" : "trading may go on",
               *changed ? "" : " (nothing changed)");
  }
  return kDone;
}

int halt(const Options& options) {
  const HaltLatch latch(data_folder(options.data));
  return show_halted(options, latch.halt(options.reason, net::IoLoop::now()), true);
}

int resume(const Options& options) {
  return show_halted(options, HaltLatch(data_folder(options.data)).resume(), false);
}

int status(const Options& options) {
  const std::string folder = data_folder(options.data);
  if (!ProcessLock::holder(folder)) {
    if (options.json) {
      fmt::print("{}\n", stopped_document(folder));
    } else {
      fmt::print("nothing runs in {}{}\n", folder, HaltLatch(folder).is_halted() ? " (halted)" : "");
    }
    return kNotFound;
  }
  std::ostringstream text;
  text << std::ifstream(status_path(folder)).rdbuf();
  const auto shown = status_text(text.str(), net::IoLoop::now());
  if (!shown) {
    fmt::print(stderr, "arbees status: {} has not told its status yet: try again\n", folder);
    return kFailed;
  }
  fmt::print("{}\n", options.json ? shown->json : shown->text);
  return kDone;
}

void add_one(CommandLine& line, const char* name, const char* help, int (*work)(const Options&), bool takes_reason) {
  auto options = std::make_shared<Options>();
  Command& command = line.add(name, help);
  command.option("--data", options->data, kDataFolderHelp);
  if (takes_reason) command.option("--reason", options->reason, "Why, for those who read it later");
  command.flag("--json", options->json, "Print JSON");
  command.run([options, work] { return work(*options); });
}

}  // namespace

void add_halt_command(CommandLine& line) {
  add_one(line, "halt", "Stop trading at once, until `resume`; works with nothing running", halt, true);
  add_one(line, "resume", "Let trading go on after a halt", resume, true);
  add_one(line, "status", "What the process of the data folder is doing; exit code 6 if none runs", status, false);
}

}  // namespace arbees::app

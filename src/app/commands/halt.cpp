// arbees halt, resume, status: the kill switch of a data folder, and what its process is doing.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "adapters/net/io_loop.h"
#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/halt_latch.h"
#include "app/running/halt_text.h"
#include "app/running/live_folder.h"
#include "app/running/running_status.h"
#include "app/running/status_document.h"

namespace arbees::app {
namespace {

// Roles tell their status twice a second.
constexpr Duration kNextWord = std::chrono::seconds(3);
constexpr Duration kLook = std::chrono::milliseconds(50);

struct Options {
  std::string data;
  std::string reason;
  std::string role;
  bool healthy = false;
  bool list = false;
  bool json = false;
};

void show_halted(const Options& options, bool is_halted, const std::string& text) {
  if (options.json) {
    fmt::print("{{\"halted\":{}}}\n", is_halted);
  } else {
    fmt::print("{}\n", text);
  }
}

int halt(const Options& options) {
  const std::string data = data_folder(options.data);
  const HaltLatch latch(data);
  const std::vector<std::string> before = latch.reasons();
  if (const auto changed = latch.halt(options.reason, net::IoLoop::now()); !changed) {
    return refuse({}, kFailed, changed.error(), options.json);
  }
  show_halted(options, true, halted_text(before, latch.reasons()));
  // Whoever mistypes the folder believes that everything stands still.
  if (running_folders(data).empty()) {
    fmt::print(stderr,
               "arbees halt: nothing runs in {0}; other folders are not halted (what is started with --data {0} will "
               "be)\n",
               data);
  }
  return kDone;
}

// What still halts the processes of the folder once its latch is lifted: Redis' kill switch, a paused shard. They are
// asked by waiting for their next word.
std::vector<std::string> other_halts(const std::string& data, Timestamp since) {
  std::vector<std::string> halts;
  net::IoLoop loop;
  for (const std::string& folder : running_folders(data)) {
    std::optional<std::string> told;
    while (!(told = halt_told_since(folder, since)) && net::IoLoop::now() - since < kNextWord) loop.run_for(kLook);
    if (!told) {
      halts.push_back(folder + " has not told whether it trades");
    } else if (!told->empty() && std::find(halts.begin(), halts.end(), *told) == halts.end()) {
      halts.push_back(*told);
    }
  }
  return halts;
}

int resume(const Options& options) {
  const std::string data = data_folder(options.data);
  const Timestamp now = net::IoLoop::now();
  const bool has_reason = options.reason.find_first_not_of(" \t\r\n") != std::string::npos;
  if (!has_reason && HaltLatch(data).is_set() && is_live_folder(data)) {
    return refuse("resume", kUsage, kReasonNeeded, options.json);
  }
  if (const std::string why = resume_refusal(data, now); !why.empty()) {
    return refuse("resume", kRefused, why, options.json);
  }
  const std::string reason = HaltLatch(data).reason();
  const auto changed = HaltLatch(data).resume(options.reason, now);
  if (!changed) {
    return refuse({}, kFailed, changed.error(), options.json);
  }
  const auto halts = other_halts(data, net::IoLoop::now());
  if (halts.empty()) {
    const bool runs = !running_folders(data).empty();
    show_halted(options, false, resumed_text(*changed, reason, runs));
    // Whoever mistypes the folder believes that trading goes on.
    if (!runs) fmt::print(stderr, "arbees resume: nothing runs in {}; other folders are not resumed\n", data);
    return kDone;
  }
  if (!options.json) {
    fmt::print("{}, but trading is still halted: {}\n",
               *changed ? "the folder's halt is lifted" : "the folder was not halted", fmt::join(halts, "; "));
    return kDone;
  }
  JsonWriter json;
  json.begin_object().field("halted", false).key("still_halted_by").begin_array();
  for (const std::string& halt : halts) json.value(halt);
  json.end_array().end_object();
  fmt::print("{}\n", json.take());
  return kDone;
}

// Nobody runs there, or nobody as this role.
int show_nothing(const Options& options, const std::string& folder) {
  if (options.json) {
    fmt::print("{}\n", stopped_document(folder));
  } else {
    fmt::print("nothing runs in {}{}{}\n", folder, options.role.empty() ? "" : " as " + options.role,
               HaltLatch(folder).is_halted()       ? " (halted)"
               : HaltLatch(folder).is_flattening() ? " (flattening)"
                                                   : "");
  }
  return kNotFound;
}

int show_one(const Options& options, const std::string& data, const std::string& folder) {
  const Timestamp now = net::IoLoop::now();
  const auto shown = read_status(folder, now);
  if (!shown) {
    return refuse("status", kFailed, folder + " has not told its status yet: try again", options.json);
  }
  fmt::print("{}\n", options.json ? shown->json : shown->text);
  const std::string trouble = options.healthy ? health_trouble(shown->json, now) : std::string();
  if (trouble.empty()) return kDone;
  fmt::print(stderr, "arbees status: {}: {}\n", process_name(data, folder), trouble);
  return kFailed;
}

int status(const Options& options) {
  const std::string data = data_folder(options.data);
  for (const DeadProcess& dead : dead_processes(data, options.role)) {
    fmt::print(stderr, "arbees status: {} {}, last word {}\n", dead.role, kHasDied, dead.told_at);
  }
  const auto folders = running_folders(data, options.role);
  if (folders.empty()) return show_nothing(options, data);
  if (options.list) {
    for (const std::string& folder : folders) fmt::print("{}\n", process_name(data, folder));
    return kDone;
  }
  // Several have one role where there are several shards; without a role the first stands for all.
  const bool shows_all = !options.role.empty() && !options.json;
  int code = kDone;
  for (std::size_t i = 0; i < (shows_all ? folders.size() : 1); ++i) {
    if (shows_all && folders.size() > 1) fmt::print("{}: ", process_name(data, folders[i]));
    code = std::max(code, show_one(options, data, folders[i]));
  }
  if (folders.size() == 1 || shows_all) return code;
  std::string names;
  for (std::size_t i = 1; i < folders.size(); ++i) names += " " + process_name(data, folders[i]);
  fmt::print(stderr, "arbees status: also runs:{} (--role NAME shows one)\n", names);
  return code;
}

enum class Kind : std::uint8_t { Change, Question };

void add_one(CommandLine& line, const char* name, const char* help, int (*work)(const Options&), Kind kind) {
  auto options = std::make_shared<Options>();
  Command& command = line.add(name, help);
  command.option("--data", options->data, kDataFolderHelp);
  command.flag("--json", options->json, "Print JSON");
  if (kind == Kind::Change) {
    command.option("--reason", options->reason, "Why, for those who read it later");
  } else {
    command.option("--role", options->role,
                   "Only this process: run, kalshi-monitor, crypto-shard (all of them), crypto-shard.ID …");
    command.flag("--list", options->list, "Only the names of the processes that run, a line each");
    command.flag("--healthy", options->healthy, "Exit code 1 unless it was heard of lately and some feed is live");
  }
  command.run([options, work] { return work(*options); });
}

}  // namespace

void add_halt_command(CommandLine& line) {
  add_one(line, "halt", "Stop trading at once, until `resume`; works with nothing running", halt, Kind::Change);
  add_one(line, "resume", "Let trading go on after a halt", resume, Kind::Change);
  add_one(line, "status", "What the process of the data folder is doing; exit code 6 if none runs", status,
          Kind::Question);
}

}  // namespace arbees::app

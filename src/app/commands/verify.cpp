// arbees verify: do the processes of a data folder run, and do prices flow? What is looked at after a deployment.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "adapters/net/io_loop.h"
#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/running_status.h"
#include "app/running/verification.h"
#include "app/stop_signal.h"

namespace arbees::app {
namespace {

constexpr Duration kStep = std::chrono::milliseconds(100);

struct Options {
  std::string data;
  std::vector<std::string> roles;
  std::uint64_t seconds = 30;
  bool json = false;
};

// The status documents of the folder's processes, by folder.
std::map<std::string, std::string> documents_of(const std::string& data) {
  std::map<std::string, std::string> documents;
  const Timestamp now = net::IoLoop::now();
  for (const std::string& folder : running_folders(data)) {
    const auto status = read_status(folder, now);
    documents[folder] = status ? status->json : std::string();
  }
  return documents;
}

std::vector<Verification> judge(const Options& options, std::map<std::string, std::string> before,
                                std::map<std::string, std::string> after, const std::vector<DeadProcess>& dead) {
  for (const DeadProcess& process : dead) before.erase(process.folder);
  for (const auto& [folder, document] : before) after.try_emplace(folder);
  std::vector<Verification> results;
  for (const auto& [folder, document] : after) {
    const auto earlier = before.find(folder);
    results.push_back(verify_flow(earlier == before.end() ? std::string() : earlier->second, document));
  }
  for (const DeadProcess& process : dead) results.push_back({process.role, 0, 0, 0, kHasDied});
  for (const std::string& role : options.roles) {
    const auto is_it = [&](const Verification& result) { return result.role == role; };
    if (std::none_of(results.begin(), results.end(), is_it)) results.push_back({role, 0, 0, 0, "does not run"});
  }
  return results;
}

std::string results_document(const std::vector<Verification>& results, bool is_ok) {
  JsonWriter json;
  json.begin_object().field("ok", is_ok).key("processes").begin_array();
  for (const Verification& result : results) {
    json.begin_object()
        .field("role", result.role)
        .field("ok", result.trouble.empty())
        .field("messages", result.messages);
    json.field("feeds", static_cast<std::uint64_t>(result.feeds))
        .field("live", static_cast<std::uint64_t>(result.live));
    if (!result.trouble.empty()) json.field("trouble", result.trouble);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

void show(const std::vector<Verification>& results) {
  for (const Verification& result : results) {
    fmt::print("{:<6} {:<20} {:>8} messages, {} of {} feeds live{}{}\n", result.trouble.empty() ? "ok" : "FAILED",
               result.role, result.messages, result.live, result.feeds, result.trouble.empty() ? "" : ": ",
               result.trouble);
  }
}

int verify(const Options& options) {
  if (options.seconds == 0 || options.seconds > 86'400) {
    return refuse("verify", kUsage, fmt::format("--seconds {} is outside 1 to 86400", options.seconds), options.json);
  }
  const volatile bool& stop = install_stop_signal();
  const std::string data = data_folder(options.data);
  const auto before = documents_of(data);
  net::IoLoop loop;
  const Timestamp end = net::IoLoop::now() + std::chrono::seconds(options.seconds);
  while (!stop && net::IoLoop::now() < end) loop.run_for(std::min<Duration>(kStep, end - net::IoLoop::now()));
  const auto after = documents_of(data);
  const auto dead = dead_processes(data);
  if (before.empty() && after.empty() && dead.empty() && options.roles.empty()) {
    return refuse("verify", kNotFound, fmt::format("nothing runs in {} (choose the folder with --data)", data),
                  options.json);
  }
  const auto results = judge(options, before, after, dead);
  const bool is_ok =
      std::all_of(results.begin(), results.end(), [](const Verification& result) { return result.trouble.empty(); });
  if (options.json) {
    fmt::print("{}\n", results_document(results, is_ok));
  } else {
    show(results);
  }
  return is_ok ? kDone : kFailed;
}

}  // namespace

void add_verify_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command = line.add("verify", "Watch for a while whether prices flow; exit code 1 if not");
  command.option("--data", options->data, kDataFolderHelp);
  command.option("--role", options->roles, "A process that must be among them; may be given more than once");
  command.option("--seconds", options->seconds, "How long to watch (default 30)");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return verify(*options); });
}

}  // namespace arbees::app

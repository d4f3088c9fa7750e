// arbees watch, metrics: a running process as a page in the terminal, and as metrics for Prometheus.

#include <fmt/format.h>

#include <cstdio>

#include "adapters/net/io_loop.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/metrics_text.h"
#include "app/running/running_status.h"
#include "app/running/terminal.h"
#include "app/running/watch_screen.h"
#include "app/stop_signal.h"

namespace arbees::app {
namespace {

constexpr Duration kRedraw = std::chrono::seconds(1);

struct Options {
  std::string data;
  std::string role;
  bool once = false;
  bool json = false;
};

// What the processes of the folder tell.
std::vector<std::string> documents_of(const Options& options, Timestamp now) {
  std::vector<std::string> documents;
  for (const std::string& folder : running_folders(data_folder(options.data), options.role)) {
    const auto status = read_status(folder, now);
    if (status) documents.push_back(status->json);
  }
  return documents;
}

std::vector<DeadProcess> dead_of(const Options& options) {
  return dead_processes(data_folder(options.data), options.role);
}

// Whether there is nothing to show: nobody runs, and nobody has died.
bool is_nothing_there(const Options& options) {
  return documents_of(options, net::IoLoop::now()).empty() && dead_of(options).empty();
}

int complain_nothing(const Options& options, const char* command) {
  return refuse(command, kNotFound,
                fmt::format("nothing runs in {}{} (choose the folder with --data)", data_folder(options.data),
                            options.role.empty() ? "" : " as " + options.role),
                options.json);
}

std::string page(const Options& options, const TerminalSize& size, bool with_colours) {
  const Timestamp now = net::IoLoop::now();
  return watch_screen({documents_of(options, now), dead_of(options), data_folder(options.data)}, now, size.rows)
      .text(size.columns, size.rows, with_colours);
}

int watch_once(const Options& options) {
  const auto documents = documents_of(options, net::IoLoop::now());
  if (options.json ? documents.empty() : is_nothing_there(options)) return complain_nothing(options, "watch");
  if (options.json) {
    fmt::print("{}\n", documents.front());
  } else {
    fmt::print("{}", page(options, {terminal_size().columns, SIZE_MAX}, false));
  }
  return kDone;
}

int watch(const Options& options) {
  if (options.once || options.json) return watch_once(options);
  if (is_nothing_there(options)) return complain_nothing(options, "watch");
  const volatile bool& stop = install_stop_signal();
  const auto screen = FullScreen::open();
  if (screen == nullptr) {
    return refuse("watch", kUsage, "this is no terminal; --once prints one page, --json the status", options.json);
  }
  while (!stop) {
    const TerminalSize size = terminal_size();
    std::string text = page(options, {size.columns, size.rows - 1}, true);
    screen->show(text + "q: quit");
    const char key = screen->key(kRedraw);
    if (key == 'q' || key == 'Q' || key == '\x03' || key == '\x04') break;
  }
  return kDone;
}

int metrics(const Options& options) {
  const auto documents = documents_of(options, net::IoLoop::now());
  if (documents.empty()) return complain_nothing(options, "metrics");
  if (documents.size() > 1) {
    std::string names;
    const std::string data = data_folder(options.data);
    for (const std::string& folder : running_folders(data, options.role)) names += " " + process_name(data, folder);
    return refuse("metrics", kUsage,
                  fmt::format("{} processes run here; choose one with --role:{}", documents.size(), names),
                  options.json);
  }
  fmt::print("{}", options.json ? documents.front() + "\n" : metrics_text(documents.front()));
  return kDone;
}

Command& add_one(CommandLine& line, const char* name, const char* help, const std::shared_ptr<Options>& options) {
  Command& command = line.add(name, help);
  command.option("--data", options->data, kDataFolderHelp);
  command.option("--role", options->role, "Only this process: run, kalshi-monitor …");
  return command;
}

}  // namespace

void add_watch_command(CommandLine& line) {
  auto watched = std::make_shared<Options>();
  Command& page = add_one(line, "watch", "What runs, as a page that is redrawn every second; q ends it", watched);
  page.flag("--once", watched->once, "Print one page without colours and end");
  page.flag("--json", watched->json, "Print the status document and end");
  page.run([watched] { return watch(*watched); });

  auto told = std::make_shared<Options>();
  Command& text = add_one(line, "metrics", "What a process counts, in the text format of Prometheus", told);
  text.flag("--json", told->json, "Print the status document that the metrics are made of");
  text.run([told] { return metrics(*told); });
}

}  // namespace arbees::app

// arbees backtest: paper execution over recordings, with sweeps of settings and a report.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/cli.h"
#include "app/command.h"
#include "app/config/options.h"
#include "app/refusal.h"
#include "app/reporting/backtest_page.h"
#include "app/stop_signal.h"

namespace arbees::app {
namespace {

struct Options {
  std::vector<std::string> journals;
  std::vector<std::string> sweep;
  std::string report;
  ConfigOptions config;
  bool json = false;
};

int complain(const Options& options, int code, const std::string& text) {
  return refuse("backtest", code, text, options.json);
}

// As a shell would need it.
std::string quoted(const std::string& word) {
  const bool is_plain = !word.empty() && word.find_first_of(" \t\"'$&;()<>|*?\\#~`!") == std::string::npos;
  return is_plain ? word : "'" + word + "'";
}

std::string command_text(const Options& options) {
  std::string text = "arbees backtest";
  for (const std::string& journal : options.journals) text += " " + quoted(journal);
  if (!options.config.profile.empty()) text += " --profile " + quoted(options.config.profile);
  for (const std::string& file : options.config.files) text += " --config " + quoted(file);
  if (!options.sweep.empty()) text += " --sweep";
  for (const std::string& each : options.sweep) text += " " + quoted(each);
  if (!options.report.empty()) text += " --report " + quoted(options.report);
  return text;
}

// --sweep takes words until the next option, so journals behind it are told apart by what they lack.
void part_journals_from_sweep(Options& options) {
  std::vector<std::string> axes;
  for (std::string& word : options.sweep) {
    const bool is_journal = word.find('=') == std::string::npos && std::filesystem::exists(word);
    (is_journal ? options.journals : axes).push_back(std::move(word));
  }
  options.sweep = std::move(axes);
}

// The configuration of every combination, before any is run; the error names what is not allowed.
Result<std::vector<Config>, std::string> sweep_configs(const Options& options, const BacktestReport& report) {
  std::vector<Config> configs;
  for (const Combination& combination : report.combinations) {
    ConfigRequest request = config_request(options.config);
    for (std::size_t i = 0; i < combination.size(); ++i) {
      request.overrides.emplace_back(report.axes[i].setting, combination[i]);
    }
    auto loaded = load_config(request);
    if (!loaded) return failure(loaded.error().front());
    configs.push_back(std::move(loaded->config));
  }
  return configs;
}

int write_page(const Options& options, const BacktestReport& report) {
  std::error_code error;
  std::filesystem::create_directories(options.report, error);
  const std::string path = (std::filesystem::path(options.report) / "backtest.html").string();
  std::ofstream file(path);
  file << backtest_page(report);
  file.close();
  if (error || !file) return refuse("backtest", kFailed, path + ": cannot be written", false);  // behind the document
  fmt::print(stderr, "report: {}\n", path);
  return kDone;
}

// Runs the configured values, then every combination; the error is about the journals.
std::string run_all(BacktestReport& report, const std::vector<Config>& configs, const volatile bool& stop) {
  Progress progress;
  BacktestPlan plan{report.journals, report.config, &stop, 0};
  progress.begin("events");
  auto base = run_backtest(plan, progress);
  if (!base) return base.error();
  report.base = std::move(*base);
  plan.expected_events = report.base.statistics.events();
  for (std::size_t i = 0; i < configs.size(); ++i) {
    progress.begin(fmt::format("combination {} of {}, events", i + 1, configs.size()));
    plan.config = configs[i];
    auto swept = run_backtest(plan, progress);
    if (!swept) return swept.error();
    report.swept.push_back(std::move(swept->statistics));
  }
  return {};
}

int run(Options& options) {
  part_journals_from_sweep(options);
  if (options.journals.empty()) return complain(options, kUsage, "JOURNAL: at least one is needed");
  for (const std::string& journal : options.journals) {
    if (!std::filesystem::exists(journal)) return complain(options, kNotFound, journal + ": no such file");
  }
  BacktestReport report;
  const auto loaded = load_or_complain(options.config, "backtest", options.json);
  if (!loaded) return loaded.error();
  auto axes = parse_sweep(options.sweep);
  if (!axes) return complain(options, kUsage, axes.error());
  report.command = command_text(options);
  report.journals = options.journals;
  report.config = loaded->config;
  report.axes = std::move(*axes);
  report.combinations = combinations(report.axes);
  const auto configs = sweep_configs(options, report);
  if (!configs) return complain(options, kUsage, configs.error());
  const volatile bool& stop = install_stop_signal();
  if (const std::string wrong = run_all(report, *configs, stop); !wrong.empty())
    return complain(options, kBadInput, wrong);
  for (const std::string& complaint : report.base.complaints) fmt::print(stderr, "{}\n", complaint);
  if (options.json) {
    fmt::print("{}\n", backtest_document(report));
  } else {
    fmt::print("{}", backtest_text(report));
  }
  if (!options.report.empty()) {
    if (const int code = write_page(options, report); code != kDone) return code;
  }
  return report.base.is_corrupt ? kBadInput : kDone;
}

}  // namespace

void add_backtest_command(CommandLine& line) {
  Command& command = line.add("backtest", "Paper execution with latency, depth and fees over recordings");
  auto options = std::make_shared<Options>();
  command.positionals("JOURNAL", options->journals, false, "Event journals, in order of time");
  command.option("--sweep", options->sweep, "key=a,b,c: try these values of a limit or setting, in every combination");
  command.option("--report", options->report, "Folder for backtest.html: figures and plots in one file");
  add_settings_options(command, options->config);
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return run(*options); });
}

}  // namespace arbees::app

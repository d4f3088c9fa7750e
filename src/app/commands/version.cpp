// arbees version: the same line as --version, and as JSON.

#include "app/version.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "app/command.h"

namespace arbees::app {
namespace {

struct VersionOptions {
  bool json = false;
};

int run_version(const VersionOptions& options) {
  if (options.json) {
    std::printf("%s\n", nlohmann::ordered_json{{"version", version_text()}}.dump().c_str());
  } else {
    std::printf("%s\n", version_text().c_str());
  }
  return kDone;
}

}  // namespace

void add_version_command(CLI::App& application, Action& chosen) {
  auto options = std::make_shared<VersionOptions>();
  CLI::App* command = application.add_subcommand("version", "Print version, compiler, build type and revision");
  command->add_flag("--json", options->json, "Print one JSON document");
  command->callback([options, &chosen] { chosen = [options] { return run_version(*options); }; });
}

}  // namespace arbees::app

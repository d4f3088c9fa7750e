#include "app/cli.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "app/command.h"
#include "app/version.h"

namespace arbees::app {
namespace {

constexpr AddCommand kCommands[] = {
    add_version_command,
};

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App application("Finds, certifies and trades arbitrage between crypto prediction markets and spot.", "arbees");
  application.set_version_flag("--version", version_text());
  application.require_subcommand(1);
  Action chosen;
  for (const AddCommand add : kCommands) add(application, chosen);
  try {
    application.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(application.help().c_str(), stdout);
    return kDone;
  } catch (const CLI::CallForAllHelp&) {
    std::fputs(application.help("", CLI::AppFormatMode::All).c_str(), stdout);
    return kDone;
  } catch (const CLI::CallForVersion&) {
    std::fprintf(stdout, "%s\n", version_text().c_str());
    return kDone;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "arbees: %s\nTry 'arbees --help' or 'arbees COMMAND --help'.\n", error.what());
    return kUsage;
  }
  try {
    return chosen();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "arbees: %s\n", error.what());
    return kFailed;
  }
}

}  // namespace arbees::app

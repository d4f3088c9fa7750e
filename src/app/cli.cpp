#include "app/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <span>
#include <string_view>

#include "app/command.h"
#include "app/refusal.h"
#include "app/standard_streams.h"
#include "app/version.h"

namespace arbees::app {
namespace {

// clang-format off: one line each, so that additions do not collide
constexpr void (*kCommands[])(CommandLine&) = {
    add_demo_command,
    add_run_command,
    add_sim_command,
    add_role_commands,
    add_zmq_listener_command,
    add_record_command,
    add_import_command,
    add_replay_command,
    add_backtest_command,
    add_simulate_command,
    add_compare_command,
    add_basis_command,
    add_books_command,
    add_calibrate_command,
    add_price_command,
    add_fee_command,
    add_certify_command,
    add_sign_command,
    add_ledger_command,
    add_funnel_command,
    add_explain_command,
    add_db_command,
    add_keys_command,
    add_markets_command,
    add_halt_command,
    add_watch_command,
    add_verify_command,
    add_log_level_command,
    add_flatten_command,
    add_config_command,
    add_bench_command,
    add_version_command,
};
// clang-format on

// The parser would make 18446744073709551615 of -1.
std::string not_negative(const std::string& text) {
  return !text.starts_with('-') ? std::string() : text + " is not allowed: 0 or more";
}

class ParsedCommand final : public Command {
 public:
  ParsedCommand(CLI::App& app, Work& chosen) : app_(app), chosen_(chosen) {}

  void flag(const std::string& name, bool& target, const std::string& help) override {
    app_.add_flag(name, target, help);
  }
  void option(const std::string& name, std::string& target, const std::string& help) override {
    app_.add_option(name, target, help);
  }
  void option(const std::string& name, std::int64_t& target, const std::string& help) override {
    app_.add_option(name, target, help);
  }
  void option(const std::string& name, std::uint64_t& target, const std::string& help) override {
    app_.add_option(name, target, help)->check(not_negative);
  }
  void option(const std::string& name, double& target, const std::string& help) override {
    app_.add_option(name, target, help);
  }
  void option(const std::string& name, std::vector<std::string>& target, const std::string& help) override {
    app_.add_option(name, target, help);
  }
  void choice(const std::string& name, std::string& target, const std::vector<std::string>& words,
              const std::string& help) override {
    app_.add_option(name, target, help)->check(CLI::IsMember(words));
  }
  void positional(const std::string& name, std::string& target, bool required, const std::string& help) override {
    app_.add_option(name, target, help)->required(required);
  }
  void positionals(const std::string& name, std::vector<std::string>& target, bool required,
                   const std::string& help) override {
    app_.add_option(name, target, help)->required(required);
  }
  void require(const std::string& name) override { app_.get_option(name)->required(); }
  Command& add(const std::string& name, const std::string& help) override {
    app_.require_subcommand(1);
    children_.push_back(std::make_unique<ParsedCommand>(*app_.add_subcommand(name, help), chosen_));
    return *children_.back();
  }
  void run(Work work) override {
    app_.callback([this, work = std::move(work)] { chosen_ = work; });
  }

 private:
  CLI::App& app_;
  Work& chosen_;
  std::vector<std::unique_ptr<ParsedCommand>> children_;
};

class ParsedCommandLine final : public CommandLine {
 public:
  explicit ParsedCommandLine(CLI::App& app) : app_(app) {}

  Command& add(const std::string& name, const std::string& help) override {
    commands_.push_back(std::make_unique<ParsedCommand>(*app_.add_subcommand(name, help), chosen_));
    return *commands_.back();
  }
  [[nodiscard]] int run() const { return chosen_(); }

 private:
  CLI::App& app_;
  Work chosen_;
  std::vector<std::unique_ptr<ParsedCommand>> commands_;
};

// Arguments of `keys` may be secrets, which belong on standard input: no error repeats them.
bool may_hold_secrets(std::span<char* const> arguments) {
  for (const std::string_view argument : arguments) {
    if (!argument.starts_with('-')) return argument == "keys";
  }
  return false;
}

std::string without_values(const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) return error.what();  // names options, not values
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return "unexpected arguments (not shown: they may be secrets)";
  }
  return "an argument is missing or wrong (not shown: it may be a secret)";
}

int parse_and_run(int argc, char** argv) {
  CLI::App application("Finds, certifies and trades arbitrage between crypto prediction markets and spot.", "arbees");
  application.set_version_flag("--version", version_text());
  application.require_subcommand(1);
  ParsedCommandLine line(application);
  for (const auto add : kCommands) add(line);
  try {
    application.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(application.help().c_str(), stdout);  // of the subcommand, if one is named
    return kDone;
  } catch (const CLI::CallForVersion&) {
    std::fprintf(stdout, "%s\n", version_text().c_str());
    return kDone;
  } catch (const CLI::ParseError& error) {
    const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
    const std::string wrong = may_hold_secrets(arguments.subspan(1)) ? without_values(error) : error.what();
    // The parser has stopped, so that --json is looked for among the words.
    const bool is_json = std::find(arguments.begin(), arguments.end(), std::string_view("--json")) != arguments.end();
    const int code = refuse({}, kUsage, wrong, is_json);
    std::fputs("Try 'arbees --help' or 'arbees COMMAND --help'.\n", stderr);
    return code;
  }
  try {
    return line.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "arbees: %s\n", error.what());
    return kFailed;
  }
}

}  // namespace

int run_command_line(int argc, char** argv) {
  open_standard_streams();
  const int exit_code = parse_and_run(argc, argv);
  return finish_stdout() || exit_code != kDone ? exit_code : kFailed;
}

}  // namespace arbees::app

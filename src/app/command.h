#pragma once
// How a command of the command line is added: one file in app/commands/ each, with its options and its work.
//
// CommandLine hides the option parser (CLI11 takes 20 s to compile, so only cli.cpp sees it). Targets are
// references to the options struct, which must outlive the returned work: keep it in a shared_ptr.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace arbees::app {

// The work of the command that the user chose; its result is the exit code (cli.h).
using Work = std::function<int()>;

// One subcommand being described. A name is "--json" or "-n,--count"; help is one line.
class Command {
 public:
  virtual ~Command() = default;
  virtual void flag(const std::string& name, bool& target, const std::string& help) = 0;
  virtual void option(const std::string& name, std::string& target, const std::string& help) = 0;
  virtual void option(const std::string& name, std::int64_t& target, const std::string& help) = 0;
  virtual void option(const std::string& name, std::uint64_t& target, const std::string& help) = 0;
  virtual void option(const std::string& name, double& target, const std::string& help) = 0;
  virtual void option(const std::string& name, std::vector<std::string>& target, const std::string& help) = 0;
  // An option whose value must be one of the given words.
  virtual void choice(const std::string& name, std::string& target, const std::vector<std::string>& words,
                      const std::string& help) = 0;
  // What the user must write after the options; `name` as shown in the usage line ("FILE").
  virtual void positional(const std::string& name, std::string& target, bool required, const std::string& help) = 0;
  virtual void positionals(const std::string& name, std::vector<std::string>& target, bool required,
                           const std::string& help) = 0;
  // Marks an option or flag added before as required.
  virtual void require(const std::string& name) = 0;
  // A subcommand of this command ("ledger check"); the command itself then has no work of its own.
  virtual Command& add(const std::string& name, const std::string& help) = 0;
  virtual void run(Work work) = 0;
};

class CommandLine {
 public:
  virtual ~CommandLine() = default;
  virtual Command& add(const std::string& name, const std::string& help) = 0;
};

// One function for each file in app/commands/; all are listed in cli.cpp.
void add_version_command(CommandLine& line);
void add_backtest_command(CommandLine& line);
void add_bench_command(CommandLine& line);
void add_basis_command(CommandLine& line);
void add_books_command(CommandLine& line);
void add_config_command(CommandLine& line);  // show, check, schema, docs, profiles
void add_markets_command(CommandLine& line);
void add_halt_command(CommandLine& line);   // also resume, status
void add_watch_command(CommandLine& line);  // also metrics
void add_verify_command(CommandLine& line);
void add_log_level_command(CommandLine& line);
void add_db_command(CommandLine& line);  // migrate, status, sync, restore
void add_compare_command(CommandLine& line);
void add_flatten_command(CommandLine& line);
void add_demo_command(CommandLine& line);
void add_import_command(CommandLine& line);
void add_simulate_command(CommandLine& line);
void add_run_command(CommandLine& line);
void add_sim_command(CommandLine& line);
void add_role_commands(CommandLine& line);  // the monitors, execution-service
void add_zmq_listener_command(CommandLine& line);
void add_record_command(CommandLine& line);
void add_replay_command(CommandLine& line);
void add_calibrate_command(CommandLine& line);
void add_price_command(CommandLine& line);
void add_sign_command(CommandLine& line);
void add_explain_command(CommandLine& line);
void add_funnel_command(CommandLine& line);  // also opportunities
void add_fee_command(CommandLine& line);
void add_certify_command(CommandLine& line);
void add_ledger_command(CommandLine& line);  // also orders, positions, pnl
void add_keys_command(CommandLine& line);

}  // namespace arbees::app

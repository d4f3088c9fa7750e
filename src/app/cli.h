#pragma once
// The command line: which command, with which options. Commands themselves live in app/commands/.

namespace arbees::app {

// Exit codes of every command.
enum ExitCode : int {
  kDone = 0,
  kFailed = 1,    // failed while running
  kUsage = 2,     // usage or configuration wrong
  kBadInput = 3,  // at least one bad line or record; the good ones were processed
  kRefused = 4,   // refused for safety
  kTimedOut = 5,
  kNotFound = 6,
};

// Parses the command line, runs the command and returns the process's exit code.
[[nodiscard]] int run_command_line(int argc, char** argv);

}  // namespace arbees::app

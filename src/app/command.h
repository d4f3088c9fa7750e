#pragma once
// How a command of the command line is added: one file in app/commands/ each, with its options and its work.

#include <functional>

namespace CLI {
class App;
}

namespace arbees::app {

// The work of the command that the user chose; its result is the exit code.
using Action = std::function<int()>;

// Each adds its subcommand to the application and, when chosen, stores its work in `chosen`.
using AddCommand = void (*)(CLI::App& application, Action& chosen);

void add_version_command(CLI::App& application, Action& chosen);

}  // namespace arbees::app

// arbees fee: fills as JSON lines → the venue's exact fee of each.

#include "app/batch.h"
#include "app/checking/fee_line.h"
#include "app/command.h"

namespace arbees::app {

void add_fee_command(CommandLine& line) {
  struct Options {
    std::string file = "-";
    bool json = false;
  };
  Command& command = line.add("fee", "Exact venue fees of fills given as JSON lines");
  auto options = std::make_shared<Options>();
  command.positional("FILE", options->file, false, "JSON lines; standard input if absent");
  command.flag("--json", options->json, "Accepted for symmetry: the answers are JSON lines anyway");
  command.run([options] { return run_batch(options->file, options->json, fee_line); });
}

}  // namespace arbees::app

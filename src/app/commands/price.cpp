// arbees price: contracts as JSON lines → probabilities with their sensitivities.

#include "app/batch.h"
#include "app/command.h"
#include "app/pricing/price_line.h"

namespace arbees::app {

void add_price_command(CommandLine& line) {
  struct Options {
    std::string file = "-";
    bool json = false;
  };
  Command& command = line.add("price", "Price contracts given as JSON lines (docs/pricing.md)");
  auto options = std::make_shared<Options>();
  command.positional("FILE", options->file, false, "JSON lines; standard input if absent");
  command.flag("--json", options->json, "Accepted for symmetry: the answers are JSON lines anyway");
  command.run([options] { return run_batch(options->file, options->json, price_line); });
}

}  // namespace arbees::app

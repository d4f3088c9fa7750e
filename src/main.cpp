// Picks the subcommand; nothing else.

#include <sys/stat.h>

#include "app/cli.h"

int main(int argc, char** argv) {
  // Ledgers, journals and what is made of them tell positions: they are for their user alone.
  ::umask(077);
  return arbees::app::run_command_line(argc, argv);
}

// Picks the subcommand; nothing else.

#include "app/cli.h"

int main(int argc, char** argv) { return arbees::app::run_command_line(argc, argv); }

#include "app/stop_signal.h"

#include <csignal>
#include <cstdlib>

namespace arbees::app {
namespace {

volatile bool g_stop =
    false;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): signal handlers have no other way

void on_signal(int signal) {
  if (g_stop) std::_Exit(128 + signal);
  g_stop = true;
}

}  // namespace

const volatile bool& install_stop_signal() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  // A file that may not grow is an error of its write, which halts in order; it is not our death.
  std::signal(SIGXFSZ, SIG_IGN);
  return g_stop;
}

}  // namespace arbees::app

#include "app/stop_signal.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace arbees::app {
namespace {

volatile bool g_stop =
    false;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): signal handlers have no other way

volatile std::sig_atomic_t g_reload = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): as above

void on_hangup(int) { g_reload = 1; }

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
  // Nor is it that nobody reads the log any more.
  std::signal(SIGPIPE, SIG_IGN);
  return g_stop;
}

void install_reload_signal() {
  if (::isatty(STDIN_FILENO) == 0) std::signal(SIGHUP, on_hangup);
}

bool take_reload_signal() noexcept {
  if (g_reload == 0) return false;
  g_reload = 0;
  return true;
}

}  // namespace arbees::app

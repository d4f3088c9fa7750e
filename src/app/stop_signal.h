#pragma once
// SIGINT and SIGTERM: the first asks the work to stop in order, the second ends the process at once. SIGHUP: settings
// are to be read anew, where somebody has asked for that.

namespace arbees::app {

// Installs the handlers; the flag turns true with the first signal.
[[nodiscard]] const volatile bool& install_stop_signal();
// Not on a terminal: whose hanging up still ends the process.
void install_reload_signal();
// Whether SIGHUP has come since the last call.
[[nodiscard]] bool take_reload_signal() noexcept;

}  // namespace arbees::app

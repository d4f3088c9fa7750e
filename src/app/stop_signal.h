#pragma once
// SIGINT and SIGTERM: the first asks the work to stop in order, the second ends the process at once.

namespace arbees::app {

// Installs the handlers; the flag turns true with the first signal.
[[nodiscard]] const volatile bool& install_stop_signal();

}  // namespace arbees::app

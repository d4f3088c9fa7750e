#pragma once
// A data folder whose ledger is gone while journals of its sessions are there: money and positions are not known.

#include <string>

namespace arbees::app {

// Empty: the folder has its ledger, or nothing has traded there yet. Else a text for people that names the file that is
// missing or empty, and the remedy. Makes nothing.
[[nodiscard]] std::string lost_ledger(const std::string& folder);

}  // namespace arbees::app

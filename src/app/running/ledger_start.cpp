#include "app/running/ledger_start.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "app/data_folder.h"

namespace arbees::app {
namespace {

// The same for the same orders, whenever it is asked.
std::string overbought_text(const LedgerAudit& audit) {
  const std::string more =
      audit.overbought > 1 ? fmt::format(" (and {} more of its kind before)", audit.overbought - 1) : std::string();
  return fmt::format(
      "by the ledger {}{}, and nothing explains it: look at arbees ledger check and positions, then resume with a "
      "reason, and flatten if they are to be sold",
      audit.problems.back(), more);
}

// Somebody has resumed from this halt.
bool is_in_history(const std::string& folder, const std::string& reason) {
  std::ifstream history((std::filesystem::path(folder) / "halt-history").string());
  for (std::string line; std::getline(history, line);) {
    const auto resumed = line.rfind("; resumed ");
    if (resumed != std::string::npos && line.find(reason) < resumed) return true;
  }
  return false;
}

}  // namespace

std::string wrong_ledger(const std::string& folder, const LedgerAudit& audit) {
  return fmt::format(
      "{}: {} (arbees ledger check says more; nothing is traded on a wrong ledger: keep this folder as it is, and go "
      "on "
      "with another, --data DIR, in which arbees reconcile --accept --reason TEXT books what a live account holds)",
      ledger_path(folder), audit.problems.front());
}

std::string start_on_ledger(const std::string& folder, const LedgerAudit& audit, Timestamp now) {
  if (!adds_up(audit)) return wrong_ledger(folder, audit);
  if (audit.overbought == 0) return {};
  const std::string reason = overbought_text(audit);
  if (is_in_history(folder, reason)) return {};
  const auto halted = HaltLatch(folder).halt(reason, now);
  return halted ? std::string() : halted.error();
}

}  // namespace arbees::app

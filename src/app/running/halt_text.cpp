#include "app/running/halt_text.h"

#include <fmt/format.h>

namespace arbees::app {

bool is_for_difference(const std::string& reason) { return reason.find("books and venue differ") != std::string::npos; }

std::string halted_text(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::string text = "halted: nothing new is sent from this folder";
  if (before.empty()) return text;
  if (before == after) return text + " (it was halted already; the first reason stays)";
  // An empty file says that there is no reason; the one that is written into it stands alone.
  const bool had_none = before.size() == after.size();
  return text + (had_none ? " (it was halted already, without a reason: this one was added)"
                          : " (it was halted already; the first reason stays, and this one was added)");
}

std::string resumed_text(bool has_changed, const std::string& reason, bool is_running) {
  if (!has_changed) return "trading may go on (nothing changed)";
  if (!is_for_difference(reason) || is_running) {
    return reason.find("limits.max_daily_loss") == std::string::npos
               ? "trading may go on"
               : "trading may go on; on a day that has lost limits.max_daily_loss it only sells";
  }
  return "the halt is lifted; the next start compares books and venue again, and trades only if they are equal "
         "(`arbees reconcile` says now whether they are)";
}

std::string how_to_resume(const std::string& reason, const std::string& folder) {
  // The reason is wanted where real orders were sent, and does no harm elsewhere.
  const std::string resume = fmt::format("arbees resume --data {} --reason TEXT", folder);
  if (!is_for_difference(reason)) return resume;
  return fmt::format(
      "with the process stopped, arbees reconcile --data {0} says what differs, and arbees reconcile --data {0} "
      "--accept --reason TEXT books it; then {1}",
      folder, resume);
}

}  // namespace arbees::app

#pragma once
// The kill switch that all processes of a Redis share: channel trading:kill_switch, key trading:kill_switch_status.
//
// Fails closed: while Redis is not there, or its key cannot be read or understood, nothing is traded. That is a
// condition and ends by itself, like the key's HALTED. A HALT that is heard is a command: it sets the latch of the
// folder, so that it outlives this process and Redis' memory, and ends by RESUME (or `arbees resume`). RESUME lifts
// only what this switch has halted: what was halted otherwise has another reason, which is still there.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/redis/redis_reply.h"
#include "app/running/halt_latch.h"
#include "core/base/time.h"

namespace arbees::app {

inline constexpr const char* kKillSwitchChannel = "trading:kill_switch";
inline constexpr const char* kKillSwitchKey = "trading:kill_switch_status";

enum class SwitchCommand : std::uint8_t { Halt, Resume };
// HALT STOP ON ENABLE, RESUME START OFF DISABLE, in any case, with blanks or in quotes; or a JSON object with one of
// them as "command" or "action". Nothing if it is none.
[[nodiscard]] std::optional<SwitchCommand> parse_switch_command(std::string_view text);

class KillSwitch {
 public:
  explicit KillSwitch(const std::string& folder) : latch_(folder) {}
  // Called at each halt that is heard, before it is kept on disk: cancels do not wait for a disk.
  void when_halted(std::function<void()> call) { when_halted_ = std::move(call); }

  void on_link(bool is_up, const std::string& why);
  // What the key then has to say: "HALTED" or "ACTIVE"; empty if the text is no command, which halts nobody.
  [[nodiscard]] std::string on_command(std::string_view text, Timestamp now);
  void on_status(const redis::Reply& reply);

  // Why nothing may be traded, beside the latch; empty while all is well.
  [[nodiscard]] const std::string& halt_reason() const noexcept { return reason_; }
  // The latest message that was no command, or could not be obeyed in full; for people.
  [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }

 private:
  HaltLatch latch_;
  std::function<void()> when_halted_;
  std::string reason_ = "Redis: not connected yet";
  std::string complaint_;
};

}  // namespace arbees::app

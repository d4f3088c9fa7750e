#pragma once
// One process of a split system: what all roles have in common, from the ready line to the last breath.
//
// A role is made, started (quickly: nothing waits for a venue or another role), served in one thread's loop and
// finished. It holds the lock of its folder, keeps the folder's status document, and ends in order when asked to.
// Roles that trade own the data folder itself; the others have one of their own below it, so that all can be given
// the same folder.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/net/io_loop.h"
#include "adapters/telemetry/json.h"
#include "adapters/venue/feed.h"
#include "app/config/options.h"
#include "app/coordination/coordination.h"

namespace arbees::app {

// What every role is made with; outlives it.
struct RoleContext {
  net::IoLoop& loop;
  const Config& config;
  std::string folder;                    // of the role: its lock, its status
  std::string data_folder;               // the one that was given: halt latch, approvals
  Coordination* coordination = nullptr;  // null: no Redis is configured; opened once the role has started
  // Reads the settings anew, and takes all that changed or nothing; empty, or why it was nothing.
  std::function<std::string()> reload;
};

class Role {
 public:
  virtual ~Role() = default;
  // An error text for people; empty: it runs.
  [[nodiscard]] virtual std::string start(Timestamp now) = 0;
  // Every 100 ms.
  virtual void tick(Timestamp now) = 0;
  // After whatever the loop has served.
  virtual void serve(Timestamp now) { static_cast<void>(now); }
  // When serve() should be called again at the latest.
  [[nodiscard]] virtual Timestamp next_due() const { return Timestamp::max(); }
  // Why it cannot go on; empty while all is well.
  [[nodiscard]] virtual std::string trouble() const { return {}; }
  // Whether it has been told to end, by a command of its own.
  [[nodiscard]] virtual bool is_over() const { return false; }
  // New limits, between two events; the other settings that a role reads are what they were.
  virtual void take_limits(const RiskLimits& limits, Timestamp now) {
    static_cast<void>(limits);
    static_cast<void>(now);
  }
  // Begins the end; is_idle() says when there is nothing left to wait for.
  virtual void stop(Timestamp now) { static_cast<void>(now); }
  [[nodiscard]] virtual bool is_idle() const { return true; }
  // Everything durable; empty, or what went wrong.
  [[nodiscard]] virtual std::string finish() { return {}; }

  // For the status document.
  [[nodiscard]] virtual std::vector<FeedHealth> feeds(Timestamp now) const {
    static_cast<void>(now);
    return {};
  }
  [[nodiscard]] virtual std::uint64_t requests() const { return 0; }
  [[nodiscard]] virtual std::uint64_t fills() const { return 0; }
  virtual void write_counts(JsonWriter& json) const { static_cast<void>(json); }
};

struct RoleOptions {
  ConfigOptions config;
  std::uint64_t seconds = 0;  // 0: until stopped
};

struct RoleKind {
  const char* name;  // the command: "kalshi-monitor"
  bool owns_data_folder = false;
  bool trades = false;  // obeys the kill switch of Redis
  // Its folder below the data folder's roles/, where several may run; null: the name.
  std::string (*folder)(const Config& config) = nullptr;
};

using MakeRole = std::function<std::unique_ptr<Role>(const RoleContext& context)>;

// The exit code. Prints the ready line.
int run_role(const RoleKind& kind, const RoleOptions& options, const MakeRole& make);
// --config, --profile, --data, --seconds.
void add_role_options(Command& command, RoleOptions& options);

// Folders of roles below a data folder, with or without a running process, in the order of their names.
[[nodiscard]] std::vector<std::string> role_folders(const std::string& data_folder);

}  // namespace arbees::app

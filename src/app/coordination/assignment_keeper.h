#pragma once
// Keeps orchestrator:assignments as it should be: every asset with a shard that lives.
//
// Of several orchestrators one decides: whoever holds the lease orchestrator:leader; writing and holding are one step
// in Redis. Shards are alive while they are heard on shard:ID:heartbeat. Those that the hash names are given the
// benefit of the doubt for one timeout when this process begins to decide. A shard that says "stopping" counts as gone
// at once.

#include <map>
#include <string>
#include <vector>

#include "app/coordination/assignment_plan.h"
#include "app/coordination/coordination.h"

namespace arbees::app {

class AssignmentKeeper {
 public:
  AssignmentKeeper(Coordination& coordination, std::vector<std::string> assets, Duration timeout);

  // "shard:ID:heartbeat" and its JSON.
  void on_heartbeat(const std::string& channel, const std::string& text, Timestamp now);
  void tick(Timestamp now);
  // Lets another orchestrator decide at once.
  void release();

  [[nodiscard]] bool is_leader() const noexcept { return is_leader_; }
  [[nodiscard]] std::vector<std::string> live_shards() const;
  // As last read or written.
  [[nodiscard]] const Assignments& assignments() const noexcept { return assignments_; }
  [[nodiscard]] std::uint64_t moves() const noexcept { return moves_; }

  static constexpr Duration kLookEvery = std::chrono::milliseconds(300);
  static constexpr Duration kLeaderLife = std::chrono::seconds(3);

 private:
  void take(const redis::Reply& reply, Timestamp now);
  void write(const Assignments& plan);

  Coordination& coordination_;
  std::string owner_;
  std::vector<std::string> assets_;
  Duration timeout_;
  std::map<std::string, Timestamp> heard_;  // by shard
  Assignments assignments_;
  Timestamp next_ = kNoTime;
  Timestamp now_ = kNoTime;
  std::uint64_t moves_ = 0;
  bool is_leader_ = false;
  bool is_asking_ = false;
  bool is_released_ = false;
};

}  // namespace arbees::app

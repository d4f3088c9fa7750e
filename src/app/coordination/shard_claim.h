#pragma once
// That this process alone has the name of its shard: key shard:ID:instance in Redis, renewed every second, gone after
// five.
//
// Two shards of one name would take each other's commands, heartbeats and assets. Who starts while the key is there
// waits: a dead process's key runs out. If it is renewed instead, somebody lives under this name, and who came later
// must end. Nothing may be traded before the name is claimed.

#include <string>

#include "app/coordination/coordination.h"

namespace arbees::app {

class ShardClaim {
 public:
  // `boot` is this process's own; `place` is for people: "host 4711".
  ShardClaim(Coordination& coordination, std::string shard, std::string boot, std::string place);

  void tick(Timestamp now);
  void release();
  [[nodiscard]] bool is_held() const noexcept { return is_held_; }
  // Why this process must end; empty while all is well.
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

  static constexpr Duration kLife = std::chrono::seconds(5);
  static constexpr Duration kRenewEvery = std::chrono::seconds(1);

 private:
  void take(const redis::Reply& reply);

  Coordination& coordination_;
  std::string key_;
  std::string shard_;
  std::string boot_;
  std::string place_;
  std::string other_;  // what the key said first, if it was somebody else's
  std::string trouble_;
  Timestamp next_ = kNoTime;
  std::uint64_t beats_ = 0;
  bool is_asking_ = false;
  bool is_held_ = false;
};

}  // namespace arbees::app

#pragma once
// Which shard each asset belongs to: the state that is wanted, from what is and from who is alive.
//
// Assets stay where they are while their shard lives; those of dead shards, and those of nobody, go to the shard with
// the fewest. Then assets move from the fullest to the emptiest shard until no two differ by more than one: so a shard
// that joins gets its part, and nothing moves without need. Deterministic.

#include <map>
#include <string>
#include <vector>

namespace arbees::app {

using Assignments = std::map<std::string, std::string>;  // asset → shard

// Without a live shard nothing is assigned. Assets that are not in the list are dropped.
[[nodiscard]] Assignments plan_assignments(const std::vector<std::string>& assets,
                                           const std::vector<std::string>& live_shards, const Assignments& present);

}  // namespace arbees::app

#pragma once
// What running shards have judged: they decide, and the ledger of the executor has only what they asked for.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "adapters/telemetry/json.h"
#include "core/market/outputs.h"

namespace arbees::app {

struct ShardJudgements {
  std::string shard;
  std::uint64_t judged = 0;
  std::uint64_t seen = 0;  // opportunities
  std::uint64_t requests = 0;
  std::map<Verdict, std::uint64_t> rejected;  // judgements, by what stopped them
};

// Of status documents, those of other processes left out.
[[nodiscard]] std::vector<ShardJudgements> shard_judgements(const std::vector<std::string>& documents);

// "shards": [{"shard","judged","opportunities","requests","rejected":[{"reason","judged","meaning","remedy"}]}].
void write_shards(const std::vector<ShardJudgements>& shards, JsonWriter& json);
[[nodiscard]] std::string shards_text(const std::vector<ShardJudgements>& shards);

}  // namespace arbees::app

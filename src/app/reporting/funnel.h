#pragma once
// How many opportunities came how far: seen, after fees, executable, after risk, sent, filled, settled.
//
// Each opportunity counts once, at the furthest stage that any of its judgements reached. One that never became a
// request also counts under the reason of its last judgement.

#include <array>
#include <map>
#include <string>

#include "adapters/store/ledger_decisions.h"
#include "app/reporting/shard_judgements.h"
#include "app/reporting/verdict_text.h"

namespace arbees::app {

struct Funnel {
  std::array<std::uint64_t, kFunnelStages> reached{};  // this stage or a later one
  std::map<Verdict, std::uint64_t> reasons;            // opportunities without request
  std::uint64_t judgements = 0;
};

[[nodiscard]] Funnel funnel_of(const LedgerContents& ledger, const LedgerDecisions& decisions);

// `shards`: what those that run have judged beside.
[[nodiscard]] std::string funnel_document(const Funnel& funnel, const std::vector<ShardJudgements>& shards = {});
[[nodiscard]] std::string funnel_text(const Funnel& funnel);

}  // namespace arbees::app

#include "app/reporting/funnel.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "adapters/telemetry/json.h"
#include "app/reporting/text_table.h"

namespace arbees::app {
namespace {

struct Way {
  FunnelStage furthest = FunnelStage::Seen;
  Verdict last = Verdict::Accepted;
  std::uint64_t request = 0;
};

// How far requests came: sent with their first order, settled once nothing that they filled is open.
class RequestEnds {
 public:
  explicit RequestEnds(const LedgerContents& ledger) {
    std::set<std::pair<std::uint64_t, std::string>> settled;
    for (const LedgerSettlement& settlement : ledger.settlements) {
      settled.emplace(settlement.contract.instrument, settlement.contract.outcome);
    }
    std::unordered_set<std::uint64_t> filled;
    for (const LedgerFill& fill : ledger.fills) filled.insert(fill.order_id);
    for (const LedgerOrder& order : ledger.orders) {
      FunnelStage& stage = stages_.emplace(order.request, FunnelStage::Sent).first->second;
      if (!filled.contains(order.order_id)) continue;
      stage = std::max(stage, FunnelStage::Filled);
      if (!settled.contains({order.contract.instrument, order.contract.outcome})) open_.insert(order.request);
    }
  }

  [[nodiscard]] FunnelStage stage(std::uint64_t request) const {
    const auto found = stages_.find(request);
    if (found == stages_.end()) return FunnelStage::AfterRisk;
    const bool is_settled = found->second == FunnelStage::Filled && !open_.contains(request);
    return is_settled ? FunnelStage::Settled : found->second;
  }

 private:
  std::unordered_map<std::uint64_t, FunnelStage> stages_;
  std::unordered_set<std::uint64_t> open_;
};

}  // namespace

Funnel funnel_of(const LedgerContents& ledger, const LedgerDecisions& decisions) {
  Funnel funnel;
  const RequestEnds requests(ledger);
  std::unordered_map<std::uint64_t, Way> ways;
  for (const LedgerDecision& decision : decisions.decisions) {
    ++funnel.judgements;
    Way& way = ways[decision.opportunity];
    way.last = parse_verdict(decision.verdict).value_or(Verdict::Halted);
    way.furthest = std::max(way.furthest, verdict_text(way.last).reached);
    if (!decision.request) continue;
    way.request = *decision.request;
    way.furthest = std::max(way.furthest, requests.stage(way.request));
  }
  for (const auto& [id, way] : ways) {
    for (std::size_t stage = 0; stage <= static_cast<std::size_t>(way.furthest); ++stage) ++funnel.reached[stage];
    if (way.request == 0) ++funnel.reasons[way.last];
  }
  return funnel;
}

std::string funnel_document(const Funnel& funnel, const std::vector<ShardJudgements>& shards) {
  JsonWriter json;
  json.begin_object();
  for (std::size_t i = 0; i < kFunnelStages; ++i) {
    json.field(funnel_stage_name(static_cast<FunnelStage>(i)), funnel.reached[i]);
  }
  json.field("judgements", funnel.judgements).key("reasons").begin_array();
  for (const auto& [verdict, count] : funnel.reasons) {
    const VerdictText text = verdict_text(verdict);
    json.begin_object().field("reason", verdict_name(verdict)).field("opportunities", count);
    json.field("stopped_after", funnel_stage_name(text.reached));
    json.field("meaning", text.meaning).field("remedy", text.remedy).end_object();
  }
  json.end_array();
  write_shards(shards, json);
  json.end_object();
  return json.take();
}

std::string funnel_text(const Funnel& funnel) {
  std::vector<std::vector<std::string>> stages{{"stage", "opportunities"}};
  for (std::size_t i = 0; i < kFunnelStages; ++i) {
    stages.push_back({std::string(funnel_stage_name(static_cast<FunnelStage>(i))), std::to_string(funnel.reached[i])});
  }
  std::vector<std::vector<std::string>> reasons{{"not requested because", "opportunities", "meaning", "what to do"}};
  for (const auto& [verdict, count] : funnel.reasons) {
    const VerdictText text = verdict_text(verdict);
    reasons.push_back({std::string(verdict_name(verdict)), std::to_string(count), std::string(text.meaning),
                       std::string(text.remedy)});
  }
  return text_table(stages) + "\n" + text_table(reasons);
}

}  // namespace arbees::app

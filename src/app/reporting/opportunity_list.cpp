#include "app/reporting/opportunity_list.h"

#include <algorithm>
#include <unordered_map>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/reporting/text_table.h"

namespace arbees::app {
namespace {

std::int64_t lived_ms(const ListedOpportunity& each) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(each.ended_at - each.decision.started_at).count();
}

// A model edge is an expectation: nothing of it is guaranteed.
bool is_promised(const LedgerDecision& decision) { return decision.detector != detector_name(Detector::ModelEdge); }

std::string_view binding_name(const LedgerDecision& decision) {
  return decision.binding == "accepted" ? "depth" : std::string_view(decision.binding);
}

}  // namespace

std::vector<ListedOpportunity> list_opportunities(const LedgerDecisions& decisions, std::size_t limit) {
  std::vector<ListedOpportunity> all;
  std::unordered_map<std::uint64_t, std::size_t> index;
  for (const LedgerDecision& decision : decisions.decisions) {
    const auto [known, is_new] = index.emplace(decision.opportunity, all.size());
    if (is_new) all.emplace_back();
    ListedOpportunity& listed = all[known->second];
    const auto request = decision.request ? decision.request : listed.decision.request;
    listed.decision = decision;
    listed.decision.request = request;
    ++listed.judgements;
    listed.best_profit = std::max(listed.best_profit, decision.guaranteed - decision.outlay);
  }
  for (const LedgerOpportunityEnd& end : decisions.ends) {
    const auto known = index.find(end.opportunity);
    if (known == index.end()) continue;
    all[known->second].ended_at = end.ended_at;
    all[known->second].best_profit = end.best_profit;
    all[known->second].judgements = end.judgements;
  }
  std::reverse(all.begin(), all.end());
  if (all.size() > limit) all.resize(limit);
  return all;
}

std::string opportunities_document(const std::vector<ListedOpportunity>& listed) {
  JsonWriter json;
  json.begin_object().key("opportunities").begin_array();
  for (const ListedOpportunity& each : listed) {
    const LedgerDecision& decision = each.decision;
    json.begin_object().field("opportunity_id", to_hex(decision.opportunity)).field("time", to_iso_ms(decision.at));
    json.field("started", to_iso_ms(decision.started_at)).field("session", decision.session);
    json.field("detector", decision.detector).field("verdict", decision.verdict).field("legs", decision.legs);
    json.field("size", to_short_text(decision.size)).field("binding", binding_name(decision));
    json.field("outlay", to_short_text(decision.outlay)).field("guaranteed", to_short_text(decision.guaranteed));
    json.field("fees", to_short_text(decision.fees));
    if (is_promised(decision)) json.field("profit", to_short_text(decision.guaranteed - decision.outlay));
    if (is_promised(decision)) json.field("best_profit", to_short_text(each.best_profit));
    json.field("judgements", each.judgements);
    if (decision.request) json.field("request_id", to_hex(*decision.request));
    if (each.ended_at != kNoTime) json.field("ended", to_iso_ms(each.ended_at)).field("lived_ms", lived_ms(each));
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

std::string opportunities_text(const std::vector<ListedOpportunity>& listed) {
  std::vector<std::vector<std::string>> rows{
      {"time", "opportunity", "kind", "size", "outlay", "profit", "limited by", "verdict", "lived ms"}};
  for (const ListedOpportunity& each : listed) {
    const LedgerDecision& decision = each.decision;
    rows.push_back({to_iso_ms(decision.at), to_hex(decision.opportunity), decision.detector,
                    to_short_text(decision.size), to_short_text(decision.outlay),
                    is_promised(decision) ? to_short_text(decision.guaranteed - decision.outlay) : "-",
                    std::string(binding_name(decision)), decision.verdict,
                    each.ended_at == kNoTime ? "-" : std::to_string(lived_ms(each))});
  }
  return text_table(rows);
}

}  // namespace arbees::app

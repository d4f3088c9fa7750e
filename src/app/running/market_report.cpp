#include "app/running/market_report.h"

#include <algorithm>
#include <vector>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

constexpr std::size_t kShownGroups = 12;

// A riskless profit is nearer than any dollar that costs something; what has no price at all comes last.
bool is_nearer(const EventGroupView& a, const EventGroupView& b) {
  if (a.has_arbitrage != b.has_arbitrage) return a.has_arbitrage;
  if (a.has_nearest != b.has_nearest) return a.has_nearest;
  if (a.has_nearest && a.nearest.cost != b.nearest.cost) return a.nearest.cost < b.nearest.cost;
  return a.settles_at != b.settles_at ? a.settles_at < b.settles_at : a.key < b.key;
}

void write_cost(std::string_view key, const EventGroupView& group, JsonWriter& json) {
  json.key(key);
  if (group.has_nearest) {
    json.value(to_short_text(group.nearest.cost));
  } else {
    json.null();
  }
}

void write_group(const EventGroupView& group, const SymbolOf& symbol_of, JsonWriter& json) {
  json.begin_object().field("group", to_hex(group.key)).field("asset", asset_name(group.asset));
  json.field("settles_at", to_iso_ms(group.settles_at));
  json.field("contracts", static_cast<std::uint64_t>(group.contracts)).field("arbitrage", group.has_arbitrage);
  write_cost("cheapest_dollar", group, json);
  json.key("legs").begin_array();
  for (const NearestLeg& leg : group.nearest.legs) {
    json.begin_object().field("venue", venue_name(leg.venue)).field("symbol", symbol_of(leg.instrument));
    json.field("outcome", leg.outcome == Outcome::Yes ? "yes" : "no").field("price", to_short_text(leg.price));
    json.field("quantity", to_short_text(leg.quantity)).end_object();
  }
  json.end_array();
  if (group.opportunity != nullptr) {
    json.field("opportunity", to_hex(group.opportunity->id));
    json.field("best_profit", to_short_text(group.opportunity->best_profit));
  }
  json.end_object();
}

}  // namespace

void write_model(const ModelEngine& model, JsonWriter& json) {
  const ModelWatch::Counts counts = model.watch().count();
  json.key("model").begin_object().field("trades", model.model().parameters().trades);
  json.field("watched", static_cast<std::uint64_t>(model.watch().size()));
  json.field("priced", static_cast<std::uint64_t>(counts.priced)).key("unavailable").begin_object();
  for (std::size_t i = 0; i < counts.unavailable.size(); ++i) {
    if (counts.unavailable[i] == 0) continue;
    json.field(price_unavailable_name(static_cast<PriceUnavailable>(i)),
               static_cast<std::uint64_t>(counts.unavailable[i]));
  }
  json.end_object().end_object();
}

void write_event_groups(const ArbitrageEngine& arbitrage, const SymbolOf& symbol_of, JsonWriter& json) {
  std::vector<EventGroupView> groups;
  groups.reserve(arbitrage.group_count());
  arbitrage.for_each_group([&groups](const EventGroupView& group) { groups.push_back(group); });
  const std::size_t shown = std::min(groups.size(), kShownGroups);
  std::partial_sort(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(shown), groups.end(), is_nearer);
  json.key("event_groups").begin_object().field("count", static_cast<std::uint64_t>(groups.size()));
  if (!groups.empty()) write_cost("cheapest_dollar", groups.front(), json);
  json.key("nearest").begin_array();
  for (std::size_t i = 0; i < shown; ++i) write_group(groups[i], symbol_of, json);
  json.end_array().end_object();
}

}  // namespace arbees::app

#include "app/reporting/profit_text.h"

#include <array>
#include <utility>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/reporting/text_table.h"

namespace arbees::app {
namespace {

using Group = std::map<std::string, ProfitParts>;

constexpr std::array<std::pair<std::string_view, Money ProfitParts::*>, 7> kParts = {{
    {"edge", &ProfitParts::edge},
    {"fees", &ProfitParts::fees},
    {"slippage", &ProfitParts::slippage},
    {"unwinds", &ProfitParts::unwinds},
    {"adjustments", &ProfitParts::adjustments},
    {"settlement", &ProfitParts::settlement},
    {"open_cost", &ProfitParts::open_cost},
}};

std::array<std::pair<std::string_view, const Group*>, 4> groups_of(const ProfitBreakdown& breakdown) {
  return {{{"venue", &breakdown.by_venue},
           {"asset", &breakdown.by_asset},
           {"detector", &breakdown.by_detector},
           {"day", &breakdown.by_day}}};
}

void write_parts(JsonWriter& json, const ProfitParts& parts) {
  json.begin_object();
  for (const auto& [name, part] : kParts) json.field(name, to_short_text(parts.*part));
  json.field("total", to_short_text(parts.total())).end_object();
}

std::vector<std::string> row_of(std::string name, const ProfitParts& parts) {
  std::vector<std::string> row{std::move(name)};
  for (const auto& [part_name, part] : kParts) row.push_back(to_short_text(parts.*part));
  row.push_back(to_short_text(parts.total()));
  return row;
}

}  // namespace

std::string profit_document(const LedgerProfit& profit, const ProfitBreakdown& breakdown) {
  JsonWriter json;
  json.begin_object();
  json.field("settlement", to_short_text(profit.settlement)).field("trading", to_short_text(profit.trading));
  json.field("fees", to_short_text(profit.fees)).field("open_cost", to_short_text(profit.open_cost));
  json.field("total", to_short_text(profit.total()));
  json.field("cash_change", to_short_text(breakdown.cash_change));
  json.field("positions_at_cost", to_short_text(breakdown.positions_at_cost));
  json.key("parts");
  write_parts(json, breakdown.all);
  for (const auto& [name, group] : groups_of(breakdown)) {
    json.key("by_" + std::string(name)).begin_object();
    for (const auto& [member, parts] : *group) {
      json.key(member);
      write_parts(json, parts);
    }
    json.end_object();
  }
  json.end_object();
  return json.take();
}

std::string profit_text(const ProfitBreakdown& breakdown) {
  std::vector<std::string> head{"by"};
  for (const auto& [name, part] : kParts) head.emplace_back(name);
  head.emplace_back("total");
  std::vector<std::vector<std::string>> rows{head, row_of("all", breakdown.all)};
  for (const auto& [name, group] : groups_of(breakdown)) {
    for (const auto& [member, parts] : *group) rows.push_back(row_of(std::string(name) + " " + member, parts));
  }
  return text_table(rows) + "cash changed by " + to_short_text(breakdown.cash_change) + ", open positions cost " +
         to_short_text(breakdown.positions_at_cost) + "\n";
}

}  // namespace arbees::app

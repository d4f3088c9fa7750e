#include "app/calibration/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "adapters/telemetry/json.h"

namespace arbees::app {
namespace {

using RowRefs = std::vector<const Row*>;
constexpr std::size_t kResamples = 2000;
constexpr std::uint64_t kSeed = 1;

struct Edge {
  double until;
  const char* name;
};
constexpr Edge kHorizons[] = {{60, "under 1 min"},    {300, "1 to 5 min"}, {900, "5 to 15 min"},
                              {3600, "15 to 60 min"}, {14400, "1 to 4 h"}, {86400, "4 to 24 h"}};
constexpr const char* kBeyondHorizons = "over 24 h";
constexpr Edge kScores[] = {
    {0.5, "under 0.5 sd"}, {1, "0.5 to 1 sd"}, {1.5, "1 to 1.5 sd"}, {2, "1.5 to 2 sd"}, {3, "2 to 3 sd"}};
constexpr const char* kBeyondScores = "over 3 sd";

Forecaster forecaster(const std::vector<double>& p, const std::vector<std::uint8_t>& y) {
  Forecaster result;
  const Scores basic = scores(p, y);
  result.brier = basic.brier;
  result.log_loss = basic.log_loss;
  std::vector<std::uint32_t> order(p.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
  result.ece = calibration_equal_count(p, y, order, result.bins).ece;
  return result;
}

Group group_of(std::string name, const RowRefs& rows) {
  Group group;
  group.name = std::move(name);
  group.n = rows.size();
  std::vector<double> model;
  std::vector<double> market;
  std::vector<std::uint8_t> outcomes;
  // One close settles all strikes and all assets together (they move together): one cluster.
  std::map<Timestamp, std::pair<double, double>> by_close;
  for (const Row* row : rows) {
    model.push_back(row->model);
    outcomes.push_back(row->outcome);
    auto& [sum, count] = by_close[row->close];
    count += 1.0;
    if (!std::isfinite(row->market)) continue;
    market.push_back(row->market);
    const double by_model = row->model - row->outcome;
    const double by_market = row->market - row->outcome;
    sum += by_model * by_model - by_market * by_market;
  }
  group.closes = by_close.size();
  group.model = forecaster(model, outcomes);
  if (market.empty() || market.size() != model.size()) return group;
  group.market = forecaster(market, outcomes);
  group.difference = group.model.brier - group.market->brier;
  std::vector<double> sums;
  std::vector<double> counts;
  for (const auto& [close, totals] : by_close) {
    sums.push_back(totals.first);
    counts.push_back(totals.second);
  }
  std::vector<double> means(kResamples);
  group.ci95 = cluster_bootstrap(sums, counts, means, kSeed);
  return group;
}

template <std::size_t kCount>
std::string bucket(double value, const Edge (&edges)[kCount], const char* beyond) {
  for (const Edge& edge : edges) {
    if (value < edge.until) return edge.name;
  }
  return beyond;
}

// Groups in the order of `names`; empty ones are left out.
std::vector<Group> grouped(const std::vector<Row>& rows, const std::vector<std::string>& names,
                           const std::function<std::string(const Row&)>& name_of) {
  std::map<std::string, RowRefs> parts;
  for (const Row& row : rows) parts[name_of(row)].push_back(&row);
  std::vector<Group> groups;
  for (const std::string& name : names) {
    if (const auto found = parts.find(name); found != parts.end()) groups.push_back(group_of(name, found->second));
  }
  return groups;
}

template <std::size_t kCount>
std::vector<std::string> names_of(const Edge (&edges)[kCount], const char* beyond) {
  std::vector<std::string> names;
  for (const Edge& edge : edges) names.emplace_back(edge.name);
  names.emplace_back(beyond);
  return names;
}

double horizon_s(const Row& row) { return static_cast<double>((row.close - row.at).count()) * 1e-9; }

void write_forecaster(JsonWriter& json, const Forecaster& forecaster) {
  json.begin_object().field("brier", forecaster.brier).field("log_loss", forecaster.log_loss);
  json.field("ece", forecaster.ece).end_object();
}

void write_group(JsonWriter& json, const Group& group) {
  json.field("n", static_cast<std::uint64_t>(group.n)).field("closes", static_cast<std::uint64_t>(group.closes));
  json.key("model");
  write_forecaster(json, group.model);
  json.key("market");
  if (!group.market) {
    json.null().key("difference").null();
    return;
  }
  write_forecaster(json, *group.market);
  json.key("difference").begin_object().field("brier", group.difference);
  json.key("ci95").begin_array().value(group.ci95.low).value(group.ci95.high).end_array().end_object();
}

void write_groups(JsonWriter& json, const char* name, const std::vector<Group>& groups) {
  json.key(name).begin_object();
  for (const Group& group : groups) {
    json.key(group.name).begin_object();
    write_group(json, group);
    json.end_object();
  }
  json.end_object();
}

std::string group_line(const Group& group) {
  std::string line = fmt::format("{:<14} {:>8} {:>7}  {:.4f} {:.4f} {:.4f}", group.name, group.n, group.closes,
                                 group.model.brier, group.model.log_loss, group.model.ece);
  if (!group.market) return line + "\n";
  return line + fmt::format("   {:.4f} {:.4f} {:.4f}   {:+.4f} [{:+.4f}, {:+.4f}]\n", group.market->brier,
                            group.market->log_loss, group.market->ece, group.difference, group.ci95.low,
                            group.ci95.high);
}

}  // namespace

Summary summarise(const std::vector<Row>& rows) {
  Summary summary;
  RowRefs all;
  std::vector<std::string> assets;
  for (const Row& row : rows) {
    all.push_back(&row);
    if (std::find(assets.begin(), assets.end(), row.asset) == assets.end()) assets.push_back(row.asset);
  }
  std::sort(assets.begin(), assets.end());
  summary.all = group_of("all", all);
  summary.by_horizon = grouped(rows, names_of(kHorizons, kBeyondHorizons),
                               [](const Row& row) { return bucket(horizon_s(row), kHorizons, kBeyondHorizons); });
  summary.by_moneyness = grouped(rows, names_of(kScores, kBeyondScores),
                                 [](const Row& row) { return bucket(std::fabs(row.score), kScores, kBeyondScores); });
  summary.by_asset = grouped(rows, assets, [](const Row& row) { return row.asset; });
  return summary;
}

std::string summary_json(const Summary& summary, const RunFacts& facts) {
  JsonWriter json;
  json.begin_object().field("format", facts.format);
  write_group(json, summary.all);
  write_groups(json, "by_horizon", summary.by_horizon);
  write_groups(json, "by_moneyness", summary.by_moneyness);
  write_groups(json, "by_asset", summary.by_asset);
  json.key("settlement").begin_object().field("checked", facts.settlement_checked);
  json.field("reproduced", facts.settlement_reproduced).end_object();
  json.key("parameters").begin_object().field("volatility_scale", facts.parameters.volatility_scale);
  json.field("degrees_of_freedom", facts.parameters.degrees_of_freedom);
  json.field("fitted_on_closes", static_cast<std::uint64_t>(facts.fitted_closes)).end_object();
  json.key("left_out").begin_object().field("without_model", facts.without_model);
  json.field("without_market", facts.without_market).field("bad_lines", facts.bad_lines).end_object();
  json.key("notes").begin_array();
  for (const std::string& note : facts.notes) json.value(note);
  json.end_array().end_object();
  return json.take();
}

std::string summary_text(const Summary& summary, const RunFacts& facts) {
  std::string text = fmt::format(
      "{}: volatility x {:.2f}, {} degrees of freedom{}\n\n"
      "                      n  closes  model: Brier, log loss, ECE   market              difference of Brier, 95 %\n",
      facts.format, facts.parameters.volatility_scale, facts.parameters.degrees_of_freedom,
      facts.fitted_closes > 0 ? fmt::format(" (chosen on the {} closes before)", facts.fitted_closes) : "");
  text += group_line(summary.all);
  for (const auto* groups : {&summary.by_horizon, &summary.by_moneyness, &summary.by_asset}) {
    text += "\n";
    for (const Group& group : *groups) text += group_line(group);
  }
  text += fmt::format("\nsettlement recomputed: {} of {}; without model {}, without market {}, bad lines {}\n",
                      facts.settlement_reproduced, facts.settlement_checked, facts.without_model, facts.without_market,
                      facts.bad_lines);
  for (const std::string& note : facts.notes) text += note + "\n";
  return text;
}

}  // namespace arbees::app

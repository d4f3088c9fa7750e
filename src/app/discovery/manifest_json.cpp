#include "app/discovery/manifest_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"

namespace arbees::app {
namespace {

constexpr std::size_t kColumn = 62;

void write_rules(JsonWriter& json, const RuleEssentials& rules) {
  json.key("rules").begin_object().field("source", rules.source).field("condition", rules.condition);
  json.field("instant", rules.instant).field("rounding", rules.rounding).field("tie", rules.tie).end_object();
}

void write_contract(JsonWriter& json, const ManifestContract& row, const Approvals* approvals) {
  json.begin_object().field("venue", row.venue).field("symbol", row.symbol).field("outcome", row.outcome);
  json.field("asset", row.asset).field("family", row.family).field("event", row.event).field("market", row.market);
  json.field("version", row.version).field("payoff", row.payoff).field("value", row.value);
  json.field("opens_at", row.opens_at).field("closes_at", row.closes_at).field("grid", row.grid);
  json.field("sizes", row.sizes).field("fees", row.fees);
  write_rules(json, row.rules);
  json.field("phase", row.phase).field("tradable", row.reason == "none").field("reason", row.reason);
  json.field("why", row.why).field("fingerprint", to_hex(row.fingerprint));
  if (approvals != nullptr) json.field("approval", approval_name(approvals->state(row.family, row.fingerprint)));
  json.end_object();
}

void write_pair(JsonWriter& json, const Manifest& manifest, const ManifestPair& pair, const Approvals* approvals) {
  json.begin_object().field("key", pair.key).field("first", static_cast<std::uint64_t>(pair.first));
  json.field("second", static_cast<std::uint64_t>(pair.second));
  json.key("symbols").begin_array().value(manifest.contracts[pair.first].symbol);
  json.value(manifest.contracts[pair.second].symbol).end_array();
  json.field("match", pair.match).field("differs_on_equality", pair.differs_on_equality);
  json.field("fingerprint", to_hex(pair.fingerprint));
  if (approvals != nullptr) json.field("approval", approval_name(approvals->state(pair.key, pair.fingerprint)));
  json.end_object();
}

// A long token id is shown by its ends.
std::string short_symbol(const std::string& symbol) {
  return symbol.size() <= 40 ? symbol : symbol.substr(0, 6) + "…" + symbol.substr(symbol.size() - 6);
}

std::string contract_lines(const ManifestContract& row, const Approvals& approvals) {
  std::string text = fmt::format("{:<11} {} {}  {} {}\n", row.venue, short_symbol(row.symbol), row.outcome, row.asset,
                                 row.family.empty() ? row.event : row.payoff);
  if (!row.family.empty()) {
    text += fmt::format("            {} to {}, {}, {}\n", row.opens_at, row.closes_at, row.value, row.phase);
    text += fmt::format("            {}, grid {}, {}, fees {}\n", row.family, row.grid, row.sizes, row.fees);
  }
  const std::string approval(approval_name(approvals.state(row.family, row.fingerprint)));
  return text + (row.reason == "none" ? fmt::format("            tradable by its terms, approval: {}\n", approval)
                                      : fmt::format("            not tradable ({}): {}\n", row.reason, row.why));
}

// A text in lines of at most the column's width, cut between words.
std::vector<std::string> wrapped(std::string_view text) {
  std::vector<std::string> lines;
  while (text.size() > kColumn) {
    std::size_t cut = text.rfind(' ', kColumn);
    if (cut == std::string_view::npos || cut == 0) cut = kColumn;
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(std::min(text.size(), cut + (text[cut] == ' ' ? 1 : 0)));
  }
  lines.emplace_back(text);
  return lines;
}

std::string side_by_side(std::string_view what, const std::string& left, const std::string& right) {
  const auto a = wrapped(left);
  const auto b = wrapped(right);
  std::string text;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    text += fmt::format("  {:<9} {:<{}} | {}\n", i == 0 ? what : "", i < a.size() ? a[i] : "", kColumn,
                        i < b.size() ? b[i] : "");
  }
  return text;
}

std::string pair_lines(const Manifest& manifest, const ManifestPair& pair, const Approvals& approvals) {
  const ManifestContract& a = manifest.contracts[pair.first];
  const ManifestContract& b = manifest.contracts[pair.second];
  std::string text = fmt::format("pair {}: {}{}, approval: {}\n", pair.key, pair.match,
                                 pair.differs_on_equality ? ", differs on equality" : "",
                                 approval_name(approvals.state(pair.key, pair.fingerprint)));
  const std::array<std::pair<std::string_view, std::pair<std::string, std::string>>, 9> rows = {{
      {"contract", {short_symbol(a.symbol) + " " + a.outcome, short_symbol(b.symbol) + " " + b.outcome}},
      {"pays", {a.payoff, b.payoff}},
      {"value", {a.value, b.value}},
      {"window", {a.opens_at + " to " + a.closes_at, b.opens_at + " to " + b.closes_at}},
      {"source", {a.rules.source, b.rules.source}},
      {"condition", {a.rules.condition, b.rules.condition}},
      {"rounding", {a.rules.rounding, b.rules.rounding}},
      {"tie", {a.rules.tie, b.rules.tie}},
      {"fees", {a.fees, b.fees}},
  }};
  for (const auto& [what, sides] : rows) text += side_by_side(what, sides.first, sides.second);
  return text;
}

}  // namespace

std::string manifest_json(const Manifest& manifest, const Approvals* approvals) {
  JsonWriter json;
  json.begin_object().field("version", kManifestVersion).field("hash", to_hex(manifest_hash(manifest)));
  json.key("contracts").begin_array();
  for (const ManifestContract& row : manifest.contracts) write_contract(json, row, approvals);
  json.end_array().key("pairs").begin_array();
  for (const ManifestPair& pair : manifest.pairs) write_pair(json, manifest, pair, approvals);
  json.end_array().end_object();
  return json.take();
}

std::string manifest_page(const Manifest& manifest, const Approvals& approvals) {
  std::string text;
  std::size_t tradable = 0;
  for (const ManifestContract& row : manifest.contracts) {
    text += contract_lines(row, approvals);
    if (row.reason == "none") ++tradable;
  }
  for (const ManifestPair& pair : manifest.pairs) text += pair_lines(manifest, pair, approvals);
  return text + fmt::format("{} contracts, {} tradable by their terms, {} pairs, manifest {}\n",
                            manifest.contracts.size(), tradable, manifest.pairs.size(),
                            to_hex(manifest_hash(manifest)));
}

}  // namespace arbees::app

// arbees basis: how far the settlement sources of recorded journals lay apart, as lines for the configuration.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "adapters/store/journal_source.h"
#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/basis/basis_evidence.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/config/basis_text.h"
#include "app/refusal.h"
#include "core/pricing/basis_bound.h"

namespace arbees::app {
namespace {

struct Options {
  std::vector<std::string> files;
  bool json = false;
};

void write_row(JsonWriter& json, const BasisObservations& row) {
  const BasisBoundSet& bound = row.bound;
  json.begin_object().field("asset", asset_name(bound.asset));
  json.field("first", settlement_source_name(bound.first)).field("second", settlement_source_name(bound.second));
  json.field("observations", std::uint64_t{bound.observations}).field("mean", to_short_text(bound.mean));
  json.field("standard_deviation", to_short_text(bound.standard_deviation));
  json.field("greatest", to_short_text(row.greatest));
  json.field("from", to_iso_ns(row.first)).field("to", to_iso_ns(row.last));
  json.field("is_enough", bound.observations >= kLeastObservations);
  json.field("setting", statistical_bound_text(bound)).end_object();
}

int basis(const Options& options) {
  for (const std::string& file : options.files) {
    if (std::filesystem::exists(file)) continue;
    return refuse("basis", kNotFound, file + ": no such file", options.json);
  }
  auto source = JournalSource::open(options.files);
  if (!source) return refuse("basis", kBadInput, source.error(), options.json);
  BasisEvidence evidence;
  Event event;
  while (source->poll(event)) evidence.add(event);
  for (const std::string& complaint : source->complaints()) fmt::print(stderr, "arbees basis: {}\n", complaint);
  const auto rows = evidence.rows();
  if (options.json) {
    JsonWriter json;
    json.begin_object().key("pairs").begin_array();
    for (const BasisObservations& row : rows) write_row(json, row);
    json.end_array().end_object();
    fmt::print("{}\n", json.take());
  } else if (rows.empty()) {
    fmt::print("no two settlement sources have values for one asset and instant\n");
  } else {
    for (const BasisObservations& row : rows) {
      fmt::print("{}  (greatest {}{})\n", statistical_bound_text(row.bound), to_short_text(row.greatest),
                 row.bound.observations < kLeastObservations ? ", too few to be used" : "");
    }
  }
  return source->is_corrupt() ? kBadInput : kDone;
}

}  // namespace

void add_basis_command(CommandLine& line) {
  const auto options = std::make_shared<Options>();
  Command& command = line.add("basis", "Measure how far settlement sources lie apart, from journals");
  command.flag("--json", options->json, "One JSON document");
  command.positionals("FILE", options->files, true, "Journals");
  command.run([options] { return basis(*options); });
}

}  // namespace arbees::app

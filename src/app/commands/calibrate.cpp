// arbees calibrate: model and market mid at the same instants on settled markets, scored.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "adapters/store/journal_source.h"
#include "app/calibration/formats.h"
#include "app/calibration/journal_walk.h"
#include "app/calibration/report.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/refusal.h"

namespace arbees::app {
namespace {

struct Options {
  std::string format = "journal";
  std::vector<std::string> files;
  std::vector<std::string> spot;
  std::string report;
  double fit = 0.0;
  std::int64_t sources = 1;
  bool json = false;
};

int failed(const Options& options, int code, const std::string& message) {
  return refuse("calibrate", code, message, options.json);
}

// Chooses parameters on the earliest closes and keeps the later ones for scoring. Rows that were priced before the
// last of the earliest closes was settled are dropped: nothing later than an instant may bear on its price.
std::size_t fit_on_earliest(double share, std::vector<Row>& rows, FitParameters& parameters) {
  std::vector<Timestamp> closes;
  for (const Row& row : rows) closes.push_back(row.close);
  std::sort(closes.begin(), closes.end());
  closes.erase(std::unique(closes.begin(), closes.end()), closes.end());
  const auto count = static_cast<std::size_t>(share * static_cast<double>(closes.size()));
  if (count == 0) return 0;
  const Timestamp last = closes[count - 1];
  std::vector<Row> early;
  for (const Row& row : rows) {
    if (row.close <= last) early.push_back(row);
  }
  parameters = fitted(early);
  std::erase_if(rows, [&](const Row& row) { return row.close <= last || row.at < last; });
  reprice(rows, parameters);
  return count;
}

int write_report(const std::string& folder, const Summary& summary, const RunFacts& facts) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::string path = (std::filesystem::path(folder) / "calibration.html").string();
  std::ofstream file(path);
  file << calibration_page(summary, facts);
  file.close();
  if (error || !file) return refuse("calibrate", kFailed, path + ": cannot be written", false);  // behind the document
  std::fprintf(stderr, "report: %s\n", path.c_str());
  return kDone;
}

// The set's rows and what the figures must say about it.
struct Loaded {
  Evaluation evaluation;
  RunFacts facts;
};

int load_journals(const Options& options, Loaded& loaded) {
  auto source = JournalSource::open(options.files);
  if (!source) return failed(options, kBadInput, source.error());
  JournalSettings settings;
  settings.parameters.required_sources = options.sources;
  settings.spot_files = options.spot;
  auto sample = walk_journal(*source, settings);
  if (!sample) return failed(options, kBadInput, sample.error());
  if (source->is_corrupt()) return failed(options, kBadInput, source->complaints().front());
  loaded.evaluation = std::move(sample->evaluation);
  loaded.facts.settlement_checked = sample->settlement_checked;
  loaded.facts.settlement_reproduced = sample->settlement_reproduced;
  loaded.facts.notes.push_back(std::to_string(sample->contracts) +
                               " settled contracts. The live model, fed with the journal's events as they came.");
  return kDone;
}

int load_recorded_set(const Options& options, SampleLoader load, Loaded& loaded) {
  Sample sample;
  std::string mistake;
  if (!load({options.files, options.spot}, sample, mistake)) return failed(options, kBadInput, mistake);
  loaded.evaluation = evaluate(sample);
  loaded.facts.settlement_checked = sample.settlement_checked;
  loaded.facts.settlement_reproduced = sample.settlement_reproduced;
  loaded.facts.bad_lines = sample.bad_lines;
  loaded.facts.notes = sample.notes;
  return kDone;
}

int calibrate(const Options& options) {
  const bool is_journal = options.format == "journal";
  const SampleLoader load = find_sample_loader(options.format);
  if (load == nullptr && !is_journal) {
    std::string names = " journal";
    for (const std::string& name : sample_format_names()) names += " " + name;
    return failed(options, kUsage, "--format is " + options.format + "; allowed:" + names);
  }
  if (!(options.fit >= 0.0 && options.fit < 1.0))
    return failed(options, kUsage, "--fit must be at least 0 and below 1");
  for (const auto* files : {&options.files, &options.spot}) {
    for (const std::string& file : *files) {
      if (!std::filesystem::exists(file)) return failed(options, kNotFound, file + ": no such file");
    }
  }
  Loaded loaded;
  const int code = is_journal ? load_journals(options, loaded) : load_recorded_set(options, load, loaded);
  if (code != kDone) return code;
  Evaluation& evaluation = loaded.evaluation;
  RunFacts& facts = loaded.facts;
  if (count_leaks(evaluation.rows) > 0)
    return failed(options, kFailed, "a price rests on something later than its instant");
  facts.format = options.format;
  facts.fitted_closes = fit_on_earliest(options.fit, evaluation.rows, facts.parameters);
  facts.without_model = evaluation.without_model;
  facts.without_market = evaluation.without_market;
  const Summary summary = summarise(evaluation.rows);
  if (options.json) {
    std::printf("%s\n", summary_json(summary, facts).c_str());
  } else {
    std::fputs(summary_text(summary, facts).c_str(), stdout);
  }
  if (!options.report.empty()) {
    if (const int written = write_report(options.report, summary, facts); written != kDone) return written;
  }
  return facts.bad_lines > 0 ? kBadInput : kDone;
}

}  // namespace

void add_calibrate_command(CommandLine& line) {
  Command& command = line.add("calibrate", "Score model and market on settled markets (docs/calibration.md)");
  auto options = std::make_shared<Options>();
  command.positionals("FILE", options->files, true, "Event journals, or files of the recorded set, plain or .zst");
  command.option("--format", options->format, "journal (default), or the name of a recorded set");
  command.option("--spot", options->spot, "Binance one-minute candles: volatility, and spot where the set has none");
  command.option("--report", options->report, "Folder for calibration.html");
  command.option("--fit", options->fit,
                 "Choose parameters on this share of the closes, the earliest, and score the rest");
  command.option(
      "--sources", options->sources,
      "Journals: spot venues that must agree before there is a price (default 1: recordings often have one)");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return calibrate(*options); });
}

}  // namespace arbees::app

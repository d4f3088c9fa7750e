// arbees calibrate: model and market mid at the same instants on settled markets, scored.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/calibration/formats.h"
#include "app/calibration/report.h"
#include "app/cli.h"
#include "app/command.h"

namespace arbees::app {
namespace {

struct Options {
  std::string format = "journal";
  std::vector<std::string> files;
  std::vector<std::string> spot;
  std::string report;
  double fit = 0.0;
  bool json = false;
};

int failed(int code, const std::string& message) {
  std::fprintf(stderr, "arbees calibrate: %s\n", message.c_str());
  return code;
}

// Chooses parameters on the earliest closes and keeps the later ones for scoring. Rows that were priced before the
// last of the earliest closes was settled are dropped: nothing later than an instant may bear on its price.
std::size_t fit_on_earliest(double share, std::vector<Row>& rows, ModelParameters& parameters) {
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
  if (error || !file) return failed(kFailed, path + ": cannot be written");
  std::fprintf(stderr, "report: %s\n", path.c_str());
  return kDone;
}

int calibrate(const Options& options) {
  const SampleLoader load = find_sample_loader(options.format);
  if (load == nullptr) {
    std::string names;
    for (const std::string& name : sample_format_names()) names += " " + name;
    return failed(kUsage, "--format is " + options.format + "; allowed:" + names);
  }
  if (!(options.fit >= 0.0 && options.fit < 1.0)) return failed(kUsage, "--fit must be at least 0 and below 1");
  for (const auto* files : {&options.files, &options.spot}) {
    for (const std::string& file : *files) {
      if (!std::filesystem::exists(file)) return failed(kNotFound, file + ": no such file");
    }
  }
  Sample sample;
  std::string mistake;
  if (!load({options.files, options.spot}, sample, mistake)) return failed(kBadInput, mistake);
  Evaluation evaluation = evaluate(sample);
  if (count_leaks(evaluation.rows) > 0) return failed(kFailed, "a price rests on something later than its instant");
  RunFacts facts;
  facts.format = options.format;
  facts.fitted_closes = fit_on_earliest(options.fit, evaluation.rows, facts.parameters);
  facts.without_model = evaluation.without_model;
  facts.without_market = evaluation.without_market;
  facts.settlement_checked = sample.settlement_checked;
  facts.settlement_reproduced = sample.settlement_reproduced;
  facts.bad_lines = sample.bad_lines;
  facts.notes = sample.notes;
  const Summary summary = summarise(evaluation.rows);
  if (options.json) {
    std::printf("%s\n", summary_json(summary, facts).c_str());
  } else {
    std::fputs(summary_text(summary, facts).c_str(), stdout);
  }
  if (!options.report.empty()) {
    if (const int code = write_report(options.report, summary, facts); code != kDone) return code;
  }
  return sample.bad_lines > 0 ? kBadInput : kDone;
}

}  // namespace

void add_calibrate_command(CommandLine& line) {
  Command& command = line.add("calibrate", "Score model and market on settled markets (docs/calibration.md)");
  auto options = std::make_shared<Options>();
  command.positionals("FILE", options->files, true, "Files of the recorded set, plain or .zst");
  command.option("--format", options->format, "Name of the recorded set");
  command.option("--spot", options->spot, "Binance one-minute candles: volatility, and spot where the set has none");
  command.option("--report", options->report, "Folder for calibration.html");
  command.option("--fit", options->fit,
                 "Choose parameters on this share of the closes, the earliest, and score the rest");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return calibrate(*options); });
}

}  // namespace arbees::app

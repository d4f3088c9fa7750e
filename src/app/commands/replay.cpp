// arbees replay: the same events again, the same decisions.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "adapters/store/journal_source.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/refusal.h"
#include "app/stop_signal.h"
#include "app/storing/replay_database.h"
#include "app/trading_run.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::app {
namespace {

constexpr const char* kCommand = "replay";

struct ReplayOptions {
  std::vector<std::string> journals;
  std::string decisions;
  std::string database;
  std::string speed = "max";
  bool json = false;
};

// Counts the events whose recorded digest differs from the one computed now, and names the first.
class DigestCheck {
 public:
  void compare(const JournalSource& source, const TradingRun& run) {
    const auto& recorded = source.recorded_digest();
    if (!recorded || *recorded == run.digest()) return;
    if (first_divergence_ == 0) first_divergence_ = run.event_count();
  }
  [[nodiscard]] std::uint64_t first_divergence() const noexcept { return first_divergence_; }

 private:
  std::uint64_t first_divergence_ = 0;
};

struct OpenedOutputs {
  std::optional<ReplayDatabase> database;
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> decisions{nullptr, std::fclose};
};

// Opens what the options ask for; an error text if that fails.
std::string open_outputs(const ReplayOptions& options, OpenedOutputs& opened) {
  if (!options.decisions.empty()) {
    opened.decisions.reset(std::fopen(options.decisions.c_str(), "w"));
    if (opened.decisions == nullptr) return options.decisions + ": cannot be written";
  }
  if (options.database.empty()) return {};
  std::string path = options.database;
  if (postgres::is_database_url(path)) {
    auto database = ReplayDatabase::open(path);
    if (!database) return "--db: " + database.error();
    opened.database = std::move(*database);
    path = opened.database->ledger_file();
  }
  auto ledger = Ledger::open(path, Ledger::Durability::Normal);
  if (!ledger) return ledger.error();
  opened.ledger = std::move(*ledger);
  return {};
}

bool begin_ledger(Ledger& ledger, const RiskLimits& limits, const JournalHeader& header) {
  return ledger.begin_session(ledger.next_session(), "replay", header.created_at) &&
         ledger.set_limits({limits.max_position, limits.max_asset_exposure, limits.max_total_exposure});
}

void report(const ReplayOptions& options, const JournalSource& source, TradingRun& run, std::uint64_t divergence) {
  const RunStatistics& statistics = run.statistics();
  for (const std::string& complaint : source.complaints()) fmt::print(stderr, "{}\n", complaint);
  if (divergence != 0) {
    fmt::print(stderr, "decisions differ from the recorded ones, first at event {}\n", divergence);
  }
  if (!options.json) {
    fmt::print("{}", statistics.summary());
    return;
  }
  JsonWriter json;
  json.begin_object();
  statistics.write_fields(json);
  json.field("diverged_at", divergence).field("corrected_times", source.corrected_times());
  json.key("complaints").begin_array();
  for (const std::string& complaint : source.complaints()) json.value(complaint);
  json.end_array().end_object();
  fmt::print("{}\n", json.take());
}

int run_replay(const ReplayOptions& options) {
  for (const std::string& journal : options.journals) {
    if (std::filesystem::exists(journal)) continue;
    return refuse(kCommand, kNotFound, journal + ": no such file", options.json);
  }
  auto source = JournalSource::open(options.journals);
  if (!source) return refuse(kCommand, kBadInput, source.error(), options.json);
  OpenedOutputs outputs;
  if (const std::string error = open_outputs(options, outputs); !error.empty()) {
    return refuse(kCommand, kUsage, error, options.json);
  }
  const JournalHeader& header = source->journals().front().header();
  TradingRunOptions settings;
  settings.seed = header.seed == 0 ? 1 : header.seed;
  settings.real_time = options.speed == "1x";
  settings.decisions = outputs.decisions.get();
  settings.ledger = outputs.ledger.get();
  const volatile bool& stop = install_stop_signal();
  settings.stop = &stop;
  // Recordings of the market alone have neither cash nor fills: paper trading supplies both.
  settings.simulate_execution = header.mode == JournalMode::RecordedMarketData;
  PrefixedSource with_cash(
      *source, settings.simulate_execution ? paper_opening(settings.seed, settings.limits) : std::vector<EventBody>{});
  if (outputs.ledger != nullptr && !begin_ledger(*outputs.ledger, settings.limits, header)) {
    return refuse(kCommand, kFailed, outputs.ledger->error(), options.json);
  }
  if (outputs.database) {
    const std::string error = outputs.database->begin(header);
    if (!error.empty()) return refuse(kCommand, kUsage, error, options.json);
    settings.tap = outputs.database->tap();
  }
  TradingRun run(with_cash, settings);
  DigestCheck digests;
  while (!stop && run.step()) digests.compare(*source, run);
  std::string trouble = run.finish();
  if (outputs.database && trouble.empty()) trouble = outputs.database->finish();
  report(options, *source, run, digests.first_divergence());
  if (!trouble.empty()) return refuse(kCommand, kFailed, trouble, false);  // the document is printed
  if (source->is_corrupt()) return kBadInput;
  return digests.first_divergence() == 0 ? kDone : kFailed;
}

}  // namespace

void add_replay_command(CommandLine& line) {
  Command& command = line.add("replay", "Run the engine over journals: same events, same decisions");
  auto options = std::make_shared<ReplayOptions>();
  command.positionals("JOURNAL", options->journals, true, "Event journals, in order of time");
  command.option("--decisions", options->decisions, "Write every decision to this file, a JSON line each");
  command.option(
      "--db", options->database,
      "Write the ledger to this SQLite file, or to a PostgreSQL database (postgres://…), with the prices of a "
      "recording");
  command.choice("--speed", options->speed, {"max", "1x"}, "As fast as it goes, or as it happened");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return run_replay(*options); });
}

}  // namespace arbees::app

// arbees demo: a generated market through the whole engine, on paper, with a ledger and a report.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <random>

#include "adapters/store/journal_writer.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/stop_signal.h"
#include "app/trading_run.h"
#include "core/simulation/market_generator.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::app {
namespace {

namespace fs = std::filesystem;

struct DemoOptions {
  std::uint64_t seconds = 60;
  std::uint64_t seed = 1;
  std::uint64_t port = 8420;
  std::string data;
  bool headless = false;
  bool json = false;
};

// The demo also shows the kill switch: trading is halted for a while in the middle.
class HaltExercise final : public EventSource {
 public:
  HaltExercise(EventSource& source, Timestamp halt_at, Timestamp resume_at) noexcept
      : source_(source), times_{halt_at, resume_at} {}

  bool poll(Event& event) override {
    if (!has_next_) {
      if (!source_.poll(next_)) return false;
      has_next_ = true;
    }
    if (done_ < 2 && next_.received_at >= times_[done_]) {
      event = Event{};
      event.received_at = next_.received_at;
      Control control;
      control.command = done_ == 0 ? ControlCommand::Halt : ControlCommand::Resume;
      event.body = control;
      ++done_;
      return true;
    }
    event = next_;
    has_next_ = false;
    return true;
  }

 private:
  EventSource& source_;
  Timestamp times_[2];
  std::size_t done_ = 0;
  Event next_;
  bool has_next_ = false;
};

// Limits under which a demo shows something: the testing profile of the configuration guide.
RiskLimits demo_limits() {
  RiskLimits limits;
  limits.min_edge_millionths = 10'000;
  limits.min_liquidity = Money::whole(10);
  return limits;
}

fs::path demo_folder(const DemoOptions& options) {
  if (!options.data.empty()) {
    fs::create_directories(options.data);
    return options.data;
  }
  std::random_device random;
  const fs::path folder = fs::temp_directory_path() / fmt::format("arbees-demo-{:08x}{:08x}", random(), random());
  fs::create_directories(folder);
  return folder;
}

void report(const DemoOptions& options, const fs::path& folder, TradingRun& run) {
  const RunStatistics& statistics = run.statistics();
  if (!options.json) {
    fmt::print("Demo: {} s of a generated market (seed {}), paper trading\n{}", options.seconds, options.seed,
               statistics.summary());
    fmt::print("ledger: arbees ledger check --data {}\n", folder.string());
    return;
  }
  JsonWriter json;
  json.begin_object();
  statistics.write_fields(json);
  statistics.write_demo_fields(json);
  json.field("data", folder.string()).end_object();
  fmt::print("{}\n", json.take());
}

int run_demo(const DemoOptions& options) {
  if (options.seconds == 0 || options.seconds > 86'400) {
    fmt::print(stderr, "arbees demo: --seconds {} is outside 1..86400\n", options.seconds);
    return kUsage;
  }
  const fs::path folder = demo_folder(options);
  auto ledger = Ledger::open((folder / "ledger.sqlite").string(), Ledger::Durability::Normal);
  if (!ledger) {
    fmt::print(stderr, "arbees demo: {}\n", ledger.error());
    return kFailed;
  }
  GeneratorSettings market;
  market.seed = options.seed;
  market.length = std::chrono::seconds(options.seconds);
  JournalHeader header;
  header.mode = JournalMode::Paper;
  header.seed = options.seed;
  header.created_at = market.starts_at;
  const std::uint64_t session = (*ledger)->next_session();
  auto journal = JournalWriter::create((folder / fmt::format("session-{}.journal", session)).string(), header);
  if (!journal) {
    fmt::print(stderr, "arbees demo: {}\n", journal.error());
    return kFailed;
  }
  const RiskLimits limits = demo_limits();
  const bool began = (*ledger)->begin_session(session, "paper", market.starts_at) &&
                     (*ledger)->set_limits({limits.max_position, limits.max_asset_exposure, limits.max_total_exposure});
  if (!began) {
    fmt::print(stderr, "arbees demo: {}\n", (*ledger)->error());
    return kFailed;
  }
  MarketGenerator generator(market);
  PrefixedSource with_opening(generator, paper_opening(session, limits));
  HaltExercise source(with_opening, market.starts_at + market.length / 2, market.starts_at + market.length * 3 / 5);
  TradingRunOptions settings;
  settings.limits = limits;
  settings.seed = options.seed;
  settings.ledger = ledger->get();
  settings.journal = journal->get();
  TradingRun run(source, settings);
  const volatile bool& stop = install_stop_signal();
  while (!stop && run.step()) {
  }
  std::string trouble = run.finish();
  if (trouble.empty() && !(*journal)->flush(Sync::ToDisk)) trouble = (*journal)->error();
  report(options, folder, run);
  if (trouble.empty()) return kDone;
  fmt::print(stderr, "arbees demo: {}\n", trouble);
  return kFailed;
}

}  // namespace

void add_demo_command(CommandLine& line) {
  Command& command = line.add("demo", "A generated market through the whole engine, on paper: no keys, no network");
  auto options = std::make_shared<DemoOptions>();
  command.option("--seconds", options->seconds, "Length of the market, in its own time (default 60)");
  command.option("--seed", options->seed, "Seed of everything random (default 1)");
  command.option("--port", options->port, "Port of the dashboard; accepted, but this version serves none");
  command.option("--data", options->data, "Folder for ledger and journal (default: a temporary one)");
  command.flag("--headless", options->headless, "Open no browser; this version never does");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return run_demo(*options); });
}

}  // namespace arbees::app

// arbees compare: what the paper venue would have made of the orders of a live session, beside what became of them.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "adapters/store/journal_source.h"
#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/refusal.h"
#include "app/reporting/paper_comparison.h"
#include "app/stop_signal.h"

namespace arbees::app {
namespace {

struct Options {
  std::vector<std::string> journals;
  std::uint64_t kalshi_ms = 0;
  std::uint64_t polymarket_ms = 0;
  bool json = false;
};

using Comparison = std::map<Venue, VenueComparison>;
using RoundTrips = std::map<Venue, Duration>;

double percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

double ms(const LatencyHistogram& latency, double quantile) {
  return static_cast<double>(latency.quantile(quantile)) / 1'000'000.0;
}

void write_side(JsonWriter& json, const char* name, const FillFigures& figures) {
  json.key(name).begin_object().field("filled", figures.filled).field("quantity", to_short_text(figures.quantity));
  json.field("cost", to_short_text(figures.cost)).key("latency_ms").begin_object();
  json.field("p50", ms(figures.latency, 0.5)).field("p99", ms(figures.latency, 0.99));
  json.field("max", ms(figures.latency, 1.0)).end_object().end_object();
}

// The session's events up to the first damage: behind it the engine would decide otherwise than it did, so that the
// answers that are recorded there would belong to other orders.
class SoundPart final : public EventSource {
 public:
  explicit SoundPart(JournalSource& source) : source_(source) {}

  bool poll(Event& event) override {
    if (!source_.poll(event) || source_.is_corrupt()) return false;
    // Numbers go on through all files of a session, and every session counts from the beginning.
    if (event.sequence < last_) is_of_one_session_ = false;
    last_ = event.sequence;
    return is_of_one_session_;
  }
  [[nodiscard]] bool is_of_one_session() const noexcept { return is_of_one_session_; }

 private:
  JournalSource& source_;
  std::uint64_t last_ = 0;
  bool is_of_one_session_ = true;
};

struct Compared {
  Comparison venues;
  JournalMode mode = JournalMode::Live;
  bool is_of_one_session = true;
  std::vector<std::string> complaints;  // where files are damaged or cut short
};

std::string document(const Compared& compared) {
  JsonWriter json;
  json.begin_object().key("complaints").begin_array();
  for (const std::string& complaint : compared.complaints) json.value(complaint);
  json.end_array().key("venues").begin_array();
  for (const auto& [venue, figures] : compared.venues) {
    json.begin_object().field("venue", venue_name(venue)).field("orders", figures.orders);
    json.field("asked", to_short_text(figures.asked)).field("both_filled", figures.both_filled);
    json.field("neither_filled", figures.neither_filled);
    write_side(json, "told", figures.told);
    write_side(json, "paper", figures.paper);
    json.field("compared", to_short_text(figures.compared));
    json.field("dearer_on_paper", to_short_text(figures.dearer_on_paper)).end_object();
  }
  return json.end_array().end_object().take();
}

std::string text(const Comparison& comparison) {
  std::string text;
  for (const auto& [venue, figures] : comparison) {
    const std::uint64_t alike = figures.both_filled + figures.neither_filled;
    text += fmt::format("{}: {} purchases, the same on paper in {:.1f} % of them\n", venue_name(venue), figures.orders,
                        percent(alike, figures.orders));
    const auto side = [&](const char* name, const FillFigures& of) {
      text +=
          fmt::format("  {}: {:.1f} % filled, {} contracts of {} for ${}; answered in p50 {:.0f} ms, p99 {:.0f} ms\n",
                      name, percent(of.filled, figures.orders), to_short_text(of.quantity),
                      to_short_text(figures.asked), to_short_text(of.cost), ms(of.latency, 0.5), ms(of.latency, 0.99));
    };
    side("venue", figures.told);
    side("paper", figures.paper);
    text += fmt::format("  where both filled, paper paid ${} more for {} contracts\n",
                        to_short_text(figures.dearer_on_paper), to_short_text(figures.compared));
  }
  return text.empty() ? "no purchases in these journals\n" : text;
}

int complain(const Options& options, int code, const std::string& why) {
  return refuse("compare", code, why, options.json);
}

// One look at the session with paper orders that take so long.
Result<Compared, std::string> run_through(const std::vector<std::string>& journals, const RoundTrips& round_trips,
                                          const volatile bool& stop) {
  auto source = JournalSource::open(journals);
  if (!source) return failure(source.error());
  const JournalHeader& header = source->journals().front().header();
  Compared compared;
  compared.mode = header.mode;
  for (const JournalReader& journal : source->journals()) {
    const bool is_same = journal.header().session == header.session && journal.header().seed == header.seed;
    compared.is_of_one_session = compared.is_of_one_session && is_same;
  }
  if (header.mode != JournalMode::Live || !compared.is_of_one_session) return compared;
  LatencyModel latency;
  for (const auto& [venue, round_trip] : round_trips) {
    VenueLatency given;
    given.round_trip = round_trip;
    latency.set(venue, given);
  }
  SimulatedExchange exchange(Capacity{}, latency, header.seed == 0 ? 1 : header.seed);
  SoundPart sound(*source);
  PaperComparison comparison(sound, exchange);
  TradingRunOptions settings;
  settings.simulate_execution = false;
  settings.observer = &comparison;
  TradingRun run(comparison, settings);
  while (!stop && run.step()) {
  }
  compared.is_of_one_session = sound.is_of_one_session();
  for (Event rest; source->poll(rest);) {  // so that all damages are told
  }
  compared.complaints = source->complaints();
  compared.venues = comparison.result(compared.complaints.empty() ? JournalExtent::Whole : JournalExtent::CutShort);
  return compared;
}

int compare(const Options& options) {
  for (const std::string& journal : options.journals) {
    if (!std::filesystem::exists(journal)) return complain(options, kNotFound, journal + ": no such file");
  }
  const volatile bool& stop = install_stop_signal();
  RoundTrips round_trips;
  if (options.kalshi_ms != 0) round_trips[Venue::Kalshi] = std::chrono::milliseconds(options.kalshi_ms);
  if (options.polymarket_ms != 0) round_trips[Venue::Polymarket] = std::chrono::milliseconds(options.polymarket_ms);
  // What a live order took is gone from the books that a later paper order meets: so paper is as fast as the venue was.
  auto compared = run_through(options.journals, round_trips, stop);
  if (!compared) return complain(options, kBadInput, compared.error());
  if (compared->mode != JournalMode::Live) {
    return complain(options, kUsage, options.journals.front() + ": not the journal of a live session");
  }
  if (!compared->is_of_one_session) {
    return complain(
        options, kUsage,
        "these journals are of several sessions, or not in order of time: compare those of one live session");
  }
  for (const auto& [venue, figures] : compared->venues) {
    if (figures.told.latency.count() > 0) round_trips.try_emplace(venue, Duration(figures.told.latency.quantile(0.5)));
  }
  compared = run_through(options.journals, round_trips, stop);
  if (!compared) return complain(options, kBadInput, compared.error());
  for (const std::string& complaint : compared->complaints) {
    fmt::print(stderr, "{}; orders behind it, and those whose end is missing, are left out\n", complaint);
  }
  fmt::print("{}{}", options.json ? document(*compared) : text(compared->venues), options.json ? "\n" : "");
  return compared->complaints.empty() ? kDone : kBadInput;
}

}  // namespace

void add_compare_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command = line.add("compare", "What paper trading would have made of the orders of a live session");
  command.positionals("JOURNAL", options->journals, true, "Journals of one live session, in order of time");
  command.option("--kalshi-ms", options->kalshi_ms,
                 "Round trip of a paper order on Kalshi (default: the session's median)");
  command.option("--polymarket-ms", options->polymarket_ms,
                 "Round trip of a paper order on Polymarket (default: the session's median)");
  command.flag("--json", options->json, "Print one JSON document");
  command.run([options] { return compare(*options); });
}

}  // namespace arbees::app

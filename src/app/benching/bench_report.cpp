#include "app/benching/bench_report.h"

#include <fmt/format.h>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "app/benching/kalshi_frames.h"
#include "app/benching/measure.h"
#include "app/benching/memory_sources.h"
#include "app/import/importer.h"
#include "core/simulation/market_generator.h"

namespace arbees::app {
namespace {

RecordStore generated_market(const BenchSettings& settings) {
  GeneratorSettings market;
  market.seed = settings.seed;
  market.length = std::chrono::hours(24 * 365);  // longer than the events last
  MarketGenerator generator(market);
  RecordStore store;
  Event event;
  for (std::size_t i = 0; i < settings.events && generator.poll(event); ++i) store.add(event);
  return store;
}

void write_speed(JsonWriter& json, const RunSpeed& speed, double baseline_ns) {
  json.field("passes", speed.passes).field("events", speed.events).field("decisions", speed.decisions);
  json.field("events_per_second", per_second(speed.events, speed.pass_seconds));
  json.key("ns_per_event").begin_object().field("mean", speed.ns_mean()).field("p50", speed.ns_p50);
  json.field("p99", speed.ns_p99).end_object();
  json.field("getppid_ratio", speed.ns_mean() / baseline_ns);
  json.field("digest", to_hex(speed.digest)).field("repeatable", speed.is_repeatable);
}

std::string speed_line(const char* name, const RunSpeed& speed, double baseline_ns) {
  return fmt::format("{:<8} {:>10.2f} {:>10.0f} {:>8} {:>8} {:>10.2f}\n", name,
                     per_second(speed.events, speed.pass_seconds) / 1e6, speed.ns_mean(), speed.ns_p50, speed.ns_p99,
                     speed.ns_mean() / baseline_ns);
}

}  // namespace

BenchReport run_bench(const BenchSettings& settings) {
  BenchReport report;
  report.getppid_ns = getppid_ns();
  const std::vector<EventBody> opening = paper_opening(settings.seed, RiskLimits{});
  {
    const RecordStore records = generated_market(settings);
    const auto make = [&] {
      return std::make_unique<PrefixedStream>(std::make_unique<RecordSource>(records), opening);
    };
    report.engine = measure_run(make, settings.seconds);
  }
  const KalshiFrames kalshi = make_kalshi_frames(settings.frames, settings.seed);
  std::vector<EventBody> prefix = opening;
  prefix.insert(prefix.end(), kalshi.listings.begin(), kalshi.listings.end());
  const auto make = [&] {
    return std::make_unique<PrefixedStream>(std::make_unique<FrameSource>(kalshi.frames, make_decoder(Venue::Kalshi)),
                                            prefix);
  };
  report.frames = measure_run(make, settings.seconds);
  report.frame_count = kalshi.frames.size();
  for (std::size_t i = 0; i < kalshi.frames.size(); ++i) report.frame_bytes += kalshi.frames.text(i).size();
  report.peak_resident_bytes = peak_resident_bytes();
  return report;
}

std::string BenchReport::to_json() const {
  JsonWriter json;
  json.begin_object().key("baseline").begin_object().field("getppid_ns", getppid_ns).end_object();
  json.key("engine").begin_object();
  write_speed(json, engine, getppid_ns);
  json.end_object().key("frames").begin_object().field("frames", frame_count).field("bytes", frame_bytes);
  json.field("frames_per_second", per_second(frame_count, frames.pass_seconds));
  write_speed(json, frames, getppid_ns);
  json.end_object().field("peak_rss_bytes", peak_resident_bytes).end_object();
  return json.take();
}

std::string BenchReport::to_text() const {
  std::string text = fmt::format("{:<8} {:>10} {:>10} {:>8} {:>8} {:>10}\n", "", "M events/s", "ns/event", "p50 ns",
                                 "p99 ns", "x getppid");
  text += speed_line("engine", engine, getppid_ns);
  text += speed_line("frames", frames, getppid_ns);
  text += fmt::format("{:.2f} M Kalshi frames/s of {:.0f} bytes; getppid {:.0f} ns; peak memory {:.1f} MB\n",
                      per_second(frame_count, frames.pass_seconds) / 1e6,
                      static_cast<double>(frame_bytes) / static_cast<double>(frame_count), getppid_ns,
                      static_cast<double>(peak_resident_bytes) / 1e6);
  return text;
}

}  // namespace arbees::app

// arbees record: every frame of the configured venues, as it arrived, and the events made of them.

#include <fmt/format.h>

#include <cstdio>

#include "adapters/net/io_loop.h"
#include "adapters/telemetry/json.h"
#include "app/cli.h"
#include "app/command.h"
#include "app/config/options.h"
#include "app/data_folder.h"
#include "app/refusal.h"
#include "app/running/authorisation.h"
#include "app/running/live_markets.h"
#include "app/running/recording_sink.h"
#include "app/stop_signal.h"

namespace arbees::app {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(100);
constexpr Duration kProgress = std::chrono::seconds(10);

struct Options {
  ConfigOptions config;
  std::string out;
  std::vector<std::string> venues;
  std::uint64_t seconds = 0;
  bool json = false;
};

void report(const Options& options, const RecordingSink& sink) {
  if (options.json) {
    JsonWriter json;
    json.begin_object().field("out", options.out).field("frames", sink.frames()).field("events", sink.events());
    json.field("anomalies", sink.anomalies()).field("bytes", sink.bytes_written()).end_object();
    fmt::print("{}\n", json.take());
    return;
  }
  fmt::print("{} frames, {} events, {} anomalies, {} bytes in {}\n", sink.frames(), sink.events(), sink.anomalies(),
             sink.bytes_written(), options.out);
}

int record(const Options& options) {
  std::vector<Venue> venues;
  for (const std::string& name : options.venues) {
    const auto venue = parse_venue(name);
    if (!venue) {
      return refuse("record", kUsage,
                    fmt::format("--venue {}: there is no such venue (kalshi, polymarket, coinbase, …)", name),
                    options.json);
    }
    venues.push_back(*venue);
  }
  auto loaded = load_or_complain(options.config, "record", options.json);
  if (!loaded) return loaded.error();
  const std::string closed = open_feed_key(loaded->config, data_folder(options.config.data), {});
  if (!closed.empty()) return refuse("record", kUsage, closed, options.json);
  RawRecorderOptions limits;
  limits.max_bytes = static_cast<std::uint64_t>(loaded->config.record.max_megabytes) * 1'000'000;
  limits.rotate_every = loaded->config.record.rotate_every;
  const Timestamp started = net::IoLoop::now();
  auto sink = RecordingSink::open(
      options.out, limits, static_cast<std::uint64_t>(loaded->config.journal.max_megabytes) * 1'000'000, started);
  if (!sink) return refuse("record", kFailed, sink.error(), options.json);
  net::IoLoop loop;
  auto markets = LiveMarkets::make(loop, loaded->config, **sink, {venues, options.out});
  if (!markets) return refuse("record", kUsage, markets.error(), options.json);
  (*markets)->start();
  const volatile bool& stop = install_stop_signal();
  const Timestamp ends = options.seconds == 0 ? Timestamp::max() : started + std::chrono::seconds(options.seconds);
  Timestamp next_tick = started;
  Timestamp next_progress = started + kProgress;
  bool is_recording = true;
  for (Timestamp now = started; !stop && is_recording && now < ends; now = net::IoLoop::now()) {
    if (now >= next_tick) {
      (*markets)->tick(now);
      is_recording = (*sink)->tick(now);
      next_tick = now + kTick;
    }
    if (now >= next_progress) {
      fmt::print(stderr, "recorded {} frames, {} bytes\n", (*sink)->frames(), (*sink)->bytes_written());
      next_progress = now + kProgress;
    }
    loop.run_for(std::min(next_tick - now, kTick));
  }
  (*markets)->stop();
  const std::string wrong = (*sink)->finish();
  report(options, **sink);
  if (wrong.empty()) return kDone;
  return refuse("record", kFailed, wrong, false);  // the document is printed
}

}  // namespace

void add_record_command(CommandLine& line) {
  auto options = std::make_shared<Options>();
  Command& command = line.add("record", "Record the venues: raw frames with receive times, and the event journal");
  add_config_options(command, options->config);
  command.option("--out", options->out, "Folder of the recording; made if it is missing");
  command.require("--out");
  command.option("--venue", options->venues, "Only this venue; may be given more than once");
  command.option("--seconds", options->seconds, "End after so many seconds (default: when stopped)");
  command.flag("--json", options->json, "Print JSON");
  command.run([options] { return record(*options); });
}

}  // namespace arbees::app

// Speed and memory of a replay, on the largest recorded session: events from a warm journal and raw Kalshi frames
// from memory through the whole engine, each beside what could not be saved (reading alone, parsing alone).
//
//   build/bench/bench/replay_bench [FOLDER OF RECORDINGS [SECONDS]]

#include <fmt/format.h>
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "adapters/store/journal_source.h"
#include "adapters/store/journal_writer.h"
#include "adapters/store/text_file.h"
#include "adapters/venue/recorded_line.h"
#include "app/benching/measure.h"
#include "app/benching/memory_sources.h"
#include "app/benching/run_speed.h"
#include "app/import/importer.h"

namespace arbees::app {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& message) {
  fmt::print(stderr, "replay_bench: {}\n", message);
  std::exit(1);
}

fs::path largest_session(const fs::path& folder) {
  fs::path largest;
  if (!fs::is_directory(folder)) fail(folder.string() + ": no such folder");
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".zst") continue;
    if (largest.empty() || entry.file_size() > fs::file_size(largest)) largest = entry.path();
  }
  if (largest.empty()) fail(folder.string() + ": no recordings");
  return largest;
}

std::uint64_t import_session(const fs::path& recording, const std::string& path) {
  auto journal = JournalWriter::create(path, JournalHeader{});
  if (!journal) fail(journal.error());
  ImportSummary summary;
  ImportSink sink(**journal, summary);
  const auto importer = make_importer("kalshi-btc15m-l2");
  const std::string error = importer->import_file(recording.string(), sink, summary);
  if (!error.empty() || !sink.finish()) fail(recording.string() + ": " + error);
  return summary.events;
}

// The recorder put its own keys first and left out the subscription's number: the frame as the venue sent it.
std::string venue_form(std::string_view frame, std::uint64_t subscription) {
  constexpr std::string_view kAfterSource = "\"src\":\"kalshi\",";
  const std::size_t source = frame.find(kAfterSource);
  const std::size_t sequence = frame.find("\"seq\":");
  if (source == std::string_view::npos || sequence == std::string_view::npos) return std::string(frame);
  const std::size_t begin = source + kAfterSource.size();
  if (sequence < begin) return std::string(frame);
  return fmt::format("{{{}\"sid\":{},{}", frame.substr(begin, sequence - begin), subscription, frame.substr(sequence));
}

// The Kalshi frames about books and prices, without the recorder's own lines.
FrameStore load_frames(const fs::path& recording) {
  auto reader = LineReader::open(recording.string());
  if (!reader) fail(recording.string() + ": cannot be read");
  RecordedLineReader lines;
  FrameStore frames;
  std::uint64_t subscription = 0;
  std::string_view line;
  while (reader->next(line)) {
    const RecordedFrame frame = lines.unwrap(line);
    const auto holds = [&](std::string_view text) { return frame.frame.find(text) != std::string_view::npos; };
    if (holds("\"ws_connected\"")) ++subscription;
    if (!frame.received_at || frame.source == "coinbase") continue;
    if (!holds("\"orderbook_") && !holds("\"ticker\"")) continue;
    frames.add(venue_form(frame.frame, subscription), *frame.received_at);
  }
  return frames;
}

// What the recorder's own lines said about contracts: all names, terms and phases, to come first.
std::vector<EventBody> listings_of(const std::string& journal) {
  auto source = JournalSource::open({journal});
  if (!source) fail(source.error());
  std::vector<EventBody> listings;
  Event event;
  while (source->poll(event)) {
    if (std::holds_alternative<InstrumentNamed>(event.body) || std::holds_alternative<ContractListed>(event.body) ||
        std::holds_alternative<ContractPhaseChanged>(event.body)) {
      listings.push_back(event.body);
    }
  }
  return listings;
}

std::unique_ptr<EventSource> open_journal(const std::string& path) {
  auto source = JournalSource::open({path});
  if (!source) fail(source.error());
  return std::make_unique<JournalSource>(std::move(*source));
}

// The median time of some passes of the work.
template <class Work>
double median_seconds(double seconds, Work&& work) {
  std::vector<double> times;
  double spent = 0.0;
  work();
  while (times.size() < 3 || spent < seconds) {
    const double start = thread_seconds();
    work();
    times.push_back(thread_seconds() - start);
    spent += times.back();
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

void print_line(const char* name, std::uint64_t count, double seconds, double baseline_ns) {
  const double ns = seconds * 1e9 / static_cast<double>(count);
  fmt::print("{:<40} {:>9} {:>8.2f} M/s {:>8.1f} ns {:>7.2f} x getppid\n", name, count,
             per_second(count, seconds) / 1e6, ns, ns / baseline_ns);
}

void print_percentiles(const RunSpeed& speed) {
  fmt::print("  event p50 {} ns, p99 {} ns; {} decisions; {} passes; digest {:016x}{}\n", speed.ns_p50, speed.ns_p99,
             speed.decisions, speed.passes, speed.digest, speed.is_repeatable ? "" : " NOT REPEATABLE");
}

void bench_journal(const std::string& journal, double seconds, double baseline_ns) {
  std::uint64_t events = 0;
  const double reading = median_seconds(seconds / 4, [&] {
    const auto source = open_journal(journal);
    Event event;
    for (events = 0; source->poll(event);) ++events;
  });
  print_line("journal read alone", events, reading, baseline_ns);
  const RunSpeed speed = measure_run(
      [&] { return std::make_unique<PrefixedStream>(open_journal(journal), paper_opening(1, RiskLimits{})); }, seconds);
  print_line("replay: journal, exchange, engine", speed.events, speed.pass_seconds, baseline_ns);
  print_percentiles(speed);
  fmt::print("  {:.2f} times the read alone\n", speed.pass_seconds / reading);
}

void bench_frames(const FrameStore& frames, std::vector<EventBody> prefix, double seconds, double baseline_ns) {
  std::size_t bytes = 0;
  const double parsing = median_seconds(seconds / 4, [&] {
    simdjson::dom::parser parser;
    bytes = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      simdjson::dom::element element;
      const std::string_view text = frames.text(i);
      if (parser.parse(text.data(), text.size(), false).get(element) != simdjson::SUCCESS) fail("a frame is no JSON");
      bytes += text.size();
    }
  });
  fmt::print("frames of {:.0f} bytes on average\n", static_cast<double>(bytes) / static_cast<double>(frames.size()));
  print_line("simdjson DOM parse alone", frames.size(), parsing, baseline_ns);
  const double decoding = median_seconds(seconds / 4, [&] {
    const auto decoder = make_decoder(Venue::Kalshi);
    DecodedFrame decoded;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      decoded.clear();
      decoder->decode(frames.text(i), frames.received_at(i), decoded);
    }
  });
  print_line("decoder alone", frames.size(), decoding, baseline_ns);
  const RunSpeed speed = measure_run(
      [&] {
        return std::make_unique<PrefixedStream>(std::make_unique<FrameSource>(frames, make_decoder(Venue::Kalshi)),
                                                prefix);
      },
      seconds);
  print_line("frames: decoder, exchange, engine", frames.size(), speed.pass_seconds, baseline_ns);
  print_percentiles(speed);
  fmt::print("  {:.2f} times the parse alone, {:.2f} times the decoder alone\n", speed.pass_seconds / parsing,
             speed.pass_seconds / decoding);
}

int bench(const fs::path& folder, double seconds) {
  const fs::path recording = largest_session(folder);
  const std::string journal = fs::temp_directory_path() / fmt::format("replay-bench-{}.journal", getpid());
  const std::uint64_t imported = import_session(recording, journal);
  const double baseline_ns = getppid_ns();
  fmt::print("{}: {} events; getppid {:.0f} ns\n", recording.filename().string(), imported, baseline_ns);
  const std::uint64_t memory_before = peak_resident_bytes();
  bench_journal(journal, seconds, baseline_ns);
  fmt::print("  peak memory {:.1f} MB ({:.1f} MB before the first replay)\n",
             static_cast<double>(peak_resident_bytes()) / 1e6, static_cast<double>(memory_before) / 1e6);
  std::vector<EventBody> prefix = paper_opening(1, RiskLimits{});
  for (const EventBody& body : listings_of(journal)) prefix.push_back(body);
  fs::remove(journal);
  bench_frames(load_frames(recording), std::move(prefix), seconds, baseline_ns);
  return 0;
}

}  // namespace
}  // namespace arbees::app

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ARBEES_SOURCE_DIR "/../shared/data/kalshi-btc15m-l2";
  return arbees::app::bench(folder, argc > 2 ? std::atof(argv[2]) : 2.0);
}

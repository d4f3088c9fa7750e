#pragma once
// Recordings of others → event journals: what all formats share.
//
// Every line is counted from 1 within its file. A line that cannot be read is noted with its number and
// what is wrong, and the rest goes on. Events leave in order: received_at never decreases, settlements
// come at their time.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/frame.h"
#include "core/market/ports.h"

namespace arbees::app {

struct ImportIssue {
  std::string file;
  std::uint64_t line = 0;
  std::string kind;  // an anomaly's name, or "unreadable"
  std::string detail;
};

struct ImportSummary {
  static constexpr std::size_t kMaxIssues = 1000;  // kept with text; all are counted

  std::uint64_t lines = 0;
  std::uint64_t frames = 0;
  std::uint64_t events = 0;
  std::uint64_t bad_lines = 0;  // unreadable: exit code 3
  std::uint64_t corrected_times = 0;
  std::map<std::string, std::uint64_t> anomalies;
  std::vector<ImportIssue> issues;
};

// Where imported events go; keeps time from stepping back.
class ImportSink {
 public:
  ImportSink(EventJournal& journal, ImportSummary& summary) noexcept : journal_(journal), summary_(summary) {}

  // False when the journal could not be written; nothing more is tried then.
  bool write(Event event);
  // Keeps a settlement until its time has come in the stream, or the end.
  void schedule(Event event);
  // Writes what was scheduled and is left.
  bool finish();

 private:
  bool write_now(Event event);

  EventJournal& journal_;
  ImportSummary& summary_;
  std::vector<Event> scheduled_;  // sorted by time, earliest last
  Timestamp latest_ = kNoTime;
  std::uint64_t sequence_ = 0;
  bool failed_ = false;
};

// One format. `import_file` reads one recording completely.
class Importer {
 public:
  virtual ~Importer() = default;
  // Returns an error text when the file cannot be read at all; bad lines are no such error.
  [[nodiscard]] virtual std::string import_file(const std::string& path, ImportSink& sink, ImportSummary& summary) = 0;
};

// The formats by name; null for an unknown one.
[[nodiscard]] std::unique_ptr<Importer> make_importer(std::string_view format);
// "kalshi-btc15m-l2, …": for messages.
[[nodiscard]] std::string importer_names();

// The decoder of a venue's live frames; null for venues without one.
[[nodiscard]] std::unique_ptr<FrameDecoder> make_decoder(Venue venue);

// Passes on what a frame gave: events into the sink, anomalies into the summary.
bool deliver(const DecodedFrame& decoded, ImportSink& sink);
void note_anomalies(const DecodedFrame& decoded, const std::string& file, std::uint64_t line, ImportSummary& summary);
void note_bad_line(const std::string& file, std::uint64_t line, std::string_view detail, ImportSummary& summary);

// A contract as events: its name, its terms, and that it trades.
bool write_listing(ImportSink& sink, Timestamp at, std::string_view symbol, const ContractTerms& terms);

}  // namespace arbees::app

#include "app/running/recording_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

constexpr Duration kFlushEvery = std::chrono::seconds(1);

}  // namespace

Result<std::unique_ptr<RecordingSink>, std::string> RecordingSink::open(const std::string& folder,
                                                                        const RawRecorderOptions& options,
                                                                        std::uint64_t journal_max_bytes,
                                                                        Timestamp now) {
  auto sink = std::make_unique<RecordingSink>();
  auto raw = RawRecorder::open(folder, options);
  if (!raw) return failure(raw.error());
  sink->raw_ = std::move(*raw);
  JournalHeader header;
  header.mode = JournalMode::RecordedMarketData;
  header.created_at = now;
  std::string stamp = to_iso_ms(now);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  const auto path = std::filesystem::path(folder) / fmt::format("events-{}.journal", stamp);
  auto journal = JournalSeries::create(path.string(), header, {"events-", journal_max_bytes});
  if (!journal) return failure(journal.error());
  sink->journal_ = std::move(*journal);
  return sink;
}

void RecordingSink::on_event(const Event& event) {
  Event numbered = event;
  numbered.sequence = ++sequence_;
  numbered.received_at = last_ = std::max(last_, event.received_at);
  (void)journal_->writer().append(numbered);  // remembers its failure, which ends the recording at the next tick
}

void RecordingSink::on_anomaly(Venue, const Anomaly&, Timestamp) { ++anomalies_; }

void RecordingSink::on_raw(Venue venue, std::uint32_t connection, std::string_view frame, Timestamp received_at) {
  raw_->frame(venue, connection, frame, received_at);
}

void RecordingSink::on_marker(Venue venue, std::uint32_t connection, std::string_view text, Timestamp at) {
  raw_->marker(venue, connection, text, at);
}

bool RecordingSink::tick(Timestamp now) {
  if (flushed_at_ == kNoTime) flushed_at_ = now;
  if (now - flushed_at_ >= kFlushEvery) {
    flushed_at_ = now;
    if (journal_->writer().flush(Sync::ToSystem)) (void)journal_->rotate(now);
  }
  return raw_->tick(now) && !journal_->writer().failed();
}

std::string RecordingSink::error() const { return raw_->error().empty() ? journal_->writer().error() : raw_->error(); }

std::string RecordingSink::finish() {
  (void)raw_->flush();
  (void)journal_->writer().flush(Sync::ToDisk);
  return error();
}

}  // namespace arbees::app

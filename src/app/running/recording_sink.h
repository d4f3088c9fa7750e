#pragma once
// Takes everything that feeds tell into a recording: raw frames with markers, and the journal of events beside them.

#include <memory>
#include <string>

#include "adapters/store/journal_series.h"
#include "adapters/store/raw_recorder.h"
#include "adapters/venue/feed.h"

namespace arbees::app {

class RecordingSink final : public FeedSink {
 public:
  // The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<RecordingSink>, std::string> open(const std::string& folder,
                                                                                const RawRecorderOptions& options,
                                                                                std::uint64_t journal_max_bytes,
                                                                                Timestamp now);

  void on_event(const Event& event) override;
  void on_anomaly(Venue venue, const Anomaly& anomaly, Timestamp at) override;
  void on_raw(Venue venue, std::uint32_t connection, std::string_view frame, Timestamp received_at) override;
  void on_marker(Venue venue, std::uint32_t connection, std::string_view text, Timestamp at) override;

  // Writes out and rotates what is due. False if the recording cannot go on: error() says why.
  bool tick(Timestamp now);
  [[nodiscard]] std::string finish();
  [[nodiscard]] std::string error() const;

  [[nodiscard]] std::uint64_t frames() const noexcept { return raw_->frames(); }
  [[nodiscard]] std::uint64_t events() const noexcept { return sequence_; }
  [[nodiscard]] std::uint64_t anomalies() const noexcept { return anomalies_; }
  [[nodiscard]] std::uint64_t bytes_written() const noexcept {
    return raw_->bytes_written() + journal_->writer().bytes_written();
  }

 private:
  std::unique_ptr<RawRecorder> raw_;
  std::unique_ptr<JournalSeries> journal_;
  Timestamp last_ = kNoTime;
  Timestamp flushed_at_ = kNoTime;
  std::uint64_t sequence_ = 0;
  std::uint64_t anomalies_ = 0;
};

}  // namespace arbees::app

#pragma once
// Writes what arrives from venues, byte for byte, to compressed files that are rotated and bounded.
//
// Bound: a file is ended when its time is up or it has an eighth of max_bytes; then the oldest are removed until an
// eighth is free. So all files together stay within max_bytes, but for what one flush adds.
//
// Files are DIR/raw-<start of file>.jsonl.zst: one JSON object a line, {"recv_ts_ns":…,"src":"kalshi","connection":3,
// "raw":"…"} for a frame and {"recv_ts_ns":…,"src":…,"connection":…,"marker":"connected"} for what happened to the
// connection (docs/recording.md). Every flush ends a checksummed zstd frame, so a crash costs at most what came after
// it and never what came before. Not text: bytes that are no UTF-8 are written as the escapes of Latin-1.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/market/venue.h"

namespace arbees {

struct RawRecorderOptions {
  std::uint64_t max_bytes = std::uint64_t{20} << 30;  // of all raw files of the folder; the oldest go first
  Duration rotate_every = std::chrono::hours(1);
  Duration flush_every = std::chrono::seconds(1);
};

class RawRecorder {
 public:
  // Makes the folder. The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<RawRecorder>, std::string> open(const std::string& folder,
                                                                              const RawRecorderOptions& options);
  ~RawRecorder();  // flushes
  RawRecorder(const RawRecorder&) = delete;
  RawRecorder& operator=(const RawRecorder&) = delete;

  void frame(Venue venue, std::uint32_t connection, std::string_view bytes, Timestamp received_at);
  void marker(Venue venue, std::uint32_t connection, std::string_view text, Timestamp at);
  // Flushes and rotates when it is time to. False after the first failure: error() says which.
  bool tick(Timestamp now);
  bool flush();

  [[nodiscard]] const std::string& error() const noexcept { return error_; }
  [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }
  [[nodiscard]] std::uint64_t bytes_written() const noexcept { return bytes_written_; }
  [[nodiscard]] std::uint64_t files_removed() const noexcept { return files_removed_; }

 private:
  struct Compressor;
  RawRecorder(std::string folder, const RawRecorderOptions& options);

  void begin_line(Venue venue, std::uint32_t connection, Timestamp at);
  [[nodiscard]] bool is_file_full(Timestamp now) const noexcept;
  bool rotate(Timestamp now);
  void remove_oldest();
  bool fail(const std::string& doing);

  std::string folder_;
  RawRecorderOptions options_;
  std::unique_ptr<Compressor> compressor_;
  std::string pending_;     // lines not yet written
  std::string compressed_;  // of one flush
  std::string path_;        // of the present file
  std::string error_;
  int file_ = -1;
  std::uint64_t file_bytes_ = 0;
  Timestamp opened_at_ = kNoTime;
  Timestamp flushed_at_ = kNoTime;
  std::uint64_t frames_ = 0;
  std::uint64_t bytes_written_ = 0;
  std::uint64_t files_removed_ = 0;
};

}  // namespace arbees

#pragma once
// Lines of recordings: finds the venue's own frame, its receive time and its source in each known wrapping.
//
// Known forms (docs/venues/recordings.md): a bare frame; {"received_at":…,"frame":…}; {"recv_ts":…,
// "frame":…}; {"capturedAt":…,"payload":…}; {"recv_ms"|"recv_ts_ns":…,"raw":"…"}; {"recv_ns":…,"src":…,
// then the frame's own keys}; "<unix time> <frame>"; "<unix time>: <frame>"; "<url> <-> <time>" and
// "<url> <- <time>: <sent>" of a connection log, which carry nothing received. Our own recordings
// (docs/recording.md) are of the "raw" form and number the connections; their markers carry nothing received either.

#include <memory>
#include <optional>
#include <string_view>

#include "adapters/venue/frame.h"
#include "core/base/time.h"

namespace arbees {

struct RecordedFrame {
  std::string_view frame;  // padded as FrameDecoder wants it; valid until the next call
  std::optional<Timestamp> received_at;
  std::string_view source;       // "kalshi", "polymarket_clob", …; empty if the line does not say
  std::uint32_t connection = 0;  // which socket, where the recording tells them apart
  bool is_received = true;       // false: a line about the connection or something sent
};

class RecordedLineReader {
 public:
  RecordedLineReader();
  ~RecordedLineReader();
  RecordedLineReader(const RecordedLineReader&) = delete;
  RecordedLineReader& operator=(const RecordedLineReader&) = delete;

  // Never fails: a line in no known wrapping is taken as a bare frame, which the decoder then judges.
  [[nodiscard]] RecordedFrame unwrap(std::string_view line);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// Whether a recording's source name means this venue ("polymarket_clob" is polymarket).
[[nodiscard]] bool source_is_venue(std::string_view source, Venue venue) noexcept;

}  // namespace arbees

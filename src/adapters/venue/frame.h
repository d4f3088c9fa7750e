#pragma once
// What every venue decoder speaks: one frame of text in, events and anomalies out.
//
// A decoder owns the state that its protocol needs to notice losses (sequence numbers, hashes) and says
// so with BookFaulted events beside the anomalies, so that a book fed with its events alone is never
// proven when it should not be. It allocates nothing per message once its buffers have grown.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/market/event.h"

namespace arbees {

// Bytes that may be read (not interpreted) behind every frame handed to a decoder.
inline constexpr std::size_t kFramePadding = 64;

// Owns one frame with its padding; reuse it.
class FrameBuffer {
 public:
  std::string_view assign(std::string_view text) {
    bytes_.assign(text);
    bytes_.append(kFramePadding, '\0');
    return {bytes_.data(), text.size()};
  }

 private:
  std::string bytes_;
};

// The documented list of what can be wrong with what a venue sends (docs/venues/anomalies.md).
enum class AnomalyKind : std::uint8_t {
  Malformed,       // not JSON, or a field is missing or of the wrong type
  SequenceGap,     // a message was lost
  HashMismatch,    // the venue's hash or checksum of the book disagrees with ours
  Crossed,         // best bid ≥ best ask
  UnknownSymbol,   // a change for a book that has no snapshot
  UnknownMessage,  // a message type we do not know
  UnknownField,    // a field we do not know (counted, not an error)
  PriceOffTick,    // a level off the contract's grid
  OutOfRange,      // a number no real market has
  TickSizeChange,  // the tick changed: the book needs a new snapshot
  NegativeLevel,   // a change took away more than was there
  OutOfOrder,      // an old message arrived late and was ignored
};
// "malformed", "sequence_gap", …
[[nodiscard]] std::string_view anomaly_name(AnomalyKind kind) noexcept;

struct Anomaly {
  AnomalyKind kind = AnomalyKind::Malformed;
  std::string symbol;  // empty if unknown
  std::string detail;  // for people: "expected 4, got 9"
};

// The result of one frame; cleared by its user, reused between frames.
struct DecodedFrame {
  std::vector<Event> events;  // received_at and exchange_at are set, sequence is not
  std::vector<Anomaly> anomalies;
  bool is_control = false;  // subscription replies, heartbeats, pongs: understood, and no event

  void clear() {
    events.clear();
    anomalies.clear();
    is_control = false;
  }
};

// What a venue sends that its decoder does not know, since the decoder was made: counted, because a protocol that
// drifts shows it here first.
struct DriftCounts {
  std::uint64_t fields = 0;
  std::uint64_t values = 0;  // of enumerations
};

// One connection's decoder. Also used by `books`, `import` and the tests: there is no second one.
class FrameDecoder {
 public:
  virtual ~FrameDecoder() = default;
  // `frame` is followed by kFramePadding readable bytes. Adds to `out`; never throws for bad input.
  virtual void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) = 0;
  // A new connection: sequences start anew, and every book known so far is told as faulted until its snapshot.
  virtual void reset(Timestamp received_at, DecodedFrame& out) = 0;
  // Unknown message types are anomalies; these are only counted.
  [[nodiscard]] virtual DriftCounts drift() const noexcept { return {}; }
  // The input ends (file or connection): reports what was still waiting for later frames to decide it.
  virtual void finish(Timestamp received_at, DecodedFrame& out) {
    static_cast<void>(received_at);
    static_cast<void>(out);
  }
};

}  // namespace arbees

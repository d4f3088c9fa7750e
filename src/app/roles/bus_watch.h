#pragma once
// What a subscriber has heard of each publisher, and what was missing.

#include <optional>
#include <string>
#include <vector>

#include "adapters/bus/endpoint.h"
#include "adapters/bus/envelope.h"
#include "adapters/bus/sequence_watch.h"
#include "adapters/bus/subscriber.h"
#include "adapters/telemetry/json.h"

namespace arbees::app {

class BusWatch {
 public:
  // In the order in which the subscriber has them.
  void add(const std::vector<bus::Endpoint>& endpoints);
  // Counts it; nothing if it is no message.
  std::optional<bus::Envelope> take(const bus::BusFrame& frame);
  // A publisher that was heard and then says nothing for kSilence is told of once.
  void tick(Timestamp now);

  [[nodiscard]] std::uint64_t gaps() const;
  // "publishers": [{"endpoint","messages","gaps",…}].
  void write(JsonWriter& json) const;
  // A line for each publisher that was heard.
  void log_report() const;

  static constexpr Duration kSilence = std::chrono::seconds(30);

 private:
  struct Publisher {
    std::string endpoint;
    bus::SequenceWatch watch;
    Timestamp last_at = kNoTime;
    std::uint64_t malformed = 0;
    bool is_silent = false;
  };
  std::vector<Publisher> publishers_;
};

}  // namespace arbees::app

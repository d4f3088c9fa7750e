#include "app/roles/bus_watch.h"

#include <fmt/format.h>

#include "adapters/telemetry/log.h"

namespace arbees::app {

void BusWatch::add(const std::vector<bus::Endpoint>& endpoints) {
  for (const bus::Endpoint& endpoint : endpoints) publishers_.emplace_back().endpoint = endpoint.text();
}

std::optional<bus::Envelope> BusWatch::take(const bus::BusFrame& frame) {
  Publisher& publisher = publishers_[frame.publisher];
  publisher.last_at = frame.received_at;
  const auto envelope = bus::decode_envelope(frame.body);
  if (!envelope) {
    ++publisher.malformed;
    return std::nullopt;
  }
  publisher.watch.on(frame.topic, *envelope);
  return *envelope;
}

void BusWatch::tick(Timestamp now) {
  for (Publisher& publisher : publishers_) {
    const bool is_silent = publisher.last_at != kNoTime && now - publisher.last_at > kSilence;
    if (is_silent && !publisher.is_silent) {
      log(LogLevel::Warning, "publisher is silent", {{"endpoint", publisher.endpoint}});
    }
    publisher.is_silent = is_silent;
  }
}

std::uint64_t BusWatch::gaps() const {
  std::uint64_t gaps = 0;
  for (const Publisher& publisher : publishers_) gaps += publisher.watch.counts().gaps;
  return gaps;
}

void BusWatch::write(JsonWriter& json) const {
  json.key("publishers").begin_array();
  for (const Publisher& publisher : publishers_) {
    const bus::SequenceCounts& counts = publisher.watch.counts();
    json.begin_object().field("endpoint", publisher.endpoint).field("messages", counts.messages);
    json.field("gaps", counts.gaps).field("missed", counts.missed).field("duplicates", counts.duplicates);
    json.field("restarts", counts.restarts).field("malformed", publisher.malformed);
    json.field("silent", publisher.is_silent).end_object();
  }
  json.end_array();
}

void BusWatch::log_report() const {
  for (const Publisher& publisher : publishers_) {
    const bus::SequenceCounts& counts = publisher.watch.counts();
    if (counts.messages == 0 && publisher.malformed == 0) continue;
    // What was missing is worth a line whatever the level.
    const bool is_whole = counts.gaps == 0 && counts.duplicates == 0 && publisher.malformed == 0;
    log(is_whole ? LogLevel::Info : LogLevel::Warning,
        fmt::format("{}: {} messages, {} gaps ({} missed), {} duplicates, {} restarts, {} malformed",
                    publisher.endpoint, counts.messages, counts.gaps, counts.missed, counts.duplicates, counts.restarts,
                    publisher.malformed));
  }
}

}  // namespace arbees::app

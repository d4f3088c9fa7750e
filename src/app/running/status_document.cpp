#include "app/running/status_document.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"

namespace arbees::app {
namespace {

std::int64_t age_ms(Timestamp since, Timestamp now) {
  return since == kNoTime ? -1 : std::chrono::duration_cast<std::chrono::milliseconds>(now - since).count();
}

std::string_view state_name(FeedState state) {
  if (state == FeedState::Live) return "live";
  return state == FeedState::Stale ? "stale" : "down";
}

void write_feed(const FeedHealth& feed, Timestamp now, JsonWriter& json) {
  json.begin_object().field("venue", venue_name(feed.venue)).field("status", state_name(feed.state));
  json.field("age_ms", age_ms(feed.last_data_at, now)).field("polled", feed.is_polled);
  json.field("frames", feed.frames).field("connects", feed.connects).field("disconnects", feed.disconnects);
  json.field("gaps", feed.gaps).field("resyncs", feed.resyncs);
  json.field("equality_checks", feed.equality_checks).field("equality_failures", feed.equality_failures);
  json.field("malformed", feed.malformed).key("drift").begin_object();
  json.field("unknown_messages", feed.unknown_messages).field("unknown_fields", feed.unknown_fields);
  json.field("unknown_values", feed.unknown_values).end_object();
  json.field("throttled", feed.throttled);
  if (feed.has_clock_skew) {
    json.field("clock_skew_ms", std::chrono::duration_cast<std::chrono::milliseconds>(feed.clock_skew).count());
  }
  if (!feed.last_trouble.empty()) json.field("last_trouble", feed.last_trouble);
  json.end_object();
}

void write_gateway(const GatewayHealth& gateway, JsonWriter& json) {
  json.begin_object().field("venue", venue_name(gateway.venue)).field("ready", gateway.is_ready);
  json.field("streaming", gateway.is_streaming).field("open_orders", static_cast<std::uint64_t>(gateway.open_orders));
  json.field("unknown_orders", static_cast<std::uint64_t>(gateway.unknown_orders));
  json.field("submitted", gateway.submitted).field("refused", gateway.refused).field("canceled", gateway.canceled);
  json.field("lost_answers", gateway.lost_answers).field("resolved", gateway.resolved).field("fills", gateway.fills);
  json.field("failed_fills", gateway.failed_fills).field("throttled", gateway.throttled);
  json.field("stream_connects", gateway.stream_connects);
  if (!gateway.last_trouble.empty()) json.field("last_trouble", gateway.last_trouble);
  json.end_object();
}

}  // namespace

std::string status_document(const StatusInput& input, LiveTrading& trading) {
  const RunStatistics& statistics = trading.run().statistics();
  JsonWriter json;
  json.begin_object().field("running", true).field("pid", static_cast<std::int64_t>(::getpid()));
  json.field("mode", input.mode).field("halted", trading.is_halted());
  json.field("label", input.label.empty() ? input.mode : input.label);
  if (trading.is_halted()) json.field("halt_reason", trading.latch().reason());
  json.field("session", trading.session()).field("started_at", to_iso_ms(input.started_at));
  json.field("written_at", to_iso_ms(input.now)).field("data", trading.folder());
  if (!input.dashboard.empty()) json.field("dashboard", input.dashboard);
  json.key("feeds").begin_array();
  for (const FeedHealth& feed : input.feeds) write_feed(feed, input.now, json);
  json.end_array();
  if (!input.gateways.empty()) {
    json.key("gateways").begin_array();
    for (const GatewayHealth& gateway : input.gateways) write_gateway(gateway, json);
    json.end_array();
  }
  json.key("contracts").begin_object().field("listed", input.listed).field("tradable", input.tradable).end_object();
  statistics.write_fields(json);
  json.end_object();
  return json.take();
}

std::string stopped_document(const std::string& folder) {
  const HaltLatch latch(folder);
  JsonWriter json;
  json.begin_object().field("running", false).field("halted", latch.is_halted());
  if (latch.is_halted()) json.field("halt_reason", latch.reason());
  json.key("feeds").begin_array().end_array().end_object();
  return json.take();
}

std::string status_path(const std::string& folder) { return (std::filesystem::path(folder) / "status.json").string(); }

bool write_status(const std::string& folder, const std::string& document) {
  const std::string path = status_path(folder);
  const std::string fresh = path + ".new";
  std::FILE* const file = std::fopen(fresh.c_str(), "wb");
  if (file == nullptr) return false;
  const bool ok = std::fwrite(document.data(), 1, document.size(), file) == document.size();
  return std::fclose(file) == 0 && ok && std::rename(fresh.c_str(), path.c_str()) == 0;
}

}  // namespace arbees::app

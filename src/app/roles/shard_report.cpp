#include "app/roles/shard_report.h"

#include <unistd.h>

#include <numeric>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

std::string status_of(const ShardReport& report) {
  if (report.is_stopping) return "stopping";
  if (!report.halt_reason.empty()) return "halted";
  return report.hears_prices && !report.is_unanswered ? "healthy" : "degraded";
}

void write_leases(const ShardReport& report, JsonWriter& json) {
  json.key("assets").begin_array();
  for (const ShardLease& lease : report.leases) json.value(asset_name(lease.asset));
  json.end_array().key("fences").begin_object();
  for (const ShardLease& lease : report.leases) json.field(asset_name(lease.asset), lease.fence);
  json.end_object();
}

void write_reasons(const ShardReport& report, JsonWriter& json) {
  json.key("reasons").begin_array();
  if (!report.halt_reason.empty()) json.value(report.halt_reason);
  if (!report.hears_prices) json.value("no prices are heard");
  if (report.is_unanswered) {
    json.value("the executor does not answer: is this shard's bus.requests_pub among the executor's bus.requests_sub?");
  }
  json.end_array();
}

void write_state(const ShardReport& report, JsonWriter& json) {
  json.field("status", status_of(report));
  write_reasons(report, json);
  write_leases(report, json);
  const auto add = [](std::size_t sum, const ShardLease& lease) { return sum + lease.contracts; };
  json.field("event_count", static_cast<std::uint64_t>(
                                std::accumulate(report.leases.begin(), report.leases.end(), std::size_t{0}, add)));
  json.key("left_out").begin_array();
  for (const std::string& market : report.left_out) json.value(market);
  json.end_array().key("checks").begin_object().field("redis_ok", report.is_redis_up).field("zmq_ok", true);
  json.field("price_listener_ok", report.hears_prices).field("executor_ok", !report.is_unanswered).end_object();
  json.key("metrics").begin_object();
  write_shard_counts(report, json);
  json.end_object();
}

}  // namespace

void write_shard_state(const ShardReport& report, JsonWriter& json) {
  json.field("state", status_of(report));
  write_reasons(report, json);
}

void write_shard_counts(const ShardReport& report, JsonWriter& json) {
  json.field("prices_received", report.markets.prices).field("prices_old", report.markets.old);
  json.field("index_prints", report.markets.prints);
  json.field("prices_unknown", report.markets.unknown).field("malformed", report.markets.malformed);
  json.field("gaps", report.gaps).field("silences", report.markets.silences);
  json.field("proven_books", static_cast<std::uint64_t>(report.proven_books)).field("judged", report.judged);
  json.field("execution_requests_sent", report.requests.made).field("requests_filled", report.requests.filled);
  json.field("requests_refused", report.requests.refused).field("requests_repeated", report.requests.repeated);
  json.field("requests_withheld", report.requests.withheld);
  json.field("requests_open", static_cast<std::uint64_t>(report.open_requests));
  json.field("own_discovery", report.asks_catalogues);
}

std::string heartbeat_document(const ShardReport& report, Timestamp now) {
  JsonWriter json;
  json.begin_object().field("shard_id", report.shard).field("shard_type", "crypto").field("boot_id", report.boot);
  json.field("process_id", static_cast<std::int64_t>(::getpid())).field("started_at", to_iso_ms(report.started_at));
  json.field("timestamp", to_iso_ms(now));
  write_state(report, json);
  json.end_object();
  return json.take();
}

std::string answer_document(const ShardCommand& command, const std::string& note, const ShardReport& report,
                            Timestamp now) {
  JsonWriter json;
  json.begin_object().field("type", shard_order_name(command.order)).field("command_id", command.id).field("ok", true);
  if (!command.event_id.empty()) json.field("event_id", command.event_id);
  if (!note.empty()) json.field("note", note);
  json.field("shard_id", report.shard).field("boot_id", report.boot).field("timestamp", to_iso_ms(now));
  write_state(report, json);
  json.end_object();
  return json.take();
}

std::string refusal_document(const ShardCommandRefusal& refusal, const std::string& shard, Timestamp now) {
  JsonWriter json;
  json.begin_object().field("type", refusal.type).field("command_id", refusal.id).field("ok", false);
  json.field("reason", refusal.reason).field("shard_id", shard).field("timestamp", to_iso_ms(now)).end_object();
  return json.take();
}

}  // namespace arbees::app

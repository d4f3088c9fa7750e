#include "app/running/metrics_text.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "adapters/telemetry/metrics_writer.h"
#include "core/base/time.h"

namespace arbees::app {
namespace {

using Value = rapidjson::Value;

// A field of the document, its metric, and for objects of counts the label that their keys become.
struct Row {
  const char* field;
  const char* name;
  MetricKind kind;
  const char* help;
  const char* label = nullptr;
};

constexpr MetricKind kCounter = MetricKind::Counter;
constexpr MetricKind kGauge = MetricKind::Gauge;

constexpr std::array<Row, 31> kRows = {{
    {"events", "arbees_events_total", kCounter, "Events that the engine has handled"},
    {"decisions", "arbees_decisions_total", kCounter, "Judgements of opportunities"},
    {"requests", "arbees_execution_requests_total", kCounter, "ExecutionRequests made, or taken up by an executor"},
    {"fills", "arbees_trades_total", kCounter, "Fills of orders"},
    {"settled", "arbees_positions_settled_total", kCounter, "Positions settled"},
    {"fees", "arbees_fees_dollars", kGauge, "Fees paid in this session"},
    {"published", "arbees_bus_published_total", kCounter, "Messages published on the bus"},
    {"slow_subscribers", "arbees_bus_slow_subscribers_total", kCounter, "Messages that a slow subscriber lost"},
    {"refused", "arbees_refused_total", kCounter, "Messages or requests refused"},
    {"received", "arbees_requests_received_total", kCounter, "Requests received on the bus"},
    {"executed", "arbees_requests_executed_total", kCounter, "Requests executed, in part at least"},
    {"duplicates", "arbees_duplicates_total", kCounter, "Requests or messages that came again"},
    {"fenced", "arbees_requests_fenced_total", kCounter, "Requests refused because their sender's lease was replaced"},
    {"requests_open", "arbees_requests_open", kGauge, "Requests under way"},
    {"requests_refused", "arbees_requests_refused_total", kCounter, "Requests of which nothing was filled"},
    {"requests_repeated", "arbees_requests_repeated_total", kCounter, "Requests that were sent again"},
    {"requests_withheld", "arbees_requests_withheld_total", kCounter, "Requests not sent: halted, or no lease"},
    {"markets", "arbees_markets", kGauge, "Markets published on the bus"},
    {"prices", "arbees_prices_processed_total", kCounter, "Prices taken in from feeds", "kind"},
    {"opportunities", "arbees_opportunities_total", kCounter, "Opportunities seen", "detector"},
    {"rejected", "arbees_opportunities_rejected_total", kCounter, "Judgements that did not become requests", "reason"},
    {"order_ends", "arbees_orders_ended_total", kCounter, "Orders ended", "state"},
    {"request_ends", "arbees_requests_ended_total", kCounter, "Requests ended", "outcome"},
    {"pnl", "arbees_pnl_dollars", kGauge, "Cash flows of this session; total is the result so far", "part"},
    {"contracts", "arbees_contracts", kGauge, "Contracts of the catalog", "state"},
    {"cash", "arbees_cash_dollars", kGauge, "Cash on a venue", "venue"},
    {"free_cash", "arbees_free_cash_dollars", kGauge, "What can be spent on a venue", "venue"},
    {"unpaid", "arbees_unpaid_dollars", kGauge, "What settled contracts have not brought yet", "venue"},
    {"day_result", "arbees_day_result_dollars", kGauge, "What sales and settlements have brought on this UTC day"},
    {"max_daily_loss", "arbees_max_daily_loss_dollars", kGauge, "At which loss of a day trading halts"},
    {"log", "arbees_log_messages_total", kCounter, "Warnings and errors logged", "level"},
}};

constexpr std::array<Row, 11> kFeedRows = {{
    {"frames", "arbees_feed_frames_total", kCounter, "Messages received from a venue"},
    {"connects", "arbees_feed_connects_total", kCounter, "Connections opened"},
    {"disconnects", "arbees_feed_disconnects_total", kCounter, "Connections lost, each followed by a reconnect"},
    {"gaps", "arbees_feed_gaps_total", kCounter, "Losses noticed by sequence, hash or checksum"},
    {"resyncs", "arbees_feed_resyncs_total", kCounter, "Books proven again after a loss"},
    {"equality_checks", "arbees_feed_equality_checks_total", kCounter, "Streamed books compared with REST"},
    {"equality_failures", "arbees_feed_equality_failures_total", kCounter, "Comparisons that found a difference"},
    {"malformed", "arbees_feed_errors_total", kCounter, "Messages that could not be read"},
    {"throttled", "arbees_feed_throttled_total", kCounter, "Waits for the venue's rate limit"},
    {"age_ms", "arbees_feed_age_seconds", kGauge, "Since the last price; absent before the first"},
    {"clock_skew_ms", "arbees_feed_clock_skew_seconds", kGauge, "The venue's clock minus ours"},
}};

constexpr std::array<Row, 11> kGatewayRows = {{
    {"ready", "arbees_gateway_ready", kGauge, "Whether orders can be sent"},
    {"open_orders", "arbees_gateway_open_orders", kGauge, "Orders that rest or are under way"},
    {"unknown_orders", "arbees_gateway_unknown_orders", kGauge, "Orders of which nobody knows what became"},
    {"submitted", "arbees_gateway_submitted_total", kCounter, "Orders sent"},
    {"refused", "arbees_gateway_refused_total", kCounter, "Orders refused by the venue"},
    {"canceled", "arbees_gateway_canceled_total", kCounter, "Orders cancelled"},
    {"lost_answers", "arbees_gateway_lost_answers_total", kCounter, "Answers that did not come"},
    {"resolved", "arbees_gateway_resolved_total", kCounter, "Doubts about orders that the venue resolved"},
    {"fills", "arbees_gateway_fills_total", kCounter, "Fills told by the venue"},
    {"failed_fills", "arbees_gateway_failed_fills_total", kCounter, "Fills that did not settle on chain"},
    {"throttled", "arbees_gateway_throttled_total", kCounter, "Waits for the venue's rate limit"},
}};

constexpr std::array<Row, 6> kPublisherRows = {{
    {"messages", "arbees_bus_messages_total", kCounter, "Messages heard on the bus"},
    {"gaps", "arbees_bus_gaps_total", kCounter, "Gaps in the numbers of a publisher"},
    {"missed", "arbees_bus_missed_total", kCounter, "Messages that were in those gaps"},
    {"duplicates", "arbees_bus_duplicates_total", kCounter, "Messages that came again"},
    {"restarts", "arbees_bus_restarts_total", kCounter, "Publishers that began anew"},
    {"malformed", "arbees_bus_errors_total", kCounter, "Messages that could not be read"},
}};

constexpr std::array<Row, 4> kStreamRows = {{
    {"up", "arbees_redis_streams_up", kGauge, "Whether the Redis that has the streams answers"},
    {"written", "arbees_redis_streams_written_total", kCounter, "Messages added to Redis streams"},
    {"lost", "arbees_redis_streams_lost_total", kCounter, "Messages that Redis streams did not get"},
    {"refused", "arbees_redis_streams_refused_total", kCounter, "Messages that Redis refused"},
}};

constexpr std::array<Row, 6> kDatabaseRows = {{
    {"rows_written", "arbees_database_rows_total", kCounter, "Rows written to the database"},
    {"rows_dropped", "arbees_database_dropped_rows_total", kCounter, "Rows that were given up"},
    {"batches_refused", "arbees_database_refused_batches_total", kCounter, "Batches that the database refused"},
    {"pending_batches", "arbees_database_pending_batches", kGauge, "Batches that wait in memory"},
    {"spilled_batches", "arbees_database_spilled_batches", kGauge, "Batches that wait on disk"},
    {"connects", "arbees_database_connects_total", kCounter, "Connections opened to the database"},
}};

constexpr std::array<std::string_view, 3> kFeedStates = {"live", "stale", "down"};
// Numbers that say who a process is, not what it has done.
constexpr std::array<std::string_view, 2> kIdentity = {"pid", "session"};

const Value* member(const Value& object, const char* key) {
  const auto it = object.FindMember(key);
  return it == object.MemberEnd() ? nullptr : &it->value;
}

std::string_view text_of(const Value& object, const char* key) {
  const Value* value = member(object, key);
  return value != nullptr && value->IsString() ? std::string_view(value->GetString(), value->GetStringLength())
                                               : std::string_view();
}

bool is_number(const Value& value) {
  if (value.IsNumber() || value.IsBool()) return true;
  if (!value.IsString() || value.GetStringLength() == 0) return false;
  const std::string_view text(value.GetString(), value.GetStringLength());
  return text.find_first_not_of("-.0123456789") == std::string_view::npos;
}

void write_sample(MetricsWriter& out, MetricsWriter::Labels labels, const Value& value, double scale = 1) {
  if (value.IsBool()) {
    out.sample(labels, std::uint64_t{value.GetBool() ? 1U : 0U});
  } else if (value.IsUint64() && scale == 1) {
    out.sample(labels, value.GetUint64());
  } else if (value.IsNumber()) {
    out.sample(labels, value.GetDouble() * scale);
  } else {
    out.sample(labels, std::string_view(value.GetString(), value.GetStringLength()));
  }
}

void write_row(const Row& row, const Value& document, MetricsWriter& out) {
  const Value* value = member(document, row.field);
  if (value == nullptr || (row.label == nullptr ? !is_number(*value) : !value->IsObject())) return;
  out.family(row.name, row.kind, row.help);
  if (row.label == nullptr) return write_sample(out, {}, *value);
  for (const auto& [key, count] : value->GetObject()) {
    if (is_number(count)) write_sample(out, {{row.label, key.GetString()}}, count);
  }
}

// One family for all entries of a list, by the field that names them. Fields in milliseconds become seconds.
void write_by(const char* label, const Row& row, const Value& list, MetricsWriter& out) {
  const bool in_ms = std::string_view(row.field).ends_with("_ms");
  out.family(row.name, row.kind, row.help);
  for (const Value& entry : list.GetArray()) {
    const Value* value = member(entry, row.field);
    if (value == nullptr || !is_number(*value)) continue;
    const bool is_unknown = std::string_view(row.field) == "age_ms" && value->GetDouble() < 0;
    if (!is_unknown) write_sample(out, {{label, text_of(entry, label)}}, *value, in_ms ? 0.001 : 1);
  }
}

void write_feeds(const Value& feeds, MetricsWriter& out) {
  out.family("arbees_feed_state", kGauge, "1 for the state that the feed is in");
  for (const Value& feed : feeds.GetArray()) {
    for (const std::string_view state : kFeedStates) {
      const std::uint64_t is_it = text_of(feed, "status") == state ? 1 : 0;
      out.sample({{"venue", text_of(feed, "venue")}, {"state", state}}, is_it);
    }
  }
  for (const Row& row : kFeedRows) write_by("venue", row, feeds, out);
  out.family("arbees_feed_drift_total", kCounter, "What the venue sends that we do not know");
  for (const Value& feed : feeds.GetArray()) {
    const Value* drift = member(feed, "drift");
    if (drift == nullptr || !drift->IsObject()) continue;
    for (const auto& [kind, count] : drift->GetObject()) {
      write_sample(out, {{"venue", text_of(feed, "venue")}, {"kind", kind.GetString()}}, count);
    }
  }
}

void write_exposure(const Value& exposure, MetricsWriter& out) {
  const Row total = {"total", "arbees_total_exposure_dollars", kGauge, "Positions and open orders, fees included"};
  write_row(total, exposure, out);
  write_row({"assets", "arbees_asset_exposure_dollars", kGauge, "The same by asset", "asset"}, exposure, out);
  write_row({"venues", "arbees_venue_exposure_dollars", kGauge, "The same by venue", "venue"}, exposure, out);
}

void write_groups(const Value& told, MetricsWriter& out) {
  write_row({"count", "arbees_event_groups", kGauge, "Events that are watched"}, told, out);
  const Value* nearest = member(told, "nearest");
  if (nearest == nullptr || !nearest->IsArray()) return;
  const auto write = [&](const char* field, const char* name, const char* help) {
    out.family(name, kGauge, help);
    for (const Value& group : nearest->GetArray()) {
      const Value* value = member(group, field);
      if (value == nullptr || !is_number(*value)) continue;
      write_sample(out,
                   {{"group", text_of(group, "group")},
                    {"asset", text_of(group, "asset")},
                    {"settles_at", text_of(group, "settles_at")}},
                   *value);
    }
  };
  write("cheapest_dollar", "arbees_cheapest_dollar",
        "Price of a certain dollar at the best quotes: below 1 is a profit");
  write("arbitrage", "arbees_group_has_arbitrage", "Whether a riskless profit is there now");
}

void write_model(const Value& model, MetricsWriter& out) {
  out.family("arbees_model_contracts", kGauge, "Contracts that the spot model watches, and can price now");
  for (const char* state : {"watched", "priced"}) {
    const Value* count = member(model, state);
    if (count != nullptr && is_number(*count)) write_sample(out, {{"state", state}}, *count);
  }
  write_row({"unavailable", "arbees_model_unavailable", kGauge, "Contracts without a fair value now", "reason"}, model,
            out);
}

void write_gateways(const Value& gateways, MetricsWriter& out) {
  for (const Row& row : kGatewayRows) write_by("venue", row, gateways, out);
}

void write_publishers(const Value& publishers, MetricsWriter& out) {
  for (const Row& row : kPublisherRows) write_by("endpoint", row, publishers, out);
}

void write_database(const Value& database, MetricsWriter& out) {
  out.family("arbees_database_state", kGauge, "1 for the state that the connection is in");
  out.sample({{"state", text_of(database, "status")}}, std::uint64_t{1});
  for (const Row& row : kDatabaseRows) write_row(row, database, out);
}

void write_streams(const Value& streams, MetricsWriter& out) {
  for (const Row& row : kStreamRows) write_row(row, streams, out);
}

void write_stages(const Value& stages, MetricsWriter& out) {
  out.family("arbees_stage_seconds", MetricKind::Histogram, "Time that the stages of a trade took");
  std::vector<MetricBucket> buckets;
  for (const Value& stage : stages.GetArray()) {
    const Value* list = member(stage, "buckets");
    const Value* count = member(stage, "count");
    const Value* sum = member(stage, "sum_s");
    if (list == nullptr || !list->IsArray() || count == nullptr || sum == nullptr) continue;
    buckets.clear();
    for (const Value& bucket : list->GetArray()) {
      buckets.push_back({bucket.GetArray()[0].GetDouble(), bucket.GetArray()[1].GetUint64()});
    }
    out.histogram({{"stage", text_of(stage, "stage")}}, buckets, count->GetUint64(), sum->GetDouble());
  }
}

void write_process(const Value& document, MetricsWriter& out) {
  const std::string_view role = text_of(document, "role");
  out.family("arbees_info", kGauge, "Always 1; its labels say what runs");
  out.sample({{"role", role.empty() ? "run" : role},
              {"mode", text_of(document, "mode")},
              {"label", text_of(document, "label")}},
             std::uint64_t{1});
  write_row({"halted", "arbees_halted", kGauge, "1 while the kill switch is set"}, document, out);
  if (const std::string_view redis = text_of(document, "redis"); !redis.empty()) {
    out.family("arbees_redis_up", kGauge, "Whether the configured Redis answers");
    out.sample({}, std::uint64_t{redis == "up" ? 1U : 0U});
  }
  const auto started = parse_iso8601(text_of(document, "started_at"));
  if (!started) return;
  out.family("arbees_start_time_seconds", kGauge, "When the process began, in seconds since 1970");
  out.sample({}, std::chrono::duration<double>(started->time_since_epoch()).count());
}

bool is_known(std::string_view field) {
  const auto is_field = [&](const Row& row) { return field == row.field; };
  return std::any_of(kRows.begin(), kRows.end(), is_field) ||
         std::find(kIdentity.begin(), kIdentity.end(), field) != kIdentity.end();
}

void write_others(const Value& document, MetricsWriter& out) {
  out.family("arbees_role_value", kGauge, "Other numbers of the status document");
  for (const auto& [name, value] : document.GetObject()) {
    if (value.IsNumber() && !is_known(name.GetString())) write_sample(out, {{"name", name.GetString()}}, value);
  }
}

using Write = void (*)(const Value&, MetricsWriter&);

void write_object(const Value& document, const char* field, Write write, MetricsWriter& out) {
  const Value* object = member(document, field);
  if (object != nullptr && object->IsObject()) write(*object, out);
}

void write_list(const Value& document, const char* field, Write write, MetricsWriter& out) {
  const Value* list = member(document, field);
  if (list != nullptr && list->IsArray() && !list->Empty()) write(*list, out);
}

}  // namespace

std::string metrics_text(const std::string& status_document) {
  rapidjson::Document document;
  document.Parse(status_document.data(), status_document.size());
  if (document.HasParseError() || !document.IsObject()) return {};
  MetricsWriter out;
  write_process(document, out);
  for (const Row& row : kRows) write_row(row, document, out);
  write_list(document, "feeds", write_feeds, out);
  write_list(document, "gateways", write_gateways, out);
  write_list(document, "publishers", write_publishers, out);
  write_object(document, "database", write_database, out);
  write_object(document, "redis_streams", write_streams, out);
  write_object(document, "exposure", write_exposure, out);
  write_object(document, "event_groups", write_groups, out);
  write_object(document, "model", write_model, out);
  write_list(document, "stages", write_stages, out);
  write_others(document, out);
  return out.take();
}

}  // namespace arbees::app

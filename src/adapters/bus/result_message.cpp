#include "adapters/bus/result_message.h"

#include <algorithm>
#include <array>

#include "adapters/bus/envelope_reader.h"
#include "adapters/bus/json_number.h"

namespace arbees::bus {
namespace {

void write_text(JsonWriter& json, const char* name, const std::string& text) {
  json.key(name);
  if (text.empty()) {
    json.null();
  } else {
    json.value(text);
  }
}

void write_legs(JsonWriter& json, const std::vector<ResultLeg>& legs) {
  json.key("legs").begin_array();
  for (const ResultLeg& leg : legs) {
    json.begin_object().field("platform", leg.platform).field("market_id", leg.market_id);
    json.field("symbol", leg.symbol).field("outcome", leg.outcome).field("order_id", leg.order_id);
    write_number(json, "filled_qty", leg.filled);
    write_number(json, "cost", leg.cost);
    write_number(json, "fees", leg.fees);
    json.end_object();
  }
  json.end_array();
}

// Money per contract, rounded up to the unit of prices: what was paid is not made to look less.
Price average(Money cost, Quantity quantity) {
  if (!quantity.is_positive()) return {};
  return Price::from_units((cost.units() + quantity.units() - 1) / quantity.units());
}

constexpr double kMost = 1e9;
constexpr rapidjson::SizeType kMostLegs = 64;

template <class Value>
Value read(JsonReader& reader, const char* name) {
  const auto value = read_number<Value>(reader.number(name), kMost);
  if (!value) reader.fail(name, "out of range");
  return value.value_or(Value{});
}

void read_legs(JsonReader& reader, const rapidjson::Value* rows, std::vector<ResultLeg>& legs, std::string& error) {
  if (rows == nullptr) return;
  if (rows->Size() > kMostLegs) return reader.fail("legs", "too many");
  for (const auto& row : rows->GetArray()) {
    if (!row.IsObject()) return reader.fail("legs", "each leg is an object");
    JsonReader fields(row, "payload.legs.", error);
    ResultLeg leg;
    leg.platform = std::string(fields.text("platform"));
    leg.market_id = std::string(fields.text("market_id"));
    leg.symbol = std::string(fields.text("symbol"));
    leg.outcome = std::string(fields.text("outcome"));
    leg.filled = read<Quantity>(fields, "filled_qty");
    leg.cost = read<Money>(fields, "cost");
    leg.fees = read<Money>(fields, "fees");
    legs.push_back(std::move(leg));
  }
}

}  // namespace

std::string_view result_kind(ResultStatus status) noexcept {
  return status == ResultStatus::Filled ? "executed" : result_status_name(status);
}

std::string_view result_status_name(ResultStatus status) noexcept {
  switch (status) {
    case ResultStatus::Filled: return "filled";
    case ResultStatus::Partial: return "partial";
    case ResultStatus::Rejected: return "rejected";
    case ResultStatus::Failed: return "failed";
    case ResultStatus::Cancelled: return "cancelled";
  }
  return "failed";
}

std::string encode_result(const ExecutionResult& result) {
  Money fees;
  for (const ResultLeg& leg : result.legs) fees += leg.fees;
  const ResultLeg first = result.legs.empty() ? ResultLeg{} : result.legs.front();
  JsonWriter json;
  json.begin_object().field("request_id", result.request_id).field("idempotency_key", result.idempotency_key);
  json.field("status", result_status_name(result.status));
  write_text(json, "rejection_reason", result.rejection_reason);
  write_text(json, "order_id", first.order_id);
  write_number(json, "filled_qty", first.filled);
  write_number(json, "avg_price", average(first.cost, first.filled));
  write_number(json, "fees", fees);
  write_text(json, "platform", result.platform);
  write_text(json, "market_id", result.market_id);
  write_text(json, "contract_team", result.asset);
  write_text(json, "game_id", result.event_id);
  write_text(json, "sport", result.sport);
  write_text(json, "signal_id", result.signal_id);
  write_text(json, "signal_type", result.signal_type);
  json.field("edge_pct", result.edge_pct);
  write_text(json, "side", result.side);
  write_text(json, "requested_at", result.requested_at == kNoTime ? std::string() : to_iso_ms(result.requested_at));
  json.field("received_at", to_iso_ns(result.received_at)).field("executed_at", to_iso_ms(result.executed_at));
  // In milliseconds with microseconds: 1.234.
  const auto latency_us =
      std::chrono::duration_cast<std::chrono::microseconds>(result.executed_at - result.received_at).count();
  json.key("latency_ms").raw(format_decimal_short(latency_us, 3));
  write_text(json, "asset", result.asset);
  write_legs(json, result.legs);
  json.field("duplicate", false).end_object();
  return json.take();
}

Result<ExecutionResult, std::string> decode_result(std::string_view message) {
  const auto opened = open_message(message);
  if (!opened) return failure(opened.error());
  std::string error;
  JsonReader reader(opened->payload(), "payload.", error);
  ExecutionResult result;
  result.request_id = std::string(reader.text("request_id"));
  result.rejection_reason = std::string(reader.optional_text("rejection_reason"));
  result.received_at = reader.optional_time("received_at");
  constexpr std::array kStatuses = {ResultStatus::Filled, ResultStatus::Partial, ResultStatus::Rejected,
                                    ResultStatus::Failed, ResultStatus::Cancelled};
  const std::string_view status = reader.text("status");
  const auto known = std::find_if(kStatuses.begin(), kStatuses.end(),
                                  [&](ResultStatus candidate) { return result_status_name(candidate) == status; });
  if (known == kStatuses.end()) {
    reader.fail("status", "not a known status");
  } else {
    result.status = *known;
  }
  read_legs(reader, reader.array("legs"), result.legs, error);
  if (!error.empty()) return failure(std::move(error));
  return result;
}

std::string as_duplicate(const std::string& payload) {
  constexpr std::string_view kFresh = "\"duplicate\":false}";
  if (!payload.ends_with(kFresh)) return payload;
  return payload.substr(0, payload.size() - kFresh.size()) + "\"duplicate\":true}";
}

}  // namespace arbees::bus

#include "adapters/bus/request_message.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/bus/envelope_reader.h"
#include "adapters/bus/json_number.h"
#include "adapters/bus/topics.h"

namespace arbees::bus {
namespace {

constexpr double kMaxMoney = 1e9;

bool is_same_word(std::string_view text, std::string_view word) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

Price read_limit(JsonReader& reader, const char* name) {
  const double number = reader.number(name);
  // A limit is never raised by rounding; what rounds down to nothing is no price.
  const auto price = read_number<Price>(number, 1);
  if (price && number < 1 && is_contract_price(*price)) return *price;
  reader.fail(name, "price must lie between 0 and 1");
  return {};
}

template <class Value>
Value read_size(JsonReader& reader, const char* name) {
  const double number = reader.number(name);
  const auto size = read_number<Value>(number, kMaxSize);
  if (size && size->is_positive()) return *size;
  reader.fail(name, "size must be positive and at most 1000000");
  return {};
}

Outcome read_outcome(JsonReader& reader, const char* name, std::string_view yes, std::string_view no) {
  const std::string_view text = reader.text(name);
  if (is_same_word(text, yes)) return Outcome::Yes;
  if (!is_same_word(text, no)) reader.fail(name, fmt::format("must be {} or {}", yes, no));
  return Outcome::No;
}

Money read_money(JsonReader& reader, const char* name) {
  const auto number = reader.optional_number(name);
  if (!number) return {};
  const auto money = read_number<Money>(*number, kMaxMoney);
  if (!money) reader.fail(name, "out of range");
  return money.value_or(Money{});
}

void read_legs(JsonReader& reader, const rapidjson::Value& rows, BusRequest& request, std::string& error) {
  if (rows.Empty() || rows.Size() > kMaxRequestLegs) return reader.fail("legs", "1 to 16 legs are allowed");
  for (rapidjson::SizeType i = 0; i < rows.Size() && error.empty(); ++i) {
    if (!rows[i].IsObject()) return reader.fail("legs", "each leg is an object");
    JsonReader fields(rows[i], fmt::format("payload.legs[{}].", i), error);
    RequestLeg leg;
    leg.platform = std::string(fields.text("platform"));
    leg.market_id = std::string(fields.text("market_id"));
    leg.token_id = std::string(fields.optional_text("token_id"));
    leg.outcome = read_outcome(fields, "outcome", "yes", "no");
    leg.limit = read_limit(fields, "max_price");
    leg.contracts = read_size<Quantity>(fields, "contracts");
    request.legs.push_back(std::move(leg));
  }
}

void read_crypto(JsonReader& reader, BusRequest& request, std::string& error) {
  request.event_id = std::string(reader.optional_text("event_id"));
  request.probability = reader.optional_number("probability").value_or(0);
  if (request.probability < 0 || request.probability > 1) reader.fail("probability", "must lie between 0 and 1");
  request.created_at = reader.optional_time("timestamp");
  request.deadline = reader.optional_time("deadline");
  request.size = read_size<Money>(reader, "suggested_size");
  request.outlay = read_money(reader, "outlay");
  request.guaranteed = read_money(reader, "guaranteed");
  request.fence = reader.optional_count("fence");
  RequestLeg leg;
  leg.platform = std::string(reader.text("platform"));
  leg.market_id = std::string(reader.text("market_id"));
  leg.token_id = std::string(reader.optional_text("token_id"));
  leg.outcome = read_outcome(reader, "direction", "Long", "Short");
  leg.limit = read_limit(reader, "max_price");
  if (const auto current = reader.optional_number("current_price")) {
    request.current_price = read_number<Price>(*current, 1).value_or(Price::from_units(-1));
    if (request.current_price < kPriceZero) reader.fail("current_price", "price must lie between 0 and 1");
  }
  if (reader.optional_number("contracts")) leg.contracts = read_size<Quantity>(reader, "contracts");
  const rapidjson::Value* legs = reader.array("legs");
  if (legs != nullptr) return read_legs(reader, *legs, request, error);
  request.legs.push_back(std::move(leg));
}

void read_other(JsonReader& reader, BusRequest& request) {
  request.event_id = std::string(reader.optional_text("game_id"));
  request.sport = std::string(reader.optional_text("sport"));
  request.signal_id = std::string(reader.optional_text("signal_id"));
  request.probability = reader.optional_number("model_prob").value_or(0);
  request.created_at = reader.optional_time("created_at");
  request.deadline = reader.optional_time("expires_at");
  RequestLeg leg;
  leg.platform = std::string(reader.text("platform"));
  leg.market_id = std::string(reader.text("market_id"));
  leg.token_id = std::string(reader.optional_text("token_id"));
  leg.outcome = read_outcome(reader, "side", "yes", "no");
  leg.limit = read_limit(reader, "limit_price");
  leg.contracts = read_size<Quantity>(reader, "size");
  request.legs.push_back(std::move(leg));
}

// Empty, or why the time forbids it.
std::string judge_time(Timestamp created_at, Timestamp now) {
  const auto age_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - created_at).count();
  if (now - created_at > kMaxAge) return fmt::format("stale: {} ms old, 60000 allowed", age_ms);
  if (created_at - now > kMaxAhead) return fmt::format("from the future: {} ms ahead, 5000 allowed", -age_ms);
  return {};
}

// The id of a body that may be wrong in every other respect.
std::string id_in(const rapidjson::Document& document) {
  const auto payload = document.FindMember("payload");
  const auto& object = payload != document.MemberEnd() && payload->value.IsObject()
                           ? payload->value
                           : static_cast<const rapidjson::Value&>(document);
  const auto id = object.FindMember("request_id");
  if (id == object.MemberEnd() || !id->value.IsString()) return {};
  const std::string_view text(id->value.GetString(), id->value.GetStringLength());
  return is_topic_part(text) ? std::string(text) : std::string();
}

Result<BusRequest, std::string> read_request(const OpenMessage& message, std::string_view topic, Timestamp now) {
  std::string error;
  JsonReader reader(message.payload(), "payload.", error);
  BusRequest request;
  request.is_crypto = topic.starts_with(kCryptoRequestPrefix);
  request.source = message.envelope.source;
  request.request_id = std::string(reader.text("request_id"));
  if (!is_topic_part(request.request_id)) reader.fail("request_id", "must be printable, without spaces, at most 200");
  request.idempotency_key = std::string(reader.optional_text("idempotency_key"));
  if (request.idempotency_key.empty()) request.idempotency_key = request.request_id;
  request.asset = std::string(reader.optional_text("asset"));
  request.signal_type = std::string(reader.optional_text("signal_type"));
  request.reason = std::string(reader.optional_text("reason"));
  request.edge_pct = reader.optional_number("edge_pct").value_or(0);
  if (request.is_crypto) {
    read_crypto(reader, request, error);
  } else {
    read_other(reader, request);
  }
  if (!error.empty()) return failure("malformed: " + error);
  if (!fits_unix_ms(message.envelope.timestamp_ms)) return failure(std::string("malformed: timestamp_ms out of range"));
  const Timestamp sent_at = from_unix_ms(message.envelope.timestamp_ms);
  if (request.created_at == kNoTime) request.created_at = sent_at;
  for (const Timestamp time : {request.created_at, sent_at}) {
    std::string wrong = judge_time(time, now);
    if (!wrong.empty()) return failure(std::move(wrong));
  }
  if (request.deadline != kNoTime && request.deadline <= now) return failure(std::string(kPastDeadline));
  return request;
}

}  // namespace

Result<BusRequest, RequestRefusal> decode_request(std::string_view topic, std::string_view message, Timestamp now) {
  RequestRefusal refusal;
  refusal.request_id = request_id_of(topic).empty() ? "unknown" : std::string(request_id_of(topic));
  auto document = parse_json(message);
  if (!document) {
    refusal.reason = "malformed: " + document.error();
    return failure(std::move(refusal));
  }
  std::string id = id_in(*document);
  if (!id.empty()) refusal.request_id = std::move(id);
  auto opened = open_message(std::move(*document));
  if (!opened) {
    refusal.reason = "malformed: " + opened.error();
    return failure(std::move(refusal));
  }
  auto request = read_request(*opened, topic, now);
  if (request) return std::move(*request);
  refusal.reason = request.error();
  return failure(std::move(refusal));
}

std::string encode_request(const BusRequest& request) {
  const RequestLeg& first = request.legs.front();
  JsonWriter json;
  json.begin_object().field("request_id", request.request_id).field("event_id", request.event_id);
  json.field("asset", request.asset).field("signal_type", request.signal_type).field("platform", first.platform);
  json.field("market_id", first.market_id).field("direction", first.outcome == Outcome::Yes ? "Long" : "Short");
  json.field("edge_pct", request.edge_pct).field("probability", request.probability);
  write_number(json, "suggested_size", request.size);
  write_number(json, "max_price", first.limit);
  write_number(json, "current_price", request.current_price);
  json.field("timestamp", to_iso_ms(request.created_at)).field("volatility_factor", request.volatility_factor);
  json.field("exposure_check", request.exposure_check).field("balance_check", request.balance_check);
  json.field("idempotency_key", request.idempotency_key);
  if (request.deadline != kNoTime) json.field("deadline", to_iso_ms(request.deadline));
  if (first.contracts) write_number(json, "contracts", *first.contracts);
  write_number(json, "outlay", request.outlay);
  write_number(json, "guaranteed", request.guaranteed);
  json.field("reason", request.reason);
  if (request.fence) json.field("fence", *request.fence);
  json.key("legs").begin_array();
  for (const RequestLeg& leg : request.legs) {
    json.begin_object().field("platform", leg.platform).field("market_id", leg.market_id);
    if (!leg.token_id.empty()) json.field("token_id", leg.token_id);
    json.field("outcome", leg.outcome == Outcome::Yes ? "yes" : "no");
    write_number(json, "max_price", leg.limit);
    write_number(json, "contracts", leg.contracts.value_or(Quantity{}));
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace arbees::bus

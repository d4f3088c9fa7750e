#include "adapters/bus/index_message.h"

#include "adapters/bus/envelope_reader.h"
#include "adapters/bus/json_number.h"

namespace arbees::bus {
namespace {

constexpr double kMostValue = 1e9;

SettlementSource source_of(std::string_view name) {
  for (std::uint8_t i = 1; settlement_source_name(static_cast<SettlementSource>(i)) != "invalid"; ++i) {
    if (settlement_source_name(static_cast<SettlementSource>(i)) == name) return static_cast<SettlementSource>(i);
  }
  return SettlementSource::Unknown;
}

}  // namespace

std::string encode_index_print(const IndexPrintMessage& print) {
  JsonWriter json;
  json.begin_object().field("kind", "index").field("asset", asset_name(print.asset));
  json.field("settlement_source", settlement_source_name(print.source));
  write_number(json, "value", print.value);
  json.field("index_time", to_iso_ms(print.index_time)).field("index_ns", unix_ns(print.index_time));
  json.field("timestamp", to_iso_ms(print.received_at)).end_object();
  return json.take();
}

Result<IndexPrintMessage, std::string> decode_index_print(std::string_view message) {
  const auto opened = open_message(message);
  if (!opened) return failure(opened.error());
  std::string error;
  JsonReader reader(opened->payload(), "payload.", error);
  IndexPrintMessage print;
  print.asset = parse_asset(reader.text("asset")).value_or(Asset::Unknown);
  if (print.asset == Asset::Unknown) reader.fail("asset", "unknown");
  print.source = source_of(reader.text("settlement_source"));
  if (print.source == SettlementSource::Unknown) reader.fail("settlement_source", "unknown");
  const auto value = read_number<SpotPrice>(reader.number("value"), kMostValue);
  if (!value || !value->is_positive()) reader.fail("value", "out of range");
  print.value = value.value_or(SpotPrice{});
  const std::uint64_t index_ns = reader.count("index_ns");
  if (index_ns > static_cast<std::uint64_t>(INT64_MAX)) reader.fail("index_ns", "out of range");
  if (error.empty()) print.index_time = from_unix_ns(static_cast<std::int64_t>(index_ns));
  print.received_at = reader.time("timestamp");
  if (!error.empty()) return failure(std::move(error));
  return print;
}

}  // namespace arbees::bus

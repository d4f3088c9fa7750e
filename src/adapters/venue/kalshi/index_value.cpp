#include "adapters/venue/kalshi/index_value.h"

#include "adapters/venue/kalshi/fields.h"

namespace arbees::kalshi {
namespace {

// Collects the top-level fields of {"type":"value","id":"BRTI","time":1710000000123,"value":"68000.12"}.
class VendorFrame final : public JsonHandler {
 public:
  void begin_object(std::string_view) override { ++depth_; }
  void end_object() override { --depth_; }
  void begin_array(std::string_view) override { ++depth_; }
  void end_array() override { --depth_; }
  void scalar(std::string_view key, const JsonScalar& scalar) override {
    if (depth_ != 1) return;
    if (key == "id") id = scalar;
    if (key == "time") time = scalar;
    if (key == "value") value = scalar;
  }

  JsonScalar id;
  JsonScalar time;
  JsonScalar value;

 private:
  int depth_ = 0;
};

bool fill_print(const JsonScalar& value, const JsonScalar& time, IndexPrint& print) noexcept {
  print.index_time = read_unix_ms(time);
  return read_spot_price(value, print.value) && print.value.is_positive() && print.index_time != kNoTime;
}

}  // namespace

Asset index_asset(std::string_view index_id) noexcept {
  constexpr std::string_view kSuffix = "USD_RTI";
  if (index_id == "BRTI") return Asset::BTC;
  if (!index_id.ends_with(kSuffix)) return Asset::Unknown;
  index_id.remove_suffix(kSuffix.size());
  return parse_asset(index_id).value_or(Asset::Unknown);
}

const char* IndexValueReader::read(const Message& message, IndexPrint& print) {
  const JsonScalar& index = message[Field::IndexId];
  if (!index.is_string()) return "index_id";
  print.asset = index_asset(index.text);
  print.source = SettlementSource::CfBenchmarksMean60;
  if (message[Field::ValueUsd].has_value()) {
    return fill_print(message[Field::ValueUsd], message[Field::SourceTimeMs], print) ? nullptr
                                                                                     : "value_usd, source_ts_ms";
  }
  const JsonScalar& data = message[Field::Data];
  if (!data.is_string()) return "data";
  return read_vendor_frame(index.text, data.text, print);
}

const char* IndexValueReader::read_vendor_frame(std::string_view index_id, std::string_view data, IndexPrint& print) {
  VendorFrame vendor;
  if (walker_.walk(buffer_.assign(data), vendor) != nullptr) return "data is not JSON";
  if (vendor.id.has_value() && vendor.id.text != index_id) return "data is of another index";
  return fill_print(vendor.value, vendor.time, print) ? nullptr : "data: time, value";
}

}  // namespace arbees::kalshi

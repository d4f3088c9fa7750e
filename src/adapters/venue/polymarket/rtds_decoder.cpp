#include "adapters/venue/polymarket/rtds_decoder.h"

#include <simdjson.h>

#include <array>
#include <vector>

#include "adapters/venue/wire_decimal.h"

namespace arbees::polymarket {
namespace {

using simdjson::ondemand::json_type;

struct Point {
  std::string_view timestamp;
  std::string_view value;
  std::string_view full_accuracy_value;
};

struct PriceMessage {
  std::string_view topic, type, symbol, window;
  Point point;
  std::vector<Point> history;
  bool has_payload = false;
  std::uint32_t unknown_fields = 0;
};

std::string_view trimmed(std::string_view token) noexcept {
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) {
    token.remove_suffix(1);
  }
  return token;
}

simdjson::error_code read_scalar(simdjson::ondemand::value value, std::string_view& text) {
  json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type == json_type::string) return value.get_string().get(text);
  if (type == json_type::number) text = trimmed(value.raw_json_token());
  return simdjson::SUCCESS;
}

simdjson::error_code read_point_field(std::string_view key, simdjson::ondemand::value value, Point& point) {
  if (key == "timestamp") return read_scalar(value, point.timestamp);
  if (key == "value") return read_scalar(value, point.value);
  if (key == "full_accuracy_value") return read_scalar(value, point.full_accuracy_value);
  return simdjson::SUCCESS;
}

simdjson::error_code read_history(simdjson::ondemand::value value, std::vector<Point>& history) {
  simdjson::ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  for (auto item : array) {
    simdjson::ondemand::object object;
    if (const auto error = item.get_object().get(object)) return error;
    Point& point = history.emplace_back();
    for (auto field : object) {
      std::string_view key;
      if (const auto error = field.unescaped_key().get(key)) return error;
      simdjson::ondemand::value content;
      if (const auto error = field.value().get(content)) return error;
      if (const auto error = read_point_field(key, content, point)) return error;
    }
  }
  return simdjson::SUCCESS;
}

simdjson::error_code read_payload(simdjson::ondemand::value value, PriceMessage& message) {
  simdjson::ondemand::object object;
  if (const auto error = value.get_object().get(object)) return error;
  message.has_payload = true;
  for (auto field : object) {
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return error;
    simdjson::ondemand::value content;
    if (const auto error = field.value().get(content)) return error;
    simdjson::error_code error = simdjson::SUCCESS;
    if (key == "symbol") {
      error = read_scalar(content, message.symbol);
    } else if (key == "window_s") {
      error = read_scalar(content, message.window);
    } else if (key == "data") {
      error = read_history(content, message.history);
    } else {
      if (key != "timestamp" && key != "value" && key != "full_accuracy_value") ++message.unknown_fields;
      error = read_point_field(key, content, message.point);
    }
    if (error) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code read_message(simdjson::ondemand::object object, PriceMessage& message) {
  for (auto field : object) {
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return error;
    simdjson::ondemand::value value;
    if (const auto error = field.value().get(value)) return error;
    simdjson::error_code error = simdjson::SUCCESS;
    if (key == "topic") {
      error = read_scalar(value, message.topic);
    } else if (key == "type") {
      error = read_scalar(value, message.type);
    } else if (key == "payload") {
      error = read_payload(value, message);
    } else if (key != "timestamp" && key != "connection_id") {
      ++message.unknown_fields;
    }
    if (error) return error;
  }
  return simdjson::SUCCESS;
}

// "btc/usd" → BTC; Unknown for whatever is not an asset in dollars.
Asset asset_of(std::string_view symbol) noexcept {
  const std::size_t slash = symbol.find('/');
  if (slash == std::string_view::npos || slash > 8 || symbol.substr(slash) != "/usd") return Asset::Unknown;
  std::array<char, 8> upper{};
  for (std::size_t i = 0; i < slash; ++i) {
    const char c = symbol[i];
    upper[i] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return parse_asset({upper.data(), slash}).value_or(Asset::Unknown);
}

SettlementSource source_of(const PriceMessage& message) noexcept {
  if (message.topic == "crypto_prices_twap_sixty") return SettlementSource::ChainlinkTwap60;
  if (message.topic == "crypto_prices_twap_thirty") return SettlementSource::ChainlinkTwap30;
  if (message.window == "60") return SettlementSource::ChainlinkTwap60;
  if (message.window == "30") return SettlementSource::ChainlinkTwap30;
  return message.window.empty() ? SettlementSource::ChainlinkSpot : SettlementSource::Unknown;
}

// Chainlink's full_accuracy_value is an integer of 10^-18; ten digits are finer than ours and cut.
WireNumber read_value(const Point& point, SpotPrice& price) noexcept {
  constexpr std::size_t kExcessDigits = 18 - SpotPrice::kDecimals;
  const std::string_view scaled = point.full_accuracy_value;
  if (!scaled.empty()) {
    if (scaled.find_first_not_of("0123456789") != std::string_view::npos) return WireNumber::Malformed;
    if (scaled.size() <= kExcessDigits) return WireNumber::OutOfRange;
    const auto units = parse_decimal(scaled.substr(0, scaled.size() - kExcessDigits), 0);
    if (!units) return WireNumber::OutOfRange;
    price = SpotPrice::from_units(*units);
  } else {
    const auto value = SpotPrice::parse(point.value, ExcessDigits::Floor);
    if (!value) return WireNumber::Malformed;
    price = *value;
  }
  return price.is_positive() && price <= kLargestSpotPrice ? WireNumber::Ok : WireNumber::OutOfRange;
}

}  // namespace

class RtdsDecoder::Impl {
 public:
  void decode(std::string_view frame, Timestamp received_at, DecodedFrame& out);

  DriftCounts drift;

 private:
  simdjson::error_code parse(std::string_view frame);
  void emit(const Point& point, Asset asset, Timestamp received_at, DecodedFrame& out);

  simdjson::ondemand::parser parser_;
  PriceMessage message_;
};

simdjson::error_code RtdsDecoder::Impl::parse(std::string_view frame) {
  message_.topic = message_.type = message_.symbol = message_.window = {};
  message_.point = {};
  message_.history.clear();
  message_.has_payload = false;
  message_.unknown_fields = 0;
  simdjson::ondemand::document document;
  const simdjson::padded_string_view padded(frame.data(), frame.size(), frame.size() + kFramePadding);
  if (const auto error = parser_.iterate(padded).get(document)) return error;
  simdjson::ondemand::object object;
  if (const auto error = document.get_object().get(object)) return error;
  if (const auto error = read_message(object, message_)) return error;
  const bool is_at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return is_at_end ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

void RtdsDecoder::Impl::emit(const Point& point, Asset asset, Timestamp received_at, DecodedFrame& out) {
  IndexPrint print;
  print.asset = asset;
  print.source = source_of(message_);
  const WireNumber value = read_value(point, print.value);
  if (value != WireNumber::Ok || !read_unix_ms(point.timestamp, print.index_time)) {
    out.anomalies.push_back(
        Anomaly{anomaly_of(value), std::string(message_.symbol.substr(0, 40)), "price or its time"});
    return;
  }
  out.events.push_back(Event{received_at, print.index_time, 0, print});
}

void RtdsDecoder::Impl::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  const auto report = [&](AnomalyKind kind, std::string_view detail) {
    out.anomalies.push_back(
        Anomaly{kind, std::string(message_.symbol.substr(0, 40)), std::string(detail.substr(0, 80))});
  };
  if (frame == "PONG" || frame == "PING" || frame.empty()) {
    out.is_control = true;
    return;
  }
  if (const auto error = parse(frame)) return report(AnomalyKind::Malformed, simdjson::error_message(error));
  drift.fields += message_.unknown_fields;
  if (!message_.topic.starts_with("crypto_prices")) return report(AnomalyKind::UnknownMessage, message_.topic);
  if (message_.type != "update" && message_.type != "subscribe")
    return report(AnomalyKind::UnknownMessage, message_.type);
  if (!message_.has_payload) return report(AnomalyKind::Malformed, "no payload");
  if (message_.symbol.find('/') == std::string_view::npos) {
    out.is_control = true;  // Binance's price, relayed
    return;
  }
  const Asset asset = asset_of(message_.symbol);
  if (asset == Asset::Unknown) return report(AnomalyKind::UnknownSymbol, "no known asset in dollars");
  for (const Point& point : message_.history) emit(point, asset, received_at, out);
  if (message_.type == "update") emit(message_.point, asset, received_at, out);
}

DriftCounts RtdsDecoder::drift() const noexcept { return impl_->drift; }

RtdsDecoder::RtdsDecoder() : impl_(std::make_unique<Impl>()) {}
RtdsDecoder::~RtdsDecoder() = default;

void RtdsDecoder::decode(std::string_view frame, Timestamp received_at, DecodedFrame& out) {
  impl_->decode(frame, received_at, out);
}

}  // namespace arbees::polymarket

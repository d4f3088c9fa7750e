#include "adapters/venue/binance/message.h"

#include <simdjson.h>

#include "adapters/venue/frame.h"

namespace arbees::binance {
namespace {

using simdjson::error_code;
using simdjson::ondemand::json_type;

std::string_view trimmed(std::string_view token) noexcept {
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) {
    token.remove_suffix(1);
  }
  return token;
}

// Strings, numbers as written, "true", "false"; anything else leaves `text` as it is.
error_code read_scalar(simdjson::ondemand::value value, std::string_view& text) {
  json_type type{};
  if (const auto error = value.type().get(type)) return error;
  switch (type) {
    case json_type::string: return value.get_string().get(text);
    case json_type::number: text = trimmed(value.raw_json_token()); return simdjson::SUCCESS;
    case json_type::boolean: {
      bool flag = false;
      if (const auto error = value.get_bool().get(flag)) return error;
      text = flag ? "true" : "false";
      return simdjson::SUCCESS;
    }
    default: return simdjson::SUCCESS;
  }
}

// Calls visit(key, value) for every field until it returns an error.
template <class Visit>
error_code for_each_field(simdjson::ondemand::object object, Visit&& visit) {
  for (auto item : object) {
    std::string_view key;
    if (const auto error = item.unescaped_key().get(key)) return error;
    simdjson::ondemand::value value;
    if (const auto error = item.value().get(value)) return error;
    if (const error_code error = visit(key, value)) return error;
  }
  return simdjson::SUCCESS;
}

// [["price","quantity"], …]; further elements of a level are ignored.
error_code read_levels(simdjson::ondemand::value value, std::vector<LevelText>& levels) {
  levels.clear();
  simdjson::ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  for (auto item : array) {
    simdjson::ondemand::array pair;
    if (const auto error = item.get_array().get(pair)) return error;
    LevelText& level = levels.emplace_back();
    std::size_t position = 0;
    for (auto part : pair) {
      simdjson::ondemand::value text;
      if (const auto error = part.get(text)) return error;
      if (position < 2) {
        if (const auto error = read_scalar(text, position == 0 ? level.price : level.quantity)) return error;
      }
      ++position;
    }
  }
  return simdjson::SUCCESS;
}

error_code read_letter(std::string_view key, simdjson::ondemand::value value, Message& message) {
  json_type type{};
  if (const auto error = value.type().get(type)) return error;
  const char name = key.front();
  if (type == json_type::array && name == 'b') {
    message.has_bids = true;
    return read_levels(value, message.bids);
  }
  if (type == json_type::array && name == 'a') {
    message.has_asks = true;
    return read_levels(value, message.asks);
  }
  if (type == json_type::object && name == 'k') {
    simdjson::ondemand::object candle;
    if (const auto error = value.get_object().get(candle)) return error;
    return for_each_field(candle, [&](std::string_view field, simdjson::ondemand::value content) -> error_code {
      if (field.size() != 1) return simdjson::SUCCESS;
      return read_scalar(content, message.candle_fields[Message::index(field.front())]);
    });
  }
  return read_scalar(value, message.fields[Message::index(name)]);
}

error_code read_payload_field(std::string_view key, simdjson::ondemand::value value, Message& message) {
  message.is_empty = false;
  if (key.size() == 1) return read_letter(key, value, message);
  if (key == "lastUpdateId") return read_scalar(value, message.last_update_id);
  if (key == "bids") {
    message.has_bids = true;
    return read_levels(value, message.bids);
  }
  if (key == "asks") {
    message.has_asks = true;
    return read_levels(value, message.asks);
  }
  if (key == "result" || key == "msg") message.is_reply = true;
  return simdjson::SUCCESS;
}

error_code read_root_field(std::string_view key, simdjson::ondemand::value value, Message& message) {
  if (key == "stream") return read_scalar(value, message.stream);
  if (key != "data") return read_payload_field(key, value, message);
  json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type != json_type::object) return simdjson::SUCCESS;
  simdjson::ondemand::object payload;
  if (const auto error = value.get_object().get(payload)) return error;
  return for_each_field(payload, [&](std::string_view field, simdjson::ondemand::value content) {
    return read_payload_field(field, content, message);
  });
}

error_code read_document(simdjson::ondemand::parser& parser, std::string_view frame, Message& message) {
  simdjson::ondemand::document document;
  const simdjson::padded_string_view padded(frame.data(), frame.size(), frame.size() + kFramePadding);
  if (const auto error = parser.iterate(padded).get(document)) return error;
  json_type type{};
  if (const auto error = document.type().get(type)) return error;
  if (type == json_type::array) {
    simdjson::ondemand::array array;
    return document.get_array().get(array);  // of all symbols at once: no stream we subscribe to
  }
  simdjson::ondemand::object object;
  if (const auto error = document.get_object().get(object)) return error;
  const error_code error = for_each_field(object, [&](std::string_view key, simdjson::ondemand::value value) {
    return read_root_field(key, value, message);
  });
  if (error) return error;
  const bool is_at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return is_at_end ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

}  // namespace

void Message::clear() noexcept {
  stream = {};
  last_update_id = {};
  bids.clear();
  asks.clear();
  has_bids = has_asks = is_reply = false;
  is_empty = true;
  fields.fill({});
  candle_fields.fill({});
}

struct MessageReader::Parser {
  simdjson::ondemand::parser parser;
};

MessageReader::MessageReader() : parser_(std::make_unique<Parser>()) {}
MessageReader::~MessageReader() = default;

bool MessageReader::read(std::string_view frame) {
  message_.clear();
  const error_code error = read_document(parser_->parser, frame, message_);
  error_ = error ? std::string_view(simdjson::error_message(error)) : std::string_view();
  return error == simdjson::SUCCESS;
}

}  // namespace arbees::binance

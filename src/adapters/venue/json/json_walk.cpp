#include "adapters/venue/json/json_walk.h"

#include <simdjson.h>

#include "adapters/venue/frame.h"

namespace arbees {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

static_assert(kFramePadding >= simdjson::SIMDJSON_PADDING);

std::string_view without_trailing_space(std::string_view token) noexcept {
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) {
    token.remove_suffix(1);
  }
  return token;
}

std::size_t count_digits(std::string_view text) noexcept {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  return count;
}

// The grammar of RFC 8259 §6: simdjson checks it only when the number is converted, which we never do.
bool is_json_number(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t whole = count_digits(text);
  if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::size_t fraction = count_digits(text);
    if (fraction == 0) return false;
    text.remove_prefix(fraction);
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    const std::size_t exponent = count_digits(text);
    if (exponent == 0) return false;
    text.remove_prefix(exponent);
  }
  return text.empty();
}

error_code walk_value(ondemand::value value, std::string_view key, int depth, JsonHandler& handler);

error_code walk_object(ondemand::value value, std::string_view key, int depth, JsonHandler& handler) {
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) return error;
  handler.begin_object(key);
  for (auto result : object) {
    ondemand::field field;
    if (const auto error = std::move(result).get(field)) return error;
    std::string_view name;
    if (const auto error = field.unescaped_key().get(name)) return error;
    if (const auto error = walk_value(field.value(), name, depth + 1, handler)) return error;
  }
  handler.end_object();
  return simdjson::SUCCESS;
}

error_code walk_array(ondemand::value value, std::string_view key, int depth, JsonHandler& handler) {
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  handler.begin_array(key);
  for (auto result : array) {
    ondemand::value element;
    if (const auto error = std::move(result).get(element)) return error;
    if (const auto error = walk_value(element, {}, depth + 1, handler)) return error;
  }
  handler.end_array();
  return simdjson::SUCCESS;
}

error_code walk_scalar(ondemand::value value, ondemand::json_type type, std::string_view key, JsonHandler& handler) {
  JsonScalar scalar;
  if (type == ondemand::json_type::string) {
    scalar.kind = JsonKind::String;
    if (const auto error = value.get_string().get(scalar.text)) return error;
    handler.scalar(key, scalar);
    return simdjson::SUCCESS;
  }
  scalar.text = without_trailing_space(value.raw_json_token());
  if (type == ondemand::json_type::number) {
    if (!is_json_number(scalar.text)) return simdjson::NUMBER_ERROR;
    scalar.kind = JsonKind::Number;
  } else if (scalar.text == "true") {
    scalar.kind = JsonKind::True;
  } else if (scalar.text == "false") {
    scalar.kind = JsonKind::False;
  } else if (scalar.text == "null") {
    scalar.kind = JsonKind::Null;
  } else {
    return simdjson::TAPE_ERROR;
  }
  handler.scalar(key, scalar);
  return simdjson::SUCCESS;
}

error_code walk_value(ondemand::value value, std::string_view key, int depth, JsonHandler& handler) {
  if (depth > JsonWalker::kMaxDepth) return simdjson::DEPTH_ERROR;
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type == ondemand::json_type::object) return walk_object(value, key, depth, handler);
  if (type == ondemand::json_type::array) return walk_array(value, key, depth, handler);
  return walk_scalar(value, type, key, handler);
}

}  // namespace

struct JsonWalker::Parser {
  ondemand::parser parser{kMaxFrameSize};
};

JsonWalker::JsonWalker() : parser_(std::make_unique<Parser>()) {}
JsonWalker::~JsonWalker() = default;
JsonWalker::JsonWalker(JsonWalker&&) noexcept = default;
JsonWalker& JsonWalker::operator=(JsonWalker&&) noexcept = default;

const char* JsonWalker::walk(std::string_view frame, JsonHandler& handler) {
  ondemand::document document;
  const simdjson::padded_string_view padded(frame.data(), frame.size(), frame.size() + kFramePadding);
  if (const auto error = parser_->parser.iterate(padded).get(document)) return simdjson::error_message(error);
  ondemand::value root;
  if (document.get_value().get(root) != simdjson::SUCCESS) return "neither an object nor an array";
  if (const auto error = walk_value(root, {}, 1, handler)) return simdjson::error_message(error);
  // A location is left only if something follows the document.
  if (!document.current_location().error()) return "something follows the document";
  return nullptr;
}

}  // namespace arbees

#include "adapters/venue/kraken/message.h"

#include <simdjson.h>

#include <utility>

#include "adapters/venue/frame.h"

namespace arbees::kraken {
namespace {

using simdjson::error_code;
using simdjson::ondemand::json_type;

template <class Row>
using Field = std::pair<std::string_view, std::string_view Row::*>;

constexpr Field<Entry> kEntryFields[] = {
    {"symbol", &Entry::symbol},        {"timestamp", &Entry::timestamp},
    {"checksum", &Entry::checksum},    {"bid", &Entry::bid},
    {"bid_qty", &Entry::bid_quantity}, {"ask", &Entry::ask},
    {"ask_qty", &Entry::ask_quantity}, {"side", &Entry::side},
    {"price", &Entry::price},          {"qty", &Entry::quantity},
    {"trade_id", &Entry::trade_id},
};
constexpr Field<LevelText> kLevelFields[] = {{"price", &LevelText::price}, {"qty", &LevelText::quantity}};
constexpr Field<PairText> kPairFields[] = {
    {"symbol", &PairText::symbol},
    {"price_precision", &PairText::price_precision},
    {"qty_precision", &PairText::quantity_precision},
};
constexpr Field<Message> kMessageFields[] = {
    {"channel", &Message::channel}, {"type", &Message::type},   {"method", &Message::method},
    {"success", &Message::success}, {"error", &Message::error},
};
constexpr Field<Message> kResultFields[] = {
    {"channel", &Message::result_channel},
    {"symbol", &Message::result_symbol},
    {"depth", &Message::result_depth},
};

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

template <class Row, std::size_t Count>
error_code read_known(std::string_view key, simdjson::ondemand::value value, const Field<Row> (&fields)[Count],
                      Row& row) {
  for (const auto& [name, member] : fields) {
    if (key == name) return read_scalar(value, row.*member);
  }
  return simdjson::SUCCESS;
}

// Calls visit(key, value) for every field until it returns an error.
template <class Visit>
error_code for_each_field(simdjson::ondemand::value container, Visit&& visit) {
  simdjson::ondemand::object object;
  if (const auto error = container.get_object().get(object)) return error;
  for (auto item : object) {
    std::string_view key;
    if (const auto error = item.unescaped_key().get(key)) return error;
    simdjson::ondemand::value value;
    if (const auto error = item.value().get(value)) return error;
    if (const error_code error = visit(key, value)) return error;
  }
  return simdjson::SUCCESS;
}

template <class Visit>
error_code for_each_element(simdjson::ondemand::value container, Visit&& visit) {
  simdjson::ondemand::array array;
  if (const auto error = container.get_array().get(array)) return error;
  for (auto item : array) {
    simdjson::ondemand::value value;
    if (const auto error = item.get(value)) return error;
    if (const error_code error = visit(value)) return error;
  }
  return simdjson::SUCCESS;
}

error_code read_levels(simdjson::ondemand::value value, std::vector<LevelText>& levels) {
  levels.clear();
  return for_each_element(value, [&](simdjson::ondemand::value element) {
    LevelText& level = levels.emplace_back();
    return for_each_field(element, [&](std::string_view key, simdjson::ondemand::value content) {
      return read_known(key, content, kLevelFields, level);
    });
  });
}

error_code read_entry(simdjson::ondemand::value value, Entry& entry) {
  return for_each_field(value, [&](std::string_view key, simdjson::ondemand::value content) {
    if (key == "bids") return read_levels(content, entry.bids);
    if (key == "asks") return read_levels(content, entry.asks);
    return read_known(key, content, kEntryFields, entry);
  });
}

error_code read_pairs(simdjson::ondemand::value value, std::vector<PairText>& pairs) {
  return for_each_element(value, [&](simdjson::ondemand::value element) {
    PairText& pair = pairs.emplace_back();
    return for_each_field(element, [&](std::string_view key, simdjson::ondemand::value content) {
      return read_known(key, content, kPairFields, pair);
    });
  });
}

// An array of entries; in the instrument channel an object with `pairs`.
error_code read_data(simdjson::ondemand::value value, Message& message) {
  json_type type{};
  if (const auto error = value.type().get(type)) return error;
  if (type == json_type::array) {
    return for_each_element(
        value, [&](simdjson::ondemand::value element) { return read_entry(element, message.add_entry()); });
  }
  return for_each_field(value, [&](std::string_view key, simdjson::ondemand::value content) {
    return key == "pairs" ? read_pairs(content, message.pairs) : simdjson::SUCCESS;
  });
}

error_code read_message(simdjson::ondemand::value root, Message& message) {
  return for_each_field(root, [&](std::string_view key, simdjson::ondemand::value value) {
    if (key == "data") return read_data(value, message);
    json_type type{};
    if (const error_code error = value.type().get(type)) return error;
    if (key == "result" && type == json_type::object) {
      return for_each_field(value, [&](std::string_view field, simdjson::ondemand::value content) {
        return read_known(field, content, kResultFields, message);
      });
    }
    return read_known(key, value, kMessageFields, message);
  });
}

error_code read_document(simdjson::ondemand::parser& parser, std::string_view frame, Message& message) {
  simdjson::ondemand::document document;
  const simdjson::padded_string_view padded(frame.data(), frame.size(), frame.size() + kFramePadding);
  if (const auto error = parser.iterate(padded).get(document)) return error;
  simdjson::ondemand::value root;
  if (const auto error = document.get_value().get(root)) return error;
  if (const error_code error = read_message(root, message)) return error;
  const bool is_at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return is_at_end ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
}

}  // namespace

void Message::clear() noexcept {
  channel = type = method = success = error = {};
  result_channel = result_symbol = result_depth = {};
  entry_count = 0;
  pairs.clear();
}

Entry& Message::add_entry() {
  if (entry_count == entries.size()) entries.emplace_back();
  Entry& entry = entries[entry_count++];
  for (const auto& [name, member] : kEntryFields) entry.*member = {};
  entry.bids.clear();
  entry.asks.clear();
  return entry;
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

}  // namespace arbees::kraken

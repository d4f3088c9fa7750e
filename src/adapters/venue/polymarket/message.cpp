#include "adapters/venue/polymarket/message.h"

#include <simdjson.h>

#include <utility>

#include "adapters/venue/frame.h"

namespace arbees::polymarket {
namespace {

using simdjson::ondemand::json_type;

static_assert(kFramePadding >= simdjson::SIMDJSON_PADDING);

using ScalarField = std::pair<std::string_view, std::string_view Message::*>;
constexpr ScalarField kScalars[] = {
    {"market", &Message::market},
    {"asset_id", &Message::asset_id},
    {"timestamp", &Message::timestamp},
    {"hash", &Message::hash},
    {"event_type", &Message::event_type},
    {"tick_size", &Message::tick_size},
    {"last_trade_price", &Message::last_trade_price},
    {"min_order_size", &Message::min_order_size},
    {"neg_risk", &Message::neg_risk},
    {"version", &Message::version},
    {"price", &Message::price},
    {"size", &Message::size},
    {"side", &Message::side},
    {"fee_rate_bps", &Message::fee_rate_bps},
    {"best_bid", &Message::best_bid},
    {"best_ask", &Message::best_ask},
    {"new_tick_size", &Message::new_tick_size},
    {"old_tick_size", &Message::old_tick_size},
    {"winning_asset_id", &Message::winning_asset_id},
    {"id", &Message::id},
    {"topic", &Message::topic},
    {"error", &Message::error},
};

// Specified, and of no use to us: listings of new markets, texts, fees as announced, envelopes of RTDS.
constexpr std::string_view kUnused[] = {
    "question",
    "slug",
    "description",
    "outcomes",
    "event_message",
    "tags",
    "condition_id",
    "active",
    "clob_token_ids",
    "sports_market_type",
    "line",
    "fees_enabled",
    "fee_schedule",
    "taker_base_fee",
    "game_start_time",
    "spread",
    "winning_outcome",
    "transaction_hash",
    "group_item_title",
    "order_price_min_tick_size",
    "type",
    "payload",
    "connection_id",
};

bool is_unused(std::string_view key) noexcept {
  for (const std::string_view name : kUnused) {
    if (key == name) return true;
  }
  return false;
}

using ChangeField = std::pair<std::string_view, std::string_view ChangeText::*>;
constexpr ChangeField kChangeFields[] = {
    {"asset_id", &ChangeText::asset_id}, {"price", &ChangeText::price}, {"size", &ChangeText::size},
    {"side", &ChangeText::side},         {"hash", &ChangeText::hash},   {"best_bid", &ChangeText::best_bid},
    {"best_ask", &ChangeText::best_ask},
};

using LevelField = std::pair<std::string_view, std::string_view LevelText::*>;
constexpr LevelField kLevelFields[] = {{"price", &LevelText::price}, {"size", &LevelText::size}};

std::string_view trimmed(std::string_view token) noexcept {
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) {
    token.remove_suffix(1);
  }
  return token;
}

// Strings, numbers as written, "true", "false"; null and composite values leave `text` as it is.
simdjson::error_code read_scalar(simdjson::ondemand::value value, std::string_view& text) {
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

// Reads the named fields of an object into a row of texts.
template <class Row, std::size_t Count>
simdjson::error_code read_row(simdjson::ondemand::value value,
                              const std::pair<std::string_view, std::string_view Row::*> (&fields)[Count], Row& row) {
  simdjson::ondemand::object object;
  if (const auto error = value.get_object().get(object)) return error;
  for (auto item : object) {
    std::string_view key;
    if (const auto error = item.unescaped_key().get(key)) return error;
    for (const auto& [name, member] : fields) {
      if (key != name) continue;
      simdjson::ondemand::value field;
      if (const auto error = item.value().get(field)) return error;
      if (const auto error = read_scalar(field, row.*member)) return error;
      break;
    }
  }
  return simdjson::SUCCESS;
}

template <class Row, std::size_t Count>
simdjson::error_code read_rows(simdjson::ondemand::value value,
                               const std::pair<std::string_view, std::string_view Row::*> (&fields)[Count],
                               std::vector<Row>& rows) {
  rows.clear();
  simdjson::ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  for (auto item : array) {
    simdjson::ondemand::value element;
    if (const auto error = item.get(element)) return error;
    if (const auto error = read_row(element, fields, rows.emplace_back())) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code read_texts(simdjson::ondemand::value value, std::vector<std::string_view>& texts) {
  texts.clear();
  simdjson::ondemand::array array;
  if (const auto error = value.get_array().get(array)) return error;
  for (auto item : array) {
    simdjson::ondemand::value element;
    if (const auto error = item.get(element)) return error;
    if (const auto error = read_scalar(element, texts.emplace_back())) return error;
  }
  return simdjson::SUCCESS;
}

simdjson::error_code read_field(std::string_view key, simdjson::ondemand::value value, Message& message) {
  for (const auto& [name, member] : kScalars) {
    if (key == name) return read_scalar(value, message.*member);
  }
  if (key == "bids" || key == "buys") {
    message.has_bids = true;
    return read_rows(value, kLevelFields, message.bids);
  }
  if (key == "asks" || key == "sells") {
    message.has_asks = true;
    return read_rows(value, kLevelFields, message.asks);
  }
  if (key == "price_changes" || key == "changes") {
    message.has_changes = true;
    message.has_asset_per_change = key == "price_changes";
    return read_rows(value, kChangeFields, message.changes);
  }
  if (key == "assets_ids") return read_texts(value, message.assets_ids);
  if (!is_unused(key)) ++message.unknown_fields;
  return simdjson::SUCCESS;
}

simdjson::error_code read_object(simdjson::ondemand::object object, Message& message) {
  for (auto item : object) {
    std::string_view key;
    if (const auto error = item.unescaped_key().get(key)) return error;
    simdjson::ondemand::value value;
    if (const auto error = item.value().get(value)) return error;
    if (const auto error = read_field(key, value, message)) return error;
  }
  return simdjson::SUCCESS;
}

}  // namespace

void Message::clear() noexcept {
  for (const auto& [name, member] : kScalars) this->*member = {};
  bids.clear();
  asks.clear();
  changes.clear();
  assets_ids.clear();
  has_bids = has_asks = has_changes = has_asset_per_change = false;
  unknown_fields = 0;
}

struct MessageReader::Parser {
  simdjson::ondemand::parser parser;
};

MessageReader::MessageReader() : parser_(std::make_unique<Parser>()) {}
MessageReader::~MessageReader() = default;

void MessageReader::read(std::string_view frame, MessageHandler& handler) {
  message_.clear();
  const auto refuse = [&](simdjson::error_code error) {
    handler.on_malformed(message_, simdjson::error_message(error));
  };
  simdjson::ondemand::document document;
  const simdjson::padded_string_view padded(frame.data(), frame.size(), frame.size() + kFramePadding);
  if (const auto error = parser_->parser.iterate(padded).get(document)) return refuse(error);
  json_type type{};
  if (const auto error = document.type().get(type)) return refuse(error);
  if (type == json_type::object) {
    simdjson::ondemand::object object;
    if (const auto error = document.get_object().get(object)) return refuse(error);
    if (const auto error = read_object(object, message_)) return refuse(error);
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return refuse(simdjson::TRAILING_CONTENT);
    unknown_fields_ += message_.unknown_fields;
    return handler.on_message(message_);
  }
  simdjson::ondemand::array array;
  if (const auto error = document.get_array().get(array)) return refuse(error);
  for (auto item : array) {
    message_.clear();
    simdjson::ondemand::object object;
    if (const auto error = item.get_object().get(object)) return refuse(error);
    if (const auto error = read_object(object, message_)) return refuse(error);
    unknown_fields_ += message_.unknown_fields;
    handler.on_message(message_);
  }
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    message_.clear();
    refuse(simdjson::TRAILING_CONTENT);
  }
}

}  // namespace arbees::polymarket

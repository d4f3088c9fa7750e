#include "adapters/venue/coinbase/message.h"

#include <optional>
#include <utility>

namespace arbees::coinbase {
namespace {

using NamedField = std::pair<std::string_view, Field>;

// Both feeds' names; Advanced Trade says `quantity` where the Exchange says `size`.
constexpr std::array kFields = {
    NamedField{"type", Field::Type},
    NamedField{"product_id", Field::ProductId},
    NamedField{"price", Field::Price},
    NamedField{"size", Field::Size},
    NamedField{"last_size", Field::LastSize},
    NamedField{"side", Field::Side},
    NamedField{"trade_id", Field::TradeId},
    NamedField{"time", Field::Time},
    NamedField{"timestamp", Field::Time},
    NamedField{"best_bid", Field::BestBid},
    NamedField{"best_bid_size", Field::BestBidSize},
    NamedField{"best_bid_quantity", Field::BestBidSize},
    NamedField{"best_ask", Field::BestAsk},
    NamedField{"best_ask_size", Field::BestAskSize},
    NamedField{"best_ask_quantity", Field::BestAskSize},
};

std::optional<Field> find_field(std::string_view name) noexcept {
  for (const auto& [known, field] : kFields) {
    if (known == name) return field;
  }
  return std::nullopt;
}

bool is_decimal(const JsonScalar& value) noexcept { return value.is_string() || value.is_number(); }

// "bid", "offer", "ask", or the Exchange's "buy" and "sell".
std::optional<BookSide> level_side(const JsonScalar& value) noexcept {
  if (!value.is_string()) return std::nullopt;
  if (value.text == "bid" || value.text == "buy") return BookSide::Bid;
  if (value.text == "offer" || value.text == "ask" || value.text == "sell") return BookSide::Ask;
  return std::nullopt;
}

}  // namespace

LevelProblem read_price(const JsonScalar& value, SpotPrice& price) noexcept {
  if (!is_decimal(value)) return LevelProblem::Malformed;
  const auto exact = SpotPrice::parse(value.text);
  if (!exact) {
    return SpotPrice::parse(value.text, ExcessDigits::Floor) ? LevelProblem::OffTick : LevelProblem::Malformed;
  }
  if (!exact->is_positive()) return LevelProblem::OutOfRange;
  price = *exact;
  return LevelProblem::None;
}

LevelProblem read_size(const JsonScalar& value, SpotQuantity& quantity) noexcept {
  if (!is_decimal(value)) return LevelProblem::Malformed;
  const auto size = SpotQuantity::parse(value.text, ExcessDigits::Floor);
  if (!size) return LevelProblem::Malformed;
  if (size->is_negative()) return LevelProblem::OutOfRange;
  quantity = *size;
  return LevelProblem::None;
}

void Message::clear() noexcept {
  top = {};
  channel = {};
  sequence = {};
  rows.clear();
  row_is_old.clear();
  changes.clear();
  levels.clear();
  flat = {};
  has_book = false;
}

const char* MessageReader::read(std::string_view frame, Message& message) {
  message.clear();
  message_ = &message;
  depth_ = 0;
  return walker_.walk(frame, *this);
}

void MessageReader::begin_object(std::string_view key) {
  switch (context()) {
    case Context::Outside: return push(Context::Top);
    case Context::Top: return push(key == "pricebook" ? Context::Top : Context::Ignored);
    case Context::Events:
      event_ = {};
      event_.first = message_->levels.size();
      event_first_row_ = message_->rows.size();
      return push(Context::Event);
    case Context::Rows: message_->rows.emplace_back(); return push(Context::Row);
    case Context::Updates: level_side_ = level_price_ = level_size_ = {}; return push(Context::Update);
    case Context::Sides: level_price_ = level_size_ = {}; return push(Context::LevelObject);
    case Context::Changes:
    case Context::Pair: spoil_levels(LevelProblem::Malformed); break;
    default: break;
  }
  push(Context::Ignored);
}

void MessageReader::end_object() {
  if (context() == Context::Update || context() == Context::LevelObject) end_level();
  if (context() == Context::Event) {
    event_.count = message_->levels.size() - event_.first;
    if (event_.has_levels) message_->changes.push_back(event_);
    const bool is_old = event_.type.text == "snapshot";
    message_->row_is_old.resize(message_->rows.size(), is_old);
  }
  --depth_;
}

void MessageReader::begin_array(std::string_view key) {
  switch (context()) {
    case Context::Top: return begin_top_array(key);
    case Context::Event: return begin_event_array(key);
    case Context::Sides:
    case Context::Changes:
      pair_size_ = 0;
      level_side_ = level_price_ = level_size_ = {};
      return push(Context::Pair);
    case Context::Updates:
    case Context::Pair: spoil_levels(LevelProblem::Malformed); break;
    default: break;
  }
  push(Context::Ignored);
}

void MessageReader::begin_top_array(std::string_view key) {
  if (key == "events") return push(Context::Events);
  if (key == "changes") {
    message_->flat.has_levels = true;
    return push(Context::Changes);
  }
  if (key == "bids" || key == "asks") {
    message_->flat.has_levels = true;
    message_->has_book = true;
    list_side_ = key == "bids" ? BookSide::Bid : BookSide::Ask;
    return push(Context::Sides);
  }
  push(Context::Ignored);
}

void MessageReader::begin_event_array(std::string_view key) {
  if (key == "updates") {
    event_.has_levels = true;
    return push(Context::Updates);
  }
  push(key == "trades" || key == "tickers" ? Context::Rows : Context::Ignored);
}

void MessageReader::end_array() {
  if (context() == Context::Pair) end_level();
  --depth_;
}

void MessageReader::scalar(std::string_view key, const JsonScalar& value) {
  switch (context()) {
    case Context::Top:
      if (key == "channel") message_->channel = value;
      if (key == "sequence_num") message_->sequence = value;
      if (const auto field = find_field(key)) message_->top.set(*field, value);
      if ((key == "bids" || key == "asks" || key == "changes") && value.has_value()) {
        message_->flat.has_levels = true;
        message_->flat.problem = LevelProblem::Malformed;
      }
      return;
    case Context::Event:
      if (key == "type") event_.type = value;
      if (key == "product_id") event_.product = value;
      if (key == "updates" && value.has_value()) {
        event_.has_levels = true;
        event_.problem = LevelProblem::Malformed;
      }
      return;
    case Context::Row:
      if (const auto field = find_field(key)) message_->rows.back().set(*field, value);
      return;
    case Context::Update:
    case Context::LevelObject:
      if (key == "side") level_side_ = value;
      if (key == "price_level" || key == "price") level_price_ = value;
      if (key == "new_quantity" || key == "size") level_size_ = value;
      return;
    case Context::Pair: return pair_scalar(value);
    case Context::Updates:
    case Context::Sides:
    case Context::Changes: return spoil_levels(LevelProblem::Malformed);
    default: return;
  }
}

// [price, size(, orders)] in a side's list, [side, price, size] in changes.
void MessageReader::pair_scalar(const JsonScalar& value) {
  ++pair_size_;
  const bool is_change = depth_ >= 2 && stack_[depth_ - 2] == Context::Changes;
  const int position = is_change ? pair_size_ - 1 : pair_size_;
  if (position == 0) level_side_ = value;
  if (position == 1) level_price_ = value;
  if (position == 2) level_size_ = value;
}

void MessageReader::end_level() {
  const bool is_listed = stack_[depth_ - 2] == Context::Sides;
  const auto side = is_listed ? std::optional(list_side_) : level_side(level_side_);
  if (!side) return spoil_levels(LevelProblem::Malformed);
  Level level;
  level.side = *side;
  LevelProblem problem = read_price(level_price_, level.price);
  if (problem == LevelProblem::None) problem = read_size(level_size_, level.quantity);
  if (problem != LevelProblem::None) return spoil_levels(problem);
  message_->levels.push_back(level);
}

void MessageReader::spoil_levels(LevelProblem problem) noexcept {
  bool in_event = false;
  for (std::size_t i = 0; i < depth_; ++i) in_event = in_event || stack_[i] == Context::Event;
  LevelProblem& known = in_event ? event_.problem : message_->flat.problem;
  if (known == LevelProblem::None) known = problem;
}

}  // namespace arbees::coinbase

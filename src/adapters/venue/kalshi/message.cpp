#include "adapters/venue/kalshi/message.h"

#include <algorithm>
#include <utility>

#include "adapters/venue/kalshi/fields.h"

namespace arbees::kalshi {
namespace {

using NamedType = std::pair<std::string_view, MessageType>;

constexpr std::array kTypes = {
    NamedType{"orderbook_delta", MessageType::OrderbookDelta},
    NamedType{"orderbook_snapshot", MessageType::OrderbookSnapshot},
    NamedType{"ticker", MessageType::Ticker},
    NamedType{"trade", MessageType::Trade},
    NamedType{"fill", MessageType::Fill},
    NamedType{"user_order", MessageType::UserOrder},
    NamedType{"market_lifecycle_v2", MessageType::MarketLifecycle},
    NamedType{"cfbenchmarks_value", MessageType::CfBenchmarksValue},
    NamedType{"cfbenchmarks_value_5hz", MessageType::CfBenchmarksValue5Hz},
    NamedType{"subscribed", MessageType::Subscribed},
    NamedType{"unsubscribed", MessageType::Unsubscribed},
    NamedType{"ok", MessageType::Ok},
    NamedType{"error", MessageType::Error},
    NamedType{"event_lifecycle", MessageType::Recognised},
    NamedType{"event_fee_update", MessageType::Recognised},
    NamedType{"multivariate_market_lifecycle", MessageType::Recognised},
    NamedType{"multivariate_lookup", MessageType::Recognised},
    NamedType{"market_position", MessageType::Recognised},
    NamedType{"order_group_updates", MessageType::OrderGroupUpdate},
    NamedType{"pyth_value", MessageType::Recognised},
    NamedType{"pyth_value_underlying_list", MessageType::Recognised},
    NamedType{"cfbenchmarks_value_indexlist", MessageType::Recognised},
    NamedType{"cfbenchmarks_value_5hz_indexlist", MessageType::Recognised},
    NamedType{"rfq_created", MessageType::Recognised},
    NamedType{"rfq_deleted", MessageType::Recognised},
    NamedType{"quote_created", MessageType::Recognised},
    NamedType{"quote_accepted", MessageType::Recognised},
    NamedType{"quote_executed", MessageType::Recognised},
};

using NamedField = std::pair<std::string_view, Field>;

// Sorted by length, then by name, for the search below.
constexpr auto kFields = [] {
  std::array fields = {
      NamedField{"market_ticker", Field::MarketTicker},
      NamedField{"ticker", Field::Ticker},
      NamedField{"price", Field::Price},
      NamedField{"price_dollars", Field::PriceDollars},
      NamedField{"delta", Field::Delta},
      NamedField{"delta_fp", Field::DeltaFp},
      NamedField{"side", Field::Side},
      NamedField{"ts", Field::Time},
      NamedField{"ts_ms", Field::TimeMs},
      NamedField{"yes_bid", Field::YesBid},
      NamedField{"yes_bid_dollars", Field::YesBidDollars},
      NamedField{"yes_ask", Field::YesAsk},
      NamedField{"yes_ask_dollars", Field::YesAskDollars},
      NamedField{"yes_price", Field::YesPrice},
      NamedField{"yes_price_dollars", Field::YesPriceDollars},
      NamedField{"no_price", Field::NoPrice},
      NamedField{"no_price_dollars", Field::NoPriceDollars},
      NamedField{"count", Field::Count},
      NamedField{"count_fp", Field::CountFp},
      NamedField{"taker_side", Field::TakerSide},
      NamedField{"taker_outcome_side", Field::TakerOutcomeSide},
      NamedField{"taker_book_side", Field::TakerBookSide},
      NamedField{"is_block_trade", Field::IsBlockTrade},
      NamedField{"trade_id", Field::TradeId},
      NamedField{"order_id", Field::OrderId},
      NamedField{"client_order_id", Field::ClientOrderId},
      NamedField{"order_group_id", Field::OrderGroupId},
      NamedField{"is_taker", Field::IsTaker},
      NamedField{"fee_cost", Field::FeeCost},
      NamedField{"outcome_side", Field::OutcomeSide},
      NamedField{"book_side", Field::BookSide},
      NamedField{"post_position_fp", Field::PostPositionFp},
      NamedField{"status", Field::Status},
      NamedField{"initial_count_fp", Field::InitialCountFp},
      NamedField{"fill_count_fp", Field::FillCountFp},
      NamedField{"remaining_count_fp", Field::RemainingCountFp},
      NamedField{"taker_fill_cost_dollars", Field::TakerFillCostDollars},
      NamedField{"maker_fill_cost_dollars", Field::MakerFillCostDollars},
      NamedField{"taker_fees_dollars", Field::TakerFeesDollars},
      NamedField{"maker_fees_dollars", Field::MakerFeesDollars},
      NamedField{"last_update_reason", Field::LastUpdateReason},
      NamedField{"last_updated_ts_ms", Field::LastUpdatedMs},
      NamedField{"created_ts_ms", Field::CreatedMs},
      NamedField{"event_type", Field::EventType},
      NamedField{"result", Field::Result},
      NamedField{"settlement_value", Field::SettlementValue},
      NamedField{"floor_strike", Field::FloorStrike},
      NamedField{"cap_strike", Field::CapStrike},
      NamedField{"index_id", Field::IndexId},
      NamedField{"data", Field::Data},
      NamedField{"value_usd", Field::ValueUsd},
      NamedField{"source_ts_ms", Field::SourceTimeMs},
      NamedField{"code", Field::Code},
      NamedField{"msg", Field::Text},
      NamedField{"sid", Field::SubscriptionId},
  };
  std::sort(fields.begin(), fields.end(), [](const NamedField& a, const NamedField& b) {
    return a.first.size() != b.first.size() ? a.first.size() < b.first.size() : a.first < b.first;
  });
  return fields;
}();
static_assert(kFields.size() == kFieldCount);

constexpr std::size_t kLongestName = kFields.back().first.size();

// The first field of each length.
constexpr auto kFirstOfLength = [] {
  std::array<std::uint8_t, kLongestName + 2> first{};
  for (std::size_t length = 0; length < first.size(); ++length) {
    std::uint8_t index = 0;
    while (index < kFields.size() && kFields[index].first.size() < length) ++index;
    first[length] = index;
  }
  return first;
}();

std::optional<Field> find_field(std::string_view name) noexcept {
  if (name.size() > kLongestName) return std::nullopt;
  for (std::size_t i = kFirstOfLength[name.size()]; i < kFirstOfLength[name.size() + 1]; ++i) {
    if (kFields[i].first == name) return kFields[i].second;
  }
  return std::nullopt;
}

// Specified, and of no use to us: ids, sizes at the best prices, volumes, texts, deprecated forms of times and sides.
constexpr auto kUnusedFields = [] {
  std::array names = std::to_array<std::string_view>({"action",
                                                      "additional_metadata",
                                                      "avg_60s_data",
                                                      "can_close_early",
                                                      "channel",
                                                      "client_order_id",
                                                      "close_ts",
                                                      "collateral_return_type",
                                                      "created_time",
                                                      "custom_strike",
                                                      "determination_ts",
                                                      "dollar_open_interest",
                                                      "dollar_volume",
                                                      "event_ticker",
                                                      "exchange_index",
                                                      "expiration_time",
                                                      "expiration_ts_ms",
                                                      "fee_multiplier_override",
                                                      "fee_type_override",
                                                      "index_ids",
                                                      "is_deactivated",
                                                      "is_yes",
                                                      "last_60s_windowed_average_15min",
                                                      "last_trade_size_fp",
                                                      "last_update_time",
                                                      "last_updated_time",
                                                      "market_id",
                                                      "market_ids",
                                                      "market_tickers",
                                                      "name",
                                                      "no_sub_title",
                                                      "open_interest",
                                                      "open_interest_fp",
                                                      "open_ts",
                                                      "price_level_structure",
                                                      "price_ranges",
                                                      "purchased_side",
                                                      "received_at",
                                                      "rules_primary",
                                                      "rules_secondary",
                                                      "self_trade_prevention_type",
                                                      "series_ticker",
                                                      "settled_ts",
                                                      "strike_type",
                                                      "subaccount",
                                                      "subaccount_number",
                                                      "subtitle",
                                                      "time",
                                                      "title",
                                                      "user_id",
                                                      "volume",
                                                      "volume_fp",
                                                      "yes_ask_size_fp",
                                                      "yes_bid_size_fp",
                                                      "yes_sub_title"});
  std::sort(names.begin(), names.end());
  return names;
}();

constexpr auto kEnvelopeFields = std::to_array<std::string_view>({"id", "msg", "sending_ts_ms", "type", "sid", "seq"});

bool is_unused(std::string_view name) noexcept {
  return std::binary_search(kUnusedFields.begin(), kUnusedFields.end(), name);
}

bool is_envelope(std::string_view name) noexcept {
  return std::find(kEnvelopeFields.begin(), kEnvelopeFields.end(), name) != kEnvelopeFields.end();
}

struct LevelForm {
  std::string_view name;
  bool is_yes;
  bool in_cents;
  std::uint8_t rank;
};
constexpr std::array kLevelForms = {
    LevelForm{"yes_dollars_fp", true, false, 3},
    LevelForm{"no_dollars_fp", false, false, 3},
    LevelForm{"yes_dollars", true, false, 2},
    LevelForm{"no_dollars", false, false, 2},
    LevelForm{"yes", true, true, 1},
    LevelForm{"no", false, true, 1},
};

const LevelForm* find_level_form(std::string_view name) noexcept {
  const auto* found =
      std::find_if(kLevelForms.begin(), kLevelForms.end(), [name](const LevelForm& form) { return form.name == name; });
  return found == kLevelForms.end() ? nullptr : found;
}

}  // namespace

MessageType message_type(std::string_view name) noexcept {
  for (const auto& [known, type] : kTypes) {
    if (known == name) return type;
  }
  return MessageType::Unknown;
}

void Message::clear() noexcept {
  type = MessageType::Absent;
  type_text = {};
  sid = {};
  seq = {};
  yes.clear();
  no.clear();
  grid = {};
  has_ranges = false;
  has_book = false;
  present_ = 0;
}

const char* MessageReader::read(std::string_view frame, Message& message) {
  message.clear();
  message_ = &message;
  depth_ = 0;
  return walker_.walk(frame, *this);
}

void MessageReader::begin_object(std::string_view key) {
  switch (context()) {
    case Context::Outside: push(Context::Top); return;
    case Context::Top:
      if (key == "msg") {
        push(Context::Body);
      } else if (key == "orderbook_fp" || key == "orderbook") {
        message_->has_book = true;
        push(Context::Body);
      } else {
        if (!is_envelope(key)) ++unknown_fields_;
        push(Context::Ignored);
      }
      return;
    case Context::Body:
      refuse_levels(key);
      if (!is_unused(key) && find_level_form(key) == nullptr) ++unknown_fields_;
      push(key == "additional_metadata" ? Context::Metadata : Context::Ignored);
      return;
    case Context::Ranges:
      range_ = {};
      push(Context::Range);
      return;
    case Context::Levels:
      if (levels_ != nullptr) levels_->problem = LevelProblem::Malformed;
      push(Context::Ignored);
      return;
    default: push(Context::Ignored);
  }
}

void MessageReader::end_object() {
  if (context() == Context::Range) end_range();
  --depth_;
}

void MessageReader::begin_array(std::string_view key) {
  switch (context()) {
    case Context::Body:
      if (key == "price_ranges") {
        message_->has_ranges = true;
        ranges_valid_ = true;
        range_count_ = 0;
        ranges_end_ = kPriceZero;
        message_->grid = {};
        push(Context::Ranges);
        return;
      }
      begin_levels(key);
      return;
    case Context::Levels:
      pair_size_ = 0;
      pair_problem_ = LevelProblem::None;
      push(Context::Pair);
      return;
    case Context::Pair: pair_problem_ = LevelProblem::Malformed; break;
    case Context::Ranges: ranges_valid_ = false; break;
    default: break;
  }
  push(Context::Ignored);
}

void MessageReader::end_array() {
  if (context() == Context::Pair) end_pair();
  if (context() == Context::Ranges) end_ranges();
  --depth_;
}

void MessageReader::scalar(std::string_view key, const JsonScalar& value) {
  switch (context()) {
    case Context::Top:
      if (key == "type") {
        message_->type = value.is_string() ? message_type(value.text) : MessageType::Unknown;
        message_->type_text = value.text;
      } else if (key == "sid") {
        message_->sid = value;
      } else if (key == "seq") {
        message_->seq = value;
      } else if (!is_envelope(key)) {
        ++unknown_fields_;
      }
      return;
    case Context::Body:
      if (const auto field = find_field(key)) {
        message_->set(*field, value);
      } else if (value.has_value()) {
        refuse_levels(key);
        if (!is_unused(key) && find_level_form(key) == nullptr) ++unknown_fields_;
      }
      return;
    case Context::Metadata:
      // Of a market's metadata only the strikes concern us, and they mean the same as in the body.
      if (key == "floor_strike") message_->set(Field::FloorStrike, value);
      if (key == "cap_strike") message_->set(Field::CapStrike, value);
      return;
    case Context::Levels:
      if (levels_ != nullptr) levels_->problem = LevelProblem::Malformed;
      return;
    case Context::Pair: level_scalar(value); return;
    case Context::Range: range_scalar(key, value); return;
    case Context::Ranges: ranges_valid_ = false; return;
    case Context::Outside:
    case Context::Ignored: return;
  }
}

void MessageReader::begin_levels(std::string_view key) noexcept {
  const LevelForm* form = find_level_form(key);
  if (form == nullptr) {
    if (!is_unused(key)) ++unknown_fields_;
    push(Context::Ignored);
    return;
  }
  Levels& levels = form->is_yes ? message_->yes : message_->no;
  levels_ = form->rank >= levels.rank ? &levels : nullptr;
  if (levels_ != nullptr) {
    levels_->clear();
    levels_->rank = form->rank;
  }
  in_cents_ = form->in_cents;
  push(Context::Levels);
}

// A side that is not an array must not pass for an empty one.
void MessageReader::refuse_levels(std::string_view key) noexcept {
  const LevelForm* form = find_level_form(key);
  if (form == nullptr) return;
  Levels& levels = form->is_yes ? message_->yes : message_->no;
  if (form->rank < levels.rank) return;
  levels.clear();
  levels.rank = form->rank;
  levels.problem = LevelProblem::Malformed;
}

void MessageReader::level_scalar(const JsonScalar& value) noexcept {
  ++pair_size_;
  if (levels_ == nullptr || pair_problem_ != LevelProblem::None) return;
  if (pair_size_ == 1) {
    pair_problem_ = in_cents_ ? read_cents(value, level_.price) : read_dollars(value, level_.price);
    if (pair_problem_ == LevelProblem::None && !is_contract_price(level_.price))
      pair_problem_ = LevelProblem::OutOfRange;
  } else if (pair_size_ == 2) {
    pair_problem_ = read_level_size(value, level_.quantity);
  }
}

void MessageReader::end_pair() noexcept {
  if (levels_ == nullptr) return;
  if (pair_size_ != 2) pair_problem_ = LevelProblem::Malformed;
  if (pair_problem_ == LevelProblem::None) {
    if (level_.quantity.is_positive()) levels_->levels.push_back(level_);
  } else if (levels_->problem == LevelProblem::None) {
    levels_->problem = pair_problem_;
  }
}

void MessageReader::range_scalar(std::string_view key, const JsonScalar& value) noexcept {
  Price price;
  if (read_dollars(value, price) != LevelProblem::None) return;
  if (key == "start") range_.start = price;
  if (key == "end") range_.end = price;
  if (key == "step") range_.step = price;
}

// Ranges must ascend without holes, each a whole number of its steps; anything else is an unknown grid.
void MessageReader::end_range() noexcept {
  const bool complete = range_.start && range_.end && range_.step;
  if (!complete || *range_.start != ranges_end_ || *range_.end <= *range_.start || *range_.end > kPriceOne ||
      !range_.step->is_positive() || (*range_.end - *range_.start).units() % range_.step->units() != 0 ||
      range_count_ == message_->grid.bands.size()) {
    ranges_valid_ = false;
    return;
  }
  message_->grid.bands[range_count_++] =
      PriceBand{static_cast<std::uint16_t>(range_.start->units()), static_cast<std::uint16_t>(range_.step->units())};
  ranges_end_ = *range_.end;
}

void MessageReader::end_ranges() noexcept {
  if (!ranges_valid_ || ranges_end_ != kPriceOne) message_->grid = {};
}

}  // namespace arbees::kalshi

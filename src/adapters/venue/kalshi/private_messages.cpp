#include "adapters/venue/kalshi/private_messages.h"

#include <optional>

#include "adapters/venue/kalshi/fields.h"

namespace arbees::kalshi {
namespace {

bool read_identifier(const JsonScalar& value, std::string_view& text) noexcept {
  if (!value.is_string() || value.text.empty()) return false;
  text = value.text;
  return true;
}

// The direction fields in the order of their age, newest first. `side` of old frames is the outcome.
std::optional<BookSide> read_direction(const Message& message) noexcept {
  if (const auto side = read_book_side(message[Field::BookSide])) return side;
  if (const auto side = read_outcome(message[Field::OutcomeSide])) return side;
  return read_outcome(message[Field::Side]);
}

bool read_positive(const JsonScalar& value, Quantity& quantity) noexcept {
  return read_exact_quantity(value, quantity) == LevelProblem::None && quantity.is_positive();
}

bool read_not_negative(const JsonScalar& value, Quantity& quantity) noexcept {
  return read_exact_quantity(value, quantity) == LevelProblem::None && !quantity.is_negative();
}

// No order or fill costs more; keeps the sums below from overflowing.
constexpr Money kLargestAmount = Money::whole(1'000'000'000'000);

// Adds an optional amount; absent counts as nothing.
bool add_money(const JsonScalar& value, Money& sum) noexcept {
  if (!value.has_value()) return true;
  Money amount;
  if (!read_money(value, amount) || amount > kLargestAmount || amount < -kLargestAmount) return false;
  sum += amount;
  return true;
}

UserOrderStatus read_status(const JsonScalar& value) noexcept {
  if (value.text == "resting") return UserOrderStatus::Resting;
  if (value.text == "canceled") return UserOrderStatus::Canceled;
  if (value.text == "executed") return UserOrderStatus::Executed;
  return UserOrderStatus::Unknown;
}

}  // namespace

const char* read_fill(const Message& message, Fill& fill) noexcept {
  if (!read_identifier(message[Field::TradeId], fill.trade_id)) return "trade_id";
  if (!read_identifier(message[Field::OrderId], fill.order_id)) return "order_id";
  if (!read_identifier(message[Field::MarketTicker], fill.market_ticker)) return "market_ticker";
  if (message[Field::ClientOrderId].is_string()) fill.client_order_id = message[Field::ClientOrderId].text;
  if (read_price(message[Field::YesPriceDollars], message[Field::YesPrice], fill.yes_price) != LevelProblem::None) {
    return "yes_price_dollars";
  }
  const JsonScalar& count = message[Field::CountFp].has_value() ? message[Field::CountFp] : message[Field::Count];
  if (!read_positive(count, fill.count)) return "count_fp";
  const auto side = read_direction(message);
  if (!side) return "book_side";
  fill.side = *side;
  if (!message[Field::IsTaker].is_bool()) return "is_taker";
  fill.is_taker = message[Field::IsTaker].kind == JsonKind::True;
  if (message[Field::FeeCost].has_value()) {
    if (!add_money(message[Field::FeeCost], fill.fee) || fill.fee.is_negative()) return "fee_cost";
    fill.has_fee = true;
  }
  if (message[Field::PostPositionFp].has_value()) {
    if (read_exact_quantity(message[Field::PostPositionFp], fill.position_after) != LevelProblem::None) {
      return "post_position_fp";
    }
    fill.has_position = true;
  }
  fill.at = exchange_time(message);
  return nullptr;
}

const char* read_user_order(const Message& message, UserOrder& order) noexcept {
  if (!read_identifier(message[Field::OrderId], order.order_id)) return "order_id";
  const JsonScalar& ticker = message[Field::Ticker].has_value() ? message[Field::Ticker] : message[Field::MarketTicker];
  if (!read_identifier(ticker, order.market_ticker)) return "ticker";
  if (message[Field::ClientOrderId].is_string()) order.client_order_id = message[Field::ClientOrderId].text;
  if (message[Field::LastUpdateReason].is_string()) order.last_update_reason = message[Field::LastUpdateReason].text;
  if (!message[Field::Status].is_string()) return "status";
  order.status = read_status(message[Field::Status]);
  if (read_price(message[Field::YesPriceDollars], message[Field::YesPrice], order.yes_price) != LevelProblem::None) {
    return "yes_price_dollars";
  }
  const auto side = read_direction(message);
  if (!side) return "book_side";
  order.side = *side;
  if (!read_not_negative(message[Field::InitialCountFp], order.initial_count)) return "initial_count_fp";
  if (!read_not_negative(message[Field::FillCountFp], order.fill_count)) return "fill_count_fp";
  if (!read_not_negative(message[Field::RemainingCountFp], order.remaining_count)) return "remaining_count_fp";
  if (!add_money(message[Field::TakerFillCostDollars], order.fill_cost)) return "taker_fill_cost_dollars";
  if (!add_money(message[Field::MakerFillCostDollars], order.fill_cost)) return "maker_fill_cost_dollars";
  if (!add_money(message[Field::TakerFeesDollars], order.fees)) return "taker_fees_dollars";
  if (!add_money(message[Field::MakerFeesDollars], order.fees)) return "maker_fees_dollars";
  order.at = read_unix_ms(message[Field::LastUpdatedMs]);
  if (order.at == kNoTime) order.at = read_unix_ms(message[Field::CreatedMs]);
  return nullptr;
}

const char* read_order_group(const Message& message, OrderGroupUpdate& update) noexcept {
  if (!read_identifier(message[Field::OrderGroupId], update.id)) return "order_group_id";
  if (!read_identifier(message[Field::EventType], update.event_type)) return "event_type";
  return nullptr;
}

}  // namespace arbees::kalshi

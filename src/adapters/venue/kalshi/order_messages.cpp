#include "adapters/venue/kalshi/order_messages.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include "adapters/telemetry/format.h"

namespace arbees::kalshi {
namespace {

std::string_view time_in_force_name(TimeInForce value) noexcept {
  switch (value) {
    case TimeInForce::FillOrKill: return "fill_or_kill";
    case TimeInForce::ImmediateOrCancel: return "immediate_or_cancel";
    case TimeInForce::PostOnly: return "good_till_canceled";
  }
  return "immediate_or_cancel";
}

// The larger scale of fixed-point values, without a heap allocation: this is on the way of every order.
template <class Value>
void append_fixed(std::string& out, Value value, int decimals) {
  std::array<char, 24> digits{};
  const std::int64_t scale = power_of_ten(decimals);
  const auto whole = std::to_chars(digits.data(), digits.data() + digits.size(), value.units() / scale);
  out.append(digits.data(), whole.ptr);
  out.push_back('.');
  std::int64_t rest = value.units() % scale;
  for (std::int64_t place = scale / 10; place > 0; place /= 10) {
    out.push_back(static_cast<char>('0' + rest / place));
    rest %= place;
  }
}

std::optional<Quantity> quantity_of(const JsonView& value) {
  const auto quantity = Quantity::parse(value.text());
  return quantity ? std::optional(*quantity) : std::nullopt;
}

std::string text_of(const JsonView& value) { return std::string(value.text()); }

UserOrderStatus status_of(std::string_view text) noexcept {
  if (text == "resting") return UserOrderStatus::Resting;
  if (text == "canceled") return UserOrderStatus::Canceled;
  if (text == "executed") return UserOrderStatus::Executed;
  return UserOrderStatus::Unknown;
}

bool read_row(const JsonView& row, RestOrder& order) {
  order.order_id = text_of(row["order_id"]);
  order.client_order_id = text_of(row["client_order_id"]);
  order.ticker = text_of(row["ticker"]);
  order.status = status_of(row["status"].text());
  const auto filled = quantity_of(row["fill_count_fp"]);
  const auto remaining = quantity_of(row["remaining_count_fp"]);
  if (order.order_id.empty() || order.ticker.empty() || !filled || !remaining) return false;
  order.fill_count = *filled;
  order.remaining_count = *remaining;
  return order.status != UserOrderStatus::Unknown;
}

bool read_row(const JsonView& row, RestFill& fill) {
  fill.trade_id = text_of(row["trade_id"].has_value() ? row["trade_id"] : row["fill_id"]);
  fill.order_id = text_of(row["order_id"]);
  fill.ticker = text_of(row["ticker"].has_value() ? row["ticker"] : row["market_ticker"]);
  const auto price = Price::parse(row["yes_price_dollars"].text());
  const auto count = quantity_of(row["count_fp"]);
  const auto fee = Money::parse(row["fee_cost"].text());
  if (fill.trade_id.empty() || fill.order_id.empty() || !price || !count || !fee) return false;
  if (!is_contract_price(*price) || fee->is_negative()) return false;
  fill.yes_price = *price;
  fill.count = *count;
  fill.fee = *fee;
  fill.is_taker = !row["is_taker"].is_false();
  fill.at = parse_iso8601(row["created_time"].text()).value_or(kNoTime);
  return true;
}

bool read_row(const JsonView& row, RestPosition& position) {
  position.ticker = text_of(row["ticker"]);
  const auto quantity = quantity_of(row["position_fp"]);
  if (position.ticker.empty() || !quantity) return false;
  position.position = quantity->units();
  return true;
}

template <class Row>
std::optional<RestPage<Row>> read_page(std::string_view body, std::string_view key) {
  JsonDocument json;
  if (json.parse(body) != nullptr || !json.root()[key].is_array()) return std::nullopt;
  RestPage<Row> page;
  bool is_whole = true;
  json.root()[key].for_each([&](const JsonView& item) {
    Row row;
    is_whole = is_whole && read_row(item, row);
    page.rows.push_back(std::move(row));
  });
  if (!is_whole) return std::nullopt;
  page.cursor = text_of(json.root()["cursor"]);
  return page;
}

}  // namespace

std::string client_order_id(const GatewayOrder& order) {
  return fmt::format("arb-{:016x}-{:016x}", order.order.id.value,
                     static_cast<std::uint64_t>(unix_ns(order.submitted_at)));
}

BookSide book_side(Outcome outcome, Side side) noexcept {
  return (outcome == Outcome::Yes) == (side == Side::Buy) ? BookSide::Bid : BookSide::Ask;
}

void append_create_body(std::string& out, const OrderRequest& order, std::string_view ticker,
                        std::string_view client_id, const OrderPlace& place) {
  const bool rests = order.time_in_force == TimeInForce::PostOnly;
  out.append("{\"ticker\":\"").append(ticker).append("\",\"client_order_id\":\"").append(client_id);
  out.append(book_side(order.outcome, order.side) == BookSide::Bid ? "\",\"side\":\"bid" : "\",\"side\":\"ask");
  out.append("\",\"count\":\"");
  append_fixed(out, order.quantity, Quantity::kDecimals);
  out.append("\",\"price\":\"");
  append_fixed(out, flip_if_no(order.outcome, order.limit), Price::kDecimals);
  out.append("\",\"time_in_force\":\"").append(time_in_force_name(order.time_in_force));
  // Of two orders of ours the later one gives way; one that rests must not outlive a pause of the exchange.
  out.append("\",\"self_trade_prevention_type\":\"taker_at_cross\",\"post_only\":").append(rests ? "true" : "false");
  out.append(",\"cancel_order_on_pause\":").append(rests ? "true" : "false").append(",\"reduce_only\":false");
  if (place.shard >= 0) fmt::format_to(std::back_inserter(out), ",\"exchange_index\":{}", place.shard);
  if (!place.group.empty()) out.append(",\"order_group_id\":\"").append(place.group).push_back('"');
  out.push_back('}');
}

std::optional<CreateAnswer> read_create_answer(std::string_view body) {
  JsonDocument json;
  if (json.parse(body) != nullptr) return std::nullopt;
  const JsonView root = json.root();
  const auto filled = quantity_of(root["fill_count"]);
  const auto remaining = quantity_of(root["remaining_count"]);
  if (!root["order_id"].is_string() || !filled || !remaining) return std::nullopt;
  return CreateAnswer{text_of(root["order_id"]), text_of(root["client_order_id"]), *filled, *remaining};
}

std::string read_error_code(std::string_view body) {
  JsonDocument json;
  if (json.parse(body) != nullptr) return {};
  const JsonView root = json.root();
  const JsonView error = root["error"];
  const JsonView holder = error.is_object() ? error : root;
  std::string code = text_of(holder["code"]);
  if (code.empty()) code = text_of(error);
  const std::string_view details = holder["details"].text();
  if (!details.empty()) code.append(": ").append(details);
  return code;
}

RejectReason reject_reason(int status, std::string_view code) noexcept {
  const auto has = [&](std::string_view part) { return code.find(part) != std::string_view::npos; };
  if (status == 401 || status == 403) return RejectReason::Unauthorized;
  if (status == 429) return RejectReason::RateLimited;
  if (has("insufficient_resting_volume")) return RejectReason::NoLiquidity;
  if (has("balance") || has("BALANCE")) return RejectReason::InsufficientBalance;
  if (has("post only cross") || has("POST_ONLY_CROSS")) return RejectReason::WouldCross;
  if (has("SELF_CROSS") || has("self_cross")) return RejectReason::SelfTrade;
  if (has("invalid_price") || has("INVALID_PRICE")) return RejectReason::OffTick;
  if (has("invalid_order_size")) return RejectReason::TooSmall;
  const bool is_closed = has("MARKET_INACTIVE") || has("PAUSED") || has("paused") || has("market_not_found") ||
                         has("MARKET_NOT_FOUND") || has("market_closed");
  return is_closed ? RejectReason::MarketClosed : RejectReason::VenueError;
}

std::optional<RestPage<RestOrder>> read_orders(std::string_view body) { return read_page<RestOrder>(body, "orders"); }

std::optional<RestOrder> read_order(std::string_view body) {
  JsonDocument json;
  RestOrder order;
  if (json.parse(body) != nullptr || !read_row(json.root()["order"], order)) return std::nullopt;
  return order;
}

std::optional<RestPage<RestFill>> read_fills(std::string_view body) { return read_page<RestFill>(body, "fills"); }

std::optional<RestPage<RestPosition>> read_positions(std::string_view body) {
  return read_page<RestPosition>(body, "market_positions");
}

std::optional<Money> read_balance(std::string_view body, int shard) {
  JsonDocument json;
  if (json.parse(body) != nullptr) return std::nullopt;
  const JsonView shards = json.root()["balance_breakdown"];
  if (!shards.is_array()) {
    const auto all = Money::parse(json.root()["balance_dollars"].text());
    return all && shard < 0 ? std::optional(*all) : std::nullopt;
  }
  Money sum;
  bool is_whole = true;
  bool is_found = shard < 0;
  shards.for_each([&](const JsonView& row) {
    const auto index = parse_decimal(row["exchange_index"].text(), 0);
    const auto amount = Money::parse(row["balance"].text());
    is_whole = is_whole && index && amount;
    if (!is_whole || (shard >= 0 && *index != shard)) return;
    is_found = true;
    sum += *amount;
  });
  return is_whole && is_found ? std::optional(sum) : std::nullopt;
}

std::vector<MarketShard> read_market_shards(std::string_view body) {
  std::vector<MarketShard> shards;
  JsonDocument json;
  if (json.parse(body) != nullptr) return shards;
  json.root()["markets"].for_each([&](const JsonView& market) {
    const auto shard = parse_decimal(market["exchange_index"].text(), 0);
    if (shard && *shard >= 0 && *shard < 1000) shards.push_back({text_of(market["ticker"]), static_cast<int>(*shard)});
  });
  return shards;
}

std::optional<Price> read_payout(std::string_view body) {
  JsonDocument json;
  if (json.parse(body) != nullptr) return std::nullopt;
  const JsonView market = json.root()["market"];
  // Determined is not paid out yet.
  if (market["status"].text() != "finalized" && market["status"].text() != "settled") return std::nullopt;
  const std::string_view result = market["result"].text();
  if (result == "yes") return kPriceOne;
  if (result == "no") return kPriceZero;
  const auto value = Price::parse(market["settlement_value_dollars"].text());
  const bool is_payout = value && *value >= kPriceZero && *value <= kPriceOne;
  return is_payout ? std::optional(*value) : std::nullopt;
}

}  // namespace arbees::kalshi

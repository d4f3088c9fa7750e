#include "adapters/venue/polymarket/order_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/venue/encoding.h"
#include "adapters/venue/json/json_document.h"
#include "adapters/venue/polymarket/market_fields.h"
#include "adapters/venue/polymarket/uint256.h"
#include "core/base/hash.h"

namespace arbees::polymarket {
namespace {

// The venue reads the salt as a JSON number: it must be exact in a double.
constexpr std::uint64_t kSaltMask = (std::uint64_t{1} << 53) - 1;
constexpr std::string_view kZeroWord = "0x0000000000000000000000000000000000000000000000000000000000000000";

std::uint64_t salt_of(const GatewayOrder& order) noexcept {
  return mix64(order.order.id.value, static_cast<std::uint64_t>(unix_ns(order.submitted_at))) & kSaltMask;
}

std::int64_t timestamp_ms(const GatewayOrder& order) noexcept { return unix_ns(order.submitted_at) / 1'000'000; }

RejectReason reason_of(AmountError error) noexcept {
  switch (error) {
    case AmountError::PriceOffTick:
    case AmountError::PriceOutOfRange:
    case AmountError::UnknownTick: return RejectReason::OffTick;
    case AmountError::NoSize:
    case AmountError::TooLarge: return RejectReason::TooSmall;
  }
  return RejectReason::VenueError;
}

// A purchase of at most these shares for at most what they cost at the limit.
Result<OrderAmounts, AmountError> amounts_of(const OrderRequest& order, Price tick) noexcept {
  if (order.side == Side::Buy && order.time_in_force == TimeInForce::FillOrKill) {
    return market_buy_amounts(order.limit, order.limit * order.quantity, tick, ShareRounding::Up);
  }
  return order_amounts(order.side == Side::Buy ? OrderSide::Buy : OrderSide::Sell, order.limit, order.quantity, tick);
}

std::string decimal_text(const Bytes32& value) {
  std::uint64_t number = 0;
  for (std::size_t i = value.size() - 8; i < value.size(); ++i) number = number << 8 | value[i];
  return std::to_string(number);
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

bool is_position_id(const Bytes32& token) noexcept {
  const bool is_reserved_zero =
      std::all_of(token.begin() + 19, token.begin() + 27, [](std::uint8_t byte) { return byte == 0; });
  return is_reserved_zero && token[0] >= 1 && token[0] <= 3;
}

DomainVersion domain_version(const Bytes32& token) noexcept {
  return is_position_id(token) ? DomainVersion::Three : DomainVersion::Two;
}

std::string_view order_type_name(const OrderRequest& order) noexcept {
  if (order.time_in_force == TimeInForce::FillOrKill) return "FOK";
  if (order.time_in_force == TimeInForce::ImmediateOrCancel && order.side == Side::Sell) return "FAK";
  return "GTC";
}

bool is_cut_by_us(const OrderRequest& order) noexcept {
  return order.time_in_force == TimeInForce::ImmediateOrCancel && order.side == Side::Buy;
}

Result<BuiltOrder, RejectReason> build_order(const GatewayOrder& order, std::string_view token, const TokenFacts& facts,
                                             const Account& account) {
  const auto token_id = parse_uint256(token);
  // A token is one outcome: the other one is the other token.
  if (!token_id || order.order.outcome != Outcome::Yes || !facts.has_neg_risk) return failure(RejectReason::NotSent);
  const auto amounts = amounts_of(order.order, facts.tick);
  if (!amounts) return failure(reason_of(amounts.error()));
  BuiltOrder built;
  SignedOrder& made = built.order;
  made.salt = uint256_of(salt_of(order));
  made.maker = account.kind == WalletKind::Eoa ? account.key : account.funder;
  made.signer = account.kind == WalletKind::Deposit ? account.funder : account.key;
  made.token_id = *token_id;
  made.maker_amount = uint256_of(static_cast<std::uint64_t>(amounts->maker));
  made.taker_amount = uint256_of(static_cast<std::uint64_t>(amounts->taker));
  made.side = order.order.side == Side::Buy ? OrderSide::Buy : OrderSide::Sell;
  made.wallet = account.kind;
  made.timestamp = uint256_of(static_cast<std::uint64_t>(timestamp_ms(order)));
  built.version = domain_version(*token_id);
  built.neg_risk = facts.neg_risk;
  built.chain_id = account.chain_id;
  built.hash = OrderDomain(built.version, built.neg_risk, built.chain_id).hash(made);
  built.id = to_hex_text(built.hash.digest);
  return built;
}

std::string order_body(const GatewayOrder& order, const BuiltOrder& built, std::string_view token,
                       std::span<const std::uint8_t> signature, std::string_view owner) {
  const SignedOrder& made = built.order;
  const bool is_post_only = order.order.time_in_force == TimeInForce::PostOnly;
  return fmt::format(
      R"({{"deferExec":false,"order":{{"salt":{},"maker":"{}","signer":"{}","tokenId":"{}","makerAmount":"{}",)"
      R"("takerAmount":"{}","side":"{}","signatureType":{},"timestamp":"{}","expiration":"0","metadata":"{}",)"
      R"("builder":"{}","signature":"{}"}},"owner":"{}","orderType":"{}","postOnly":{}}})",
      salt_of(order), to_checksum_text(made.maker), to_checksum_text(made.signer), token,
      decimal_text(made.maker_amount), decimal_text(made.taker_amount), made.side == OrderSide::Buy ? "BUY" : "SELL",
      static_cast<int>(made.wallet), timestamp_ms(order), kZeroWord, kZeroWord, to_hex_text(signature), owner,
      order_type_name(order.order), is_post_only);
}

std::string signed_order_body(const GatewayOrder& order, const BuiltOrder& built, std::string_view token,
                              const Wallet& wallet, std::string_view owner) {
  if (built.order.wallet != WalletKind::Deposit) {
    return order_body(order, built, token, wallet.sign(built.hash.digest), owner);
  }
  const OrderDomain domain(built.version, built.neg_risk, built.chain_id);
  return order_body(order, built, token, wallet.sign_deposit(domain, built.order, built.hash.struct_hash), owner);
}

std::optional<PostAnswer> read_post_answer(std::string_view body) {
  JsonDocument json;
  if (json.parse(body) != nullptr || !json.root().is_object()) return std::nullopt;
  const JsonView root = json.root();
  PostAnswer answer;
  answer.error = std::string(root["errorMsg"].text());
  answer.is_success = root["success"].is_true() && answer.error.empty();
  answer.order_id = std::string(root["orderID"].text());
  answer.status = std::string(root["status"].text());
  if (!root["success"].has_value()) return std::nullopt;
  return answer;
}

bool is_answer_to(const PostAnswer& answer, std::string_view order_id) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; };
  return answer.order_id.empty() || std::equal(answer.order_id.begin(), answer.order_id.end(), order_id.begin(),
                                               order_id.end(), [&](char a, char b) { return lower(a) == lower(b); });
}

std::string read_error_text(std::string_view body) {
  JsonDocument json;
  if (json.parse(body) != nullptr) return {};
  const JsonView root = json.root();
  for (const std::string_view key : {"error", "errorMsg", "error_msg"}) {
    if (root[key].is_string() && !root[key].text().empty()) return std::string(root[key].text());
  }
  return {};
}

RejectReason reject_reason(int status, std::string_view text) noexcept {
  if (status == 429) return RejectReason::RateLimited;
  if (status == 401 || status == 403) return RejectReason::Unauthorized;
  if (has(text, "fully filled") || has(text, "no orders found to match")) return RejectReason::NoLiquidity;
  if (has(text, "not enough balance")) return RejectReason::InsufficientBalance;
  if (has(text, "crosses book")) return RejectReason::WouldCross;
  if (has(text, "minimum tick size")) return RejectReason::OffTick;
  if (has(text, "lower than the minimum") || has(text, "min size")) return RejectReason::TooSmall;
  if (has(text, "invalid signature") || has(text, "banned") || has(text, "API KEY")) return RejectReason::Unauthorized;
  const bool is_closed = status == 404 || status == 425 || has(text, "does not exist") || has(text, "closed only");
  return is_closed ? RejectReason::MarketClosed : RejectReason::VenueError;
}

std::optional<ApiCredentials> read_credentials(std::string_view body) {
  JsonDocument json;
  if (json.parse(body) != nullptr) return std::nullopt;
  const JsonView root = json.root();
  ApiCredentials made{std::string(root["apiKey"].text()), std::string(root["secret"].text()),
                      std::string(root["passphrase"].text())};
  if (made.key.empty() || made.secret.empty() || made.passphrase.empty()) return std::nullopt;
  return made;
}

std::optional<std::int64_t> read_balance(std::string_view body) {
  JsonDocument json;
  if (json.parse(body) != nullptr) return std::nullopt;
  const auto units = parse_decimal(json.root()["balance"].text(), 0);
  return units ? std::optional(*units) : std::nullopt;
}

std::string read_heartbeat_id(std::string_view body) {
  JsonDocument json;
  return json.parse(body) == nullptr ? std::string(json.root()["heartbeat_id"].text()) : std::string();
}

std::optional<bool> read_neg_risk(std::string_view body) {
  JsonDocument json;
  if (json.parse(body) != nullptr) return std::nullopt;
  const JsonView value = json.root()["neg_risk"];
  if (!value.is_true() && !value.is_false()) return std::nullopt;
  return value.is_true();
}

std::optional<Price> read_tick(std::string_view body) {
  JsonDocument json;
  if (json.parse(body) != nullptr) return std::nullopt;
  const auto tick = Price::parse(json.root()["minimum_tick_size"].text());
  return tick && is_contract_price(*tick) ? std::optional(*tick) : std::nullopt;
}

std::optional<FeeSchedule> read_market_fees(std::string_view body) {
  JsonDocument json;
  FeeSchedule fees;
  if (json.parse(body) != nullptr || !read_fee_schedule(json.root()["fd"], fees)) return std::nullopt;
  return fees;
}

std::string read_condition_id(std::string_view body) {
  JsonDocument json;
  return json.parse(body) == nullptr ? std::string(json.root()["condition_id"].text()) : std::string();
}

std::optional<Price> read_payout(std::string_view body, std::string_view token) {
  JsonDocument json;
  if (json.parse(body) != nullptr) return std::nullopt;
  bool has_winner = false;
  bool is_winner = false;
  json.root()["tokens"].for_each([&](const JsonView& row) {
    has_winner = has_winner || row["winner"].is_true();
    is_winner = is_winner || (row["winner"].is_true() && row["token_id"].text() == token);
  });
  if (!has_winner) return std::nullopt;
  return is_winner ? kPriceOne : kPriceZero;
}

}  // namespace arbees::polymarket

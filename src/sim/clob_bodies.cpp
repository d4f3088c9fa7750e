#include "sim/clob_bodies.h"

#include <rapidjson/document.h>

#include <array>
#include <utility>

#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/uint256.h"
#include "core/base/fixed_point.h"

namespace arbees::sim {
namespace {

using rapidjson::Value;

constexpr std::array<std::pair<std::string_view, ClobOrderType>, 4> kOrderTypes = {{{"GTC", ClobOrderType::Gtc},
                                                                                    {"GTD", ClobOrderType::Gtd},
                                                                                    {"FOK", ClobOrderType::Fok},
                                                                                    {"FAK", ClobOrderType::Fak}}};

constexpr std::string_view kInvalidPayload = "Invalid order payload";
// Beyond these a client's number is not exact in JavaScript, and the venue's own parser refuses it.
constexpr std::uint64_t kLargestSalt = (std::uint64_t{1} << 53) - 1;

bool parse(std::string_view text, rapidjson::Document& document) {
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  return !document.HasParseError();
}

const Value* find(const Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto member = object.FindMember(name);
  return member == object.MemberEnd() ? nullptr : &member->value;
}

// The text of a string member; empty if it is absent or no string.
std::string_view text_of(const Value& object, const char* name) {
  const Value* value = find(object, name);
  if (value == nullptr || !value->IsString()) return {};
  return {value->GetString(), value->GetStringLength()};
}

bool flag_of(const Value& object, const char* name) {
  const Value* value = find(object, name);
  return value != nullptr && value->IsBool() && value->GetBool();
}

std::vector<std::string> texts_of(const Value* array) {
  std::vector<std::string> texts;
  if (array == nullptr || !array->IsArray()) return texts;
  for (const Value& item : array->GetArray()) {
    if (item.IsString()) texts.emplace_back(item.GetString(), item.GetStringLength());
  }
  return texts;
}

bool read_address(const Value& object, const char* name, polymarket::Address& out) {
  const auto address = polymarket::parse_address(text_of(object, name));
  if (address) out = *address;
  return address.has_value();
}

bool read_number(const Value& object, const char* name, polymarket::Bytes32& out) {
  const auto number = polymarket::parse_uint256(text_of(object, name));
  if (number) out = *number;
  return number.has_value();
}

// Base units: positive, and small enough that price × size stays within 64 bits.
bool read_amount(const Value& object, const char* name, std::int64_t& amount, polymarket::Bytes32& signed_amount) {
  constexpr std::int64_t kLargest = 1'000'000'000'000'000;
  const std::string_view text = text_of(object, name);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  const auto value = parse_decimal(text, 0);
  if (!value || *value <= 0 || *value > kLargest) return false;
  amount = *value;
  signed_amount = polymarket::uint256_of(static_cast<std::uint64_t>(*value));
  return true;
}

bool read_bytes32(const Value& object, const char* name, polymarket::Bytes32& out) {
  return from_hex_text(text_of(object, name), out);
}

bool read_signature(std::string_view text, std::vector<std::uint8_t>& signature) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  if (text.empty() || text.size() % 2 != 0 || text.size() > 1024) return false;
  signature.resize(text.size() / 2);
  return from_hex_text(text, signature);
}

bool read_side(const Value& object, polymarket::OrderSide& side) {
  const std::string_view text = text_of(object, "side");
  side = text == "SELL" ? polymarket::OrderSide::Sell : polymarket::OrderSide::Buy;
  return text == "BUY" || text == "SELL";
}

bool read_wallet(const Value& object, polymarket::WalletKind& wallet) {
  const Value* value = find(object, "signatureType");
  if (value == nullptr || !value->IsUint() || value->GetUint() > 3) return false;
  wallet = static_cast<polymarket::WalletKind>(value->GetUint());
  return true;
}

bool read_salt(const Value& object, polymarket::Bytes32& salt) {
  const Value* value = find(object, "salt");
  if (value == nullptr || !value->IsUint64() || value->GetUint64() > kLargestSalt) return false;
  salt = polymarket::uint256_of(value->GetUint64());
  return true;
}

bool read_expiration(const Value& object, PostedOrder& posted) {
  const std::string_view text = text_of(object, "expiration");
  if (text.empty()) return true;
  const auto value = parse_decimal(text, 0);
  if (!value || *value < 0) return false;
  posted.expiration = *value;
  posted.order.expiration = polymarket::uint256_of(static_cast<std::uint64_t>(*value));
  return true;
}

// The part that both structs share.
bool read_common(const Value& object, PostedOrder& posted) {
  polymarket::SignedOrder& order = posted.order;
  posted.token_id = text_of(object, "tokenId");
  return read_salt(object, order.salt) && read_address(object, "maker", order.maker) &&
         read_address(object, "signer", order.signer) && read_number(object, "tokenId", order.token_id) &&
         read_amount(object, "makerAmount", posted.maker_amount, order.maker_amount) &&
         read_amount(object, "takerAmount", posted.taker_amount, order.taker_amount) && read_side(object, order.side) &&
         read_wallet(object, order.wallet) && read_expiration(object, posted) &&
         read_signature(text_of(object, "signature"), posted.signature);
}

Result<PostedOrder, std::string> read_posted(const Value& body) {
  const auto refuse = [] { return failure(std::string(kInvalidPayload)); };
  const Value* order = find(body, "order");
  if (order == nullptr || !order->IsObject()) return refuse();
  PostedOrder posted;
  if (!read_common(*order, posted)) return refuse();
  posted.owner = text_of(body, "owner");
  posted.post_only = flag_of(body, "postOnly");
  const std::string_view type = text_of(body, "orderType");
  const auto* known = kOrderTypes.begin();
  while (known != kOrderTypes.end() && known->first != type) ++known;
  if (known == kOrderTypes.end()) return refuse();
  posted.type = known->second;
  if (find(*order, "timestamp") == nullptr && find(*order, "feeRateBps") != nullptr) {
    posted.is_version_one = true;
    return posted;
  }
  const bool is_complete = read_number(*order, "timestamp", posted.order.timestamp) &&
                           read_bytes32(*order, "metadata", posted.order.metadata) &&
                           read_bytes32(*order, "builder", posted.order.builder);
  if (!is_complete) return refuse();
  return posted;
}

PriceSubscription read_price_subscription(const Value& item) {
  PriceSubscription subscription;
  subscription.topic = text_of(item, "topic");
  const std::string filters(text_of(item, "filters"));
  rapidjson::Document filter;
  if (!filters.empty() && parse(filters, filter)) subscription.symbol = text_of(filter, "symbol");
  return subscription;
}

}  // namespace

std::string_view clob_order_type_name(ClobOrderType type) noexcept {
  for (const auto& [name, value] : kOrderTypes) {
    if (value == type) return name;
  }
  return {};
}

Result<PostedOrder, std::string> parse_posted_order(std::string_view body) {
  rapidjson::Document document;
  if (!parse(body, document)) return failure(std::string(kInvalidPayload));
  return read_posted(document);
}

std::optional<std::vector<Result<PostedOrder, std::string>>> parse_posted_orders(std::string_view body) {
  rapidjson::Document document;
  if (!parse(body, document) || !document.IsArray()) return std::nullopt;
  std::vector<Result<PostedOrder, std::string>> orders;
  for (const Value& item : document.GetArray()) orders.push_back(read_posted(item));
  return orders;
}

std::optional<std::string> parse_order_id(std::string_view body) {
  rapidjson::Document document;
  if (!parse(body, document)) return std::nullopt;
  const std::string_view id = text_of(document, "orderID");
  if (id.empty()) return std::nullopt;
  return std::string(id);
}

std::optional<std::vector<std::string>> parse_order_ids(std::string_view body) {
  rapidjson::Document document;
  if (!parse(body, document) || !document.IsArray()) return std::nullopt;
  return texts_of(&document);
}

std::optional<std::vector<TokenQuery>> parse_token_queries(std::string_view body) {
  rapidjson::Document document;
  if (!parse(body, document) || !document.IsArray()) return std::nullopt;
  std::vector<TokenQuery> queries;
  for (const Value& item : document.GetArray()) {
    queries.push_back({std::string(text_of(item, "token_id")), std::string(text_of(item, "side"))});
  }
  return queries;
}

std::optional<CancelFilter> parse_cancel_filter(std::string_view body) {
  rapidjson::Document document;
  if (!parse(body, document) || !document.IsObject()) return std::nullopt;
  return CancelFilter{std::string(text_of(document, "market")), std::string(text_of(document, "asset_id"))};
}

std::optional<std::string> parse_heartbeat_id(std::string_view body) {
  rapidjson::Document document;
  if (!parse(body, document) || !document.IsObject()) return std::nullopt;
  return std::string(text_of(document, "heartbeat_id"));
}

std::optional<ChannelRequest> parse_channel_request(std::string_view frame) {
  rapidjson::Document document;
  if (!parse(frame, document) || !document.IsObject()) return std::nullopt;
  ChannelRequest request;
  request.type = text_of(document, "type");
  request.operation = text_of(document, "operation");
  request.asset_ids = texts_of(find(document, "assets_ids"));
  request.markets = texts_of(find(document, "markets"));
  if (const Value* auth = find(document, "auth")) {
    request.api_key = text_of(*auth, "apiKey");
    request.secret = text_of(*auth, "secret");
    request.passphrase = text_of(*auth, "passphrase");
  }
  if (const Value* flag = find(document, "custom_feature_enabled"); flag != nullptr && flag->IsBool()) {
    request.custom_features = flag->GetBool();
  }
  if (const Value* dump = find(document, "initial_dump"); dump != nullptr && dump->IsBool()) {
    request.wants_dump = dump->GetBool();
  }
  return request;
}

std::optional<PriceRequest> parse_price_request(std::string_view frame) {
  rapidjson::Document document;
  if (!parse(frame, document) || !document.IsObject()) return std::nullopt;
  PriceRequest request;
  request.action = text_of(document, "action");
  const Value* list = find(document, "subscriptions");
  if (list == nullptr || !list->IsArray()) return std::nullopt;
  for (const Value& item : list->GetArray()) request.subscriptions.push_back(read_price_subscription(item));
  return request;
}

}  // namespace arbees::sim

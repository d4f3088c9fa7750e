#include "sim/kalshi_order_request.h"

#include <rapidjson/document.h>

#include <utility>

#include "sim/kalshi_limits.h"

namespace arbees::sim {
namespace {

constexpr Quantity kLargestGroupLimit = Quantity::whole(1'000'000);

// Reads one object of a body; the first mistake counts, later reads are harmless.
class BodyReader {
 public:
  BodyReader(const rapidjson::Value& object, std::string_view type) : object_(object), type_(type) {}

  [[nodiscard]] bool has(const char* name) const {
    const auto it = object_.FindMember(name);
    return it != object_.MemberEnd() && !it->value.IsNull();
  }
  [[nodiscard]] std::string text(const char* name) {
    const rapidjson::Value* value = find(name);
    if (value == nullptr) return {};
    if (value->IsString()) return {value->GetString(), value->GetStringLength()};
    wrong_type(name, *value, "string");
    return {};
  }
  [[nodiscard]] std::string required_text(const char* name) {
    std::string value = text(name);
    if (value.empty()) fail(kalshi_invalid(std::string(name) + " is required"));
    return value;
  }
  [[nodiscard]] std::optional<std::int64_t> integer(const char* name) {
    const rapidjson::Value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->IsInt64()) return value->GetInt64();
    wrong_type(name, *value, "int64");
    return std::nullopt;
  }
  [[nodiscard]] bool flag(const char* name) {
    const rapidjson::Value* value = find(name);
    if (value == nullptr) return false;
    if (value->IsBool()) return value->GetBool();
    wrong_type(name, *value, "bool");
    return false;
  }
  // A dollar string with at most four decimals; what lies off the market's grid is found later.
  [[nodiscard]] Price price(const char* name) {
    const auto parsed = Price::parse(required_text(name));
    if (!parsed) fail({400, "invalid_price", {}, {}});
    return parsed.value_or(Price{});
  }
  [[nodiscard]] Quantity count(const char* name) {
    const auto parsed = Quantity::parse(required_text(name));
    if (!parsed || parsed->is_negative()) fail({400, "invalid_order_size", {}, {}});
    return parsed.value_or(Quantity{});
  }
  [[nodiscard]] BookSide side() {
    const std::string word = required_text("side");
    if (word != "bid" && word != "ask") fail(kalshi_invalid("side must be bid or ask"));
    return word == "ask" ? BookSide::Ask : BookSide::Bid;
  }
  [[nodiscard]] KalshiRouting routing(const char* ticker_name) {
    KalshiRouting routing;
    routing.ticker = text(ticker_name);
    const auto shard = integer("exchange_index");
    if (shard && (*shard < -1 || *shard > 1000)) fail(kalshi_invalid("exchange_index is unknown"));
    if (shard && *shard >= 0) routing.shard = static_cast<std::int32_t>(*shard);
    if (integer("subaccount").value_or(0) != 0) fail(kalshi_invalid("subaccount does not exist"));
    return routing;
  }

  void fail(KalshiError error) {
    if (!error_) error_ = std::move(error);
  }
  [[nodiscard]] const std::optional<KalshiError>& error() const noexcept { return error_; }

 private:
  [[nodiscard]] const rapidjson::Value* find(const char* name) const {
    return has(name) ? &object_.FindMember(name)->value : nullptr;
  }
  void wrong_type(const char* name, const rapidjson::Value& value, const char* wanted) {
    const char* got = value.IsNumber() ? "number" : value.IsString() ? "string" : value.IsBool() ? "bool" : "object";
    fail(kalshi_bad_body(std::string("json: cannot unmarshal ") + got + " into Go struct field " + std::string(type_) +
                         "." + name + " of type " + wanted));
  }

  const rapidjson::Value& object_;
  std::string_view type_;
  std::optional<KalshiError> error_;
};

// Calls read(object) if the body is a JSON object.
template <class Read>
auto with_object(std::string_view body, Read&& read) -> decltype(read(std::declval<const rapidjson::Value&>())) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  if (document.HasParseError()) return failure(kalshi_bad_body("invalid JSON"));
  if (!document.IsObject()) return failure(kalshi_bad_body("a JSON object is expected"));
  return read(std::as_const(document));
}

template <class Read>
auto with_orders(std::string_view body, Read&& read) -> decltype(read(std::declval<const rapidjson::Value&>())) {
  return with_object(body, [&](const rapidjson::Value& object) -> decltype(read(object)) {
    const auto it = object.FindMember("orders");
    if (it == object.MemberEnd() || !it->value.IsArray()) return failure(kalshi_invalid("orders is required"));
    for (const rapidjson::Value& item : it->value.GetArray()) {
      if (!item.IsObject()) return failure(kalshi_bad_body("orders must be objects"));
    }
    return read(it->value);
  });
}

void read_lifetime(BodyReader& body, NewOrder& order) {
  const std::string word = body.required_text("time_in_force");
  if (word == "immediate_or_cancel") order.lifetime = Lifetime::ImmediateOrCancel;
  if (word == "fill_or_kill") order.lifetime = Lifetime::FillOrKill;
  const bool rests = word == "good_till_canceled";
  if (!rests && word != "immediate_or_cancel" && word != "fill_or_kill") {
    body.fail(kalshi_invalid("time_in_force must be fill_or_kill, good_till_canceled or immediate_or_cancel"));
  }
  const auto expiry = body.integer("expiration_time");
  if (expiry && !rests) body.fail(kalshi_invalid("expiration_time requires good_till_canceled"));
  if (expiry && *expiry <= 0) body.fail(kalshi_error_of(Refusal::InvalidExpiration));
  if (!expiry || body.error()) return;
  if (!fits_unix_s(*expiry)) return body.fail(kalshi_error_of(Refusal::InvalidExpiration));
  order.lifetime = Lifetime::GoodTillDate;
  order.expires_at = from_unix_s(*expiry);
}

KalshiCreateResult read_create_object(const rapidjson::Value& object) {
  BodyReader body(object, "CreateOrderV2Request");
  KalshiCreate create;
  create.routing = body.routing("ticker");
  if (create.routing.ticker.empty()) body.fail(kalshi_invalid("ticker is required"));
  create.order.client_id = body.text("client_order_id");
  create.order.side = body.side() == BookSide::Bid ? Side::Buy : Side::Sell;
  create.order.quantity = body.count("count");
  create.order.price = body.price("price");
  read_lifetime(body, create.order);
  const std::string self_trade = body.required_text("self_trade_prevention_type");
  if (self_trade != "taker_at_cross" && self_trade != "maker") {
    body.fail(kalshi_invalid("self_trade_prevention_type must be taker_at_cross or maker"));
  }
  create.order.self_trade = self_trade == "maker" ? SelfTrade::CancelMaker : SelfTrade::CancelTaker;
  create.order.post_only = body.flag("post_only");
  create.order.reduce_only = body.flag("reduce_only");
  static_cast<void>(body.flag("cancel_order_on_pause"));
  create.group_id = body.text("order_group_id");
  if (create.order.reduce_only && create.order.lifetime != Lifetime::ImmediateOrCancel) {
    body.fail(kalshi_error_of(Refusal::ReduceOnlyNotImmediate));
  }
  if (create.order.quantity.is_zero()) body.fail(kalshi_error_of(Refusal::InvalidSize));
  if (body.error()) return failure(*body.error());
  return create;
}

}  // namespace

KalshiCreateResult read_create(std::string_view body) {
  return with_object(body, [](const rapidjson::Value& object) { return read_create_object(object); });
}

Result<std::vector<KalshiCreateResult>, KalshiError> read_create_batch(std::string_view body) {
  using Batch = Result<std::vector<KalshiCreateResult>, KalshiError>;
  return with_orders(body, [](const rapidjson::Value& orders) -> Batch {
    std::vector<KalshiCreateResult> batch;
    for (const rapidjson::Value& item : orders.GetArray()) {
      batch.push_back(read_create_object(item));
      if (!batch.back() && batch.back().error().code == "bad_request") return failure(batch.back().error());
    }
    return batch;
  });
}

Result<std::vector<KalshiCancel>, KalshiError> read_cancel_batch(std::string_view body) {
  using Batch = Result<std::vector<KalshiCancel>, KalshiError>;
  return with_orders(body, [](const rapidjson::Value& orders) -> Batch {
    std::vector<KalshiCancel> batch;
    for (const rapidjson::Value& item : orders.GetArray()) {
      BodyReader fields(item, "BatchCancelOrdersV2Request.orders");
      KalshiCancel cancel;
      cancel.order_id = fields.required_text("order_id");
      cancel.routing = fields.routing("market_ticker");
      if (fields.error()) return failure(*fields.error());
      batch.push_back(std::move(cancel));
    }
    return batch;
  });
}

Result<KalshiAmend, KalshiError> read_amend(std::string_view body) {
  return with_object(body, [](const rapidjson::Value& object) -> Result<KalshiAmend, KalshiError> {
    BodyReader fields(object, "AmendOrderV2Request");
    KalshiAmend amend;
    amend.routing = fields.routing("ticker");
    if (amend.routing.ticker.empty()) fields.fail(kalshi_invalid("ticker is required"));
    amend.side = fields.side();
    amend.amendment.price = fields.price("price");
    amend.amendment.quantity = fields.count("count");
    amend.client_order_id = fields.text("client_order_id");
    amend.amendment.new_client_id = fields.text("updated_client_order_id");
    if (const auto expiry = fields.integer("expiration_time")) {
      if (*expiry < 0 || !fits_unix_s(*expiry)) fields.fail(kalshi_error_of(Refusal::InvalidExpiration));
      amend.amendment.changes_expiry = true;
      if (*expiry > 0) amend.amendment.expires_at = from_unix_s(fits_unix_s(*expiry) ? *expiry : 0);
    }
    if (fields.error()) return failure(*fields.error());
    return amend;
  });
}

Result<KalshiDecrease, KalshiError> read_decrease(std::string_view body) {
  return with_object(body, [](const rapidjson::Value& object) -> Result<KalshiDecrease, KalshiError> {
    BodyReader fields(object, "DecreaseOrderV2Request");
    KalshiDecrease decrease;
    decrease.routing = fields.routing("market_ticker");
    if (fields.has("reduce_by") == fields.has("reduce_to")) {
      fields.fail(kalshi_invalid("exactly one of reduce_by and reduce_to is required"));
    } else if (fields.has("reduce_by")) {
      decrease.reduce_by = fields.count("reduce_by");
    } else {
      decrease.reduce_to = fields.count("reduce_to");
    }
    if (fields.error()) return failure(*fields.error());
    return decrease;
  });
}

Result<KalshiGroupRequest, KalshiError> read_group(std::string_view body) {
  return with_object(body, [](const rapidjson::Value& object) -> Result<KalshiGroupRequest, KalshiError> {
    BodyReader fields(object, "CreateOrderGroupRequest");
    Quantity limit;
    if (fields.has("contracts_limit_fp")) {
      limit = fields.count("contracts_limit_fp");
    } else {
      const std::int64_t whole = fields.integer("contracts_limit").value_or(0);
      if (whole > 0 && whole <= 1'000'000) limit = Quantity::whole(whole);
    }
    if (limit < Quantity::whole(1) || limit > kLargestGroupLimit) {
      fields.fail(kalshi_invalid("contracts_limit must be 1 to 1000000"));
    }
    const std::int64_t shard = fields.integer("exchange_index").value_or(0);
    if (shard < 0 || shard >= kKalshiShards) fields.fail(kalshi_invalid("exchange_index is no shard"));
    if (fields.error()) return failure(*fields.error());
    return KalshiGroupRequest{limit, static_cast<std::int32_t>(shard)};
  });
}

}  // namespace arbees::sim

#include "sim/kalshi_error.h"

#include <algorithm>
#include <utility>

#include "adapters/telemetry/json.h"

namespace arbees::sim {
namespace {

std::string spoken(std::string_view code) {
  std::string text(code);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

std::string kalshi_error_object(const KalshiError& error) {
  JsonWriter json;
  json.begin_object().field("code", error.code);
  json.field("message", error.message.empty() ? spoken(error.code) : error.message);
  if (!error.details.empty()) json.field("details", error.details);
  json.end_object();
  return json.take();
}

net::ServerResponse kalshi_json(std::string body, int status) {
  net::ServerResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

net::ServerResponse kalshi_refusal(const KalshiError& error) {
  if (error.code == "bad_request") return kalshi_json(kalshi_error_object(error), error.status);
  return kalshi_json(R"({"error":)" + kalshi_error_object(error) + "}", error.status);
}

KalshiError kalshi_bad_body(std::string_view details) { return {400, "bad_request", {}, std::string(details)}; }

KalshiError kalshi_invalid(std::string_view details) { return {400, "invalid_parameters", {}, std::string(details)}; }

net::ServerResponse kalshi_bad_parameter(std::string_view message) {
  JsonWriter json;
  json.begin_object().field("msg", message).end_object();
  return kalshi_json(json.take(), 400);
}

net::ServerResponse kalshi_too_many_requests() { return kalshi_json(R"({"error":"too many requests"})", 429); }

KalshiError kalshi_error_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::MarketNotFound: return {404, "market_not_found", {}, {}};
    case Refusal::MarketInactive: return {400, "MARKET_INACTIVE", "MARKET_INACTIVE", {}};
    case Refusal::ExchangePaused: return {409, "trading_is_paused", {}, {}};
    case Refusal::InvalidPrice: return {400, "invalid_price", {}, {}};
    case Refusal::InvalidSize: return {400, "invalid_order_size", {}, {}};
    case Refusal::InvalidExpiration: return {400, "invalid_parameters", {}, "expiration_time must be in the future"};
    case Refusal::InsufficientBalance:
    case Refusal::InsufficientPosition: return {400, "insufficient_balance", {}, {}};
    case Refusal::PostOnlyCross: return {400, "invalid_order", {}, "post only cross"};
    case Refusal::FillOrKillUnfilled: return {409, "fill_or_kill_insufficient_resting_volume", {}, {}};
    case Refusal::ReduceOnlyNotImmediate:
      return {400, "invalid_parameters", {}, "reduce_only requires immediate_or_cancel"};
    case Refusal::DuplicateClientId:
    case Refusal::DuplicateOrder: return {409, "order_already_exists", {}, {}};
    case Refusal::NotFound: return {404, "not_found", {}, {}};
    case Refusal::Mismatch: return {400, "order_ticker_mismatch", {}, {}};
  }
  return {500, "internal_server_error", {}, {}};
}

}  // namespace arbees::sim

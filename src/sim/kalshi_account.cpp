#include "sim/kalshi_account.h"

#include "adapters/telemetry/json.h"
#include "sim/kalshi_error.h"
#include "sim/kalshi_limits.h"

namespace arbees::sim {

net::ServerResponse KalshiAccount::limits() const { return kalshi_json(KalshiLimits::limits_document()); }

net::ServerResponse KalshiAccount::endpoint_costs() const { return kalshi_json(KalshiLimits::costs_document()); }

net::ServerResponse KalshiAccount::api_keys() const {
  const SimKeys& keys = shared_.context.keys;
  JsonWriter json;
  json.begin_object().key("api_keys").begin_array();
  for (const std::string* id : {&keys.rsa_key_id, &keys.ed25519_key_id}) {
    json.begin_object().field("api_key_id", *id).field("name", id == &keys.rsa_key_id ? "rsa" : "ed25519");
    json.key("scopes").begin_array().value("read").value("write").end_array().end_object();
  }
  json.end_array().key("api_key_region_expiration_ts").null().end_object();
  return kalshi_json(json.take());
}

net::ServerResponse KalshiAccount::empty_list(std::string_view name) const {
  JsonWriter json;
  json.begin_object().key(name).begin_array().end_array().field("cursor", "").end_object();
  return kalshi_json(json.take());
}

}  // namespace arbees::sim

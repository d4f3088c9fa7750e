#include "sim/clob_auth.h"

#include <algorithm>
#include <array>

#include "adapters/telemetry/json.h"
#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/signer.h"
#include "adapters/venue/polymarket/uint256.h"
#include "core/base/fixed_point.h"
#include "sim/keys.h"

namespace arbees::sim {
namespace {

net::ServerResponse refused_wallet() { return clob_error(401, "Invalid L1 Request headers"); }
net::ServerResponse refused_key() { return clob_error(401, "Unauthorized/Invalid api key"); }

bool is_near(std::string_view unix_seconds, Timestamp now) {
  if (unix_seconds.size() > 12 || unix_seconds.find_first_not_of("0123456789") != std::string_view::npos) return false;
  const auto seconds = parse_decimal(unix_seconds, 0);
  if (!seconds || !fits_unix_s(*seconds)) return false;
  const Duration distance = now - from_unix_s(*seconds);
  return distance <= ClobAuthority::kClockTolerance && -distance <= ClobAuthority::kClockTolerance;
}

// Without an early end, so that a guess learns nothing from the time it takes.
bool is_same_text(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace

net::ServerResponse clob_error(int status, std::string_view text) {
  JsonWriter json;
  json.begin_object().field("error", text).end_object();
  net::ServerResponse response;
  response.status = status;
  response.body = json.take();
  return response;
}

const ClobCredentials& ClobAuthority::issue(const polymarket::Address& address, std::uint64_t nonce) {
  const ApiCredentials derived = derive_credentials(seed_, to_hex_text(address), nonce);
  if (const auto known = by_key_.find(derived.api_key); known != by_key_.end()) return known->second;
  order_.push_back(derived.api_key);
  ClobCredentials credentials{derived.api_key, derived.secret, derived.passphrase, address};
  return by_key_.emplace(derived.api_key, std::move(credentials)).first->second;
}

std::vector<std::string> ClobAuthority::keys_of(const polymarket::Address& address) const {
  std::vector<std::string> keys;
  for (const std::string& key : order_) {
    if (by_key_.find(key)->second.address == address) keys.push_back(key);
  }
  return keys;
}

void ClobAuthority::revoke(std::string_view api_key) {
  const auto known = by_key_.find(api_key);
  if (known == by_key_.end()) return;
  order_.erase(std::find(order_.begin(), order_.end(), api_key));
  by_key_.erase(known);
}

Result<ClobCredentials, net::ServerResponse> ClobAuthority::check_wallet(const net::ServerRequest& request,
                                                                         Timestamp now) {
  const auto address = polymarket::parse_address(request.header("poly_address"));
  const std::string_view nonce_text = request.header("poly_nonce");
  const auto nonce = polymarket::parse_uint256(nonce_text);
  const auto small_nonce = parse_decimal(nonce_text, 0);
  const std::string_view timestamp = request.header("poly_timestamp");
  if (!address || !nonce || !small_nonce || *small_nonce < 0 || !is_near(timestamp, now)) {
    return failure(refused_wallet());
  }
  std::array<std::uint8_t, 65> signature{};
  if (!from_hex_text(request.header("poly_signature"), signature)) return failure(refused_wallet());
  polymarket::ClobAuth auth;
  auth.address = *address;
  auth.timestamp = timestamp;
  auth.nonce = *nonce;
  auth.chain_id = chain_id_;
  const auto signer = polymarket::recover_signer(polymarket::hash_clob_auth(auth).digest, signature);
  if (!signer || *signer != *address) return failure(refused_wallet());
  return issue(*address, static_cast<std::uint64_t>(*small_nonce));
}

Result<ClobCredentials, net::ServerResponse> ClobAuthority::check_request(const net::ServerRequest& request,
                                                                          Timestamp now) const {
  const auto address = polymarket::parse_address(request.header("poly_address"));
  const auto known = by_key_.find(request.header("poly_api_key"));
  const std::string_view timestamp = request.header("poly_timestamp");
  if (!address || known == by_key_.end() || !is_near(timestamp, now)) return failure(refused_key());
  const ClobCredentials& credentials = known->second;
  if (credentials.address != *address) return failure(refused_key());
  if (!is_same_text(credentials.passphrase, request.header("poly_passphrase"))) return failure(refused_key());
  const auto secret = polymarket::ApiSecret::from_base64(credentials.secret);
  const std::string expected = secret->sign({timestamp, request.method, request.target, request.body});
  if (!is_same_text(expected, request.header("poly_signature"))) return failure(refused_key());
  return credentials;
}

const ClobCredentials* ClobAuthority::check_frame(std::string_view api_key, std::string_view secret,
                                                  std::string_view passphrase) const {
  const auto known = by_key_.find(api_key);
  if (known == by_key_.end()) return nullptr;
  const ClobCredentials& credentials = known->second;
  const bool is_right = is_same_text(credentials.secret, secret) && is_same_text(credentials.passphrase, passphrase);
  return is_right ? &credentials : nullptr;
}

}  // namespace arbees::sim

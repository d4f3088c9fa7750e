#include "sim/kalshi_auth.h"

#include <algorithm>
#include <charconv>

#include "core/base/assert.h"

namespace arbees::sim {
namespace {

constexpr std::string_view kKeyHeader = "kalshi-access-key";
constexpr std::string_view kTimeHeader = "kalshi-access-timestamp";
constexpr std::string_view kSignatureHeader = "kalshi-access-signature";

KalshiError unauthorized(std::string_view code, std::string_view details = {}) {
  KalshiError error{401, std::string(code), {}, std::string(details)};
  if (code == "authentication_error") error.message = code;
  return error;
}

}  // namespace

void KalshiAuth::add_key(std::string key_id, std::string_view public_pem) {
  auto key = arbees::kalshi::VerifyingKey::from_pem(public_pem);
  ARBEES_ASSERT(key.has_value());
  keys_.emplace_back(std::move(key_id), std::move(*key));
}

bool KalshiAuth::is_signed(const net::ServerRequest& request) noexcept {
  return !request.header(kKeyHeader).empty() || !request.header(kSignatureHeader).empty();
}

std::optional<KalshiError> KalshiAuth::refuse(const net::ServerRequest& request, Timestamp now) const {
  const std::string_view key_id = request.header(kKeyHeader);
  const std::string_view stated_time = request.header(kTimeHeader);
  const std::string_view signature = request.header(kSignatureHeader);
  if (key_id.empty() && stated_time.empty() && signature.empty()) return unauthorized("token_authentication_failure");
  if (key_id.empty()) return unauthorized("key_is_missing_from_headers");
  if (stated_time.empty()) return unauthorized("timestamp_is_missing_from_headers");
  if (signature.empty()) return unauthorized("signature_is_missing_from_headers");

  std::int64_t timestamp_ms = 0;
  const auto [end, failure] =
      std::from_chars(stated_time.data(), stated_time.data() + stated_time.size(), timestamp_ms);
  const bool is_number = failure == std::errc{} && end == stated_time.data() + stated_time.size();
  if (!is_number || !fits_unix_ms(timestamp_ms)) return unauthorized("header_timestamp_invalid");
  const Duration age = now - from_unix_ms(timestamp_ms);
  if (age >= kTolerance || age <= -kTolerance) return unauthorized("header_timestamp_expired");

  const auto known = std::find_if(keys_.begin(), keys_.end(), [&](const auto& key) { return key.first == key_id; });
  if (known == keys_.end()) return unauthorized("authentication_error", "NOT_FOUND");
  const std::string presign = arbees::kalshi::presign_text(timestamp_ms, request.method, request.target);
  if (known->second.verify(presign, signature)) return std::nullopt;
  return unauthorized("authentication_error", "INCORRECT_API_KEY_SIGNATURE");
}

}  // namespace arbees::sim

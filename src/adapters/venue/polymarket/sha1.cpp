// The EVP interface allocates when a half-finished digest is copied; the plain one is a value.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "adapters/venue/polymarket/sha1.h"

#include <openssl/sha.h>

#include <cstring>

namespace arbees::polymarket {
namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<Sha1Digest> parse_sha1(std::string_view hex) noexcept {
  Sha1Digest digest{};
  if (hex.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

Sha1Prefix::Sha1Prefix(std::string_view text) noexcept {
  static_assert(sizeof(SHA_CTX) <= sizeof(state_));
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, text.data(), text.size());
  state_ = {};
  std::memcpy(state_.data(), &context, sizeof(context));
}

Sha1Digest Sha1Prefix::with(std::string_view ending) const noexcept {
  SHA_CTX context;
  std::memcpy(&context, state_.data(), sizeof(context));
  SHA1_Update(&context, ending.data(), ending.size());
  Sha1Digest digest;
  SHA1_Final(digest.data(), &context);
  return digest;
}

}  // namespace arbees::polymarket

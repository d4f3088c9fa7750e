#pragma once
// Who asks: the CLOB's two authentications, and the API credentials it hands out.
//
// L1: a wallet's signature of ClobAuth in POLY_* headers earns the credentials of (address, nonce). L2: every private
// request carries an HMAC made with them over timestamp, method, path and body. Both clocks may differ from ours by
// kClockTolerance; the venue documents none. Credentials are derived from the world's seed, so that a restarted venue
// knows them again; asking for existing ones creates nothing new.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"
#include "adapters/venue/polymarket/address.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::sim {

struct ClobCredentials {
  std::string api_key;     // in the form of a UUID
  std::string secret;      // base64, url-safe alphabet
  std::string passphrase;  // 64 hex digits
  polymarket::Address address{};
};

class ClobAuthority {
 public:
  static constexpr Duration kClockTolerance = std::chrono::minutes(5);

  ClobAuthority(std::uint64_t seed, std::uint64_t chain_id) noexcept : seed_(seed), chain_id_(chain_id) {}

  // Checks the L1 headers and hands out the credentials of (address, nonce). The error is the venue's answer.
  [[nodiscard]] Result<ClobCredentials, net::ServerResponse> check_wallet(const net::ServerRequest& request,
                                                                          Timestamp now);
  // Checks the L2 headers.
  [[nodiscard]] Result<ClobCredentials, net::ServerResponse> check_request(const net::ServerRequest& request,
                                                                           Timestamp now) const;
  // The user channel's first frame; nullptr if anything of it is wrong.
  [[nodiscard]] const ClobCredentials* check_frame(std::string_view api_key, std::string_view secret,
                                                   std::string_view passphrase) const;

  // The credentials of (address, nonce), valid from now on.
  const ClobCredentials& issue(const polymarket::Address& address, std::uint64_t nonce);
  // Keys of this address, oldest first.
  [[nodiscard]] std::vector<std::string> keys_of(const polymarket::Address& address) const;
  void revoke(std::string_view api_key);

 private:
  std::uint64_t seed_;
  std::uint64_t chain_id_;
  std::map<std::string, ClobCredentials, std::less<>> by_key_;
  std::vector<std::string> order_;  // keys as they were issued
};

// {"error":"…"}
[[nodiscard]] net::ServerResponse clob_error(int status, std::string_view text);

}  // namespace arbees::sim

#pragma once
// Who is asking: the three signed headers of Kalshi's requests and WebSocket upgrades.
//
// Signed is timestamp + METHOD + path; the query is cut off before checking, so a signature over it never fits.
// A timestamp a minute or more away from the server's clock, in either direction, is refused.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/net/http_server.h"
#include "adapters/venue/kalshi/signer.h"
#include "core/base/time.h"
#include "sim/kalshi_error.h"

namespace arbees::sim {

class KalshiAuth {
 public:
  static constexpr Duration kTolerance = std::chrono::seconds(60);

  // A key in PEM that cannot be read is a programming error of the caller: it is asserted.
  void add_key(std::string key_id, std::string_view public_pem);

  // Nothing if the request is signed by a known key; else why not (status 401). `now` is the server's clock.
  [[nodiscard]] std::optional<KalshiError> refuse(const net::ServerRequest& request, Timestamp now) const;
  // Whether the request claims to be signed at all.
  [[nodiscard]] static bool is_signed(const net::ServerRequest& request) noexcept;

 private:
  std::vector<std::pair<std::string, arbees::kalshi::VerifyingKey>> keys_;
};

}  // namespace arbees::sim

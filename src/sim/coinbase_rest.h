#pragma once
// Coinbase's REST answers: the Exchange's under /products, /currencies and /time; Advanced Trade's public ones under
// /api/v3/brokerage; and the few of /v2 that its clients ask for.
//
// Errors of the Exchange are {"message":"NotFound"}. Credentials are ignored.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"
#include "core/base/time.h"
#include "sim/world.h"

namespace arbees::sim::coinbase {

// What the books are as of: the instant of the world's last step, on the venue's clock, and where each product's
// sequence of the Exchange feed stood then.
struct BookState {
  Timestamp at = kNoTime;
  std::map<std::string, std::uint64_t, std::less<>> sequences;
};

// One request while it is answered; `now` is the venue's clock.
struct Call {
  const World& world;
  const net::ServerRequest& request;
  const BookState& books;
  Timestamp now = kNoTime;
  std::vector<std::string_view> parts;  // of the path, between its slashes
};

class Rest {
 public:
  explicit Rest(const World& world) noexcept : world_(world) {}

  [[nodiscard]] net::ServerResponse answer(const net::ServerRequest& request, const BookState& books,
                                           Timestamp now) const;
  // What is said instead of an answer: 429 or 503.
  [[nodiscard]] static net::ServerResponse refusal(int status);

 private:
  const World& world_;
};

// Advanced Trade and /v2; none if the path is neither's.
[[nodiscard]] std::optional<net::ServerResponse> brokerage_answer(const Call& call);

// Seconds, or RFC 3339; none if it is neither.
[[nodiscard]] std::optional<Timestamp> read_instant(std::string_view text) noexcept;
// Candles that begin in [start, end]; kNoTime: no bound.
struct CandleRange {
  Timestamp start = kNoTime;
  Timestamp end = kNoTime;
  std::size_t limit = 0;
};
// Newest first; empty buckets are left out.
[[nodiscard]] std::vector<SpotCandle> newest_candles(const World& world, const SpotProduct& product, Duration length,
                                                     const CandleRange& range);

}  // namespace arbees::sim::coinbase

#pragma once
// Requests to the executor: the predecessor's CryptoExecutionRequest and ExecutionRequest, made one.
//
// A request buys one or more legs. `direction` "Long" buys Yes, "Short" buys No; a limit is always the price of the
// outcome that is bought, between 0 and 1 exclusively. Sizes: `contracts` counts contracts; `suggested_size` is the
// most dollars that all may cost, fees included; the other shards' `size` counts contracts. Nothing here knows which
// markets exist; it only says whether the message is one.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/market/order.h"
#include "core/market/values.h"

namespace arbees::bus {

inline constexpr std::size_t kMaxRequestLegs = 16;
inline constexpr double kMaxSize = 1e6;
// A request older than this, or from further in the future, is refused.
inline constexpr Duration kMaxAge = std::chrono::seconds(60);
inline constexpr Duration kMaxAhead = std::chrono::seconds(5);

struct RequestLeg {
  std::string platform;   // as sent: "kalshi", "polymarket", "paper"
  std::string market_id;  // ticker, or condition id
  std::string token_id;   // Polymarket: the token to buy; empty: by outcome
  Outcome outcome = Outcome::Yes;
  Price limit;
  std::optional<Quantity> contracts;

  bool operator==(const RequestLeg&) const = default;
};

struct BusRequest {
  bool is_crypto = true;  // topic crypto.execution.*; else execution.request.*
  std::string request_id;
  std::string idempotency_key;  // the request's id if the sender gave none
  std::string source;
  std::string event_id;  // game_id of other shards
  std::string asset;     // as sent; may be empty
  std::string sport;     // other shards only
  std::string signal_type;
  std::string signal_id;
  std::string reason;
  Timestamp created_at = kNoTime;
  Timestamp deadline = kNoTime;  // kNoTime: none given
  double edge_pct = 0;
  double probability = 0;
  Money size;    // most that it may cost; 0: not stated, every leg has its contracts
  Money outlay;  // what the sender reckons it costs and pays at least; 0: not stated
  Money guaranteed;
  Price current_price;  // 0: not stated
  double volatility_factor = 1;
  bool exposure_check = true;
  bool balance_check = true;
  std::optional<std::uint64_t> fence;  // of the sender's lease on the asset
  std::vector<RequestLeg> legs;        // one at least
};

// The reason of a request whose deadline has passed.
inline constexpr std::string_view kPastDeadline = "stale: past its deadline";

struct RequestRefusal {
  std::string request_id;  // from the body, else from the topic, else "unknown"
  std::string reason;
};

// Checks everything that can be known from the message and the time.
[[nodiscard]] Result<BusRequest, RequestRefusal> decode_request(std::string_view topic, std::string_view message,
                                                                Timestamp now);

// The CryptoExecutionRequest payload of a request; the first leg fills the predecessor's fields.
[[nodiscard]] std::string encode_request(const BusRequest& request);

}  // namespace arbees::bus

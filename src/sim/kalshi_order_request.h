#pragma once
// Bodies of Kalshi's order calls (V2), read and checked as far as they can be without the market.
//
// Counts and prices must be strings; unknown members are ignored. A body that is not JSON or has a member of the
// wrong type is bad_request, a missing or unknown value invalid_parameters.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "sim/kalshi_error.h"
#include "sim/world.h"

namespace arbees::sim {

// Where an order call goes: the shard named, or the ticker that finds it.
struct KalshiRouting {
  std::optional<std::int32_t> shard;  // nothing: routed by the ticker, or shard 0 if there is none
  std::string ticker;
};

struct KalshiCreate {
  NewOrder order;  // its market is not set yet
  KalshiRouting routing;
  std::string group_id;
};

struct KalshiCancel {
  std::string order_id;
  KalshiRouting routing;
};

struct KalshiAmend {
  KalshiRouting routing;
  BookSide side = BookSide::Bid;
  Amendment amendment;
  std::string client_order_id;  // of the order as it is; empty: not checked
};

struct KalshiDecrease {
  KalshiRouting routing;
  std::optional<Quantity> reduce_by;  // one of the two
  std::optional<Quantity> reduce_to;
};

using KalshiCreateResult = Result<KalshiCreate, KalshiError>;

[[nodiscard]] KalshiCreateResult read_create(std::string_view body);
// {"orders":[…]}: an item that is wrong is an error in its place; a body that cannot be read is one for all.
[[nodiscard]] Result<std::vector<KalshiCreateResult>, KalshiError> read_create_batch(std::string_view body);
[[nodiscard]] Result<std::vector<KalshiCancel>, KalshiError> read_cancel_batch(std::string_view body);
[[nodiscard]] Result<KalshiAmend, KalshiError> read_amend(std::string_view body);
[[nodiscard]] Result<KalshiDecrease, KalshiError> read_decrease(std::string_view body);
// contracts_limit or contracts_limit_fp of an order group.
// The body of an order group: its limit and, when it is made, its shard.
struct KalshiGroupRequest {
  Quantity limit;
  std::int32_t shard = 0;
};
[[nodiscard]] Result<KalshiGroupRequest, KalshiError> read_group(std::string_view body);

}  // namespace arbees::sim

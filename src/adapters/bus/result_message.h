#pragma once
// The executor's answer to a request: the ExecutionResult payload, with a row for each leg added.
//
// Every request is answered at least once, on trades.{executed|partial|rejected|failed|cancelled}.{request_id}. A
// request that comes again gets the same answer again, marked as a duplicate.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/market/values.h"

namespace arbees::bus {

enum class ResultStatus : std::uint8_t { Filled, Partial, Rejected, Failed, Cancelled };

// Last but one part of the topic: "executed", "partial", …
[[nodiscard]] std::string_view result_kind(ResultStatus status) noexcept;
// As in the payload: "filled", "partial", …
[[nodiscard]] std::string_view result_status_name(ResultStatus status) noexcept;

struct ResultLeg {
  std::string platform;
  std::string market_id;
  std::string symbol;
  std::string outcome;  // "yes", "no"
  std::string order_id;
  Quantity filled;
  Money cost;  // Σ price × quantity, without fees
  Money fees;
};

struct ExecutionResult {
  std::string request_id;
  std::string idempotency_key;
  ResultStatus status = ResultStatus::Rejected;
  std::string rejection_reason;  // empty: none
  std::string platform;          // of the first leg, as the fields below
  std::string market_id;
  std::string side;  // "yes", "no"
  std::string asset;
  std::string event_id;
  std::string sport;
  std::string signal_id;
  std::string signal_type;
  double edge_pct = 0;
  std::vector<ResultLeg> legs;
  Timestamp requested_at = kNoTime;  // kNoTime: the request could not be read
  Timestamp executed_at = kNoTime;
  Timestamp received_at = kNoTime;  // the latency is counted from here
};

[[nodiscard]] std::string encode_result(const ExecutionResult& result);
// Of a whole message: which request it answers, how, why, and what is held of each leg. The error says what is wrong.
[[nodiscard]] Result<ExecutionResult, std::string> decode_result(std::string_view message);
// The same payload, marked as one that was given before.
[[nodiscard]] std::string as_duplicate(const std::string& payload);

}  // namespace arbees::bus

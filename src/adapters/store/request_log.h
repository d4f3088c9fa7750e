#pragma once
// Which requests of others were taken up, and what they were answered: no request is executed twice, whatever ends.
//
// A request is written down before its first order leaves, and its answer before it is published. What was begun and
// never answered is found at the next start, and settled from the ledger. Entries are kept for kMemory.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees {

struct LoggedRequest {
  std::string key;            // idempotency key
  std::string request_id;     // as the sender called it
  std::uint64_t request = 0;  // number in the ledger
  std::string kind;           // of the answer: "executed" …; empty: not answered
  std::string answer;         // JSON
};

class RequestLog {
 public:
  static constexpr Duration kMemory = std::chrono::hours(24 * 30);

  // The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<RequestLog>, std::string> open(const std::string& path, Timestamp now);
  ~RequestLog();
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  // By key, or by the sender's id.
  [[nodiscard]] std::optional<LoggedRequest> find(std::string_view key, std::string_view request_id);
  // Durable when it returns true.
  [[nodiscard]] bool begin(const LoggedRequest& request, Timestamp now);
  [[nodiscard]] bool answer(std::string_view key, std::string_view kind, std::string_view answer);
  [[nodiscard]] std::vector<LoggedRequest> unanswered();
  [[nodiscard]] std::string error() const;

 private:
  struct Parts;
  explicit RequestLog(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace arbees

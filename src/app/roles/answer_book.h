#pragma once
// Requests under way and what has become of them: from the first order to the answer.
//
// Fed with the reports of the session. A request is over when the engine says so: all its orders have ended, those that
// sell back what has no counterpart included. What is told is what is held then.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/bus/request_message.h"
#include "adapters/bus/result_message.h"
#include "adapters/store/ledger_contents.h"
#include "adapters/store/request_log.h"
#include "core/market/outputs.h"

namespace arbees::app {

// The fields of an answer that the request alone decides.
[[nodiscard]] bus::ExecutionResult blank_result(const bus::BusRequest& request, Timestamp received_at);
[[nodiscard]] bus::ExecutionResult refusal(const bus::RequestRefusal& refusal, Timestamp received_at);
// Of a request that an earlier process began and never answered, from the ledger.
[[nodiscard]] bus::ExecutionResult interrupted_result(const LoggedRequest& logged, const LedgerContents& ledger,
                                                      Timestamp now);

class AnswerBook {
 public:
  using Finished = std::function<void(const std::string& key, const bus::ExecutionResult& result)>;

  explicit AnswerBook(Finished finished) : finished_(std::move(finished)) {}

  // Legs are those of the offer, in its order; `result` is blank but for their names.
  void begin(RequestId request, const std::string& key, const bus::ExecutionResult& result,
             std::vector<Quantity> wanted);
  // It was not accepted after all.
  void forget(RequestId request) { open_.erase(request.value); }
  void on(const Report& report);
  // Answers those whose orders have all ended.
  void settle();
  [[nodiscard]] bool is_empty() const noexcept { return open_.empty(); }

 private:
  struct Open {
    std::string key;
    bus::ExecutionResult result;
    std::vector<Quantity> wanted;
    std::string reject_reason;
    Timestamp at = kNoTime;  // of its end
    Money paid;              // for all that was bought, less what was sold, with fees
    bool is_over = false;
    bool is_rejected = false;
    bool is_traded = false;
  };
  // A fill, or with −1 one that is undone.
  template <class Fill>
  static void add(Open& open, const Fill& fill, std::int64_t sign);
  [[nodiscard]] Open* find(const OrderRequest& order);

  Finished finished_;
  std::map<std::uint64_t, Open> open_;  // by request
};

}  // namespace arbees::app

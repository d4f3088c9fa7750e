#pragma once
// Compares one book as it is streamed with the same book by REST, while both keep changing.
//
// A REST answer was true at some instant; the streamed book was, or will shortly be, in that very state. So the check
// records the streamed states (as digests, book_mirror.h) from before the request until some time after the answer;
// the answer is right if it is one of them. Two answers in a row that are none of them are a failure; one may be
// taken from a cache. A book that is faulted meanwhile proves nothing: the check is void.

#include <cstdint>
#include <vector>

#include "core/base/time.h"

namespace arbees {

enum class EqualityVerdict : std::uint8_t {
  Pending,  // keep telling it what happens
  Equal,
  AskAgain,  // no streamed state is the answer's: send another request
  Different,
  Void,
};

class EqualityCheck {
 public:
  // How long after an answer the stream may bring the state that the answer had.
  static constexpr Duration kWindow = std::chrono::seconds(2);
  // No answer by then, and the check is void.
  static constexpr Duration kAnswerLimit = std::chrono::seconds(15);
  static constexpr int kAnswers = 2;

  // Begins with the state streamed now; the request may be sent some time later.
  void begin(std::uint64_t digest, Timestamp now);
  void on_streamed(std::uint64_t digest);
  void on_fault() noexcept { verdict_ = verdict_ == EqualityVerdict::Pending ? EqualityVerdict::Void : verdict_; }
  void on_answer(std::uint64_t digest, Timestamp now);
  // No usable answer came.
  void on_no_answer() noexcept { on_fault(); }

  // AskAgain is said once; the check goes on as pending.
  [[nodiscard]] EqualityVerdict verdict(Timestamp now);

 private:
  std::vector<std::uint64_t> states_;
  std::uint64_t answer_ = 0;
  Timestamp asked_at_ = kNoTime;
  Timestamp answered_at_ = kNoTime;
  int answers_ = 0;
  EqualityVerdict verdict_ = EqualityVerdict::Void;
};

}  // namespace arbees

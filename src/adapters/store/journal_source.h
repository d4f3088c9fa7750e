#pragma once
// One or several journals as one stream of events, in the order given; behind each those that continue it
// (journal_series.h).
//
// received_at never decreases: where a later file or record steps back in time, the event gets the time
// of the one before it, and the step is counted.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/store/journal_reader.h"
#include "core/market/ports.h"

namespace arbees {

class JournalSource final : public EventSource {
 public:
  // Opens all files at once, each of them once, so that a wrong name or header is known before the first event.
  [[nodiscard]] static Result<JournalSource, std::string> open(const std::vector<std::string>& paths);

  bool poll(Event& event) override;

  // The digest recorded beside the event polled last, if there is one.
  [[nodiscard]] const std::optional<std::uint64_t>& recorded_digest() const noexcept { return digest_; }
  // Events whose time stepped back and was corrected.
  [[nodiscard]] std::uint64_t corrected_times() const noexcept { return corrected_times_; }
  [[nodiscard]] const std::vector<JournalReader>& journals() const noexcept { return journals_; }
  // The condition of every file that is not clean, with its name, as far as it has been read.
  [[nodiscard]] std::vector<std::string> complaints() const;
  // Whether any file is damaged in the middle (a torn tail is not): exit code 3 for the user.
  [[nodiscard]] bool is_corrupt() const noexcept;

 private:
  std::vector<std::string> paths_;
  std::vector<JournalReader> journals_;
  std::size_t current_ = 0;
  Timestamp latest_ = kNoTime;
  std::optional<std::uint64_t> digest_;
  std::uint64_t corrected_times_ = 0;
};

}  // namespace arbees

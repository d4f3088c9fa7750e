#pragma once
// The settlement source's prints of the last minutes, by the second of their stamp, and what they fix of an average.
//
// Prices are integers (SpotPrice), so a complete window settles exactly. A print that is missing between two that
// came is estimated on the line between them; its error enters the window as variance. Prints behind the newest one
// count as still to come: a late feed is no gap, and a silent one is stale, which the caller judges.

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/time.h"
#include "core/market/contract.h"
#include "core/pricing/settlement_window.h"

namespace arbees {

// Which one-second stamps a settlement source averages: `prints` of them, the last `last_before_close_s` before the
// close. One print means the price at the close itself.
struct AveragingRule {
  int prints = 1;
  int last_before_close_s = 0;
};

// Nothing for an unknown source.
[[nodiscard]] std::optional<AveragingRule> averaging_rule(SettlementSource source) noexcept;

class PrintRing {
 public:
  static constexpr std::int64_t kSeconds = 128;

  // The print stamped with this whole second. Older than the ring: ignored. The same second again: the later word
  // counts.
  void add(std::int64_t second, SpotPrice value) noexcept;

  [[nodiscard]] bool has(std::int64_t second) const noexcept;
  [[nodiscard]] SpotPrice at(std::int64_t second) const noexcept;  // has(second)
  [[nodiscard]] std::int64_t newest_second() const noexcept { return newest_; }

  // The window of a contract that closes at this second (stamps are whole seconds, so are closes), seen at `now`.
  [[nodiscard]] SettlementWindow window(AveragingRule rule, std::int64_t close_second, Timestamp now) const noexcept;

  // Sum of the window's prints in SpotPrice units, if every one of them came.
  [[nodiscard]] std::optional<std::int64_t> complete_sum(AveragingRule rule, std::int64_t close_second) const noexcept;

 private:
  struct Slot {
    std::int64_t second = -1;
    SpotPrice value;
  };
  [[nodiscard]] static std::size_t place(std::int64_t second) noexcept {
    return static_cast<std::size_t>(second % kSeconds);
  }
  // Estimates of the `count` prints from `first` on that did not come; adds their sum and its variance.
  void bridge(std::int64_t first, int count, SettlementWindow& window) const noexcept;

  std::array<Slot, kSeconds> slots_{};
  std::int64_t newest_ = -1;
};

}  // namespace arbees

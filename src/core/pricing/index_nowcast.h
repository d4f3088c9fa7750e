#pragma once
// The settlement index between its ticks: its last print plus what our own composite has moved since.
//
//   Î(t) = I(t_k) + [M(t) − M(t_k)]
//
// t_k is the print's own stamp: by the time it reaches us the composite has moved on, so recent composites are kept
// to look M(t_k) up. Every constant bias of the composite M cancels. The standard deviation is measured, not assumed:
// the root mean square of what each index tick differed from the forecast made just before it (half-life one minute).

#include <array>
#include <cstddef>
#include <optional>

#include "core/base/time.h"
#include "core/pricing/ewma.h"

namespace arbees {

class IndexNowcast {
 public:
  struct Estimate {
    double value = 0.0;
    double sd = 0.0;
    Timestamp observed_at = kNoTime;  // the newest of what it rests on
  };

  // A tick of the index itself, by its stamp.
  void on_index(Timestamp at, double value) noexcept;
  // A mid of the constituents' composite.
  void on_composite(Timestamp at, double mid) noexcept;

  // Nothing before the first index tick. Without a composite since, the last print with its measured error.
  [[nodiscard]] std::optional<Estimate> estimate(Timestamp now) const noexcept;

 private:
  struct Sample {
    Timestamp at = kNoTime;
    double mid = 0.0;
  };
  // 64 of them, 50 ms apart or more: prints up to three seconds late find theirs.
  static constexpr std::size_t kSamples = 64;
  static constexpr Duration kSampleSpacing = std::chrono::milliseconds(50);

  // The composite as of then: the last one not after it, else the oldest kept; 0 if there is none.
  [[nodiscard]] double composite_as_of(Timestamp at) const noexcept;

  std::array<Sample, kSamples> samples_{};
  std::size_t sample_count_ = 0;  // ever
  double index_ = 0.0;
  double composite_ = 0.0;
  double composite_at_index_ = 0.0;
  Timestamp index_at_ = kNoTime;
  Timestamp composite_at_ = kNoTime;
  EwmaRate squared_error_{60.0};
};

}  // namespace arbees

#include "core/pricing/index_nowcast.h"

#include <algorithm>
#include <cmath>

namespace arbees {

void IndexNowcast::on_index(Timestamp at, double value) noexcept {
  if (!(value > 0.0) || at <= index_at_) return;
  const double composite = composite_as_of(at);
  if (index_at_ != kNoTime) {
    const bool has_both = composite_at_index_ > 0.0 && composite > 0.0;
    const double miss = value - index_ - (has_both ? composite - composite_at_index_ : 0.0);
    const double span_s = static_cast<double>((at - index_at_).count()) * 1e-9;
    squared_error_.add(span_s, miss * miss * span_s);
  }
  index_ = value;
  index_at_ = at;
  composite_at_index_ = composite;
}

void IndexNowcast::on_composite(Timestamp at, double mid) noexcept {
  if (!(mid > 0.0) || at < composite_at_) return;
  composite_ = mid;
  composite_at_ = at;
  Sample& latest = samples_[(sample_count_ + kSamples - 1) % kSamples];
  if (sample_count_ > 0 && at - latest.at < kSampleSpacing) return;
  samples_[sample_count_++ % kSamples] = Sample{at, mid};
}

double IndexNowcast::composite_as_of(Timestamp at) const noexcept {
  if (composite_at_ <= at) return composite_;
  double oldest = composite_;
  for (std::size_t back = 1; back <= std::min(sample_count_, kSamples); ++back) {
    const Sample& sample = samples_[(sample_count_ - back) % kSamples];
    if (sample.at <= at) return sample.mid;
    oldest = sample.mid;
  }
  return oldest;
}

std::optional<IndexNowcast::Estimate> IndexNowcast::estimate(Timestamp now) const noexcept {
  if (index_at_ == kNoTime || index_at_ > now) return std::nullopt;
  Estimate result;
  const bool has_moved = composite_at_index_ > 0.0 && composite_at_ >= index_at_;
  result.value = has_moved ? index_ + (composite_ - composite_at_index_) : index_;
  result.sd = std::sqrt(squared_error_.rate());
  result.observed_at = has_moved ? std::max(index_at_, composite_at_) : index_at_;
  return result;
}

}  // namespace arbees

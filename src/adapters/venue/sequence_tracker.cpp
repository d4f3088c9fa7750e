#include "adapters/venue/sequence_tracker.h"

namespace arbees {

SequenceVerdict SequenceTracker::observe(std::uint64_t sequence, bool begins) noexcept {
  const bool may_restart = may_restart_ || begins;
  expected_ = has_last_ ? last_ + 1 : 0;
  if (!has_last_ || sequence == last_ + 1) {
    has_last_ = true;
    may_restart_ = false;
    old_run_ = 0;
    last_ = sequence;
    return SequenceVerdict::Next;
  }
  const bool is_old = sequence <= last_;
  if (is_old && !may_restart && ++old_run_ < kOldRunLimit) return SequenceVerdict::Old;
  may_restart_ = false;
  old_run_ = 0;
  last_ = sequence;
  return is_old && may_restart ? SequenceVerdict::Restarted : SequenceVerdict::Gap;
}

}  // namespace arbees

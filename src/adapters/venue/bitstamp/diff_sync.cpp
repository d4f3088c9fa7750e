#include "adapters/venue/bitstamp/diff_sync.h"

#include <algorithm>

namespace arbees::bitstamp {

bool DiffSync::keep(std::uint64_t stamp, Timestamp exchange_at, std::span<const SpotChange> levels) {
  const bool has_room = kept_.size() < kMaxKept && levels_.size() + levels.size() <= kMaxKeptLevels;
  if (!has_room) {
    kept_.clear();
    levels_.clear();
  }
  kept_.push_back(Kept{stamp, exchange_at, levels_.size(), levels.size()});
  levels_.insert(levels_.end(), levels.begin(), levels.end());
  return has_room;
}

DiffStep DiffSync::on_diff(std::uint64_t stamp, Timestamp exchange_at, std::span<const SpotChange> levels) {
  if (!is_live_) return keep(stamp, exchange_at, levels) ? DiffStep::Wait : DiffStep::NoRoom;
  if (stamp <= book_stamp_) return DiffStep::Known;
  if (stamp < last_stamp_) return DiffStep::Late;
  if (is_keeping_ && !keep(stamp, exchange_at, levels)) {
    forget_kept();
    is_keeping_ = false;
  }
  last_stamp_ = stamp;
  return DiffStep::Apply;
}

void DiffSync::expect_book() noexcept {
  if (is_keeping_) return;
  forget_kept();
  is_keeping_ = true;
  kept_since_ = last_stamp_;
}

bool DiffSync::on_book(std::uint64_t stamp) {
  std::uint64_t oldest_usable = is_keeping_ ? kept_since_ : last_stamp_;
  if (!is_live_) oldest_usable = kept_.empty() ? 0 : kept_.front().stamp;
  if (stamp < oldest_usable || stamp < book_stamp_) return false;
  const auto first_after =
      std::find_if(kept_.begin(), kept_.end(), [stamp](const Kept& diff) noexcept { return diff.stamp > stamp; });
  kept_.erase(kept_.begin(), first_after);
  is_live_ = true;
  is_keeping_ = false;
  book_stamp_ = stamp;
  last_stamp_ = kept_.empty() ? stamp : kept_.back().stamp;
  return true;
}

void DiffSync::forget_kept() noexcept {
  kept_.clear();
  levels_.clear();
}

void DiffSync::stop() noexcept {
  forget_kept();
  is_live_ = false;
  is_keeping_ = true;
  book_stamp_ = last_stamp_ = kept_since_ = 0;
}

}  // namespace arbees::bitstamp

#include "adapters/venue/binance/local_book_sync.h"

#include <algorithm>

namespace arbees::binance {

SyncStep LocalBookSync::on_update(UpdateRange range) noexcept {
  if (!is_live_) {
    const bool is_gap = last_kept_id_ != 0 && range.first > last_kept_id_ + 1;
    return is_gap ? SyncStep::KeepAfterGap : SyncStep::Keep;
  }
  if (range.last <= last_id_) return has_applied_ ? SyncStep::Late : SyncStep::Ignore;
  if (range.first > last_id_ + 1) {
    stop();
    return SyncStep::KeepAfterGap;
  }
  last_id_ = range.last;
  has_applied_ = true;
  return SyncStep::Apply;
}

bool LocalBookSync::keep(UpdateRange range, Timestamp exchange_at, const std::vector<DepthLevel>& levels) {
  const bool has_room = kept_.size() < kMaxKeptUpdates && levels_.size() + levels.size() <= kMaxKeptLevels;
  if (!has_room) forget_kept();
  if (levels.size() > kMaxKeptLevels) return false;
  kept_.push_back(KeptUpdate{range, exchange_at, levels_.size(), levels.size()});
  levels_.insert(levels_.end(), levels.begin(), levels.end());
  last_kept_id_ = range.last;
  return has_room;
}

bool LocalBookSync::on_snapshot(std::uint64_t last_update_id) {
  if (is_live_ && last_update_id < last_id_) return false;
  const auto first_after =
      std::find_if(kept_.begin(), kept_.end(),
                   [last_update_id](const KeptUpdate& update) noexcept { return update.range.last > last_update_id; });
  if (first_after != kept_.end() && first_after->range.first > last_update_id + 1) return false;
  kept_.erase(kept_.begin(), first_after);
  is_live_ = true;
  has_applied_ = false;
  last_id_ = last_update_id;
  return true;
}

void LocalBookSync::forget_kept() noexcept {
  kept_.clear();
  levels_.clear();
  last_kept_id_ = 0;
}

void LocalBookSync::stop() noexcept {
  is_live_ = false;
  has_applied_ = false;
  forget_kept();
}

}  // namespace arbees::binance

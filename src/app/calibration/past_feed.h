#pragma once
// History handed out in the order of time, never later than "now": what makes a walk forward honest.
//
// A record has the instant from which it could be known: a candle its end, a quote its receipt. The reader asks with
// its own time and can reach nothing beyond it; there is no other access. Times asked for never go back.

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/base/assert.h"
#include "core/base/time.h"

namespace arbees::app {

template <class Record>
class PastFeed {
 public:
  void add(Timestamp known_from, Record record) {
    ARBEES_ASSERT(next_ == 0);  // everything is added before reading begins
    is_sorted_ = is_sorted_ && (records_.empty() || records_.back().first <= known_from);
    records_.emplace_back(known_from, std::move(record));
  }

  // Calls with each record known by `now` that was not handed out before, in order of time.
  template <class Use>
  void advance(Timestamp now, Use use) {
    if (!is_sorted_) {
      std::stable_sort(records_.begin(), records_.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      is_sorted_ = true;
    }
    ARBEES_ASSERT(now >= asked_);
    asked_ = now;
    for (; next_ < records_.size() && records_[next_].first <= now; ++next_)
      use(records_[next_].first, records_[next_].second);
  }

  [[nodiscard]] std::size_t size() const noexcept { return records_.size(); }

 private:
  std::vector<std::pair<Timestamp, Record>> records_;
  std::size_t next_ = 0;
  Timestamp asked_ = kNoTime;
  bool is_sorted_ = true;
};

}  // namespace arbees::app

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
    is_sorted_ = is_sorted_ && (entries_.empty() || entries_.back().known_from <= known_from);
    entries_.push_back({known_from, entries_.size(), std::move(record)});
  }

  // Calls with each record known by `now` that was not handed out before, in order of time, then of adding.
  template <class Use>
  void advance(Timestamp now, Use use) {
    if (!is_sorted_) {
      std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
        return a.known_from != b.known_from ? a.known_from < b.known_from : a.place < b.place;
      });
      is_sorted_ = true;
    }
    ARBEES_ASSERT(now >= asked_);
    asked_ = now;
    for (; next_ < entries_.size() && entries_[next_].known_from <= now; ++next_) {
      use(entries_[next_].known_from, entries_[next_].record);
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    Timestamp known_from;
    std::size_t place = 0;
    Record record;
  };

  std::vector<Entry> entries_;
  std::size_t next_ = 0;
  Timestamp asked_ = kNoTime;
  bool is_sorted_ = true;
};

}  // namespace arbees::app

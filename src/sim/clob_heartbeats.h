#pragma once
// Cancel on disconnect: once a key has sent a heartbeat, ten seconds without the next one end its orders.
//
// Each beat names the id that the last answer gave; the first names none, and so may one after a restart. A wrong id is
// refused with the right one. When the orders have been ended the key is as before its first beat.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"
#include "sim/keys.h"

namespace arbees::sim {

class ClobHeartbeats {
 public:
  ClobHeartbeats(std::uint64_t seed, Duration limit) noexcept : seed_(seed), limit_(limit) {}

  // The id for the next beat, or the one that was expected.
  [[nodiscard]] Result<std::string, std::string> beat(const std::string& api_key, std::string_view id, Timestamp now) {
    const auto known = by_key_.find(api_key);
    const bool is_right = known == by_key_.end() || id.empty() || known->second.next_id == id;
    if (!is_right) return failure(known->second.next_id);
    constexpr std::uint64_t kSpace = 0xc10b03;
    Beat& beat = by_key_[api_key];
    beat.next_id = seeded_uuid(seed_, kSpace, ++count_);
    beat.last_at = now;
    return beat.next_id;
  }

  // Keys that fell silent; each is told once.
  [[nodiscard]] std::vector<std::string> take_silent(Timestamp now) {
    std::vector<std::string> silent;
    for (auto it = by_key_.begin(); it != by_key_.end();) {
      const bool is_silent = now - it->second.last_at > limit_;
      if (is_silent) silent.push_back(it->first);
      it = is_silent ? by_key_.erase(it) : std::next(it);
    }
    return silent;
  }

 private:
  struct Beat {
    std::string next_id;
    Timestamp last_at = kNoTime;
  };

  std::uint64_t seed_;
  Duration limit_;
  std::uint64_t count_ = 0;
  std::map<std::string, Beat> by_key_;
};

}  // namespace arbees::sim

#pragma once
// The health of a feed of several streams: the state of its main one, the counts of all.

#include <algorithm>

#include "adapters/venue/feed.h"

namespace arbees {

// Adds what `other` counted. Its trouble is told only where there is no other.
inline void add_counts(FeedHealth& health, const FeedHealth& other) {
  health.last_frame_at = std::max(health.last_frame_at, other.last_frame_at);
  health.frames += other.frames;
  health.connects += other.connects;
  health.disconnects += other.disconnects;
  health.gaps += other.gaps;
  health.resyncs += other.resyncs;
  health.malformed += other.malformed;
  health.unknown_messages += other.unknown_messages;
  health.unknown_fields += other.unknown_fields;
  health.unknown_values += other.unknown_values;
  health.throttled += other.throttled;
  if (health.last_trouble.empty()) health.last_trouble = other.last_trouble;
}

}  // namespace arbees

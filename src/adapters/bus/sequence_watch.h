#pragma once
// What is missing, repeated or begun anew in the messages of one publisher.
//
// TCP neither reorders nor repeats, so a number that goes back is a publisher that began again, unless its clock went
// back as well: then it is an old message, sent twice. Gaps are counted by topic (topic_seq), because a subscriber
// takes only some topics; without topic_seq there is nothing to judge. A topic's first message has no gap: nobody
// knows what was sent before we listened. A bounded number of topics is remembered, the longest silent forgotten.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "adapters/bus/envelope.h"

namespace arbees::bus {

enum class Arrival : std::uint8_t { InOrder, Gap, Duplicate, Restart };

struct SequenceCounts {
  std::uint64_t messages = 0;
  std::uint64_t gaps = 0;
  std::uint64_t missed = 0;  // messages that the gaps amount to
  std::uint64_t duplicates = 0;
  std::uint64_t restarts = 0;
};

class SequenceWatch {
 public:
  explicit SequenceWatch(std::size_t most_topics = 65'536) : most_topics_(most_topics) {}

  Arrival on(std::string_view topic, const Envelope& envelope);
  [[nodiscard]] const SequenceCounts& counts() const noexcept { return counts_; }

 private:
  struct Topic {
    std::uint64_t topic_seq = 0;
    std::uint64_t seq = 0;
  };
  void forget_old();
  Arrival judge(Topic& topic, const Envelope& envelope);

  std::size_t most_topics_;
  std::map<std::string, Topic, std::less<>> topics_;
  std::uint64_t last_seq_ = 0;
  std::int64_t last_time_ = 0;
  SequenceCounts counts_;
};

}  // namespace arbees::bus

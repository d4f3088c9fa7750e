#include "adapters/bus/sequence_watch.h"

#include <algorithm>
#include <vector>

namespace arbees::bus {

Arrival SequenceWatch::on(std::string_view topic, const Envelope& envelope) {
  ++counts_.messages;
  if (envelope.seq <= last_seq_ && last_seq_ != 0) {
    if (envelope.seq == last_seq_ || envelope.timestamp_ms < last_time_) {
      ++counts_.duplicates;
      return Arrival::Duplicate;
    }
    ++counts_.restarts;
    topics_.clear();
    last_seq_ = 0;
  }
  const bool has_restarted = last_seq_ == 0 && counts_.messages > 1;
  last_seq_ = envelope.seq;
  last_time_ = std::max(last_time_, envelope.timestamp_ms);
  const auto known = topics_.find(topic);
  if (known != topics_.end()) return judge(known->second, envelope);
  if (topics_.size() >= most_topics_) forget_old();
  topics_.emplace(std::string(topic), Topic{envelope.topic_seq, envelope.seq});
  return has_restarted ? Arrival::Restart : Arrival::InOrder;
}

Arrival SequenceWatch::judge(Topic& topic, const Envelope& envelope) {
  const std::uint64_t expected = topic.topic_seq + 1;
  const bool is_counted = topic.topic_seq != 0 && envelope.topic_seq != 0;
  topic = Topic{envelope.topic_seq, envelope.seq};
  if (!is_counted || envelope.topic_seq <= expected) return Arrival::InOrder;
  ++counts_.gaps;
  counts_.missed += envelope.topic_seq - expected;
  return Arrival::Gap;
}

void SequenceWatch::forget_old() {
  // The half that has been silent longest.
  std::vector<std::uint64_t> ages;
  ages.reserve(topics_.size());
  for (const auto& [name, topic] : topics_) ages.push_back(topic.seq);
  const auto middle = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2);
  std::nth_element(ages.begin(), middle, ages.end());
  const std::uint64_t limit = *middle;
  std::erase_if(topics_, [limit](const auto& entry) { return entry.second.seq <= limit; });
}

}  // namespace arbees::bus

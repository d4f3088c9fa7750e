#pragma once
// The second frame of every message: who sent it, when, and which number it has.
//
// {"seq","topic_seq","timestamp_ms","source","payload"}: seq counts the messages of a publisher, topic_seq those of
// one topic of it, both from 1; a subscriber that takes only some topics finds its gaps by topic_seq.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace arbees::bus {

struct Envelope {
  std::uint64_t seq = 0;
  std::uint64_t topic_seq = 0;
  std::int64_t timestamp_ms = 0;  // the publisher's clock
  std::string source;             // "kalshi_monitor", "crypto_shard:1"
};

// `payload` is a JSON object.
[[nodiscard]] std::string encode_message(const Envelope& envelope, std::string_view payload);

// The envelope alone; the error says what is wrong with the message. The payload must be an object.
[[nodiscard]] Result<Envelope, std::string> decode_envelope(std::string_view message);

}  // namespace arbees::bus

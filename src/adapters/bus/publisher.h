#pragma once
// Publishes numbered messages on one endpoint.
//
// Never waits: a subscriber that does not keep up loses what exceeds its queue, which is counted here and seen there
// as a gap; the others lose nothing. seq counts all messages from 1, topic_seq those of each topic; of a bounded
// number of topics, so that ids, which are topics of their own, do not pile up. One thread.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/bus/endpoint.h"
#include "adapters/bus/socket.h"
#include "core/base/result.h"
#include "core/base/time.h"

namespace arbees::bus {

struct PublisherOptions {
  Endpoint endpoint;
  CurveKeys keys;
  int high_water = 100'000;  // messages queued for one subscriber
  std::size_t most_topics = 65'536;
};

struct PublisherCounts {
  std::uint64_t sent = 0;
  std::uint64_t slow = 0;     // messages that at least one subscriber did not get
  std::uint64_t refused = 0;  // too large, or not a topic
};

class Publisher {
 public:
  // Bound when it returns. The error is a text for people.
  [[nodiscard]] static Result<std::unique_ptr<Publisher>, std::string> bind(BusContext& context,
                                                                            const PublisherOptions& options);

  // `payload` is a JSON object. False if the message cannot be one.
  bool publish(std::string_view topic, std::string_view source, std::string_view payload, Timestamp now);
  // Whether somebody has subscribed since the last call: what is true now should be said again.
  [[nodiscard]] bool take_new_subscribers();

  [[nodiscard]] const PublisherCounts& counts() const noexcept { return counts_; }

 private:
  Publisher(BusContext& context, const PublisherOptions& options);
  [[nodiscard]] std::uint64_t next_of(std::string_view topic);
  void forget_old();
  void send(std::string_view topic, std::string_view body);

  struct Topic {
    std::uint64_t count = 0;
    std::uint64_t seq = 0;  // of its latest message
  };
  PublisherOptions options_;
  Socket socket_;
  std::map<std::string, Topic, std::less<>> topics_;
  std::uint64_t seq_ = 0;
  PublisherCounts counts_;
};

}  // namespace arbees::bus

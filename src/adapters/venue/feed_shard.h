#pragma once
// One connection's share of a stream's symbols: the connection, its successor, and when to dial.

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "adapters/net/backoff.h"
#include "adapters/venue/feed_connection.h"
#include "core/base/time.h"

namespace arbees {

struct FeedShard {
  FeedShard(std::size_t position, std::uint64_t seed)
      : index(position), backoff({.healthy_after = std::chrono::seconds(10)}, seed) {}

  std::size_t index;
  std::size_t symbols = 0;
  net::Backoff backoff;
  Timestamp dial_at = kNoTime;  // not before
  int refusals = 0;             // in a row: 401, 403, 429 …
  int failed_handovers = 0;     // in a row
  int healings = 0;             // reconnects because books stayed lost, since one was proven
  std::unique_ptr<FeedConnection> current;
  std::unique_ptr<FeedConnection> successor;

  // A connection that is no longer listened to; destroyed by a later sweep, never from inside its own callbacks.
  struct Retired {
    std::unique_ptr<FeedConnection> connection;
    Timestamp at = kNoTime;
  };
  std::vector<Retired> retired;
};

}  // namespace arbees

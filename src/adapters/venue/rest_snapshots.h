#pragma once
// Fetches the snapshots that sessions ask for by REST, within the rate we allow ourselves, and hands them back.
//
// A request that fails is not repeated here: the book stays lost, and the supervisor asks again in its own time.

#include <cstdint>
#include <deque>
#include <string>

#include "adapters/net/http_client.h"
#include "adapters/net/rate_limiter.h"
#include "adapters/venue/feed_limits.h"
#include "adapters/venue/feed_protocol.h"
#include "core/base/time.h"

namespace arbees {

class FeedSupervisor;

class RestSnapshots final : public SnapshotFetcher {
 public:
  // Targets are paths behind `base`.
  RestSnapshots(net::IoLoop& loop, const net::Url& base, const net::HttpClientOptions& options,
                const RestLimits& limits);

  // Whom the answers are for; before the first fetch, and outliving the requests.
  void attach(FeedSupervisor& supervisor) noexcept { supervisor_ = &supervisor; }
  void fetch(std::uint32_t connection, SnapshotRequest request) override;
  // Sends what the rate lets through.
  void tick(Timestamp now);

 private:
  struct Waiting {
    std::uint32_t connection = 0;
    SnapshotRequest request;
  };
  void on_answer(const Waiting& asked, const net::HttpAnswer& answer);

  net::HttpClient client_;
  net::RateLimiter rate_;
  FeedSupervisor* supervisor_ = nullptr;
  std::deque<Waiting> waiting_;
  Timestamp now_ = kNoTime;
};

}  // namespace arbees

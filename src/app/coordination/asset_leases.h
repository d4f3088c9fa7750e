#pragma once
// Which assets this shard may trade: a lease on each in Redis, with a number that only grows.
//
// A lease is taken if the orchestrator has assigned the asset to this shard, or if no orchestrator is there and nobody
// holds it. Deciding and taking are one step in Redis. Whoever takes one gets a fence: a number above all earlier
// ones of that asset, published at once; it goes with every request, and the executor refuses lower ones. Nobody else
// can take a lease before it has run out, and here it runs out earlier, by a clock that goes on while the process is
// stopped: a shard that wakes up late finds that it holds nothing.

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/coordination/coordination.h"
#include "core/market/venue.h"

namespace arbees::app {

class AssetLeases {
 public:
  // `changed` is called after any lease was gained or lost.
  AssetLeases(Coordination& coordination, std::string shard, std::vector<Asset> assets, std::function<void()> changed);

  void tick(Timestamp now);
  // Gives all of them up.
  void release();
  // Of the lease that is held now; nothing if there is none.
  [[nodiscard]] std::optional<std::uint64_t> fence(Asset asset) const;

  static constexpr Duration kLife = std::chrono::seconds(3);
  static constexpr Duration kMargin = std::chrono::milliseconds(500);
  static constexpr Duration kRenewEvery = std::chrono::milliseconds(400);

 private:
  using Clock = std::chrono::steady_clock;
  struct Lease {
    std::uint64_t fence = 0;  // 0: not held
    Clock::time_point ends;
  };
  void take(const redis::Reply& reply, Clock::time_point asked_at);
  [[nodiscard]] redis::Words renewal() const;
  void drop_ended();

  Coordination& coordination_;
  std::string shard_;
  std::string owner_;  // this process: the shard's name and a number of its own
  std::vector<Asset> assets_;
  std::function<void()> changed_;
  std::array<Lease, kAssetCount> leases_{};
  Timestamp next_ = kNoTime;
  bool is_asking_ = false;
  bool is_released_ = false;
};

}  // namespace arbees::app

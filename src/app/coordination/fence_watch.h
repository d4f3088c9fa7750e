#pragma once
// The newest lease of each asset that is known: a request with an older fence comes from a shard that was replaced.
//
// Learned from Redis (told at once, and read again and again); without one, from the requests themselves, where a
// number out of thin air could otherwise lock out the rightful shard. Requests without a fence come from programs that
// take no part in leases; nothing is known against them.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/coordination/coordination.h"
#include "core/market/venue.h"

namespace arbees::app {

class FenceWatch {
 public:
  explicit FenceWatch(bool learns_from_requests) noexcept : learns_from_requests_(learns_from_requests) {}

  // "BTC 1769710000123", as it is published.
  void on_message(const std::string& text);
  void learn(Asset asset, std::uint64_t fence);
  // Empty, or why a request with this fence must not be executed.
  [[nodiscard]] std::string judge(Asset asset, std::optional<std::uint64_t> fence);
  [[nodiscard]] std::uint64_t newest(Asset asset) const noexcept { return newest_[static_cast<std::size_t>(asset)]; }

 private:
  std::array<std::uint64_t, kAssetCount> newest_{};
  bool learns_from_requests_;
};

// Reads the fences of these assets now.
void read_fences(Coordination& coordination, const std::vector<Asset>& assets, FenceWatch& watch);

}  // namespace arbees::app

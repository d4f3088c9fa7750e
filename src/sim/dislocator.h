#pragma once
// Makes riskless trades: for a moment one contract is mispriced against another that pays whenever it does.
//
// If B pays whenever A does, Yes of B and No of A together pay at least a dollar. A stray order either sells B's Yes
// too cheaply or buys A's Yes too dearly, so that both legs with taker fees cost 2 to 5 % less than a dollar. Both
// contracts are of one venue and settle on the same value. All that settle on it stand still meanwhile, whichever of
// them is used as a leg, and move for a while before the next trade is offered among them. What can be bought is
// worth some $15 of the cheaper leg.

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/base/random.h"
#include "sim/exchange.h"
#include "sim/quoter.h"

namespace arbees::sim {

// Two markets of one venue, one settlement: `outer` pays whenever `inner` does.
struct Nested {
  MarketId inner = 0;
  MarketId outer = 0;
};
// All such pairs among the markets that are active and do not close before `closes_after`.
[[nodiscard]] std::vector<Nested> nested_markets(const Listings& listings, Venue venue, Asset asset,
                                                 Timestamp closes_after);

// Cost of one Yes of `outer` at `ask` and one No of `inner` against `bid`, taker fees of `quantity` included, in
// Money units per contract.
[[nodiscard]] std::int64_t nested_cost(const Market& inner, Price bid, const Market& outer, Price ask,
                                       Quantity quantity);

class Dislocator {
 public:
  Dislocator(const WorldSettings& settings, const Listings& listings, Quoter& quoter);

  void step(Exchange& kalshi, Exchange& polymarket, Timestamp now);

 private:
  struct Plan {
    Nested pair;
    bool sells_outer = true;  // else buys inner
    Price price;
    Quantity quantity;
    std::int64_t shift = 0;  // how far from the present quote
  };
  struct Running {
    Venue venue = Venue::Unknown;
    MarketId market = 0;
    OrderNumber number = 0;
    Timestamp until = kNoTime;
  };

  // Contracts that settle on one value.
  struct Axis {
    Venue venue = Venue::Unknown;
    Asset asset = Asset::Unknown;
    SettlementSource source = SettlementSource::Unknown;
    Timestamp closes_at = kNoTime;
    auto operator<=>(const Axis&) const = default;
  };

  [[nodiscard]] static Axis axis_of(const Market& market) noexcept;
  [[nodiscard]] bool is_free(const Axis& axis, Timestamp now) const;
  void hold(const Axis& axis, Timestamp until);
  // False if there is nothing to be done on this venue now.
  bool begin(Exchange& exchange, Venue venue, Asset asset, Timestamp now);
  void end_due(Exchange& kalshi, Exchange& polymarket, Timestamp now);
  [[nodiscard]] std::optional<Plan> plan(const Exchange& exchange, const Nested& pair, bool sells_outer);

  const WorldSettings& settings_;
  const Listings& listings_;
  Quoter& quoter_;
  Random random_;
  std::array<Timestamp, kSimAssetCount> next_at_{};
  std::vector<Running> running_;
  std::map<Axis, Timestamp> free_at_;
};

}  // namespace arbees::sim

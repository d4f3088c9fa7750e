#pragma once
// Which markets there are: lists windows and ladders as their time comes, worded and named as the venues do.
//
// Every second it is asked what is due. A window's start value is set by whoever settles (market_clock); ladders are
// centred on the spot price of the moment they are listed.

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "sim/listings.h"
#include "sim/spot_market.h"
#include "sim/world.h"

namespace arbees::sim {

class MarketLister {
 public:
  MarketLister(const WorldSettings& settings, Listings& listings, const SpotMarket& spot);

  // Lists what is due; the new events' ids.
  std::vector<EventId> list_due(Timestamp now);

 private:
  // Kalshi, in lister_kalshi.cpp.
  void list_kalshi(Timestamp now);
  void list_kalshi_window(Asset asset, Timestamp opens_at, Timestamp now);
  void list_kalshi_ladder(Asset asset, Timestamp closes_at, Timestamp now);
  void list_kalshi_ranges(Asset asset, Timestamp closes_at, Timestamp now);
  [[nodiscard]] Market kalshi_market(const Event& event) const;

  // Polymarket, in lister_polymarket.cpp.
  void list_polymarket(Timestamp now);
  void list_polymarket_window(Asset asset, Duration length, Timestamp opens_at, Timestamp now);
  void list_polymarket_above(Asset asset, Timestamp noon, Timestamp now);
  void list_polymarket_ranges(Asset asset, Timestamp noon, Timestamp now);
  [[nodiscard]] Market polymarket_market(const Event& event);

  [[nodiscard]] static Event draft(Venue venue, Asset asset, Timestamp starts_at, Timestamp ends_at);
  // One of its venue and ticker.
  [[nodiscard]] bool is_listed(const Event& event) const;
  Event& add_event(Event event, Timestamp now);
  // The spot price to the nearest multiple of `spacing` (in 10^-4 dollars), plus `rungs` of them.
  [[nodiscard]] Strike rung(Asset asset, std::int64_t spacing, std::int64_t rungs) const noexcept;

  const WorldSettings& settings_;
  Listings& listings_;
  const SpotMarket& spot_;
  std::vector<EventId> added_;
};

// "84000", "84000.5", "73.7499": without trailing zeros.
[[nodiscard]] std::string plain_number(SpotPrice value);
// "84,000", "82,499.99"
[[nodiscard]] std::string grouped_number(SpotPrice value);

}  // namespace arbees::sim

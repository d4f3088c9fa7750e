#pragma once
// The life of every market: opened, closed, determined by its rule, settled, what was won in it redeemed.

#include <vector>

#include "sim/exchange.h"
#include "sim/listeners.h"
#include "sim/quoter.h"
#include "sim/spot_market.h"

namespace arbees::sim {

// The settled value by the market's rule once it can be known, rounded as published; zero if it is not known.
[[nodiscard]] SpotPrice settlement_of(const Market& market, const SpotMarket& spot);
// Whether Yes pays for this value.
[[nodiscard]] bool pays_yes(const Market& market, SpotPrice value) noexcept;

class MarketClock {
 public:
  MarketClock(const WorldSettings& settings, Listings& listings, const SpotMarket& spot, const Listeners& listeners);

  // Takes charge of a market that was just listed.
  void add(MarketId market) { running_.push_back(market); }
  void step(Exchange& kalshi, Exchange& polymarket, Quoter& quoter, Timestamp now);

 private:
  void open(Market& market, Quoter& quoter, Exchange& exchange, Timestamp now);
  void set_start_value(Market& market, Timestamp now);
  void refine_tick(Market& market, Exchange& exchange, Timestamp now);
  // True when the market is over.
  bool step_market(Market& market, Exchange& exchange, Quoter& quoter, Timestamp now);
  void redeem_due(Exchange& polymarket, Timestamp now);

  const WorldSettings& settings_;
  Listings& listings_;
  const SpotMarket& spot_;
  const Listeners& listeners_;
  std::vector<MarketId> running_;
  std::vector<MarketId> unredeemed_;  // settled, with winnings that are still tokens
};

}  // namespace arbees::sim

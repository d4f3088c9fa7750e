#pragma once
// The market maker and the noise traders of both prediction venues: what keeps every book alive.
//
// Each active market is quoted anew every 200 to 700 ms around its fair value, six levels a side, and every requote
// changes the book. The maker keeps out of the way of a dislocation: no bid at or above a stray ask, no ask at or
// below a stray bid, and the best quotes of all that settle alike stand still until it ends.

#include <cstdint>
#include <vector>

#include "core/base/random.h"
#include "sim/exchange.h"
#include "sim/spot_market.h"

namespace arbees::sim {

class Quoter {
 public:
  Quoter(std::uint64_t seed, const Listings& listings, const SpotMarket& spot);

  void start(MarketId market, Timestamp now);
  void stop(MarketId market);
  // Requotes the markets of this exchange that are due.
  void step(Exchange& exchange, Venue venue, Timestamp now);
  void requote(Exchange& exchange, MarketId market, Timestamp now);

  // A dislocation: the maker stays below/above this price; kNoBarrier ends it.
  void set_ask_ceiling_for_bids(Exchange& exchange, MarketId market, Price stray_ask, Timestamp now);
  void set_bid_floor_for_asks(Exchange& exchange, MarketId market, Price stray_bid, Timestamp now);
  void end_dislocation(MarketId market, Timestamp now);
  void hold_until(MarketId market, Timestamp until) noexcept {
    if (market < quotes_.size()) quotes_[market].held_until = until;
  }

 private:
  struct Quote {
    OrderNumber number = 0;
    Price price;
  };
  struct Quotes {
    bool is_on = false;
    bool is_dislocated = false;
    Timestamp next_at = kNoTime;
    Timestamp held_until = kNoTime;
    std::int64_t bias = 0;        // price units; what the maker is wrong by
    Price below = kPriceOne;      // bids stay below this
    Price above = kPriceZero;     // asks stay above this
    std::vector<Quote> sides[2];  // bids, asks
  };

  [[nodiscard]] std::vector<Price> wanted(const Market& market, const Quotes& quotes, BookSide side, Timestamp now);
  bool quote_side(Exchange& exchange, const Market& market, BookSide side, Timestamp now);
  void resize_one(Exchange& exchange, MarketId market, std::size_t first_level, Timestamp now);
  void trade_some(Exchange& exchange, MarketId market, Timestamp now);
  void pull(Exchange& exchange, MarketId market, BookSide side, Price from, Timestamp now);
  [[nodiscard]] Quantity draw_size();

  Random random_;
  const Listings& listings_;
  const SpotMarket& spot_;
  std::vector<Quotes> quotes_;  // by market
};

}  // namespace arbees::sim

#pragma once
// What happens in the world, told as it happens.
//
// Called from inside World::advance() and the calls that trade; a listener must not call those from here (it may
// read). All calls between two on_step() belong to one instant: servers may gather them into one frame.

#include "sim/market.h"
#include "sim/spot.h"

namespace arbees::sim {

class WorldListener {
 public:
  virtual ~WorldListener() = default;

  virtual void on_event_created(const Event&) {}
  virtual void on_market_created(const Market&) {}
  virtual void on_phase(const Market&) {}   // initialized → active → closed
  virtual void on_strike(const Market&) {}  // the start value became known
  virtual void on_grid(const Market&, const PriceGrid& old_grid) { static_cast<void>(old_grid); }
  virtual void on_determined(const Market&) {}  // result and value are known
  virtual void on_settled(const Market&) {}     // Kalshi: paid out; Polymarket: resolved
  virtual void on_book_change(const Market&, const BookChange&) {}
  virtual void on_trade(const Market&, const MarketTrade&) {}

  // The user's account.
  virtual void on_order(const Order&) {}
  virtual void on_fill(const Fill&) {}
  virtual void on_balance(Venue) {}

  virtual void on_spot_change(const SpotProduct&, const SpotLevelChange&) {}
  virtual void on_spot_trade(const SpotProduct&, const SpotTradeReport&) {}
  virtual void on_index(const IndexValue&) {}

  // The end of one instant.
  virtual void on_step(Timestamp) {}
};

}  // namespace arbees::sim

#pragma once
// The order book of one spot product, made up around a moving price, with its trades and candles.
//
// Never crossed, between 25 and 45 levels a side. Every change has the next update id, every trade the next trade id.

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "core/base/random.h"
#include "sim/spot.h"

namespace arbees::sim {

class SpotLadder {
 public:
  SpotLadder(SpotProduct product, std::uint64_t seed);

  [[nodiscard]] const SpotProduct& product() const noexcept { return product_; }
  // Moves the book to the price and, now and then, trades; what changed is added to the two lists.
  void follow(SpotPrice price, Timestamp now, std::vector<SpotLevelChange>& changes,
              std::vector<SpotTradeReport>& trades);
  // A minute that was before the world began.
  void add_past_trade(SpotPrice price, Timestamp at);

  [[nodiscard]] SpotBookView view() const;
  [[nodiscard]] SpotPrice middle() const noexcept;
  [[nodiscard]] SpotPrice last_price() const noexcept { return last_price_; }
  [[nodiscard]] std::vector<SpotTradeReport> trades(std::size_t limit) const;
  [[nodiscard]] std::vector<SpotCandle> candles(Duration length, std::size_t limit) const;
  [[nodiscard]] SpotDay day() const;

 private:
  using Side = std::map<std::int64_t, std::int64_t>;  // price in ticks → quantity units

  [[nodiscard]] Side& half(BookSide side) noexcept { return side == BookSide::Bid ? bids_ : asks_; }
  [[nodiscard]] std::int64_t draw_quantity(std::int64_t ticks);
  void set_level(BookSide side, std::int64_t ticks, std::int64_t quantity, Timestamp now,
                 std::vector<SpotLevelChange>& changes);
  void clear_way(std::int64_t bid, std::int64_t ask, Timestamp now, std::vector<SpotLevelChange>& changes);
  void keep_depth(BookSide side, Timestamp now, std::vector<SpotLevelChange>& changes);
  void resize_some(Timestamp now, std::vector<SpotLevelChange>& changes);
  void trade(Timestamp now, std::vector<SpotLevelChange>& changes, std::vector<SpotTradeReport>& trades);
  void record(SpotPrice price, SpotQuantity quantity, Timestamp at);

  SpotProduct product_;
  Random random_;
  Side bids_;
  Side asks_;
  std::int64_t gap_ = 1;  // usual distance of levels in ticks
  std::uint64_t update_id_;
  std::uint64_t trade_id_;
  SpotPrice last_price_;
  std::deque<SpotTradeReport> trades_;  // newest first
  std::deque<SpotCandle> minutes_;      // oldest first
};

}  // namespace arbees::sim

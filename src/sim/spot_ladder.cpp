#include "sim/spot_ladder.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/wide_int.h"

namespace arbees::sim {
namespace {

constexpr std::size_t kFewestLevels = 25;
constexpr std::size_t kMostLevels = 45;
constexpr std::size_t kTradesKept = 2000;
constexpr std::size_t kMinutesKept = 24 * 60 + 1;

}  // namespace

SpotLadder::SpotLadder(SpotProduct product, std::uint64_t seed)
    : product_(std::move(product)),
      random_(seed),
      update_id_(40'000'000'000 + random_.below(1'000'000'000)),
      trade_id_(900'000'000 + random_.below(10'000'000)) {}

std::int64_t SpotLadder::draw_quantity(std::int64_t ticks) {
  // Worth $1,000 to $60,000, on the venue's step.
  const Int128 worth = Int128{random_.between(1'000, 60'000)} * SpotPrice::kScale;
  const std::int64_t price = ticks * product_.tick.units();
  const std::int64_t quantity = static_cast<std::int64_t>(worth * SpotQuantity::kScale / price);
  return std::max<std::int64_t>(quantity / product_.step.units(), 1) * product_.step.units();
}

void SpotLadder::set_level(BookSide side, std::int64_t ticks, std::int64_t quantity, Timestamp now,
                           std::vector<SpotLevelChange>& changes) {
  if (quantity == 0) {
    half(side).erase(ticks);
  } else {
    half(side)[ticks] = quantity;
  }
  changes.push_back(SpotLevelChange{side, SpotPrice::from_units(ticks * product_.tick.units()),
                                    SpotQuantity::from_units(quantity), ++update_id_, now});
}

void SpotLadder::clear_way(std::int64_t bid, std::int64_t ask, Timestamp now, std::vector<SpotLevelChange>& changes) {
  while (!bids_.empty() && bids_.rbegin()->first > bid)
    set_level(BookSide::Bid, bids_.rbegin()->first, 0, now, changes);
  while (!asks_.empty() && asks_.begin()->first < ask) set_level(BookSide::Ask, asks_.begin()->first, 0, now, changes);
  if (!bids_.contains(bid)) set_level(BookSide::Bid, bid, draw_quantity(bid), now, changes);
  if (!asks_.contains(ask)) set_level(BookSide::Ask, ask, draw_quantity(ask), now, changes);
}

void SpotLadder::keep_depth(BookSide side, Timestamp now, std::vector<SpotLevelChange>& changes) {
  Side& levels = half(side);
  const auto farthest = [&] { return side == BookSide::Bid ? levels.begin()->first : levels.rbegin()->first; };
  while (levels.size() < kFewestLevels) {
    const std::int64_t step = random_.between(1, 2 * gap_);
    const std::int64_t ticks = side == BookSide::Bid ? farthest() - step : farthest() + step;
    set_level(side, ticks, draw_quantity(ticks), now, changes);
  }
  while (levels.size() > kMostLevels) set_level(side, farthest(), 0, now, changes);
}

void SpotLadder::resize_some(Timestamp now, std::vector<SpotLevelChange>& changes) {
  const std::int64_t count = random_.between(1, 4);
  for (std::int64_t i = 0; i < count; ++i) {
    const BookSide side = random_.chance(1, 2) ? BookSide::Bid : BookSide::Ask;
    const Side& levels = half(side);
    const auto depth = static_cast<std::ptrdiff_t>(random_.below(levels.size()));
    const std::int64_t ticks =
        side == BookSide::Bid ? std::next(levels.rbegin(), depth)->first : std::next(levels.begin(), depth)->first;
    set_level(side, ticks, draw_quantity(ticks), now, changes);
  }
}

void SpotLadder::record(SpotPrice price, SpotQuantity quantity, Timestamp at) {
  last_price_ = price;
  const Timestamp minute = std::chrono::floor<std::chrono::minutes>(at);
  if (minutes_.empty() || minutes_.back().opens_at != minute) {
    minutes_.push_back(SpotCandle{minute, price, price, price, price, SpotQuantity{}, 0});
    if (minutes_.size() > kMinutesKept) minutes_.pop_front();
  }
  SpotCandle& candle = minutes_.back();
  candle.high = std::max(candle.high, price);
  candle.low = std::min(candle.low, price);
  candle.close = price;
  candle.volume += quantity;
  ++candle.trades;
}

void SpotLadder::trade(Timestamp now, std::vector<SpotLevelChange>& changes, std::vector<SpotTradeReport>& trades) {
  const BookSide taker = random_.chance(1, 2) ? BookSide::Bid : BookSide::Ask;
  const BookSide maker = taker == BookSide::Bid ? BookSide::Ask : BookSide::Bid;
  const auto [ticks, there] = maker == BookSide::Ask ? *asks_.begin() : *bids_.rbegin();
  const std::int64_t steps = there / product_.step.units();
  const std::int64_t taken = std::max<std::int64_t>(steps * random_.between(2, 50) / 100, 1) * product_.step.units();
  SpotTradeReport report{++trade_id_, SpotPrice::from_units(ticks * product_.tick.units()),
                         SpotQuantity::from_units(taken), taker, now};
  if (taken < there) set_level(maker, ticks, there - taken, now, changes);
  record(report.price, report.quantity, now);
  trades_.push_front(report);
  if (trades_.size() > kTradesKept) trades_.pop_back();
  trades.push_back(report);
}

void SpotLadder::follow(SpotPrice price, Timestamp now, std::vector<SpotLevelChange>& changes,
                        std::vector<SpotTradeReport>& trades) {
  const std::int64_t ticks = price.units() / product_.tick.units();
  gap_ = std::max<std::int64_t>(ticks / 40'000, 1);
  const std::int64_t half_spread = std::max<std::int64_t>(ticks / 4'000'000, 1);
  clear_way(ticks - half_spread, ticks + half_spread, now, changes);
  keep_depth(BookSide::Bid, now, changes);
  keep_depth(BookSide::Ask, now, changes);
  resize_some(now, changes);
  if (random_.chance(1, 4)) trade(now, changes, trades);
}

void SpotLadder::add_past_trade(SpotPrice price, Timestamp at) {
  const std::int64_t ticks = std::max<std::int64_t>(price.units() / product_.tick.units(), 1);
  record(SpotPrice::from_units(ticks * product_.tick.units()), SpotQuantity::from_units(draw_quantity(ticks)), at);
}

SpotBookView SpotLadder::view() const {
  SpotBookView view;
  const auto level = [&](const std::pair<const std::int64_t, std::int64_t>& entry) {
    return SpotLevel{SpotPrice::from_units(entry.first * product_.tick.units()),
                     SpotQuantity::from_units(entry.second)};
  };
  for (auto it = bids_.rbegin(); it != bids_.rend(); ++it) view.bids.push_back(level(*it));
  for (const auto& entry : asks_) view.asks.push_back(level(entry));
  view.update_id = update_id_;
  return view;
}

SpotPrice SpotLadder::middle() const noexcept {
  if (bids_.empty() || asks_.empty()) return last_price_;
  return SpotPrice::from_units((bids_.rbegin()->first + asks_.begin()->first) * product_.tick.units() / 2);
}

std::vector<SpotTradeReport> SpotLadder::trades(std::size_t limit) const {
  const std::size_t count = std::min(limit, trades_.size());
  return {trades_.begin(), trades_.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::vector<SpotCandle> SpotLadder::candles(Duration length, std::size_t limit) const {
  std::vector<SpotCandle> out;
  for (const SpotCandle& minute : minutes_) {
    const Timestamp opens_at{minute.opens_at.time_since_epoch() / length * length};
    if (out.empty() || out.back().opens_at != opens_at) {
      out.push_back(minute);
      out.back().opens_at = opens_at;
      continue;
    }
    SpotCandle& candle = out.back();
    candle.high = std::max(candle.high, minute.high);
    candle.low = std::min(candle.low, minute.low);
    candle.close = minute.close;
    candle.volume += minute.volume;
    candle.trades += minute.trades;
  }
  if (out.size() > limit) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(limit));
  return out;
}

SpotDay SpotLadder::day() const {
  const std::vector<SpotCandle> days = candles(std::chrono::hours(24 * 365 * 200), 1);
  if (days.empty()) return {};
  return SpotDay{days.front().open, days.front().high, days.front().low, last_price_, days.front().volume};
}

}  // namespace arbees::sim

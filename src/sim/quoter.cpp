#include "sim/quoter.h"

#include <algorithm>

#include "sim/fair_value.h"

namespace arbees::sim {
namespace {

constexpr std::size_t kLevels = 6;
constexpr std::int64_t kHalfSpread = 100;  // one cent
constexpr std::int64_t kLargestBias = 60;

std::size_t index_of(BookSide side) noexcept { return side == BookSide::Bid ? 0 : 1; }

// The grid's price at or below (bids), at or above (asks).
std::int64_t on_grid(const PriceGrid& grid, std::int64_t units, BookSide side) noexcept {
  const std::int64_t clamped = std::clamp<std::int64_t>(units, 0, kPriceOne.units());
  const std::int64_t step = std::max<std::int64_t>(grid.tick_at(Price::from_units(clamped)).units(), 1);
  const std::int64_t below = clamped / step * step;
  return side == BookSide::Bid || below == clamped ? below : below + step;
}

}  // namespace

Quoter::Quoter(std::uint64_t seed, const Listings& listings, const SpotMarket& spot)
    : random_(seed ^ 0x4ab1e), listings_(listings), spot_(spot) {}

Quantity Quoter::draw_size() { return Quantity::whole(random_.between(60, 400)); }

void Quoter::start(MarketId market, Timestamp now) {
  if (market >= quotes_.size()) quotes_.resize(market + 1);
  quotes_[market].is_on = true;
  quotes_[market].next_at = now;
}

void Quoter::stop(MarketId market) {
  if (market < quotes_.size()) quotes_[market] = Quotes{};
}

void Quoter::step(Exchange& exchange, Venue venue, Timestamp now) {
  for (MarketId id = 0; id < quotes_.size(); ++id) {
    if (!quotes_[id].is_on || quotes_[id].next_at > now || listings_.market(id).venue != venue) continue;
    requote(exchange, id, now);
  }
}

std::vector<Price> Quoter::wanted(const Market& market, const Quotes& quotes, BookSide side, Timestamp now) {
  const std::int64_t fair = fair_probability(market, spot_, now) / 100 + quotes.bias;
  const bool is_bid = side == BookSide::Bid;
  std::int64_t units = on_grid(market.grid, is_bid ? fair - kHalfSpread : fair + kHalfSpread, side);
  if (is_bid) units = std::min(units, on_grid(market.grid, quotes.below.units() - 1, side));
  if (!is_bid) units = std::max(units, on_grid(market.grid, quotes.above.units() + 1, side));
  std::vector<Price> prices;
  while (prices.size() < kLevels && units > 0 && units < kPriceOne.units()) {
    prices.push_back(Price::from_units(units));
    const std::int64_t step = market.grid.tick_at(Price::from_units(is_bid ? units - 1 : units)).units();
    units += is_bid ? -step : step;
  }
  return prices;
}

bool Quoter::quote_side(Exchange& exchange, const Market& market, BookSide side, Timestamp now) {
  const std::vector<Price> prices = wanted(market, quotes_[market.id], side, now);
  std::vector<Quote>& quotes = quotes_[market.id].sides[index_of(side)];
  bool changed = false;
  std::erase_if(quotes, [&](const Quote& quote) {
    if (exchange.book(market.id).remaining(quote.number).is_zero()) return true;
    if (std::find(prices.begin(), prices.end(), quote.price) != prices.end()) return false;
    exchange.withdraw(market.id, quote.number, now);
    changed = true;
    return true;
  });
  for (const Price price : prices) {
    const auto same = [&](const Quote& quote) { return quote.price == price; };
    if (std::any_of(quotes.begin(), quotes.end(), same)) continue;
    const OrderNumber number = exchange.rest(Trader::Maker, market.id, side, BookLevel{price, draw_size()}, now);
    if (number != 0) quotes.push_back(Quote{number, price});
    changed = true;
  }
  std::sort(quotes.begin(), quotes.end(), [&](const Quote& a, const Quote& b) {
    return side == BookSide::Bid ? a.price > b.price : a.price < b.price;
  });
  return changed;
}

void Quoter::resize_one(Exchange& exchange, MarketId market, std::size_t first_level, Timestamp now) {
  std::size_t side = random_.below(2);
  if (quotes_[market].sides[side].size() <= first_level) side = 1 - side;
  std::vector<Quote>& quotes = quotes_[market].sides[side];
  if (quotes.size() <= first_level) return;
  Quote& quote = quotes[first_level + random_.below(quotes.size() - first_level)];
  exchange.withdraw(market, quote.number, now);
  const BookSide book_side = side == 0 ? BookSide::Bid : BookSide::Ask;
  quote.number = exchange.rest(Trader::Maker, market, book_side, BookLevel{quote.price, draw_size()}, now);
}

void Quoter::trade_some(Exchange& exchange, MarketId market, Timestamp now) {
  const BookSide side = random_.chance(1, 2) ? BookSide::Bid : BookSide::Ask;
  const Price best = exchange.book(market).best(side == BookSide::Bid ? BookSide::Ask : BookSide::Bid);
  if (!is_contract_price(best)) return;
  exchange.take(Trader::Noise, market, side, BookLevel{best, Quantity::whole(random_.between(1, 25))}, now);
}

void Quoter::requote(Exchange& exchange, MarketId id, Timestamp now) {
  Quotes& quotes = quotes_[id];
  quotes.next_at = now + std::chrono::milliseconds(random_.between(200, 700));
  if (quotes.held_until > now || quotes.is_dislocated) {
    // The best levels stand; the depth moves.
    resize_one(exchange, id, 2, now);
    return;
  }
  quotes.bias = std::clamp<std::int64_t>(quotes.bias + random_.between(-15, 15), -kLargestBias, kLargestBias);
  const Market& market = listings_.market(id);
  // Old quotes of both sides go first, so that the maker never meets itself.
  const BookSide first = random_.chance(1, 2) ? BookSide::Bid : BookSide::Ask;
  const BookSide second = first == BookSide::Bid ? BookSide::Ask : BookSide::Bid;
  const bool changed_first = quote_side(exchange, market, first, now);
  const bool changed_second = quote_side(exchange, market, second, now);
  if (!changed_first && !changed_second) resize_one(exchange, id, 0, now);
  if (random_.chance(1, 6)) trade_some(exchange, id, now);
}

void Quoter::pull(Exchange& exchange, MarketId market, BookSide side, Price from, Timestamp now) {
  std::erase_if(quotes_[market].sides[index_of(side)], [&](const Quote& quote) {
    const bool is_in_the_way = side == BookSide::Bid ? quote.price >= from : quote.price <= from;
    if (is_in_the_way) exchange.withdraw(market, quote.number, now);
    return is_in_the_way;
  });
}

void Quoter::set_ask_ceiling_for_bids(Exchange& exchange, MarketId market, Price stray_ask, Timestamp now) {
  Quotes& quotes = quotes_[market];
  pull(exchange, market, BookSide::Bid, stray_ask, now);
  quotes.below = stray_ask;
  static_cast<void>(quote_side(exchange, listings_.market(market), BookSide::Bid, now));
  quotes.is_dislocated = true;
}

void Quoter::set_bid_floor_for_asks(Exchange& exchange, MarketId market, Price stray_bid, Timestamp now) {
  Quotes& quotes = quotes_[market];
  pull(exchange, market, BookSide::Ask, stray_bid, now);
  quotes.above = stray_bid;
  static_cast<void>(quote_side(exchange, listings_.market(market), BookSide::Ask, now));
  quotes.is_dislocated = true;
}

void Quoter::end_dislocation(MarketId market, Timestamp now) {
  Quotes& quotes = quotes_[market];
  quotes.is_dislocated = false;
  quotes.below = kPriceOne;
  quotes.above = kPriceZero;
  quotes.next_at = now + std::chrono::milliseconds(random_.between(20, 120));
}

}  // namespace arbees::sim

#include "sim/market_clock.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/market/settlement_value.h"
#include "sim/fair_value.h"
#include "sim/market_lister.h"

namespace arbees::sim {
namespace {

// Polymarket's windows trade in tenths of a cent once the price has come this near to an end.
constexpr Price kNearZero = Price::from_units(400);
constexpr Price kNearOne = Price::from_units(9600);
constexpr Price kFineTick = Price::from_units(10);

}  // namespace

SpotPrice settlement_of(const Market& market, const SpotMarket& spot) {
  const Timestamp end = decides_at(market);
  switch (market.source) {
    case SettlementSource::CfBenchmarksMean60: return spot.index_mean60(market.asset, end);
    case SettlementSource::ChainlinkTwap60: return spot.twap60(market.asset, end);
    default: break;
  }
  const Timestamp candle = end - std::chrono::minutes(1);
  const SpotLadder& ladder = spot.ladder(Venue::Binance, market.asset);
  for (const SpotCandle& minute : ladder.candles(std::chrono::minutes(1), 10'000)) {
    if (minute.opens_at == candle) return minute.close;
  }
  return ladder.last_price();
}

bool pays_yes(const Market& market, SpotPrice value) noexcept {
  if (market.payoff != Payoff::Range) return satisfies(market.comparator, value.units(), market.lower.units());
  return value >= market.lower && (market.includes_upper ? value <= market.upper : value < market.upper);
}

MarketClock::MarketClock(const WorldSettings& settings, Listings& listings, const SpotMarket& spot,
                         const Listeners& listeners)
    : settings_(settings), listings_(listings), spot_(spot), listeners_(listeners) {}

void MarketClock::set_start_value(Market& market, Timestamp now) {
  market.lower = market.source == SettlementSource::CfBenchmarksMean60
                     ? spot_.index_mean60(market.asset, market.opens_at)
                     : spot_.twap60(market.asset, market.opens_at);
  if (!market.lower.is_positive()) return;
  market.has_lower = true;
  market.updated_at = now;
  if (market.venue == Venue::Kalshi) {
    market.yes_sub_title = market.no_sub_title = fmt::format("Target Price: ${}", grouped_number(market.lower));
  }
  listeners_.tell([&](WorldListener& listener) { listener.on_strike(market); });
}

void MarketClock::open(Market& market, Quoter& quoter, Exchange& exchange, Timestamp now) {
  market.phase = ContractPhase::Active;
  market.updated_at = now;
  exchange.open_book(market.id);
  quoter.start(market.id, now);
  listeners_.tell([&](WorldListener& listener) { listener.on_phase(market); });
}

void MarketClock::refine_tick(Market& market, Exchange& exchange, Timestamp now) {
  const bool is_window = market.venue == Venue::Polymarket && market.payoff == Payoff::UpDown;
  if (!is_window || market.grid.finest_tick() <= kFineTick || !exchange.has_book(market.id)) return;
  const MatchingBook& book = exchange.book(market.id);
  if (book.best(BookSide::Bid) < kNearOne && book.best(BookSide::Ask) > kNearZero) return;
  const PriceGrid old = market.grid;
  market.grid = PriceGrid::uniform(kFineTick);
  market.updated_at = now;
  listeners_.tell([&](WorldListener& listener) { listener.on_grid(market, old); });
}

bool MarketClock::step_market(Market& market, Exchange& exchange, Quoter& quoter, Timestamp now) {
  if (market.phase == ContractPhase::Initialized && now >= market.opens_at) open(market, quoter, exchange, now);
  if (market.payoff == Payoff::UpDown && !market.has_lower && now >= market.opens_at) set_start_value(market, now);
  if (market.phase == ContractPhase::Active && now < market.closes_at) refine_tick(market, exchange, now);
  if (market.phase == ContractPhase::Active && now >= market.closes_at) {
    market.phase = ContractPhase::Closed;
    market.updated_at = now;
    quoter.stop(market.id);
    exchange.close_book(market.id, now);
    listeners_.tell([&](WorldListener& listener) { listener.on_phase(market); });
  }
  if (market.phase == ContractPhase::Closed && now >= decides_at(market) + settings_.determination_delay) {
    market.settled_value = settlement_of(market, spot_);
    market.payout = pays_yes(market, market.settled_value) ? kPriceOne : kPriceZero;
    market.has_result = true;
    market.phase = ContractPhase::Determined;
    market.determined_at = market.updated_at = now;
    listeners_.tell([&](WorldListener& listener) { listener.on_determined(market); });
  }
  if (market.phase != ContractPhase::Determined || now < market.determined_at + settings_.settlement_delay) {
    return false;
  }
  market.phase = ContractPhase::Settled;
  market.settled_at = market.updated_at = now;
  exchange.settle(market.id, now);
  if (exchange.has_winnings(market.id)) unredeemed_.push_back(market.id);
  listeners_.tell([&](WorldListener& listener) { listener.on_settled(market); });
  return true;
}

void MarketClock::redeem_due(Exchange& polymarket, Timestamp now) {
  std::erase_if(unredeemed_, [&](MarketId id) {
    if (now - listings_.market(id).settled_at < settings_.redeem_after) return false;
    polymarket.redeem(id, now);
    return true;
  });
}

void MarketClock::step(Exchange& kalshi, Exchange& polymarket, Quoter& quoter, Timestamp now) {
  std::erase_if(running_, [&](MarketId id) {
    Market& market = listings_.market(id);
    return step_market(market, market.venue == Venue::Kalshi ? kalshi : polymarket, quoter, now);
  });
  redeem_due(polymarket, now);
}

}  // namespace arbees::sim

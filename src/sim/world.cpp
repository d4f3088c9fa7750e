#include "sim/world.h"

#include <algorithm>

#include "sim/dislocator.h"
#include "sim/exchange.h"
#include "sim/listeners.h"
#include "sim/listings.h"
#include "sim/market_clock.h"
#include "sim/market_lister.h"
#include "sim/quoter.h"
#include "sim/spot_market.h"

namespace arbees::sim {
namespace {

constexpr Duration kStep = SpotMarket::kStep;

WorldSettings on_grid(WorldSettings settings) {
  settings.starts_at = Timestamp(settings.starts_at.time_since_epoch() / kStep * kStep);
  return settings;
}

}  // namespace

struct World::State {
  explicit State(const WorldSettings& given)
      : settings(on_grid(given)),
        now(settings.starts_at),
        spot(settings.seed, settings.starts_at),
        lister(settings, listings, spot),
        kalshi(Venue::Kalshi, settings.seed, settings.opening_cash, listings, listeners),
        polymarket(Venue::Polymarket, settings.seed, settings.opening_cash, listings, listeners),
        quoter(settings.seed, listings, spot),
        dislocator(settings, listings, quoter),
        clock(settings, listings, spot, listeners),
        random(settings.seed ^ 0x71c4) {
    list();
    clock.step(kalshi, polymarket, quoter, now);
    quote();
  }

  Exchange& exchange(Venue venue) { return venue == Venue::Kalshi ? kalshi : polymarket; }

  void quote() {
    if (!kalshi.is_paused()) quoter.step(kalshi, Venue::Kalshi, now);
    if (!polymarket.is_paused()) quoter.step(polymarket, Venue::Polymarket, now);
  }

  void list() {
    for (const EventId id : lister.list_due(now)) {
      const Event& event = listings.event(id);
      listeners.tell([&](WorldListener& listener) { listener.on_event_created(event); });
      for (const MarketId market : event.markets) {
        listeners.tell([&](WorldListener& listener) { listener.on_market_created(listings.market(market)); });
        clock.add(market);
        if (listings.market(market).phase != ContractPhase::Active) continue;
        exchange(event.venue).open_book(market);
        quoter.start(market, now);
      }
    }
  }

  void step() {
    now += kStep;
    spot.step(now, listeners);
    if (now.time_since_epoch() % std::chrono::seconds(1) == Duration{0}) list();
    clock.step(kalshi, polymarket, quoter, now);
    kalshi.expire_orders(now);
    polymarket.expire_orders(now);
    dislocator.step(kalshi, polymarket, now);
    quote();
    listeners.tell([&](WorldListener& listener) { listener.on_step(now); });
  }

  // Of calls between two steps.
  [[nodiscard]] Timestamp at(Timestamp time) const noexcept { return std::max(time, now); }
  void end_call(Timestamp time) {
    listeners.tell([&](WorldListener& listener) { listener.on_step(at(time)); });
  }

  WorldSettings settings;
  Timestamp now;
  Listeners listeners;
  Listings listings;
  SpotMarket spot;
  MarketLister lister;
  Exchange kalshi;
  Exchange polymarket;
  Quoter quoter;
  Dislocator dislocator;
  MarketClock clock;
  Random random;
};

World::World(const WorldSettings& settings) : state_(std::make_unique<State>(settings)) {}
World::~World() = default;

void World::add_listener(WorldListener& listener) { state_->listeners.add(listener); }
void World::remove_listener(WorldListener& listener) { state_->listeners.remove(listener); }

void World::advance(Timestamp now) {
  while (state_->now + kStep <= now) state_->step();
}

Timestamp World::now() const noexcept { return state_->now; }
const WorldSettings& World::settings() const noexcept { return state_->settings; }

// ---- listings and books ----

std::size_t World::event_count() const noexcept { return state_->listings.event_count(); }
const Event& World::event(EventId id) const noexcept { return state_->listings.event(id); }
std::size_t World::market_count() const noexcept { return state_->listings.market_count(); }
const Market& World::market(MarketId id) const noexcept { return state_->listings.market(id); }

const Event* World::find_event(Venue venue, std::string_view ticker) const {
  return state_->listings.find_event(venue, ticker);
}
const Market* World::find_market(Venue venue, std::string_view ticker) const {
  return state_->listings.find_market(venue, ticker);
}
const Market* World::find_condition(std::string_view condition_id) const {
  return state_->listings.find_condition(condition_id);
}
World::Token World::find_token(std::string_view token_id) const {
  const Listings::Token token = state_->listings.find_token(token_id);
  return Token{token.market, token.outcome};
}

std::vector<BookLevel> World::levels(MarketId market, BookSide side) const {
  const Exchange& exchange = state_->exchange(state_->listings.market(market).venue);
  return exchange.has_book(market) ? exchange.book(market).levels(side) : std::vector<BookLevel>{};
}
Price World::best_bid(MarketId market) const noexcept {
  const Exchange& exchange = state_->exchange(state_->listings.market(market).venue);
  return exchange.has_book(market) ? exchange.book(market).best(BookSide::Bid) : kPriceZero;
}
Price World::best_ask(MarketId market) const noexcept {
  const Exchange& exchange = state_->exchange(state_->listings.market(market).venue);
  return exchange.has_book(market) ? exchange.book(market).best(BookSide::Ask) : kPriceOne;
}
std::vector<MarketTrade> World::trades(MarketId market, std::size_t limit) const {
  return state_->exchange(state_->listings.market(market).venue).trades(market, limit);
}

// ---- the user ----

Result<PlacedOrder, Refusal> World::place(Venue venue, const NewOrder& order, Timestamp now) {
  auto placed = state_->exchange(venue).place(order, state_->at(now));
  state_->end_call(now);
  return placed;
}
Result<Quantity, Refusal> World::cancel(Venue venue, std::string_view public_id, Timestamp now) {
  auto taken = state_->exchange(venue).cancel(public_id, state_->at(now));
  state_->end_call(now);
  return taken;
}
Result<Order, Refusal> World::decrease(Venue venue, std::string_view public_id, Quantity to_remaining, Timestamp now) {
  auto order = state_->exchange(venue).decrease(public_id, to_remaining, state_->at(now));
  state_->end_call(now);
  return order;
}
Result<PlacedOrder, Refusal> World::amend(Venue venue, std::string_view public_id, const Amendment& amendment,
                                          Timestamp now) {
  auto placed = state_->exchange(venue).amend(public_id, amendment, state_->at(now));
  state_->end_call(now);
  return placed;
}
std::vector<Order> World::cancel_all(Venue venue, Timestamp now) {
  auto canceled = state_->exchange(venue).cancel_all(std::nullopt, state_->at(now));
  state_->end_call(now);
  return canceled;
}
std::vector<Order> World::cancel_all(Venue venue, MarketId market, Timestamp now) {
  auto canceled = state_->exchange(venue).cancel_all(market, state_->at(now));
  state_->end_call(now);
  return canceled;
}

const Order* World::find_order(Venue venue, std::string_view public_id) const {
  return state_->exchange(venue).find_order(public_id);
}
const Order* World::find_client_order(Venue venue, std::string_view client_id) const {
  return state_->exchange(venue).find_client_order(client_id);
}
std::vector<const Order*> World::orders(Venue venue) const { return state_->exchange(venue).orders(); }
std::vector<const Fill*> World::fills(Venue venue) const { return state_->exchange(venue).fills(); }
std::vector<Position> World::positions(Venue venue) const { return state_->exchange(venue).positions(); }
Position World::position(Venue venue, MarketId market) const { return state_->exchange(venue).position(market); }
std::vector<Settlement> World::settlements(Venue venue) const { return state_->exchange(venue).settlements(); }
Money World::cash(Venue venue) const noexcept { return state_->exchange(venue).cash(); }
Money World::available(Venue venue) const noexcept { return state_->exchange(venue).available(); }
Money World::position_value(Venue venue) const { return state_->exchange(venue).position_value(); }
Quantity World::queue_ahead(Venue venue, std::string_view public_id) const {
  return state_->exchange(venue).queue_ahead(public_id);
}
Money World::total_money(Venue venue) const { return state_->exchange(venue).total_money(); }

bool World::revert_fill(Venue venue, std::uint64_t fill_number) {
  return state_->exchange(venue).revert_fill(fill_number);
}
void World::set_paused(Venue venue, bool paused) { state_->exchange(venue).set_paused(paused); }

const Market* World::change_tick(Venue venue) {
  std::vector<MarketId> active;
  for (MarketId id = 0; id < market_count(); ++id) {
    if (market(id).venue == venue && market(id).is_active()) active.push_back(id);
  }
  if (active.empty()) return nullptr;
  Market& changed = state_->listings.market(active[state_->random.below(active.size())]);
  const PriceGrid old = changed.grid;
  const bool is_fine = old == PriceGrid::uniform(Price::from_units(10));
  changed.grid = PriceGrid::uniform(Price::from_units(is_fine ? 100 : 10));
  changed.structure = is_fine ? "linear_cent" : "deci_cent";
  changed.updated_at = state_->now;
  Exchange& exchange = state_->exchange(venue);
  state_->listeners.tell([&](WorldListener& listener) { listener.on_grid(changed, old); });
  exchange.cancel_off_grid(changed.id, state_->now);
  if (!exchange.is_paused()) state_->quoter.requote(exchange, changed.id, state_->now);
  state_->end_call(state_->now);
  return &changed;
}

// ---- spot ----

std::vector<const SpotProduct*> World::products(Venue venue) const {
  std::vector<const SpotProduct*> out;
  for (const SpotLadder& ladder : state_->spot.ladders()) {
    if (ladder.product().venue == venue) out.push_back(&ladder.product());
  }
  return out;
}
const SpotProduct* World::find_product(Venue venue, std::string_view symbol) const {
  for (const SpotProduct* product : products(venue)) {
    if (product->symbol == symbol) return product;
  }
  return nullptr;
}
SpotBookView World::spot_book(const SpotProduct& product) const {
  return state_->spot.ladder(product.venue, product.asset).view();
}
std::vector<SpotTradeReport> World::spot_trades(const SpotProduct& product, std::size_t limit) const {
  return state_->spot.ladder(product.venue, product.asset).trades(limit);
}
std::vector<SpotCandle> World::spot_candles(const SpotProduct& product, Duration length, std::size_t limit) const {
  return state_->spot.ladder(product.venue, product.asset).candles(length, limit);
}
SpotDay World::spot_day(const SpotProduct& product) const {
  return state_->spot.ladder(product.venue, product.asset).day();
}
IndexValue World::index_at(Asset asset, SettlementSource source, Timestamp time) const {
  return state_->spot.reference(asset, source, time);
}

}  // namespace arbees::sim

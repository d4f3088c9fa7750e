#include "sim/dislocator.h"

#include <algorithm>

#include "core/market/fees.h"

namespace arbees::sim {
namespace {

constexpr std::int64_t kDollar = Money::kScale;
constexpr Quantity kMostContracts = Quantity::whole(120);
constexpr std::size_t kChoices = 4;
constexpr Duration kRetry = std::chrono::milliseconds(200);
constexpr Duration kRest = std::chrono::milliseconds(900);  // every market is quoted anew within it

bool settle_alike(const Market& a, const Market& b) noexcept {
  return a.source == b.source && a.closes_at == b.closes_at && a.asset == b.asset;
}

bool is_ladder(const Market& market) noexcept {
  return market.payoff == Payoff::Threshold || market.payoff == Payoff::Range;
}

bool pays_above(const Market& market) noexcept {
  return market.payoff == Payoff::Threshold &&
         (market.comparator == Comparator::Greater || market.comparator == Comparator::GreaterOrEqual);
}

// Whether every value that pays `inner` pays `outer`, where that is plain from the strikes.
bool is_nested(const Market& inner, const Market& outer) noexcept {
  if (!pays_above(outer)) return false;
  if (pays_above(inner)) return inner.lower > outer.lower;
  return inner.payoff == Payoff::Range && inner.lower > outer.lower;
}

Money charge(const Market& market, Price price, Quantity quantity) noexcept {
  return fee(market.fees, Role::Taker, price, quantity).value_or(Money::whole(1));
}

std::int64_t per_contract(Money money, Quantity quantity) noexcept {
  return money.units() * Quantity::kScale / quantity.units();
}

}  // namespace

std::vector<Nested> nested_markets(const Listings& listings, Venue venue, Asset asset, Timestamp closes_after) {
  std::vector<const Market*> open;
  for (MarketId id = 0; id < listings.market_count(); ++id) {
    const Market& market = listings.market(id);
    const bool is_candidate = market.venue == venue && market.asset == asset && is_ladder(market);
    if (is_candidate && market.is_active() && market.closes_at > closes_after) open.push_back(&market);
  }
  std::vector<Nested> pairs;
  for (const Market* inner : open) {
    for (const Market* outer : open) {
      if (inner != outer && settle_alike(*inner, *outer) && is_nested(*inner, *outer)) {
        pairs.push_back(Nested{inner->id, outer->id});
      }
    }
  }
  return pairs;
}

std::int64_t nested_cost(const Market& inner, Price bid, const Market& outer, Price ask, Quantity quantity) {
  const Money cost =
      ask * quantity + complement(bid) * quantity + charge(outer, ask, quantity) + charge(inner, bid, quantity);
  return per_contract(cost, quantity);
}

Dislocator::Dislocator(const WorldSettings& settings, const Listings& listings, Quoter& quoter)
    : settings_(settings), listings_(listings), quoter_(quoter), random_(settings.seed ^ 0xd15) {
  next_at_.fill(settings.starts_at + std::chrono::milliseconds(500));
}

std::optional<Dislocator::Plan> Dislocator::plan(const Exchange& exchange, const Nested& pair, bool sells_outer) {
  const Market& inner = listings_.market(pair.inner);
  const Market& outer = listings_.market(pair.outer);
  const Price bid = exchange.book(pair.inner).best(BookSide::Bid);
  const Price ask = exchange.book(pair.outer).best(BookSide::Ask);
  if (!is_contract_price(bid) || !is_contract_price(ask)) return std::nullopt;
  const std::int64_t aim = kDollar - random_.between(20'000, 50'000);
  const Quantity probe = Quantity::whole(20);
  // Whole cents are on every grid.
  const Price cent = Price::from_units(100);
  Plan plan;
  plan.pair = pair;
  plan.sells_outer = sells_outer;
  plan.price =
      sells_outer ? Price::from_units(ask.units() / 100 * 100) : Price::from_units((bid.units() + 99) / 100 * 100);
  const auto cost = [&] {
    return sells_outer ? nested_cost(inner, bid, outer, plan.price, probe)
                       : nested_cost(inner, plan.price, outer, ask, probe);
  };
  while (plan.price >= Price::from_units(300) && plan.price <= Price::from_units(9700) && cost() > aim) {
    plan.price += sells_outer ? -cent : cent;
  }
  if (plan.price < Price::from_units(300) || plan.price > Price::from_units(9700)) return std::nullopt;
  plan.shift = std::abs(plan.price.units() - (sells_outer ? ask : bid).units());
  if (plan.shift == 0) return std::nullopt;
  const Price cheaper = sells_outer ? std::min(plan.price, complement(bid)) : std::min(ask, complement(plan.price));
  if (!is_contract_price(cheaper)) return std::nullopt;
  plan.quantity = Quantity::whole(random_.between(13, 20) * Price::kScale / cheaper.units() + 1);
  const Quantity there = sells_outer ? exchange.book(pair.inner).level(BookSide::Bid, bid)
                                     : exchange.book(pair.outer).level(BookSide::Ask, ask);
  if (plan.quantity > kMostContracts || there < plan.quantity) return std::nullopt;
  return plan;
}

Dislocator::Axis Dislocator::axis_of(const Market& market) noexcept {
  return Axis{market.venue, market.asset, market.source, market.closes_at};
}

bool Dislocator::is_free(const Axis& axis, Timestamp now) const {
  const auto found = free_at_.find(axis);
  return found == free_at_.end() || found->second <= now;
}

void Dislocator::hold(const Axis& axis, Timestamp until) {
  free_at_[axis] = until + kRest;
  for (MarketId id = 0; id < listings_.market_count(); ++id) {
    const Market& market = listings_.market(id);
    if (market.is_active() && axis_of(market) == axis) quoter_.hold_until(id, until);
  }
}

bool Dislocator::begin(Exchange& exchange, Venue venue, Asset asset, Timestamp now) {
  std::erase_if(free_at_, [&](const auto& entry) { return entry.second <= now; });
  std::vector<Plan> plans;
  for (const Nested& pair : nested_markets(listings_, venue, asset, now + settings_.opportunity_until)) {
    if (!is_free(axis_of(listings_.market(pair.inner)), now)) continue;
    for (const bool sells_outer : {true, false}) {
      if (const auto found = plan(exchange, pair, sells_outer)) plans.push_back(*found);
    }
  }
  if (plans.empty()) return false;
  // One of those that bend the market least.
  std::sort(plans.begin(), plans.end(), [](const Plan& a, const Plan& b) { return a.shift < b.shift; });
  const Plan& chosen = plans[random_.below(std::min(plans.size(), kChoices))];
  const bool is_fleeting = random_.chance(static_cast<std::uint64_t>(settings_.fleeting_per_thousand), 1000);
  const Duration life{
      is_fleeting ? random_.between(100'000'000, 400'000'000)
                  : random_.between(settings_.opportunity_shortest.count(), settings_.opportunity_longest.count())};
  const MarketId moved = chosen.sells_outer ? chosen.pair.outer : chosen.pair.inner;
  hold(axis_of(listings_.market(moved)), now + life);
  if (chosen.sells_outer) {
    quoter_.set_ask_ceiling_for_bids(exchange, moved, chosen.price, now);
  } else {
    quoter_.set_bid_floor_for_asks(exchange, moved, chosen.price, now);
  }
  const BookSide side = chosen.sells_outer ? BookSide::Ask : BookSide::Bid;
  const OrderNumber number = exchange.rest(Trader::Stray, moved, side, BookLevel{chosen.price, chosen.quantity}, now);
  running_.push_back(Running{venue, moved, number, now + life});
  return true;
}

void Dislocator::end_due(Exchange& kalshi, Exchange& polymarket, Timestamp now) {
  std::erase_if(running_, [&](const Running& running) {
    Exchange& exchange = running.venue == Venue::Kalshi ? kalshi : polymarket;
    const bool is_taken = exchange.book(running.market).remaining(running.number).is_zero();
    if (!is_taken && running.until > now && listings_.market(running.market).is_active()) return false;
    exchange.withdraw(running.market, running.number, now);
    quoter_.end_dislocation(running.market, now);
    return true;
  });
}

void Dislocator::step(Exchange& kalshi, Exchange& polymarket, Timestamp now) {
  end_due(kalshi, polymarket, now);
  if (settings_.opportunity_every <= Duration{0}) return;
  for (std::size_t i = 0; i < kSimAssetCount; ++i) {
    if (next_at_[i] > now) continue;
    const std::int64_t every = settings_.opportunity_every.count();
    next_at_[i] = now + Duration(random_.between(every / 2, every * 3 / 2));
    const bool kalshi_first = random_.chance(7, 10);
    bool is_made = false;
    for (const bool on_kalshi : {kalshi_first, !kalshi_first}) {
      Exchange& exchange = on_kalshi ? kalshi : polymarket;
      if (is_made || exchange.is_paused()) continue;
      is_made = begin(exchange, on_kalshi ? Venue::Kalshi : Venue::Polymarket, kAssets[i], now);
    }
    if (!is_made) next_at_[i] = now + kRetry;
  }
}

}  // namespace arbees::sim

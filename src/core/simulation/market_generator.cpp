#include "core/simulation/market_generator.h"

#include <algorithm>
#include <string_view>

namespace arbees {
namespace {

constexpr Price kTick = Price::from_units(100);
constexpr Price kLowest = Price::from_units(400);
constexpr Price kHighest = Price::from_units(9600);

// The symbol "KX{ASSET}-{number}" or "{asset}-updown-{number}", written without text formatting.
InstrumentNamed named(Venue venue, std::uint64_t number) noexcept {
  InstrumentNamed made;
  made.venue = venue;
  const std::string_view prefix = venue == Venue::Kalshi ? "KXDEMO-" : "demo-updown-";
  set_symbol(made, prefix);
  std::array<char, 20> digits{};
  std::size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (count != 0) made.symbol[made.length++] = digits[--count];
  made.id = instrument_id(venue, made.symbol_view());
  return made;
}

Price on_tick(std::int64_t units) noexcept {
  return Price::from_units(std::clamp(units, kLowest.units(), kHighest.units()) / kTick.units() * kTick.units());
}

BookUpdate level(InstrumentId id, BookSide side, Price price, Quantity quantity) noexcept {
  BookUpdate update;
  update.id = id;
  update.side = side;
  update.price = price;
  update.quantity = quantity;
  update.flags = 0;
  return update;
}

}  // namespace

MarketGenerator::MarketGenerator(const GeneratorSettings& settings)
    : settings_(settings), random_(settings.seed), now_(settings.starts_at), window_ends_(settings.starts_at) {
  underlyings_[0].asset = Asset::BTC;
  underlyings_[0].spot = SpotPrice::whole(64'000);
  underlyings_[1].asset = Asset::ETH;
  underlyings_[1].spot = SpotPrice::whole(3'000);
  underlyings_[2].asset = Asset::SOL;
  underlyings_[2].spot = SpotPrice::whole(150);
}

void MarketGenerator::queue(EventBody body) {
  Event event;
  event.received_at = now_;
  event.exchange_at = now_;
  event.body = body;
  queue_.push_back(event);
}

bool MarketGenerator::poll(Event& event) {
  while (next_queued_ == queue_.size()) {
    queue_.clear();
    next_queued_ = 0;
    if (is_over_) return false;
    now_ += settings_.step;
    if (now_ >= window_ends_) {
      is_over_ = now_ - settings_.starts_at >= settings_.length;
      for (Underlying& underlying : underlyings_) {
        settle_window(underlying);
        if (!is_over_) open_window(underlying);
      }
      window_ends_ = now_ + settings_.window;
    } else {
      Underlying& underlying = underlyings_[random_.below(underlyings_.size())];
      move_spot(underlying);
      move_quote(underlying);
    }
  }
  event = queue_[next_queued_++];
  return true;
}

void MarketGenerator::open_window(Underlying& underlying) {
  // Strikes half a percent apart around the spot; Polymarket's window starts at the middle one.
  const std::int64_t gap = underlying.spot.units() / 200;
  const Strike low = SpotPrice::from_units(underlying.spot.units() - gap);
  const Strike middle = underlying.spot;
  const Strike high = SpotPrice::from_units(underlying.spot.units() + gap);
  const std::uint64_t base = (underlying.windows++ * 10 + static_cast<std::uint64_t>(underlying.asset)) * 100;
  list(underlying, {.venue = Venue::Kalshi, .payoff = Payoff::Threshold, .lower = low}, base + 1);
  list(underlying, {.venue = Venue::Kalshi, .payoff = Payoff::Threshold, .lower = middle}, base + 2);
  list(underlying, {.venue = Venue::Kalshi, .payoff = Payoff::Threshold, .lower = high}, base + 3);
  list(underlying, {.venue = Venue::Kalshi, .payoff = Payoff::Range, .lower = low, .upper = middle}, base + 4);
  list(underlying, {.venue = Venue::Kalshi, .payoff = Payoff::Range, .lower = middle, .upper = high}, base + 5);
  list(underlying, {.venue = Venue::Polymarket, .payoff = Payoff::UpDown, .lower = middle}, base + 6);
  list(underlying,
       {.venue = Venue::Polymarket, .payoff = Payoff::UpDown, .comparator = Comparator::Less, .lower = middle},
       base + 7);
}

void MarketGenerator::list(Underlying& underlying, const Listing& listing, std::uint64_t number) {
  const InstrumentNamed name = named(listing.venue, number);
  Listed made;
  made.id = name.id;
  ContractTerms& terms = made.terms;
  terms.venue = listing.venue;
  terms.asset = underlying.asset;
  terms.payoff = listing.payoff;
  terms.comparator = listing.comparator;
  terms.lower = listing.lower;
  terms.upper = listing.upper;
  terms.has_lower = 1;
  terms.opens_at = now_;
  terms.closes_at = now_ + settings_.window;
  terms.grid = PriceGrid::uniform(kTick);
  terms.lot = Quantity::from_units(1);
  terms.fees.taker_rate = 70'000;
  terms.not_tradable = NotTradable::None;
  terms.rounding_decimals = 255;
  if (listing.venue == Venue::Kalshi) {
    terms.source = SettlementSource::CfBenchmarksMean60;
    terms.fees.model = FeeModel::KalshiQuadratic;
    terms.minimum_order = Quantity::from_units(1);
  } else {
    terms.source = SettlementSource::ChainlinkTwap60;
    terms.fees.model = FeeModel::PolymarketCurve;
    terms.minimum_order = Quantity::whole(5);
    const std::uint64_t other = listing.comparator == Comparator::GreaterOrEqual ? number + 1 : number - 1;
    terms.complement = named(listing.venue, other).id;
  }
  queue(name);
  queue(ContractListed{made.id, terms});
  ContractPhaseChanged active;
  active.id = made.id;
  active.phase = ContractPhase::Active;
  queue(active);
  BookUpdate clear;
  clear.id = made.id;
  clear.action = BookAction::Clear;
  clear.flags = BookUpdate::kSnapshotStart | BookUpdate::kSnapshot | BookUpdate::kLast;
  queue(clear);
  const std::int64_t fair = fair_price(underlying, terms).units();
  send_quote(made, on_tick(fair - 200), on_tick(fair + 200));
  underlying.contracts.push_back(made);
}

void MarketGenerator::settle_window(Underlying& underlying) {
  for (const Listed& contract : underlying.contracts) {
    ContractSettled settled;
    settled.id = contract.id;
    settled.payout = pays(contract.terms, underlying.spot) ? kPriceOne : kPriceZero;
    settled.settled_value = underlying.spot;
    settled.has_value = 1;
    queue(settled);
  }
  underlying.contracts.clear();
}

bool MarketGenerator::pays(const ContractTerms& terms, SpotPrice value) noexcept {
  if (terms.payoff == Payoff::Range) return value >= terms.lower && value < terms.upper;
  return (terms.comparator == Comparator::GreaterOrEqual) == (value >= terms.lower);
}

void MarketGenerator::move_spot(Underlying& underlying) {
  const std::int64_t largest = underlying.spot.units() / 16000;
  underlying.spot += SpotPrice::from_units(random_.between(-largest, largest));
  SpotQuote quote;
  quote.venue = Venue::Coinbase;
  quote.asset = underlying.asset;
  quote.id = instrument_id(Venue::Coinbase, asset_name(underlying.asset));
  quote.bid = underlying.spot;
  quote.ask = underlying.spot;
  queue(quote);
}

Price MarketGenerator::fair_price(const Underlying& underlying, const ContractTerms& terms) const noexcept {
  // A ramp from 0 to 1 over ± 0.8 % around the strike.
  const auto above = [&](Strike strike) {
    const std::int64_t width = underlying.spot.units() / 125;
    const std::int64_t distance = std::clamp(underlying.spot.units() - strike.units(), -width, width);
    return 5000 + distance / (width / 5000);
  };
  std::int64_t units = above(terms.lower);
  if (terms.payoff == Payoff::Range) units -= above(terms.upper);
  if (terms.comparator == Comparator::Less) units = 10'000 - units;
  return on_tick(units);
}

void MarketGenerator::move_quote(Underlying& underlying) {
  Listed& contract = underlying.contracts[random_.below(underlying.contracts.size())];
  if (now_ < contract.dislocated_until) return;  // whoever quotes it has not noticed yet
  const std::int64_t fair = fair_price(underlying, contract.terms).units();
  if (random_.chance(static_cast<std::uint64_t>(settings_.dislocations_per_thousand), 1000)) {
    const std::int64_t shift = random_.between(10, 18) * (random_.chance(1, 2) ? 100 : -100);
    const std::int64_t length =
        random_.between(settings_.shortest_dislocation.count(), settings_.longest_dislocation.count());
    contract.dislocated_until = now_ + Duration(length);
    send_quote(contract, on_tick(fair + shift - 200), on_tick(fair + shift + 200));
    return;
  }
  // Quotes follow the fair value when it has left them behind; otherwise only sizes change.
  const std::int64_t middle = (contract.bid.units() + contract.ask.units()) / 2;
  const bool has_moved = fair - middle > 150 || middle - fair > 150;
  const std::int64_t half = random_.between(2, 3) * 100;
  if (has_moved) {
    send_quote(contract, on_tick(fair - half), on_tick(fair + half));
  } else {
    change_depth(contract);
  }
}

void MarketGenerator::change_depth(const Listed& contract) {
  const bool is_bid = random_.chance(1, 2);
  BookUpdate update = level(contract.id, is_bid ? BookSide::Bid : BookSide::Ask,
                            is_bid ? contract.bid - kTick - kTick : contract.ask + kTick + kTick,
                            Quantity::whole(random_.between(20, 900)));
  update.flags = BookUpdate::kLast;
  queue(update);
}

void MarketGenerator::send_quote(Listed& contract, Price bid, Price ask) {
  if (ask <= bid) return;
  const auto quantity = [&] { return Quantity::whole(random_.between(20, 900)); };
  // What was there goes first, so that no moment shows a crossed book.
  if (!contract.bid.is_zero()) {
    queue(level(contract.id, BookSide::Bid, contract.bid, {}));
    queue(level(contract.id, BookSide::Bid, contract.bid - kTick, {}));
    queue(level(contract.id, BookSide::Bid, contract.bid - kTick - kTick, {}));
    queue(level(contract.id, BookSide::Ask, contract.ask, {}));
    queue(level(contract.id, BookSide::Ask, contract.ask + kTick, {}));
    queue(level(contract.id, BookSide::Ask, contract.ask + kTick + kTick, {}));
  }
  queue(level(contract.id, BookSide::Bid, bid, quantity()));
  queue(level(contract.id, BookSide::Bid, bid - kTick, quantity()));
  queue(level(contract.id, BookSide::Ask, ask, quantity()));
  BookUpdate last = level(contract.id, BookSide::Ask, ask + kTick, quantity());
  last.flags = BookUpdate::kLast;
  queue(last);
  contract.bid = bid;
  contract.ask = ask;
}

}  // namespace arbees

#include "app/roles/offer_maker.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/telemetry/format.h"
#include "core/base/hash.h"
#include "core/risk/reserve.h"

namespace arbees::app {
namespace {

bool is_yes(const CatalogEntry& entry) { return entry.outcome == "Yes" || entry.outcome == "Up"; }

// The highest price of the outcome that is no higher than the limit and stands on the grid; zero if there is none.
Price on_grid(const PriceGrid& grid, Price limit, Outcome outcome) {
  const Price in_frame = outcome == Outcome::Yes ? limit : complement(limit);
  const std::int64_t tick = grid.tick_at(in_frame).units();
  if (tick <= 0) return {};
  return Price::from_units(limit.units() - limit.units() % tick);
}

// The most contracts, in whole lots, that cost no more than this at worst.
Quantity affordable(const ContractTerms& terms, Price limit, Money money) {
  const std::int64_t lot = std::max<std::int64_t>(terms.lot.units(), 1);
  std::int64_t least = 0;
  std::int64_t most = money.units() / limit.units() / lot;  // in lots
  while (least < most) {
    const std::int64_t middle = least + (most - least + 1) / 2;
    if (worst_cost(terms.fees, limit, Quantity::from_units(middle * lot)) <= money) {
      least = middle;
    } else {
      most = middle - 1;
    }
  }
  return Quantity::from_units(least * lot);
}

OfferProblem refused(std::string reason) { return {std::move(reason), false}; }

}  // namespace

std::string OfferMaker::symbol_of(InstrumentId id) const {
  const auto it = session_.instruments().find(id.value);
  return it == session_.instruments().end() ? std::string() : it->second.symbol;
}

OfferMaker::Meant OfferMaker::find(const bus::RequestLeg& leg) const {
  // "paper" is a way of trading, not a venue: the market may be on either.
  if (leg.platform != "paper") {
    const auto venue = parse_venue(leg.platform);
    return venue ? find_on(*venue, leg) : Meant{};
  }
  const Meant meant = find_on(Venue::Kalshi, leg);
  return meant.instrument ? meant : find_on(Venue::Polymarket, leg);
}

OfferMaker::Meant OfferMaker::find_on(Venue venue, const bus::RequestLeg& leg) const {
  if (!is_prediction_venue(venue)) return {};
  if (venue == Venue::Polymarket) return find_token(leg);
  const InstrumentId id = instrument_id(venue, leg.market_id);
  return session_.instruments().contains(id.value) ? Meant{id, leg.outcome} : Meant{};
}

OfferMaker::Meant OfferMaker::find_token(const bus::RequestLeg& leg) const {
  for (const auto& [id, instrument] : session_.instruments()) {
    if (instrument.venue != Venue::Polymarket) continue;
    if (!leg.token_id.empty() && instrument.symbol != leg.token_id) continue;
    const CatalogEntry* entry = find_entry_(Venue::Polymarket, instrument.symbol);
    if (entry == nullptr || entry->market != leg.market_id) continue;
    if (!leg.token_id.empty() || is_yes(*entry) == (leg.outcome == Outcome::Yes)) return {{id}, Outcome::Yes};
  }
  return {};
}

Result<Leg, OfferProblem> OfferMaker::make_leg(const bus::RequestLeg& wanted, const bus::BusRequest& request,
                                               Timestamp now) const {
  const Meant meant = find(wanted);
  const Contract* contract = meant.instrument ? session_.market().find(meant.instrument) : nullptr;
  if (contract == nullptr || !contract->is_listed) {
    std::string reason = fmt::format("unknown market: {} {}", wanted.platform, wanted.market_id);
    if (!request.is_crypto)
      reason += fmt::format(": this executor trades crypto markets; {}requests belong to the executor of their kind",
                            request.sport.empty() ? "" : request.sport + " ");
    return failure(OfferProblem{std::move(reason), true});
  }
  const ContractTerms& terms = contract->terms;
  if (const NotTradable reason = contract->not_tradable(now); reason != NotTradable::None) {
    return failure(OfferProblem{fmt::format("not_tradable: {}", not_tradable_name(reason)), true});
  }
  if (!request.asset.empty() && request.asset != asset_name(terms.asset) && request.is_crypto) {
    return failure(refused(
        fmt::format("asset {} given, but {} is of {}", request.asset, wanted.market_id, asset_name(terms.asset))));
  }
  Leg leg;
  leg.instrument = meant.instrument;
  leg.outcome = meant.outcome;
  leg.venue = terms.venue;
  leg.asset = terms.asset;
  leg.price = on_grid(terms.grid, wanted.limit, meant.outcome);
  if (!is_contract_price(leg.price))
    return failure(refused("max_price is below the first tick, or the tick is unknown"));
  leg.quantity = wanted.contracts ? *wanted.contracts : affordable(terms, leg.price, request.size);
  const std::int64_t lot = std::max<std::int64_t>(terms.lot.units(), 1);
  leg.quantity = Quantity::from_units(leg.quantity.units() / lot * lot);
  if (!leg.quantity.is_positive() || leg.quantity < terms.minimum_order) {
    return failure(refused("below_minimum_order: the size buys less than the market's least order"));
  }
  leg.cost = leg.price * leg.quantity;
  leg.fee = worst_cost(terms.fees, leg.price, leg.quantity) - leg.cost;
  if (contract->book.status() != BookStatus::Proven) return failure(OfferProblem{"unproven_book", true});
  return leg;
}

Detector detector_of(const bus::BusRequest& request) noexcept {
  if (request.signal_type == "ModelEdge") return Detector::ModelEdge;
  for (const Detector detector : {Detector::SameMarket, Detector::Ladder, Detector::Basis, Detector::Completion}) {
    if (request.reason == detector_name(detector)) return detector;
  }
  return Detector::CrossVenue;
}

Result<Offer, OfferProblem> OfferMaker::make(const bus::BusRequest& request, Timestamp now) const {
  Offer offer;
  offer.opportunity_id = hash64(request.idempotency_key);
  offer.guaranteed = request.guaranteed;
  offer.detector = detector_of(request);
  offer.deadline = request.deadline;
  Money outlay;
  Money most;  // that the contracts can pay
  for (const bus::RequestLeg& wanted : request.legs) {
    auto leg = make_leg(wanted, request, now);
    if (!leg) return failure(leg.error());
    outlay += leg->cost + leg->fee;
    most += kPriceOne * leg->quantity;
    offer.legs.push_back(*leg);
  }
  if (request.size.is_positive() && outlay > request.size) {
    return failure(refused("the legs may cost more than suggested_size"));
  }
  // It decides how dearly legs are completed.
  if (offer.guaranteed > most) {
    return failure(refused(fmt::format("guaranteed is {}, but all contracts together pay {} at most",
                                       to_short_text(offer.guaranteed), to_short_text(most))));
  }
  return offer;
}

}  // namespace arbees::app

#include "app/benching/load_plan.h"

#include <fmt/format.h>

namespace arbees::app {
namespace {

constexpr std::size_t kKalshiLadder = 40;
constexpr std::size_t kPolymarketLadder = 20;

void add(LoadContracts& contracts, const std::string& symbol, const ContractTerms& terms) {
  InstrumentNamed named;
  named.venue = terms.venue;
  set_symbol(named, symbol);
  named.id = instrument_id(terms.venue, symbol);
  ContractListed listed;
  listed.id = named.id;
  listed.terms = terms;
  ContractPhaseChanged active;
  active.id = named.id;
  active.phase = ContractPhase::Active;
  contracts.listings.insert(contracts.listings.end(), {EventBody(named), EventBody(listed), EventBody(active)});
}

// The ladder's number sets coin and end, the place in it the strike.
ContractTerms threshold(const LoadPlan& plan, std::size_t ladder, std::size_t place) {
  ContractTerms terms{};
  terms.asset = kLoadAssets[ladder % kLoadAssets.size()];
  terms.payoff = Payoff::Threshold;
  terms.comparator = Comparator::GreaterOrEqual;
  terms.lower = Strike::whole(static_cast<std::int64_t>(1'000 + 10 * place));
  terms.has_lower = 1;
  terms.opens_at = plan.begins_at - std::chrono::hours(1);
  terms.closes_at = plan.begins_at + std::chrono::hours(2 + ladder);
  terms.event_group = 1 + ladder;
  terms.grid = PriceGrid::uniform(Price::from_units(100));
  terms.not_tradable = NotTradable::None;
  return terms;
}

}  // namespace

std::string load_ticker(std::size_t market) {
  return fmt::format("KXLOAD-26NOV22{:02}-T{}.99", market / kKalshiLadder, 999 + 10 * (market % kKalshiLadder));
}

std::string load_token(std::size_t market, std::size_t side) { return fmt::format("7{:076}", 2 * market + side); }

std::string load_condition(std::size_t market) { return fmt::format("0x{:064x}", market + 1); }

LoadContracts load_contracts(const LoadPlan& plan) {
  LoadContracts contracts;
  for (std::size_t market = 0; market < plan.kalshi_markets(); ++market) {
    ContractTerms terms = threshold(plan, market / kKalshiLadder, market % kKalshiLadder);
    terms.venue = Venue::Kalshi;
    terms.source = SettlementSource::CfBenchmarksMean60;
    terms.rounding_decimals = 2;
    terms.fees.model = FeeModel::KalshiQuadratic;
    terms.fees.taker_rate = 70'000;
    terms.lot = terms.minimum_order = Quantity::from_units(1);
    contracts.kalshi.push_back(load_ticker(market));
    add(contracts, contracts.kalshi.back(), terms);
  }
  for (std::size_t market = 0; market < plan.polymarket_markets(); ++market) {
    ContractTerms terms = threshold(plan, market / kPolymarketLadder, market % kPolymarketLadder);
    terms.venue = Venue::Polymarket;
    terms.source = SettlementSource::BinanceCandle1m;
    terms.rounding_decimals = 255;
    terms.event_group += std::uint64_t{1} << 32;
    terms.fees.model = FeeModel::PolymarketCurve;
    terms.fees.taker_rate = 70'000;
    terms.lot = Quantity::from_units(1);
    terms.minimum_order = Quantity::whole(5);
    for (std::size_t side = 0; side < 2; ++side) {
      terms.comparator = side == 0 ? Comparator::GreaterOrEqual : Comparator::Less;
      terms.complement = instrument_id(Venue::Polymarket, load_token(market, 1 - side));
      contracts.polymarket.push_back(load_token(market, side));
      add(contracts, contracts.polymarket.back(), terms);
    }
  }
  return contracts;
}

}  // namespace arbees::app

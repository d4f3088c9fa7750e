#pragma once
// A market for tests of the model: two spot venues that agree, a day of candles, contracts with one level a side.

#include <gtest/gtest.h>

#include <string_view>

#include "core/engine/test_candles.h"
#include "core/engine/trading_engine.h"

namespace arbees::testing_support {

class ModelMarket : public testing::Test {
 protected:
  static constexpr Timestamp kStart = from_unix_s(1'780'000'200);
  static constexpr InstrumentId kContract{77};

  static Price price(std::string_view text) { return Price::parse(text).value(); }

  void say(EventBody body) {
    now_ += std::chrono::milliseconds(1);
    say_at(now_, std::move(body));
  }
  void say_at(Timestamp at, EventBody body) {
    Event event;
    now_ = event.received_at = at;
    event.sequence = ++sequence_;
    event.body = body;
    outputs_.clear();
    engine_.on_event(event, outputs_);
    for (const ExecutionRequest& request : outputs_.requests) requests_.push_back(request);
    for (const Report& report : outputs_.reports) {
      if (const auto* judged = std::get_if<OpportunityJudged>(&report.body)) judged_.push_back(*judged);
      if (const auto* ended = std::get_if<OpportunityEnded>(&report.body)) ended_.push_back(*ended);
    }
  }

  void set(std::string_view name, std::int64_t value) {
    for (std::uint32_t row = 0; row < kModelParameterCount; ++row) {
      if (model_parameter_table()[row].name != name) continue;
      ModelParameterSet parameter;
      parameter.row = row;
      parameter.value = value;
      say(parameter);
    }
  }

  // The session's opening, cash, and a day of minutes with about half a year's volatility of 50 %.
  void open() {
    for (std::uint32_t row = 0; row < kModelParameterCount; ++row) {
      ModelParameterSet parameter;
      parameter.row = row;
      parameter.value = model_parameter_table()[row].get(ModelParameters{});
      say(parameter);
    }
    for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
      CashSnapshot cash;
      cash.venue = venue;
      cash.cash = Money::whole(10'000);
      say(cash);
    }
    for (const SpotCandle& candle : day_of_candles(kStart)) say(candle);
    for (const Venue venue : {Venue::Coinbase, Venue::Kraken}) {
      InstrumentNamed named;
      named.venue = venue;
      const std::string_view symbol = venue == Venue::Coinbase ? "BTC-USD" : "BTC/USD";
      named.id = instrument_id(venue, symbol);
      set_symbol(named, symbol);
      say(named);
    }
    now_ = kStart;
  }

  void spot_of(Venue venue, std::int64_t dollars) {
    SpotQuote quote;
    quote.venue = venue;
    quote.asset = Asset::BTC;
    quote.id = instrument_id(venue, venue == Venue::Coinbase ? "BTC-USD" : "BTC/USD");
    quote.bid = SpotPrice::from_units(dollars * SpotPrice::kScale - 50'000'000);
    quote.ask = SpotPrice::from_units(dollars * SpotPrice::kScale + 50'000'000);
    say(quote);
  }
  // Both venues, moved in steps as feeds do, so that no voice has jumped alone.
  void spot(std::int64_t dollars) {
    spot_of(Venue::Coinbase, dollars);
    spot_of(Venue::Kraken, dollars);
  }
  // Time passes with the spot where it is: contracts are compiled.
  void settle_down(std::int64_t dollars, int tenths = 12) {
    for (int i = 0; i < tenths; ++i) {
      now_ += std::chrono::milliseconds(100);
      spot(dollars);
      say(TimerTick{});
    }
  }

  ContractTerms threshold(std::int64_t strike, Duration left = std::chrono::minutes(10)) const {
    ContractTerms terms{};
    terms.venue = Venue::Kalshi;
    terms.asset = Asset::BTC;
    terms.payoff = Payoff::Threshold;
    terms.comparator = Comparator::GreaterOrEqual;
    terms.source = SettlementSource::CfBenchmarksMean60;
    terms.lower = SpotPrice::whole(strike);
    terms.has_lower = 1;
    terms.rounding_decimals = 2;
    terms.opens_at = kStart;
    terms.closes_at = kStart + left;
    terms.grid = PriceGrid::uniform(Price::from_units(100));
    terms.lot = Quantity::whole(1);
    terms.minimum_order = Quantity::whole(1);
    terms.fees.model = FeeModel::KalshiQuadratic;
    terms.fees.taker_rate = 70'000;
    terms.not_tradable = NotTradable::None;
    return terms;
  }
  void list(InstrumentId id, const ContractTerms& terms) {
    InstrumentNamed named;
    named.id = id;
    named.venue = terms.venue;
    say(named);
    say(ContractListed{id, terms});
    ContractPhaseChanged active;
    active.id = id;
    active.phase = ContractPhase::Active;
    say(active);
  }
  void quote(InstrumentId id, std::string_view bid, std::string_view ask, std::int64_t contracts = 1000) {
    BookUpdate update;
    update.id = id;
    update.action = BookAction::Clear;
    update.flags = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
    say(update);
    update.action = BookAction::Set;
    update.quantity = Quantity::whole(contracts);
    update.price = price(bid);
    update.flags = BookUpdate::kSnapshot;
    say(update);
    update.side = BookSide::Ask;
    update.price = price(ask);
    update.flags = BookUpdate::kSnapshot | BookUpdate::kLast;
    say(update);
  }

  Timestamp now_ = kStart - std::chrono::hours(1);
  std::uint64_t sequence_ = 0;
  TradingEngine engine_{Capacity{}, RiskLimits{}};
  Outputs outputs_;
  std::vector<ExecutionRequest> requests_;
  std::vector<OpportunityJudged> judged_;
  std::vector<OpportunityEnded> ended_;
};

}  // namespace arbees::testing_support

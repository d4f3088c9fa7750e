#pragma once
// Events of two spot venues that agree, for tests of the live model.

#include <algorithm>
#include <string_view>

#include "core/base/random.h"
#include "core/pricing/live_model.h"

namespace arbees::testing_support {

class LiveMarket {
 public:
  static constexpr Timestamp kStart = from_unix_s(1'780'000'200);  // a five-minute mark

  explicit LiveMarket(const ModelParameters& parameters = {}) : model(parameters) {}

  Asset say(EventBody body) {
    Event event;
    event.received_at = now;
    event.body = std::move(body);
    return model.on_event(event);
  }

  // `hours` of minutes that end at kStart, with a volatility of about 50 % a year.
  void candles(int hours) {
    Random random(7);
    std::int64_t cents = 6'400'000;
    for (int minute = 0; minute < hours * 60; ++minute) {
      SpotCandle candle;
      candle.opened_at = kStart - std::chrono::minutes(hours * 60 - minute);
      candle.length = std::chrono::minutes(1);
      candle.asset = Asset::BTC;
      candle.venue = Venue::Binance;
      candle.open = SpotPrice::from_units(cents * 1'000'000);
      std::int64_t step = 0;
      for (int i = 0; i < 6; ++i) step += random.between(-3100, 3100);
      if ((cents > 6'450'000) == (step > 0)) step = -step;
      cents += step;
      candle.close = SpotPrice::from_units(cents * 1'000'000);
      candle.high = std::max(candle.open, candle.close);
      candle.low = std::min(candle.open, candle.close);
      say(candle);
    }
  }

  void name_pairs() {
    for (const Venue venue : {Venue::Coinbase, Venue::Kraken}) {
      InstrumentNamed named;
      named.venue = venue;
      named.id = instrument_id(venue, "BTC-USD");
      set_symbol(named, "BTC-USD");
      say(named);
    }
  }

  void spot_of(Venue venue, double dollars) {
    SpotQuote quote;
    quote.venue = venue;
    quote.asset = Asset::BTC;
    quote.id = instrument_id(venue, "BTC-USD");
    const auto units = static_cast<std::int64_t>(dollars * 1e8);
    quote.bid = SpotPrice::from_units(units - 50'000'000);
    quote.ask = SpotPrice::from_units(units + 50'000'000);
    say(quote);
  }
  void spot(double dollars) {
    spot_of(Venue::Coinbase, dollars);
    spot_of(Venue::Kraken, dollars);
  }
  // Both venues every 200 ms for so long.
  void quiet(double dollars, Duration length) {
    for (const Timestamp end = now + length; now < end; now += std::chrono::milliseconds(200)) spot(dollars);
  }

  void print(SettlementSource source, Timestamp at, double dollars) {
    IndexPrint print;
    print.asset = Asset::BTC;
    print.source = source;
    print.index_time = at;
    print.value = SpotPrice::from_units(static_cast<std::int64_t>(dollars * 1e8));
    say(print);
  }

  static ContractTerms threshold(std::int64_t strike, Timestamp close) {
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
    terms.closes_at = close;
    terms.grid = PriceGrid::uniform(Price::from_units(100));
    terms.lot = Quantity::whole(1);
    terms.minimum_order = Quantity::whole(1);
    terms.fees.model = FeeModel::KalshiQuadratic;
    terms.fees.taker_rate = 70'000;
    terms.not_tradable = NotTradable::None;
    return terms;
  }

  LiveModel model;
  Timestamp now = kStart;
};

}  // namespace arbees::testing_support

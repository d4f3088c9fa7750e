// One spot quote into the consolidated price of a coin with five venues, and one question for its price.

#include <benchmark/benchmark.h>

#include <memory>

#include "core/pricing/consolidated_spot.h"

namespace arbees {
namespace {

constexpr Venue kVenues[] = {Venue::Coinbase, Venue::Kraken, Venue::Bitstamp, Venue::Gemini, Venue::Binance};

class Market {
 public:
  Market() {
    for (const Venue venue : kVenues) {
      InstrumentNamed named;
      named.id = instrument_id(venue, "BTC-USD");
      named.venue = venue;
      set_symbol(named, "BTC-USD");
      tell(named);
      quote(venue);
    }
  }
  void quote(Venue venue) {
    now_ += std::chrono::milliseconds(1);
    SpotQuote told;
    told.id = instrument_id(venue, "BTC-USD");
    told.bid = SpotPrice::whole(64'000 + ++count_ % 7);
    told.ask = SpotPrice::whole(64'002 + count_ % 7);
    tell(told);
  }
  auto ask() { return spot_->estimate(Asset::BTC, SettlementSource::CfBenchmarksMean60, now_); }

 private:
  template <class Body>
  void tell(const Body& body) {
    Event event;
    event.received_at = now_;
    event.body = body;
    spot_->on_event(event);
  }

  std::unique_ptr<ConsolidatedSpot> spot_ = std::make_unique<ConsolidatedSpot>();
  Timestamp now_ = from_unix_s(1'790'000'000);
  std::int64_t count_ = 0;
};

void quote(benchmark::State& state) {
  Market market;
  std::size_t next = 0;
  for (auto _ : state) market.quote(kVenues[next++ % std::size(kVenues)]);
}
BENCHMARK(quote);

void estimate(benchmark::State& state) {
  Market market;
  for (auto _ : state) benchmark::DoNotOptimize(market.ask());
}
BENCHMARK(estimate);

}  // namespace
}  // namespace arbees

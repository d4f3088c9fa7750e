// The consolidated spot price allocates nothing once its pairs are named and its books have grown.

#include <gtest/gtest.h>

#include <memory>

#include "core/pricing/consolidated_spot.h"
#include "tests/support/counted_allocations.h"

namespace arbees {
namespace {

constexpr Venue kVenues[] = {Venue::Coinbase, Venue::Kraken, Venue::Bitstamp, Venue::Gemini};

template <class Body>
void tell(ConsolidatedSpot& spot, Timestamp at, const Body& body) {
  Event event;
  event.received_at = at;
  event.body = body;
  spot.on_event(event);
}

// One round: books, quotes, trades and a print; then the price is asked for.
void play(ConsolidatedSpot& spot, std::int64_t round) {
  const Timestamp at = from_unix_ms(1'790'000'000'000 + round * 100);
  for (const Venue venue : kVenues) {
    const InstrumentId id = instrument_id(venue, "BTC-USD");
    for (std::int64_t level = 0; level < 50; ++level) {
      SpotBookUpdate update;
      update.id = id;
      update.side = level % 2 == 0 ? BookSide::Bid : BookSide::Ask;
      update.price = SpotPrice::whole(level % 2 == 0 ? 64'000 - level : 64'001 + level);
      update.quantity = SpotQuantity::whole((round + level) % 3);
      update.flags = level == 0 ? BookUpdate::kSnapshotStart | BookUpdate::kSnapshot : BookUpdate::kSnapshot;
      if (level == 0) update.action = BookAction::Clear;
      if (level == 49) update.flags |= BookUpdate::kLast;
      tell(spot, at, update);
    }
    SpotQuote quote;
    quote.id = id;
    quote.bid = SpotPrice::whole(64'000 + round % 5);
    quote.ask = SpotPrice::whole(64'001 + round % 5);
    tell(spot, at, quote);
    SpotTrade trade;
    trade.id = id;
    trade.price = quote.bid;
    tell(spot, at, trade);
  }
  IndexPrint print;
  print.value = SpotPrice::whole(64'000);
  print.index_time = at;
  print.source = SettlementSource::CfBenchmarksMean60;
  print.asset = Asset::BTC;
  tell(spot, at, print);
  ASSERT_TRUE(spot.estimate(Asset::BTC, SettlementSource::CfBenchmarksMean60, at).has_value());
  ASSERT_EQ(spot.composite(Asset::BTC, at)->live_sources, 4);
}

TEST(SpotAllocations, NoneOnceWarm) {
  const auto spot = std::make_unique<ConsolidatedSpot>();
  for (const Venue venue : kVenues) {
    InstrumentNamed named;
    named.id = instrument_id(venue, "BTC-USD");
    named.venue = venue;
    set_symbol(named, "BTC-USD");
    tell(*spot, from_unix_s(1), named);
  }
  for (std::int64_t round = 0; round < 3; ++round) play(*spot, round);
  const std::size_t before = allocations;
  for (std::int64_t round = 3; round < 100; ++round) play(*spot, round);
  EXPECT_EQ(allocations - before, 0U);
}

}  // namespace
}  // namespace arbees

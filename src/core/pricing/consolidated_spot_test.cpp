#include "core/pricing/consolidated_spot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "core/base/random.h"

namespace arbees {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Timestamp kStart = from_unix_s(1'790'000'000);

// Prices in dollars, times in milliseconds since the start.
class Feeds {
 public:
  explicit Feeds(const ConsolidatedSpotSettings& settings = {}) : spot_(std::make_unique<ConsolidatedSpot>(settings)) {}

  void quote(Venue venue, double mid, std::int64_t at_ms, std::string_view symbol = "BTC-USD", double spread = 2.0) {
    now_ = kStart + milliseconds(at_ms);
    const InstrumentId id = instrument_id(venue, symbol);
    if (spot_->market().find(id) == nullptr) {
      InstrumentNamed named;
      named.id = id;
      named.venue = venue;
      set_symbol(named, symbol);
      send(named);
    }
    SpotQuote told;
    told.id = id;
    told.venue = venue;
    told.bid = price(mid - spread / 2);
    told.ask = price(mid + spread / 2);
    send(told);
  }
  void print(double value, std::int64_t index_ms, std::int64_t at_ms,
             SettlementSource source = SettlementSource::CfBenchmarksMean60) {
    now_ = kStart + milliseconds(at_ms);
    IndexPrint told;
    told.value = price(value);
    told.index_time = kStart + milliseconds(index_ms);
    told.source = source;
    told.asset = Asset::BTC;
    send(told);
  }
  void feed(Venue venue, FeedState state) { send(FeedStatus{venue, state, {}}); }

  ConsolidatedSpot::Estimate composite(std::int64_t at_ms) {
    return spot_->composite(Asset::BTC, kStart + milliseconds(at_ms));
  }
  ConsolidatedSpot::Estimate estimate(std::int64_t at_ms,
                                      SettlementSource source = SettlementSource::CfBenchmarksMean60) {
    return spot_->estimate(Asset::BTC, source, kStart + milliseconds(at_ms));
  }
  SpotExclusion exclusion(Venue venue) {
    for (const SpotVoice& voice : spot_->voices(Asset::BTC)) {
      if (voice.venue == venue) return voice.excluded;
    }
    return SpotExclusion::NoPrice;
  }
  ConsolidatedSpot& spot() { return *spot_; }

 private:
  static SpotPrice price(double dollars) { return SpotPrice::from_units(std::llround(dollars * 1e8)); }
  template <class Body>
  void send(const Body& body) {
    Event event;
    event.received_at = now_;
    event.body = body;
    spot_->on_event(event);
  }

  std::unique_ptr<ConsolidatedSpot> spot_;
  Timestamp now_ = kStart;
};

double dollars(const ConsolidatedSpot::Estimate& estimate) {
  return estimate ? static_cast<double>(estimate->value.units()) * 1e-8 : 0.0;
}

constexpr Venue kVenues[] = {Venue::Coinbase, Venue::Kraken, Venue::Bitstamp, Venue::Gemini};

TEST(ConsolidatedSpot, AgreeingVenuesGiveTheirMeanWithASmallError) {
  Feeds feeds;
  double mid = 64000;
  for (const Venue venue : kVenues) feeds.quote(venue, mid += 2, 0);
  const auto estimate = feeds.composite(10);
  ASSERT_TRUE(estimate.has_value());
  EXPECT_NEAR(dollars(estimate), 64005, 0.01);
  EXPECT_EQ(estimate->live_sources, 4);
  EXPECT_GE(estimate->sd, 6.4) << "no proxy is the index: one basis point at least";
  EXPECT_LT(estimate->sd, 10);
}

TEST(ConsolidatedSpot, NothingKnownIsNoSpotAndNothingFreshIsStale) {
  Feeds feeds;
  EXPECT_EQ(feeds.composite(0).error(), PriceUnavailable::NoSpot);
  for (const Venue venue : kVenues) feeds.quote(venue, 64000, 0);
  EXPECT_TRUE(feeds.composite(10'000).has_value());
  EXPECT_EQ(feeds.composite(10'001).error(), PriceUnavailable::StaleSpot) << "never frozen";
}

TEST(ConsolidatedSpot, AVenueOffByOnePercentIsLeftOutAndNamed) {
  Feeds feeds;
  for (const Venue venue : kVenues) feeds.quote(venue, venue == Venue::Kraken ? 64640 : 64000, 0);
  const auto estimate = feeds.composite(10);
  ASSERT_TRUE(estimate.has_value());
  EXPECT_NEAR(dollars(estimate), 64000, 0.01);
  EXPECT_EQ(estimate->live_sources, 3);
  EXPECT_EQ(feeds.exclusion(Venue::Kraken), SpotExclusion::OffMedian);
  EXPECT_EQ(feeds.exclusion(Venue::Coinbase), SpotExclusion::None);
}

TEST(ConsolidatedSpot, WhoWasOffComesBackOnlyWhenClearlyBack) {
  Feeds feeds;
  for (const Venue venue : kVenues) feeds.quote(venue, venue == Venue::Kraken ? 64640 : 64000, 0);
  feeds.composite(10);
  feeds.quote(Venue::Kraken, 64000 * 1.0015, 20);
  feeds.composite(30);
  EXPECT_EQ(feeds.exclusion(Venue::Kraken), SpotExclusion::OffMedian) << "inside the band, not inside half of it";
  feeds.quote(Venue::Kraken, 64000 * 1.0008, 40);
  feeds.composite(50);
  EXPECT_EQ(feeds.exclusion(Venue::Kraken), SpotExclusion::None);
}

TEST(ConsolidatedSpot, AFrozenVenueDropsOutByItsAge) {
  Feeds feeds;
  for (const Venue venue : kVenues) feeds.quote(venue, 64000, 0);
  for (std::int64_t second = 1; second <= 11; ++second) {
    for (const Venue venue : kVenues) {
      if (venue != Venue::Gemini) feeds.quote(venue, 64000 + static_cast<double>(second), second * 1000);
    }
  }
  const auto estimate = feeds.composite(11'000);
  EXPECT_EQ(feeds.exclusion(Venue::Gemini), SpotExclusion::Stale);
  EXPECT_NEAR(dollars(estimate), 64011, 0.01);
  EXPECT_EQ(estimate->live_sources, 3);
}

TEST(ConsolidatedSpot, AFeedThatIsNotLiveIsNotHeard) {
  Feeds feeds;
  for (const Venue venue : kVenues) feeds.quote(venue, 64000, 0);
  feeds.feed(Venue::Kraken, FeedState::Stale);
  feeds.feed(Venue::Gemini, FeedState::Down);
  EXPECT_EQ(feeds.composite(10)->live_sources, 2);
  EXPECT_EQ(feeds.exclusion(Venue::Kraken), SpotExclusion::FeedDown);
  feeds.feed(Venue::Bitstamp, FeedState::Down);
  EXPECT_EQ(feeds.composite(10).error(), PriceUnavailable::TooFewSources) << "all but one gone";
  feeds.feed(Venue::Bitstamp, FeedState::Live);
  EXPECT_TRUE(feeds.composite(10).has_value());
}

TEST(ConsolidatedSpot, AFlashMoveOfOneVenueWaitsUntilOthersConfirmIt) {
  Feeds feeds;
  for (std::int64_t ms = 0; ms < 10'000; ms += 500) {
    for (const Venue venue : kVenues) feeds.quote(venue, 64000, ms);
  }
  feeds.quote(Venue::Coinbase, 63000, 10'000);
  EXPECT_NEAR(dollars(feeds.composite(10'000)), 64000, 0.01);
  EXPECT_EQ(feeds.exclusion(Venue::Coinbase), SpotExclusion::UnconfirmedJump);
  feeds.quote(Venue::Kraken, 63010, 10'100);
  EXPECT_EQ(feeds.composite(10'100).error(), PriceUnavailable::SourcesDisagree) << "two against two";
  feeds.quote(Venue::Bitstamp, 63005, 10'200);
  const auto confirmed = feeds.composite(10'200);
  ASSERT_TRUE(confirmed.has_value());
  EXPECT_NEAR(dollars(confirmed), 63005, 5);
  EXPECT_EQ(feeds.exclusion(Venue::Gemini), SpotExclusion::OffMedian);
}

TEST(ConsolidatedSpot, OneVenueAloneMustStandByItsNewPrice) {
  ConsolidatedSpotSettings settings;
  settings.required_venues = 1;
  Feeds feeds(settings);
  for (std::int64_t ms = 0; ms < 10'000; ms += 500) feeds.quote(Venue::Coinbase, 64000, ms);
  EXPECT_NEAR(dollars(feeds.composite(9'500)), 64000, 0.01);
  feeds.quote(Venue::Coinbase, 63360, 10'000);
  EXPECT_FALSE(feeds.composite(10'000).has_value());
  std::int64_t ms = 10'000;
  while (!feeds.composite(ms).has_value() && ms < 30'000) feeds.quote(Venue::Coinbase, 63360, ms += 500);
  EXPECT_GT(ms, 13'000);
  EXPECT_LT(ms, 20'000);
}

TEST(ConsolidatedSpot, CrossedPricesAreNotHeard) {
  Feeds feeds;
  for (const Venue venue : kVenues) feeds.quote(venue, 64000, 0, "BTC-USD", venue == Venue::Gemini ? -1.0 : 2.0);
  EXPECT_EQ(feeds.composite(0)->live_sources, 3);
  EXPECT_EQ(feeds.exclusion(Venue::Gemini), SpotExclusion::Crossed);
}

TEST(ConsolidatedSpot, TetherCountsForLittleWithoutALegAndFullyWithOne) {
  Feeds feeds;
  feeds.quote(Venue::Coinbase, 64000, 0);
  feeds.quote(Venue::Binance, 64000 / 0.999, 0, "BTCUSDT");
  const auto without = feeds.composite(10);
  ASSERT_TRUE(without.has_value());
  EXPECT_NEAR(dollars(without), 64000, 1.0) << "64 dollars off, and hardly heard";
  feeds.quote(Venue::Kraken, 0.999, 20, "USDT/USD", 0.0001);
  const auto with = feeds.composite(30);
  ASSERT_TRUE(with.has_value());
  EXPECT_NEAR(dollars(with), 64000, 0.1);
  EXPECT_LT(with->sd, without->sd);
  const auto voices = feeds.spot().voices(Asset::BTC);
  const auto binance = std::find_if(voices.begin(), voices.end(), [](auto& v) { return v.venue == Venue::Binance; });
  EXPECT_GT(binance->weight, 0.3);
}

TEST(ConsolidatedSpot, AVenueSpeaksOnceByItsBestCurrency) {
  Feeds feeds;
  feeds.quote(Venue::Coinbase, 64100, 0, "BTC-USDT");
  feeds.quote(Venue::Coinbase, 64000, 0, "BTC-USD");
  feeds.quote(Venue::Kraken, 64000, 0, "BTC/USD");
  EXPECT_EQ(feeds.composite(10)->live_sources, 2);
  EXPECT_NEAR(dollars(feeds.composite(10)), 64000, 0.01);
}

TEST(ConsolidatedSpot, TheIndexLeadsWhileItsPrintsArrive) {
  Feeds feeds;
  for (std::int64_t second = 0; second <= 60; ++second) {
    for (const Venue venue : kVenues) feeds.quote(venue, 64010 + static_cast<double>(second), second * 1000);
    feeds.print(64000 + static_cast<double>(second), second * 1000, second * 1000 + 400);
  }
  // Stamped 60 s, when the composite was 64070; it has moved by 3 since.
  for (const Venue venue : kVenues) feeds.quote(venue, 64073, 60'600);
  const auto leading = feeds.estimate(60'700);
  ASSERT_TRUE(leading.has_value());
  EXPECT_NEAR(dollars(leading), 64063, 0.1);
  EXPECT_LT(leading->sd, 3.0);
  EXPECT_EQ(leading->live_sources, 5);
  const auto alone = feeds.estimate(63'000);
  EXPECT_NEAR(dollars(alone), 64073, 0.1) << "no print for 2.6 s: the composite";
  EXPECT_GT(alone->sd, 6.0);
  EXPECT_NEAR(dollars(feeds.estimate(60'700, SettlementSource::ChainlinkTwap60)), 64073, 0.1) << "another source";
}

TEST(ConsolidatedSpot, WhatMovedWhileThePrintWasUnderWayIsNotLost) {
  Feeds feeds;
  for (const Venue venue : kVenues) feeds.quote(venue, 64010, 0);
  for (const Venue venue : kVenues) feeds.quote(venue, 64030, 500);
  feeds.print(64000, 100, 800);
  EXPECT_NEAR(dollars(feeds.estimate(900)), 64020, 0.1) << "20 dollars since the print's own stamp";
}

TEST(ConsolidatedSpot, TheIndexAloneIsAnEstimateThatAges) {
  Feeds feeds;
  feeds.print(64000, 0, 100);
  const auto fresh = feeds.estimate(200);
  ASSERT_TRUE(fresh.has_value());
  EXPECT_NEAR(dollars(fresh), 64000, 0.01);
  EXPECT_GT(feeds.estimate(2'000)->sd, fresh->sd);
  EXPECT_EQ(feeds.estimate(2'700).error(), PriceUnavailable::NoSpot);
}

TEST(ConsolidatedSpot, BinanceCandlesAskBinanceItselfInItsOwnCurrency) {
  Feeds feeds;
  feeds.quote(Venue::Coinbase, 64000, 0);
  feeds.quote(Venue::Kraken, 64000, 0);
  EXPECT_EQ(feeds.estimate(10, SettlementSource::BinanceCandle1h).error(), PriceUnavailable::NoSpot);
  feeds.quote(Venue::Binance, 64064, 0, "BTCUSDT");
  EXPECT_NEAR(dollars(feeds.estimate(10, SettlementSource::BinanceCandle1m)), 64064, 0.01);
  EXPECT_EQ(feeds.estimate(3'001, SettlementSource::BinanceCandle1m).error(), PriceUnavailable::StaleSpot);
}

// Whatever arrives: the value lies within the voices it is made of, weights sum to one, every venue left out has a
// reason, and the survivors agree within the widest band.
TEST(ConsolidatedSpot, RandomFeedsKeepThePromises) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Feeds feeds;
    double truth = 64000;
    std::int64_t ms = 0;
    for (int step = 0; step < 2000; ++step) {
      ms += random.between(1, 400);
      truth *= 1.0 + static_cast<double>(random.between(-10, 10)) * 1e-5;
      const Venue venue = kVenues[random.below(4)];
      if (random.chance(1, 50)) feeds.feed(venue, static_cast<FeedState>(random.below(3)));
      double mid = truth + static_cast<double>(random.between(-10, 10));
      if (random.chance(1, 20)) mid *= 1.0 + static_cast<double>(random.between(-300, 300)) * 1e-4;
      feeds.quote(venue, mid, ms, "BTC-USD", static_cast<double>(random.between(-1, 40)));
      const auto estimate = feeds.composite(ms + random.between(0, 5000));
      double lowest = 1e18;
      double highest = 0;
      double weights = 0;
      std::size_t heard = 0;
      for (const SpotVoice& voice : feeds.spot().voices(Asset::BTC)) {
        if (voice.excluded != SpotExclusion::None) {
          ASSERT_EQ(voice.weight, 0.0);
          continue;
        }
        ++heard;
        lowest = std::min(lowest, voice.mid);
        highest = std::max(highest, voice.mid);
        weights += voice.weight;
      }
      if (!estimate) continue;
      ASSERT_EQ(heard, estimate->live_sources);
      ASSERT_GE(heard, 2U);
      ASSERT_NEAR(weights, 1.0, 1e-9);
      ASSERT_GE(dollars(estimate), lowest - 1e-6);
      ASSERT_LE(dollars(estimate), highest + 1e-6);
      ASSERT_LE(highest / lowest, 1.0061) << "30 basis points each way";
      ASSERT_GT(estimate->sd, 0.0);
    }
  }
}

// With three honest venues of four, the fourth can say what it likes.
TEST(ConsolidatedSpot, OneLiarOfFourNeverMovesTheValueByMoreThanItsBand) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    Feeds feeds;
    std::int64_t ms = 0;
    for (int step = 0; step < 1000; ++step) {
      ms += random.between(1, 300);
      for (const Venue venue : {Venue::Coinbase, Venue::Kraken, Venue::Bitstamp}) {
        feeds.quote(venue, 64000 + static_cast<double>(random.between(-3, 3)), ms);
      }
      feeds.quote(Venue::Gemini, 64000 * (1.0 + static_cast<double>(random.between(-500, 500)) * 1e-4), ms);
      const auto estimate = feeds.composite(ms);
      ASSERT_TRUE(estimate.has_value());
      ASSERT_NEAR(dollars(estimate), 64000, 64000 * 0.0021 / 4 + 4);
    }
  }
}

}  // namespace
}  // namespace arbees

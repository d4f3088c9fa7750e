#include "adapters/venue/polymarket/families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace arbees::polymarket {
namespace {

using testing::ElementsAre;

Timestamp at(const char* text) { return parse_iso8601(text).value(); }

std::string family_of(std::string_view slug) {
  const auto parts = read_slug(slug);
  return parts ? parts->family() : "none";
}

TEST(PolymarketFamilies, SlugsNameProductAndCoin) {
  EXPECT_EQ(family_of("btc-updown-5m-1782287400"), "polymarket:btc-updown-5m");
  EXPECT_EQ(family_of("hype-updown-15m-1782287400"), "polymarket:hype-updown-15m");
  EXPECT_EQ(family_of("eth-updown-4h-1782288000"), "polymarket:eth-updown-4h");
  EXPECT_EQ(family_of("bitcoin-up-or-down-october-6-2026-12am-et"), "polymarket:btc-up-or-down-hourly");
  EXPECT_EQ(family_of("bitcoin-up-or-down-october-4-3am-et"), "polymarket:btc-up-or-down-hourly");
  EXPECT_EQ(family_of("bitcoin-up-or-down-on-october-6-2026"), "polymarket:btc-up-or-down-daily");
  EXPECT_EQ(family_of("bitcoin-above-on-march-11"), "polymarket:btc-above-daily");
  EXPECT_EQ(family_of("solana-above-on-october-6-2026-9pm-et"), "polymarket:sol-above-hourly");
  EXPECT_EQ(family_of("ethereum-price-on-october-6-2026"), "polymarket:eth-range-daily");
  EXPECT_EQ(family_of("what-price-will-bitcoin-hit-in-october-2026"), "polymarket:btc-hit");
}

// "Will Congress resolve …" once counted as Solana.
TEST(PolymarketFamilies, NothingElseIsAFamily) {
  for (const char* slug : {"will-congress-resolve-the-budget", "solar-updown-5m-1782287400", "btc-updown-7m-1782287400",
                           "btc-updown-5m-17822874", "btc-updown-5m-178228740x", "bitcoin-above-on-smarch-11",
                           "bitcoin-above-on-march-11-2026-13am-et", "bitcoin-above-on-february-30-2026",
                           "bitcoin-up-or-down-october-6-2026-12am-pt", "new-rhianna-album-before-gta-vi-926", ""}) {
    EXPECT_EQ(family_of(slug), "none") << slug;
  }
}

TEST(PolymarketFamilies, UpcomingWindowsAreComputed) {
  const Coin& btc = *find_coin(Asset::BTC);
  EXPECT_THAT(upcoming_slugs(Product::UpDown5m, btc, at("2026-10-05T12:03:00Z"), at("2026-10-05T12:11:00Z")),
              ElementsAre("btc-updown-5m-1791201600", "btc-updown-5m-1791201900", "btc-updown-5m-1791202200"));
  EXPECT_THAT(upcoming_slugs(Product::UpDown15m, btc, at("2026-10-05T12:15:00Z"), at("2026-10-05T12:15:01Z")),
              ElementsAre("btc-updown-15m-1791202500"));
}

// Four-hour windows follow the Eastern clock: 00, 04, 08 …, which is 04, 08, 12 UTC in summer and 05, 09, 13 in winter.
TEST(PolymarketFamilies, FourHourWindowsFollowTheEasternClock) {
  const Coin& btc = *find_coin(Asset::BTC);
  EXPECT_THAT(upcoming_slugs(Product::UpDown4h, btc, at("2026-07-01T04:00:00Z"), at("2026-07-01T08:00:00Z")),
              ElementsAre("btc-updown-4h-" + std::to_string(unix_ns(at("2026-07-01T04:00:00Z")) / 1'000'000'000)));
  EXPECT_THAT(upcoming_slugs(Product::UpDown4h, btc, at("2026-12-01T05:00:00Z"), at("2026-12-01T09:00:00Z")),
              ElementsAre("btc-updown-4h-" + std::to_string(unix_ns(at("2026-12-01T05:00:00Z")) / 1'000'000'000)));
}

TEST(PolymarketFamilies, HourlySlugsAreEasternHoursWithTheYear) {
  const Coin& btc = *find_coin(Asset::BTC);
  EXPECT_THAT(upcoming_slugs(Product::UpDownHourly, btc, at("2026-10-06T04:10:00Z"), at("2026-10-06T05:30:00Z")),
              ElementsAre("bitcoin-up-or-down-october-6-2026-12am-et", "bitcoin-up-or-down-october-6-2026-1am-et"));
  // 05:00 and 06:00 UTC both show 1 AM in the night of 1 November.
  EXPECT_THAT(upcoming_slugs(Product::UpDownHourly, btc, at("2026-11-01T05:00:00Z"), at("2026-11-01T08:00:00Z")),
              ElementsAre("bitcoin-up-or-down-november-1-2026-1am-et", "bitcoin-up-or-down-november-1-2026-2am-et"));
}

TEST(PolymarketFamilies, DailySlugsCoverEveryDayAcrossTheChangeOfTheClock) {
  const Coin& btc = *find_coin(Asset::BTC);
  EXPECT_THAT(
      upcoming_slugs(Product::AboveDaily, btc, at("2026-03-08T04:30:00Z"), at("2026-03-09T05:00:00Z")),
      ElementsAre("bitcoin-above-on-march-7-2026", "bitcoin-above-on-march-8-2026", "bitcoin-above-on-march-9-2026"));
}

}  // namespace
}  // namespace arbees::polymarket

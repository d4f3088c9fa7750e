// Every REST document of the recorded captures against the terms that a person has read out of it.
//
// tests/golden/discovery/NAME.txt holds the expected terms, never the data; ARBEES_UPDATE_GOLDEN=1 rewrites them.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "adapters/venue/kalshi/catalog.h"
#include "adapters/venue/polymarket/catalog.h"
#include "tests/recorded/recorded_data.h"
#include "tests/support/project_file.h"

namespace arbees {
namespace {

struct Capture {
  Venue venue;
  std::string_view path;  // below the data folder
  std::string_view name;  // of the expected text
};

constexpr std::array<Capture, 14> kCaptures = {{
    {Venue::Kalshi, "wire/kalshi/recorded/rest_market_objects_kxbtc26jul1002.json", "kalshi_kxbtc26jul1002"},
    {Venue::Kalshi, "wire/kalshi/recorded/rest_market_objects_kxeth26jul1002.json", "kalshi_kxeth26jul1002"},
    {Venue::Kalshi, "wire/kalshi/recorded/golden_series_single.json", "kalshi_series_single"},
    {Venue::Kalshi, "wire/kalshi/recorded/golden_event_single.json", "kalshi_event_single"},
    {Venue::Kalshi, "wire/kalshi/recorded/golden_events_list.json", "kalshi_events_list"},
    {Venue::Kalshi, "wire/kalshi/recorded/golden_market_single.json", "kalshi_market_single"},
    {Venue::Kalshi, "wire/kalshi/recorded/golden_markets_list.json", "kalshi_markets_list"},
    {Venue::Polymarket, "wire/polymarket/recorded/gamma_event_crypto_updown.json", "gamma_event_crypto_updown"},
    {Venue::Polymarket, "wire/polymarket/recorded/gamma_market_btc5m_resolved_2026-07-24.json",
     "gamma_market_btc5m_resolved"},
    {Venue::Polymarket, "wire/polymarket/recorded/gamma_markets.json", "gamma_markets"},
    {Venue::Polymarket, "wire/polymarket/adapter-fixtures/nautilus_gamma_event.json", "fixture_gamma_event"},
    {Venue::Polymarket, "wire/polymarket/adapter-fixtures/nautilus_gamma_market.json", "fixture_gamma_market"},
    {Venue::Polymarket, "wire/polymarket/adapter-fixtures/nautilus_gamma_market_closed_binary_accepting_false.json",
     "fixture_gamma_market_closed"},
    {Venue::Polymarket, "wire/polymarket/adapter-fixtures/nautilus_search_response.json", "fixture_search_response"},
}};

CatalogPage read_capture(const Capture& capture) {
  const std::string text = read_whole(recorded_path(capture.path));
  if (capture.venue == Venue::Polymarket) return polymarket::Catalog().add(text);
  return kalshi::Catalog().add(text);
}

std::string text_of(const CatalogPage& page) {
  std::string text = std::to_string(page.rows) + " rows, next cursor '" + page.next_cursor + "'\n";
  for (const Anomaly& anomaly : page.anomalies) text += "anomaly " + anomaly.symbol + ": " + anomaly.detail + "\n";
  for (const CatalogEntry& entry : page.entries) text += entry_text(entry);
  return text;
}

std::string expected_path(std::string_view name) {
  return testing_support::project_file("tests/golden/discovery/") + std::string(name) + ".txt";
}

TEST(DiscoveryRecorded, EveryCaptureHasTheTermsThatWereReadOutOfIt) {
  for (const Capture& capture : kCaptures) {
    const std::string actual = text_of(read_capture(capture));
    const std::string path = expected_path(capture.name);
    if (std::getenv("ARBEES_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << actual;
    std::ifstream in(path);
    std::ostringstream expected;
    expected << in.rdbuf();
    EXPECT_EQ(expected.str(), actual) << capture.path;
  }
}

TEST(DiscoveryRecorded, EveryCryptoMarketIsUnderstood) {
  std::size_t crypto = 0;
  std::size_t others = 0;
  for (const Capture& capture : kCaptures) {
    for (const CatalogEntry& entry : read_capture(capture).entries) {
      if (entry.family.empty()) {
        ++others;
        EXPECT_FALSE(entry.is_tradable()) << entry.symbol;
        continue;
      }
      ++crypto;
      // All that is missing from a recorded answer is what other requests bring: fees, version, start value.
      EXPECT_NE(entry.terms.payoff, Payoff::Unknown) << entry.symbol;
      EXPECT_NE(entry.terms.source, SettlementSource::Unknown) << entry.symbol;
      EXPECT_NE(entry.terms.closes_at, kNoTime) << entry.symbol;
      EXPECT_TRUE(entry.terms.grid.is_known()) << entry.symbol;
    }
  }
  EXPECT_EQ(crypto, 27U);
  EXPECT_GT(others, 0U);
}

// With the series beside it, the recorded hourly ladder is tradable as it stands.
TEST(DiscoveryRecorded, TheRecordedLaddersAreTradableOnceTheirSeriesIsKnown) {
  kalshi::Catalog catalog;
  const CatalogPage series = catalog.add(
      R"({"series":[{"ticker":"KXBTC","fee_type":"quadratic","fee_multiplier":1},{"ticker":"KXETH","fee_type":"quadratic","fee_multiplier":1}]})");
  EXPECT_TRUE(series.anomalies.empty());
  std::size_t tradable = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    for (const CatalogEntry& entry : catalog.add(read_whole(recorded_path(kCaptures[i].path))).entries) {
      EXPECT_TRUE(entry.is_tradable()) << entry.symbol << ": " << entry.refusal_text();
      if (entry.is_tradable()) ++tradable;
    }
  }
  EXPECT_EQ(tradable, 19U);
}

}  // namespace
}  // namespace arbees

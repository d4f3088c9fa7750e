#include "adapters/venue/kalshi/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/venue/kalshi/families.h"
#include "adapters/venue/kalshi/terms.h"

namespace arbees::kalshi {
namespace {

using testing::HasSubstr;

constexpr const char* kSeries =
    R"({"series":[{"ticker":"KXBTC15M","fee_type":"quadratic","fee_multiplier":1},
    {"ticker":"KXBTCD","fee_type":"quadratic","fee_multiplier":1},{"ticker":"KXBTC","fee_type":"quadratic","fee_multiplier":0.5},
    {"ticker":"KXETHD","fee_type":"quadratic_with_maker_fees","fee_multiplier":1}]})";
constexpr const char* kCents = R"([{"start":"0.0000","end":"1.0000","step":"0.0100"}])";
constexpr const char* kTapered =
    R"([{"start":"0.0000","end":"0.1000","step":"0.0010"},{"start":"0.1000","end":"0.9000","step":"0.0100"},{"start":"0.9000","end":"1.0000","step":"0.0010"}])";

// A market of our own making, in the form of the venue's.
struct MarketText {
  std::string ticker = "KXBTC15M-26AUG170130-30";
  std::string event = "KXBTC15M-26AUG170130";
  std::string open = "2026-08-17T05:15:00Z";
  std::string close = "2026-08-17T05:30:00Z";
  std::string status = "active";
  std::string strikes = R"("strike_type":"greater_or_equal","floor_strike":63485.16)";
  std::string rules =
      "If the simple average of the sixty seconds of CF Benchmarks' BRTI before 1:30 AM EDT on Aug 17, 2026 is at "
      "least the simple average of the sixty seconds of CF Benchmarks' BRTI before 1:15 AM EDT on August 17, 2026, "
      "then the market resolves to Yes.";
  std::string ranges = kTapered;
  std::string extra;

  [[nodiscard]] std::string json() const {
    return R"({"ticker":")" + ticker + R"(","event_ticker":")" + event + R"(","market_type":"binary","status":")" +
           status + R"(","open_time":")" + open + R"(","close_time":")" + close + "\"," + strikes +
           R"(,"rules_primary":")" + rules +
           R"(","rules_secondary":"The official value is the average, rounded to the nearest 2 decimal places.")" +
           R"(,"price_ranges":)" + ranges + extra + "}";
  }
};

MarketText ladder(const std::string& series, const std::string& suffix, const std::string& strikes,
                  const std::string& what) {
  MarketText market;
  market.ticker = series + "-26JUL1002" + suffix;
  market.event = series + "-26JUL1002";
  market.open = "2026-07-10T05:00:00Z";
  market.close = "2026-07-10T06:00:00Z";
  market.strikes = strikes;
  market.rules =
      "If the simple average of the sixty seconds of CF Benchmarks' Bitcoin Real-Time Index (BRTI) before 2 AM EDT "
      "is " +
      what + " at 2 AM EDT on Jul 10, 2026, then the market resolves to Yes.";
  market.ranges = kCents;
  return market;
}

MarketText above() {
  return ladder("KXBTCD", "-T72749.99", R"("strike_type":"greater","floor_strike":72749.99)", "above 72749.99");
}

CatalogEntry read(const MarketText& market) {
  Catalog catalog;
  EXPECT_TRUE(catalog.add(kSeries).anomalies.empty());
  const CatalogPage page = catalog.add(R"({"markets":[)" + market.json() + R"(],"cursor":""})");
  EXPECT_EQ(page.entries.size(), 1U);
  return page.entries.empty() ? CatalogEntry{} : page.entries.front();
}

TEST(KalshiCatalog, FifteenMinutesPayOnAtLeastTheStart) {
  const CatalogEntry entry = read(MarketText{});
  EXPECT_TRUE(entry.is_tradable()) << entry.refusal_text();
  EXPECT_EQ(entry.terms.payoff, Payoff::UpDown);
  EXPECT_EQ(entry.terms.comparator, Comparator::GreaterOrEqual);
  EXPECT_EQ(entry.terms.lower, *Strike::parse("63485.16"));
  EXPECT_EQ(entry.terms.asset, Asset::BTC);
  EXPECT_EQ(entry.terms.rounding_decimals, 2);
  EXPECT_EQ(entry.terms.opens_at, *parse_iso8601("2026-08-17T05:15:00Z"));
  EXPECT_EQ(entry.terms.grid, PriceGrid::tapered_deci_cent());
  EXPECT_EQ(entry.terms.fees.taker_rate, 70'000U);
  EXPECT_EQ(entry.terms.fees.maker_rate, 0U);
  EXPECT_EQ(entry.phase, ContractPhase::Active);
}

TEST(KalshiCatalog, StartValueKnownOnlyAfterTheOpen) {
  MarketText market;
  market.strikes = R"("strike_type":"greater_or_equal")";
  market.status = "initialized";
  const CatalogEntry entry = read(market);
  EXPECT_EQ(entry.terms.not_tradable, NotTradable::UnknownStrike);
  EXPECT_EQ(entry.terms.has_lower, 0);
  EXPECT_EQ(entry.phase, ContractPhase::Initialized);
}

// A strike that arrives later must not make a contract tradable that is refused for something else.
TEST(KalshiCatalog, AMissingStartValueHidesNoOtherRefusal) {
  MarketText market;
  market.strikes = R"("strike_type":"greater_or_equal")";
  market.rules = "If it rains, then the market resolves to Yes.";
  EXPECT_EQ(read(market).terms.not_tradable, NotTradable::TermsRefused);
}

TEST(KalshiCatalog, NinetyNineCentStrikesAreStrictlyAbove) {
  const CatalogEntry entry = read(above());
  EXPECT_TRUE(entry.is_tradable()) << entry.refusal_text();
  EXPECT_EQ(entry.terms.comparator, Comparator::Greater);
  EXPECT_EQ(entry.terms.lower, *Strike::parse("72749.99"));
  EXPECT_EQ(entry.terms.closes_at, *parse_iso8601("2026-07-10T06:00:00Z"));
}

TEST(KalshiCatalog, BetweenIncludesBothEndsAndLessIsATail) {
  const CatalogEntry band =
      read(ladder("KXBTC", "-B53250", R"("strike_type":"between","floor_strike":53200,"cap_strike":53299.99)",
                  "between 53200-53299.99"));
  EXPECT_TRUE(band.is_tradable()) << band.refusal_text();
  EXPECT_EQ(band.terms.payoff, Payoff::Range);
  EXPECT_EQ(band.terms.includes_upper, 1);
  EXPECT_EQ(band.terms.upper, *Strike::parse("53299.99"));
  EXPECT_EQ(band.terms.fees.multiplier, 5'000U);
  const CatalogEntry tail =
      read(ladder("KXBTC", "-T53200", R"("strike_type":"less","cap_strike":53200)", "below 53200"));
  EXPECT_TRUE(tail.is_tradable()) << tail.refusal_text();
  EXPECT_EQ(tail.terms.comparator, Comparator::Less);
}

// Found by the whole series: the predecessor took every "KXBTC…" for one thing.
TEST(KalshiCatalog, SeriesAreToldApartAndTheirAssetIsKnown) {
  EXPECT_EQ(asset_of_series(series_of("KXBTCD-26OCT0812-T81999.99")), Asset::BTC);
  EXPECT_EQ(asset_of_series(series_of("KXBTCMINY-26")), Asset::BTC);
  EXPECT_EQ(asset_of_series(series_of("KXBTC15M-26SEP071415-15")), Asset::BTC);
  EXPECT_EQ(asset_of_series("KXSOLE"), Asset::SOL);
  EXPECT_EQ(asset_of_series("KXCONGRESS"), std::nullopt);
  EXPECT_EQ(find_family("KXBTCMINY"), nullptr);
  EXPECT_EQ(find_family("KXSOL"), nullptr);
  EXPECT_EQ(find_family("KXBTC")->product, Product::Range);
  EXPECT_EQ(find_family("KXBTCD")->product, Product::Above);
}

TEST(KalshiCatalog, AnUnknownSeriesIsListedButNotTradable) {
  MarketText market;
  market.ticker = "KXBTCMINY-26DEC31-T50000";
  market.event = "KXBTCMINY-26DEC31";
  const CatalogEntry entry = read(market);
  EXPECT_EQ(entry.terms.not_tradable, NotTradable::UnknownPayoff);
  EXPECT_THAT(entry.refusal_text(), HasSubstr("KXBTCMINY"));
  EXPECT_EQ(entry.terms.asset, Asset::BTC);
}

TEST(KalshiCatalog, TickerTimeIsEasternAndMustBeTheClose) {
  EXPECT_EQ(ticker_time("KXBTC-26JUL1002"), (CivilTime{2026, 7, 10, 2, 0}));
  EXPECT_EQ(ticker_time("KXBTC15M-26AUG170130"), (CivilTime{2026, 8, 17, 1, 30}));
  EXPECT_EQ(ticker_time("KXBTC-26JUL1099"), std::nullopt);
  EXPECT_EQ(ticker_time("KXBTC"), std::nullopt);
  MarketText market = above();
  market.close = "2026-07-10T02:00:00Z";  // the ticker's time read as UTC
  const CatalogEntry entry = read(market);
  EXPECT_EQ(entry.terms.not_tradable, NotTradable::UnknownSettlement);
}

TEST(KalshiCatalog, TheRepeatedAutumnHourIsTwoMarkets) {
  for (const auto& [close, zone] : {std::pair{"2026-11-01T05:30:00Z", "EDT"}, {"2026-11-01T06:30:00Z", "EST"}}) {
    MarketText market;
    market.ticker = "KXBTC15M-26NOV010130-30";
    market.event = "KXBTC15M-26NOV010130";
    market.close = close;
    market.rules = "If the simple average of the sixty seconds of CF Benchmarks' BRTI before 1:30 AM " +
                   std::string(zone) +
                   " on Nov 1, 2026 is at least the simple average of the sixty seconds of CF Benchmarks' BRTI before "
                   "1:15 AM " +
                   zone + " on November 1, 2026, then the market resolves to Yes.";
    EXPECT_TRUE(read(market).is_tradable()) << close << ": " << read(market).refusal_text();
    market.close = std::string(close) == "2026-11-01T05:30:00Z" ? "2026-11-01T06:30:00Z" : "2026-11-01T05:30:00Z";
    EXPECT_FALSE(read(market).is_tradable()) << zone << " and " << market.close;
  }
}

TEST(KalshiCatalog, RefusesFieldsThatDisagree) {
  MarketText market = above();
  market.strikes = R"("strike_type":"greater","floor_strike":72999.99)";
  EXPECT_EQ(read(market).terms.not_tradable, NotTradable::UnknownStrike);
  market = above();
  market.ticker = "KXBTCD-26JUL1002-T72999.99";
  EXPECT_THAT(read(market).refusal_text(), HasSubstr("ticker's strike"));
  market = above();
  market.strikes = R"("strike_type":"less","cap_strike":72749.99)";
  EXPECT_EQ(read(market).terms.not_tradable, NotTradable::TermsRefused);
  market = above();
  market.rules.replace(market.rules.find("(BRTI)"), 6, "(ERTI)");
  EXPECT_EQ(read(market).terms.not_tradable, NotTradable::UnknownSettlement);
  market = MarketText{};
  market.rules.replace(market.rules.find("at least"), 8, "above");
  EXPECT_EQ(read(market).terms.not_tradable, NotTradable::TermsRefused);
  market = MarketText{};
  market.extra = R"(,"custom_strike":{"round_digits":"4"})";
  EXPECT_THAT(read(market).refusal_text(), HasSubstr("rounding"));
  market = MarketText{};
  market.extra = R"(,"settlement_bounds_type":"floor")";
  EXPECT_THAT(read(market).refusal_text(), HasSubstr("bounds"));
  market = MarketText{};
  market.ranges = R"([{"start":"0.0000","end":"0.5000","step":"0.0100"}])";
  EXPECT_EQ(read(market).terms.not_tradable, NotTradable::UnknownTick);
}

TEST(KalshiCatalog, FeesComeFromTheEventBeforeTheSeries) {
  Catalog catalog;
  CatalogPage page = catalog.add(R"({"markets":[)" + above().json() + "]}");
  ASSERT_EQ(page.entries.size(), 1U);
  EXPECT_EQ(page.entries[0].terms.not_tradable, NotTradable::UnknownFee);
  EXPECT_TRUE(catalog.add(kSeries).anomalies.empty());
  catalog.conclude(page.entries[0]);
  EXPECT_TRUE(page.entries[0].is_tradable()) << page.entries[0].refusal_text();
  EXPECT_TRUE(catalog.add(R"({"event":{"event_ticker":"KXBTCD-26JUL1002","fee_multiplier_override":2.5},"markets":[]})")
                  .anomalies.empty());
  catalog.conclude(page.entries[0]);
  EXPECT_EQ(page.entries[0].terms.fees.multiplier, 25'000U);
  EXPECT_TRUE(
      catalog.add(R"({"event":{"event_ticker":"KXBTCD-26JUL1002","fee_type_override":"flat"}})").anomalies.empty());
  catalog.conclude(page.entries[0]);
  EXPECT_EQ(page.entries[0].terms.not_tradable, NotTradable::UnknownFee);
}

TEST(KalshiCatalog, ResultsPayOut) {
  MarketText market = above();
  market.status = "finalized";
  market.extra = R"(,"result":"yes","expiration_value":"79,604.96")";
  CatalogEntry entry = read(market);
  EXPECT_EQ(entry.phase, ContractPhase::Settled);
  EXPECT_EQ(entry.payout, kPriceOne);
  EXPECT_EQ(entry.settled_value, SpotPrice::parse("79604.96"));
  market.extra = R"(,"result":"no","expiration_value":"No")";
  entry = read(market);
  EXPECT_EQ(entry.payout, kPriceZero);
  EXPECT_EQ(entry.settled_value, std::nullopt);
  market.extra = R"(,"result":"scalar","settlement_value_dollars":"0.5000")";
  EXPECT_EQ(read(market).payout, Price::parse("0.5"));
}

TEST(KalshiCatalog, BadDocumentsAndRowsAreAnomalies) {
  Catalog catalog;
  EXPECT_EQ(catalog.add("{").anomalies.size(), 1U);
  EXPECT_EQ(catalog.add("[]").anomalies.size(), 1U);
  EXPECT_EQ(catalog.add(R"({"error":{"code":"not_found"}})").anomalies.size(), 1U);
  const CatalogPage page =
      catalog.add(R"({"markets":[{"title":"no ticker"},7,)" + above().json() + R"(],"cursor":"abc"})");
  EXPECT_EQ(page.entries.size(), 1U);
  EXPECT_EQ(page.anomalies.size(), 2U);
  EXPECT_EQ(page.next_cursor, "abc");
}

}  // namespace
}  // namespace arbees::kalshi

// The recorded title matches of `crossvenue-quotes` as a negative test: questions that read alike and are not one bet.

#include <fmt/format.h>

#include <map>
#include <set>

#include "adapters/telemetry/format.h"
#include "adapters/venue/eastern_time.h"
#include "adapters/venue/kalshi/catalog.h"
#include "adapters/venue/kalshi/terms.h"
#include "adapters/venue/polymarket/catalog.h"
#include "core/arbitrage/contract_match.h"
#include "tests/recorded/recorded_data.h"

namespace arbees {
namespace {

constexpr const char* kPairs = "crossvenue-quotes/poly_kalshi_pairs_2026-07-01.csv.zst";

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      cells.emplace_back();
    } else {
      cells.back().push_back(c);
    }
  }
  return cells;
}

// The market as Gamma would describe it: "Will the price of Bitcoin be above $58,000 on July 1?".
ContractTerms polymarket_terms(const std::string& asset, const std::string& question) {
  const std::string day = question.substr(question.rfind(' ') + 1, question.size() - question.rfind(' ') - 2);
  const std::string name = asset == "BTC" ? "bitcoin" : "ethereum";
  const std::string document = fmt::format(
      R"({{"slug":"{0}-above-on-july-{1}-2026","negRiskAugmented":false,"markets":[{{"question":"{2}","conditionId":"0x{3:064}",)"
      R"("version":"v1","outcomes":"[\"Yes\", \"No\"]","clobTokenIds":"[\"1\", \"2\"]","endDate":"2026-07-{1:0>2}T16:00:00Z",)"
      R"("orderPriceMinTickSize":0.01,"orderMinSize":5,"negRisk":false,"feesEnabled":false,"active":true,"acceptingOrders":true,)"
      R"("description":"This market will resolve to \"Yes\" if the Binance 1 minute candle for {4}/USDT 12:00 in the ET timezone (noon) on the date specified in the title has a final \"Close\" price higher than the price specified in the title. Otherwise, this market will resolve to \"No\".\n\nThe resolution source for this market is Binance, specifically the {4}/USDT \"Close\" prices currently available at https://www.binance.com/en/trade/{4}_USDT with \"1m\" and \"Candles\" selected on the top bar."}}]}})",
      name, day, question, 1, asset);
  const CatalogPage page = polymarket::Catalog().add(document);
  EXPECT_EQ(page.entries.size(), 2U);
  EXPECT_TRUE(page.entries.at(0).is_tradable()) << question << ": " << page.entries.at(0).refusal_text();
  return page.entries.at(0).terms;
}

// The market as Kalshi would describe it: KXBTCD-26JUL0112-T57999.99.
ContractTerms kalshi_terms(const std::string& ticker) {
  const std::string event = ticker.substr(0, ticker.rfind('-'));
  const std::string strike = ticker.substr(ticker.rfind("-T") + 2);
  const CivilTime time = kalshi::ticker_time(event).value_or(CivilTime{});
  const Timestamp close = from_eastern(time).at[0];
  const std::string clock =
      fmt::format("{} {} EDT", time.hour % 12 == 0 ? 12 : time.hour % 12, time.hour < 12 ? "AM" : "PM");
  const std::string index =
      ticker.starts_with("KXBTC") ? "Bitcoin Real-Time Index (BRTI)" : "Ethereum Real-Time Index (ERTI)";
  const std::string document = fmt::format(
      R"({{"markets":[{{"ticker":"{0}","event_ticker":"{1}","market_type":"binary","status":"active","strike_type":"greater",)"
      R"("floor_strike":{2},"open_time":"2026-06-30T00:00:00Z","close_time":"{3}",)"
      R"("price_ranges":[{{"start":"0.0000","end":"1.0000","step":"0.0100"}}],)"
      R"("rules_primary":"If the simple average of the sixty seconds of CF Benchmarks' {4} before {5} is above {2} at {5} on Jul {6}, 2026, then the market resolves to Yes."}}]}})",
      ticker, event, strike, to_iso_ms(close), index, clock, time.day);
  kalshi::Catalog catalog;
  EXPECT_TRUE(
      catalog
          .add(
              R"({"series":[{"ticker":"KXBTCD","fee_type":"quadratic","fee_multiplier":1},{"ticker":"KXETHD","fee_type":"quadratic","fee_multiplier":1}]})")
          .anomalies.empty());
  const CatalogPage page = catalog.add(document);
  EXPECT_EQ(page.entries.size(), 1U);
  EXPECT_TRUE(page.entries.at(0).is_tradable()) << ticker << ": " << page.entries.at(0).refusal_text();
  return page.entries.at(0).terms;
}

TEST(MatchingRecorded, NoTitleMatchIsAPair) {
  std::map<std::string, ContractTerms> questions;
  std::map<std::string, ContractTerms> tickers;
  std::set<std::pair<std::string, std::string>> seen;
  std::map<MismatchReason, int> reasons;
  for_each_line(recorded_path(kPairs), [&](std::string_view line) {
    const auto cells = cells_of(line);
    if (cells.size() < 10 || cells[1] == "asset" || !seen.emplace(cells[3], cells[9]).second) return;
    if (questions.find(cells[3]) == questions.end()) questions[cells[3]] = polymarket_terms(cells[1], cells[3]);
    if (tickers.find(cells[9]) == tickers.end()) tickers[cells[9]] = kalshi_terms(cells[9]);
    const ContractMatch match = match_contracts(tickers[cells[9]], questions[cells[3]]);
    EXPECT_EQ(match.match, MatchClass::NoPair) << cells[3] << " and " << cells[9];
    ++reasons[match.reason];
  });
  EXPECT_EQ(seen.size(), 745U);
  EXPECT_EQ(reasons[MismatchReason::OtherInstant], 745);
  EXPECT_EQ(reasons[MismatchReason::UnknownTerms], 0);
}

// Were the instants the same, only equal strikes would pair: the twelve o'clock ladder beside the noon candle.
TEST(MatchingRecorded, WithTheInstantForgottenOnlyEqualStrikesPair) {
  std::set<std::pair<std::string, std::string>> seen;
  int pairs = 0;
  for_each_line(recorded_path(kPairs), [&](std::string_view line) {
    const auto cells = cells_of(line);
    if (cells.size() < 10 || cells[1] == "asset" || !seen.emplace(cells[3], cells[9]).second) return;
    ContractTerms noon = polymarket_terms(cells[1], cells[3]);
    const ContractTerms ladder = kalshi_terms(cells[9]);
    noon.closes_at = ladder.closes_at;
    const ContractMatch match = match_contracts(ladder, noon);
    const bool is_equal_strike = noon.lower.units() - ladder.lower.units() == Strike::parse("0.01")->units();
    EXPECT_EQ(match.match == MatchClass::IndexBasis, is_equal_strike) << cells[3] << " and " << cells[9];
    if (is_equal_strike) ++pairs;
  });
  EXPECT_GT(pairs, 0);
}

}  // namespace
}  // namespace arbees

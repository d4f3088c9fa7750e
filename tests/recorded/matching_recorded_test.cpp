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
#include "core/engine/trading_engine.h"
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
ContractTerms polymarket_terms(const std::string& asset, const std::string& question, std::size_t token = 0) {
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
  return page.entries.at(token).terms;
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

// An engine that is told one pair after the other, each at the prices that were claimed to be a profit.
class PairEngine {
 public:
  explicit PairEngine(const RiskLimits& limits) : engine_(Capacity{}, limits) {}

  void say(const EventBody& body, Timestamp at) {
    Event event;
    event.received_at = std::max(at, latest_);
    latest_ = event.received_at;
    event.sequence = ++sequence_;
    event.body = body;
    outputs_.clear();
    engine_.on_event(event, outputs_);
    for (const Report& report : outputs_.reports) {
      if (std::holds_alternative<OpportunityJudged>(report.body)) ++judged;
    }
  }
  void list(InstrumentId id, const ContractTerms& terms, Timestamp at) {
    InstrumentNamed named;
    named.id = id;
    named.venue = terms.venue;
    say(named, at);
    say(ContractListed{id, terms}, at);
    ContractPhaseChanged active;
    active.id = id;
    active.phase = ContractPhase::Active;
    say(active, at);
  }
  // One level a side: the price is offered, one cent less is bid.
  void quote(InstrumentId id, Price ask, Timestamp at) {
    BookUpdate update;
    update.id = id;
    update.action = BookAction::Clear;
    update.flags = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
    say(update, at);
    update.action = BookAction::Set;
    update.quantity = Quantity::whole(1000);
    update.flags = BookUpdate::kSnapshot;
    update.price = ask - Price::from_units(100);
    if (is_contract_price(update.price)) say(update, at);
    update.side = BookSide::Ask;
    update.price = ask;
    update.flags |= BookUpdate::kLast;
    say(update, at);
  }
  void end(InstrumentId id, Timestamp at) {
    ContractSettled settled;
    settled.id = id;
    say(settled, at);
  }
  [[nodiscard]] std::size_t groups() const { return engine_.arbitrage().group_count(); }

  int judged = 0;

 private:
  TradingEngine engine_;
  Outputs outputs_;
  Timestamp latest_ = kNoTime;
  std::uint64_t sequence_ = 0;
};

// Whole cents, as the venues quoted; 0.31 and 0.735 of the recording become 31 and 74.
Price cents(const std::string& text) {
  const auto exact = Price::parse(text);
  const std::int64_t units = exact ? (exact->units() + 99) / 100 * 100 : 0;
  return Price::from_units(std::clamp<std::int64_t>(units, 100, 9'900));
}

TEST(MatchingRecorded, TheEngineFindsNoProfitInTitleMatches) {
  RiskLimits limits;
  limits.min_edge_millionths = 0;
  limits.min_liquidity = Money{};
  PairEngine engine(limits);
  std::map<std::string, std::array<ContractTerms, 3>> known;
  int claimed = 0;
  std::uint64_t id = 0;
  for (const Asset asset : {Asset::BTC, Asset::ETH}) {
    // Even if the two sources were one and the same value: the instants are not.
    BasisBoundSet same;
    same.first = SettlementSource::CfBenchmarksMean60;
    same.second = SettlementSource::BinanceCandle1m;
    same.asset = asset;
    same.has_strict = 1;
    engine.say(same, kNoTime);
  }
  for_each_line(recorded_path(kPairs), [&](std::string_view line) {
    const auto cells = cells_of(line);
    if (cells.size() < 15 || cells[1] == "asset") return;
    const auto at = parse_iso8601(cells[0]);
    ASSERT_TRUE(at);
    auto& terms = known[cells[3] + cells[9]];
    if (terms[0].venue == Venue::Unknown) {
      terms = {kalshi_terms(cells[9]), polymarket_terms(cells[1], cells[3]), polymarket_terms(cells[1], cells[3], 1)};
    }
    if (cells[14] == "True") ++claimed;
    const Price yes = cents(cells[6]);
    const Price asks[] = {cents(cells[11]), yes, complement(yes)};
    const std::uint64_t first = id;
    id += 3;
    terms[1].complement = InstrumentId{first + 3};
    terms[2].complement = InstrumentId{first + 2};
    for (std::uint64_t i = 0; i < 3; ++i) engine.list(InstrumentId{first + i + 1}, terms[i], *at);
    EXPECT_EQ(engine.groups(), 2U) << "each is open and in a graph";
    for (std::uint64_t i = 0; i < 3; ++i) engine.quote(InstrumentId{first + i + 1}, asks[i], *at);
    for (std::uint64_t i = 0; i < 3; ++i) engine.end(InstrumentId{first + i + 1}, *at);
    EXPECT_EQ(engine.judged, 0) << line;
  });
  EXPECT_GT(claimed, 100);
}

}  // namespace
}  // namespace arbees

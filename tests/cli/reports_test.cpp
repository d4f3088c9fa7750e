// backtest, simulate and the commands over a ledger, as scripts meet them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "adapters/store/journal_writer.h"
#include "adapters/store/ledger.h"
#include "adapters/store/ledger_test_reports.h"
#include "core/simulation/market_generator.h"
#include "tests/cli/program.h"

namespace arbees::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr int kDone = 0;
constexpr int kUsage = 2;
constexpr int kNotFound = 6;

rapidjson::Document document_of(const Result& result) {
  rapidjson::Document document;
  document.Parse(result.out.data(), result.out.size());
  EXPECT_FALSE(document.HasParseError()) << result.out.substr(0, 300) << result.error;
  return document;
}

// A journal of a generated market, and the ledger of a backtest-like replay of it.
class Reports : public testing::Test {
 protected:
  Reports() : journal_(folder_.file("market.journal")), ledger_(folder_.file("ledger.sqlite")) {
    GeneratorSettings settings;
    settings.seed = 3;
    MarketGenerator market(settings);
    auto writer = JournalWriter::create(journal_, JournalHeader{});
    EXPECT_TRUE(writer.has_value());
    for (Event event; market.poll(event);) {
      event.sequence = ++sequence_;
      EXPECT_TRUE((*writer)->append(event));
    }
  }

  void trade() {
    const Result traded = run({"replay", journal_, "--db", ledger_, "--json"});
    EXPECT_EQ(traded.exit_code, kDone) << traded.error;
  }

  test::TemporaryFolder folder_;
  std::string journal_;
  std::string ledger_;
  std::uint64_t sequence_ = 0;
};

TEST_F(Reports, OrdersAreShownByVenue) {
  {
    auto ledger = Ledger::open(ledger_, Ledger::Durability::Normal);
    ASSERT_TRUE(ledger);
    ASSERT_TRUE((*ledger)->begin_session(5, "paper", arbees::test::kStart));
    arbees::test::ReportMaker report;
    OrderRequest last;
    for (const Venue venue : {Venue::Kalshi, Venue::Polymarket, Venue::Polymarket}) {
      OrderRequest order = arbees::test::buy(++sequence_, "0.50", "10");
      order.venue = venue;
      ASSERT_TRUE((*ledger)->record(report(OrderSubmitted{order})));
      last = order;
    }
    ASSERT_TRUE((*ledger)->record(report(OrderEnded{last, {}, OrderState::Canceled})));
    ASSERT_TRUE((*ledger)->commit());
  }
  const auto count = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"orders", "--db", ledger_});
    const Result text = run(options);
    EXPECT_EQ(text.exit_code, kDone) << text.error;
    options.emplace_back("--json");
    const auto orders = document_of(run(options));
    const auto lines = std::count(text.out.begin(), text.out.end(), '\n') - 1;  // one is the head
    EXPECT_EQ(static_cast<std::size_t>(lines), orders["orders"].Size()) << text.out;
    return orders["orders"].Size();
  };
  EXPECT_EQ(count({}), 3U);
  EXPECT_EQ(count({"--open"}), 2U);
  EXPECT_EQ(count({"--venue", "kalshi"}), 1U);
  EXPECT_EQ(count({"--venue", "polymarket"}), 2U);
  EXPECT_EQ(count({"--venue", "polymarket", "--open"}), 1U);
  const Result unknown = run({"orders", "--db", ledger_, "--venue", "binance"});
  EXPECT_EQ(unknown.exit_code, kUsage);
  EXPECT_THAT(unknown.error, HasSubstr("kalshi"));
}

TEST_F(Reports, BacktestHasTheFieldsOfReplayAndAPageThatNeedsNobodyElse) {
  const std::string folder = folder_.file("report");
  const Result result = run({"backtest", journal_, "--profile", "testing", "--json", "--report", folder});
  ASSERT_EQ(result.exit_code, kDone) << result.error;
  const auto document = document_of(result);
  for (const char* field : {"events", "decisions", "digest", "opportunities", "rejected", "requests", "fills",
                            "settled", "fees", "pnl", "latency_us", "kinds"}) {
    EXPECT_TRUE(document.HasMember(field)) << field;
  }
  EXPECT_GT(document["fills"].GetUint64(), 0U);
  EXPECT_STREQ(document["kinds"][document["kinds"].Size() - 1]["kind"].GetString(), "all");
  const std::string page = text_of(folder + "/backtest.html");
  EXPECT_THAT(page, AllOf(HasSubstr("arbees backtest"), HasSubstr("Net profit if taken later"), HasSubstr("<svg"),
                          HasSubstr("limits.min_edge_pct"), HasSubstr("Equity")));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("http://")), Not(HasSubstr("https://")), Not(HasSubstr("<script"))));
}

TEST_F(Reports, BacktestSweepsEveryCombinationAndRepeatsItself) {
  const std::vector<std::string> words = {
      "backtest", "--json", "--sweep", "CRYPTO_MIN_EDGE_PCT=1,50", "paper.kalshi_round_trip=0,600", journal_};
  const Result result = run(words);
  ASSERT_EQ(result.exit_code, kDone) << result.error;
  const auto document = document_of(result);
  ASSERT_EQ(document["results"].Size(), 4U);
  const auto& last = document["results"][3];
  EXPECT_STREQ(last["parameters"]["CRYPTO_MIN_EDGE_PCT"].GetString(), "50");
  EXPECT_STREQ(last["parameters"]["paper.kalshi_round_trip"].GetString(), "600");
  EXPECT_GT(document["results"][0]["requests"].GetUint64(), last["requests"].GetUint64());
  EXPECT_STREQ(document_of(run(words))["results"][0]["digest"].GetString(),
               document["results"][0]["digest"].GetString());
}

TEST_F(Reports, BacktestNamesWhatIsWrong) {
  const Result value = run({"backtest", journal_, "--sweep", "CRYPTO_MIN_EDGE_PCT=1,200"});
  EXPECT_EQ(value.exit_code, kUsage);
  EXPECT_THAT(value.error, AllOf(HasSubstr("CRYPTO_MIN_EDGE_PCT"), HasSubstr("0 to 100 percent")));
  EXPECT_EQ(run({"backtest", journal_, "--sweep", "NO_SUCH=1"}).exit_code, kUsage);
  EXPECT_EQ(run({"backtest", journal_, "--sweep", "CRYPTO_MAX_POSITION_SIZE=100000"}).exit_code, kUsage)
      << "above the exposure of an asset";
  EXPECT_EQ(run({"backtest", folder_.file("none.journal")}).exit_code, kNotFound);
  EXPECT_EQ(run({"backtest"}).exit_code, kUsage);
}

TEST_F(Reports, LedgerCommandsAnswerInBothForms) {
  trade();
  for (const char* command : {"positions", "pnl", "orders", "opportunities", "funnel"}) {
    SCOPED_TRACE(command);
    const Result json = run({command, "--db", ledger_, "--json"});
    EXPECT_EQ(json.exit_code, kDone) << json.error;
    EXPECT_TRUE(document_of(json).IsObject());
    const Result text = run({command, "--db", ledger_});
    EXPECT_EQ(text.exit_code, kDone);
    EXPECT_FALSE(text.out.empty());
    EXPECT_EQ(run({command, "--data", folder_.file("nowhere")}).exit_code, kNotFound);
  }
  const auto profit = document_of(run({"pnl", "--db", ledger_, "--json"}));
  EXPECT_STREQ(profit["parts"]["total"].GetString(), profit["total"].GetString());
  const auto funnel = document_of(run({"funnel", "--db", ledger_, "--json"}));
  EXPECT_GE(funnel["seen"].GetUint64(), funnel["sent"].GetUint64());
  EXPECT_GT(funnel["sent"].GetUint64(), 0U);
  EXPECT_EQ(document_of(run({"orders", "--open", "--db", ledger_, "--json"}))["orders"].Size(), 0U);
  EXPECT_EQ(document_of(run({"opportunities", "--limit", "2", "--db", ledger_, "--json"}))["opportunities"].Size(), 2U);
}

TEST_F(Reports, ExplainFindsOpportunitiesAndRequests) {
  trade();
  const auto listed = document_of(run({"opportunities", "--db", ledger_, "--json"}));
  std::string id;
  std::string request;
  for (const auto& each : listed["opportunities"].GetArray()) {
    if (!each.HasMember("request_id")) continue;
    id = each["opportunity_id"].GetString();
    request = each["request_id"].GetString();
  }
  ASSERT_FALSE(id.empty());
  for (const std::string& asked : {id, request}) {
    const auto document = document_of(run({"explain", asked, "--db", ledger_, "--journal", journal_, "--json"}));
    EXPECT_STREQ(document["opportunity_id"].GetString(), id.c_str());
    EXPECT_STREQ(document["request_id"].GetString(), request.c_str());
    EXPECT_GT(document["legs"].Size(), 1U);
    EXPECT_GT(document["payouts"].Size(), 1U);
  }
  EXPECT_THAT(run({"explain", id, "--db", ledger_, "--journal", journal_}).out, HasSubstr("verdict accepted"));
  EXPECT_EQ(run({"explain", "1", "--db", ledger_}).exit_code, kNotFound);
  EXPECT_EQ(run({"explain", "nonsense", "--db", ledger_}).exit_code, kUsage);
}

TEST_F(Reports, LedgerExportWritesTables) {
  trade();
  const std::string folder = folder_.file("tables");
  EXPECT_EQ(run({"ledger", "export", "--db", ledger_, "--csv", folder}).exit_code, kDone);
  for (const char* table : {"orders", "fills", "settlements"}) {
    EXPECT_THAT(text_of(folder + "/" + table + ".csv"), HasSubstr("venue,symbol,outcome")) << table;
  }
}

TEST(Simulate, RunsSeedsAndRefusesUnknownFaults) {
  const Result result = run({"simulate", "--seeds", "2", "--first-seed", "5", "--json"});
  EXPECT_EQ(result.exit_code, kDone) << result.error;
  const auto document = document_of(result);
  EXPECT_EQ(document["seeds"].GetUint64(), 2U);
  EXPECT_EQ(document["failed"].Size(), 0U);
  EXPECT_GT(document["faults"]["drop"].GetUint64(), 0U);
  EXPECT_EQ(run({"simulate", "--faults", "rain"}).exit_code, kUsage);
  EXPECT_EQ(run({"simulate", "--seeds", "0"}).exit_code, kUsage);
}

}  // namespace
}  // namespace arbees::cli

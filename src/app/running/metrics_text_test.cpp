#include "app/running/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "app/running/session_watch.h"

namespace arbees::app {
namespace {

using testing::HasSubstr;
using testing::Not;

const char* const kDocument =
    R"({"running":true,"pid":7,"mode":"paper","halted":true,"label":"demo","halt_reason":"drill","session":1,)"
    R"("started_at":"2026-11-23T00:00:00.500Z","written_at":"2026-11-23T00:00:10.000Z","data":"/tmp/x","feeds":[)"
    R"({"venue":"kalshi","status":"live","age_ms":250,"polled":false,"frames":10,"connects":2,"disconnects":1,)"
    R"("gaps":3,"resyncs":3,"equality_checks":4,"equality_failures":0,"malformed":5,"drift":{"unknown_messages":6,)"
    R"("unknown_fields":0,"unknown_values":0},"throttled":0,"clock_skew_ms":-20},)"
    R"({"venue":"binance","status":"down","age_ms":-1,"frames":0,"drift":{}}],)"
    R"("contracts":{"listed":9,"tradable":8},"events":100,"decisions":12,"digest":"00ff",)"
    R"("opportunities":{"ladder":4},"rejected":{"edge_too_small":3},"requests":2,"fills":5,"settled":1,)"
    R"("fees":"1.25","pnl":{"purchases":"10","total":"-0.5"},"latency_us":{"p50":4.5},)"
    R"("prices":{"book_update":77},"cash":{"kalshi":"9990.5"},"free_cash":{"kalshi":"9970.08"},)"
    R"("unpaid":{"kalshi":"20.42"},"day_result":"-0.25","max_daily_loss":"500",)"
    R"("exposure":{"total":"9.5","assets":{"BTC":"9.5"},"venues":{"kalshi":"9.5"}},)"
    R"("event_groups":{"count":2,"cheapest_dollar":"1.0123","nearest":[{"group":"0a","asset":"BTC",)"
    R"("settles_at":"2026-11-23T01:00:00.000Z","contracts":4,"arbitrage":false,"cheapest_dollar":"1.0123"},)"
    R"({"group":"0b","asset":"ETH","settles_at":"2026-11-23T01:00:00.000Z","contracts":1,"arbitrage":false,)"
    R"("cheapest_dollar":null}]},"model":{"trades":true,"watched":9,"priced":7,"unavailable":{"stale_spot":2}},)"
    R"("stages":[{"stage":"naked","count":3,"sum_s":1.5,"buckets":[[0.1,1],[1,2]]}],"shards":4})";

TEST(MetricsText, NamesWhatTheStatusTells) {
  const std::string text = metrics_text(kDocument);
  for (const char* line : {"arbees_info{role=\"run\",mode=\"paper\",label=\"demo\"} 1\n",
                           "arbees_halted 1\n",
                           "arbees_start_time_seconds 1795392000.5\n",
                           "# TYPE arbees_events_total counter\narbees_events_total 100\n",
                           "arbees_trades_total 5\n",
                           "arbees_opportunities_total{detector=\"ladder\"} 4\n",
                           "arbees_opportunities_rejected_total{reason=\"edge_too_small\"} 3\n",
                           "arbees_fees_dollars 1.25\n",
                           "arbees_pnl_dollars{part=\"total\"} -0.5\n",
                           "arbees_contracts{state=\"tradable\"} 8\n",
                           "arbees_cash_dollars{venue=\"kalshi\"} 9990.5\n",
                           "arbees_free_cash_dollars{venue=\"kalshi\"} 9970.08\n",
                           "arbees_unpaid_dollars{venue=\"kalshi\"} 20.42\n",
                           "arbees_day_result_dollars -0.25\n",
                           "arbees_max_daily_loss_dollars 500\n",
                           "arbees_prices_processed_total{kind=\"book_update\"} 77\n",
                           "arbees_feed_state{venue=\"kalshi\",state=\"live\"} 1\n",
                           "arbees_feed_state{venue=\"binance\",state=\"live\"} 0\n",
                           "arbees_feed_age_seconds{venue=\"kalshi\"} 0.25\n",
                           "arbees_feed_clock_skew_seconds{venue=\"kalshi\"} -0.02\n",
                           "arbees_feed_errors_total{venue=\"kalshi\"} 5\n",
                           "arbees_feed_drift_total{venue=\"kalshi\",kind=\"unknown_messages\"} 6\n",
                           "arbees_total_exposure_dollars 9.5\n",
                           "arbees_asset_exposure_dollars{asset=\"BTC\"} 9.5\n",
                           "arbees_cheapest_dollar{group=\"0a\",asset=\"BTC\",settles_at=\"2026-11-23T01:00:00.000Z\"} "
                           "1.0123\n",
                           "arbees_event_groups 2\n",
                           "arbees_model_contracts{state=\"priced\"} 7\n",
                           "arbees_model_unavailable{reason=\"stale_spot\"} 2\n",
                           "arbees_stage_seconds_bucket{stage=\"naked\",le=\"1\"} 2\n",
                           "arbees_stage_seconds_bucket{stage=\"naked\",le=\"+Inf\"} 3\n",
                           "arbees_role_value{name=\"shards\"} 4\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("arbees_feed_age_seconds{venue=\"binance\"}")));
  EXPECT_THAT(text, Not(HasSubstr("pid")));
}

// Scrapers refuse a family that comes twice, and samples outside of their family.
TEST(MetricsText, EveryFamilyComesOnceWithItsSamples) {
  std::set<std::string> families;
  std::string family;
  std::istringstream text(metrics_text(kDocument));
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(families.insert(family).second) << family;
    } else if (!line.starts_with("# TYPE ")) {
      EXPECT_TRUE(line.starts_with(family)) << line;
    }
  }
  EXPECT_GT(families.size(), 30U);
}

TEST(MetricsText, ARoleHasItsOwnCounts) {
  const std::string text = metrics_text(
      R"({"running":true,"mode":"paper","role":"kalshi-monitor","halted":false,"feeds":[],"requests":0,"fills":0,)"
      R"("published":42,"markets":3,"publishers":[{"endpoint":"tcp://a:5560","messages":9,"gaps":1}],)"
      R"("database":{"status":"up","rows_written":8,"pending_batches":0}})");
  EXPECT_THAT(text, HasSubstr("arbees_bus_gaps_total{endpoint=\"tcp://a:5560\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("arbees_database_state{state=\"up\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("arbees_database_rows_total 8\n"));
  EXPECT_THAT(text, HasSubstr("arbees_info{role=\"kalshi-monitor\""));
  EXPECT_THAT(text, HasSubstr("arbees_bus_published_total 42\n"));
  EXPECT_THAT(text, HasSubstr("arbees_markets 3\n"));
}

TEST(MetricsText, IsEmptyWithoutADocument) {
  EXPECT_EQ(metrics_text(""), "");
  EXPECT_EQ(metrics_text("{\"running\":tr"), "");
}

Report report(Timestamp at, const ReportBody& body) { return {at, 1, body}; }

// What the observer's calls do with the engine is nothing: any will do.
class SessionWatchTest : public testing::Test {
 protected:
  void tell(const Report& told) {
    Outputs outputs;
    outputs.reports.push_back(told);
    watch_.after(Event{}, outputs, engine_);
  }

  TradingEngine engine_{Capacity{}, RiskLimits{}};
  SessionWatch watch_;
};

TEST_F(SessionWatchTest, MeasuresTheStagesOfARequest) {
  const Timestamp start(std::chrono::seconds(100));
  OrderRequest order;
  order.id = {5};
  order.request = {6};
  tell(report(start, OrderSubmitted{order}));
  tell(report(start + std::chrono::milliseconds(200), OrderFilled{order, 1, {}, {}, {}}));
  tell(report(start + std::chrono::milliseconds(300), OrderFilled{order, 2, {}, {}, {}}));
  tell(report(start + std::chrono::milliseconds(300), OrderEnded{order, {}, OrderState::Filled}));
  RequestEnded ended;
  ended.request = {6};
  ended.naked_time = std::chrono::milliseconds(40);
  ended.outcome = RequestOutcome::Complete;
  tell(report(start + std::chrono::seconds(1), ended));
  tell(report(start + std::chrono::seconds(2), ended));  // told again after a late fill: no second request
  EXPECT_EQ(watch_.stage(Stage::OrderToFill).count(), 0U) << "looked at only when asked to";
  watch_.digest([](Venue, InstrumentId) { return ContractName(); });
  EXPECT_EQ(watch_.stage(Stage::OrderToFill).count(), 1U);
  EXPECT_EQ(watch_.stage(Stage::OrderToFill).max(), 200'000'000);
  EXPECT_EQ(watch_.stage(Stage::RequestToEnd).count(), 1U);
  EXPECT_EQ(watch_.stage(Stage::RequestToEnd).max(), 1'000'000'000);
  EXPECT_EQ(watch_.stage(Stage::Naked).max(), 40'000'000);
  JsonWriter json;
  json.begin_object();
  watch_.write_fields(json, LatencyHistogram());
  const std::string text = json.end_object().take();
  EXPECT_THAT(text, HasSubstr(R"("order_ends":{"filled":1},"request_ends":{"complete":1})"));
  EXPECT_THAT(text, HasSubstr(R"("stage":"request_to_end","count":1,"sum_s":1.0,"buckets":[[0.000001,0])"));
  EXPECT_THAT(metrics_text(text), HasSubstr("arbees_stage_seconds_bucket{stage=\"naked\",le=\"0.05\"} 1\n"));
}

}  // namespace
}  // namespace arbees::app

#include <gmock/gmock.h>

#include <set>

#include "sim/gamma_documents.h"
#include "sim/gamma_query.h"
#include "sim/test_clob_client.h"
#include "sim/test_clob_world.h"

namespace arbees::sim {
namespace {

rapidjson::Document parse(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  EXPECT_FALSE(document.HasParseError()) << text;
  return document;
}

net::ServerRequest request_of(const std::string& path, const std::string& query) {
  net::ServerRequest request;
  request.method = "GET";
  request.path = path;
  request.query = query;
  request.target = path + "?" + query;
  return request;
}

const Market& find(const World& world, Payoff payoff, bool neg_risk) {
  for (std::size_t i = 0; i < world.market_count(); ++i) {
    const Market& market = world.market(static_cast<MarketId>(i));
    if (market.venue == Venue::Polymarket && market.payoff == payoff && market.neg_risk == neg_risk) return market;
  }
  ADD_FAILURE() << "no such market";
  return world.market(0);
}

TEST(GammaDocuments, MarketHasTheVenuesForms) {
  VirtualWorld test(1);
  const Market& market = find(test.world, Payoff::UpDown, false);
  const rapidjson::Document shown = parse(gamma_market(test.world, market, true));
  EXPECT_STREQ(shown["outcomes"].GetString(), R"(["Up", "Down"])");
  const rapidjson::Document ids = parse(shown["clobTokenIds"].GetString());
  EXPECT_STREQ(ids[0].GetString(), market.token_ids[0].c_str());
  EXPECT_EQ(parse(shown["outcomePrices"].GetString()).Size(), 2U);
  EXPECT_STREQ(shown["version"].GetString(), "v1");
  EXPECT_STREQ(shown["resolutionSource"].GetString(), "https://data.chain.link/streams/btc-usd-twap-60s-streams");
  EXPECT_EQ(parse_iso8601(shown["eventStartTime"].GetString()), market.opens_at);
  EXPECT_EQ(parse_iso8601(shown["endDate"].GetString()), market.closes_at);
  EXPECT_DOUBLE_EQ(shown["feeSchedule"]["rate"].GetDouble(), 0.07);
  EXPECT_EQ(shown["cryptoMarketConfig"]["twapLookbackSeconds"].GetInt(), 60);
  EXPECT_STREQ(shown["events"][0]["slug"].GetString(), market.ticker.c_str());
}

TEST(GammaDocuments, NegativeRiskIsOnMarketAndEvent) {
  VirtualWorld test(1);
  const Market& market = find(test.world, Payoff::Range, true);
  const rapidjson::Document shown = parse(gamma_event(test.world, test.world.event(market.event), true));
  EXPECT_TRUE(shown["enableNegRisk"].GetBool());
  EXPECT_GT(shown["markets"].Size(), 3U);
  for (const auto& one : shown["markets"].GetArray()) {
    EXPECT_TRUE(one["negRisk"].GetBool());
    EXPECT_FALSE(one.HasMember("cryptoMarketConfig"));
    EXPECT_TRUE(one.HasMember("groupItemTitle"));
  }
}

TEST(GammaDocuments, StartValueAppearsWithTheWindowAndTheResultAfterIt) {
  VirtualWorld test(2);
  for (int step = 0; step < 14'000; ++step) test.advance(std::chrono::milliseconds(50));
  int running = 0;
  int resolved = 0;
  for (std::size_t i = 0; i < test.world.event_count(); ++i) {
    const Event& event = test.world.event(static_cast<EventId>(i));
    if (event.venue != Venue::Polymarket) continue;
    const Market& market = test.world.market(event.markets.front());
    const rapidjson::Document shown = parse(gamma_event(test.world, event, true));
    if (market.payoff != Payoff::UpDown) continue;
    EXPECT_EQ(shown.HasMember("eventMetadata"), market.has_lower);
    if (market.has_lower) ++running;
    if (!market.has_result) continue;
    ++resolved;
    const auto& metadata = shown["eventMetadata"];
    const bool is_up = metadata["finalPrice"].GetDouble() >= metadata["priceToBeat"].GetDouble();
    EXPECT_STREQ(shown["markets"][0]["outcomePrices"].GetString(), is_up ? R"(["1", "0"])" : R"(["0", "1"])");
    EXPECT_TRUE(shown["closed"].GetBool());
    EXPECT_STREQ(shown["markets"][0]["umaResolutionStatus"].GetString(), "resolved");
  }
  EXPECT_GT(running, 0);
  EXPECT_GT(resolved, 0);
}

TEST(GammaQuery, FiltersByTimeSeriesAndState) {
  VirtualWorld test(3);
  GammaQuery query = read_gamma_query(request_of("/events/keyset", "series_slug=btc-up-or-down-5m&closed=false"));
  const auto events = select_events(test.world, query);
  ASSERT_FALSE(events.empty());
  for (const Event* event : events) EXPECT_EQ(event->series, "btc-up-or-down-5m");
  query.end_min = events.front()->ends_at + std::chrono::seconds(1);
  EXPECT_EQ(select_events(test.world, query).size(), events.size() - 1);
  query = read_gamma_query(request_of("/events/keyset", "closed=true"));
  EXPECT_TRUE(select_events(test.world, query).empty());
  query = read_gamma_query(request_of("/markets/keyset", "limit=5000"));
  EXPECT_EQ(query.limit, 100U);
}

class GammaServerTest : public ClobTest {
 protected:
  void start_gamma() {
    start();
    gamma_ = make_gamma_server({loop_, *world_, *faults_, keys_, kSeed, 137});
    gamma_listening_ = net::HttpServer::listen(loop_, *gamma_, {}).value();
    http_ = std::make_unique<net::HttpClient>(loop_, net::Url{"http", "127.0.0.1", gamma_listening_->port(), "/"});
  }

  std::unique_ptr<net::ServerHandler> gamma_;
  std::unique_ptr<net::HttpServer> gamma_listening_;
};

TEST_F(GammaServerTest, PagesCoverEverythingOnce) {
  start_gamma();
  runs_ = false;
  std::set<std::string> seen;
  std::string cursor;
  for (int page = 0; page < 100; ++page) {
    const ClobAnswer answer = get("/events/keyset?limit=3" + (cursor.empty() ? "" : "&after_cursor=" + cursor));
    ASSERT_EQ(answer.status, 200);
    const rapidjson::Document shown = answer.json();
    for (const auto& event : shown["events"].GetArray()) {
      EXPECT_TRUE(seen.insert(event["slug"].GetString()).second);
    }
    cursor = answer.text("next_cursor");
    if (cursor.empty()) break;
  }
  EXPECT_EQ(seen.size(), select_events(*world_, {}).size());
}

TEST_F(GammaServerTest, OneBySlugAndRefusals) {
  start_gamma();
  const Market& market = find_market(false);
  EXPECT_EQ(get("/markets/slug/" + market.ticker).text("conditionId"), market.condition_id);
  EXPECT_EQ(get("/events/slug/" + world_->event(market.event).ticker).status, 200);
  EXPECT_EQ(get("/markets/slug/none").status, 404);
  EXPECT_EQ(get("/events/keyset?offset=20").status, 422);
  EXPECT_GT(get("/markets?limit=2").json().Size(), 1U);
  EXPECT_GT(get("/series").json().Size(), 3U);
}

}  // namespace
}  // namespace arbees::sim

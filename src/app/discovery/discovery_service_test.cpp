#include "app/discovery/discovery_service.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/telemetry/format.h"
#include "adapters/venue/eastern_time.h"
#include "app/discovery/contract_title.h"

namespace arbees::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Timestamp at(const char* text) { return parse_iso8601(text).value(); }

// Venues of our own making: answers by target, 50 ms after the question.
class ScriptedVenues final : public CatalogueTransport {
 public:
  using Answer = std::function<FetchAnswer(const std::string& target, Timestamp now)>;

  void get(Catalogue catalogue, const std::string& target, std::function<void(FetchAnswer)> done) override {
    asked.push_back(target);
    waiting_.push_back({now + milliseconds(50), catalogue, target, std::move(done)});
  }
  void deliver() {
    for (std::size_t i = 0; i < waiting_.size();) {
      if (waiting_[i].due > now) {
        ++i;
        continue;
      }
      Question question = std::move(waiting_[i]);
      waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
      const auto& answer = answers[static_cast<std::size_t>(question.catalogue)];
      question.done(answer ? answer(question.target, now) : FetchAnswer{404, "{}"});
    }
  }
  [[nodiscard]] std::size_t count(const std::string& part) const {
    return static_cast<std::size_t>(
        std::count_if(asked.begin(), asked.end(), [&](const auto& t) { return t.find(part) != std::string::npos; }));
  }

  Timestamp now = kNoTime;
  std::array<Answer, kCatalogueCount> answers;
  std::vector<std::string> asked;

 private:
  struct Question {
    Timestamp due;
    Catalogue catalogue;
    std::string target;
    std::function<void(FetchAnswer)> done;
  };
  std::vector<Question> waiting_;
};

class RecordingSink final : public DiscoverySink {
 public:
  void on_contract(const CatalogEntry& entry) override {
    EXPECT_FALSE(names.contains(entry.id().value)) << entry.symbol << " is named already";
    titles[entry.id().value] = contract_title(entry);
  }
  void on_event(const Event& event) override {
    if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) {
      names[named->id.value] = std::string(named->symbol_view());
    }
    events.push_back(event);
  }
  void on_subscribe(Venue, std::span<const std::string> symbols) override {
    for (const std::string& symbol : symbols) subscribed[symbol] = now;
  }
  void on_unsubscribe(Venue, std::span<const std::string> symbols) override {
    for (const std::string& symbol : symbols) subscribed.erase(symbol);
  }
  void on_anomaly(Venue, const Anomaly& anomaly, Timestamp) override { anomalies.push_back(anomaly.detail); }

  template <class Body>
  [[nodiscard]] std::vector<Body> of(const std::string& symbol) const {
    std::vector<Body> found;
    for (const Event& event : events) {
      const auto* body = std::get_if<Body>(&event.body);
      if (body != nullptr && names.count(body->id.value) > 0 && names.at(body->id.value) == symbol) {
        found.push_back(*body);
      }
    }
    return found;
  }
  // When the contract was listed; kNoTime if never.
  [[nodiscard]] Timestamp listed_at(const std::string& symbol) const {
    for (const Event& event : events) {
      const auto* listed = std::get_if<ContractListed>(&event.body);
      if (listed != nullptr && names.at(listed->id.value) == symbol) return event.received_at;
    }
    return kNoTime;
  }

  Timestamp now = kNoTime;
  std::vector<Event> events;
  std::map<std::uint64_t, std::string> names;
  std::map<std::uint64_t, std::string> titles;
  std::map<std::string, Timestamp> subscribed;
  std::vector<std::string> anomalies;
};

// A venue that lists 15-minute windows of Bitcoin, each with its successor, start values from the open on.
struct KalshiWindows {
  std::string rules_suffix;  // of a changed rule
  bool knows_strikes = true;
  Duration event_delay{};  // events are 404 for so long
  Timestamp since = kNoTime;
  int cut_pages = 0;  // so many listings arrive cut

  static std::string clock(Timestamp time) {
    const CivilTime civil = to_eastern(time);
    const int hour = civil.hour % 12 == 0 ? 12 : civil.hour % 12;
    return fmt::format("{}:{:02} {} {}", hour, civil.minute, civil.hour < 12 ? "AM" : "PM",
                       is_daylight_time(time) ? "EDT" : "EST");
  }
  static std::string date(Timestamp time) {
    const CivilTime civil = to_eastern(time);
    return fmt::format("Oct {}, {}", civil.day, civil.year);
  }
  static std::string event_of(Timestamp closes) {
    const CivilTime civil = to_eastern(closes);
    return fmt::format("KXBTC15M-26OCT{:02}{:02}{:02}", civil.day, civil.hour, civil.minute);
  }
  static std::string ticker_of(Timestamp closes) {
    return fmt::format("{}-{:02}", event_of(closes), to_eastern(closes).minute);
  }
  [[nodiscard]] std::string market(Timestamp closes, Timestamp now) const {
    const Timestamp opens = closes - minutes(15);
    const bool is_open = now >= opens;
    std::string strike =
        is_open && knows_strikes && now >= opens + milliseconds(1500) ? R"("floor_strike":84000.5,)" : "";
    std::string state = is_open ? "active" : "initialized";
    if (now >= closes) state = "closed";
    std::string result;
    if (now >= closes + seconds(8)) {
      state = "finalized";
      result = R"("result":"yes","expiration_value":"84001.25",)";
    }
    return fmt::format(
        R"({{"ticker":"{}","event_ticker":"{}","market_type":"binary","status":"{}",{}{}"strike_type":"greater_or_equal",)"
        R"("open_time":"{}","close_time":"{}","custom_strike":{{"round_digits":"2"}},)"
        R"("price_ranges":[{{"start":"0.0000","end":"1.0000","step":"0.0100"}}],)"
        R"("rules_primary":"If the simple average of the sixty seconds of CF Benchmarks' BRTI before {} on {} is at least )"
        R"(the simple average of the sixty seconds of CF Benchmarks' BRTI before {} on {}, then the market resolves to Yes.{}"}})",
        ticker_of(closes), event_of(closes), state, strike, result, to_iso_ms(opens), to_iso_ms(closes), clock(closes),
        date(closes), clock(opens), date(opens), rules_suffix);
  }
  FetchAnswer answer(const std::string& target, Timestamp now) {
    if (target == "/series/KXBTC15M") {
      return {200, R"({"series":{"ticker":"KXBTC15M","fee_type":"quadratic","fee_multiplier":1}})"};
    }
    if (target.starts_with("/events/")) {
      if (now < since + event_delay) return {404, R"({"error":{"code":"not_found"}})"};
      return {200, fmt::format(R"({{"event":{{"event_ticker":"{}"}},"markets":[]}})", target.substr(8))};
    }
    if (!target.starts_with("/markets?")) return {404, "{}"};
    const Timestamp present{now.time_since_epoch() / Duration(minutes(15)) * Duration(minutes(15))};
    std::string markets;
    const bool is_event = target.find("event_ticker=") != std::string::npos;
    if (!is_event && target.find("KXBTC15M") == std::string::npos) return {200, R"({"markets":[],"cursor":""})"};
    for (int i = -1; i <= 2; ++i) {
      const Timestamp closes = present + i * minutes(15) + minutes(15);
      const bool is_unopened = now < closes - minutes(15);
      const bool is_wanted = is_event
                                 ? target.find(event_of(closes) + "&") != std::string::npos
                                 : (target.find("status=unopened") != std::string::npos) == is_unopened && now < closes;
      if (!is_wanted) continue;
      if (!markets.empty()) markets += ",";
      markets += market(closes, now);
    }
    std::string body = R"({"markets":[)" + markets + R"(],"cursor":""})";
    if (!is_event && !markets.empty() && cut_pages > 0) {
      --cut_pages;
      body.resize(body.size() / 2);
    }
    return {200, body};
  }
};

class Discovery : public testing::Test {
 protected:
  void start(const char* when) {
    settings_.known.lead = minutes(5);
    now_ = at(when);
    windows_.since = now_;
    venues_.now = now_;
    venues_.answers[0] = [this](const std::string& target, Timestamp now) { return windows_.answer(target, now); };
    auto made = DiscoveryService::make(settings_, venues_, sink_);
    ASSERT_TRUE(made) << made.error();
    service_ = std::move(*made);
  }
  void run_until(Timestamp until) {
    while (now_ < until) {
      sink_.now = venues_.now = now_;
      venues_.deliver();
      service_->tick(now_);
      now_ += milliseconds(100);
    }
  }
  void run_until(const char* until) { run_until(at(until)); }

  DiscoverySettings settings_{.assets = {Asset::BTC}, .kalshi = true, .polymarket = false, .folder = {}, .known = {}};
  KalshiWindows windows_;
  ScriptedVenues venues_;
  RecordingSink sink_;
  std::unique_ptr<DiscoveryService> service_;
  Timestamp now_ = kNoTime;
};

TEST_F(Discovery, TheNextWindowIsSubscribedBeforeThePresentOneEnds) {
  start("2026-10-05T12:01:00Z");
  run_until("2026-10-05T12:50:00Z");
  for (const char* closes : {"2026-10-05T12:30:00Z", "2026-10-05T12:45:00Z", "2026-10-05T13:00:00Z"}) {
    const std::string ticker = KalshiWindows::ticker_of(at(closes));
    const Timestamp opens = at(closes) - minutes(15);
    ASSERT_NE(sink_.listed_at(ticker), kNoTime) << ticker;
    EXPECT_LE(sink_.listed_at(ticker), opens - minutes(2)) << ticker;
  }
  EXPECT_EQ(sink_.subscribed.count(KalshiWindows::ticker_of(at("2026-10-05T13:00:00Z"))), 1U);
  EXPECT_EQ(sink_.subscribed.count(KalshiWindows::ticker_of(at("2026-10-05T12:45:00Z"))), 0U);
}

TEST_F(Discovery, StartValueOpeningAndVerdictFollowTheClock) {
  start("2026-10-05T12:01:00Z");
  run_until("2026-10-05T12:32:00Z");
  const std::string ticker = KalshiWindows::ticker_of(at("2026-10-05T12:30:00Z"));
  const auto listed = sink_.of<ContractListed>(ticker);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].terms.not_tradable, NotTradable::UnknownStrike);
  const auto strikes = sink_.of<StrikeUpdated>(ticker);
  ASSERT_EQ(strikes.size(), 1U);
  EXPECT_EQ(strikes[0].lower, *Strike::parse("84000.5"));
  std::vector<ContractPhase> phases;
  for (const auto& changed : sink_.of<ContractPhaseChanged>(ticker)) phases.push_back(changed.phase);
  EXPECT_EQ(phases, (std::vector<ContractPhase>{ContractPhase::Initialized, ContractPhase::Active,
                                                ContractPhase::Closed, ContractPhase::Settled}));
  const auto settled = sink_.of<ContractSettled>(ticker);
  ASSERT_EQ(settled.size(), 1U);
  EXPECT_EQ(settled[0].payout, kPriceOne);
  EXPECT_EQ(settled[0].settled_value, *SpotPrice::parse("84001.25"));
}

TEST_F(Discovery, StartValuesAreAskedForSoonAfterTheOpen) {
  start("2026-10-05T12:10:00Z");
  run_until("2026-10-05T12:15:05Z");
  const std::string ticker = KalshiWindows::ticker_of(at("2026-10-05T12:30:00Z"));
  EXPECT_EQ(sink_.of<StrikeUpdated>(ticker).size(), 1U);
}

// A market can be listed before its event can be read: nothing is traded until then, and it is asked again.
TEST_F(Discovery, NotFoundRightAfterCreationIsAskedAgain) {
  windows_.event_delay = seconds(45);
  start("2026-10-05T12:01:00Z");
  run_until("2026-10-05T12:01:40Z");
  const std::string ticker = KalshiWindows::ticker_of(at("2026-10-05T12:15:00Z"));
  ASSERT_EQ(sink_.of<ContractListed>(ticker).size(), 1U);
  EXPECT_EQ(sink_.of<ContractListed>(ticker)[0].terms.not_tradable, NotTradable::UnknownFee);
  run_until("2026-10-05T12:03:00Z");
  ASSERT_EQ(sink_.of<ContractListed>(ticker).size(), 2U);
  EXPECT_EQ(sink_.of<ContractListed>(ticker)[1].terms.not_tradable, NotTradable::None);
}

TEST_F(Discovery, WhatAFeedHeardIsAskedForSoonAndOnceForAnEvent) {
  settings_.interval = minutes(5);
  start("2026-10-05T12:01:00Z");
  run_until("2026-10-05T12:03:00Z");
  const std::string ticker = KalshiWindows::ticker_of(at("2026-10-05T12:45:00Z"));
  const std::string question = "/markets?event_ticker=" + KalshiWindows::event_of(at("2026-10-05T12:45:00Z")) + "&";
  const std::size_t before = venues_.count(question);
  for (int i = 0; i < 20; ++i) service_->hint(Venue::Kalshi, ticker);
  service_->hint(Venue::Kalshi, "KXNBA-26OCT05LALBOS-LAL");
  service_->hint(Venue::Kalshi, "");
  run_until("2026-10-05T12:03:02Z");
  EXPECT_EQ(venues_.count(question), before + 1);
  EXPECT_EQ(venues_.count("KXNBA"), 0U);
  service_->hint(Venue::Kalshi, ticker);
  run_until("2026-10-05T12:03:04Z");
  EXPECT_EQ(venues_.count(question), before + 2) << "what is heard later is asked for anew";
}

TEST_F(Discovery, PagesThatArriveCutAreAskedAgainSoon) {
  windows_.cut_pages = 2;
  start("2026-10-05T12:01:00Z");
  run_until("2026-10-05T12:01:12Z");
  EXPECT_FALSE(sink_.anomalies.empty());
  EXPECT_NE(sink_.listed_at(KalshiWindows::ticker_of(at("2026-10-05T12:15:00Z"))), kNoTime);
}

TEST_F(Discovery, ChangedTermsEndTradingForGood) {
  start("2026-10-05T12:01:00Z");
  run_until("2026-10-05T12:02:00Z");
  const std::string ticker = KalshiWindows::ticker_of(at("2026-10-05T12:15:00Z"));
  EXPECT_EQ(sink_.of<ContractListed>(ticker).back().terms.not_tradable, NotTradable::None);
  windows_.rules_suffix = " Unless it rains.";
  run_until("2026-10-05T12:03:00Z");
  EXPECT_EQ(sink_.of<ContractListed>(ticker).back().terms.not_tradable, NotTradable::TermsRefused);
  windows_.rules_suffix.clear();  // the old wording is back, the trust is not
  run_until("2026-10-05T12:04:00Z");
  EXPECT_EQ(sink_.of<ContractListed>(ticker).back().terms.not_tradable, NotTradable::TermsRefused);
}

TEST_F(Discovery, WithoutApprovalNothingIsTradable) {
  settings_.known.needs_approval = true;
  settings_.folder = testing::TempDir() + "discovery_approval";
  std::filesystem::remove_all(settings_.folder);
  start("2026-10-05T12:01:00Z");
  run_until("2026-10-05T12:02:00Z");
  const std::string ticker = KalshiWindows::ticker_of(at("2026-10-05T12:15:00Z"));
  EXPECT_EQ(sink_.of<ContractListed>(ticker).back().terms.not_tradable, NotTradable::NotApproved);
  const auto manifest = load_manifest(settings_.folder);
  ASSERT_TRUE(manifest) << manifest.error();
  ASSERT_FALSE(manifest->contracts.empty());
  auto approvals = Approvals::open(settings_.folder);
  ASSERT_TRUE(approvals);
  approvals->approve("kalshi:KXBTC15M", manifest->contracts[0].fingerprint, now_);
  ASSERT_EQ(approvals->save(settings_.folder), "");
  run_until("2026-10-05T12:03:00Z");
  EXPECT_EQ(sink_.of<ContractListed>(ticker).back().terms.not_tradable, NotTradable::None);
  EXPECT_EQ(service_->counts().tradable, 1U);
}

TEST_F(Discovery, AServerThatIsTroubledIsLeftAlone) {
  start("2026-10-05T12:01:00Z");
  venues_.answers[0] = [](const std::string&, Timestamp) {
    return FetchAnswer{429, R"({"error":"too many requests"})"};
  };
  run_until("2026-10-05T12:02:00Z");
  EXPECT_LT(venues_.asked.size(), 12U);
  EXPECT_GT(service_->counts().throttled, 0U);
}

// ---- Polymarket ----

std::string gamma_window(Timestamp opens, Timestamp now) {
  const Timestamp closes = opens + minutes(15);
  const auto unix_time = unix_ns(opens) / 1'000'000'000;
  const std::string metadata = now >= opens + seconds(3) ? R"("eventMetadata":{"priceToBeat":84000.25},)" : "";
  const bool is_over = now >= closes + seconds(55);
  const std::string state =
      is_over
          ? R"("closed":true,"acceptingOrders":false,"umaResolutionStatus":"resolved","outcomePrices":"[\"1\", \"0\"]")"
          : R"("closed":false,"acceptingOrders":true)";
  return fmt::format(
      R"({{"slug":"btc-updown-15m-{0}",{1}"negRiskAugmented":false,"markets":[{{"question":"?","slug":"btc-updown-15m-{0}",)"
      R"("conditionId":"0x{2:064x}","version":"v1","outcomes":"[\"Up\", \"Down\"]","clobTokenIds":"[\"{0}1\", \"{0}2\"]",)"
      R"("eventStartTime":"{3}","endDate":"{4}","active":true,{5},"orderPriceMinTickSize":0.01,"orderMinSize":5,"negRisk":false,)"
      R"("feesEnabled":true,"feeSchedule":{{"rate":0.07,"exponent":1,"takerOnly":true}},)"
      R"("resolutionSource":"https://data.chain.link/streams/btc-usd-twap-60s-streams",)"
      R"("description":"This market will resolve to \"Up\" if the Bitcoin price at the end of the time range specified in the title is greater than or equal to the price at the beginning of that range. Otherwise, it will resolve to \"Down\".\nThe resolution source for this market is information from Chainlink, specifically the BTC/USD TWAP data stream available at https://data.chain.link/streams/btc-usd-twap-60s-streams.\nPlease note that this market is about the price according to Chainlink."}}]}})",
      unix_time, metadata, unix_time, to_iso_ms(opens), to_iso_ms(closes), state);
}

class PolymarketDiscovery : public Discovery {
 protected:
  void start_both(const char* when, bool with_kalshi) {
    settings_.polymarket = true;
    settings_.kalshi = with_kalshi;
    start(when);
    venues_.answers[1] = [](const std::string& target, Timestamp now) -> FetchAnswer {
      const std::string prefix = "/events/slug/btc-updown-15m-";
      if (target.starts_with("/events/keyset")) return {200, R"({"events":[]})"};
      if (!target.starts_with(prefix)) return {404, R"({"error":"slug not found"})"};
      const auto opens = parse_unix_time(target.substr(prefix.size()));
      // Windows are listed four minutes before they open.
      if (!opens || now < *opens - minutes(4)) return {404, R"({"error":"slug not found"})"};
      return {200, gamma_window(*opens, now)};
    };
    venues_.answers[2] = [this](const std::string& target, Timestamp now) -> FetchAnswer {
      const std::string condition = target.substr(target.rfind('/') + 1);
      if (now < clob_knows_from_) return {404, R"({"error":"market not found"})"};
      std::string digits = condition.substr(condition.find_first_not_of('0', 2));
      const std::uint64_t unix_time = std::stoull(digits, nullptr, 16);
      return {200,
              fmt::format(R"({{"c":"{}","t":[{{"t":"{}1","o":"Up"}},{{"t":"{}2","o":"Down"}}],"mts":0.01,"nr":false}})",
                          condition, unix_time, unix_time)};
    };
  }
  static std::string token(const char* opens, int index) {
    return std::to_string(unix_ns(at(opens)) / 1'000'000'000) + std::to_string(index);
  }
  Timestamp clob_knows_from_ = kNoTime;
};

TEST_F(PolymarketDiscovery, WindowsAreFoundByTheirComputedNames) {
  start_both("2026-10-05T12:01:00Z", false);
  run_until("2026-10-05T12:33:00Z");
  const std::string up = token("2026-10-05T12:15:00Z", 1);
  EXPECT_LE(sink_.listed_at(up), at("2026-10-05T12:13:00Z"));
  EXPECT_EQ(sink_.of<StrikeUpdated>(up).size(), 1U);
  ASSERT_EQ(sink_.of<ContractSettled>(up).size(), 1U);
  EXPECT_EQ(sink_.of<ContractSettled>(up)[0].payout, kPriceOne);
  EXPECT_EQ(sink_.of<ContractSettled>(token("2026-10-05T12:15:00Z", 2))[0].payout, kPriceZero);
  EXPECT_EQ(sink_.titles.at(instrument_id(Venue::Polymarket, up).value), "?: Up")
      << "the question, and what it pays on";
}

TEST_F(PolymarketDiscovery, AnAnnouncedWindowIsListedWithoutWaitingForTheNextRound) {
  settings_.interval = minutes(5);
  start_both("2026-10-05T12:01:30Z", false);
  run_until("2026-10-05T12:11:05Z");  // listed since 12:11, and the next round is at 12:11:30
  const std::string up = token("2026-10-05T12:15:00Z", 1);
  ASSERT_EQ(sink_.listed_at(up), kNoTime);
  service_->hint(Venue::Polymarket, "will-the-us-confirm-that-aliens-exist-before-2027");
  service_->hint(Venue::Polymarket,
                 fmt::format("btc-updown-15m-{}", unix_ns(at("2026-10-05T12:15:00Z")) / 1'000'000'000));
  run_until("2026-10-05T12:11:08Z");
  EXPECT_NE(sink_.listed_at(up), kNoTime);
  EXPECT_EQ(venues_.count("aliens"), 0U);
}

TEST_F(PolymarketDiscovery, GammaShowsAMarketBeforeTheClobKnowsIt) {
  clob_knows_from_ = at("2026-10-05T12:02:00Z");
  start_both("2026-10-05T12:01:00Z", false);
  run_until("2026-10-05T12:01:50Z");
  const std::string up = token("2026-10-05T12:00:00Z", 1);
  EXPECT_EQ(sink_.of<ContractListed>(up).back().terms.not_tradable, NotTradable::NotOpen);
  run_until("2026-10-05T12:02:30Z");
  EXPECT_EQ(sink_.of<ContractListed>(up).back().terms.not_tradable, NotTradable::None);
}

TEST_F(PolymarketDiscovery, WindowsOfBothVenuesPairByTheirTerms) {
  start_both("2026-10-05T12:01:00Z", true);
  run_until("2026-10-05T12:02:00Z");
  const Manifest manifest = service_->manifest();
  ASSERT_FALSE(manifest.pairs.empty());
  for (const ManifestPair& pair : manifest.pairs) {
    EXPECT_EQ(pair.key, "kalshi:KXBTC15M~polymarket:btc-updown-15m");
    EXPECT_EQ(pair.match, "index_basis");
    EXPECT_EQ(manifest.contracts[pair.second].outcome, "Up");
    EXPECT_EQ(manifest.contracts[pair.first].closes_at, manifest.contracts[pair.second].closes_at);
  }
}

TEST_F(PolymarketDiscovery, AHeldContractIsFollowedThoughNothingListsIt) {
  start_both("2026-10-05T12:01:00Z", false);
  const std::string held = token("2026-10-05T11:30:00Z", 1);
  service_->keep_watching(Venue::Polymarket, held);
  auto others = venues_.answers[1];
  venues_.answers[1] = [others, held](const std::string& target, Timestamp now) -> FetchAnswer {
    if (target != "/markets/keyset?clob_token_ids=" + held + "&closed=true") return others(target, now);
    const std::string event = gamma_window(at("2026-10-05T11:30:00Z"), now);
    const std::size_t begin = event.find("\"markets\":[") + 11;
    return {200, R"({"markets":[)" + event.substr(begin, event.size() - begin - 2) + "]}"};
  };
  run_until("2026-10-05T12:02:00Z");
  ASSERT_EQ(sink_.of<ContractSettled>(held).size(), 1U);
  EXPECT_EQ(sink_.of<ContractSettled>(held)[0].payout, kPriceOne);
}

}  // namespace
}  // namespace arbees::app

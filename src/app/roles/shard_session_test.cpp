// A shard without its sockets: messages in, requests out, answers back.

#include "app/roles/shard_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "adapters/bus/envelope.h"
#include "adapters/telemetry/log.h"
#include "app/running/metrics_text.h"
#include "core/engine/test_candles.h"

namespace arbees::app {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const Timestamp kStart = from_unix_ns(1'769'710'000'000'000'000);

Price cents(std::int64_t value) { return Price::from_units(value * 100); }

class ShardSessionTest : public testing::Test {
 protected:
  ShardSessionTest() {
    config_.limits.min_edge_millionths = 1'000;
    config_.limits.min_liquidity = Money::whole(1);
    config_.limits.min_return_per_day = 0;
    session_ = std::make_unique<ShardSession>(
        config_, "s-1",
        [this](const std::string& topic, const std::string& payload, Timestamp at) {
          sent_.push_back(topic);
          auto request = bus::decode_request(topic, message(payload, at), at);
          if (request) {
            requests_.push_back(*request);
          } else {
            EXPECT_EQ(request.error().reason, bus::kPastDeadline);
          }
        },
        ShardPermits{[this] { return halt_; }, [this](Asset) { return fence_; }});
    session_->begin(now_);
    session_->markets().set_traded(Asset::BTC, true, now_);
  }

  static std::string message(const std::string& payload, Timestamp at) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
    return bus::encode_message({1, 1, ms, "test"}, payload);
  }

  // Two ladders' rungs on one axis: the lower strike must never be dearer than the higher one.
  static bus::ContractMessage rung(const std::string& ticker, std::int64_t strike) {
    bus::ContractMessage contract;
    contract.symbol = contract.market_id = ticker;
    contract.event = "KXBTCD-26JAN29";
    contract.outcome = "Yes";
    contract.phase = "active";
    ContractTerms& terms = contract.terms;
    terms.venue = Venue::Kalshi;
    terms.asset = Asset::BTC;
    terms.payoff = Payoff::Threshold;
    terms.comparator = Comparator::GreaterOrEqual;
    terms.source = SettlementSource::CfBenchmarksMean60;
    terms.lower = SpotPrice::whole(strike);
    terms.has_lower = 1;
    terms.rounding_decimals = 2;
    terms.opens_at = kStart - std::chrono::hours(1);
    terms.closes_at = kStart + std::chrono::hours(1);
    terms.event_group = 7;
    terms.lot = Quantity::whole(1);
    terms.minimum_order = Quantity::whole(1);
    terms.grid = PriceGrid::uniform(cents(1));
    terms.fees.model = FeeModel::None;
    terms.not_tradable = NotTradable::None;
    return contract;
  }

  static bus::ContractPrice book(const std::string& ticker, std::int64_t bid, std::int64_t ask) {
    bus::ContractPrice price;
    price.symbol = price.market_id = ticker;
    price.venue = Venue::Kalshi;
    price.asset = Asset::BTC;
    price.status = "proven";
    price.phase = "active";
    price.bids = {{cents(bid), Quantity::whole(50)}};
    price.asks = {{cents(ask), Quantity::whole(50)}};
    return price;
  }

  void price(const bus::ContractPrice& told) {
    now_ += std::chrono::milliseconds(1);
    session_->markets().on_price(told, now_, now_);
    session_->drain();
  }

  // Yes of the lower strike at 40 and No of the higher one at 1 − 45 pay a dollar at least, for 95 cents.
  void list_both() {
    session_->markets().on_contract(rung("LOW", 64'000), now_);
    session_->markets().on_contract(rung("HIGH", 65'000), now_);
  }
  void show_contradiction() {
    list_both();
    price(book("LOW", 38, 40));
    price(book("HIGH", 45, 47));
  }

  void tell_a_day_of_candles() {
    for (const SpotCandle& candle : testing_support::day_of_candles(kStart)) {
      Event event;
      event.received_at = now_;
      event.body = candle;
      session_->on_event(event);
    }
  }

  void pass(Duration time) {
    now_ += time;
    session_->tick(now_);
  }

  Config config_ = default_config();
  std::string halt_;
  std::optional<std::uint64_t> fence_ = 42;
  std::vector<std::string> sent_;
  std::vector<bus::BusRequest> requests_;
  Timestamp now_ = kStart;
  std::unique_ptr<ShardSession> session_;
};

TEST_F(ShardSessionTest, AContradictionBecomesOneRequestWithItsFence) {
  show_contradiction();
  ASSERT_THAT(requests_, SizeIs(1));
  const bus::BusRequest& request = requests_[0];
  EXPECT_EQ(sent_[0], "crypto.execution." + request.request_id);
  EXPECT_EQ(request.asset, "BTC");
  EXPECT_EQ(request.signal_type, "Arbitrage");
  EXPECT_EQ(request.fence, 42U);
  ASSERT_THAT(request.legs, SizeIs(2));
  EXPECT_EQ(request.legs[0].contracts, request.legs[1].contracts);
  EXPECT_GE(request.guaranteed, request.outlay);
  EXPECT_EQ(session_->engine().open_requests(), 1U);
  EXPECT_TRUE(session_->engine().portfolio().asset_exposure(Asset::BTC).is_positive()) << "its risk is kept aside";
  price(book("HIGH", 45, 48));
  EXPECT_THAT(requests_, SizeIs(1)) << "requested once";
}

TEST_F(ShardSessionTest, RepeatsUntilItIsAnsweredAndThenHoldsWhatTheAnswerSays) {
  show_contradiction();
  ASSERT_THAT(requests_, SizeIs(1));
  pass(std::chrono::milliseconds(900));
  ASSERT_THAT(requests_, SizeIs(1)) << "an executor that is at work answers within this time, and hears nothing twice";
  pass(std::chrono::milliseconds(200));
  ASSERT_THAT(requests_, SizeIs(2));
  EXPECT_EQ(requests_[1].request_id, requests_[0].request_id);
  EXPECT_EQ(requests_[1].deadline, requests_[0].deadline);

  bus::ExecutionResult result;
  result.request_id = requests_[0].request_id;
  result.status = bus::ResultStatus::Partial;
  for (const bus::RequestLeg& leg : requests_[0].legs) {
    bus::ResultLeg row;
    row.platform = leg.platform;
    row.market_id = row.symbol = leg.market_id;
    row.outcome = leg.outcome == Outcome::Yes ? "yes" : "no";
    row.filled = Quantity::whole(3);
    row.cost = Money::from_units(1'400'001);
    row.fees = Money::from_units(20'000);
    result.legs.push_back(row);
  }
  const auto read = bus::decode_result(message(bus::encode_result(result), now_));
  ASSERT_TRUE(read) << read.error();
  session_->requests().on_result(*read);
  EXPECT_EQ(session_->engine().open_requests(), 0U);
  EXPECT_EQ(session_->engine().portfolio().asset_exposure(Asset::BTC), Money::from_units(2 * 1'420'001));
  const Position* low = session_->engine().portfolio().find(instrument_id(Venue::Kalshi, "LOW"), Outcome::Yes);
  ASSERT_NE(low, nullptr);
  EXPECT_EQ(low->quantity, Quantity::whole(3));
  pass(std::chrono::seconds(20));
  EXPECT_THAT(requests_, SizeIs(2)) << "an answered request is not repeated";
  session_->requests().on_result(*read);
  EXPECT_EQ(session_->engine().portfolio().asset_exposure(Asset::BTC), Money::from_units(2 * 1'420'001))
      << "twice told";

  bus::ContractMessage settled = rung("LOW", 64'000);
  settled.payout = kPriceOne;
  session_->markets().on_contract(settled, now_);
  session_->drain();
  EXPECT_EQ(session_->engine().portfolio().asset_exposure(Asset::BTC), Money::from_units(1'420'001));
}

TEST_F(ShardSessionTest, AfterTheDeadlineItStillAsksWhatBecameOfIt) {
  show_contradiction();
  ASSERT_THAT(requests_, SizeIs(1));
  const std::string topic = sent_[0];
  now_ += std::chrono::seconds(3);
  const std::size_t before = sent_.size();
  session_->requests().tick(now_);
  EXPECT_GT(sent_.size(), before);
  EXPECT_EQ(sent_.back(), topic);
  EXPECT_EQ(session_->engine().open_requests(), 1U) << "unanswered, it stays under way";
}

TEST_F(ShardSessionTest, WhatIsNotAnsweredIsAskedForMoreAndMoreRarely) {
  show_contradiction();
  std::size_t asked = 0;
  for (int second = 0; second < 60; ++second) {
    const std::size_t before = sent_.size();
    pass(std::chrono::seconds(1));
    asked += sent_.size() - before;
  }
  EXPECT_GE(asked, 8U) << "within 1, 2, 4, 8, 8 … seconds";
  EXPECT_LE(asked, 11U);
  EXPECT_EQ(session_->requests().counts().repeated, asked);
}

TEST_F(ShardSessionTest, ItsStatusHasTheNamesOfAWholeSystem) {
  list_both();
  price(book("LOW", 38, 40));
  price(book("HIGH", 41, 42));  // a profit too small
  price(book("HIGH", 45, 47));
  ASSERT_THAT(requests_, SizeIs(1));
  JsonWriter json;
  json.begin_object();
  session_->write_status(json);
  const std::string text = json.end_object().take();
  rapidjson::Document status;
  status.Parse(text.c_str());
  ASSERT_FALSE(status.HasParseError()) << text;
  ASSERT_EQ(status["opportunities"].MemberCount(), 1U) << text;
  EXPECT_GE(status["opportunities"].MemberBegin()->value.GetUint64(), 1U) << text;
  EXPECT_GE(status["decisions"].GetUint64(), 1U);
  EXPECT_GT(status["prices"]["book_update"].GetUint64(), 0U);
  EXPECT_NE(status["exposure"]["assets"]["BTC"].GetString(), std::string("0"));
  EXPECT_EQ(status["latency_us"]["p50"].GetDouble(), 0.0) << "without a clock none is measured";
  const std::string metrics = metrics_text(text);
  for (const char* name : {"arbees_events_total ", "arbees_decisions_total ", "arbees_opportunities_total{detector=",
                           "arbees_prices_processed_total{kind=\"book_update\"}", "arbees_event_groups ",
                           "arbees_stage_seconds_bucket{stage=\"event_to_request\"", "arbees_asset_exposure_dollars"}) {
    EXPECT_THAT(metrics, testing::HasSubstr(name));
  }
}

TEST_F(ShardSessionTest, ItSpeaksTheVocabularyOfTheLog) {
  testing::internal::CaptureStderr();
  open_log({LogLevel::Debug, false, "crypto-shard"});
  list_both();
  price(book("LOW", 38, 40));
  price(book("HIGH", 45, 47));
  pass(std::chrono::milliseconds(1'100));
  close_log();
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, testing::HasSubstr("info    crypto-shard arbitrage signal opportunity="));
  EXPECT_THAT(text, testing::HasSubstr("info    crypto-shard ExecutionRequest request=0000000000000001"));
  EXPECT_THAT(text, testing::HasSubstr("info    crypto-shard Published topic=crypto.execution.s-1-1"));
  EXPECT_THAT(text, testing::HasSubstr("debug   crypto-shard Published topic=crypto.execution.s-1-1")) << "again";
}

TEST_F(ShardSessionTest, AQuoteThatSpotLeavesBehindIsTaken) {
  tell_a_day_of_candles();
  const auto spot = [&](std::int64_t dollars) {
    for (const Venue venue : {Venue::Coinbase, Venue::Kraken}) {
      bus::SpotPriceMessage told;
      told.venue = venue;
      told.asset = Asset::BTC;
      told.bid = SpotPrice::whole(dollars - 1);
      told.ask = SpotPrice::whole(dollars + 1);
      now_ += std::chrono::milliseconds(1);
      session_->markets().on_price(told, now_, now_);
      session_->drain();
    }
  };
  const auto settle_down = [&] {
    for (int i = 0; i < 20; ++i) {
      pass(std::chrono::milliseconds(100));
      spot(64'000);
    }
  };
  settle_down();
  bus::ContractMessage even = rung("EVEN", 64'000);
  even.terms.closes_at = kStart + std::chrono::minutes(10);
  session_->markets().on_contract(even, now_);
  price(book("EVEN", 48, 51));
  settle_down();
  EXPECT_THAT(requests_, IsEmpty());
  spot(64'180);
  ASSERT_THAT(requests_, SizeIs(1));
  EXPECT_EQ(requests_[0].signal_type, "ModelEdge");
  EXPECT_EQ(requests_[0].legs[0].outcome, Outcome::Yes);
}

TEST_F(ShardSessionTest, NothingLeavesWithoutALease) {
  fence_.reset();
  show_contradiction();
  EXPECT_THAT(sent_, IsEmpty());
  EXPECT_EQ(session_->engine().open_requests(), 0U);
  EXPECT_EQ(session_->engine().portfolio().asset_exposure(Asset::BTC), Money{});
}

TEST_F(ShardSessionTest, NothingLeavesWhileHalted) {
  halt_ = "Redis is lost";
  session_->tick(now_);
  show_contradiction();
  EXPECT_THAT(sent_, IsEmpty());
  halt_.clear();
  session_->tick(now_);
  price(book("HIGH", 46, 48));
  EXPECT_THAT(requests_, SizeIs(1));
}

TEST_F(ShardSessionTest, ABookIsUnprovenWhenItsPublisherSaysSoOrFallsSilent) {
  list_both();
  price(book("LOW", 38, 40));
  EXPECT_EQ(session_->markets().proven_count(), 1U);
  bus::ContractPrice gap = book("LOW", 38, 40);
  gap.status = "gap";
  price(gap);
  EXPECT_EQ(session_->markets().proven_count(), 0U);
  price(book("HIGH", 45, 47));
  EXPECT_THAT(sent_, IsEmpty());
  pass(ShardMarkets::kSilence + std::chrono::seconds(1));
  EXPECT_EQ(session_->markets().proven_count(), 0U);
  price(book("LOW", 38, 40));
  EXPECT_THAT(sent_, IsEmpty()) << "the other book is silent";
  price(book("HIGH", 45, 47));
  EXPECT_THAT(requests_, SizeIs(1));
}

TEST_F(ShardSessionTest, OldMessagesProveNothing) {
  list_both();
  price(book("LOW", 38, 40));
  const bus::ContractPrice late = book("HIGH", 45, 47);
  session_->markets().on_price(late, now_ - ShardMarkets::kOldest - std::chrono::seconds(1), now_);
  session_->drain();
  EXPECT_THAT(sent_, IsEmpty());
  EXPECT_EQ(session_->markets().counts().old, 1U);
}

TEST_F(ShardSessionTest, AnIndexPrintCountsOnceHoweverOftenItIsTold) {
  const auto print = [&](int second) {
    session_->markets().on_print({Asset::BTC, SettlementSource::CfBenchmarksMean60, SpotPrice::whole(64'500),
                                  kStart + std::chrono::seconds(second), now_},
                                 now_, now_);
  };
  for (const int second : {0, 1, 2, 0, 1, 2, 3}) print(second);
  EXPECT_EQ(session_->markets().counts().prints, 4U);
  print(3'600);
  EXPECT_EQ(session_->markets().counts().prints, 4U) << "of the future";
}

TEST_F(ShardSessionTest, OtherAssetsBooksAreKeptUntilTheirLeaseComes) {
  session_->markets().set_traded(Asset::BTC, false, now_);
  show_contradiction();
  EXPECT_THAT(sent_, IsEmpty());
  session_->markets().set_traded(Asset::BTC, true, now_);
  session_->drain();
  EXPECT_THAT(requests_, SizeIs(1));
}

TEST_F(ShardSessionTest, AMarketThatIsLeftOutIsNotTraded) {
  session_->markets().leave_out("HIGH", now_);
  show_contradiction();
  EXPECT_THAT(sent_, IsEmpty());
  session_->markets().take_in("HIGH", now_);
  session_->drain();
  EXPECT_THAT(requests_, SizeIs(1));
}

}  // namespace
}  // namespace arbees::app

#include "app/running/live_trading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/store/journal_source.h"
#include "adapters/store/ledger_check.h"
#include "adapters/store/ledger_decisions.h"
#include "adapters/store/sqlite.h"
#include "app/data_folder.h"
#include "app/running/status_document.h"
#include "app/running/status_text.h"
#include "app/running/test_gateway.h"
#include "core/simulation/market_generator.h"

namespace arbees::app {
namespace {

Timestamp test_clock = kNoTime;

class LiveTradingTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "live_trading_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    settings_.length = std::chrono::seconds(40);
    options_.folder = folder_;
    options_.limits.min_edge_millionths = 10'000;
    options_.limits.min_liquidity = Money::whole(10);
    options_.clock = [] { return test_clock; };
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<LiveTrading> open() {
    auto trading = LiveTrading::open(options_, settings_.starts_at);
    EXPECT_TRUE(trading) << (trading ? "" : trading.error());
    return trading ? std::move(*trading) : nullptr;
  }

  // Gives the generator's events to the session as feeds would, with ticks, until `end`.
  void play(LiveTrading& trading, MarketGenerator& market, Timestamp end) {
    Event event;
    Timestamp next_tick = test_clock == kNoTime ? settings_.starts_at : test_clock;
    while (test_clock < end && market.poll(event)) {
      test_clock = event.received_at;
      trading.on_event(event);
      trading.drain(test_clock);
      if (test_clock >= next_tick) {
        trading.tick(test_clock);
        next_tick = test_clock + std::chrono::milliseconds(100);
      }
    }
  }

  void stop(LiveTrading& trading) {
    trading.stop_trading(test_clock);
    while (!trading.is_idle()) trading.drain(test_clock += std::chrono::milliseconds(50));
    EXPECT_EQ(trading.finish(), "");
  }

  LedgerAudit audit() const {
    const auto contents = read_ledger(ledger_path(folder_));
    EXPECT_TRUE(contents);
    return audit_ledger(*contents);
  }

  // The journal of the session makes the same outputs.
  void expect_replay_equal(LiveTrading& trading) const {
    auto journal = JournalSource::open({folder_ + "/session-" + std::to_string(trading.session()) + ".journal"});
    ASSERT_TRUE(journal) << journal.error();
    TradingRunOptions options;
    options.simulate_execution = false;
    TradingRun replay(*journal, options);
    while (replay.step()) {
    }
    EXPECT_EQ(replay.event_count(), trading.run().event_count());
    EXPECT_EQ(replay.digest(), trading.run().digest());
  }

  std::string folder_;
  GeneratorSettings settings_;
  LiveTradingOptions options_;
};

TEST_F(LiveTradingTest, TradesAndItsLedgerIsRight) {
  auto trading = open();
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  play(*trading, market, settings_.starts_at + settings_.length);
  EXPECT_GT(trading->run().statistics().fills(), 10U);
  EXPECT_GT(trading->run().statistics().settled(), 0U);
  stop(*trading);
  EXPECT_THAT(audit().problems, testing::IsEmpty());
}

TEST_F(LiveTradingTest, OneProcessForEachFolder) {
  auto trading = open();
  const auto second = LiveTrading::open(options_, settings_.starts_at);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), testing::HasSubstr("is used by process"));
}

TEST_F(LiveTradingTest, TheLatchHaltsWithinATickAndOnlyResumeEndsIt) {
  auto trading = open();
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  play(*trading, market, settings_.starts_at + std::chrono::seconds(10));
  ASSERT_TRUE(HaltLatch(folder_).halt("drill", test_clock));
  trading->tick(test_clock);
  EXPECT_TRUE(trading->is_halted());
  const std::uint64_t requests = trading->run().statistics().requests();
  EXPECT_GT(requests, 0U);
  play(*trading, market, settings_.starts_at + std::chrono::seconds(20));
  EXPECT_EQ(trading->run().statistics().requests(), requests);
  ASSERT_TRUE(HaltLatch(folder_).resume("drill over", test_clock));
  play(*trading, market, settings_.starts_at + std::chrono::seconds(35));
  EXPECT_GT(trading->run().statistics().requests(), requests);
  stop(*trading);
}

TEST_F(LiveTradingTest, ALostLatchIsNoResumeNeitherNowNorAtTheNextStart) {
  auto trading = open();
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  play(*trading, market, settings_.starts_at + std::chrono::seconds(10));
  const std::uint64_t requests = trading->run().statistics().requests();
  EXPECT_GT(requests, 0U);
  std::ofstream(folder_ + "/halt") << "by hand\n";  // as a person does, and deletes it again
  play(*trading, market, settings_.starts_at + std::chrono::seconds(12));
  std::filesystem::remove(folder_ + "/halt");
  play(*trading, market, settings_.starts_at + std::chrono::seconds(20));
  EXPECT_TRUE(trading->is_halted());
  EXPECT_EQ(trading->run().statistics().requests(), requests);
  EXPECT_THAT(HaltLatch(folder_).reason(),
              testing::AllOf(testing::StartsWith("by hand; then "), testing::HasSubstr("vanished without a resume")));
  EXPECT_EQ(trading->halt_reason(), HaltLatch(folder_).reason());
  stop(*trading);
  trading.reset();
  std::filesystem::remove(folder_ + "/halt");
  trading = open();
  EXPECT_TRUE(trading->is_halted());
  trading->obey_latch(test_clock);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/halt"));
  ASSERT_TRUE(HaltLatch(folder_).resume("looked at it", test_clock));
  trading->obey_latch(test_clock);
  EXPECT_FALSE(trading->is_halted());
  stop(*trading);
}

TEST_F(LiveTradingTest, AFolderThatIsGoneHaltsUntilItIsBackAndResumed) {
  const std::string elsewhere = folder_ + ".elsewhere";
  std::filesystem::remove_all(elsewhere);
  auto trading = open();
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  play(*trading, market, settings_.starts_at + std::chrono::seconds(10));
  ASSERT_TRUE(HaltLatch(folder_).halt("drill", test_clock));
  trading->obey_latch(test_clock);
  std::filesystem::rename(folder_, elsewhere);
  trading->obey_latch(test_clock);
  EXPECT_TRUE(trading->is_halted());
  EXPECT_THAT(trading->halt_reason(), testing::HasSubstr("vanished: put it back"));
  std::filesystem::rename(elsewhere, folder_);
  ASSERT_TRUE(HaltLatch(folder_).resume("moved back", test_clock)) << "before anybody has looked";
  trading->obey_latch(test_clock);
  EXPECT_TRUE(trading->is_halted()) << "the loss of the folder is a reason of its own";
  ASSERT_TRUE(HaltLatch(folder_).resume("looked at it", test_clock));
  trading->obey_latch(test_clock);
  EXPECT_FALSE(trading->is_halted());
  std::filesystem::rename(folder_, elsewhere);
  trading->obey_latch(test_clock);
  EXPECT_TRUE(trading->is_halted()) << "without a halt before";
  std::filesystem::rename(elsewhere, folder_);
  stop(*trading);
}

// No file may grow any more. What is recorded next is not waited for: the disk may be full and the markets quiet.
TEST_F(LiveTradingTest, AJournalThatCannotBeWrittenHaltsAtOnce) {
  auto trading = open();
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  play(*trading, market, settings_.starts_at + std::chrono::seconds(5));
  trading->add(TimerTick{1'000'000}, test_clock);
  trading->drain(test_clock);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit none{1, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  trading->write_journal(test_clock + std::chrono::milliseconds(20));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_TRUE(trading->is_halted());
  EXPECT_THAT(trading->trouble(), testing::HasSubstr("the journal could not be written"));
  EXPECT_TRUE(HaltLatch(folder_).is_halted());
}

// With an order out, the journal is written also where nothing happens: its failure must not wait for an event.
TEST_F(LiveTradingTest, AJournalThatCannotBeWrittenCancelsOrdersOfQuietMarketsAtOnce) {
  LiveGateways gateways;
  auto gateway = std::make_unique<test::TestGateway>();
  test::TestGateway& venue = *gateway;
  gateways.add(Venue::Kalshi, std::move(gateway));
  options_.gateways = &gateways;
  test_clock = settings_.starts_at;
  auto trading = open();
  ASSERT_TRUE(trading);
  const auto write = [&] { trading->write_journal(test_clock += std::chrono::milliseconds(20)); };
  write();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit none{1, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  write();
  EXPECT_FALSE(trading->is_halted()) << "nothing is out, and nothing was to be written";
  venue.state.open_orders = 1;
  write();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_TRUE(trading->is_halted());
  EXPECT_GT(venue.cancels, 0);
}

TEST_F(LiveTradingTest, FlatteningSellsWhatIsHeldAndBuysNothingUntilResumed) {
  settings_.window = std::chrono::seconds(3600);  // nothing settles meanwhile
  auto trading = open();
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  play(*trading, market, settings_.starts_at + std::chrono::seconds(15));
  const Money held = trading->run().engine().portfolio().total_exposure();
  const std::uint64_t requests = trading->run().statistics().requests();
  ASSERT_GT(held, Money{});
  ASSERT_TRUE(HaltLatch(folder_).flatten("done for today", test_clock));
  trading->obey_latch(test_clock);
  EXPECT_EQ(trading->run().engine().state(), TradingState::Reducing);
  play(*trading, market, settings_.starts_at + std::chrono::seconds(30));
  EXPECT_LT(trading->run().engine().portfolio().total_exposure(), held);
  EXPECT_EQ(trading->run().statistics().requests(), requests);
  StatusInput input;
  input.now = test_clock;
  EXPECT_THAT(status_document(input, *trading),
              testing::AllOf(testing::HasSubstr("\"trading_state\":\"reducing\""),
                             testing::HasSubstr("\"flatten\":{\"done\":"), testing::HasSubstr("\"left\":[")));
  EXPECT_TRUE(HaltLatch(folder_).resume("drill over", test_clock));
  trading->obey_latch(test_clock);
  EXPECT_EQ(trading->run().engine().state(), TradingState::Active);
  stop(*trading);
  EXPECT_THAT(audit().problems, testing::IsEmpty());
}

TEST_F(LiveTradingTest, AFlatteningSurvivesARestartAndAHaltIsStronger) {
  ASSERT_TRUE(HaltLatch(folder_).flatten("before", settings_.starts_at));
  auto trading = open();
  EXPECT_TRUE(trading->run().engine().execution().is_flattening());
  ASSERT_TRUE(HaltLatch(folder_).halt("drill", settings_.starts_at));
  trading->obey_latch(settings_.starts_at);
  EXPECT_TRUE(trading->is_halted());
  EXPECT_FALSE(trading->run().engine().execution().is_flattening());
  test_clock = settings_.starts_at;
  stop(*trading);
}

// What was sold has lost a little, and the limit is less: a plain start halts for it, a flattening sells on.
TEST_F(LiveTradingTest, OnALostDayAFlatteningGoesOnAfterARestart) {
  settings_.window = std::chrono::seconds(3600);
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  auto trading = open();
  play(*trading, market, settings_.starts_at + std::chrono::seconds(15));
  ASSERT_TRUE(HaltLatch(folder_).flatten("done for today", test_clock));
  trading->obey_latch(test_clock);
  play(*trading, market, settings_.starts_at + std::chrono::seconds(25));
  stop(*trading);
  const Money brought = trading->run().engine().execution().result_of_day(test_clock);
  ASSERT_TRUE(brought.is_negative());
  options_.limits.max_daily_loss = -brought;
  trading.reset();
  trading = open();
  EXPECT_EQ(trading->run().engine().state(), TradingState::Reducing);
  EXPECT_TRUE(trading->run().engine().execution().is_flattening());
  trading->obey_latch(test_clock);
  EXPECT_FALSE(HaltLatch(folder_).is_halted());
  stop(*trading);
  trading.reset();
  ASSERT_TRUE(HaltLatch(folder_).resume("drill over", test_clock));
  trading = open();
  trading->obey_latch(test_clock);
  EXPECT_EQ(trading->run().engine().state(), TradingState::Halted);
  EXPECT_THAT(HaltLatch(folder_).reason(), testing::HasSubstr("limits.max_daily_loss"));
  stop(*trading);
}

TEST_F(LiveTradingTest, ADayLostInTheMomentThatRedisReturnsStaysHalted) {
  auto trading = open();
  test_clock = settings_.starts_at;
  trading->set_outside_halt("Redis is away", test_clock);
  LimitSet lost;
  lost.row = kDayResultRow;
  lost.value = (-options_.limits.max_daily_loss).units();
  Event event;
  event.received_at = test_clock;
  event.body = lost;
  trading->on_event(event);
  trading->set_outside_halt({}, test_clock);
  EXPECT_EQ(trading->run().engine().state(), TradingState::Halted);
  EXPECT_THAT(HaltLatch(folder_).reason(), testing::HasSubstr("the UTC day has lost limits.max_daily_loss, "));
  stop(*trading);
}

TEST_F(LiveTradingTest, AHaltBeforeTheStartHolds) {
  ASSERT_TRUE(HaltLatch(folder_).halt("before", settings_.starts_at));
  auto trading = open();
  EXPECT_TRUE(trading->is_halted());
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  play(*trading, market, settings_.starts_at + settings_.length);
  EXPECT_EQ(trading->run().statistics().requests(), 0U);
  stop(*trading);
}

TEST_F(LiveTradingTest, GoesOnWithTheCashAndThePositionsOfTheLedger) {
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  std::map<std::string, Money> cash;
  std::size_t positions = 0;
  {
    auto trading = open();
    play(*trading, market, settings_.starts_at + std::chrono::seconds(15));
    stop(*trading);
    cash = audit().cash;
    positions = audit().positions.size();
    ASSERT_GT(positions, 0U);
  }
  auto trading = open();
  EXPECT_EQ(trading->inherited().size(), positions);
  EXPECT_EQ(trading->session(), 2U);
  EXPECT_EQ(trading->run().engine().portfolio().cash(Venue::Kalshi), cash["kalshi"]);
  EXPECT_FALSE(trading->run().engine().portfolio().total_exposure().is_zero());
  play(*trading, market, settings_.starts_at + settings_.length);
  stop(*trading);
  EXPECT_THAT(audit().problems, testing::IsEmpty());
}

// Killed with orders out at a venue that was simulated: nobody will ever answer for them.
TEST_F(LiveTradingTest, WhatADeadProcessLeftOpenIsEndedBeforeTradingBegins) {
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  {
    auto killed = open();
    Timestamp until = settings_.starts_at;
    while (killed->is_idle() && until < settings_.starts_at + settings_.length) {
      play(*killed, market, until += std::chrono::milliseconds(10));
    }
  }
  const auto open_orders = [this] {
    const auto contents = read_ledger(ledger_path(folder_));
    EXPECT_TRUE(contents);
    return std::count_if(contents->orders.begin(), contents->orders.end(),
                         [](const LedgerOrder& order) { return !order.ended_filled; });
  };
  ASSERT_GT(open_orders(), 0);
  auto trading = open();
  EXPECT_EQ(open_orders(), 0);
  const auto open_requests = read_open_requests(ledger_path(folder_));
  ASSERT_TRUE(open_requests) << open_requests.error();
  EXPECT_THAT(*open_requests, testing::IsEmpty());
  EXPECT_EQ(trading->run().engine().portfolio().free_cash(Venue::Kalshi), audit().cash["kalshi"]) << "none is reserved";
  play(*trading, market, settings_.starts_at + settings_.length);
  EXPECT_GT(trading->run().statistics().fills(), 0U);
  stop(*trading);
  EXPECT_THAT(audit().problems, testing::IsEmpty());
  expect_replay_equal(*trading);
}

TEST_F(LiveTradingTest, WithoutItsLedgerAFolderIsRefusedAndLeftAsItIs) {
  test_clock = settings_.starts_at;
  stop(*open());
  for (const char* const name : {"ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"}) {
    std::filesystem::remove(std::filesystem::path(folder_) / name);
  }
  const auto refused = LiveTrading::open(options_, settings_.starts_at);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(),
              testing::AllOf(testing::HasSubstr("the ledger is missing"), testing::HasSubstr("session-1.journal")));
  EXPECT_FALSE(std::filesystem::exists(ledger_path(folder_)));
}

TEST_F(LiveTradingTest, WhoStartsDoesNotTellTheStatusOfWhoWasKilled) {
  ASSERT_TRUE(std::filesystem::create_directories(folder_));
  ASSERT_TRUE(write_status(folder_, R"({"running":true,"pid":1,"mode":"paper","halted":false,"fills":7,"feeds":[]})"));
  const auto trading = open();
  std::ostringstream told;
  told << std::ifstream(status_path(folder_)).rdbuf();
  EXPECT_THAT(told.str(), testing::HasSubstr("\"pid\":" + std::to_string(::getpid()) + ","));
  EXPECT_THAT(told.str(), testing::Not(testing::HasSubstr("fills")));
}

// More is held than is allowed because it came from outside: the gate buys nothing on top of it.
TEST_F(LiveTradingTest, AnExplainedExcessIsNoHindranceAndBuysNothingMore) {
  options_.limits.max_total_exposure = Money::whole(100);
  open().reset();
  {
    auto ledger = Ledger::open(ledger_path(folder_));
    ASSERT_TRUE(ledger) << ledger.error();
    PositionAdjustment came;
    came.contract.id = instrument_id(Venue::Kalshi, "OUTSIDE");
    came.contract.venue = Venue::Kalshi;
    ASSERT_TRUE(set_symbol(came.contract, "OUTSIDE"));
    came.quantity = Quantity::whole(101);
    came.cost = Money::whole(101);
    ASSERT_TRUE((*ledger)->begin_session(2, "paper", settings_.starts_at));
    ASSERT_TRUE((*ledger)->adjust(came, "bought by hand", settings_.starts_at));
  }
  EXPECT_THAT(audit().problems, testing::IsEmpty());
  EXPECT_EQ(audit().excesses.size(), 1U);
  auto trading = open();
  ASSERT_TRUE(trading);
  EXPECT_EQ(trading->run().engine().state(), TradingState::Active);
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  play(*trading, market, settings_.starts_at + settings_.length);
  EXPECT_GT(trading->run().statistics().decisions(), 0U);
  EXPECT_EQ(trading->run().statistics().requests(), 0U);
  stop(*trading);
}

// As if its orders had been allowed less: nothing explains that, and a person has to look at it once.
TEST_F(LiveTradingTest, OrdersOverALimitWithoutExplanationHaltTheNextStartOnce) {
  settings_.window = std::chrono::seconds(3600);
  test_clock = kNoTime;
  MarketGenerator market(settings_);
  auto trading = open();
  play(*trading, market, settings_.starts_at + std::chrono::seconds(15));
  stop(*trading);
  trading.reset();
  {
    auto database = Database::open(ledger_path(folder_), Database::Access::ReadWrite);
    ASSERT_TRUE(database && database->execute("UPDATE limits SET total_micro = 1000000"));
  }
  EXPECT_GT(audit().overbought, 0U);
  trading = open();
  ASSERT_TRUE(trading);
  EXPECT_TRUE(trading->is_halted());
  EXPECT_THAT(HaltLatch(folder_).reason(), testing::HasSubstr("took the total exposure to"));
  ASSERT_TRUE(HaltLatch(folder_).resume("looked at it", test_clock));
  trading->obey_latch(test_clock);
  EXPECT_EQ(trading->run().engine().state(), TradingState::Active);
  stop(*trading);
  trading.reset();
  trading = open();
  EXPECT_FALSE(trading->is_halted());
  stop(*trading);
}

TEST_F(LiveTradingTest, TellsItsStatus) {
  auto trading = open();
  StatusInput input;
  input.now = from_unix_s(1'780'000'100);
  FeedHealth feed;
  feed.venue = Venue::Kalshi;
  feed.state = FeedState::Live;
  feed.last_data_at = input.now - std::chrono::milliseconds(30);
  input.feeds.push_back(feed);
  const std::string document = status_document(input, *trading);
  EXPECT_THAT(document, testing::HasSubstr("\"model\":{\"trades\":"));
  EXPECT_THAT(document, testing::HasSubstr("\"event_groups\":{\"count\":0,\"nearest\":[]}"));
  EXPECT_THAT(document, testing::HasSubstr("\"feeds\":[{\"venue\":\"kalshi\",\"status\":\"live\",\"age_ms\":30"));
  const auto fresh = status_text(document, input.now + std::chrono::seconds(1));
  ASSERT_TRUE(fresh);
  EXPECT_THAT(fresh->json, testing::HasSubstr("\"live\""));
  const auto old = status_text(document, input.now + std::chrono::seconds(3));
  ASSERT_TRUE(old);
  EXPECT_THAT(old->json, testing::AllOf(testing::HasSubstr("\"stale\""), testing::Not(testing::HasSubstr("\"live\""))));
  EXPECT_FALSE(status_text(document.substr(0, document.size() / 2), input.now));
}

}  // namespace
}  // namespace arbees::app

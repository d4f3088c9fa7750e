#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "adapters/venue/test_supervisor_fixture.h"

namespace arbees {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;

using Symbols = std::vector<std::string>;
class FeedSupervisorTest : public scripted::SupervisorFixture {};

TEST_F(FeedSupervisorTest, ConnectsSubscribesAndIsLiveWithTheFirstBook) {
  make();
  supervisor->subscribe(Symbols{"B", "A"});
  supervisor->tick(now);
  EXPECT_EQ(sockets.count(), 0U) << "not started";
  supervisor->start();
  supervisor->tick(now);
  ASSERT_EQ(sockets.count(), 1U);
  EXPECT_EQ(health().state, FeedState::Down);
  sockets[0].open();
  supervisor->tick(now);
  EXPECT_THAT(sockets[0].sent, ElementsAre("open A,B"));
  EXPECT_EQ(health().state, FeedState::Stale) << "connected, and nothing proven";
  frame("snap A 3");
  EXPECT_THAT(sink.log, ElementsAre("down", "stale", "book A 3", "live"));
  EXPECT_TRUE(sink.is_proven("A"));
  EXPECT_FALSE(sink.is_proven("B"));
  EXPECT_EQ(sink.raw_frames, 1U);
}

TEST_F(FeedSupervisorTest, OutageFaultsEveryBookAndHealsWithNewSnapshots) {
  make_live({"A", "B"});
  sockets[0].end("connection reset");
  EXPECT_EQ(sink.proven(), 0U);
  EXPECT_THAT(sink.log, ElementsAre("fault A", "fault B", "down"));
  EXPECT_THAT(health().last_trouble, HasSubstr("connection reset"));

  EXPECT_THAT(until_dial(), Le(milliseconds(400)));
  sockets[1].open();
  frame("snap A 5");
  EXPECT_TRUE(sink.is_proven("A"));
  EXPECT_FALSE(sink.is_proven("B"));
  EXPECT_EQ(health().state, FeedState::Live);
  frame("snap B 6");
  EXPECT_EQ(sink.quantity("B"), 6);
  EXPECT_EQ(health().connects, 2U);
  EXPECT_EQ(health().disconnects, 1U);
  EXPECT_EQ(health().resyncs, 2U);
}

TEST_F(FeedSupervisorTest, ChangesWithoutASnapshotOfTheNewConnectionProveNothing) {
  make_live({"A"});
  sockets[0].end("gone");
  until_dial();
  sockets[1].open();
  frame("set A 9");
  EXPECT_FALSE(sink.is_proven("A"));
  EXPECT_NE(health().state, FeedState::Live);
}

TEST_F(FeedSupervisorTest, SilentConnectionIsGivenUpAndPingsKeepItAlive) {
  make_live({"A"});
  pass_alive(minutes(1), 0);
  EXPECT_EQ(health().state, FeedState::Live) << "the venue's pings are a sign of life";
  pass(seconds(9));
  EXPECT_EQ(health().state, FeedState::Live);
  pass(seconds(2));
  EXPECT_THAT(sink.log, AllOf(Contains("fault A"), Contains("down")));
  EXPECT_THAT(health().last_trouble, HasSubstr("silent"));
  EXPECT_TRUE(sockets[0].was_closed_by_feed);
}

TEST_F(FeedSupervisorTest, DialThatNeverAnswersIsGivenUp) {
  make();
  supervisor->subscribe(Symbols{"A"});
  supervisor->start();
  pass(seconds(30));
  EXPECT_GE(sockets.count(), 2U);
  EXPECT_EQ(sockets.in_use(), 1U);
}

TEST_F(FeedSupervisorTest, FlappingConnectionIsDialedEverMoreRarely) {
  make_live({"A"});
  std::vector<Duration> waits;
  for (int i = 0; i < 40; ++i) {
    sockets.last().end("flap");
    waits.push_back(until_dial());
    sockets.last().open();
    frame("snap A 1");
  }
  const auto late = std::max_element(waits.begin() + 20, waits.end());
  EXPECT_THAT(*late, AllOf(Ge(seconds(5)), Le(seconds(31))));
  const Duration total = std::accumulate(waits.begin(), waits.end(), Duration{0});
  EXPECT_GT(total, minutes(3)) << "40 failures in a row take their time";
  pass_alive(seconds(61), sockets.count() - 1);
  sockets.last().end("again");
  EXPECT_THAT(until_dial(), Le(milliseconds(400))) << "a minute of health forgets";
}

TEST_F(FeedSupervisorTest, DialsKeepToTheVenuesRate) {
  protocol.row.dials_per_minute = 6;
  protocol.row.max_symbols = 1;
  make();
  supervisor->subscribe(Symbols{"A", "B", "C", "D"});
  supervisor->start();
  pass(seconds(1));
  EXPECT_EQ(sockets.count(), 1U);
  pass(seconds(10));
  EXPECT_EQ(sockets.count(), 2U);
  pass(seconds(25));
  EXPECT_EQ(sockets.count(), 4U + (sockets.count() > 4U ? 1U : 0U));
}

TEST_F(FeedSupervisorTest, RefusedKeyIsNotHammeredAndSaysWhatToCheck) {
  make();
  supervisor->subscribe(Symbols{"A"});
  supervisor->start();
  supervisor->tick(now);
  sockets.last().refuse(401);
  EXPECT_THAT(health().last_trouble, AllOf(HasSubstr("401"), HasSubstr("key")));
  EXPECT_THAT(until_dial(), AllOf(Ge(seconds(60)), Le(seconds(70))));
  sockets.last().refuse(401);
  EXPECT_THAT(until_dial(), Ge(seconds(120)));
  for (int i = 0; i < 10; ++i) {
    sockets.last().refuse(403);
    until_dial();
  }
  sockets.last().refuse(403);
  EXPECT_THAT(until_dial(), AllOf(Ge(minutes(10)), Le(minutes(12))));
}

TEST_F(FeedSupervisorTest, ThrottledAndRestartingVenuesAreGivenTime) {
  for (const int status : {429, 503, 425}) {
    make();
    supervisor->subscribe(Symbols{"A"});
    supervisor->start();
    supervisor->tick(now);
    sockets.last().refuse(status);
    EXPECT_EQ(health().throttled, 1U);
    EXPECT_THAT(until_dial(), AllOf(Ge(seconds(1)), Le(milliseconds(1700)))) << status;
    sockets.last().refuse(status);
    EXPECT_THAT(until_dial(), AllOf(Ge(seconds(2)), Le(milliseconds(3200)))) << status;
  }
}

TEST_F(FeedSupervisorTest, DrainingVenueIsLeftForUpToTenSeconds) {
  make_live({"A"});
  Duration longest{};
  for (int i = 0; i < 20; ++i) {
    sockets.last().end(net::WebSocketClosed{"draining", 0, 4003, true});
    const Duration wait = until_dial();
    EXPECT_LE(wait, seconds(11));
    longest = std::max(longest, wait);
    sockets.last().open();
  }
  EXPECT_GE(longest, seconds(3));
}

TEST_F(FeedSupervisorTest, DialThatCannotBeMadeCountsAsARefusal) {
  protocol.dial_error = "no key";
  make();
  supervisor->subscribe(Symbols{"A"});
  supervisor->start();
  pass(seconds(59));
  EXPECT_EQ(protocol.dialed_at.size(), 1U);
  EXPECT_EQ(health().last_trouble, "no key");
}

TEST_F(FeedSupervisorTest, GapFaultsOneBookWhichIsAskedForAgain) {
  make_live({"A", "B"});
  frame("gap A");
  EXPECT_THAT(sink.log, ElementsAre("fault A"));
  EXPECT_EQ(health().gaps, 1U);
  EXPECT_EQ(health().state, FeedState::Live);
  pass(milliseconds(100));
  EXPECT_TRUE(sockets[0].has_sent("resync A #1"));
  frame("snap A 8");
  EXPECT_EQ(sink.quantity("A"), 8);
  EXPECT_EQ(health().resyncs, 1U);
}

TEST_F(FeedSupervisorTest, StormOfGapsIsNoStormOfRequests) {
  make_live({"A"});
  const std::size_t before = sockets[0].sent.size();
  pass(seconds(60), [this] {
    frame(0, "gap A");
    frame(0, "snap A 1");
  });
  EXPECT_GE(health().gaps, 500U);
  EXPECT_LE(sockets[0].sent.size() - before, 20U);
}

TEST_F(FeedSupervisorTest, BookThatStaysLostIsAskedForEveryFourSecondsAndTheRestGoesOn) {
  make_live({"A", "B", "C"});
  frame("gap A");
  pass_alive(minutes(30), 0);
  EXPECT_EQ(sockets.count(), 1U) << "two books of three are fine: no reconnect";
  EXPECT_THAT(sockets[0].sent.size(), AllOf(Ge(400U), Le(460U)));
  EXPECT_EQ(sink.proven(), 2U);
}

TEST_F(FeedSupervisorTest, ConnectionWhoseBooksStayLostIsReplacedEverMoreRarely) {
  make_live({"A", "B"});
  frame("gap A");
  frame("gap B");
  const Timestamp start = now;
  while (now - start < std::chrono::hours(1)) {
    const std::size_t before = sockets.count();
    pass(seconds(1), [this] { sockets.last().ping(); });
    if (sockets.count() > before) sockets.last().open();
  }
  EXPECT_THAT(sockets.count(), AllOf(Ge(3U), Le(8U)));
}

TEST_F(FeedSupervisorTest, SubscriptionsChangeWhileDisconnected) {
  make_live({"A", "B"});
  sockets[0].end("gone");
  supervisor->unsubscribe(Symbols{"A"});
  supervisor->subscribe(Symbols{"C", "A", "C"});
  supervisor->unsubscribe(Symbols{"B", "Z"});
  until_dial();
  sockets[1].open();
  EXPECT_THAT(sockets[1].sent, ElementsAre("open A,C"));
  frame("snap B 1");
  EXPECT_FALSE(sink.is_proven("B")) << "no longer subscribed";
}

TEST_F(FeedSupervisorTest, SubscriptionsChangeWhileConnectedInOneFrameEach) {
  make_live({"A", "B"});
  sockets[0].sent.clear();
  supervisor->subscribe(Symbols{"C", "D"});
  supervisor->subscribe(Symbols{"E"});
  supervisor->unsubscribe(Symbols{"D"});
  supervisor->unsubscribe(Symbols{"B"});
  pass(milliseconds(100));
  EXPECT_THAT(sockets[0].sent, ElementsAre("remove B", "add C,E"));
  EXPECT_THAT(sink.log, ElementsAre("fault B"));
  frame("set B 4");
  frame("snap C 2");
  EXPECT_FALSE(sink.is_proven("B"));
  EXPECT_EQ(sink.quantity("C"), 2);
}

TEST_F(FeedSupervisorTest, SymbolWantedAgainBeforeItsRemovalWasToldIsFaultedBeforeItsNextSnapshot) {
  make_live({"A"});
  supervisor->unsubscribe(Symbols{"A"});
  supervisor->subscribe(Symbols{"A"});
  frame("snap A 7");
  EXPECT_THAT(sink.log, ElementsAre("fault A", "book A 7"));
  pass(milliseconds(100));
  EXPECT_EQ(sink.quantity("A"), 7);
  EXPECT_TRUE(supervisor->is_proven(instrument_id(Venue::Kalshi, "A")));
}

TEST_F(FeedSupervisorTest, SymbolsBeyondTheLimitGetConnectionsOfTheirOwn) {
  protocol.row.max_symbols = 2;
  make();
  supervisor->subscribe(Symbols{"A", "B", "C", "D", "E"});
  supervisor->start();
  pass(milliseconds(100));
  ASSERT_EQ(sockets.count(), 3U);
  for (std::size_t i = 0; i < 3; ++i) sockets[i].open();
  EXPECT_TRUE(sockets[0].has_sent("open A,B"));
  EXPECT_TRUE(sockets[1].has_sent("open C,D"));
  EXPECT_TRUE(sockets[2].has_sent("open E"));
  frame(0, "snap A 1;snap B 1");
  frame(1, "snap C 1;snap D 1");
  frame(2, "snap E 1");
  sink.log.clear();
  frame(2, "snap A 9");
  EXPECT_THAT(sink.log, IsEmpty()) << "A belongs to another connection";
  sockets[1].end("gone");
  EXPECT_THAT(sink.log, testing::UnorderedElementsAre("fault C", "fault D")) << "the others deliver: still live";
  supervisor->unsubscribe(Symbols{"E"});
  pass(milliseconds(100));
  EXPECT_TRUE(sockets[2].was_closed_by_feed) << "nothing left to carry";
}

TEST_F(FeedSupervisorTest, NoticesAboutContractsPassFromAnyConnection) {
  protocol.row.max_symbols = 1;
  make();
  supervisor->subscribe(Symbols{"A", "B"});
  supervisor->start();
  pass(milliseconds(100));
  sockets[0].open();
  sockets[1].open();
  frame(1, "snap B 1");
  sink.log.clear();
  frame(0, "settle B");
  frame(0, "settle C");
  EXPECT_THAT(sink.log, ElementsAre("settled B")) << "C is not subscribed";
}

TEST_F(FeedSupervisorTest, NoPriceWhileHeartbeatsFlowIsStale) {
  protocol.row.price_age = seconds(4);
  make_live({"A"});
  const auto beat = [this] { frame(0, "hb"); };
  pass(seconds(3), beat);
  EXPECT_EQ(health().state, FeedState::Live);
  pass(seconds(2), beat);
  EXPECT_THAT(sink.log, ElementsAre("fault A", "stale"));
  frame("snap A 2");
  EXPECT_EQ(health().state, FeedState::Live);
  EXPECT_EQ(sink.quantity("A"), 2);
  pass(seconds(36), beat);
  EXPECT_TRUE(sockets[0].was_closed_by_feed) << "stale for half a minute: another connection may do better";
}

TEST_F(FeedSupervisorTest, WithoutHeartbeatsAPriceAgesSooner) {
  protocol.row.price_age = seconds(8);
  protocol.row.price_age_alone = seconds(3);
  protocol.row.heartbeat = seconds(1);
  make_live({"A"});
  frame("hb");
  pass(seconds(7), [this] { frame(0, "hb"); });
  EXPECT_EQ(health().state, FeedState::Live);
  frame("set A 1");
  pass(seconds(5));
  EXPECT_EQ(health().state, FeedState::Stale);
}

TEST_F(FeedSupervisorTest, PingsAreSentInTime) {
  protocol.row.ping_interval = seconds(10);
  make_live({"A"});
  pass_alive(minutes(1), 0);
  EXPECT_EQ(std::count(sockets[0].sent.begin(), sockets[0].sent.end(), "ping"), 6);
}

TEST_F(FeedSupervisorTest, FramesWaitForTheRateOfTheVenue) {
  protocol.row.frames_per_second = 2;
  make_live({"A"});
  sockets[0].sent.clear();
  for (const char* symbol : {"B", "C", "D", "E", "F", "G"}) {
    supervisor->subscribe(Symbols{symbol});
    supervisor->tick(now);
  }
  EXPECT_LE(sockets[0].sent.size(), 2U);
  pass_alive(seconds(4), 0);
  EXPECT_EQ(sockets[0].sent.size(), 6U);
}

TEST_F(FeedSupervisorTest, SessionThatGivesUpIsReplaced) {
  make_live({"A"});
  frame("bad");
  pass(milliseconds(100));
  EXPECT_THAT(sink.log, ElementsAre("fault A", "down"));
  until_dial();
  EXPECT_EQ(sockets.count(), 2U);
}

TEST_F(FeedSupervisorTest, SnapshotsByRestGoToTheConnectionThatAskedAndNoOther) {
  struct Fetcher final : SnapshotFetcher {
    void fetch(std::uint32_t connection, SnapshotRequest request) override {
      asked.emplace_back(connection, request.target);
    }
    std::vector<std::pair<std::uint32_t, std::string>> asked;
  } rest;
  fetcher = &rest;
  protocol.resync_by_rest = true;
  make_live({"A"});
  frame("gap A");
  pass(milliseconds(100));
  ASSERT_THAT(rest.asked, ElementsAre(std::pair<std::uint32_t, std::string>(1, "/book/A")));
  FrameBuffer body;
  supervisor->on_snapshot(2, "A", body.assign("snap A 4"), now);
  EXPECT_FALSE(sink.is_proven("A"));
  supervisor->on_snapshot(1, "A", body.assign("snap A 4"), now);
  EXPECT_EQ(sink.quantity("A"), 4);
  EXPECT_EQ(health().state, FeedState::Live);
}

TEST_F(FeedSupervisorTest, FaultFoundOutsideIsToldAndHealed) {
  make_live({"A", "B"});
  supervisor->fault(instrument_id(Venue::Kalshi, "A"), BookFault::HashMismatch);
  EXPECT_THAT(sink.log, ElementsAre("fault A"));
  supervisor->fault(instrument_id(Venue::Kalshi, "A"), BookFault::HashMismatch);
  EXPECT_EQ(sink.log.size(), 1U) << "told once";
  pass(milliseconds(100));
  EXPECT_TRUE(sockets[0].has_sent("resync A #1"));
}

TEST_F(FeedSupervisorTest, ConnectionWithoutSymbolsIsKeptOnlyWhereItIsNeeded) {
  make();
  supervisor->start();
  pass(seconds(1));
  EXPECT_EQ(sockets.count(), 0U);
  protocol.always_connected = true;
  pass(seconds(1));
  EXPECT_EQ(sockets.count(), 1U);
}

TEST_F(FeedSupervisorTest, StopFaultsClosesAndStaysStopped) {
  make_live({"A"});
  supervisor->stop();
  EXPECT_THAT(sink.log, ElementsAre("fault A", "down"));
  pass(minutes(2));
  EXPECT_EQ(sockets.count(), 1U);
  EXPECT_EQ(sockets.in_use(), 0U);
  EXPECT_EQ(sockets[0].handler, nullptr) << "its socket is gone";
}

TEST_F(FeedSupervisorTest, DestructionDropsEverySocketWithoutAWord) {
  make_live({"A"});
  frame("leave");
  pass(milliseconds(200));
  sockets[1].open();
  sink.log.clear();
  supervisor.reset();
  EXPECT_EQ(sockets[0].handler, nullptr);
  EXPECT_EQ(sockets[1].handler, nullptr);
  EXPECT_THAT(sink.log, IsEmpty());
}

TEST_F(FeedSupervisorTest, SinkMaySubscribeFromInsideAnEvent) {
  make_live({"A"});
  int count = 0;
  sink.also = [&](const Event&) {
    if (count >= 300) return;
    supervisor->subscribe(Symbols{"new" + std::to_string(count++)});
    supervisor->unsubscribe(Symbols{"A"});
  };
  frame("snap A 2");
  pass(seconds(1));
  EXPECT_FALSE(sink.is_proven("A"));
  EXPECT_GE(supervisor->symbols().size(), 2U);
}

}  // namespace
}  // namespace arbees

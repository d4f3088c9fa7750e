// Two connections of one shard: what passes from which, and what is proven meanwhile.

#include <gmock/gmock.h>

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
using testing::IsEmpty;
using testing::Le;
using testing::Not;

using Symbols = std::vector<std::string>;
class FeedHandOverTest : public scripted::SupervisorFixture {};

TEST_F(FeedHandOverTest, SuccessorTakesOverWithoutAHole) {
  protocol.row.max_age = minutes(24);
  make_live({"A", "B"});
  const Timestamp born = now;
  while (sockets.count() == 1) pass_alive(seconds(1), 0);
  EXPECT_THAT(now - born, AllOf(Ge(minutes(23)), Le(minutes(24) + seconds(2))));
  sink.log.clear();
  frame(0, "set A 10");
  sockets[1].open();
  frame(1, "set A 99");  // not proven yet: the predecessor's word counts
  frame(0, "set A 11");
  frame(1, "snap A 11");
  frame(0, "set A 12");  // the predecessor's copy of what the successor tells next
  frame(1, "set A 12");
  frame(0, "set B 20");
  EXPECT_EQ(supervisor->open_connections(), 2U);
  frame(1, "snap B 20");
  pass(milliseconds(100));
  EXPECT_THAT(sink.log, ElementsAre("book A 10", "book A 11", "book A 11", "book A 12", "book B 20", "book B 20"));
  EXPECT_TRUE(sockets[0].was_closed_by_feed);
  EXPECT_EQ(supervisor->open_connections(), 1U);
  frame(0, "set A 1");
  frame(1, "set A 13");
  EXPECT_EQ(sink.log.back(), "book A 13");
  EXPECT_EQ(health().disconnects, 0U);
  EXPECT_EQ(sink.proven(), 2U);
}

TEST_F(FeedHandOverTest, SuccessorsSnapshotThatItsFrameTakesBackIsNotBelieved) {
  make_live({"A"});
  frame("leave");
  pass(milliseconds(200));
  ASSERT_EQ(sockets.count(), 2U);
  sockets[1].open();
  sink.log.clear();
  frame(1, "snap A 5;gap A");
  EXPECT_THAT(sink.log, IsEmpty());
  EXPECT_EQ(sink.quantity("A"), 1);
  frame(0, "set A 2");
  EXPECT_EQ(sink.quantity("A"), 2);
}

TEST_F(FeedHandOverTest, AnnouncedShutdownBringsASuccessorAtOnce) {
  make_live({"A"});
  frame("leave");
  pass(milliseconds(200));
  ASSERT_EQ(sockets.count(), 2U);
  sockets[1].open();
  EXPECT_TRUE(sockets[1].has_sent("open A"));
  frame(1, "snap A 4");
  sockets[0].end("going away");
  EXPECT_EQ(sink.quantity("A"), 4);
  EXPECT_THAT(sink.log, Not(Contains("down")));
}

TEST_F(FeedHandOverTest, PredecessorThatDiesEarlyLeavesWhatTheSuccessorHasProven) {
  make_live({"A", "B"});
  frame("leave");
  pass(milliseconds(200));
  sockets[1].open();
  frame(1, "snap A 4");
  sink.log.clear();
  sockets[0].end("gone");
  EXPECT_THAT(sink.log, ElementsAre("fault B"));
  EXPECT_EQ(sink.quantity("A"), 4);
  EXPECT_EQ(health().state, FeedState::Live);
  frame(1, "snap B 6");
  EXPECT_EQ(sink.quantity("B"), 6);
}

TEST_F(FeedHandOverTest, SuccessorThatProvesNothingIsDroppedAndTheOldOneServesOn) {
  make_live({"A"});
  frame("leave");
  pass(milliseconds(200));
  sockets[1].open();
  sink.log.clear();
  pass(seconds(35), [this] {
    sockets[0].ping();
    sockets[1].ping();
  });
  EXPECT_TRUE(sockets[1].was_closed_by_feed);
  frame(0, "set A 2");
  EXPECT_THAT(sink.log, ElementsAre("book A 2"));
  EXPECT_EQ(sink.quantity("A"), 2);
}

TEST_F(FeedHandOverTest, TradesAreToldOnceAcrossTheHandOver) {
  make_live({"A"});
  frame("trade A 5");
  frame("leave");
  pass(milliseconds(200));
  sockets[1].open();
  frame(1, "trade A 5");
  frame(0, "trade A 6");
  frame(1, "trade A 6;snap A 1;trade A 6;trade A 7");
  frame(0, "trade A 7");
  EXPECT_THAT(sink.log, ElementsAre("trade 5", "trade 6", "book A 1", "trade 7"));
}

TEST_F(FeedHandOverTest, ReferencePricesFollowOneConnectionAndTakeOverWithTheFirstPrice) {
  protocol.proof_kind = ProofKind::AnyPrice;
  protocol.row.price_age = seconds(4);
  make();
  supervisor->subscribe(Symbols{"btc"});
  supervisor->start();
  supervisor->tick(now);
  sockets[0].open();
  EXPECT_NE(health().state, FeedState::Live);
  frame("print");
  EXPECT_EQ(health().state, FeedState::Live);
  frame("leave");
  pass(milliseconds(200));
  ASSERT_EQ(sockets.count(), 2U);
  sockets[1].open();
  sink.log.clear();
  frame(1, "print");
  EXPECT_THAT(sink.log, IsEmpty()) << "the old one tells it";
  pass(milliseconds(100));
  frame(0, "print");
  frame(1, "print");
  EXPECT_THAT(sink.log, ElementsAre("print"));
}

// Whatever happens: what the core believes is what the supervisor believes, and both only what one connection has
// delivered in full since its snapshot.
TEST_F(FeedHandOverTest, ProofAgreesWithModelOverRandomHistories) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    protocol = scripted::Protocol();
    protocol.row.max_symbols = 3;
    protocol.row.max_age = minutes(2);
    sockets = scripted::Sockets();
    sink = scripted::Sink();
    make(seed);
    supervisor->start();
    const Symbols names = {"A", "B", "C", "D", "E", "F"};
    int value = 0;
    for (int step = 0; step < 1500; ++step) {
      const std::string& name = names[random.below(names.size())];
      scripted::SocketScript* socket = sockets.count() == 0 ? nullptr : &sockets[random.below(sockets.count())];
      const bool is_usable = socket != nullptr && socket->handler != nullptr;
      switch (random.below(12)) {
        case 0: supervisor->subscribe(Symbols{name}); break;
        case 1:
          if (random.chance(1, 3)) supervisor->unsubscribe(Symbols{name});
          break;
        case 2:
          if (is_usable && random.chance(1, 4)) socket->end("random");
          break;
        case 3:
        case 4:
          if (is_usable && !socket->is_open) socket->open();
          break;
        case 5:
        case 6: {
          const bool is_taken_back = random.chance(1, 8);
          const std::string text =
              "snap " + name + " " + std::to_string(++value) + (is_taken_back ? ";gap " + name : "");
          if (is_usable && socket->is_open) socket->frame(text, now);
          break;
        }
        case 7:
          if (is_usable && socket->is_open) socket->frame("set " + name + " " + std::to_string(++value), now);
          break;
        case 8:
          if (is_usable && socket->is_open) socket->frame("gap " + name, now);
          break;
        case 9:
          if (is_usable && socket->is_open && random.chance(1, 4)) socket->frame("leave", now);
          break;
        default: pass(milliseconds(random.between(1, 30) * 100)); break;
      }
      supervisor->tick(now);
      for (const std::string& symbol : names) {
        ASSERT_EQ(sink.is_proven(symbol), supervisor->is_proven(instrument_id(Venue::Kalshi, symbol)))
            << "step " << step << " symbol " << symbol;
      }
      if (health().state != FeedState::Live) {
        ASSERT_EQ(sink.proven(), 0U) << "step " << step;
      }
    }
  }
}

}  // namespace
}  // namespace arbees

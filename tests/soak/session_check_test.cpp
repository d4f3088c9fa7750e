// The judge itself must be able to condemn: sessions that were tampered with.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/store/journal_writer.h"
#include "adapters/store/ledger.h"
#include "adapters/store/test_files.h"
#include "tests/soak/session_check.h"

namespace arbees::soak {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Timestamp kStart = from_unix_s(1'780'000'000);
const InstrumentId kMarket = instrument_id(Venue::Kalshi, "K");

class SessionCheckTest : public testing::Test {
 protected:
  void add(const EventBody& body, int seconds) {
    Event event;
    event.received_at = kStart + std::chrono::seconds(seconds);
    event.sequence = ++sequence_;
    event.body = body;
    ASSERT_TRUE(journal_->append(event));
  }
  void snapshot(int seconds) {
    BookUpdate update;
    update.id = kMarket;
    update.price = Price::from_units(4000);
    update.quantity = Quantity::whole(1);
    update.flags = BookUpdate::kSnapshotStart | BookUpdate::kSnapshot | BookUpdate::kLast;
    add(update, seconds);
  }
  void fault(int seconds) {
    BookFaulted faulted;
    faulted.id = kMarket;
    faulted.fault = BookFault::SequenceGap;
    add(faulted, seconds);
  }
  void mismatch(int seconds) {
    BookFaulted faulted;
    faulted.id = kMarket;
    faulted.fault = BookFault::HashMismatch;
    add(faulted, seconds);
  }
  void order(int seconds) {
    OrderRequest request;
    request.id = OrderId{++orders_};
    request.instrument = kMarket;
    request.venue = Venue::Kalshi;
    request.asset = Asset::BTC;
    request.limit = Price::from_units(4000);
    request.quantity = Quantity::whole(1);
    ASSERT_TRUE(ledger_->record(Report{kStart + std::chrono::seconds(seconds), ++sequence_, OrderSubmitted{request}}));
  }

  void SetUp() override {
    JournalHeader header;
    header.created_at = kStart;
    journal_ = std::move(*JournalWriter::create(folder_.file("j"), header));
    ledger_ = std::move(*Ledger::open(folder_.file("l"), Ledger::Durability::Normal));
    ASSERT_TRUE(ledger_->begin_session(1, "paper", kStart));
    InstrumentNamed named;
    named.id = kMarket;
    named.venue = Venue::Kalshi;
    ASSERT_TRUE(set_symbol(named, "K"));
    add(named, 0);
    ASSERT_TRUE(ledger_->record(named));
    ContractListed listed;
    listed.id = kMarket;
    listed.terms.closes_at = kStart + std::chrono::hours(1);
    add(listed, 0);
  }

  SessionFacts check() {
    EXPECT_TRUE(journal_->flush(Sync::ToSystem));
    EXPECT_TRUE(ledger_->commit());
    question_.journal = folder_.file("j");
    question_.ledger = folder_.file("l");
    return check_session(question_);
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<JournalWriter> journal_;
  std::unique_ptr<Ledger> ledger_;
  SessionQuestion question_;
  std::uint64_t sequence_ = 0;
  std::uint64_t orders_ = 0;
};

TEST_F(SessionCheckTest, AnOrderOnAProvenFreshBookIsFounded) {
  snapshot(1);
  order(1);
  const SessionFacts facts = check();
  EXPECT_THAT(facts.problems, testing::Not(testing::Contains(HasSubstr("not proven"))));
  EXPECT_EQ(facts.orders, 1U);
  EXPECT_EQ(facts.watched, 1U);
}

TEST_F(SessionCheckTest, AnOrderAfterAFaultIsFound) {
  snapshot(1);
  fault(2);
  add(TimerTick{1}, 3);
  order(3);
  EXPECT_THAT(check().problems, testing::Contains(HasSubstr("order for K yes at 2026-05-28T20:26:43.000Z on a book "
                                                            "that was not proven")));
}

TEST_F(SessionCheckTest, AnOrderOnAStaleBookIsFound) {
  snapshot(1);
  add(TimerTick{1}, 62);
  order(62);
  EXPECT_THAT(check().problems, testing::Contains(HasSubstr("not proven and fresh")));
}

TEST_F(SessionCheckTest, AnOrderWhileTheVenueIsLostIsFound) {
  snapshot(1);
  FeedStatus status;
  status.venue = Venue::Kalshi;
  status.state = FeedState::Stale;
  add(status, 2);
  order(2);
  EXPECT_THAT(check().problems, testing::Contains(HasSubstr("not proven and fresh")));
}

TEST_F(SessionCheckTest, AMarketThatHealsTooLateIsFound) {
  snapshot(1);
  fault(2);
  question_.faults_end = kStart + std::chrono::seconds(3);
  snapshot(9);
  EXPECT_THAT(check().unhealed, ElementsAre("K"));
}

TEST_F(SessionCheckTest, AMarketThatHasNotHealedAtTheEndIsFound) {
  snapshot(1);
  fault(2);
  question_.faults_end = kStart + std::chrono::seconds(3);
  add(TimerTick{1}, 4);
  EXPECT_THAT(check().unhealed, ElementsAre("K"));
}

TEST_F(SessionCheckTest, ABookFoundWrongAfterItBeganAnewIsFound) {
  snapshot(1);
  question_.faults_end = kStart + std::chrono::seconds(3);
  mismatch(4);  // of something that was lost before
  snapshot(6);
  EXPECT_THAT(check().wrong_again, IsEmpty());
  mismatch(8);
  EXPECT_THAT(check().wrong_again, ElementsAre("K at 2026-05-28T20:26:48.000Z"));
}

TEST_F(SessionCheckTest, AMarketThatHealsInTimeIsMeasured) {
  snapshot(1);
  fault(2);
  question_.faults_end = kStart + std::chrono::seconds(3);
  snapshot(7);
  add(TimerTick{1}, 20);
  const SessionFacts facts = check();
  EXPECT_THAT(facts.unhealed, IsEmpty());
  EXPECT_EQ(facts.longest_heal, std::chrono::seconds(4));
}

}  // namespace
}  // namespace arbees::soak

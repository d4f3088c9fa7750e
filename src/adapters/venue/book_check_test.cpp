// Mirrors, the equality check and the estimate of a venue's clock: all in a time of the test's own.

#include <gmock/gmock.h>

#include <map>

#include "adapters/venue/book_mirror.h"
#include "adapters/venue/clock_skew.h"
#include "adapters/venue/equality_check.h"
#include "core/base/random.h"

namespace arbees {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;

constexpr InstrumentId kBook{7};
const Timestamp kStart = from_unix_s(1'800'000'000);

BookUpdate update(BookAction action, BookSide side, int cents, int contracts, std::uint8_t flags = BookUpdate::kLast) {
  return BookUpdate{kBook, Price::from_units(cents * 100), Quantity::whole(contracts), action, side, flags, {}};
}

void begin_snapshot(BookMirror& book) {
  book.apply(update(BookAction::Clear, BookSide::Bid, 0, 0, BookUpdate::kSnapshot | BookUpdate::kSnapshotStart));
}

TEST(BookMirror, IsProvenByASnapshotAndUnprovenByAFault) {
  BookMirror book;
  EXPECT_FALSE(book.is_proven());
  begin_snapshot(book);
  book.apply(update(BookAction::Set, BookSide::Bid, 40, 5, BookUpdate::kSnapshot));
  EXPECT_FALSE(book.is_proven());
  book.apply(update(BookAction::Set, BookSide::Ask, 45, 6, BookUpdate::kSnapshot | BookUpdate::kLast));
  EXPECT_TRUE(book.is_proven());
  book.fault();
  EXPECT_FALSE(book.is_proven());
}

TEST(BookMirror, RefusesALevelBelowZeroAndSeesACrossing) {
  BookMirror book;
  begin_snapshot(book);
  book.apply(update(BookAction::Set, BookSide::Bid, 40, 5, BookUpdate::kSnapshot | BookUpdate::kLast));
  EXPECT_FALSE(book.apply(update(BookAction::Add, BookSide::Bid, 40, -6)));
  EXPECT_TRUE(book.apply(update(BookAction::Add, BookSide::Bid, 40, -5)));
  EXPECT_TRUE(book.bids().empty());
  book.apply(update(BookAction::Set, BookSide::Bid, 50, 1));
  book.apply(update(BookAction::Set, BookSide::Ask, 51, 1));
  EXPECT_FALSE(book.is_crossed());
  book.apply(update(BookAction::Set, BookSide::Bid, 51, 1));
  EXPECT_TRUE(book.is_crossed());
}

TEST(BookMirror, NamesTheFirstLevelThatDiffers) {
  BookMirror streamed;
  BookMirror rest;
  for (BookMirror* book : {&streamed, &rest}) {
    begin_snapshot(*book);
    book->apply(update(BookAction::Set, BookSide::Bid, 40, 5));
    book->apply(update(BookAction::Set, BookSide::Ask, 60, 5));
  }
  EXPECT_EQ(first_difference(streamed, rest), "");
  rest.apply(update(BookAction::Set, BookSide::Ask, 60, 4));
  EXPECT_EQ(first_difference(streamed, rest), "ask 0.6000: 5 streamed, 4 by REST");
  rest.apply(update(BookAction::Set, BookSide::Bid, 39, 4));
  EXPECT_EQ(first_difference(streamed, rest), "bid 0.3900: 0 streamed, 4 by REST");
}

// Equal digests exactly for equal books, whatever way they were reached.
TEST(BookMirror, DigestAgreesWithModelOverRandomChanges) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    BookMirror book;
    begin_snapshot(book);
    std::map<std::pair<int, int>, int> model;
    std::map<std::map<std::pair<int, int>, int>, std::uint64_t> digests;
    for (int step = 0; step < 400; ++step) {
      const int side = static_cast<int>(random.below(2));
      const int cents = 40 + static_cast<int>(random.below(4));
      const int contracts = static_cast<int>(random.below(3));
      book.apply(update(BookAction::Set, side == 0 ? BookSide::Bid : BookSide::Ask, cents, contracts));
      if (contracts == 0) {
        model.erase({side, cents});
      } else {
        model[{side, cents}] = contracts;
      }
      const auto [known, is_new] = digests.emplace(model, book.digest());
      ASSERT_EQ(known->second, book.digest()) << "step " << step;
      ASSERT_EQ(book.bids().size() + book.asks().size(), model.size());
    }
    std::map<std::uint64_t, int> uses;
    for (const auto& [levels, digest] : digests) ASSERT_EQ(++uses[digest], 1);
  }
}

TEST(EqualityCheck, AnswerFromBeforeDuringAndAfterTheRequestIsEqual) {
  EqualityCheck check;
  check.begin(1, kStart);
  check.on_streamed(2);
  check.on_answer(1, kStart + milliseconds(50));
  EXPECT_EQ(check.verdict(kStart + milliseconds(50)), EqualityVerdict::Equal) << "the state when it was asked";

  check.begin(1, kStart);
  check.on_streamed(2);
  check.on_streamed(3);
  check.on_answer(2, kStart + milliseconds(50));
  EXPECT_EQ(check.verdict(kStart + milliseconds(50)), EqualityVerdict::Equal) << "a state meanwhile";

  check.begin(1, kStart);
  check.on_answer(2, kStart + milliseconds(50));
  EXPECT_EQ(check.verdict(kStart + seconds(1)), EqualityVerdict::Pending);
  check.on_streamed(2);
  EXPECT_EQ(check.verdict(kStart + seconds(1)), EqualityVerdict::Equal) << "REST was ahead of the stream";
}

TEST(EqualityCheck, OnlyTwoForeignAnswersInARowAreADifference) {
  EqualityCheck check;
  check.begin(1, kStart);
  check.on_answer(9, kStart + milliseconds(50));
  EXPECT_EQ(check.verdict(kStart + seconds(3)), EqualityVerdict::AskAgain);
  EXPECT_EQ(check.verdict(kStart + seconds(3)), EqualityVerdict::Pending) << "asked again once";
  check.on_answer(9, kStart + seconds(4));
  EXPECT_EQ(check.verdict(kStart + seconds(5)), EqualityVerdict::Pending);
  EXPECT_EQ(check.verdict(kStart + seconds(7)), EqualityVerdict::Different);

  check.begin(1, kStart);
  check.on_answer(9, kStart);
  EXPECT_EQ(check.verdict(kStart + seconds(3)), EqualityVerdict::AskAgain);
  check.on_answer(1, kStart + seconds(4));
  EXPECT_EQ(check.verdict(kStart + seconds(4)), EqualityVerdict::Equal) << "the first came from a cache";
}

TEST(EqualityCheck, FaultOrSilenceMakesItVoid) {
  EqualityCheck check;
  check.begin(1, kStart);
  check.on_fault();
  check.on_answer(9, kStart);
  EXPECT_EQ(check.verdict(kStart + seconds(60)), EqualityVerdict::Void);
  check.begin(1, kStart);
  EXPECT_EQ(check.verdict(kStart + seconds(60)), EqualityVerdict::Void);
}

TEST(ClockSkew, IsTheMiddleOfWhatOneRoundTripLeavesPossible) {
  ClockSkew clock;
  EXPECT_FALSE(clock.estimate());
  // The venue is 500 ms ahead; 40 ms there and back.
  clock.on_reply(kStart + milliseconds(520), Duration{0}, kStart, kStart + milliseconds(40));
  EXPECT_EQ(*clock.estimate(), milliseconds(500));
  EXPECT_EQ(*clock.uncertainty(), milliseconds(20));
}

TEST(ClockSkew, ManyCoarseAnswersAgreeOnAFineEstimate) {
  ClockSkew clock;
  const Duration skew = milliseconds(-300);
  Random random(3);
  Timestamp now = kStart;
  for (int i = 0; i < 200; ++i) {
    now += milliseconds(random.between(500, 1500));
    const Timestamp stamped = std::chrono::floor<seconds>(now + milliseconds(10) + skew);
    clock.on_reply(stamped, seconds(1), now, now + milliseconds(20));
  }
  EXPECT_THAT(*clock.estimate(), testing::AllOf(Ge(skew - milliseconds(30)), Le(skew + milliseconds(30))));
  EXPECT_LE(*clock.uncertainty(), milliseconds(60));
}

TEST(ClockSkew, MessagesBoundItFromBelowAndAClockThatWasSetIsFollowed) {
  ClockSkew clock;
  clock.on_message(kStart + milliseconds(100), kStart + milliseconds(300));
  clock.on_message(kStart + milliseconds(400), kStart + milliseconds(420));
  EXPECT_EQ(*clock.estimate(), milliseconds(-20)) << "the fastest message tells most";
  clock.on_reply(kStart + seconds(10), Duration{0}, kStart + seconds(1), kStart + seconds(1) + milliseconds(20));
  EXPECT_THAT(*clock.estimate(), testing::AllOf(Ge(milliseconds(8900)), Le(seconds(9))));
  clock.on_reply(kStart + seconds(2), Duration{0}, kStart + seconds(2), kStart + seconds(2) + milliseconds(20));
  EXPECT_THAT(*clock.estimate(), testing::AllOf(Ge(milliseconds(-30)), Le(milliseconds(10))));
}

TEST(HttpDate, ReadsThePreferredFormOnly) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), from_unix_s(784111777));
  for (const char* text :
       {"", "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08-49-37 GMT"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

}  // namespace
}  // namespace arbees

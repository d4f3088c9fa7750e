#include "core/market/spot_book.h"

#include <gtest/gtest.h>

#include <map>

#include "core/base/random.h"

namespace arbees {
namespace {

SpotPrice price(std::int64_t units) { return SpotPrice::from_units(units); }
SpotQuantity quantity(std::int64_t units) { return SpotQuantity::from_units(units); }

void set(SpotBook& book, BookSide side, std::int64_t at, std::int64_t size) {
  book.apply(BookAction::Set, side, price(at), quantity(size));
}

SpotBook proven_book() {
  SpotBook book;
  book.begin_snapshot();
  book.end_snapshot();
  return book;
}

TEST(SpotBook, IsUnprovenUntilASnapshotIsComplete) {
  SpotBook book;
  EXPECT_EQ(book.status(), BookStatus::Unproven);
  book.begin_snapshot();
  EXPECT_EQ(book.status(), BookStatus::Unproven);
  book.end_snapshot();
  EXPECT_EQ(book.status(), BookStatus::Proven);
}

TEST(SpotBook, BestLevelsAreTheHighestBidAndTheLowestAsk) {
  SpotBook book = proven_book();
  for (const std::int64_t at : {100, 102, 101}) set(book, BookSide::Bid, at, at);
  for (const std::int64_t at : {105, 103, 104}) set(book, BookSide::Ask, at, at);
  EXPECT_EQ(book.best_bid(), (SpotLevel{price(102), quantity(102)}));
  EXPECT_EQ(book.best_ask(), (SpotLevel{price(103), quantity(103)}));
  EXPECT_EQ(book.status(), BookStatus::Proven);
}

TEST(SpotBook, ZeroRemovesALevelAndTheNextIsBest) {
  SpotBook book = proven_book();
  set(book, BookSide::Ask, 103, 1);
  set(book, BookSide::Ask, 104, 2);
  set(book, BookSide::Ask, 103, 0);
  EXPECT_EQ(book.best_ask().price, price(104));
  set(book, BookSide::Ask, 104, 0);
  EXPECT_FALSE(book.has_ask());
}

TEST(SpotBook, CrossingHealsWhenUndone) {
  SpotBook book = proven_book();
  set(book, BookSide::Bid, 100, 1);
  set(book, BookSide::Ask, 100, 1);
  EXPECT_EQ(book.status(), BookStatus::Crossed);
  set(book, BookSide::Bid, 100, 0);
  EXPECT_EQ(book.status(), BookStatus::Proven);
}

TEST(SpotBook, OnlyASnapshotHealsAFault) {
  SpotBook book = proven_book();
  book.mark(BookFault::SequenceGap);
  book.mark(BookFault::Malformed);
  set(book, BookSide::Bid, 100, 1);
  EXPECT_EQ(book.fault(), BookFault::SequenceGap) << "the first fault stays";
  EXPECT_EQ(book.status(), BookStatus::Gap);
  book.begin_snapshot();
  book.end_snapshot();
  EXPECT_EQ(book.status(), BookStatus::Proven);
  EXPECT_FALSE(book.has_bid());
}

TEST(SpotBook, ImpossibleChangesAreFaults) {
  SpotBook book = proven_book();
  EXPECT_EQ(book.apply(BookAction::Set, BookSide::Bid, price(0), quantity(1)), BookFault::OutOfRange);
  book = proven_book();
  EXPECT_EQ(book.apply(BookAction::Set, BookSide::Bid, price(1), quantity(-1)), BookFault::NegativeLevel);
  book = proven_book();
  EXPECT_EQ(book.apply(BookAction::Add, BookSide::Bid, price(1), quantity(1)), BookFault::OutOfRange);
  EXPECT_EQ(book.status(), BookStatus::Unproven);
}

TEST(SpotBook, TruncationKeepsTheBest) {
  SpotBook book = proven_book();
  for (std::int64_t i = 0; i < 10; ++i) {
    set(book, BookSide::Bid, 100 - i, 1);
    set(book, BookSide::Ask, 101 + i, 1);
  }
  book.truncate(3);
  EXPECT_EQ(book.level_count(BookSide::Bid), 3U);
  EXPECT_EQ(book.quantity_at(BookSide::Bid, price(98)), quantity(1));
  EXPECT_EQ(book.quantity_at(BookSide::Bid, price(97)), quantity(0));
  EXPECT_EQ(book.quantity_at(BookSide::Ask, price(103)), quantity(1));
  EXPECT_EQ(book.quantity_at(BookSide::Ask, price(104)), quantity(0));
}

TEST(SpotBook, DropsTheWorstLevelWhenFull) {
  SpotBook book = proven_book();
  const auto limit = static_cast<std::int64_t>(SpotBook::kMaxLevels);
  for (std::int64_t i = 1; i <= limit; ++i) set(book, BookSide::Bid, i * 2, 1);
  set(book, BookSide::Bid, 1, 1);
  EXPECT_EQ(book.quantity_at(BookSide::Bid, price(1)), quantity(0)) << "worse than all that are kept";
  set(book, BookSide::Bid, 5, 7);
  EXPECT_EQ(book.level_count(BookSide::Bid), SpotBook::kMaxLevels);
  EXPECT_EQ(book.quantity_at(BookSide::Bid, price(2)), quantity(0));
  EXPECT_EQ(book.quantity_at(BookSide::Bid, price(4)), quantity(1));
  EXPECT_EQ(book.quantity_at(BookSide::Bid, price(5)), quantity(7));
  EXPECT_EQ(book.best_bid().price, price(limit * 2));
}

TEST(SpotBook, StatusWithAgeIsStaleAfterSilence) {
  SpotBook book = proven_book();
  book.set_updated_at(from_unix_s(100));
  EXPECT_EQ(book.status(from_unix_s(103), std::chrono::seconds(3)), BookStatus::Proven);
  EXPECT_EQ(book.status(from_unix_s(104), std::chrono::seconds(3)), BookStatus::Stale);
}

TEST(SpotBook, RandomChangesAgreeWithModel) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    SpotBook book = proven_book();
    std::map<std::int64_t, std::int64_t> bids;
    std::map<std::int64_t, std::int64_t> asks;
    for (int step = 0; step < 2000; ++step) {
      const bool is_bid = random.below(2) == 0;
      const auto at = static_cast<std::int64_t>(1 + random.below(60));
      const auto size = static_cast<std::int64_t>(random.below(4));
      set(book, is_bid ? BookSide::Bid : BookSide::Ask, at, size);
      auto& model = is_bid ? bids : asks;
      model[at] = size;
      if (size == 0) model.erase(at);
      if (random.below(50) == 0) {
        book.truncate(10);
        while (bids.size() > 10) bids.erase(bids.begin());
        while (asks.size() > 10) asks.erase(std::prev(asks.end()));
      }
    }
    auto bid = bids.rbegin();
    book.walk(BookSide::Bid, [&](const SpotLevel& level) {
      EXPECT_EQ(level, (SpotLevel{price(bid->first), quantity(bid->second)}));
      ++bid;
      return true;
    });
    EXPECT_EQ(bid, bids.rend());
    auto ask = asks.begin();
    book.walk(BookSide::Ask, [&](const SpotLevel& level) {
      EXPECT_EQ(level, (SpotLevel{price(ask->first), quantity(ask->second)}));
      ++ask;
      return true;
    });
    EXPECT_EQ(ask, asks.end());
  }
}

}  // namespace
}  // namespace arbees

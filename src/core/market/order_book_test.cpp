#include "core/market/order_book.h"

#include <gtest/gtest.h>

#include <map>

#include "core/base/random.h"

namespace arbees {
namespace {

Price price(std::string_view text) { return Price::parse(text).value(); }
Quantity quantity(std::string_view text) { return Quantity::parse(text).value(); }

OrderBook proven_book() {
  OrderBook book;
  book.begin_snapshot();
  book.apply(BookAction::Set, BookSide::Bid, price("0.47"), quantity("120"));
  book.apply(BookAction::Set, BookSide::Ask, price("0.49"), quantity("35"));
  book.end_snapshot();
  return book;
}

TEST(OrderBook, IsUnprovenUntilItsFirstSnapshotEnds) {
  OrderBook book;
  EXPECT_EQ(book.status(), BookStatus::Unproven);
  book.begin_snapshot();
  EXPECT_EQ(book.status(), BookStatus::Unproven);
  book.end_snapshot();
  EXPECT_EQ(book.status(), BookStatus::Proven);
}

TEST(OrderBook, AddsSignedChangesAndRemovesEmptyLevels) {
  OrderBook book = proven_book();
  EXPECT_EQ(book.apply(BookAction::Add, BookSide::Bid, price("0.47"), quantity("-20")), BookFault::None);
  EXPECT_EQ(book.quantity_at(BookSide::Bid, price("0.47")), quantity("100"));
  EXPECT_EQ(book.apply(BookAction::Add, BookSide::Bid, price("0.47"), quantity("-100")), BookFault::None);
  EXPECT_FALSE(book.has_bid());
  EXPECT_EQ(book.status(), BookStatus::Proven);
}

TEST(OrderBook, ANegativeLevelUnprovesTheBookUntilASnapshot) {
  OrderBook book = proven_book();
  EXPECT_EQ(book.apply(BookAction::Add, BookSide::Bid, price("0.47"), quantity("-120.01")), BookFault::NegativeLevel);
  EXPECT_EQ(book.status(), BookStatus::Unproven);
  EXPECT_EQ(book.apply(BookAction::Add, BookSide::Bid, price("0.46"), quantity("5")), BookFault::None);
  EXPECT_EQ(book.status(), BookStatus::Unproven);
  book.begin_snapshot();
  book.end_snapshot();
  EXPECT_EQ(book.status(), BookStatus::Proven);
}

TEST(OrderBook, ACrossingHealsWhenLaterChangesUndoIt) {
  OrderBook book = proven_book();
  book.apply(BookAction::Set, BookSide::Bid, price("0.49"), quantity("1"));
  EXPECT_EQ(book.status(), BookStatus::Crossed);
  book.apply(BookAction::Set, BookSide::Bid, price("0.49"), quantity("0"));
  EXPECT_EQ(book.status(), BookStatus::Proven);
}

TEST(OrderBook, AGapStaysUntilASnapshotEvenIfMarkedAgain) {
  OrderBook book = proven_book();
  book.mark(BookFault::SequenceGap);
  book.mark(BookFault::OffTick);
  EXPECT_EQ(book.fault(), BookFault::SequenceGap);
  EXPECT_EQ(book.status(), BookStatus::Gap);
}

TEST(OrderBook, IsStaleWhenItsLastChangeIsTooOld) {
  OrderBook book = proven_book();
  book.set_updated_at(from_unix_s(1000));
  EXPECT_EQ(book.status(from_unix_s(1060), std::chrono::seconds(60)), BookStatus::Proven);
  EXPECT_EQ(book.status(from_unix_s(1060) + Duration(1), std::chrono::seconds(60)), BookStatus::Stale);
}

TEST(OrderBook, RefusesLevelsOffTheGridAndOutOfRange) {
  OrderBook book = proven_book();
  book.set_grid(PriceGrid::tapered_deci_cent());
  EXPECT_EQ(book.apply(BookAction::Set, BookSide::Bid, price("0.0955"), quantity("1")), BookFault::OffTick);
  book = proven_book();
  book.set_grid(PriceGrid::tapered_deci_cent());
  EXPECT_EQ(book.apply(BookAction::Set, BookSide::Bid, price("0.095"), quantity("1")), BookFault::None);
  EXPECT_EQ(book.apply(BookAction::Set, BookSide::Ask, price("0.905"), quantity("1")), BookFault::None);
  EXPECT_EQ(book.apply(BookAction::Set, BookSide::Ask, price("0.505"), quantity("1")), BookFault::OffTick);
  EXPECT_EQ(proven_book().apply(BookAction::Set, BookSide::Bid, price("1"), quantity("1")), BookFault::OutOfRange);
  EXPECT_EQ(proven_book().apply(BookAction::Set, BookSide::Bid, price("0"), quantity("1")), BookFault::OutOfRange);
}

TEST(OrderBook, AChangedGridThatTheLevelsDoNotFitUnprovesTheBook) {
  OrderBook book = proven_book();
  book.apply(BookAction::Set, BookSide::Bid, price("0.465"), quantity("1"));
  book.set_grid(PriceGrid::uniform(price("0.001")));
  EXPECT_EQ(book.status(), BookStatus::Proven);
  book.set_grid(PriceGrid::uniform(price("0.01")));
  EXPECT_EQ(book.status(), BookStatus::Unproven);
}

TEST(LevelLadder, CountsChangesSoThatASingleOneCanBeTold) {
  LevelLadder ladder;
  ladder.prepare(Price::from_units(30));  // divides no dollar: refined, not refused
  const std::uint64_t first = ladder.revision();
  ladder.set(Price::from_units(4000), Quantity::whole(1));
  EXPECT_EQ(ladder.revision(), first + 1);
  EXPECT_EQ(ladder.last_changed(), Price::from_units(4000));
  ladder.clear();
  EXPECT_GT(ladder.revision(), first + 2) << "a clear is more than one change";
}

// Every ladder operation against a std::map, over all tick sizes.
TEST(LevelLadder, AgreesWithModel) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    const std::int64_t steps[] = {100, 50, 20, 10, 1};
    LevelLadder ladder;
    std::map<Price, Quantity> model;
    for (int i = 0; i < 3000; ++i) {
      const std::int64_t step = steps[random.below(seed % 5 + 1)];
      const Price at = Price::from_units(random.between(1, 10000 / step - 1) * step);
      const Quantity amount = Quantity::from_units(random.chance(1, 2) ? 0 : random.between(1, 1000));
      ladder.set(at, amount);
      if (amount.is_zero()) {
        model.erase(at);
      } else {
        model[at] = amount;
      }
      if (random.chance(1, 300)) ladder.prepare(Price::from_units(steps[random.below(seed % 5 + 1)]));
      if (random.chance(1, 400)) {
        ladder.clear();
        model.clear();
      }
      ASSERT_EQ(ladder.level_count(), model.size());
      if (model.empty()) continue;
      ASSERT_EQ(ladder.highest(), model.rbegin()->first);
      ASSERT_EQ(ladder.lowest(), model.begin()->first);
      if (i % 50 != 0) continue;
      std::map<Price, Quantity> walked;
      ladder.walk_up([&](Price p, Quantity q) { return walked.emplace(p, q), true; });
      ASSERT_EQ(walked, model);
      std::map<Price, Quantity> walked_down;
      ladder.walk_down([&](Price p, Quantity q) { return walked_down.emplace(p, q), true; });
      ASSERT_EQ(walked_down, model);
    }
  }
}

}  // namespace
}  // namespace arbees

#include "sim/matching_book.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "core/base/random.h"

namespace arbees::sim {
namespace {

// All orders in one list, searched anew for every match: nothing to get wrong.
class NaiveBook {
 public:
  struct Order {
    IncomingOrder terms;
    std::uint64_t arrival = 0;
  };

  MatchResult match(const IncomingOrder& order) {
    MatchResult result;
    result.remaining = order.quantity;
    while (result.remaining.is_positive()) {
      const auto best = best_against(order);
      if (!best) break;
      Order& maker = orders_[*best];
      if (maker.terms.account == order.account) {
        if (order.self_trade == SelfTrade::CancelTaker) {
          result.met_itself = true;
          break;
        }
        result.canceled.push_back(RestingOrder{maker.terms.number, maker.terms.account, maker.terms.quantity});
        orders_.erase(orders_.begin() + static_cast<std::ptrdiff_t>(*best));
        continue;
      }
      const Quantity taken = std::min(maker.terms.quantity, result.remaining);
      const bool is_done = taken == maker.terms.quantity;
      result.matches.push_back(Match{maker.terms.number, maker.terms.account, maker.terms.limit, taken, is_done});
      result.remaining -= taken;
      maker.terms.quantity -= taken;
      if (is_done) orders_.erase(orders_.begin() + static_cast<std::ptrdiff_t>(*best));
    }
    return result;
  }
  void rest(const IncomingOrder& order) { orders_.push_back(Order{order, next_++}); }
  void remove(OrderNumber number) {
    std::erase_if(orders_, [&](const Order& order) { return order.terms.number == number; });
  }
  void reduce(OrderNumber number, Quantity to) {
    for (Order& order : orders_) {
      if (order.terms.number == number && to < order.terms.quantity) order.terms.quantity = to;
    }
  }
  [[nodiscard]] std::map<Price, Quantity> levels(BookSide side) const {
    std::map<Price, Quantity> sums;
    for (const Order& order : orders_) {
      if (order.terms.side == side) sums[order.terms.limit] += order.terms.quantity;
    }
    return sums;
  }

 private:
  [[nodiscard]] std::optional<std::size_t> best_against(const IncomingOrder& order) const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      const IncomingOrder& maker = orders_[i].terms;
      if (maker.side == order.side) continue;
      const bool is_bid = order.side == BookSide::Bid;
      if (is_bid ? maker.limit > order.limit : maker.limit < order.limit) continue;
      if (best) {
        const IncomingOrder& other = orders_[*best].terms;
        const bool is_better = is_bid ? maker.limit < other.limit : maker.limit > other.limit;
        const bool is_earlier = maker.limit == other.limit && orders_[i].arrival < orders_[*best].arrival;
        if (!is_better && !is_earlier) continue;
      }
      best = i;
    }
    return best;
  }
  std::vector<Order> orders_;
  std::uint64_t next_ = 0;
};

std::map<Price, Quantity> level_map(const MatchingBook& book, BookSide side) {
  std::map<Price, Quantity> levels;
  for (const BookLevel& level : book.levels(side)) levels[level.price] = level.quantity;
  return levels;
}

void expect_same(const MatchResult& actual, const MatchResult& expected) {
  ASSERT_EQ(actual.matches.size(), expected.matches.size());
  for (std::size_t i = 0; i < actual.matches.size(); ++i) {
    EXPECT_EQ(actual.matches[i].maker, expected.matches[i].maker);
    EXPECT_EQ(actual.matches[i].price, expected.matches[i].price);
    EXPECT_EQ(actual.matches[i].quantity, expected.matches[i].quantity);
    EXPECT_EQ(actual.matches[i].maker_is_done, expected.matches[i].maker_is_done);
  }
  ASSERT_EQ(actual.canceled.size(), expected.canceled.size());
  for (std::size_t i = 0; i < actual.canceled.size(); ++i) {
    EXPECT_EQ(actual.canceled[i].number, expected.canceled[i].number);
  }
  EXPECT_EQ(actual.remaining, expected.remaining);
  EXPECT_EQ(actual.met_itself, expected.met_itself);
}

TEST(MatchingBook, PriceTimePriorityAgreesWithModel) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    MatchingBook book;
    NaiveBook model;
    std::map<std::pair<BookSide, Price>, std::int64_t> told;  // levels rebuilt from the changes
    for (OrderNumber number = 1; number <= 400; ++number) {
      const std::uint64_t kind = random.below(10);
      if (kind < 7) {
        IncomingOrder order;
        order.number = number;
        order.account = static_cast<AccountId>(random.below(3));
        order.side = random.chance(1, 2) ? BookSide::Bid : BookSide::Ask;
        order.limit = Price::from_units(random.between(45, 55) * 100);
        order.quantity = Quantity::from_units(random.between(1, 2000));
        order.self_trade = random.chance(1, 2) ? SelfTrade::CancelMaker : SelfTrade::CancelTaker;
        const Quantity fillable = book.fillable(order);
        const MatchResult result = book.match(order);
        expect_same(result, model.match(order));
        ASSERT_EQ(order.quantity - result.remaining, fillable);
        if (result.remaining.is_positive() && !result.met_itself && random.chance(2, 3)) {
          order.quantity = result.remaining;
          book.rest(order);
          model.rest(order);
        }
      } else if (kind < 9) {
        const OrderNumber victim = 1 + random.below(number);
        book.remove(victim);
        model.remove(victim);
      } else {
        const OrderNumber smaller = 1 + random.below(number);
        const Quantity to = Quantity::from_units(random.between(1, 2000));
        book.reduce(smaller, to);
        model.reduce(smaller, to);
      }
      for (const LevelDelta& change : book.take_changes()) {
        std::int64_t& level = told[{change.side, change.price}];
        level += change.delta;
        ASSERT_EQ(level, change.quantity.units());
      }
      for (const BookSide side : {BookSide::Bid, BookSide::Ask}) {
        ASSERT_EQ(level_map(book, side), model.levels(side));
        for (const auto& [price, quantity] : model.levels(side)) {
          const std::int64_t known = told[std::make_pair(side, price)];
          ASSERT_EQ(known, quantity.units());
        }
      }
      ASSERT_LT(book.best(BookSide::Bid), book.best(BookSide::Ask));
    }
  }
}

TEST(MatchingBook, ASmallerSizeKeepsItsPlace) {
  MatchingBook book;
  const Price price = Price::from_units(5000);
  book.rest({1, 1, BookSide::Ask, price, Quantity::whole(10), SelfTrade::CancelTaker});
  book.rest({2, 2, BookSide::Ask, price, Quantity::whole(10), SelfTrade::CancelTaker});
  EXPECT_TRUE(book.reduce(1, Quantity::whole(4)));
  EXPECT_FALSE(book.reduce(1, Quantity::whole(5)));
  EXPECT_EQ(book.ahead(2), Quantity::whole(4));
  const MatchResult result = book.match({3, 3, BookSide::Bid, price, Quantity::whole(5), SelfTrade::CancelTaker});
  ASSERT_EQ(result.matches.size(), 2u);
  EXPECT_EQ(result.matches[0].maker, 1u);
  EXPECT_EQ(result.matches[1].maker, 2u);
  EXPECT_EQ(book.remaining(2), Quantity::whole(9));
}

}  // namespace
}  // namespace arbees::sim

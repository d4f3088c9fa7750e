#include "core/simulation/fault_injector.h"

#include <gtest/gtest.h>

#include "core/simulation/market_generator.h"

namespace arbees {
namespace {

GeneratorSettings one_window(std::uint64_t seed) {
  GeneratorSettings settings;
  settings.seed = seed;
  settings.length = std::chrono::seconds(30);
  settings.window = std::chrono::seconds(60);  // nothing settles before the end
  return settings;
}

FaultRates only(InjectedFault fault, std::uint32_t per_million) {
  FaultRates rates;
  rates.of(fault) = per_million;
  return rates;
}

class EventList final : public EventSource {
 public:
  bool poll(Event& event) override {
    if (next == events.size()) return false;
    event = events[next++];
    return true;
  }
  std::vector<Event> events;
  std::size_t next = 0;
};

std::vector<Event> all_of(EventSource& source) {
  std::vector<Event> events;
  for (Event event; source.poll(event);) events.push_back(event);
  return events;
}

bool is_same_book(const OrderBook& a, const OrderBook& b) {
  bool is_same = a.bids().level_count() == b.bids().level_count() && a.asks().level_count() == b.asks().level_count();
  a.bids().walk_down([&](Price price, Quantity quantity) {
    is_same = is_same && b.quantity_at(BookSide::Bid, price) == quantity;
    return true;
  });
  a.asks().walk_up([&](Price price, Quantity quantity) {
    is_same = is_same && b.quantity_at(BookSide::Ask, price) == quantity;
    return true;
  });
  return is_same;
}

TEST(FaultInjector, WithoutFaultsPassesEverythingOn) {
  MarketGenerator one(one_window(1));
  MarketGenerator two(one_window(1));
  FaultInjector faulty(two, FaultRates{}, Capacity{}, 1);
  const auto expected = all_of(one);
  const auto given = all_of(faulty);
  ASSERT_EQ(given.size(), expected.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    EXPECT_EQ(given[i].received_at, expected[i].received_at);
    EXPECT_EQ(given[i].body.index(), expected[i].body.index());
  }
}

TEST(FaultInjector, TheSameSeedSpoilsAlikeAndTimeNeverStepsBack) {
  std::vector<Event> first;
  for (const std::uint64_t seed : {5U, 5U}) {
    MarketGenerator market(one_window(seed));
    FaultInjector faulty(market, all_faults(), Capacity{}, seed);
    const auto events = all_of(faulty);
    for (std::size_t i = 1; i < events.size(); ++i) ASSERT_GE(events[i].received_at, events[i - 1].received_at);
    if (first.empty()) {
      first = events;
      continue;
    }
    ASSERT_EQ(events.size(), first.size());
    for (std::size_t i = 0; i < events.size(); ++i) ASSERT_EQ(events[i].body.index(), first[i].body.index());
  }
}

// Whatever happened, a book that claims to be proven is the true one, once nothing more changes or is held back.
TEST(FaultInjector, AProvenBookIsTrueAgreesWithModel) {
  for (const InjectedFault fault : {InjectedFault::Drop, InjectedFault::Duplicate, InjectedFault::Delay,
                                    InjectedFault::Book, InjectedFault::Feed}) {
    std::size_t proven = 0;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(testing::Message() << injected_fault_name(fault) << ", seed " << seed);
      MarketGenerator market(one_window(seed));
      EventList source;
      source.events = all_of(market);
      MarketState truth{Capacity{}};
      // The last window of the generator settles at the end: the books of interest are those of just before.
      std::erase_if(source.events,
                    [](const Event& event) { return std::holds_alternative<ContractSettled>(event.body); });
      for (const Event& event : source.events) truth.apply(event);
      FaultInjector faulty(source, only(fault, 20'000), Capacity{}, seed);
      MarketState seen{Capacity{}};
      for (const Event& event : all_of(faulty)) seen.apply(event);
      EXPECT_GT(faulty.count(fault), 0U);
      seen.for_each([&](const Contract& contract) {
        if (contract.book.status() != BookStatus::Proven) return;
        ++proven;
        // A change lost last of all has nothing after it that would betray it.
        if (fault != InjectedFault::Drop) {
          EXPECT_TRUE(is_same_book(contract.book, truth.find(contract.id)->book));
        }
      });
    }
    EXPECT_GT(proven, 20U);
  }
}

TEST(FaultInjector, AnswersArriveLateOrTwiceButInOrderAndAll) {
  EventList source;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Event event;
    event.received_at = from_unix_ms(1000 + static_cast<std::int64_t>(i) * 10);
    OrderUpdate update;
    update.id = OrderId{1 + i / 4};
    update.venue_fill_id = i + 1;
    update.state = i % 4 == 3 ? OrderState::Filled : OrderState::Pending;
    event.body = update;
    source.events.push_back(event);
  }
  FaultRates rates;
  rates.of(InjectedFault::Late) = 200'000;
  rates.of(InjectedFault::Unknown) = 200'000;
  rates.of(InjectedFault::Repeat) = 200'000;
  FaultInjector faulty(source, rates, Capacity{}, 3);
  std::vector<std::uint64_t> last_fill(51, 0);
  std::size_t distinct = 0;
  std::size_t doubts = 0;
  for (const Event& event : all_of(faulty)) {
    const auto& update = std::get<OrderUpdate>(event.body);
    if (update.state == OrderState::Unknown) {
      ++doubts;
      continue;
    }
    EXPECT_GE(update.venue_fill_id, last_fill[update.id.value]) << "an order's answers overtook each other";
    if (update.venue_fill_id != last_fill[update.id.value]) ++distinct;
    last_fill[update.id.value] = update.venue_fill_id;
  }
  EXPECT_EQ(distinct, 200U);
  EXPECT_GT(doubts, 0U);
  EXPECT_GT(faulty.count(InjectedFault::Repeat), 0U);
}

}  // namespace
}  // namespace arbees

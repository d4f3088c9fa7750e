#include "core/simulation/merged_source.h"

#include <gtest/gtest.h>

#include <deque>

namespace arbees {
namespace {

// A live stream: what is pushed comes out, and it goes on later.
class Stream final : public EventSource {
 public:
  bool poll(Event& event) override {
    if (events.empty()) return false;
    event = events.front();
    events.pop_front();
    return true;
  }
  std::deque<Event> events;
};

Event tick(Timestamp at) {
  Event event;
  event.received_at = at;
  event.body = TimerTick{};
  return event;
}

// A feed that stops is told with the time of its last frame, which may be before an answer that was heard meanwhile.
TEST(MergedSource, AMarketEventAfterAnAnswerIsNotBeforeIt) {
  SimulatedExchange exchange(Capacity{}, LatencyModel{}, 1);
  Stream stream;
  MergedSource source(stream, exchange);
  const Timestamp start = from_unix_s(1000);
  Outputs outputs;
  OrderCommand command;
  command.order.id = OrderId{1};
  command.order.instrument = InstrumentId{7};  // unknown: it is rejected when it arrives
  command.order.venue = Venue::Kalshi;
  command.order.quantity = Quantity::whole(1);
  outputs.orders.push_back(command);
  exchange.submit(outputs, start);
  source.set_horizon(start + std::chrono::hours(1));
  Event event;
  Timestamp answered = kNoTime;
  while (source.poll(event)) {
    if (std::holds_alternative<OrderUpdate>(event.body)) answered = event.received_at;
  }
  ASSERT_GT(answered, start);
  stream.events = {tick(start + Duration(1)), tick(answered + Duration(1))};
  ASSERT_TRUE(source.poll(event));
  EXPECT_EQ(event.received_at, answered);
  ASSERT_TRUE(source.poll(event));
  EXPECT_EQ(event.received_at, answered + Duration(1));
}

}  // namespace
}  // namespace arbees

// The process dies at every event that concerns an order, before its reports are committed, between commit and
// submission, and after it. The venue lives on. After restart: no order twice, none lost, books equal to the venue's.

#include <gtest/gtest.h>

#include "core/simulation/test_observer.h"

namespace arbees {
namespace {

// Small, for a thousand lives are lived.
constexpr Capacity kSmall{
    .instruments = 256, .event_groups = 64, .positions = 512, .open_orders = 64, .open_requests = 16};

enum class Cut { BeforeCommit, BeforeSubmission, AfterSubmission };

// What survives the death of the process: the venue, the market's journal and the ledger.
struct World {
  explicit World(std::uint64_t seed)
      : generator(settings_for(seed)),
        exchange(kSmall, LatencyModel{}, seed, faults()),
        market(generator, paper_opening(1, test::demo_limits())),
        ticked(market, 300, seed),
        ledger(exchange, test::demo_limits()) {}

  static GeneratorSettings settings_for(std::uint64_t seed) {
    GeneratorSettings settings;
    settings.seed = seed;
    settings.length = std::chrono::seconds(25);
    settings.window = std::chrono::seconds(10);
    settings.dislocations_per_thousand = 60;
    return settings;
  }
  static ExchangeFaults faults() {
    ExchangeFaults faults;
    faults.lost_answers = 100;
    return faults;
  }

  // The next market event, which the venue and the journal see.
  bool next(Event& event) {
    if (!ticked.poll(event)) return false;
    exchange.advance(event.received_at);
    exchange.observe(event);
    journal.push_back(event);
    now = event.received_at;
    return true;
  }

  MarketGenerator generator;
  SimulatedExchange exchange;
  PrefixedSource market;
  test::TickedSource ticked;
  test::Observer ledger;
  std::vector<Event> journal;
  Timestamp now = kNoTime;
};

// One life of the process. Dies at the cut-th event that concerns an order; true if it lived to the end.
class Life {
 public:
  Life(World& world, std::uint64_t session) : world_(world), session_(session) {}

  bool live(std::size_t cut_at, Cut cut) {
    Event event;
    for (;;) {
      while (world_.exchange.poll(world_.now, event)) {
        if (!take(event, cut_at, cut)) return false;
      }
      if (!world_.next(event)) return true;
      if (!take(event, cut_at, cut)) return false;
    }
  }

  // Journal up to the crash, positions and cash by the ledger, then what the market did meanwhile.
  void restart(std::size_t crashed_at) {
    Event event;
    event.body = Control{};
    engine_.on_event(event, outputs_);  // nothing is traded while catching up
    replay(0, crashed_at);
    event = Event{};
    event.received_at = world_.now;
    event.body = SessionStarted{session_};
    say(event);
    for (const auto& [venue, cash] : world_.ledger.cash) {
      CashSnapshot snapshot;
      snapshot.venue = venue;
      snapshot.cash = cash;
      event.body = snapshot;
      say(event);
    }
    const auto held = world_.ledger.held;
    for (const auto& [key, quantity] : held) {
      if (quantity.is_zero()) continue;
      // Of a contract that settled before the crash the venue tells again: its listing, and below its settlement.
      if (engine_.market().find(key.first) == nullptr)
        replay_of<InstrumentNamed, ContractListed>(key.first, crashed_at);
      PositionSnapshot snapshot;
      snapshot.id = key.first;
      snapshot.outcome = key.second;
      snapshot.quantity = quantity;
      snapshot.cost = kPriceOne * quantity;
      event.body = snapshot;
      say(event);
    }
    for (const auto& [key, quantity] : held) {
      if (!quantity.is_zero()) replay_of<ContractSettled>(key.first, crashed_at);
    }
    replay(crashed_at, world_.journal.size());
    Control resume;
    resume.command = ControlCommand::Resume;
    event.body = resume;
    say(event);
  }

  [[nodiscard]] const TradingEngine& engine() const { return engine_; }
  [[nodiscard]] std::size_t order_events() const { return order_events_; }

 private:
  bool take(const Event& event, std::size_t cut_at, Cut cut) {
    outputs_.clear();
    engine_.on_event(event, outputs_);
    const bool concerns_order =
        std::holds_alternative<OrderUpdate>(event.body) || !outputs_.orders.empty() || !outputs_.requests.empty();
    const bool dies = concerns_order && ++order_events_ == cut_at;
    if (dies && cut == Cut::BeforeCommit) return false;
    world_.ledger.record(outputs_);
    if (dies && cut == Cut::BeforeSubmission) return false;
    world_.exchange.submit(outputs_, world_.now);
    return !dies;
  }
  void say(const Event& event) {
    outputs_.clear();
    engine_.on_event(event, outputs_);
    world_.ledger.record(outputs_);
  }
  void replay(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      const EventBody& body = world_.journal[i].body;
      const bool is_opening =
          std::holds_alternative<SessionStarted>(body) || std::holds_alternative<CashSnapshot>(body);
      if (!is_opening) say(world_.journal[i]);
    }
  }

  template <class... Bodies>
  void replay_of(InstrumentId id, std::size_t until) {
    for (std::size_t i = 0; i < until; ++i) {
      const auto is_of = [&](const auto* body) { return body != nullptr && body->id == id; };
      if ((is_of(std::get_if<Bodies>(&world_.journal[i].body)) || ...)) say(world_.journal[i]);
    }
  }

  World& world_;
  std::uint64_t session_;
  TradingEngine engine_{kSmall, RiskLimits{}};
  Outputs outputs_;
  std::size_t order_events_ = 0;
};

// Asks the venue about every order that the ledger shows as open, until none is left.
void reconcile(World& world) {
  MarketState market(kSmall);
  Portfolio portfolio(kSmall);
  RiskGate gate(RiskLimits{}, market, portfolio);
  ExecutionEngine engine(kSmall, market, portfolio, gate);
  for (const auto& [id, known] : world.ledger.orders) {
    if (!known.is_open) continue;
    engine.restore(known.order, world.now);
    for (const auto& [fill_id, fill] : known.fills) engine.restore_fill(known.order.id, fill_id, fill.quantity);
  }
  Outputs outputs;
  Event event;
  int steps = 0;
  while (engine.open_order_count() != 0) {
    ASSERT_LT(++steps, 20'000) << "an order is lost";
    outputs.clear();
    if (!world.exchange.poll(world.now, event)) {
      ASSERT_TRUE(world.next(event)) << "the market ended first";
    }
    if (const auto* update = std::get_if<OrderUpdate>(&event.body)) engine.on(*update, event, outputs);
    if (event.received_at >= engine.next_work_at()) engine.advance(event, outputs);
    world.ledger.record(outputs);
    world.exchange.submit(outputs, world.now);
  }
  world.exchange.disconnect();  // answers to questions asked twice
}

void expect_books_equal_the_venues(const Life& life, World& world) {
  EXPECT_EQ(world.ledger.open_orders(), 0u);
  EXPECT_EQ(life.engine().execution().open_order_count(), 0u);
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    EXPECT_EQ(world.ledger.cash[venue], world.exchange.cash(venue));
    EXPECT_EQ(life.engine().portfolio().cash(venue), world.exchange.cash(venue));
    const Portfolio& portfolio = life.engine().portfolio();
    EXPECT_EQ(portfolio.free_cash(venue) - portfolio.pair_cash(venue), world.exchange.cash(venue));
  }
  for (const auto& [key, quantity] : world.ledger.held) {
    EXPECT_EQ(quantity, world.exchange.held(key.first, key.second));
  }
}

// How many events of a run without a crash concern an order.
std::size_t order_events_of(std::uint64_t seed) {
  World world(seed);
  Life life(world, 1);
  EXPECT_TRUE(life.live(0, Cut::AfterSubmission));
  expect_books_equal_the_venues(life, world);
  return life.order_events();
}

TEST(Recovery, NoOrderIsLostOrDoubledWhereverTheProcessDies) {
  std::size_t cuts = 0;
  for (std::uint64_t seed = 3; cuts < 200; ++seed) {
    ASSERT_LT(seed, 40u) << "the markets offer too little";
    const std::size_t events = order_events_of(seed);
    for (std::size_t at = 1; at <= events; ++at) {
      for (const Cut cut : {Cut::BeforeCommit, Cut::BeforeSubmission, Cut::AfterSubmission}) {
        SCOPED_TRACE(testing::Message() << "seed " << seed << ", event " << at << ", cut " << static_cast<int>(cut));
        World world(seed);
        Life first(world, 1);
        ASSERT_FALSE(first.live(at, cut));
        const std::size_t crashed_at = world.journal.size();
        world.exchange.disconnect();
        reconcile(world);
        if (HasFailure()) return;
        Life second(world, 2);
        second.restart(crashed_at);
        EXPECT_TRUE(second.live(0, cut));
        expect_books_equal_the_venues(second, world);
        if (HasFailure()) return;
        ++cuts;
      }
    }
  }
  std::printf("%zu cuts\n", cuts);
}

}  // namespace
}  // namespace arbees

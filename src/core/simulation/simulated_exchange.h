#pragma once
// Paper execution: takes orders, meets them with the real book at the time they would have arrived.
//
// An order reaches its venue after a latency, walks the depth that stands there then, pays the exact
// fee of each level, and its answer returns after another latency. Depth that we took stays taken
// until the venue refreshes that level. Books that are not proven when the order arrives fill nothing.
// Invariants: nothing is filled beyond the order's limit or quantity, or twice from the same depth;
// cash of a venue never goes below zero; every order gets exactly one final answer.

#include <cstdint>
#include <vector>

#include "core/base/flat_table.h"
#include "core/base/random.h"
#include "core/market/market_state.h"
#include "core/market/outputs.h"
#include "core/simulation/latency_model.h"

namespace arbees {

class SimulatedExchange {
 public:
  SimulatedExchange(const Capacity& capacity, const LatencyModel& latency, std::uint64_t seed);

  // Takes the orders of one event; `now` is that event's time.
  void submit(const Outputs& outputs, Timestamp now);
  // Sees a market event: books, cash, settlements.
  void observe(const Event& event);
  // Lets all orders arrive that are due until `now`, in order of arrival.
  void advance(Timestamp now);
  // The next answer due until `now`, earliest first; false if there is none.
  bool poll(Timestamp now, Event& event);
  // When the next thing happens here (an arrival or an answer); Timestamp::max() if nothing is under way.
  [[nodiscard]] Timestamp next_due() const noexcept;
  [[nodiscard]] Money cash(Venue venue) const noexcept { return cash_[static_cast<std::size_t>(venue)]; }

 private:
  struct Arrival {
    Timestamp at;
    OrderRequest order;
  };
  struct Fill {
    Price price;
    Quantity quantity;
    Money fee;
  };

  struct TakenLevel {
    InstrumentId instrument;
    Price price;  // in the Yes frame
    Quantity quantity;
    BookSide side;
  };

  void execute(const Arrival& arrival);
  [[nodiscard]] RejectReason refusal(const OrderRequest& order, Timestamp now) const noexcept;
  // Fills in `fills_` what the book gives now within limit, quantity and cash.
  void walk_book(const OrderRequest& order);
  [[nodiscard]] Quantity available_at(const OrderRequest& order, Price yes_price, Quantity displayed) const noexcept;
  void take(const OrderRequest& order, const Fill& fill);
  void answer(const OrderRequest& order, Timestamp at, OrderState state, RejectReason reason);
  void forget_taken(const BookUpdate& update);
  void settle(const ContractSettled& settled);

  MarketState market_;
  LatencyModel latency_;
  Random random_;
  std::vector<Arrival> arrivals_;  // sorted by time, earliest last
  std::vector<Event> answers_;     // sorted by time, earliest last
  std::vector<Fill> fills_;        // of the order being executed
  std::vector<TakenLevel> taken_;  // depth we took and the venue has not refreshed: a handful
  FlatTable<Quantity> held_;       // by contract and outcome
  std::array<Money, kVenueCount> cash_{};
  std::uint64_t next_fill_id_ = 1;
};

}  // namespace arbees

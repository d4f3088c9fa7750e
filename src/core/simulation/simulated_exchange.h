#pragma once
// Paper execution: takes orders, meets them with the real book at the time they would have arrived.
//
// An order reaches its venue after a latency. A taker walks the depth that stands there then and pays the exact
// fee of each level; a post-only order rests with the queue before it (resting_orders.h) and pays the maker's fee.
// Answers return after another latency. Depth that we took stays taken until the venue refreshes that level. Books
// that are not proven when the order arrives fill nothing. Fills of Polymarket are matched at once and final later.
// A cancel ends what rests; a query tells again all that is known of an order. Faults can be asked for
// (exchange_faults.h); the exchange's own books stay right through all of them.
// Invariants: nothing is filled beyond the order's limit or quantity, or twice from the same depth; cash of a venue
// with what it has paid for pairs never goes below zero through an order; every order that arrives gets one final
// state.

#include <cstdint>
#include <vector>

#include "core/base/flat_table.h"
#include "core/base/random.h"
#include "core/market/fees.h"
#include "core/market/market_state.h"
#include "core/market/outputs.h"
#include "core/simulation/exchange_faults.h"
#include "core/simulation/latency_model.h"
#include "core/simulation/resting_orders.h"

namespace arbees {

class SimulatedExchange {
 public:
  SimulatedExchange(const Capacity& capacity, const LatencyModel& latency, std::uint64_t seed,
                    const ExchangeFaults& faults = {});

  // Takes the orders of one event; `now` is that event's time.
  void submit(const Outputs& outputs, Timestamp now);
  // Sees a market event: books, trades, settlements; and cash and positions to begin with.
  void observe(const Event& event);
  // Lets all orders arrive that are due until `now`, in order of arrival.
  void advance(Timestamp now);
  // The next answer due until `now`, earliest first; false if there is none.
  bool poll(Timestamp now, Event& event);
  // When the next thing happens here (an arrival or an answer); Timestamp::max() if nothing is under way.
  [[nodiscard]] Timestamp next_due() const noexcept;

  // The line breaks: answers under way are lost; orders under way arrive.
  void disconnect() noexcept { answers_.clear(); }

  // The venue's own books.
  [[nodiscard]] Money cash(Venue venue) const noexcept { return cash_[static_cast<std::size_t>(venue)]; }
  [[nodiscard]] Quantity held(InstrumentId instrument, Outcome outcome) const noexcept;
  [[nodiscard]] bool has_resting_orders() const noexcept { return !resting_.empty(); }

 private:
  struct Arrival {
    Timestamp at;
    OrderCommand command;
  };
  struct Fill {
    Price price;
    Quantity quantity;
    Money fee;
    std::uint64_t id = 0;
  };
  struct TakenLevel {
    InstrumentId instrument;
    Price price;  // in the Yes frame
    Quantity quantity;
    BookSide side;
  };
  // A fill that is not final yet.
  struct Unsettled {
    Timestamp at;
    OrderRequest order;
    Fill fill;
    bool is_mined = false;
    bool fails = false;
  };

  void arrive(const Arrival& arrival);
  void execute(const OrderRequest& order, Timestamp at);
  void rest(const OrderRequest& order, Timestamp at);
  void cancel(const OrderRequest& order, Timestamp at);
  void query(const OrderRequest& order, Timestamp at);
  [[nodiscard]] RejectReason refusal(const OrderRequest& order, Timestamp now) const noexcept;
  // Fills in `fills_` what the book gives now within limit, quantity and cash.
  void walk_book(const OrderRequest& order);
  [[nodiscard]] Quantity available_at(const OrderRequest& order, Price yes_price, Quantity displayed) const noexcept;
  // Books a fill of ours at the venue.
  void book(const OrderRequest& order, const Fill& fill, Timestamp at);
  void fill_resting(RestingOrder& resting, Quantity quantity, Timestamp now);
  void end_resting(const RestingOrder& resting, OrderState state, RejectReason reason, Timestamp at);

  void answer(const OrderRequest& order, Timestamp at, OrderState state, RejectReason reason);
  void tell(Venue venue, const OrderUpdate& update, Timestamp at, bool is_lost);
  void remember(const OrderUpdate& update) noexcept;
  void forget_taken(const BookUpdate& update);
  void settle(const ContractSettled& settled, Timestamp now);
  void advance_settlement(Timestamp now);
  void tell_finality(const Unsettled& unsettled, FillFinality finality, Timestamp at);
  void undo(const Unsettled& unsettled);
  // Cash, and what was paid for pairs.
  [[nodiscard]] Money spendable(Venue venue) const noexcept;
  [[nodiscard]] Money paid_for_pairs(const Contract& contract) const noexcept;
  [[nodiscard]] Money for_broken_pairs(const OrderRequest& order, Quantity sold) const noexcept;
  void change_held(InstrumentId instrument, Outcome outcome, Quantity quantity);
  void on_market(const Event& event);

  MarketState market_;
  LatencyModel latency_;
  Random random_;
  ExchangeFaults faults_;
  std::vector<Arrival> arrivals_;  // sorted by time, earliest last
  std::vector<Event> answers_;     // sorted by time, earliest last
  std::vector<Fill> fills_;        // of the order being executed
  std::vector<TakenLevel> taken_;  // depth we took and the venue has not refreshed: a handful
  std::vector<Unsettled> unsettled_;
  std::vector<OrderUpdate> told_;  // a ring of the latest answers, for queries
  std::size_t next_told_ = 0;
  RestingOrders resting_;
  FlatTable<Quantity> held_;                         // by contract and outcome
  std::array<Money, kVenueCount> paid_for_pairs_{};  // and in no cash yet: that comes with the settlement
  std::array<Money, kVenueCount> cash_{};
  std::uint64_t next_fill_id_ = 1;
};

}  // namespace arbees

#pragma once
// What must hold after every event of a trading engine, whatever the markets and venues do.
//
// Kept from reports and orders alone, with books of its own, and compared with the engine's: a mistake must be made
// twice to stay unseen. Money is compared to the last unit. The first violation is kept, in words.

#include <array>
#include <map>
#include <string>
#include <utility>

#include "core/engine/trading_engine.h"
#include "core/simulation/simulated_exchange.h"

namespace arbees::app {

class Invariants {
 public:
  Invariants(const TradingEngine& engine, const RiskLimits& limits) : engine_(engine), limits_(limits) {}

  // The outputs of an event, right after it was handled.
  void take(const Event& cause, const Outputs& outputs);
  // After every event, with or without outputs.
  void check(const Event& cause);
  // When nothing is under way any more and every contract has settled.
  void check_end(const SimulatedExchange& exchange);

  // Empty while everything holds.
  [[nodiscard]] const std::string& broken() const noexcept { return broken_; }
  [[nodiscard]] std::uint64_t broken_at() const noexcept { return broken_at_; }  // sequence of the event

 private:
  struct OwnPosition {
    Quantity quantity;
    Money cost;
    Asset asset = Asset::Unknown;
    Venue venue = Venue::Unknown;
  };
  struct OpenOrder {
    OrderRequest order;
    Quantity filled;
    Money spent;
  };

  void violated(std::string what);
  void check_order(const OrderRequest& order, Timestamp now);
  void check_exposure();
  void check_money();
  void check_positions();
  // What the venue has paid already for pairs of Yes and No that are held.
  [[nodiscard]] Money paid_for_pairs(Venue venue) const;
  [[nodiscard]] OpenOrder* find_order(OrderId id);
  void on(const OrderSubmitted& submitted);
  void on(const OrderFilled& filled);
  void on(const OrderEnded& ended);
  void on(const PositionSettled& settled);
  void on(const CashOpened& opened) { cash_[static_cast<std::size_t>(opened.venue)] = opened.cash; }
  void on(const TradingStateChanged& changed) { state_ = changed.state; }
  template <class Other>
  void on(const Other&) {}

  const TradingEngine& engine_;
  RiskLimits limits_;
  std::map<std::uint64_t, OpenOrder> open_;
  std::map<std::uint64_t, OpenOrder> ended_;  // a fill may still come late; then the end is told again
  std::map<std::pair<InstrumentId, Outcome>, OwnPosition> positions_;
  std::array<Money, kVenueCount> cash_{};
  TradingState state_ = TradingState::Active;
  std::uint64_t sequence_ = 0;  // of the event in work
  bool had_outputs_ = false;    // since the positions were compared
  std::string broken_;
  std::uint64_t broken_at_ = 0;
};

}  // namespace arbees::app

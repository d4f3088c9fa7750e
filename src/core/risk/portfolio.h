#pragma once
// Cash, positions and what open orders may still spend: the numbers that limits are compared with.
//
// Invariants: exposure of an asset (venue, strategy) = Σ (cost of its positions + reserves of its open
// orders); the total is the sum over assets; every reserve is released exactly once. Cost includes fees.
// What a position costs follows held_cost.h; less than nothing is held for a while when a purchase fails after
// the sale of what it bought, and counts as no exposure. Cash + Σ cost changes by what was won or lost, exactly.
// Where a venue pays pairs of Yes and No at once, both stay in the books until the market settles. The dollar can be
// spent as soon as no request is under way: selling one half of the pair, to unwind, would want it back.

#include <array>
#include <cstdint>

#include "core/base/flat_table.h"
#include "core/market/capacity.h"
#include "core/market/opportunity.h"
#include "core/market/order.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees {

// What a trade rests on; each kind has limits of its own.
enum class Strategy : std::uint8_t { Riskless, Basis, Model };
inline constexpr std::size_t kStrategyCount = 3;
[[nodiscard]] constexpr Strategy strategy_of(Detector detector) noexcept {
  if (detector == Detector::Basis) return Strategy::Basis;
  return detector == Detector::ModelEdge ? Strategy::Model : Strategy::Riskless;
}

struct Position {
  InstrumentId instrument;
  Quantity quantity;
  Money cost;  // price plus fees of what is held
  Outcome outcome = Outcome::Yes;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  Strategy strategy = Strategy::Riskless;  // the riskiest that added to it
};

// What is, or may come to be, held.
struct Holding {
  InstrumentId instrument;
  Outcome outcome = Outcome::Yes;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  Strategy strategy = Strategy::Riskless;
};

// What orders may still buy, and for how much.
struct Reservation {
  Holding holding;
  Quantity quantity;
  Money amount;
};

// A fill as it is booked.
struct BookedFill {
  Price price;
  Quantity quantity;
  Money fee;
  Money sold_cost;  // what a sale took out of its position
};

class Portfolio {
 public:
  explicit Portfolio(const Capacity& capacity)
      : positions_(capacity.positions), reservations_(capacity.open_orders + capacity.open_requests * kMaxLegs) {}

  void set_cash(Venue venue, Money cash) noexcept { cash_[index(venue)] = cash; }
  [[nodiscard]] Money cash(Venue venue) const noexcept { return cash_[index(venue)]; }
  // What the venue has paid for pairs and can be spent; not in cash() before the settlement, as their cost stays, too.
  [[nodiscard]] Money pair_cash(Venue venue) const noexcept { return pair_cash_[index(venue)]; }
  // What is there to spend and no open order may still need.
  [[nodiscard]] Money free_cash(Venue venue) const noexcept {
    return cash_[index(venue)] + pair_cash_[index(venue)] - reserved_cash_[index(venue)] - unpaid_[index(venue)];
  }
  // What settled contracts have not brought at the venue yet: in cash(), but nobody can spend it.
  [[nodiscard]] Money unpaid(Venue venue) const noexcept { return unpaid_[index(venue)]; }
  // From now on what settles at this venue is not paid before this is told again.
  void set_unpaid(Venue venue, Money amount) noexcept {
    unpaid_[index(venue)] = amount;
    is_paid_late_[index(venue)] = true;
  }
  // No request is under way: what was paid for pairs can be spent.
  void free_pair_cash() noexcept { pair_cash_ = paid_for_pairs_; }

  [[nodiscard]] Money asset_exposure(Asset asset) const noexcept { return asset_exposure_[index(asset)]; }
  [[nodiscard]] Money venue_exposure(Venue venue) const noexcept { return venue_exposure_[index(venue)]; }
  [[nodiscard]] Money strategy_exposure(Strategy strategy) const noexcept {
    return strategy_exposure_[index(strategy)];
  }
  [[nodiscard]] Money total_exposure() const noexcept { return total_exposure_; }
  [[nodiscard]] const Position* find(InstrumentId instrument, Outcome outcome) const noexcept;
  [[nodiscard]] bool is_full() const noexcept { return positions_.full() || reservations_.full(); }

  // `amount` (limit price and worst fee of `quantity`) counts as spent until released.
  void reserve(const Holding& holding, Quantity quantity, Money amount) noexcept;
  void release(const Holding& holding, Quantity quantity, Money amount) noexcept;

  // How a fill, or its failure, changed cash and the cost of what is held.
  struct Booked {
    Money cash;
    Money cost;
    [[nodiscard]] Money result() const noexcept { return cash + cost; }  // won or lost by it
  };
  // Quantity bought or sold at a price per contract of the outcome, with its fee.
  Booked apply_fill(const OrderRequest& order, Strategy strategy, const BookedFill& fill) noexcept;
  // Wants to be told what the sale took out of the position.
  Booked revert_fill(const OrderRequest& order, Strategy strategy, const BookedFill& fill) noexcept;

  // Ends a position at `payout` per contract of this outcome; returns what it was (quantity 0: none).
  Position settle(InstrumentId instrument, Outcome outcome, Price payout) noexcept;
  // What was held of an asset that was not known counts from now on as of this one.
  void name_asset(InstrumentId instrument, Asset asset) noexcept;
  // Puts back a position known from before, while no request is under way.
  void restore(const Position& position) noexcept;

  template <class Visit>
  void for_each(Visit&& visit) const {
    positions_.for_each([&](std::uint64_t, const Position& position) { visit(position); });
  }
  template <class Visit>
  void for_each_reservation(Visit&& visit) const {
    reservations_.for_each([&](std::uint64_t, const Reservation& reservation) { visit(reservation); });
  }

 private:
  template <class Kind>
  [[nodiscard]] static std::size_t index(Kind kind) noexcept {
    return static_cast<std::size_t>(kind);
  }
  void add_exposure(Venue venue, Asset asset, Strategy strategy, Money amount) noexcept;
  [[nodiscard]] Position& position_for(const OrderRequest& order, Strategy strategy) noexcept;
  // What the venue has paid for the pairs of this market.
  [[nodiscard]] Money paid_for_pairs(InstrumentId instrument) const noexcept;
  void change_paid(Venue venue, Money amount) noexcept;
  // Changes quantity and cost with their exposure; returns by how much the cost did change.
  Money change(Position& position, Quantity quantity, Money cost) noexcept;

  FlatTable<Position> positions_;        // by instrument and outcome
  FlatTable<Reservation> reservations_;  // likewise
  std::array<Money, kVenueCount> cash_{};
  std::array<Money, kVenueCount> reserved_cash_{};
  std::array<Money, kVenueCount> paid_for_pairs_{};
  std::array<Money, kVenueCount> pair_cash_{};
  std::array<Money, kVenueCount> unpaid_{};
  std::array<bool, kVenueCount> is_paid_late_{};
  std::array<Money, kAssetCount> asset_exposure_{};
  std::array<Money, kVenueCount> venue_exposure_{};
  std::array<Money, kStrategyCount> strategy_exposure_{};
  Money total_exposure_;
};

}  // namespace arbees

#pragma once
// Cash, positions and what open orders may still spend: the numbers that limits are compared with.
//
// Invariants: exposure of an asset = Σ (cost of its positions + reserves of its open orders); the total
// is the sum over assets; every reserve is released exactly once; quantities and reserves are never
// negative. Cost includes fees. Selling part of a position takes out its cost in proportion, rounded
// down, so that the exposure left is never understated.

#include <array>
#include <cstdint>

#include "core/base/flat_table.h"
#include "core/market/capacity.h"
#include "core/market/order.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees {

struct Position {
  InstrumentId instrument;
  Quantity quantity;
  Money cost;  // price plus fees of what is held
  Outcome outcome = Outcome::Yes;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
};

class Portfolio {
 public:
  explicit Portfolio(const Capacity& capacity) : positions_(capacity.positions) {}

  void set_cash(Venue venue, Money cash) noexcept { cash_[index(venue)] = cash; }
  [[nodiscard]] Money cash(Venue venue) const noexcept { return cash_[index(venue)]; }
  // Cash that no open order may still need.
  [[nodiscard]] Money free_cash(Venue venue) const noexcept {
    return cash_[index(venue)] - reserved_cash_[index(venue)];
  }

  [[nodiscard]] Money asset_exposure(Asset asset) const noexcept { return asset_exposure_[index(asset)]; }
  [[nodiscard]] Money total_exposure() const noexcept { return total_exposure_; }
  [[nodiscard]] const Position* find(InstrumentId instrument, Outcome outcome) const noexcept;
  [[nodiscard]] bool is_full() const noexcept { return positions_.full(); }

  // A buy order left: `amount` (its limit price and worst fee) counts as spent until released.
  void reserve(Venue venue, Asset asset, Money amount) noexcept;
  void release(Venue venue, Asset asset, Money amount) noexcept;

  // Quantity bought or sold at a price per contract of the outcome, with its fee. A sale of more than
  // is held is an assertion: no venue lets us sell what we do not have.
  void apply_fill(const OrderRequest& order, Price price, Quantity quantity, Money fee) noexcept;

  // Ends a position at `payout` per contract of this outcome; returns what it was (quantity 0: none).
  Position settle(InstrumentId instrument, Outcome outcome, Price payout) noexcept;
  // Puts back a position known from before.
  void restore(const Position& position) noexcept;

  template <class Visit>
  void for_each(Visit&& visit) const {
    positions_.for_each([&](std::uint64_t, const Position& position) { visit(position); });
  }

 private:
  [[nodiscard]] static std::size_t index(Venue venue) noexcept { return static_cast<std::size_t>(venue); }
  [[nodiscard]] static std::size_t index(Asset asset) noexcept { return static_cast<std::size_t>(asset); }
  void add_exposure(Asset asset, Money amount) noexcept;

  FlatTable<Position> positions_;  // by instrument and outcome
  std::array<Money, kVenueCount> cash_{};
  std::array<Money, kVenueCount> reserved_cash_{};
  std::array<Money, kAssetCount> asset_exposure_{};
  Money total_exposure_;
};

}  // namespace arbees

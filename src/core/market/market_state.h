#pragma once
// Everything known about the markets right now: contracts with their books, and spot prices.
//
// Invariants: one Contract per named instrument of a prediction venue; slots of released contracts are
// reused with their memory, so rolling markets allocate nothing once the largest number was reached.
// Unknown instruments change nothing. A contract without listed terms is not tradable.

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/flat_table.h"
#include "core/market/capacity.h"
#include "core/market/event.h"
#include "core/market/order_book.h"

namespace arbees {

struct Contract {
  InstrumentId id;
  ContractTerms terms;
  OrderBook book;
  Price quoted_bid;  // as the venue's ticker says; a cross-check only
  Price quoted_ask = kPriceOne;
  ContractPhase phase = ContractPhase::Unknown;
  bool is_listed = false;

  // Why an order may not be sent now, terms and phase considered; None if it may.
  [[nodiscard]] NotTradable not_tradable(Timestamp now) const noexcept;
};

// The last seen prices of one asset on one venue.
struct SpotView {
  SpotPrice bid;
  SpotPrice ask;
  SpotPrice last;
  Timestamp quoted_at = kNoTime;
  Timestamp traded_at = kNoTime;
};

class MarketState {
 public:
  explicit MarketState(const Capacity& capacity);

  // What an event did to a contract: which one, and the fault it was, if it was one.
  struct Change {
    Contract* contract = nullptr;
    BookFault fault = BookFault::None;
  };
  Change apply(const Event& event) noexcept;

  [[nodiscard]] Contract* find(InstrumentId id) noexcept;
  [[nodiscard]] const Contract* find(InstrumentId id) const noexcept;
  // Forgets a contract that will not be heard of again.
  void release(InstrumentId id) noexcept;
  [[nodiscard]] const SpotView& spot(Venue venue, Asset asset) const noexcept;
  [[nodiscard]] std::size_t contract_count() const noexcept { return index_.size(); }
  // Named instruments that did not fit: their markets are not watched.
  [[nodiscard]] std::uint64_t refused_count() const noexcept { return refused_; }

  // Calls visit(contract) for every contract, in an order that depends on the events alone.
  template <class Visit>
  void for_each(Visit&& visit) const {
    index_.for_each([&](std::uint64_t, std::uint32_t slot) { visit(contracts_[slot]); });
  }

 private:
  Change on(const InstrumentNamed& named) noexcept;
  Change on(const ContractListed& listed) noexcept;
  Change on(const ContractPhaseChanged& changed) noexcept;
  Change on(const PriceGridChanged& changed) noexcept;
  Change on(const StrikeUpdated& updated) noexcept;
  Change on(const BookUpdate& update, Timestamp now) noexcept;
  Change on(const BookFaulted& faulted) noexcept;
  Change on(const ContractQuote& quote) noexcept;
  void on(const FeedStatus& status) noexcept;

  [[nodiscard]] SpotView& spot_slot(Venue venue, Asset asset) noexcept;

  std::vector<Contract> contracts_;
  std::vector<std::uint32_t> free_slots_;
  FlatTable<std::uint32_t> index_;
  std::array<SpotView, kVenueCount * kAssetCount> spot_{};
  std::uint64_t refused_ = 0;
};

}  // namespace arbees

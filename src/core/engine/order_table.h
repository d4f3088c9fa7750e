#pragma once
// Our orders with their fills: those that are open, and the latest of those that have ended.
//
// Invariants: a fill (order, venue fill id) stands once, however often and in whatever order it is told;
// `filled` is the sum of the fills that stand; ended orders are remembered until kRemembered others have
// ended after them, so that a late or failed fill still finds its order. Nothing allocates after start.

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/flat_table.h"
#include "core/market/capacity.h"
#include "core/market/event.h"
#include "core/market/opportunity.h"
#include "core/market/order.h"
#include "core/risk/portfolio.h"

namespace arbees {

struct OrderRecord {
  OrderRequest order;
  Detector detector = Detector::SameMarket;
  OrderState state = OrderState::Pending;
  RejectReason reason = RejectReason::None;
  bool is_ended = false;
  bool is_cancel_due = false;
  Quantity filled;       // by the fills that stand
  Quantity told_filled;  // what the venue says was filled: fills may still be on their way
  Money reserve;         // still reserved
  Timestamp doubted_at = kNoTime;
  Timestamp ask_at = kNoTime;  // when its silence is doubted, or it is asked about next
  Duration back_off{};
  std::uint32_t first_fill = 0;
};

struct FillRecord : BookedFill {
  Money leg_cost;  // what a sale took out of its request's leg
  std::uint64_t venue_fill_id = 0;
  FillFinality finality = FillFinality::Matched;
  bool is_awaited = false;  // the venue tells what becomes of it, and has not told the last of it
  std::uint32_t next = 0;   // of the same order
};

class OrderTable {
 public:
  static constexpr std::size_t kRemembered = 1024;

  explicit OrderTable(const Capacity& capacity);

  [[nodiscard]] bool has_room(std::size_t orders) const noexcept { return open_.size() + orders <= open_limit_; }
  [[nodiscard]] std::size_t open_count() const noexcept { return open_.size(); }
  // Ids of open orders, oldest first. Changes when one ends.
  [[nodiscard]] std::span<const std::uint64_t> open() const noexcept { return open_; }

  OrderRecord& add(const OrderRequest& order) noexcept;
  [[nodiscard]] OrderRecord* find(OrderId id) noexcept { return records_.find(id.value); }
  [[nodiscard]] const OrderRecord* find(OrderId id) const noexcept { return records_.find(id.value); }
  // Open no longer, but remembered. Pointers to other records are not valid afterwards.
  void end(OrderId id) noexcept;

  [[nodiscard]] FillRecord* find_fill(const OrderRecord& record, std::uint64_t venue_fill_id) noexcept;
  // nullptr if there is no room for it.
  [[nodiscard]] FillRecord* add_fill(OrderRecord& record, std::uint64_t venue_fill_id) noexcept;

 private:
  static constexpr std::size_t kFillsPerOrder = 8;  // on average

  void forget(std::uint64_t id) noexcept;

  std::size_t open_limit_;
  FlatTable<OrderRecord> records_;
  std::vector<std::uint64_t> open_;
  std::vector<std::uint64_t> ended_;  // a ring
  std::size_t next_ended_ = 0;
  std::vector<FillRecord> fills_;  // number 0 is none
  std::uint32_t free_fill_ = 0;
};

}  // namespace arbees

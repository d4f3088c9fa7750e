#pragma once
// What a gateway knows about each of its orders, and when the venue must be asked about it.
//
// Answers, streams and lookups tell the same things in any order, twice, or never; what comes out is one story per
// order: each fill once, then its end, and the end only when all fills that the venue counts have been told. Facts
// never go back: an end stays an end, a count of fills only grows. Used by one thread.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/venue/order_gateway.h"

namespace arbees {

struct TrackedFill {
  std::uint64_t id = 0;
  std::string name;
  Quantity quantity;
  FillFinality finality = FillFinality::Matched;
};

// How an order ended, as far as the venue has said.
struct OrderEnd {
  OrderState state = OrderState::Canceled;  // of what was not filled
  RejectReason reason = RejectReason::None;
};

struct TrackedOrder {
  GatewayOrder sent;
  std::string symbol;
  std::string key;       // client order id, or order hash: known before it was sent
  std::string venue_id;  // known from the venue's first answer on
  OrderState state = OrderState::Pending;
  Quantity filled;         // told by fills
  Quantity stated_filled;  // counted by the venue
  std::optional<OrderEnd> end;
  std::vector<TrackedFill> fills;
  Timestamp look_at = Timestamp::max();  // when to ask next
  int looks = 0;                         // asked so often since the last news
  int misses = 0;                        // answers that the venue does not know it
  Timestamp missing_since = kNoTime;
  bool is_asked = false;        // an answer is under way
  bool wants_cancel = false;    // as soon as the venue's id is known
  bool is_cancel_sent = false;  // and not answered yet
  bool is_closed = false;       // its end is told

  [[nodiscard]] const OrderRequest& order() const noexcept { return sent.order; }
};

// A fill as the venue tells it, in the terms of the order's outcome.
struct ToldFill {
  std::string_view name;
  Price price;
  Quantity quantity;
  Money fee;
  bool is_taker = true;
  Timestamp at = kNoTime;  // the venue's time
};

class OrderTracker {
 public:
  struct Counts {
    std::uint64_t lost_answers = 0;
    std::uint64_t resolved = 0;
    std::uint64_t fills = 0;
    std::uint64_t failed_fills = 0;
  };

  explicit OrderTracker(GatewaySink& sink) noexcept : sink_(sink) {}

  // References stay valid until the order is forgotten, which only closed ones are, long after.
  TrackedOrder& add(const GatewayOrder& order, std::string_view symbol, std::string key);
  [[nodiscard]] TrackedOrder* find(OrderId id);
  [[nodiscard]] TrackedOrder* find_key(std::string_view key);
  [[nodiscard]] TrackedOrder* find_venue_id(std::string_view id);
  void set_venue_id(TrackedOrder& order, std::string_view id);
  // Of an order that was added before its key could be computed.
  void set_key(TrackedOrder& order, const std::string& key);

  // The venue has it in its book; `filled` is what it counts so far.
  void rest(TrackedOrder& order, Quantity filled, Timestamp now);
  // The venue accepted it: if nothing more is heard of it soon, it is asked for.
  void expect_news(TrackedOrder& order, Timestamp now);
  void count_filled(TrackedOrder& order, Quantity filled, Timestamp now);
  // It ended; what was filled is `filled`. Told at once if all fills are known, else as soon as they are.
  void end(TrackedOrder& order, const OrderEnd& how, Quantity filled, Timestamp now);
  // It never took effect.
  void reject(TrackedOrder& order, RejectReason reason, Timestamp now);
  // It was sent, and nobody knows what became of it.
  void lose(TrackedOrder& order, Timestamp now);
  // The venue does not know it. True, and rejected, once that is proven: told so twice, `grace` after the last moment
  // at which it can have been sent.
  bool miss(TrackedOrder& order, Duration grace, Timestamp now);

  // The end of a closed order once more, for who asks: absence is not believed as early as it is told.
  void repeat_end(TrackedOrder& order, Timestamp now);

  void fill(TrackedOrder& order, const ToldFill& fill, Timestamp now);
  // What became of a fill; a fill that was never told is ignored.
  void settle(TrackedOrder& order, std::string_view fill_name, FillFinality finality, Timestamp now);

  // Open orders that are due to be asked for; asking them sets is_asked.
  [[nodiscard]] std::vector<TrackedOrder*> due(Timestamp now);
  // The answer came (whatever it said): the next question is due after a growing pause.
  void asked(TrackedOrder& order, Timestamp now);
  // All open orders are due now: after a reconnect, nobody knows what was missed.
  void ask_all(Timestamp now);

  [[nodiscard]] std::vector<TrackedOrder*> open();
  [[nodiscard]] std::string describe_open() const;  // for people
  [[nodiscard]] std::size_t open_count() const noexcept { return open_; }
  [[nodiscard]] std::size_t unknown_count() const noexcept;
  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

 private:
  void tell(TrackedOrder& order, OrderUpdate update, Timestamp now, Timestamp venue_time = kNoTime);
  void close_if_complete(TrackedOrder& order, Timestamp now);
  void close(TrackedOrder& order);
  [[nodiscard]] static bool is_complete(const TrackedOrder& order) noexcept;
  [[nodiscard]] static OrderState end_state(const TrackedOrder& order) noexcept;
  static void look_after(TrackedOrder& order, Duration pause, Timestamp now) noexcept;

  GatewaySink& sink_;
  std::map<std::uint64_t, std::unique_ptr<TrackedOrder>> orders_;  // by id, so that all loops have one order
  std::unordered_map<std::string, TrackedOrder*> by_key_;
  std::unordered_map<std::string, TrackedOrder*> by_venue_id_;
  std::deque<std::uint64_t> closed_;
  std::size_t open_ = 0;
  Counts counts_;
};

}  // namespace arbees

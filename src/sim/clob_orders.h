#pragma once
// Order entry of the CLOB: posting, the hold of marketable orders, cancelling, and what is known of each order.
//
// Orders are those of the one funded account; what anybody else posts is refused for want of balance. A marketable
// order is held for the taker delay, checked again, then matched; while held it cannot be cancelled, and its
// answer waits. Orders never go from the list, so that an identical one is always known as a duplicate.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "sim/clob_order_check.h"
#include "sim/clob_trades.h"
#include "sim/servers.h"

namespace arbees::sim {

struct ClobOrder {
  PostedOrder posted;
  CheckedOrder checked;
  ClobOwner owner;
  polymarket::Address address{};  // of the key
  Timestamp created_at = kNoTime;
  std::vector<std::string> trade_ids;
  bool is_held = true;   // not in the world yet
  Quantity told_filled;  // by the last event of the user channel
  bool is_end_told = false;
};

// What the POST answers: a document, or the venue's refusal.
struct ClobRejection {
  int status = 400;
  std::string text;
  std::string order_id;  // of an order that was killed, else empty
};
using ClobPosted = Result<std::string, ClobRejection>;

struct ClobCancelled {
  std::vector<std::string> ids;
  std::vector<std::string> failed;
  [[nodiscard]] std::string document() const;
};

class ClobOrders {
 public:
  // `tell` takes every event of the user channel: whose, of which market, and the text.
  using Tell =
      std::function<void(const polymarket::Address&, const std::string& condition_id, const std::string& text)>;
  ClobOrders(const ServerContext& context, const ClobRules& rules, ClobTrades& trades, Tell tell);

  // `done` is called once, before the return or when the hold is over.
  void post(const PostedOrder& posted, const ClobCredentials& credentials, Timestamp now,
            std::function<void(ClobPosted)> done);
  // Executes what was held long enough.
  void advance(Timestamp now);

  [[nodiscard]] ClobCancelled cancel(const std::vector<std::string>& ids, const polymarket::Address& address,
                                     Timestamp now);
  // All of the address that `wants` says yes to.
  [[nodiscard]] ClobCancelled cancel_if(const polymarket::Address& address, Timestamp now,
                                        const std::function<bool(const ClobOrder&)>& wants);

  [[nodiscard]] const ClobOrder* find(std::string_view id) const;
  [[nodiscard]] bool is_open(const ClobOrder& order) const;
  // Of this address, oldest first.
  [[nodiscard]] std::vector<const ClobOrder*> of(const polymarket::Address& address) const;
  [[nodiscard]] std::string document(const ClobOrder& order) const;

  // From the world.
  void on_order(const Order& order);
  void on_fill(const Fill& fill);

 private:
  struct Held {
    std::string id;
    Timestamp due = kNoTime;
    std::function<void(ClobPosted)> done;
  };

  [[nodiscard]] std::optional<ClobRejection> refuse(const PostedOrder& posted, const CheckedOrder& checked) const;
  [[nodiscard]] ClobPosted execute(ClobOrder& order, Timestamp now, bool was_held);
  [[nodiscard]] ClobPosted answer(ClobOrder& order, const PlacedOrder& placed, bool was_held);
  [[nodiscard]] ClobRejection rejection_of(const ClobOrder& order, Refusal refusal) const;
  [[nodiscard]] ClobRejection short_of_balance(const CheckedOrder& checked) const;
  [[nodiscard]] ClobRejection killed(const ClobOrder& order) const;
  [[nodiscard]] bool is_marketable(const CheckedOrder& checked) const;
  void drop(const std::string& id);
  void tell(ClobOrder& order, std::string_view type);
  [[nodiscard]] std::string event(const ClobOrder& order, std::string_view type) const;
  [[nodiscard]] Timestamp stated(Timestamp time) const;

  ServerContext context_;
  const ClobRules& rules_;
  ClobTrades& trades_;
  Tell tell_;
  std::map<std::string, std::unique_ptr<ClobOrder>, std::less<>> by_id_;
  std::vector<ClobOrder*> in_order_;
  std::deque<Held> held_;
  std::string placing_;  // told of when its placement is complete
};

}  // namespace arbees::sim

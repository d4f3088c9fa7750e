#pragma once
// One prediction venue of the world: its books, the accounts that trade in them, the user's orders and fills.
//
// Account 0 is the user; the others are the simulated traders (Trader), which are funded so that they can always pay
// and whose orders are known by number only. Every trade goes through the same books and the same ledger; the user's
// orders are refused unless all resting orders together with the new one can be paid for, fees included.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/result.h"
#include "core/market/fees.h"
#include "sim/accounts.h"
#include "sim/listeners.h"
#include "sim/listings.h"
#include "sim/matching_book.h"
#include "sim/world.h"

namespace arbees::sim {

// The simulated accounts.
enum class Trader : AccountId { User, Maker, Noise, Stray };
inline constexpr std::size_t kTraderCount = 4;

class Exchange {
 public:
  Exchange(Venue venue, std::uint64_t seed, Money opening_cash, Listings& listings, Listeners& listeners);

  // ---- the market's life ----
  void open_book(MarketId market);
  // Cancels all resting orders; the book is empty from now on.
  void close_book(MarketId market, Timestamp now);
  // The market has its result. Kalshi pays at once; on Polymarket the user's tokens stay until they are redeemed.
  void settle(MarketId market, Timestamp now);
  // Whether the user holds tokens of a settled market that pay.
  [[nodiscard]] bool has_winnings(MarketId market) const noexcept;
  // Turns them into cash. Tokens that pay nothing stay in the account.
  void redeem(MarketId market, Timestamp now);
  void expire_orders(Timestamp now);
  void set_paused(bool paused) noexcept { is_paused_ = paused; }
  [[nodiscard]] bool is_paused() const noexcept { return is_paused_; }
  // Takes out the user's orders that do not stand on the market's grid any more.
  void cancel_off_grid(MarketId market, Timestamp now);

  // ---- the simulated traders ----
  // Matches, then rests what is left; the number of what rests, 0 if nothing does.
  OrderNumber rest(Trader trader, MarketId market, BookSide side, BookLevel order, Timestamp now);
  // Trades what is there up to the limit; returns how much.
  Quantity take(Trader trader, MarketId market, BookSide side, BookLevel order, Timestamp now);
  void withdraw(MarketId market, OrderNumber number, Timestamp now);
  [[nodiscard]] const MatchingBook& book(MarketId market) const noexcept { return books_[market]; }
  [[nodiscard]] bool has_book(MarketId market) const noexcept { return market < books_.size(); }

  // ---- the user ----
  [[nodiscard]] Result<PlacedOrder, Refusal> place(const NewOrder& request, Timestamp now);
  [[nodiscard]] Result<Quantity, Refusal> cancel(std::string_view public_id, Timestamp now);
  [[nodiscard]] Result<Order, Refusal> decrease(std::string_view public_id, Quantity to, Timestamp now);
  [[nodiscard]] Result<PlacedOrder, Refusal> amend(std::string_view public_id, const Amendment& amendment,
                                                   Timestamp now);
  std::vector<Order> cancel_all(std::optional<MarketId> market, Timestamp now);
  bool revert_fill(std::uint64_t fill_number);

  [[nodiscard]] const Order* find_order(std::string_view public_id) const;
  [[nodiscard]] const Order* find_client_order(std::string_view client_id) const;
  [[nodiscard]] std::vector<const Order*> orders() const;
  [[nodiscard]] std::vector<const Fill*> fills() const;
  // What was paid: Kalshi's settlements, what was redeemed on Polymarket.
  [[nodiscard]] const std::vector<Settlement>& settlements() const noexcept { return settlements_; }
  [[nodiscard]] std::vector<MarketTrade> trades(MarketId market, std::size_t limit) const;
  [[nodiscard]] std::vector<Position> positions() const;
  [[nodiscard]] Position position(MarketId market) const;
  [[nodiscard]] Money cash() const noexcept { return accounts_.cash(0); }
  [[nodiscard]] Money available() const;
  [[nodiscard]] Money position_value() const;
  [[nodiscard]] Quantity queue_ahead(std::string_view public_id) const;
  [[nodiscard]] Money total_money() const noexcept { return accounts_.total(); }

 private:
  struct UserOrder {
    Order order;
    KalshiRoundingAccount rounding{KalshiRoundingAccount::kDirectMember};
    std::vector<Fill>* fills = nullptr;  // collects them while the order is being placed
  };

  [[nodiscard]] std::optional<Refusal> check(const NewOrder& request, Timestamp now) const;
  [[nodiscard]] bool can_pay(const NewOrder& request, const Order* replaced) const;
  [[nodiscard]] bool has_tokens(const NewOrder& request, const Order* replaced) const;
  // What resting orders of the market, and perhaps one more instead of `replaced`, could cost at most.
  [[nodiscard]] Money reserve(MarketId market, const NewOrder* extra, const Order* replaced) const;
  [[nodiscard]] Money highest_fee(const NewOrder& request) const;
  [[nodiscard]] UserOrder& create(const NewOrder& request, Timestamp now);
  // Matches what remains of the order and rests or ends what is left; at most `quantity` is traded now.
  [[nodiscard]] PlacedOrder execute(UserOrder& user_order, Quantity quantity, Timestamp now);
  void end(Order& order, OrderStatus status, CancelReason reason, Timestamp now);
  [[nodiscard]] UserOrder* find(std::string_view public_id);
  [[nodiscard]] Quantity take_out(Order& order, CancelReason reason, OrderStatus status, Timestamp now);

  // Books both sides of one match and tells of it.
  void trade(Market& market, const IncomingOrder& taker, const Match& match, Timestamp now);
  void user_fill(UserOrder& user_order, const Market& market, const MarketTrade& trade, OrderNumber maker);
  void trader_fill(AccountId account, const Market& market, const MarketTrade& trade, BookSide side, Role role);
  void take_in(MarketId market, const IncomingOrder& order, const MatchResult& result, Timestamp now);
  void tell_book(MarketId market, Timestamp now, bool by_user);
  // Writes down and tells what the user was paid for holdings of a settled market; nothing if there were none.
  void paid(MarketId market, const Holding& held, Timestamp now);
  [[nodiscard]] UserOrder& by_number(OrderNumber number) { return orders_[by_number_.at(number)]; }

  Venue venue_;
  std::uint64_t seed_;
  Listings& listings_;
  Listeners& listeners_;
  Accounts accounts_;
  std::vector<MatchingBook> books_;  // by market; unused for the other venue's
  std::deque<UserOrder> orders_;
  std::unordered_map<std::string, std::size_t> by_public_id_;
  std::unordered_map<std::string, std::size_t> by_client_id_;
  std::unordered_map<OrderNumber, std::size_t> by_number_;
  std::map<OrderNumber, std::size_t> resting_;
  std::deque<Fill> fills_;
  std::vector<Settlement> settlements_;
  std::vector<std::deque<MarketTrade>> trades_;
  std::unordered_set<std::string> spent_client_ids_;  // of orders that were killed
  OrderNumber next_order_ = 1;
  std::uint64_t next_trade_ = 1;
  bool is_paused_ = false;
};

}  // namespace arbees::sim

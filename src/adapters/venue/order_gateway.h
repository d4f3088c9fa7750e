#pragma once
// A live account on one prediction venue: orders out, what became of them in, and what the venue says we own.
//
// What gateways promise. An order is sent at most once: there is no blind retry, ever. An answer that is lost, late
// beyond its time or 5xx leaves the order Unknown, its risk reserved, and the gateway asks the venue for it by the id
// that was known before it was sent, until the venue proves what became of it. A refusal (4xx) is final, with its
// reason; what provably never left us is NotSent. Every fill is told once, with the venue's exact price and fee, and
// the end of an order only after all fills that the venue counts in it. What was matched is not settled: its finality
// follows (FillFinalityChanged). All calls are made in the thread of the gateway's IoLoop; events come from there too.

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/feed.h"
#include "core/base/result.h"
#include "core/market/event.h"
#include "core/market/order.h"

namespace arbees {

// An order with the time of its intent. Both are in the ledger before it is sent, and together they make the id under
// which the venue knows it: whoever reads the ledger after a crash asks for the very same id.
struct GatewayOrder {
  OrderRequest order;
  Timestamp submitted_at = kNoTime;
};

// A fill of an earlier session that is in the books already.
struct RecordedFill {
  std::uint64_t id = 0;
  std::string name;  // the venue's own text
  Quantity quantity;
};

class GatewaySink : public FeedSink {
 public:
  // Comes before the OrderUpdate of the fill: `name` is the venue's own text for it.
  virtual void on_fill_named(OrderId order, std::uint64_t venue_fill_id, std::string_view name) {
    static_cast<void>(order);
    static_cast<void>(venue_fill_id);
    static_cast<void>(name);
  }
};

struct AccountPosition {
  std::string symbol;
  Outcome outcome = Outcome::Yes;
  Quantity quantity;
};

struct AccountOrder {
  std::string venue_id;
  std::string client_id;  // empty if it has none
  std::string symbol;
  Quantity remaining;
};

// A fill of late, where the venue tells what became of it after it was matched.
struct AccountFill {
  std::string venue_id;  // of its order
  std::string name;
  std::string symbol;
  Quantity quantity;
  FillFinality finality = FillFinality::Matched;
};

// Everything the venue says about the account, read as a whole: there is no partial one.
struct AccountState {
  Money cash;  // of the account; a venue may leave out what resting orders reserve
  // What the venue's figure may differ by because it rounds: cash lies in [cash, cash + cash_grain).
  Money cash_grain = Money::from_units(1);
  std::vector<AccountPosition> positions;  // none of zero
  std::vector<AccountOrder> open_orders;
  std::vector<AccountFill> fills;
  std::size_t looks = 1;  // so many in a row until all that is unpaid has been read afresh
};
// For a venue that cannot list positions, and is asked about each token that was traded of late.
struct AccountQuery {
  std::vector<std::string> held;    // by our books: asked about whenever they were traded
  std::vector<std::string> unpaid;  // settled in our books and not paid when last seen: likewise, and read afresh
  std::set<std::string> settled;    // paid, or worthless: not asked about
};
using AccountAnswer = Result<AccountState, std::string>;
using CashAnswer = Result<Money, std::string>;

// Of the symbol's Yes (on Polymarket: of the token itself).
using PayoutAnswer = Result<std::map<std::string, Price>, std::string>;

struct GatewayHealth {
  Venue venue = Venue::Unknown;
  bool is_ready = false;      // credentials accepted
  bool is_streaming = false;  // fills come by stream; without it they are asked for
  std::size_t open_orders = 0;
  std::size_t unknown_orders = 0;
  std::uint64_t submitted = 0;
  std::uint64_t refused = 0;
  std::uint64_t canceled = 0;      // cancels sent
  std::uint64_t lost_answers = 0;  // orders that became Unknown
  std::uint64_t resolved = 0;      // … and were found out
  std::uint64_t fills = 0;
  std::uint64_t failed_fills = 0;  // reversed after they were matched
  std::uint64_t throttled = 0;
  std::uint64_t stream_connects = 0;
  std::string_view group_state;      // of the session's order group; empty: the venue has none
  std::int64_t group_contracts = 0;  // its limit
  // When the venue last answered what keeps our orders alive there; kNoTime: it wants no heartbeats.
  Timestamp heartbeat_at = kNoTime;
  std::string last_trouble;  // for people
};

class OrderGateway {
 public:
  virtual ~OrderGateway() = default;

  // Logs in and connects. Orders before it is ready are refused as NotSent.
  virtual void start() = 0;
  // Names, terms and ticks of contracts; everything else is ignored.
  virtual void learn(const Event& event) = 0;

  virtual void submit(const GatewayOrder& order) = 0;
  virtual void cancel(OrderId id) = 0;
  // Asks the venue what became of the order, now; what is known of its end is told again.
  virtual void query(OrderId id) = 0;
  // A halt. Every resting order of ours, at once; each ends by its own update. A venue that can be told to take no more
  // orders is told so.
  virtual void cancel_all() = 0;
  // Trading goes on.
  virtual void resume() {}

  // An order of an earlier session whose end is not in the books: it is asked for until it is known. `symbol` is that
  // of its instrument; `fills` are those in the books.
  virtual void adopt(const GatewayOrder& order, std::string_view symbol, std::span<const RecordedFill> fills) = 0;

  // Balances, positions and open orders; an error text if any part of it could not be had.
  virtual void read_account(const AccountQuery& query, std::function<void(AccountAnswer)> done) = 0;

  // Whether the keys open the account: its cash. Without start(), and nothing is changed by it.
  virtual void read_cash(std::function<void(CashAnswer)> done) = 0;

  // What decided contracts pay, by symbol; those that are not decided are left out.
  virtual void read_payouts(const std::vector<std::string>& symbols, std::function<void(PayoutAnswer)> done) = 0;

  // Time passes: lookups, heartbeats, reconnects. Called every 100 ms at least.
  virtual void tick(Timestamp now) = 0;
  [[nodiscard]] virtual GatewayHealth health() const = 0;
  // Orders whose end is not known yet.
  [[nodiscard]] virtual std::size_t open_orders() const = 0;
  // What is known of them, one after the other, for people.
  [[nodiscard]] virtual std::string describe_open() const = 0;
  // The id under which the venue knows the order (client order id, or order hash); empty if it cannot be computed yet.
  [[nodiscard]] virtual std::string venue_key(const GatewayOrder& order, std::string_view symbol) = 0;
  // The session ends; nothing is under way any more.
  virtual void stop() = 0;
  // Whether everything that stop() began has been answered.
  [[nodiscard]] virtual bool is_stopped() const { return true; }
};

}  // namespace arbees

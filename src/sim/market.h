#pragma once
// What the loopback venues list and trade: events, markets, orders, fills, as the servers need to tell of them.
//
// Prices of markets and books are in the Yes frame; prices of orders and fills are of the outcome that is traded,
// with the Yes frame beside it. A Polymarket market is one market with two tokens and one book.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/market/contract.h"
#include "core/market/event.h"
#include "core/market/order.h"
#include "core/market/order_book.h"
#include "core/market/price_grid.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees::sim {

// Index of a market in the world, never used twice.
using MarketId = std::uint32_t;
using EventId = std::uint32_t;

struct Event {
  EventId id = 0;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  std::string ticker;  // Kalshi event ticker; Polymarket slug
  std::string series;  // Kalshi series ticker; Polymarket series slug (may be empty)
  std::string title;
  std::string gamma_id;     // Polymarket: the number Gamma knows it by
  std::string neg_risk_id;  // Polymarket neg-risk: 0x and 64 hex digits, else empty
  bool neg_risk = false;    // Polymarket
  bool mutually_exclusive = false;
  Timestamp created_at = kNoTime;
  Timestamp starts_at = kNoTime;  // of the window; of a ladder: when trading began
  Timestamp ends_at = kNoTime;
  std::vector<MarketId> markets;
};

struct Market {
  MarketId id = 0;
  EventId event = 0;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  std::string ticker;  // Kalshi ticker; Polymarket slug

  Payoff payoff = Payoff::Unknown;  // UpDown, Threshold or Range
  Comparator comparator = Comparator::Unknown;
  SettlementSource source = SettlementSource::Unknown;
  Strike lower;  // threshold, floor, or start value; meaningful if has_lower
  Strike upper;  // cap of a range; meaningful if has_upper
  bool has_lower = false;
  bool has_upper = false;
  bool includes_upper = false;      // Kalshi's ranges include their cap, Polymarket's brackets do not
  std::uint8_t value_decimals = 2;  // of strikes, index and settled value: BTC, ETH 2, SOL 4

  Timestamp created_at = kNoTime;
  Timestamp opens_at = kNoTime;   // trading begins (Kalshi); start of the window (up/down)
  Timestamp closes_at = kNoTime;  // trading ends; endDate
  Timestamp updated_at = kNoTime;
  Timestamp determined_at = kNoTime;
  Timestamp settled_at = kNoTime;
  ContractPhase phase = ContractPhase::Unknown;

  PriceGrid grid;
  std::string structure;  // Kalshi's label of the grid: "linear_cent", "deci_cent", "tapered_deci_cent"
  Quantity minimum_order = Quantity::from_units(1);  // Polymarket: 5 shares
  FeeSchedule fees;
  std::int32_t exchange_index = 2;

  bool has_result = false;
  Price payout;             // of one Yes, if has_result
  SpotPrice settled_value;  // rounded, if has_result

  std::string title;          // question on Polymarket
  std::string yes_sub_title;  // outcome names on Polymarket: "Up"/"Yes", "Down"/"No"
  std::string no_sub_title;
  std::string rules_primary;    // description on Polymarket
  std::string rules_secondary;  // resolution source (an address) on Polymarket
  std::string group_title;      // Polymarket ladders: groupItemTitle

  // Polymarket
  std::string gamma_id;
  std::string condition_id;              // 0x and 64 hex digits
  std::string question_id;               // 0x and 64 hex digits
  std::array<std::string, 2> token_ids;  // decimal; [Yes/Up, No/Down]
  bool neg_risk = false;

  Price last_price;  // of the last trade, Yes frame; zero if there was none
  Quantity volume;
  Quantity open_interest;

  [[nodiscard]] bool is_active() const noexcept { return phase == ContractPhase::Active; }
};

struct BookLevel {
  Price price;
  Quantity quantity;
};

// One level's change, Yes frame.
struct BookChange {
  BookSide side = BookSide::Bid;
  Price price;
  std::int64_t delta = 0;  // in units of Quantity
  Quantity quantity;       // the level's new size
  Timestamp time = kNoTime;
  bool by_user = false;  // the user's own order caused it
};

struct MarketTrade {
  std::string trade_id;  // UUID
  Price price;           // Yes frame
  Quantity quantity;
  BookSide taker_side = BookSide::Bid;   // Bid: the taker bought Yes
  Outcome taker_outcome = Outcome::Yes;  // the token the taker traded (Polymarket)
  Side taker_action = Side::Buy;
  Timestamp time = kNoTime;
};

enum class Lifetime : std::uint8_t { GoodTillCanceled, GoodTillDate, ImmediateOrCancel, FillOrKill };
enum class SelfTrade : std::uint8_t {
  CancelTaker,  // Kalshi taker_at_cross: the incoming order ends at the first own order it meets
  CancelMaker,  // Kalshi maker: the resting one is cancelled, matching goes on
};

struct NewOrder {
  MarketId market = 0;
  Outcome outcome = Outcome::Yes;  // Kalshi: always Yes; Sell opens a No position if no Yes is held
  Side side = Side::Buy;
  Price price;  // of the outcome
  Quantity quantity;
  Lifetime lifetime = Lifetime::GoodTillCanceled;
  Timestamp expires_at = kNoTime;  // GoodTillDate
  bool post_only = false;
  bool reduce_only = false;  // needs ImmediateOrCancel or FillOrKill; caps at the position
  SelfTrade self_trade = SelfTrade::CancelTaker;
  std::string client_id;  // a second order with the same one is refused (DuplicateClientId); empty: none
  std::string public_id;  // how servers name it (Polymarket: the order hash); empty: the world makes a UUID
};

enum class OrderStatus : std::uint8_t { Resting, Executed, Canceled, Expired };
enum class CancelReason : std::uint8_t {
  None,
  ByUser,
  ImmediateOrCancel,
  SelfTrade,
  Expiry,
  MarketClosed,
  PostOnlyCross,
  OffGrid,  // the grid of the market changed under it
  ReduceOnly,
  Amend,
};

struct Order {
  std::uint64_t number = 0;  // unique in the world, ascending with time
  std::string public_id;
  std::string client_id;
  Venue venue = Venue::Unknown;
  MarketId market = 0;
  Outcome outcome = Outcome::Yes;
  Side side = Side::Buy;
  Price price;  // of the outcome
  BookSide book_side = BookSide::Bid;
  Price yes_price;
  Quantity initial;
  Quantity filled;
  Quantity remaining;  // resting now; 0 once ended
  Lifetime lifetime = Lifetime::GoodTillCanceled;
  SelfTrade self_trade = SelfTrade::CancelTaker;
  bool post_only = false;
  bool reduce_only = false;
  OrderStatus status = OrderStatus::Resting;
  CancelReason reason = CancelReason::None;
  Timestamp created_at = kNoTime;
  Timestamp updated_at = kNoTime;
  Timestamp expires_at = kNoTime;
  Money taker_cost;  // price × quantity of the outcome bought (sold: proceeds), taker fills
  Money maker_cost;
  Money taker_fees;
  Money maker_fees;
};

// One fill of the user's order.
struct Fill {
  std::uint64_t number = 0;
  std::string trade_id;  // UUID, the same as in the public trade
  std::uint64_t order = 0;
  std::string order_public_id;
  std::string client_id;
  Venue venue = Venue::Unknown;
  MarketId market = 0;
  Outcome outcome = Outcome::Yes;
  Side side = Side::Buy;
  Price price;  // of the outcome
  BookSide book_side = BookSide::Bid;
  Price yes_price;
  Quantity quantity;
  Money fee;
  bool is_taker = true;
  bool is_reverted = false;  // failed on chain: cash and position are as before it
  Timestamp time = kNoTime;
  std::int64_t position_after = 0;       // Quantity units; Yes minus No
  std::string maker_order_id;            // Polymarket: hash of the order on the other side
  Outcome maker_outcome = Outcome::Yes;  // what the other side traded
  Side maker_side = Side::Sell;
};

struct Position {
  MarketId market = 0;
  Quantity yes;  // Kalshi: one of the two is zero
  Quantity no;
  Money cost;          // paid for what is held now, without fees
  Money fees;          // of all fills of this market
  Money traded;        // price × quantity of all fills
  Money realized_pnl;  // without fees
  Timestamp updated_at = kNoTime;
};

struct Settlement {
  MarketId market = 0;
  Quantity yes;
  Quantity no;
  Money yes_cost;
  Money no_cost;
  Money fees;
  Money payout;
  Timestamp time = kNoTime;
};

enum class Refusal : std::uint8_t {
  MarketNotFound,
  MarketInactive,  // not open for trading now
  ExchangePaused,
  InvalidPrice,  // off the grid or outside (0, 1)
  InvalidSize,
  InvalidExpiration,
  InsufficientBalance,
  InsufficientPosition,  // Polymarket: selling tokens that are not held
  PostOnlyCross,
  FillOrKillUnfilled,
  ReduceOnlyNotImmediate,
  DuplicateClientId,
  DuplicateOrder,  // the same public_id again
  NotFound,        // cancel, amend, decrease: unknown or already ended
  Mismatch,        // amend: other market or side than the order's
};
// "available_balance_too_low"-like text is the servers' business; this is for logs and tests.
[[nodiscard]] const char* refusal_name(Refusal refusal) noexcept;

}  // namespace arbees::sim

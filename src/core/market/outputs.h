#pragma once
// What the core answers to one event: decisions, orders, and facts for observers.
//
// Cleared before, read after each event. Reports are the only source of the ledger: whoever writes
// them down in order can rebuild cash, positions and the reason of every decision.

#include <cstdint>
#include <string_view>
#include <variant>

#include "core/base/bounded_vector.h"
#include "core/market/event.h"
#include "core/market/opportunity.h"
#include "core/market/order.h"

namespace arbees {

enum class OrderAction : std::uint8_t {
  Submit,
  Cancel,
  // Ask the venue what became of the order. Answered with its fills and an OrderUpdate: the state it has; Unknown if
  // the venue did not say; Rejected with NotSent only if it provably never got there and never will.
  Query,
};

struct OrderCommand {
  OrderRequest order;
  OrderAction action = OrderAction::Submit;
};

// The one table of reasons why an opportunity does not become a request, or what limits its size. Appended to only,
// for ledgers and digests keep them; docs/arbitrage.md says what each means and what to do about it.
enum class Verdict : std::uint8_t {
  Accepted,
  Halted,
  UnprovenBook,
  StaleBook,
  NotTradable,
  EdgeTooSmall,
  TooThin,  // less liquidity than required
  BelowMinimumOrder,
  PositionLimit,
  AssetLimit,
  TotalLimit,
  InsufficientCash,
  AlreadyRequested,  // this opportunity has its request
  TooManyRequests,   // in flight or per time
  ReturnTooLow,      // profit for each dollar and day that the money is bound
  BasisLimit,        // exposure of trades that rest on a statistical bound
  PriceLimit,        // a leg's price is outside what counts as sane
  VenueLimit,        // exposure on one venue
  CloseLimit,        // exposure that settles at one instant
  EventLossLimit,    // worst case of one event over its states
  NakedLimit,        // what one leg could lose while the others are not filled
  ModelLimit,        // exposure of trades on the model's word
  LowConfidence,     // the near end of the model's band does not clear the cost
  ModelUnavailable,  // there is no fair value
};
inline constexpr std::size_t kVerdictCount = 24;
// "accepted", "halted", "unproven_book", …
[[nodiscard]] std::string_view verdict_name(Verdict verdict) noexcept;

// An opportunity was judged: once when it appears, and again when its verdict changes.
struct OpportunityJudged {
  std::uint64_t opportunity_id = 0;
  std::uint64_t event_group = 0;
  Timestamp started_at = kNoTime;  // when it was first seen; the same in all reports of one opportunity
  Timestamp settles_at = kNoTime;  // when the money comes back
  Quantity size;                   // contracts of the package: the largest leg
  Money outlay;
  Money guaranteed;
  Money fees;
  Money expected_loss;  // Detector::Basis: what the basis costs on average; otherwise zero
  Money tail_reserve;   // and what is set aside for more than the average
  Money expected;       // Detector::ModelEdge: payout times its probability; otherwise zero
  RequestId request;    // zero unless accepted
  Detector detector = Detector::SameMarket;
  Verdict verdict = Verdict::Accepted;
  // What limits the size: Accepted the displayed depth, EdgeTooSmall that deeper levels do not pay, else the limit.
  Verdict binding = Verdict::Accepted;
  std::uint8_t leg_count = 0;
  std::uint8_t reserved[4] = {};
};

// An opportunity is over: nothing of it was seen for longer than an interruption may last (OpportunityLives).
struct OpportunityEnded {
  std::uint64_t opportunity_id = 0;
  std::uint64_t event_group = 0;
  Timestamp started_at = kNoTime;
  Timestamp ended_at = kNoTime;  // when it was gone, not when that was certain
  Money best_profit;             // the most it ever offered, and at what outlay and size
  Money best_outlay;
  Quantity best_size;
  std::uint64_t judgements = 0;  // how often it was judged
  RequestId request;             // zero if there was none
  Detector detector = Detector::SameMarket;
  Verdict verdict = Verdict::Accepted;  // the last one; Accepted if it has a request
  std::uint8_t reserved[6] = {};
};

struct OrderSubmitted {
  OrderRequest order;
};

// Also for a fill that comes after the order's end: the end is then told again, with the new sum.
struct OrderFilled {
  OrderRequest order;  // as submitted
  std::uint64_t venue_fill_id = 0;
  Price price;
  Quantity quantity;
  Money fee;
};

// Nobody knows what became of it: its risk stays reserved until the venue says.
struct OrderDoubted {
  OrderRequest order;
  Quantity filled;  // that we know of
};

// A fill that was matched did not settle: as if it had never been.
struct FillReverted {
  OrderRequest order;
  std::uint64_t venue_fill_id = 0;
  Price price;
  Quantity quantity;
  Money fee;
};

// Told again, with what is then true, when a fill comes late or is reverted.
struct OrderEnded {
  OrderRequest order;
  Quantity filled;
  OrderState state = OrderState::Canceled;
  RejectReason reason = RejectReason::None;
  std::uint8_t reserved[6] = {};
};

// A position ended at its contract's settlement.
struct PositionSettled {
  InstrumentId instrument;
  Quantity quantity;
  Money payout;  // total
  Money cost;    // what the position had cost, fees included
  Outcome outcome = Outcome::Yes;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  std::uint8_t reserved[5] = {};
};

// Cash appeared on a venue: the opening balance.
struct CashOpened {
  Money cash;
  Venue venue = Venue::Unknown;
  std::uint8_t reserved[7] = {};
};

enum class TradingState : std::uint8_t { Active, Reducing, Halted };

struct TradingStateChanged {
  TradingState state = TradingState::Active;
  ControlReason reason = ControlReason::Unstated;
  std::uint8_t reserved[6] = {};
};

enum class RequestOutcome : std::uint8_t {
  Complete,  // all legs in full
  Partial,   // all legs alike, to a part
  Unwound,   // what had no counterpart was sold back
  Kept,      // some of it could not be, and stays until settlement
  Failed,    // nothing was filled
};
inline constexpr std::size_t kRequestOutcomeCount = 5;
// "complete", "partial", "unwound", "kept", "failed".
[[nodiscard]] std::string_view request_outcome_name(RequestOutcome outcome) noexcept;

// All orders of a request have ended and nothing more will be tried. Told again, for the whole of it, when a late or
// reverted fill opens the request anew. Quantities are in contracts of the largest leg.
struct RequestEnded {
  RequestId request;
  std::uint64_t opportunity_id = 0;
  Quantity asked;
  Quantity matched;          // of which every leg is held
  Quantity kept;             // the largest surplus of a leg that is left without counterpart
  Duration naked_time{};     // while the legs held were unequal
  Money naked_loss;          // the most that what was naked had cost at any time: its worst case
  Money unwind_cost;         // what sold surplus had cost, minus what it brought
  Money slippage;            // what buying cost beyond the legs' prices, fees included; negative: less
  std::uint32_t orders = 0;  // sent for it
  RequestOutcome outcome = RequestOutcome::Failed;
  Detector detector = Detector::SameMarket;
  std::uint8_t leg_count = 0;
  std::uint8_t reserved[1] = {};
};

using ReportBody = std::variant<OpportunityJudged, OrderSubmitted, OrderFilled, OrderEnded, PositionSettled, CashOpened,
                                TradingStateChanged, OpportunityEnded, OrderDoubted, RequestEnded, FillReverted>;

struct Report {
  Timestamp at = kNoTime;      // received_at of the event that caused it
  std::uint64_t sequence = 0;  // of that event
  ReportBody body;
};

struct Outputs {
  BoundedVector<ExecutionRequest, 8> requests;
  BoundedVector<OrderCommand, 32> orders;
  BoundedVector<Report, 64> reports;

  [[nodiscard]] bool empty() const noexcept { return requests.empty() && orders.empty() && reports.empty(); }
  void clear() noexcept {
    requests.clear();
    orders.clear();
    reports.clear();
  }
};

}  // namespace arbees

#pragma once
// Everything that reaches the core from outside, as fixed-size records: events in, outputs out.
//
// Each body is trivially copyable and without padding, so its bytes are its format in the ring and in
// the journal. Nothing has variable size: a snapshot is a run of BookUpdates, flagged from
// `is_snapshot_start` to `is_last`. Detectors look only at `is_last`.

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <variant>

#include "core/base/time.h"
#include "core/market/contract.h"
#include "core/market/order.h"
#include "core/market/order_book.h"
#include "core/market/values.h"
#include "core/market/venue.h"

namespace arbees {

// The symbol behind an id; comes before anything else about the instrument.
struct InstrumentNamed {
  InstrumentId id;
  std::array<char, 86> symbol{};
  std::uint8_t length = 0;
  Venue venue = Venue::Unknown;

  [[nodiscard]] std::string_view symbol_view() const noexcept { return {symbol.data(), length}; }
};

// Symbols longer than the record (no venue has any) are cut; false then.
bool set_symbol(InstrumentNamed& named, std::string_view symbol) noexcept;

struct ContractListed {
  InstrumentId id;
  ContractTerms terms;
};

enum class ContractPhase : std::uint8_t { Unknown, Initialized, Active, Paused, Closed, Determined, Settled };

struct ContractPhaseChanged {
  InstrumentId id;
  ContractPhase phase = ContractPhase::Unknown;
  std::uint8_t reserved[7] = {};
};

// The tick structure changed while the contract trades.
struct PriceGridChanged {
  InstrumentId id;
  PriceGrid grid;
};

// The venue's verdict: each Yes contract pays `payout` (0, 1, or between on a scalar or void result).
struct ContractSettled {
  InstrumentId id;
  Price payout;
  SpotPrice settled_value;  // as published; zero if unknown
  std::uint8_t has_value = 0;
  std::uint8_t reserved[7] = {};
};

// The venue named a strike after listing, or corrected one.
struct StrikeUpdated {
  InstrumentId id;
  Strike lower;  // meaningful if has_lower
  Strike upper;  // meaningful if has_upper
  std::uint8_t has_lower = 0;
  std::uint8_t has_upper = 0;
  std::uint8_t reserved[6] = {};
};

struct BookUpdate {
  static constexpr std::uint8_t kSnapshotStart = 1;
  static constexpr std::uint8_t kLast = 2;
  static constexpr std::uint8_t kSnapshot = 4;  // on every record of a snapshot
  static constexpr std::uint8_t kMore = 8;      // the same message goes on with another book of this market

  InstrumentId id;
  Price price;
  Quantity quantity;
  BookAction action = BookAction::Set;
  BookSide side = BookSide::Bid;
  std::uint8_t flags = kLast;
  std::uint8_t reserved[5] = {};

  [[nodiscard]] bool is_snapshot_start() const noexcept { return (flags & kSnapshotStart) != 0; }
  [[nodiscard]] bool is_snapshot() const noexcept { return (flags & kSnapshot) != 0; }
  [[nodiscard]] bool is_last() const noexcept { return (flags & kLast) != 0; }
  // This book is whole, but the market is not yet: between the two books of a market there may seem to be a profit.
  [[nodiscard]] bool is_followed() const noexcept { return (flags & kMore) != 0; }
};

// The feed says that this book can no longer be believed (gap, hash mismatch, disconnect …).
struct BookFaulted {
  InstrumentId id;
  BookFault fault = BookFault::None;
  std::uint8_t reserved[7] = {};
};

// The best prices as the venue states them beside its book (ticker, best_bid_ask): a cross-check only.
struct ContractQuote {
  InstrumentId id;
  Price bid;  // 0: no bid
  Price ask;  // 1: no ask
};

struct ContractTrade {
  InstrumentId id;
  Price price;
  Quantity quantity;
  BookSide taker_side = BookSide::Bid;  // Bid: the taker bought Yes
  std::uint8_t reserved[7] = {};
};

struct SpotQuote {
  InstrumentId id;
  SpotPrice bid;
  SpotPrice ask;
  SpotQuantity bid_quantity;  // 0: not stated
  SpotQuantity ask_quantity;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  std::uint8_t reserved[6] = {};
};

struct SpotTrade {
  InstrumentId id;
  SpotPrice price;
  SpotQuantity quantity;  // 0: not stated
  std::uint64_t trade_id = 0;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  BookSide taker_side = BookSide::Bid;
  std::uint8_t has_side = 0;
  std::uint8_t reserved[4] = {};
};

// One level of a spot book; the same run-of-records protocol as BookUpdate.
struct SpotBookUpdate {
  InstrumentId id;
  SpotPrice price;
  SpotQuantity quantity;  // absolute; 0 removes
  BookAction action = BookAction::Set;
  BookSide side = BookSide::Bid;
  std::uint8_t flags = BookUpdate::kLast;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  std::uint8_t reserved[3] = {};

  [[nodiscard]] bool is_snapshot_start() const noexcept { return (flags & BookUpdate::kSnapshotStart) != 0; }
  [[nodiscard]] bool is_last() const noexcept { return (flags & BookUpdate::kLast) != 0; }
};

// One print of a settlement reference (CF Benchmarks index, Chainlink stream).
struct IndexPrint {
  SpotPrice value;
  Timestamp index_time;  // the instant the print is for
  SettlementSource source = SettlementSource::Unknown;
  Asset asset = Asset::Unknown;
  std::uint8_t reserved[6] = {};
};

enum class FeedState : std::uint8_t { Down, Stale, Live };

struct FeedStatus {
  Venue venue = Venue::Unknown;
  FeedState state = FeedState::Down;
  std::uint8_t reserved[6] = {};
};

// Cash on a venue as it reports it (or as paper trading starts with).
struct CashSnapshot {
  Money cash;
  Venue venue = Venue::Unknown;
  std::uint8_t reserved[7] = {};
};

// A position held at start: quantity of the outcome, and what it cost.
struct PositionSnapshot {
  InstrumentId id;
  Quantity quantity;
  Money cost;
  Outcome outcome = Outcome::Yes;
  std::uint8_t reserved[7] = {};
};

// Time passes even when no market moves; every 100 ms at least.
struct TimerTick {
  std::uint64_t count = 0;
};

enum class ControlCommand : std::uint8_t {
  Halt,
  Resume,
  Reduce,
  Flatten,  // reduce, and sell what is held
};

// Who or what gave a command, or why it was given.
enum class ControlReason : std::uint8_t {
  Unstated,
  Operator,  // command line, or the latch file of the data folder
  Dashboard,
  Redis,
  Signal,
  LimitBreached,
  JournalTrouble,
  LedgerTrouble,
  ErrorRate,       // too many refused or unanswered orders
  HeartbeatLost,   // of a venue session, or of whom this process depends on
  Reconciliation,  // our books differ from the venue's
};
// "unstated", "operator", "dashboard", …
[[nodiscard]] std::string_view control_reason_name(ControlReason reason) noexcept;

struct Control {
  ControlCommand command = ControlCommand::Halt;
  ControlReason reason = ControlReason::Unstated;
  std::uint8_t reserved[6] = {};
};

// A limit of the risk table (risk/limits.h) has this value from now on, in the units of its field: the
// limits under which decisions were made are on record beside the events that they were made on.
struct LimitSet {
  std::int64_t value = 0;
  std::uint32_t row = 0;
  std::uint8_t reserved[4] = {};
};

// A candle of the past, for the volatility that a process starts with.
struct SpotCandle {
  Timestamp opened_at = kNoTime;
  Duration length{};
  SpotPrice open;
  SpotPrice high;
  SpotPrice low;
  SpotPrice close;
  Venue venue = Venue::Unknown;
  Asset asset = Asset::Unknown;
  std::uint8_t reserved[6] = {};
};

// A row of the model's table of parameters (pricing/model_parameters.h) has this value from now on.
struct ModelParameterSet {
  std::int64_t value = 0;
  std::uint32_t row = 0;
  std::uint8_t reserved[4] = {};
};

// How far the settlement values of two sources may lie apart for one asset. Statistical values are of their
// difference (first minus second) at settlement; without evidence there is no bound, and nothing is comparable.
struct BasisBoundSet {
  SpotPrice strict;                // never further apart than this, if has_strict
  SpotPrice mean;                  // of the difference, if has_statistical
  SpotPrice standard_deviation;    // of the difference, if has_statistical
  std::uint32_t observations = 0;  // settlements that the statistical values come from
  SettlementSource first = SettlementSource::Unknown;
  SettlementSource second = SettlementSource::Unknown;
  Asset asset = Asset::Unknown;
  std::uint8_t has_strict = 0;
  std::uint8_t has_statistical = 0;
  std::uint8_t reserved[7] = {};
};

// What became of a fill after it was matched: only a confirmed one is ours for good.
enum class FillFinality : std::uint8_t { Matched, Mined, Confirmed, Failed };

struct FillFinalityChanged {
  OrderId id;
  std::uint64_t venue_fill_id = 0;
  FillFinality finality = FillFinality::Matched;
  std::uint8_t reserved[7] = {};
};

// A process begins: identifiers of orders are this session number and a counter.
struct SessionStarted {
  std::uint64_t session = 0;
};

using EventBody =
    std::variant<SessionStarted, InstrumentNamed, ContractListed, ContractPhaseChanged, PriceGridChanged,
                 ContractSettled, BookUpdate, BookFaulted, ContractQuote, ContractTrade, SpotQuote, SpotTrade,
                 SpotBookUpdate, IndexPrint, FeedStatus, CashSnapshot, PositionSnapshot, OrderUpdate, TimerTick,
                 Control, StrikeUpdated, LimitSet, SpotCandle, ModelParameterSet, BasisBoundSet, FillFinalityChanged>;

struct Event {
  Timestamp received_at = kNoTime;  // when we read it; never decreases; the core's only notion of "now"
  Timestamp exchange_at = kNoTime;  // what the venue claims; kNoTime if it claims nothing
  std::uint64_t sequence = 0;       // position in this process's event stream, from 1
  EventBody body;
};

template <class Body>
inline constexpr bool is_record_v =
    std::is_trivially_copyable_v<Body> && std::has_unique_object_representations_v<Body>;

}  // namespace arbees

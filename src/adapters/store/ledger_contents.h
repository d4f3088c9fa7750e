#pragma once
// A ledger as plain values, read in one consistent look: for checks, exports and what people ask about.
//
// Rows come in the order in which they were recorded; `entry` numbers put fills, settlements and cash
// movements into one order. Reading is possible while another process writes.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/store/ledger.h"

namespace arbees {

// What is traded, by its names.
struct LedgerContract {
  std::uint64_t instrument = 0;
  std::string venue;
  std::string symbol;  // "#" and the id in hex if the instrument was never named
  std::string asset;
  std::string outcome;         // "yes", "no"
  std::string listed_asset{};  // what its listing has said since; empty if there was none
  std::string title{};         // likewise, for people only

  // The row's own asset is that under which its cost counted: of contracts from outside it may be "unknown".
  [[nodiscard]] const std::string& known_asset() const noexcept {
    return asset == "unknown" && !listed_asset.empty() ? listed_asset : asset;
  }
};

struct LedgerOrder {
  std::uint64_t order_id = 0;
  std::uint64_t request = 0;
  std::uint64_t leg = 0;  // of the request
  LedgerContract contract;
  bool is_buy = true;
  Price limit;
  Quantity quantity;
  std::string state;
  std::string reason;
  Timestamp submitted_at = kNoTime;
  Timestamp deadline = kNoTime;
  std::optional<Quantity> ended_filled;  // what the end report said was filled
  std::optional<Timestamp> ended_at;     // when its end was told first
  std::optional<LedgerLimits> limits;    // in force when it was sent
  std::string time_in_force;
  std::string detector;  // of its request; empty without one
};

struct LedgerFill {
  std::int64_t entry = 0;
  std::uint64_t order_id = 0;
  std::uint64_t venue_fill_id = 0;
  std::string venue;
  std::string venue_fill_name;  // the venue's own text, or the id in hex
  Price price;
  Quantity quantity;
  Money fee;
  Timestamp at = kNoTime;
};

// A fill that did not settle, as if it had never been.
struct LedgerReversal {
  std::int64_t entry = 0;
  std::int64_t fill = 0;  // the fill's entry
  Timestamp at = kNoTime;
};

struct LedgerSettlement {
  std::int64_t entry = 0;
  LedgerContract contract;
  Quantity quantity;
  Money payout;
  Money cost;
  Timestamp at = kNoTime;
};

struct LedgerCashMovement {
  std::int64_t entry = 0;
  bool is_opening = false;
  std::string venue;
  Money amount;
  Timestamp at = kNoTime;
  std::string reason;  // a person's, of a transfer that was accepted
};

// Contracts that came or went outside our orders.
struct LedgerAdjustment {
  std::int64_t entry = 0;
  LedgerContract contract;
  Quantity quantity;  // negative: they went
  Money cost;         // of those that came
  Timestamp at = kNoTime;
  std::string reason;
};

struct LedgerPosting {
  std::int64_t entry = 0;
  std::string venue;
  std::string account;
  Money amount;
};

struct LedgerContents {
  std::vector<LedgerOrder> orders;
  std::vector<LedgerFill> fills;
  std::vector<LedgerReversal> reversals;
  std::vector<LedgerSettlement> settlements;
  std::vector<LedgerAdjustment> adjustments;
  std::vector<LedgerCashMovement> cash_movements;
  std::vector<LedgerPosting> postings;
  std::optional<LedgerLimits> limits;  // the latest
  std::uint64_t decisions = 0;
  std::uint64_t requests = 0;
  std::uint64_t ignored_duplicates = 0;  // fills that came again and were left out
};

// The error is a text for people: no such file, corrupt or foreign database, other schema version.
[[nodiscard]] Result<LedgerContents, std::string> read_ledger(const std::string& path);

}  // namespace arbees

#pragma once
// What a ledger says about decisions: every judgement of an opportunity, what was requested, and how they ended.
//
// Rows come in the order in which they were recorded. Reading is possible while another process writes.

#include <optional>
#include <string>
#include <vector>

#include "adapters/store/ledger_contents.h"

namespace arbees {

struct LedgerDecision {
  std::uint64_t session = 0;
  std::uint64_t sequence = 0;  // of the event, in the journal of the session
  Timestamp at = kNoTime;
  std::uint64_t opportunity = 0;
  std::uint64_t event_group = 0;
  std::string detector;
  std::string verdict;
  std::uint64_t legs = 0;
  Money outlay;
  Money guaranteed;
  Money fees;
  std::optional<std::uint64_t> request;
  Timestamp started_at = kNoTime;
  Timestamp settles_at = kNoTime;
  Quantity size;
  std::string binding;  // the verdict's name of what limits the size; "accepted": the displayed depth
  Money expected_loss;
  Money tail_reserve;
};

// The end of an opportunity's life.
struct LedgerOpportunityEnd {
  std::uint64_t opportunity = 0;
  std::uint64_t session = 0;
  std::string detector;
  std::string verdict;  // the last one
  Timestamp started_at = kNoTime;
  Timestamp ended_at = kNoTime;
  Money best_profit;
  Money best_outlay;
  Quantity best_size;
  std::uint64_t judgements = 0;
};

struct LedgerLeg {
  LedgerContract contract;
  Price price;  // limit
  Quantity quantity;
  Money cost;  // expected, without fee
  Money fee;
};

struct LedgerRequest {
  std::uint64_t request = 0;
  std::uint64_t session = 0;
  std::uint64_t opportunity = 0;
  std::string detector;
  Timestamp created_at = kNoTime;
  Money outlay;
  Money guaranteed;
  std::vector<LedgerLeg> legs;
};

struct LedgerDecisions {
  std::vector<LedgerDecision> decisions;
  std::vector<LedgerOpportunityEnd> ends;
  std::vector<LedgerRequest> requests;
};

// Errors as those of read_ledger().
[[nodiscard]] Result<LedgerDecisions, std::string> read_decisions(const std::string& path);

// The requests of which no end is on record.
[[nodiscard]] Result<std::vector<LedgerRequest>, std::string> read_open_requests(const std::string& path);

}  // namespace arbees

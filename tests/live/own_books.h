#pragma once
// For tests: what the rows of a ledger add up to, by nothing but additions of their own.
//
// Fills and settlements are read with SQL, in the order in which they were recorded, and booked with whole numbers:
// a price in units of $0.0001 times hundredths of a contract is millionths of a dollar, exactly. Nothing of the
// program's own accounting (audit, attribution, portfolio) is used.

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "adapters/store/sqlite.h"

namespace arbees::live {

using Micro = std::int64_t;

struct OwnPosition {
  std::int64_t centi = 0;  // hundredths of contracts
  Micro cost = 0;          // with fees
};

struct OwnBooks {
  // By venue, symbol and outcome.
  using Key = std::pair<std::string, std::pair<std::string, std::string>>;

  std::map<std::string, Micro> cash_change;  // by venue, openings left out
  std::map<Key, OwnPosition> positions;      // those that are open
  Micro fees = 0;
  Micro slippage = 0;  // expected less paid price of all purchases
  Micro at_cost = 0;   // of all open positions
  std::int64_t fills = 0;
  std::int64_t reversals = 0;
  std::int64_t settlements = 0;
  std::int64_t legged = 0;   // requests of two or more legs that have ended
  std::int64_t unequal = 0;  // requests whose legs were unequal for a while
  Micro unwind_cost = 0;     // as the requests reported it
  Micro told_slippage = 0;

  // Dollars that a venue which nets has paid out already for a Yes and a No of one market.
  [[nodiscard]] Micro netted(const std::string& venue) const;
};

// Fails the test if the file cannot be read.
[[nodiscard]] OwnBooks own_books(const std::string& ledger);

// What is in a ledger that is still written; zeros while it cannot be read.
struct SoFar {
  std::int64_t legged = 0;
  std::int64_t reversals = 0;
  Micro most_naked = 0;  // that a leg without its counterpart had cost, of requests of two legs
};
[[nodiscard]] SoFar so_far(const std::string& ledger);

// "-12.345" in millionths.
[[nodiscard]] Micro micro_of(const std::string& text);

}  // namespace arbees::live

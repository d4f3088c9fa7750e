#pragma once
// Checks reported opportunities against raw recorded lines, the plain way: books by naive_books, fills walked level by
// level, fees in long hand, payouts state by state. Of the product it uses the report itself and the terms of the
// contracts, nothing that found or priced the opportunity.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/market/event.h"
#include "core/market/opportunity.h"
#include "tests/replayed/naive_books.h"

namespace arbees {

// Which recorder wrote the lines.
enum class LineFormat { KalshiSession, PolymarketBooks, ManyVenues };

// The receive time of a line; kNoTime if it has none.
[[nodiscard]] Timestamp time_of_line(std::string_view line);

class Verifier {
 public:
  Verifier(LineFormat format, const std::vector<std::string>& lines) : format_(format), lines_(lines) {}

  // Terms and positions, as the event stream tells them.
  void note(const Event& event);

  // What is wrong with an opportunity that was reported at this time; empty if nothing is. Lines of the same instant
  // may lie before or behind the report: it must be right between two of them.
  [[nodiscard]] std::string fault_in(const Opportunity& opportunity, Timestamp at);

 private:
  void take_line();
  [[nodiscard]] Timestamp next_time() const;
  [[nodiscard]] std::string check(const Opportunity& opportunity) const;
  [[nodiscard]] std::string check_leg(const Leg& leg) const;
  [[nodiscard]] Money least_payout(const Opportunity* opportunity, std::uint64_t group_of) const;
  [[nodiscard]] const naive::Levels* book_of(InstrumentId id, Venue venue) const;

  LineFormat format_;
  const std::vector<std::string>& lines_;
  std::size_t next_line_ = 0;
  naive::KalshiBooks kalshi_;
  naive::PolymarketBooks polymarket_;
  std::map<std::uint64_t, ContractTerms> terms_;
  std::map<std::pair<std::uint64_t, Outcome>, Quantity> held_;
  mutable std::map<std::uint64_t, std::string> names_;  // of books, by instrument
};

}  // namespace arbees

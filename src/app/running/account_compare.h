#pragma once
// What the books and a venue's own statement of an account differ in.
//
// Equal means equal to the last unit that the venue states, with what only time explains left out: a closed contract
// may have been paid out already or not, and where a venue pays a pair of Yes and No at once, it has.

#include <string>
#include <vector>

#include "adapters/venue/order_gateway.h"

namespace arbees::app {

struct BookedPosition {
  std::string symbol;
  Outcome outcome = Outcome::Yes;
  Quantity quantity;
  bool is_closed = false;  // it may be decided, and paid out
};

struct BookedAccount {
  Venue venue = Venue::Unknown;
  Money cash;
  std::vector<BookedPosition> positions;
};

// Texts for people; none: they agree. Of books at rest: no order is out.
[[nodiscard]] std::vector<std::string> account_differences(const BookedAccount& books, const AccountState& stated);

}  // namespace arbees::app

#pragma once
// Compares the books with the venues' accounts while trading goes on, and halts when they differ.
//
// Every half minute each account is read as a whole; a read that is not whole says nothing. It counts only if the books
// were at rest from the question to the answer: no order out, no fill, no settlement, no trade that is not final. A
// difference is looked at again after some seconds, and halts when it is there for the third time. For a minute after a
// settlement it looks every five seconds whether what was won is there.

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/telemetry/json.h"
#include "app/running/account_compare.h"
#include "app/running/live_trading.h"

namespace arbees::app {

class AccountWatch {
 public:
  // Both outlive it.
  AccountWatch(LiveGateways& gateways, LiveTrading& trading);

  // Every 100 ms.
  void tick(Timestamp now);
  // What differed first when an account was compared last; empty: nothing does.
  [[nodiscard]] std::string difference() const;
  // "accounts": [{"venue","checks","unanswered","checked_at","differences":[…]}].
  void write_fields(JsonWriter& json) const;

 private:
  // How much has happened; equal before and after: nothing has.
  struct Activity {
    std::uint64_t requests = 0;
    std::uint64_t fills = 0;
    std::uint64_t settled = 0;
    bool operator==(const Activity&) const = default;
  };
  struct Account {
    Timestamp next_look = kNoTime;
    bool is_asked = false;
    std::uint64_t checks = 0;
    std::uint64_t unanswered = 0;
    Timestamp checked_at = kNoTime;
    Money stated;  // cash at the last look
    std::size_t times_different = 0;
    std::vector<std::string> differences;
    std::set<std::string> paid;  // of what is settled in the books and has won
    std::uint64_t settled = 0;   // positions of all venues, when it was last looked
    Timestamp hurries_until = kNoTime;
  };

  [[nodiscard]] bool is_at_rest() const;
  [[nodiscard]] Activity activity() const;
  [[nodiscard]] BookedAccount books_of(Venue venue, Timestamp now) const;
  [[nodiscard]] AccountQuery query_of(Venue venue, Account& account, Timestamp now);
  void ask(Venue venue, Account& account);
  void take(Venue venue, const Activity& before, AccountAnswer& answer);
  void compare(Venue venue, Account& account, AccountState& stated);

  LiveGateways& gateways_;
  LiveTrading& trading_;
  std::map<Venue, Account> accounts_;
  std::shared_ptr<AccountWatch*> self_;  // answers may come when it is gone
};

}  // namespace arbees::app

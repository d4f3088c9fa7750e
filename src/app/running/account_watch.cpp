#include "app/running/account_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/net/io_loop.h"
#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

constexpr Duration kBetweenLooks = std::chrono::seconds(30);
// When the books were not at rest, or differ.
constexpr Duration kLookAgainAfter = std::chrono::seconds(5);
// After a settlement, for what it brings.
constexpr Duration kHurry = std::chrono::minutes(1);
constexpr std::size_t kDifferencesThatHalt = 3;

bool is_all_final(const AccountState& state) {
  return std::all_of(state.fills.begin(), state.fills.end(), [](const AccountFill& fill) {
    return fill.finality == FillFinality::Confirmed || fill.finality == FillFinality::Failed;
  });
}

}  // namespace

AccountWatch::AccountWatch(LiveGateways& gateways, LiveTrading& trading)
    : gateways_(gateways), trading_(trading), self_(std::make_shared<AccountWatch*>(this)) {
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    if (gateways.find(venue) == nullptr) continue;
    Account& account = accounts_[venue];
    const auto before = trading.settled_before().find(venue);
    if (before == trading.settled_before().end()) continue;
    for (const auto& [symbol, payout] : before->second.payouts) {
      if (!before->second.unpaid.symbols.contains(symbol)) account.paid.insert(symbol);
    }
  }
}

bool AccountWatch::is_at_rest() const {
  const ExecutionEngine& execution = trading_.run().engine().execution();
  return gateways_.is_ready() && gateways_.open_orders() == 0 && !gateways_.has_news() &&
         execution.open_order_count() == 0;
}

AccountWatch::Activity AccountWatch::activity() const {
  const RunStatistics& statistics = trading_.run().statistics();
  return {statistics.requests(), statistics.fills(), statistics.settled()};
}

BookedAccount AccountWatch::books_of(Venue venue, Timestamp now) const {
  const TradingEngine& engine = trading_.run().engine();
  BookedAccount books;
  books.venue = venue;
  books.cash = engine.portfolio().cash(venue);
  engine.portfolio().for_each([&](const Position& position) {
    if (position.venue != venue || position.quantity.is_zero()) return;
    const Contract* contract = engine.market().find(position.instrument);
    // Of a contract that is not listed anew since the start nobody here knows when it closes.
    const bool is_closed = contract == nullptr || contract->terms.closes_at == kNoTime ||
                           contract->terms.closes_at <= now || contract->phase == ContractPhase::Closed;
    books.positions.push_back({trading_.symbol(position.instrument), position.outcome, position.quantity, is_closed});
  });
  return books;
}

void AccountWatch::tick(Timestamp now) {
  for (auto& [venue, account] : accounts_) {
    if (account.next_look == kNoTime) account.next_look = now + kBetweenLooks;
    if (std::exchange(account.settled, activity().settled) != activity().settled) {
      account.hurries_until = now + kHurry;
      account.next_look = std::min(account.next_look, now + kLookAgainAfter);
    }
    if (account.is_asked || now < account.next_look) continue;
    account.next_look = now + kLookAgainAfter;
    if (is_at_rest()) ask(venue, account);
  }
}

void AccountWatch::ask(Venue venue, Account& account) {
  account.is_asked = true;
  const AccountQuery query = query_of(venue, account, net::IoLoop::now());
  gateways_.find(venue)->read_account(query,
                                      [self = std::weak_ptr(self_), venue, before = activity()](AccountAnswer answer) {
                                        if (const auto watch = self.lock()) (*watch)->take(venue, before, answer);
                                      });
}

AccountQuery AccountWatch::query_of(Venue venue, Account& account, Timestamp now) {
  AccountQuery query;
  std::set<std::string> held;
  for (const BookedPosition& position : books_of(venue, now).positions) {
    if (position.symbol.empty()) continue;
    held.insert(position.symbol);
    account.paid.erase(position.symbol);  // a late fill settles once more
  }
  query.held.assign(held.begin(), held.end());
  for (const auto& [symbol, payout] : trading_.settled(venue)) {
    if (held.contains(symbol)) continue;
    if (payout.is_positive() && !account.paid.contains(symbol)) {
      query.unpaid.push_back(symbol);
    } else {
      query.settled.insert(symbol);
    }
  }
  return query;
}

void AccountWatch::take(Venue venue, const Activity& before, AccountAnswer& answer) {
  const Timestamp now = net::IoLoop::now();
  trading_.drain(now);  // a settlement that waits to be handled is one
  Account& account = accounts_[venue];
  account.is_asked = false;
  account.next_look = now + kLookAgainAfter;
  if (!answer) {
    ++account.unanswered;
    return;
  }
  if (!is_at_rest() || activity() != before || !is_all_final(*answer)) return;
  ++account.checks;
  account.checked_at = now;
  // Redeeming that goes on brings cash of tokens that a look has not read afresh.
  const bool is_redeeming = answer->looks > 1 && answer->cash > account.stated;
  account.stated = answer->cash;
  compare(venue, account, *answer);
  if (is_redeeming) account.times_different = 0;
  if (account.differences.empty()) {
    account.times_different = 0;
    if (now >= account.hurries_until) account.next_look = now + kBetweenLooks;
    return;
  }
  // What a look has not read afresh may be paid already.
  const std::size_t most = std::max(kDifferencesThatHalt, answer->looks + 1);
  if (++account.times_different < most) return;
  // Halted otherwise, it is one more reason not to resume; said once.
  if (trading_.is_halted() && account.times_different > most) return;
  trading_.halt(ControlReason::Reconciliation, "books and venue differ: " + account.differences.front(), now);
}

void AccountWatch::compare(Venue venue, Account& account, AccountState& stated) {
  const Timestamp now = net::IoLoop::now();
  const BookedAccount books = books_of(venue, now);
  Payouts settled = trading_.settled(venue);
  for (const BookedPosition& position : books.positions) settled.erase(position.symbol);
  const Unpaid unpaid = pay_settled(stated, settled);
  account.differences = account_differences(books, stated, unpaid.amount);
  if (!account.differences.empty()) return;
  trading_.set_unpaid(venue, unpaid.amount, now);
  for (const auto& [symbol, payout] : settled) {
    if (!unpaid.symbols.contains(symbol)) account.paid.insert(symbol);
  }
  if (unpaid.amount.is_zero()) account.hurries_until = kNoTime;
}

std::string AccountWatch::difference() const {
  for (const auto& [venue, account] : accounts_) {
    if (!account.differences.empty()) return account.differences.front();
  }
  return {};
}

void AccountWatch::write_fields(JsonWriter& json) const {
  json.key("accounts").begin_array();
  for (const auto& [venue, account] : accounts_) {
    json.begin_object().field("venue", venue_name(venue)).field("checks", account.checks);
    json.field("unanswered", account.unanswered);
    if (account.checked_at != kNoTime) json.field("checked_at", to_iso_ms(account.checked_at));
    json.key("differences").begin_array();
    for (const std::string& text : account.differences) json.value(text);
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace arbees::app

#include "app/running/account_compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

// Of one symbol, Yes minus No.
struct Net {
  Quantity booked;
  Quantity stated;
  bool is_closed = false;
};

Quantity signed_quantity(Outcome outcome, Quantity quantity) {
  return outcome == Outcome::Yes ? quantity : Quantity{} - quantity;
}

}  // namespace

std::vector<std::string> account_differences(const BookedAccount& books, const AccountState& stated) {
  const std::string_view venue = venue_name(books.venue);
  std::vector<std::string> differences;
  std::map<std::string, Net> nets;
  std::map<std::string, Quantity> yes;
  Quantity paired;
  Quantity closed;
  for (const BookedPosition& position : books.positions) {
    Net& net = nets[position.symbol];
    net.booked += signed_quantity(position.outcome, position.quantity);
    net.is_closed = net.is_closed || position.is_closed;
    if (position.is_closed) closed += position.quantity;
    if (position.outcome == Outcome::Yes) yes[position.symbol] = position.quantity;
  }
  for (const BookedPosition& position : books.positions) {
    if (position.outcome == Outcome::No) paired += std::min(position.quantity, yes[position.symbol]);
  }
  for (const AccountPosition& position : stated.positions) {
    nets[position.symbol].stated += signed_quantity(position.outcome, position.quantity);
  }
  for (const auto& [symbol, net] : nets) {
    const bool is_paid_out = net.is_closed && net.stated.is_zero();
    if (net.booked == net.stated || is_paid_out) continue;
    differences.push_back(fmt::format("{}: {} of {} by the books, {} by the venue", venue, to_short_text(net.booked),
                                      symbol, to_short_text(net.stated)));
  }
  for (const AccountOrder& order : stated.open_orders) {
    differences.push_back(
        fmt::format("{}: order {} rests on {} and is not in the books", venue, order.venue_id, order.symbol));
  }
  const Money least = books.cash + (pays_pairs_at_once(books.venue) ? kPriceOne * paired : Money{});
  const Money most = least + kPriceOne * closed;
  if (stated.cash + stated.cash_grain <= least || stated.cash > most) {
    differences.push_back(fmt::format("{}: cash is {} by the books, {} by the venue", venue, to_short_text(least),
                                      to_short_text(stated.cash)));
  }
  return differences;
}

}  // namespace arbees::app

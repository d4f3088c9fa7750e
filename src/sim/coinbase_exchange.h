#pragma once
// What Coinbase's Exchange feed sends, as JSON text. Shapes: docs/venues/coinbase.md and its sources.
//
// Prices have the product's decimals, sizes eight. `match` names the maker's side, `ticker` the taker's.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "sim/spot.h"
#include "sim/world.h"

namespace arbees::sim::coinbase {

// One trade with its place in the product's sequence.
struct Match {
  SpotTradeReport trade;
  std::uint64_t sequence = 0;
  std::uint64_t seed = 1;  // of the orders' names
};

struct Quote {
  SpotDay day;
  SpotLevel bid;
  SpotLevel ask;
};
[[nodiscard]] Quote quote_of(const World& world, const SpotProduct& product);

// Channel → products.
using SubscriptionList = std::map<std::string, std::set<std::string>, std::less<>>;

namespace exchange {

[[nodiscard]] std::string subscriptions(const SubscriptionList& channels);
[[nodiscard]] std::string error(std::string_view message, std::string_view reason);
[[nodiscard]] std::string snapshot(const SpotProduct& product, const SpotBookView& book, Timestamp at);
[[nodiscard]] std::string l2update(const SpotProduct& product, const std::vector<SpotLevelChange>& changes,
                                   Timestamp at);
// `type` is "match" or "last_match".
[[nodiscard]] std::string match(const SpotProduct& product, const Match& match, std::string_view type);
[[nodiscard]] std::string ticker(const SpotProduct& product, const Match& last, const Quote& quote);
[[nodiscard]] std::string heartbeat(const SpotProduct& product, const Match& last, Timestamp at);
// `products` and `currencies` are the REST lists.
[[nodiscard]] std::string status(std::string_view products, std::string_view currencies);

}  // namespace exchange
}  // namespace arbees::sim::coinbase

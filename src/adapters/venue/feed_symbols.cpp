#include "adapters/venue/feed_symbols.h"

#include <algorithm>

namespace arbees {
namespace {

using std::chrono::seconds;

// The first retry comes after this; each later one after twice as long, up to the cap.
constexpr Duration kFirstRetry = seconds(1);
constexpr Duration kLastRetry = seconds(60);
// A snapshot that was never seen may need a while after the subscription; some symbols have none at all.
constexpr Duration kFirstSnapshot = seconds(10);

}  // namespace

SubscribedSymbol& FeedSymbols::add(std::string_view symbol, std::size_t shard) {
  const InstrumentId id = instrument_id(venue_, symbol);
  SubscribedSymbol& added = table_[id.value];
  added = SubscribedSymbol{};
  added.symbol = symbol;
  added.id = id;
  added.shard = shard;
  return added;
}

std::vector<std::string> FeedSymbols::names(std::size_t shard) {
  std::vector<std::string> names;
  for_each([&](const SubscribedSymbol& symbol) {
    if (symbol.shard == shard) names.push_back(symbol.symbol);
  });
  std::sort(names.begin(), names.end());
  return names;
}

void FeedSymbols::plan_retry(SubscribedSymbol& symbol, Timestamp now) noexcept {
  const int doublings = std::min(symbol.attempts, 6);
  const Duration delay = std::min(kFirstRetry * (1 << doublings), kLastRetry);
  ++symbol.attempts;
  symbol.retry_at = now + (symbol.was_proven ? delay : std::max(delay, kFirstSnapshot));
}

}  // namespace arbees

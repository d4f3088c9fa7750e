#include "adapters/venue/feed_symbols.h"

#include <algorithm>

namespace arbees {
namespace {

using std::chrono::seconds;

// The first retry comes after this; each later one after twice as long, up to the cap. A book that we had must be back
// within five seconds of the end of whatever took it; one that never came may not exist.
constexpr Duration kFirstRetry = seconds(1);
constexpr Duration kLastRetryOfKnown = seconds(4);
constexpr Duration kLastRetry = seconds(60);
// A snapshot that was never seen may need a while after the subscription; some symbols have none at all.
constexpr Duration kFirstSnapshot = seconds(10);
constexpr Duration kProvenForLong = seconds(60);

Duration retry_delay(int attempts, bool was_proven) noexcept {
  return std::min(kFirstRetry * (1 << std::min(attempts, 6)), was_proven ? kLastRetryOfKnown : kLastRetry);
}

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

void FeedSymbols::expect_snapshot(SubscribedSymbol& symbol, Timestamp now) noexcept {
  symbol.retry_at = now + kFirstSnapshot;
}

// A book that is lost again and again keeps its count, so that a storm of gaps is no storm of requests.
void FeedSymbols::note_fault(SubscribedSymbol& symbol, Timestamp now) noexcept {
  if (now - symbol.proven_at >= kProvenForLong) symbol.attempts = 0;
  symbol.proof = BookProof::Faulted;
  const Duration delay = symbol.attempts == 0 ? Duration{0} : retry_delay(symbol.attempts - 1, symbol.was_proven);
  symbol.retry_at = now + delay;
}

void FeedSymbols::plan_retry(SubscribedSymbol& symbol, Timestamp now) noexcept {
  const Duration delay = retry_delay(symbol.attempts, symbol.was_proven);
  ++symbol.attempts;
  symbol.retry_at = now + (symbol.was_proven ? delay : std::max(delay, kFirstSnapshot));
}

}  // namespace arbees

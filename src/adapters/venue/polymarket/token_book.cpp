#include "adapters/venue/polymarket/token_book.h"

#include <algorithm>

namespace arbees::polymarket {

bool ChangeExplainer::is_waiting(const TokenBook& token) noexcept {
  return std::any_of(token.recent.begin(), token.recent.end(),
                     [](const RecentChange& change) noexcept { return change.is_waiting; });
}

bool ChangeExplainer::add(TokenBook& token, const RecentChange& change, BookHasher& hasher) {
  std::vector<RecentChange>& recent = token.recent;
  recent.push_back(change);
  const std::size_t newest = recent.size() - 1;
  bool is_complete = true;
  for (std::size_t i = 0; i <= newest; ++i) {
    if (!recent[i].is_waiting) continue;
    const bool is_too_late = change.at - recent[i].at > TokenBook::kTimeAhead;
    if (!is_too_late) recent[i].is_waiting = !explain(token, i, hasher);
    const bool is_over = is_too_late || newest - i >= TokenBook::kChangesAhead;
    if (recent[i].is_waiting && is_over) is_complete = false;
  }
  constexpr std::size_t kKept = TokenBook::kChangesBehind + TokenBook::kChangesAhead;
  if (recent.size() > kKept) recent.erase(recent.begin());
  return is_complete;
}

// Tries every choice of the changes around the waiting one that contains the newest change (choices without
// it were tried when the older ones came), in the order of arrival.
bool ChangeExplainer::explain(const TokenBook& token, std::size_t waiting, BookHasher& hasher) {
  const std::vector<RecentChange>& recent = token.recent;
  std::size_t first = waiting - std::min(waiting, TokenBook::kChangesBehind);
  while (recent[waiting].at - recent[first].at > TokenBook::kTimeBehind) ++first;
  const std::size_t count = recent.size() - first;
  base_ = token.levels;
  for (std::size_t i = recent.size(); i-- > first;) base_.restore(recent[i].side, recent[i].before);

  const std::size_t all = (std::size_t{1} << count) - 1;
  const std::size_t needed = std::size_t{1} << (waiting - first) | std::size_t{1} << (count - 1);
  const RecentChange& change = recent[waiting];
  for (std::size_t choice = all + 1; choice-- > 0;) {
    if ((choice & needed) != needed) continue;
    scratch_ = base_;
    for (std::size_t i = 0; i < count; ++i) {
      if ((choice >> i & 1U) != 0) scratch_.restore(recent[first + i].side, recent[first + i].after);
    }
    if (hasher.matches(token.fields, scratch_, change.timestamp_view(), change.hash, token.other_last_trade_price)) {
      return true;
    }
  }
  return false;
}

bool ChangeExplainer::is_explained_by(const TokenBook& token, const SummaryLevels& later, BookHasher& hasher) {
  return std::all_of(token.recent.begin(), token.recent.end(), [&](const RecentChange& change) {
    return !change.is_waiting ||
           hasher.matches(token.fields, later, change.timestamp_view(), change.hash, token.other_last_trade_price);
  });
}

}  // namespace arbees::polymarket

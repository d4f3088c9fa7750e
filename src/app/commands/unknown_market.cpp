#include "app/commands/unknown_market.h"

#include <algorithm>
#include <array>

namespace arbees::app {

bool is_unknown_market(RejectReason reason, std::string_view trouble) noexcept {
  // Kalshi refuses the order; Polymarket is asked for the token's exchange before, and has none.
  constexpr std::array<std::string_view, 5> kWords = {"not_found", "NOT_FOUND", "not found", "does not exist",
                                                      "neg-risk: HTTP 404"};
  if (reason != RejectReason::MarketClosed) return false;
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return trouble.find(word) != std::string_view::npos; });
}

}  // namespace arbees::app

#include "adapters/venue/book_mirror.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/telemetry/format.h"

namespace arbees {
namespace {

// SplitMix64's finisher over everything that makes a level.
std::uint64_t level_hash(BookSide side, Price price, Quantity quantity) noexcept {
  auto z = static_cast<std::uint64_t>(quantity.units());
  z ^= static_cast<std::uint64_t>(price.units()) * 0x9e3779b97f4a7c15ULL + (side == BookSide::Ask ? 0x5851f42dULL : 0);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

Quantity quantity_at(const std::vector<BookMirror::Level>& levels, Price price) noexcept {
  const auto at = std::lower_bound(levels.begin(), levels.end(), price,
                                   [](const BookMirror::Level& level, Price p) { return level.price < p; });
  return at != levels.end() && at->price == price ? at->quantity : Quantity{};
}

std::string difference(const std::vector<BookMirror::Level>& streamed, const std::vector<BookMirror::Level>& rest,
                       std::string_view side) {
  const auto describe = [side](Price price, Quantity ours, Quantity theirs) {
    return fmt::format("{} {}: {} streamed, {} by REST", side, to_text(price), to_short_text(ours),
                       to_short_text(theirs));
  };
  for (const BookMirror::Level& level : streamed) {
    const Quantity theirs = quantity_at(rest, level.price);
    if (theirs != level.quantity) return describe(level.price, level.quantity, theirs);
  }
  for (const BookMirror::Level& level : rest) {
    if (quantity_at(streamed, level.price).is_zero()) return describe(level.price, Quantity{}, level.quantity);
  }
  return {};
}

}  // namespace

bool BookMirror::apply(const BookUpdate& update) {
  if (update.is_snapshot_start()) is_proven_ = false;
  if (update.action == BookAction::Clear) {
    bids_.clear();
    asks_.clear();
    digest_ = 0;
  } else {
    std::vector<Level>& levels = update.side == BookSide::Bid ? bids_ : asks_;
    const auto at = std::lower_bound(levels.begin(), levels.end(), update.price,
                                     [](const Level& level, Price price) { return level.price < price; });
    const bool exists = at != levels.end() && at->price == update.price;
    const Quantity before = exists ? at->quantity : Quantity{};
    const Quantity after = update.action == BookAction::Add ? before + update.quantity : update.quantity;
    if (after.is_negative()) return false;
    if (exists) digest_ ^= level_hash(update.side, update.price, before);
    if (!after.is_zero()) digest_ ^= level_hash(update.side, update.price, after);
    if (exists && after.is_zero()) {
      levels.erase(at);
    } else if (exists) {
      at->quantity = after;
    } else if (!after.is_zero()) {
      levels.insert(at, Level{update.price, after});
    }
  }
  if (update.is_snapshot() && update.is_last()) is_proven_ = true;
  return true;
}

bool BookMirror::is_crossed() const noexcept {
  return !bids_.empty() && !asks_.empty() && bids_.back().price >= asks_.front().price;
}

std::string first_difference(const BookMirror& streamed, const BookMirror& rest) {
  std::string bid = difference(streamed.bids(), rest.bids(), "bid");
  return bid.empty() ? difference(streamed.asks(), rest.asks(), "ask") : bid;
}

}  // namespace arbees

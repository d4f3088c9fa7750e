#include "sim/market_lister.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace arbees::sim {

MarketLister::MarketLister(const WorldSettings& settings, Listings& listings, const SpotMarket& spot)
    : settings_(settings), listings_(listings), spot_(spot) {}

std::vector<EventId> MarketLister::list_due(Timestamp now) {
  added_.clear();
  list_kalshi(now);
  list_polymarket(now);
  return added_;
}

Event MarketLister::draft(Venue venue, Asset asset, Timestamp starts_at, Timestamp ends_at) {
  Event event;
  event.venue = venue;
  event.asset = asset;
  event.starts_at = starts_at;
  event.ends_at = ends_at;
  return event;
}

bool MarketLister::is_listed(const Event& event) const {
  return listings_.find_event(event.venue, event.ticker) != nullptr;
}

Event& MarketLister::add_event(Event event, Timestamp now) {
  event.created_at = now;
  if (event.venue == Venue::Polymarket) event.gamma_id = std::to_string(620'000 + listings_.event_count());
  Event& added = listings_.add_event(std::move(event));
  added_.push_back(added.id);
  return added;
}

Strike MarketLister::rung(Asset asset, std::int64_t spacing, std::int64_t rungs) const noexcept {
  const std::int64_t unit = spacing * (SpotPrice::kScale / 10'000);
  const std::int64_t nearest = (spot_.price(asset).units() + unit / 2) / unit;
  return Strike::from_units((nearest + rungs) * unit);
}

std::string plain_number(SpotPrice value) {
  std::string text = fmt::format("{}.{:08}", value.units() / SpotPrice::kScale, value.units() % SpotPrice::kScale);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string grouped_number(SpotPrice value) {
  std::string text = plain_number(value);
  for (std::size_t at = std::min(text.find('.'), text.size()); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

}  // namespace arbees::sim

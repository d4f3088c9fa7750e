#include "sim/listings.h"

#include <utility>

namespace arbees::sim {

std::string Listings::name(Venue venue, std::string_view ticker) {
  return std::string(venue_name(venue)) + ":" + std::string(ticker);
}

Event& Listings::add_event(Event event) {
  event.id = static_cast<EventId>(events_.size());
  events_by_name_[name(event.venue, event.ticker)] = event.id;
  return events_.emplace_back(std::move(event));
}

Market& Listings::add_market(Market market) {
  market.id = static_cast<MarketId>(markets_.size());
  markets_by_name_[name(market.venue, market.ticker)] = market.id;
  if (!market.condition_id.empty()) by_condition_[market.condition_id] = market.id;
  for (std::uint32_t i = 0; i < 2; ++i) {
    if (!market.token_ids[i].empty()) by_token_[market.token_ids[i]] = 2 * market.id + i;
  }
  events_[market.event].markets.push_back(market.id);
  return markets_.emplace_back(std::move(market));
}

const Event* Listings::find_event(Venue venue, std::string_view ticker) const {
  const auto it = events_by_name_.find(name(venue, ticker));
  return it == events_by_name_.end() ? nullptr : &events_[it->second];
}

const Market* Listings::find_market(Venue venue, std::string_view ticker) const {
  const auto it = markets_by_name_.find(name(venue, ticker));
  return it == markets_by_name_.end() ? nullptr : &markets_[it->second];
}

const Market* Listings::find_condition(std::string_view condition_id) const {
  const auto it = by_condition_.find(std::string(condition_id));
  return it == by_condition_.end() ? nullptr : &markets_[it->second];
}

Listings::Token Listings::find_token(std::string_view token_id) const {
  const auto it = by_token_.find(std::string(token_id));
  if (it == by_token_.end()) return {};
  return Token{&markets_[it->second / 2], it->second % 2 == 0 ? Outcome::Yes : Outcome::No};
}

}  // namespace arbees::sim

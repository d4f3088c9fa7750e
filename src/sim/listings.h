#pragma once
// All events and markets of the world, and how to find them. Entries never move and never go.

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sim/market.h"

namespace arbees::sim {

class Listings {
 public:
  Event& add_event(Event event);
  // Joins its event; `market.event` is set before.
  Market& add_market(Market market);

  [[nodiscard]] std::size_t event_count() const noexcept { return events_.size(); }
  [[nodiscard]] std::size_t market_count() const noexcept { return markets_.size(); }
  [[nodiscard]] Event& event(EventId id) noexcept { return events_[id]; }
  [[nodiscard]] const Event& event(EventId id) const noexcept { return events_[id]; }
  [[nodiscard]] Market& market(MarketId id) noexcept { return markets_[id]; }
  [[nodiscard]] const Market& market(MarketId id) const noexcept { return markets_[id]; }

  [[nodiscard]] const Event* find_event(Venue venue, std::string_view ticker) const;
  [[nodiscard]] const Market* find_market(Venue venue, std::string_view ticker) const;
  [[nodiscard]] const Market* find_condition(std::string_view condition_id) const;
  struct Token {
    const Market* market = nullptr;
    Outcome outcome = Outcome::Yes;
  };
  [[nodiscard]] Token find_token(std::string_view token_id) const;

 private:
  using Table = std::unordered_map<std::string, std::uint32_t>;
  [[nodiscard]] static std::string name(Venue venue, std::string_view ticker);

  std::deque<Event> events_;
  std::deque<Market> markets_;
  Table events_by_name_;
  Table markets_by_name_;
  Table by_condition_;
  Table by_token_;  // 2 × market + outcome
};

}  // namespace arbees::sim

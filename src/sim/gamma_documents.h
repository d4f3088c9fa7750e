#pragma once
// Gamma's documents: events and markets as the venue's discovery service describes them.
//
// Lists inside a market (outcomes, prices, token ids) are strings that hold JSON; index 0 is Up or Yes everywhere.
// `startDate` is the listing, `eventStartTime` the start of the window. Base fees are shown and not charged.

#include <string>

#include "sim/world.h"

namespace arbees::sim {

// `with_events`: a market on its own names its event, one inside an event does not.
[[nodiscard]] std::string gamma_market(const World& world, const Market& market, bool with_events);
[[nodiscard]] std::string gamma_event(const World& world, const Event& event, bool with_markets);
// The series an event belongs to; empty without one.
[[nodiscard]] std::string gamma_series(const Event& event);
// Gamma's number of a series; empty without one.
[[nodiscard]] std::string gamma_series_id(const std::string& slug);

[[nodiscard]] bool is_closed(const Market& market) noexcept;
[[nodiscard]] bool is_closed(const World& world, const Event& event) noexcept;

}  // namespace arbees::sim

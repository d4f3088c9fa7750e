#pragma once
// The filters, order and pages of Gamma's listings.
//
// Pages go on with a cursor, never with an offset, on the keyset routes; a limit above 100 is cut to it, not refused.
// Instants may be given as dates or with a time and zone.

#include <optional>
#include <string>
#include <vector>

#include "adapters/net/http_server.h"
#include "sim/world.h"

namespace arbees::sim {

struct GammaQuery {
  std::size_t limit = 20;
  std::size_t first = 0;  // from the cursor or the offset
  std::optional<bool> closed;
  std::optional<bool> active;
  std::vector<std::string> slugs;
  std::vector<std::string> ids;
  std::vector<std::string> series_ids;
  std::vector<std::string> series_slugs;
  std::vector<std::string> condition_ids;
  std::vector<std::string> token_ids;
  std::string tag_id;
  Timestamp end_min = kNoTime;
  Timestamp end_max = kNoTime;
  Timestamp start_min = kNoTime;  // of the window
  Timestamp start_max = kNoTime;
  Timestamp listed_min = kNoTime;
  Timestamp listed_max = kNoTime;
  std::string order;
  bool ascending = true;
  bool with_markets = true;
};

[[nodiscard]] GammaQuery read_gamma_query(const net::ServerRequest& request);
[[nodiscard]] std::string gamma_cursor(std::size_t position);

// What the query asks for, in its order, all pages.
[[nodiscard]] std::vector<const Event*> select_events(const World& world, const GammaQuery& query);
[[nodiscard]] std::vector<const Market*> select_markets(const World& world, const GammaQuery& query);

}  // namespace arbees::sim

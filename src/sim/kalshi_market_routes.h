#pragma once
// Kalshi's public REST routes: exchange, markets, order books, trades, events, series.

#include <string>
#include <string_view>

#include "adapters/net/http_server.h"
#include "adapters/telemetry/json.h"
#include "sim/kalshi_text.h"

namespace arbees::sim {

// Newest listings first, page by page. Whatever is asked for and does not exist is 404 not_found.
class KalshiMarketRoutes {
 public:
  explicit KalshiMarketRoutes(const KalshiShared& shared) : shared_(shared) {}

  // `is_paused`: maintenance of the shard that crypto trades on; the others go on.
  [[nodiscard]] net::ServerResponse exchange_status(bool is_paused) const;
  [[nodiscard]] net::ServerResponse exchange_schedule() const;
  [[nodiscard]] net::ServerResponse user_data_timestamp() const;
  [[nodiscard]] net::ServerResponse historical_cutoff() const;

  [[nodiscard]] net::ServerResponse markets(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse market(std::string_view ticker) const;
  [[nodiscard]] net::ServerResponse orderbook(std::string_view ticker, const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse orderbooks(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse trades(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse events(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse event(std::string_view ticker, const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse event_metadata(std::string_view ticker) const;
  [[nodiscard]] net::ServerResponse series_list(const net::ServerRequest& request) const;
  [[nodiscard]] net::ServerResponse series(std::string_view ticker) const;
  [[nodiscard]] net::ServerResponse fee_changes(std::string_view list_name) const;

 private:
  [[nodiscard]] const Market* find_market(std::string_view ticker) const;
  void write_book(JsonWriter& json, MarketId market, std::size_t depth) const;

  const KalshiShared& shared_;
};

}  // namespace arbees::sim

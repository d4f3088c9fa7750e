#pragma once
// The market WebSocket: books and their changes, trades, ticks, listings and resolutions, to whoever subscribed.
//
// Changes of one market at one instant go out as one `price_change` with an entry for each change and token; every
// entry's hash is that of the token's book after it. A `book` follows the trades of an instant. Subscribers see
// only tokens that they asked for; best prices, listings and resolutions only with `custom_feature_enabled`.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"
#include "sim/clob_books.h"
#include "sim/faults.h"
#include "sim/servers.h"

namespace arbees::sim {

class ClobMarketChannel {
 public:
  ClobMarketChannel(const ServerContext& context, ClobBooks& books) noexcept : context_(context), books_(books) {}
  ~ClobMarketChannel();

  [[nodiscard]] std::unique_ptr<net::ServerSocketHandler> accept();

  // What the world tells. `stated_at`: the venue's clock.
  void on_change(const Market& market, const BookChange& change, Timestamp stated_at);
  void on_trade(const Market& market, const MarketTrade& trade, Timestamp stated_at);
  void on_grid(const Market& market, const PriceGrid& old_grid, Timestamp stated_at);
  void on_opened(const Market& market, Timestamp stated_at);
  void on_created(const Market& market, Timestamp stated_at);
  void on_resolved(const Market& market, Timestamp stated_at);
  // The instant is over: sends what was gathered.
  void flush();

 private:
  class Connection;
  struct Entry {
    Outcome outcome = Outcome::Yes;
    std::string text;
  };
  struct Gathered {
    std::vector<Entry> entries;
    std::string timestamp;
    bool has_traded = false;
    bool has_new_best = false;
  };
  struct Best {
    std::string bid;
    std::string ask;
  };

  void subscribe(Connection& connection, const std::vector<std::string>& asset_ids, bool wants_books);
  void unsubscribe(Connection& connection, const std::vector<std::string>& asset_ids);
  void forget(Connection& connection);
  void flush(const Market& market, Gathered& gathered);
  void send_changes(const Market& market, const Gathered& gathered);
  void send_best(const Market& market, const std::string& timestamp);
  void send_books(const Market& market);
  // To all who subscribed to this token, with the flag if `only_custom`.
  void send(const std::string& token, std::string_view text, bool only_custom = false);
  [[nodiscard]] bool is_watched(const Market& market) const;

  ServerContext context_;
  ClobBooks& books_;
  std::set<Connection*> connections_;
  std::map<std::string, std::set<Connection*>, std::less<>> by_token_;
  std::map<MarketId, Gathered> gathered_;
  std::map<std::string, Best, std::less<>> best_;
};

}  // namespace arbees::sim

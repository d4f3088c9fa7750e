#pragma once
// One WebSocket connection to the loopback Kalshi: its subscriptions, their counters, its commands.
//
// Every subscription has its own `seq`, from 1, over all its markets; replies consume a number too. Channels without
// `seq` (ticker, fill, user_orders, market_positions) count only their replies. Subscribing again to a channel adds
// to the subscription that is there. A heartbeat ping goes out every ten seconds.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_server.h"
#include "adapters/net/rate_limiter.h"
#include "sim/faults.h"
#include "sim/kalshi_channels.h"
#include "sim/kalshi_command.h"
#include "sim/kalshi_text.h"

namespace arbees::sim {

struct KalshiSubscription {
  std::int64_t sid = 0;
  KalshiChannel channel = KalshiChannel::Silent;
  std::string channel_name;
  std::set<std::string, std::less<>> tickers;
  bool has_all_markets = false;
  std::set<std::string, std::less<>> indices;
  bool has_all_indices = false;
  bool use_yes_price = false;
  bool skip_ticker_ack = false;
  std::uint64_t sequence = 0;  // of the last message that had one

  [[nodiscard]] bool follows(std::string_view ticker) const { return has_all_markets || tickers.contains(ticker); }
  [[nodiscard]] bool follows_index(std::string_view id) const { return has_all_indices || indices.contains(id); }
};

class KalshiSession;

// What sessions need of the server that they belong to.
class KalshiSessionHost {
 public:
  virtual void add_session(KalshiSession& session) = 0;
  virtual void remove_session(KalshiSession& session) = 0;
  // The present body of the ticker channel.
  [[nodiscard]] virtual std::string current_ticker(const Market& market) const = 0;
  [[nodiscard]] virtual std::vector<std::string> index_ids() const = 0;

 protected:
  ~KalshiSessionHost() = default;
};

class KalshiSession final : public net::ServerSocketHandler {
 public:
  KalshiSession(const KalshiShared& shared, KalshiSessionHost& host);
  ~KalshiSession() override;
  KalshiSession(const KalshiSession&) = delete;
  KalshiSession& operator=(const KalshiSession&) = delete;

  void on_open(std::shared_ptr<net::ServerSocket> socket) override;
  void on_text(std::string_view text, Timestamp received_at) override;
  void on_closed() override;

  [[nodiscard]] bool wants(KalshiChannel channel, std::string_view ticker) const;
  // To every subscription of the channel that follows the market (an empty ticker: to all of the channel).
  void publish(KalshiChannel channel, std::string_view ticker, std::string_view type, std::string_view body);
  // The same for the book, whose No side has two spellings.
  void publish_delta(std::string_view ticker, std::string_view no_price_body, std::string_view yes_price_body);
  void publish_index(KalshiChannel channel, std::string_view index_id, std::string_view type, std::string_view body);
  // Snapshots for the subscriptions that waited for this market to be listed.
  void on_market_created(const Market& market);

 private:
  void subscribe(const KalshiCommand& command);
  void unsubscribe(const KalshiCommand& command);
  void update(const KalshiCommand& command);
  void update_markets(const KalshiCommand& command, KalshiSubscription& subscription);
  void update_indices(const KalshiCommand& command, KalshiSubscription& subscription);
  void list(const KalshiCommand& command);

  // Nothing if the channel can be subscribed to with these parameters; else the error code.
  [[nodiscard]] static int refuse_channel(const KalshiCommand& command, std::string_view name);
  [[nodiscard]] KalshiSubscription& open_subscription(const KalshiCommand& command, const std::string& name);
  [[nodiscard]] KalshiSubscription* find(std::int64_t sid);
  [[nodiscard]] KalshiSubscription* find_channel(std::string_view name);
  // Adds markets (or all, if there are none) and indices; returns the tickers that are new.
  [[nodiscard]] std::vector<std::string> extend(const KalshiCommand& command, KalshiSubscription& subscription) const;
  // The tickers named, by name or (ticker channel only) by UUID.
  [[nodiscard]] std::vector<std::string> tickers_of(const KalshiCommand& command, KalshiChannel channel) const;
  void send_initial(const KalshiCommand& command, KalshiSubscription& subscription,
                    const std::vector<std::string>& tickers);
  void send_snapshots(KalshiSubscription& subscription, const std::vector<std::string>& tickers, std::int64_t id);

  void send_data(KalshiSubscription& subscription, std::string_view type, std::string_view body, std::int64_t id = 0);
  void send_ok(const KalshiCommand& command, KalshiSubscription& subscription);
  void send_error(const KalshiCommand& command, int code, KalshiSubscription* subscription = nullptr);
  [[nodiscard]] std::string stamp() const;

  const KalshiShared& shared_;
  KalshiSessionHost& host_;
  std::shared_ptr<FaultySocket> socket_;
  net::Timer heartbeat_;
  net::RateLimiter commands_{10'000, 10'000};
  std::vector<KalshiSubscription> subscriptions_;
  std::int64_t last_sid_ = 0;
};

}  // namespace arbees::sim

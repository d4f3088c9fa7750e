#pragma once
// Live orders on Polymarket: signed CLOB orders, cancels, heartbeats, our trades by stream and by REST, balances.
//
// An order's hash is its id from before it is sent (order_messages.h). At the start the API key is derived from the
// wallet (or made). Heartbeats run from then on: when this process falls silent for ten seconds, the venue cancels all
// its orders. Fills are provisional until their trade is CONFIRMED; FAILED takes one back. The channel is not believed
// to be complete: what should have come and did not is asked for, and every trade is followed until it is final.

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/net/rate_limiter.h"
#include "adapters/venue/gateway_rest.h"
#include "adapters/venue/order_tracker.h"
#include "adapters/venue/polymarket/order_messages.h"
#include "adapters/venue/polymarket/user_messages.h"
#include "adapters/venue/user_stream.h"

namespace arbees::polymarket {

struct GatewayOptions {
  net::Url rest;       // https://clob.polymarket.com
  net::Url websocket;  // wss://ws-subscriptions-clob.polymarket.com/ws/user
  GatewayRest::Options requests;
  WalletKind kind = WalletKind::Eoa;
  Address funder{};  // unless Eoa
  std::uint64_t chain_id = kPolygonChainId;
  std::int64_t orders_per_second = 40;  // the Standard tier
  std::int64_t orders_burst = 60;
  Duration missing_grace = std::chrono::seconds(6);
  Duration heartbeat_every = std::chrono::seconds(5);
  std::uint64_t seed = 1;
};

class PolymarketOrderGateway final : public OrderGateway, private UserStreamOwner {
 public:
  // Loop and sink outlive the gateway.
  PolymarketOrderGateway(net::IoLoop& loop, GatewaySink& sink, GatewayOptions options, Wallet wallet);
  ~PolymarketOrderGateway() override;

  void start() override;
  void learn(const Event& event) override;
  void submit(const GatewayOrder& order) override;
  void cancel(OrderId id) override;
  void query(OrderId id) override;
  void cancel_all() override;
  void adopt(const GatewayOrder& order, std::string_view symbol, std::span<const RecordedFill> fills) override;
  void read_account(const AccountQuery& query, std::function<void(AccountAnswer)> done) override;
  void read_cash(std::function<void(CashAnswer)> done) override;
  void read_payouts(const std::vector<std::string>& symbols, std::function<void(PayoutAnswer)> done) override;
  void tick(Timestamp now) override;
  [[nodiscard]] GatewayHealth health() const override;
  [[nodiscard]] std::size_t open_orders() const override { return tracker_.open_count() + adoptions_.size(); }
  [[nodiscard]] std::string describe_open() const override;
  [[nodiscard]] std::string venue_key(const GatewayOrder& order, std::string_view symbol) override;
  void stop() override;

 private:
  struct AccountRead;
  // An order of an earlier session, until one of the ids that it can have had is found.
  struct Adoption {
    GatewayOrder order;
    std::string token;
    std::vector<RecordedFill> fills;
    std::vector<std::string> keys;
    std::size_t next_key = 0;
    bool is_asked = false;
    Timestamp ask_at = kNoTime;
    int rounds = 0;  // in which the venue knew none of them
  };

  // ---- login, requests, heartbeats (order_gateway_session.cpp) ----
  [[nodiscard]] std::vector<net::Header> sign(const RestCall& call);
  [[nodiscard]] std::vector<net::Header> sign_login();
  void log_in(Timestamp now);
  void on_credentials(const net::HttpAnswer& answer, bool is_derived);
  void beat(Timestamp now);
  Result<FeedDial, std::string> dial_user_stream(Timestamp now) override;
  void on_user_stream_open(Timestamp now) override;
  void on_user_frame(std::string_view frame, Timestamp received_at) override;
  void on_user_stream_lost(const std::string& reason, Timestamp now) override;

  // ---- orders out (order_gateway.cpp) ----
  void pump();
  void send_order(TrackedOrder& order, Timestamp now);
  void on_post_answer(OrderId id, const net::HttpAnswer& answer);
  void on_refused(TrackedOrder& order, int status, const std::string& text, Timestamp now);
  void send_cancel(TrackedOrder& order);
  void fetch_facts();
  void refuse_waiting(const std::string& token);
  void advance_adoptions(Timestamp now);
  void on_adoption_answer(std::uint64_t id, const net::HttpAnswer& answer);
  void take_in(Adoption& adoption, const std::string& key, Timestamp now);

  // ---- what the venue tells (order_gateway_news.cpp) ----
  void look_up(TrackedOrder& order);
  void on_looked_up(OrderId id, const net::HttpAnswer& answer);
  void apply(const ClobOrderNews& news, Timestamp now);
  void apply(const ClobTradeNews& news, Timestamp now);
  void fetch_trades(OrderId id, const std::string& cursor);
  void fetch_fees(const std::string& token, const std::string& market);
  void follow_trades(Timestamp now);
  [[nodiscard]] std::string balance_path(std::string_view route, const std::string& token) const;
  void read_cash_step(const std::shared_ptr<AccountRead>& read);
  void read_trades_step(const std::shared_ptr<AccountRead>& read, const std::string& cursor);
  void read_tokens_step(const std::shared_ptr<AccountRead>& read);
  void read_orders_step(const std::shared_ptr<AccountRead>& read, const std::string& cursor);

  [[nodiscard]] TokenFacts& facts_of(const std::string& token) { return facts_[token]; }

  net::IoLoop& loop_;
  GatewayOptions options_;
  Wallet wallet_;
  Account account_;
  OrderTracker tracker_;
  GatewayRest rest_;
  UserStream stream_;
  net::RateLimiter orders_;
  net::Timer pump_timer_;
  std::string last_refreshed_;   // of the unpaid tokens
  std::deque<OrderId> waiting_;  // for the limit, or for facts of their token
  std::map<std::uint64_t, Adoption> adoptions_;
  std::unordered_map<std::uint64_t, std::string> symbols_;
  std::unordered_map<std::string, TokenFacts> facts_;
  std::vector<std::string> wanted_facts_;
  std::set<std::string> asked_facts_;  // and not answered
  std::set<std::string> asked_fees_;
  std::map<std::string, Timestamp> unsettled_;  // trades whose end is not known, with the time of their match
  Timestamp follow_at_ = kNoTime;
  JsonDocument json_;
  ApiCredentials credentials_;
  std::unique_ptr<ApiSecret> secret_;
  std::string heartbeat_id_;
  Timestamp beat_at_ = Timestamp::max();
  Timestamp log_in_at_ = Timestamp::max();
  GatewayHealth health_;
};

}  // namespace arbees::polymarket

#pragma once
// Live orders on Kalshi: V2 order entry, cancels, our fills by stream and by REST, balance and positions.
//
// An order is known by its client_order_id from before it is sent (order_messages.h). Signatures of creates are made
// ahead (signature_supply.h). Fills and ends come by the channels `fill` and `user_orders`; what they may have lost is
// asked for after every reconnect and whenever something expected does not come. Writes keep to the account's bucket:
// an order that the bucket does not let through before its deadline is refused by ourselves as RateLimited. All orders
// of a session belong to one group at the venue, where it has been given a limit (order_group.h).

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/net/rate_limiter.h"
#include "adapters/venue/gateway_rest.h"
#include "adapters/venue/kalshi/decoder.h"
#include "adapters/venue/kalshi/order_group.h"
#include "adapters/venue/kalshi/order_messages.h"
#include "adapters/venue/kalshi/signature_supply.h"
#include "adapters/venue/kalshi/stream.h"
#include "adapters/venue/order_tracker.h"
#include "adapters/venue/user_stream.h"

namespace arbees::kalshi {

struct GatewayOptions {
  net::Url websocket;  // wss://external-api-ws.kalshi.com/trade-api/ws/v2
  net::Url rest;       // https://external-api.kalshi.com/trade-api/v2
  GatewayRest::Options requests;
  int cash_shard = -1;                         // whose cash is ours to trade with; −1: of all shards
  std::int64_t write_tokens_per_second = 100;  // the Basic tier
  std::int64_t write_tokens_burst = 100;
  // An order that the venue does not know so long after it was sent never arrived.
  Duration missing_grace = std::chrono::seconds(6);
  OrderGroupOptions group;
  std::uint64_t seed = 1;  // of pauses between connections
};

class KalshiOrderGateway final : public OrderGateway, private UserStreamOwner, private PrivateMessageSink {
 public:
  // Loop and sink outlive the gateway.
  KalshiOrderGateway(net::IoLoop& loop, GatewaySink& sink, GatewayOptions options, Credentials credentials);
  ~KalshiOrderGateway() override;

  void start() override;
  void learn(const Event& event) override;
  void submit(const GatewayOrder& order) override;
  void cancel(OrderId id) override;
  void query(OrderId id) override;
  void cancel_all() override;
  void resume() override;
  void adopt(const GatewayOrder& order, std::string_view symbol, std::span<const RecordedFill> fills) override;
  void read_account(const AccountQuery& query, std::function<void(AccountAnswer)> done) override;
  void read_cash(std::function<void(CashAnswer)> done) override;
  void read_payouts(const std::vector<std::string>& symbols, std::function<void(PayoutAnswer)> done) override;
  void tick(Timestamp now) override;
  [[nodiscard]] GatewayHealth health() const override;
  [[nodiscard]] std::size_t open_orders() const override { return tracker_.open_count(); }
  [[nodiscard]] std::string describe_open() const override { return tracker_.describe_open(); }
  [[nodiscard]] std::string venue_key(const GatewayOrder& order, std::string_view symbol) override;
  void stop() override;
  [[nodiscard]] bool is_stopped() const override { return !is_stopping_ || group_.is_removed(); }

 private:
  struct AccountRead;

  // ---- orders out (order_gateway.cpp) ----
  void pump();
  void send_create(TrackedOrder& order, Timestamp now);
  [[nodiscard]] std::vector<net::Header> create_headers(const RestCall& call, Timestamp now);
  void on_create_answer(OrderId id, const net::HttpAnswer& answer);
  void on_created(TrackedOrder& order, const CreateAnswer& answer, Timestamp now);
  void send_cancel(TrackedOrder& order);
  void on_cancel_answer(OrderId id, const net::HttpAnswer& answer);
  void learn_shards();

  // ---- what the venue tells (order_gateway_news.cpp) ----
  Result<FeedDial, std::string> dial_user_stream(Timestamp now) override;
  void on_user_stream_open(Timestamp now) override;
  void on_user_frame(std::string_view frame, Timestamp received_at) override;
  void on_user_stream_lost(const std::string& reason, Timestamp now) override;
  void on_fill(const Fill& fill, Timestamp received_at) override;
  void on_user_order(const UserOrder& order, Timestamp received_at) override;
  void on_order_group(const OrderGroupUpdate& update) override { group_.on_update(update.event_type, update.id); }
  void on_group_alarm();
  void look_up(TrackedOrder& order);
  void on_looked_up(OrderId id, const net::HttpAnswer& answer);
  void apply(TrackedOrder& order, const RestOrder& told, Timestamp now);
  void fetch_fills(TrackedOrder& order);
  void on_fills(OrderId id, const net::HttpAnswer& answer);
  void read_balance_step(const std::shared_ptr<AccountRead>& read);
  void read_positions_step(const std::shared_ptr<AccountRead>& read, const std::string& cursor);
  void read_orders_step(const std::shared_ptr<AccountRead>& read, const std::string& cursor);

  [[nodiscard]] int shard_of(const std::string& ticker) const;
  // Whether its shard is known and its group, if it has one, takes orders.
  [[nodiscard]] bool has_place(const TrackedOrder& order) const;

  net::IoLoop& loop_;
  GatewaySink& sink_;
  GatewayOptions options_;
  Credentials credentials_;
  OrderTracker tracker_;
  GatewayRest rest_;
  OrderGroup group_;
  UserStream stream_;
  SignatureSupply signatures_;
  net::RateLimiter writes_;
  net::Timer pump_timer_;
  std::deque<OrderId> waiting_;  // for the bucket
  std::unordered_map<std::uint64_t, std::string> symbols_;
  std::unordered_map<std::string, int> shards_;
  std::vector<std::string> unknown_shards_;
  Decoder decoder_;
  DecodedFrame decoded_;
  Commands commands_;
  ReplyReader replies_;
  Reply reply_;
  std::string body_;
  GatewayHealth health_;
  bool is_stopping_ = false;
};

}  // namespace arbees::kalshi

#include "sim/clob_market_channel.h"

#include <optional>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/clob_bodies.h"
#include "sim/clob_listing.h"

namespace arbees::sim {

class ClobMarketChannel::Connection final : public net::ServerSocketHandler {
 public:
  explicit Connection(ClobMarketChannel& channel) noexcept : channel_(&channel) {}
  ~Connection() override {
    if (channel_ != nullptr) channel_->forget(*this);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void on_open(std::shared_ptr<net::ServerSocket> socket) override {
    if (channel_ == nullptr) return;
    socket_ = std::make_unique<FaultySocket>(std::move(socket), channel_->context_.loop, channel_->context_.faults);
  }
  void on_text(std::string_view text, Timestamp) override {
    if (channel_ == nullptr || socket_ == nullptr) return;
    if (text == "PING") return socket_->send_reliable("PONG");
    const auto request = parse_channel_request(text);
    if (!request) return socket_->send_reliable("INVALID OPERATION");
    if (request->custom_features) custom_features = *request->custom_features;
    if (request->operation == "unsubscribe") return channel_->unsubscribe(*this, request->asset_ids);
    channel_->subscribe(*this, request->asset_ids, request->wants_dump);
  }
  void on_closed() override {
    if (channel_ != nullptr) channel_->forget(*this);
    socket_.reset();
  }

  void send(std::string_view text) {
    if (socket_ != nullptr) socket_->send(text);
  }
  void abandon() noexcept { channel_ = nullptr; }

  std::set<std::string, std::less<>> tokens;
  bool custom_features = false;

 private:
  ClobMarketChannel* channel_;
  std::unique_ptr<FaultySocket> socket_;
};

ClobMarketChannel::~ClobMarketChannel() {
  for (Connection* connection : connections_) connection->abandon();
}

std::unique_ptr<net::ServerSocketHandler> ClobMarketChannel::accept() {
  auto connection = std::make_unique<Connection>(*this);
  connections_.insert(connection.get());
  return connection;
}

void ClobMarketChannel::forget(Connection& connection) {
  for (const std::string& token : connection.tokens) by_token_[token].erase(&connection);
  connection.tokens.clear();
  connections_.erase(&connection);
}

void ClobMarketChannel::subscribe(Connection& connection, const std::vector<std::string>& asset_ids, bool wants_books) {
  flush();  // what is gathered belongs to books before this one
  std::string frame = "[";
  for (const std::string& asset_id : asset_ids) {
    const World::Token token = context_.world.find_token(asset_id);
    if (token.market == nullptr) continue;
    connection.tokens.insert(asset_id);
    by_token_[asset_id].insert(&connection);
    if (!token.market->is_active()) continue;
    if (frame.size() > 1) frame += ',';
    frame += books_.event(*token.market, token.outcome);
  }
  frame += ']';
  if (wants_books) connection.send(frame);
}

void ClobMarketChannel::unsubscribe(Connection& connection, const std::vector<std::string>& asset_ids) {
  for (const std::string& asset_id : asset_ids) {
    connection.tokens.erase(asset_id);
    const auto found = by_token_.find(asset_id);
    if (found != by_token_.end()) found->second.erase(&connection);
  }
}

bool ClobMarketChannel::is_watched(const Market& market) const {
  for (const std::string& token : market.token_ids) {
    const auto found = by_token_.find(token);
    if (found != by_token_.end() && !found->second.empty()) return true;
  }
  return false;
}

void ClobMarketChannel::send(const std::string& token, std::string_view text, bool only_custom) {
  const auto found = by_token_.find(token);
  if (found == by_token_.end()) return;
  for (Connection* connection : found->second) {
    if (!only_custom || connection->custom_features) connection->send(text);
  }
}

void ClobMarketChannel::on_change(const Market& market, const BookChange& change, Timestamp stated_at) {
  books_.apply(market, change, stated_at);
  if (!is_watched(market)) return;
  Gathered& gathered = gathered_[market.id];
  const std::string timestamp = unix_ms_text(stated_at);
  if (!gathered.entries.empty() && gathered.timestamp != timestamp) flush(market, gathered);
  gathered.timestamp = timestamp;
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    const ShownChange shown = ClobBooks::shown(change, outcome);
    JsonWriter json;
    json.begin_object().field("asset_id", token_of(market, outcome)).field("price", shown.price);
    json.field("size", shown.size).field("side", shown.side == BookSide::Bid ? "BUY" : "SELL");
    json.field("hash", books_.hash(market, outcome)).field("best_bid", books_.best_bid(market, outcome));
    json.field("best_ask", books_.best_ask(market, outcome)).end_object();
    gathered.entries.push_back({outcome, json.take()});
  }
}

void ClobMarketChannel::on_trade(const Market& market, const MarketTrade& trade, Timestamp stated_at) {
  if (!is_watched(market)) return;
  Gathered& gathered = gathered_[market.id];
  flush(market, gathered);
  gathered.has_traded = true;
  const bool is_yes = trade.taker_outcome == Outcome::Yes;
  const std::string& token = token_of(market, trade.taker_outcome);
  JsonWriter json;
  json.begin_object().field("market", market.condition_id).field("asset_id", token);
  json.field("price", to_short_text(is_yes ? trade.price : complement(trade.price)));
  json.field("size", to_short_text(trade.quantity)).field("fee_rate_bps", "1000");
  json.field("side", trade.taker_action == Side::Buy ? "BUY" : "SELL").field("timestamp", unix_ms_text(stated_at));
  json.field("event_type", "last_trade_price").end_object();
  send(token, json.take());
}

void ClobMarketChannel::send_changes(const Market& market, const Gathered& gathered) {
  const auto frame_of = [&](bool with_yes, bool with_no) {
    std::string text = "{\"market\":\"" + market.condition_id + "\",\"price_changes\":[";
    for (const Entry& entry : gathered.entries) {
      if (!(entry.outcome == Outcome::Yes ? with_yes : with_no)) continue;
      if (text.back() != '[') text += ',';
      text += entry.text;
    }
    return text + "],\"timestamp\":\"" + gathered.timestamp + "\",\"event_type\":\"price_change\"}";
  };
  const std::set<Connection*>& of_yes = by_token_[market.token_ids[0]];
  const std::set<Connection*>& of_no = by_token_[market.token_ids[1]];
  std::optional<std::string> both;
  for (Connection* connection : of_yes) {
    if (!of_no.contains(connection)) {
      connection->send(frame_of(true, false));
      continue;
    }
    if (!both) both = frame_of(true, true);
    connection->send(*both);
  }
  for (Connection* connection : of_no) {
    if (!of_yes.contains(connection)) connection->send(frame_of(false, true));
  }
}

void ClobMarketChannel::send_best(const Market& market, const std::string& timestamp) {
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    const std::string& token = token_of(market, outcome);
    const polymarket::SummaryLevels& levels = books_.levels(market, outcome);
    const Best now{to_short_text(levels.best_bid()), to_short_text(levels.best_ask())};
    Best& before = best_[token];
    if (before.bid == now.bid && before.ask == now.ask) continue;
    before = now;
    JsonWriter json;
    json.begin_object().field("market", market.condition_id).field("asset_id", token);
    json.field("best_bid", now.bid).field("best_ask", now.ask);
    json.field("spread", to_short_text(levels.best_ask() - levels.best_bid())).field("timestamp", timestamp);
    json.field("event_type", "best_bid_ask").end_object();
    send(token, json.take(), true);
  }
}

void ClobMarketChannel::flush(const Market& market, Gathered& gathered) {
  if (gathered.entries.empty()) return;
  send_changes(market, gathered);
  send_best(market, gathered.timestamp);
  gathered.entries.clear();
}

void ClobMarketChannel::flush() {
  for (auto& [id, gathered] : gathered_) {
    const Market& market = context_.world.market(id);
    flush(market, gathered);
    if (gathered.has_traded && market.is_active()) send_books(market);
  }
  gathered_.clear();
}

void ClobMarketChannel::send_books(const Market& market) {
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    send(token_of(market, outcome), books_.event(market, outcome));
  }
}

void ClobMarketChannel::on_grid(const Market& market, const PriceGrid& old_grid, Timestamp stated_at) {
  flush();
  if (!books_.has(market)) return;
  books_.reset(market, stated_at);
  for (const std::string& token : market.token_ids) {
    JsonWriter json;
    json.begin_object().field("event_type", "tick_size_change").field("asset_id", token);
    json.field("market", market.condition_id).field("old_tick_size", to_short_text(old_grid.finest_tick()));
    json.field("new_tick_size", tick_text(market)).field("timestamp", unix_ms_text(stated_at)).end_object();
    send(token, json.take());
  }
  send_books(market);
}

void ClobMarketChannel::on_opened(const Market& market, Timestamp stated_at) {
  if (books_.has(market)) books_.reset(market, stated_at);
  if (is_watched(market)) send_books(market);
}

void ClobMarketChannel::on_created(const Market& market, Timestamp stated_at) {
  const std::string frame = new_market_event(context_.world, market, unix_ms_text(stated_at));
  for (Connection* connection : connections_) {
    if (connection->custom_features) connection->send(frame);
  }
}

void ClobMarketChannel::on_resolved(const Market& market, Timestamp stated_at) {
  const std::string frame = market_resolved_event(market, unix_ms_text(stated_at));
  std::set<Connection*> told;
  for (const std::string& token : market.token_ids) {
    const auto found = by_token_.find(token);
    if (found == by_token_.end()) continue;
    for (Connection* connection : found->second) {
      if (connection->custom_features && told.insert(connection).second) connection->send(frame);
    }
  }
}

}  // namespace arbees::sim

#include "sim/kalshi_session.h"

#include <algorithm>
#include <utility>

#include "adapters/telemetry/json.h"
#include "sim/kalshi_messages.h"

namespace arbees::sim {
namespace {

constexpr Duration kHeartbeat = std::chrono::seconds(10);

// "id" of the command answered, if it had one, at the front of an open object.
void write_id(JsonWriter& json, std::int64_t id) {
  if (id != 0) json.field("id", id);
}

}  // namespace

KalshiSession::KalshiSession(const KalshiShared& shared, KalshiSessionHost& host)
    : shared_(shared), host_(host), heartbeat_(shared.context.loop) {
  host_.add_session(*this);
}

KalshiSession::~KalshiSession() { host_.remove_session(*this); }

void KalshiSession::on_open(std::shared_ptr<net::ServerSocket> socket) {
  socket_ = std::make_shared<FaultySocket>(std::move(socket), shared_.context.loop, shared_.context.faults);
  heartbeat_.every(kHeartbeat, [this] { socket_->ping("heartbeat"); });
}

void KalshiSession::on_closed() {
  heartbeat_.cancel();
  subscriptions_.clear();
}

void KalshiSession::on_text(std::string_view text, Timestamp received_at) {
  const KalshiCommand command = read_kalshi_command(text);
  if (!commands_.try_take(1, received_at)) return send_error(command, kTooManyCommands);
  if (!command.is_readable) return send_error(command, kUnableToProcess);
  if (command.name == "list_subscriptions") return list(command);
  const bool is_known =
      command.name == "subscribe" || command.name == "unsubscribe" || command.name == "update_subscription";
  if (!is_known) return send_error(command, kUnknownCommand);
  if (!command.has_params) return send_error(command, kParamsRequired);
  if (command.name == "subscribe") return subscribe(command);
  if (command.name == "unsubscribe") return unsubscribe(command);
  update(command);
}

// ---- Commands ----

int KalshiSession::refuse_channel(const KalshiCommand& command, std::string_view name) {
  const auto channel = kalshi_channel(name);
  if (!channel) return kUnknownChannel;
  if (*channel == KalshiChannel::OrderbookDelta && command.tickers.empty()) return kTickerRequired;
  return 0;
}

void KalshiSession::subscribe(const KalshiCommand& command) {
  if (!command.channels || command.channels->empty()) return send_error(command, kChannelsRequired);
  if (command.is_malformed) return send_error(command, kInvalidParameter);
  std::vector<std::pair<std::int64_t, std::vector<std::string>>> opened;
  for (const std::string& name : *command.channels) {
    if (const int code = refuse_channel(command, name); code != 0) {
      send_error(command, code);
      continue;
    }
    KalshiSubscription& subscription = open_subscription(command, name);
    opened.emplace_back(subscription.sid, extend(command, subscription));
    JsonWriter json;
    json.begin_object().field("type", "subscribed");
    write_id(json, command.id);
    json.key("msg").begin_object().field("channel", name).field("sid", subscription.sid).end_object();
    json.field("sending_ts_ms", shared_.stated_ms(shared_.now())).end_object();
    socket_->send_reliable(json.take());
  }
  for (const auto& [sid, tickers] : opened) send_initial(command, *find(sid), tickers);
}

KalshiSubscription& KalshiSession::open_subscription(const KalshiCommand& command, const std::string& name) {
  if (KalshiSubscription* known = find_channel(name)) return *known;
  KalshiSubscription subscription;
  subscription.sid = ++last_sid_;
  subscription.channel = *kalshi_channel(name);
  subscription.channel_name = name;
  subscription.use_yes_price = command.use_yes_price;
  subscription.skip_ticker_ack = command.skip_ticker_ack;
  return subscriptions_.emplace_back(std::move(subscription));
}

std::vector<std::string> KalshiSession::tickers_of(const KalshiCommand& command, KalshiChannel channel) const {
  std::vector<std::string> tickers = command.tickers;
  if (command.market_ids.empty() || channel != KalshiChannel::Ticker) return tickers;
  const World& world = shared_.context.world;
  for (std::size_t i = 0; i < world.market_count(); ++i) {
    const Market& market = world.market(static_cast<MarketId>(i));
    const bool is_named =
        market.venue == Venue::Kalshi && std::find(command.market_ids.begin(), command.market_ids.end(),
                                                   shared_.market_uuid(market.id)) != command.market_ids.end();
    if (is_named) tickers.push_back(market.ticker);
  }
  return tickers;
}

std::vector<std::string> KalshiSession::extend(const KalshiCommand& command, KalshiSubscription& subscription) const {
  if (is_index_channel(subscription.channel)) {
    for (const std::string& id : command.index_ids.value_or(std::vector<std::string>{})) {
      if (id == "all") subscription.has_all_indices = true;
      subscription.indices.insert(id);
    }
    return {};
  }
  const bool takes_markets = subscription.channel != KalshiChannel::MarketLifecycle;
  if (command.tickers.empty() || !takes_markets) subscription.has_all_markets = command.market_ids.empty();
  std::vector<std::string> fresh;
  if (!takes_markets) return fresh;
  for (const std::string& ticker : tickers_of(command, subscription.channel)) {
    if (subscription.tickers.insert(ticker).second) fresh.push_back(ticker);
  }
  return fresh;
}

void KalshiSession::send_initial(const KalshiCommand& command, KalshiSubscription& subscription,
                                 const std::vector<std::string>& tickers) {
  if (subscription.channel == KalshiChannel::OrderbookDelta) return send_snapshots(subscription, tickers, 0);
  if (subscription.channel != KalshiChannel::Ticker || !command.send_initial_snapshot) return;
  for (const std::string& ticker : tickers) {
    const Market* market = shared_.context.world.find_market(Venue::Kalshi, ticker);
    if (market != nullptr) send_data(subscription, "ticker", host_.current_ticker(*market));
  }
}

void KalshiSession::send_snapshots(KalshiSubscription& subscription, const std::vector<std::string>& tickers,
                                   std::int64_t id) {
  for (const std::string& ticker : tickers) {
    const Market* market = shared_.context.world.find_market(Venue::Kalshi, ticker);
    if (market == nullptr) continue;
    send_data(subscription, "orderbook_snapshot", snapshot_body(shared_, *market, subscription.use_yes_price), id);
  }
}

void KalshiSession::unsubscribe(const KalshiCommand& command) {
  if (command.is_malformed) return send_error(command, kInvalidParameter);
  if (command.sids.empty()) return send_error(command, kSidsRequired);
  for (const std::int64_t sid : command.sids) {
    KalshiSubscription* subscription = find(sid);
    if (subscription == nullptr) {
      send_error(command, kUnknownSid);
      continue;
    }
    JsonWriter json;
    json.begin_object();
    write_id(json, command.id);
    json.field("sid", sid).field("seq", ++subscription->sequence).field("type", "unsubscribed");
    json.field("sending_ts_ms", shared_.stated_ms(shared_.now())).end_object();
    socket_->send_reliable(json.take());
    std::erase_if(subscriptions_, [&](const KalshiSubscription& one) { return one.sid == sid; });
  }
}

void KalshiSession::update(const KalshiCommand& command) {
  if (command.is_malformed) return send_error(command, kInvalidParameter);
  if (command.has_sid_and_sids || command.sids.size() != 1) return send_error(command, kExactlyOneSid);
  KalshiSubscription* subscription = find(command.sids.front());
  if (subscription == nullptr) return send_error(command, kUnknownSid);
  if (command.action.empty()) return send_error(command, kActionRequired, subscription);
  if (is_index_channel(subscription->channel)) return update_indices(command, *subscription);
  update_markets(command, *subscription);
}

void KalshiSession::update_markets(const KalshiCommand& command, KalshiSubscription& subscription) {
  const bool is_book = subscription.channel == KalshiChannel::OrderbookDelta;
  const bool is_known = command.action == "add_markets" || command.action == "delete_markets" ||
                        (is_book && command.action == "get_snapshot");
  if (!is_known || subscription.channel == KalshiChannel::MarketLifecycle) {
    return send_error(command, kUnsupportedAction, &subscription);
  }
  const std::vector<std::string> tickers = tickers_of(command, subscription.channel);
  if (tickers.empty()) return send_error(command, kTickerRequired, &subscription);
  if (command.action == "get_snapshot") return send_snapshots(subscription, tickers, command.id);
  if (command.action == "delete_markets") {
    for (const std::string& ticker : tickers) subscription.tickers.erase(ticker);
    return send_ok(command, subscription);
  }
  const std::vector<std::string> fresh = extend(command, subscription);
  send_ok(command, subscription);
  send_initial(command, subscription, fresh);
}

void KalshiSession::update_indices(const KalshiCommand& command, KalshiSubscription& subscription) {
  if (command.action == "indexlist") {
    JsonWriter json;
    json.begin_object().key("index_ids").begin_array();
    for (const std::string& id : host_.index_ids()) json.value(id);
    json.end_array().end_object();
    return send_data(subscription, "cfbenchmarks_value_indexlist", json.take(), command.id);
  }
  if (command.action != "subscribe_indices" && command.action != "unsubscribe_indices") {
    return send_error(command, kUnsupportedAction, &subscription);
  }
  if (!command.index_ids || command.index_ids->empty()) return send_error(command, kIndexIdsRequired, &subscription);
  if (command.action == "subscribe_indices") {
    static_cast<void>(extend(command, subscription));
  } else {
    for (const std::string& id : *command.index_ids) {
      subscription.indices.erase(id);
      if (id == "all") subscription.has_all_indices = false;
    }
  }
  send_ok(command, subscription);
}

void KalshiSession::list(const KalshiCommand& command) {
  JsonWriter json;
  json.begin_object();
  write_id(json, command.id);
  json.field("type", "ok").key("msg").begin_array();
  for (const KalshiSubscription& subscription : subscriptions_) {
    json.begin_object().field("channel", subscription.channel_name).field("sid", subscription.sid).end_object();
  }
  json.end_array().field("sending_ts_ms", shared_.stated_ms(shared_.now())).end_object();
  socket_->send_reliable(json.take());
}

KalshiSubscription* KalshiSession::find(std::int64_t sid) {
  const auto it =
      std::find_if(subscriptions_.begin(), subscriptions_.end(), [&](const auto& one) { return one.sid == sid; });
  return it == subscriptions_.end() ? nullptr : &*it;
}

KalshiSubscription* KalshiSession::find_channel(std::string_view name) {
  const auto it = std::find_if(subscriptions_.begin(), subscriptions_.end(),
                               [&](const auto& one) { return one.channel_name == name; });
  return it == subscriptions_.end() ? nullptr : &*it;
}

// ---- What happens ----

bool KalshiSession::wants(KalshiChannel channel, std::string_view ticker) const {
  return std::any_of(subscriptions_.begin(), subscriptions_.end(), [&](const KalshiSubscription& one) {
    return one.channel == channel && (ticker.empty() || one.follows(ticker));
  });
}

void KalshiSession::publish(KalshiChannel channel, std::string_view ticker, std::string_view type,
                            std::string_view body) {
  for (KalshiSubscription& subscription : subscriptions_) {
    if (subscription.channel != channel || !(ticker.empty() || subscription.follows(ticker))) continue;
    send_data(subscription, type, body);
  }
}

void KalshiSession::publish_delta(std::string_view ticker, std::string_view no_price_body,
                                  std::string_view yes_price_body) {
  for (KalshiSubscription& subscription : subscriptions_) {
    if (subscription.channel != KalshiChannel::OrderbookDelta || !subscription.follows(ticker)) continue;
    send_data(subscription, "orderbook_delta", subscription.use_yes_price ? yes_price_body : no_price_body);
  }
}

void KalshiSession::publish_index(KalshiChannel channel, std::string_view index_id, std::string_view type,
                                  std::string_view body) {
  for (KalshiSubscription& subscription : subscriptions_) {
    if (subscription.channel == channel && subscription.follows_index(index_id)) send_data(subscription, type, body);
  }
}

void KalshiSession::on_market_created(const Market& market) {
  for (KalshiSubscription& subscription : subscriptions_) {
    if (subscription.channel != KalshiChannel::OrderbookDelta || !subscription.follows(market.ticker)) continue;
    send_snapshots(subscription, {market.ticker}, 0);
  }
}

// ---- Frames ----

std::string KalshiSession::stamp() const {
  return ",\"sending_ts_ms\":" + std::to_string(shared_.stated_ms(shared_.now())) + "}";
}

void KalshiSession::send_data(KalshiSubscription& subscription, std::string_view type, std::string_view body,
                              std::int64_t id) {
  std::string frame = "{\"type\":\"" + std::string(type) + "\"";
  if (id != 0) frame += ",\"id\":" + std::to_string(id);
  frame += ",\"sid\":" + std::to_string(subscription.sid);
  if (is_sequenced(subscription.channel)) frame += ",\"seq\":" + std::to_string(++subscription.sequence);
  frame.append(",\"msg\":").append(body).append(stamp());
  socket_->send(frame);
}

void KalshiSession::send_ok(const KalshiCommand& command, KalshiSubscription& subscription) {
  JsonWriter json;
  json.begin_object();
  write_id(json, command.id);
  json.field("sid", subscription.sid).field("seq", ++subscription.sequence).field("type", "ok");
  json.key("msg").begin_object();
  if (is_index_channel(subscription.channel)) {
    json.key("index_ids").begin_array();
    for (const std::string& index : subscription.indices) json.value(index);
    json.end_array();
  } else if (!subscription.skip_ticker_ack) {
    json.key("market_tickers").begin_array();
    for (const std::string& ticker : subscription.tickers) json.value(ticker);
    json.end_array();
  }
  json.end_object().field("sending_ts_ms", shared_.stated_ms(shared_.now())).end_object();
  socket_->send_reliable(json.take());
}

void KalshiSession::send_error(const KalshiCommand& command, int code, KalshiSubscription* subscription) {
  JsonWriter json;
  json.begin_object();
  write_id(json, command.id);
  json.field("type", "error");
  if (subscription != nullptr) json.field("sid", subscription->sid).field("seq", ++subscription->sequence);
  json.key("msg").begin_object().field("code", code).field("msg", kalshi_error_text(code)).end_object();
  json.field("sending_ts_ms", shared_.stated_ms(shared_.now())).end_object();
  socket_->send_reliable(json.take());
}

}  // namespace arbees::sim

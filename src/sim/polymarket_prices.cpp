#include "sim/polymarket_prices.h"

#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "adapters/telemetry/format.h"
#include "adapters/telemetry/json.h"
#include "sim/clob_bodies.h"

namespace arbees::sim {
namespace {

constexpr std::string_view kSpotTopic = "crypto_prices_chainlink";
constexpr std::string_view kTwapTopic = "crypto_prices_twap_sixty";
constexpr std::string_view kFrontTopic = "crypto_prices";
// The world's index stands for Chainlink's spot stream.
constexpr SettlementSource kSpotSource = SettlementSource::CfBenchmarksMean60;
constexpr std::array<Asset, 3> kAssets = {Asset::BTC, Asset::ETH, Asset::SOL};

// "btc/usd"
std::string symbol_of(Asset asset) {
  std::string symbol;
  for (const char c : asset_name(asset)) symbol += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return symbol + "/usd";
}

std::string_view topic_of(SettlementSource source) noexcept {
  return source == SettlementSource::ChainlinkTwap60 ? kTwapTopic : kSpotTopic;
}

std::int64_t unix_ms(Timestamp time) { return unix_ns(time) / 1'000'000; }

void write_point(JsonWriter& json, SpotPrice value, std::int64_t time_ms) {
  constexpr int kFullAccuracyDecimals = 18;
  std::string full = std::to_string(value.units());
  full.append(static_cast<std::size_t>(kFullAccuracyDecimals - SpotPrice::kDecimals), '0');
  json.field("full_accuracy_value", full).field("timestamp", time_ms).key("value").raw(to_short_text(value));
}

}  // namespace

class PolymarketPrices::Connection final : public net::ServerSocketHandler {
 public:
  explicit Connection(PolymarketPrices& prices) noexcept : prices_(&prices) {}
  ~Connection() override {
    if (prices_ != nullptr) prices_->connections_.erase(this);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void on_open(std::shared_ptr<net::ServerSocket> socket) override {
    if (prices_ == nullptr) return;
    socket_ = std::make_unique<FaultySocket>(std::move(socket), prices_->context_.loop, prices_->context_.faults);
  }
  void on_text(std::string_view text, Timestamp) override;
  void on_closed() override {
    if (prices_ != nullptr) prices_->connections_.erase(this);
    socket_.reset();
  }

  void tell(Asset asset, SettlementSource source, std::string_view text) {
    if (socket_ != nullptr && wanted_.contains({asset, source})) socket_->send(text);
  }
  void abandon() noexcept { prices_ = nullptr; }

 private:
  void subscribe(Asset asset, SettlementSource source);

  PolymarketPrices* prices_;
  std::unique_ptr<FaultySocket> socket_;
  std::set<std::pair<Asset, SettlementSource>> wanted_;
};

void PolymarketPrices::Connection::subscribe(Asset asset, SettlementSource source) {
  if (!wanted_.insert({asset, source}).second) return;
  if (source == kSpotSource) return socket_->send(prices_->history(asset));
  const World& world = prices_->context_.world;
  const IndexValue value = world.index_at(asset, source, world.now());
  if (!value.value.is_zero()) socket_->send(prices_->update(value));
}

void PolymarketPrices::Connection::on_text(std::string_view text, Timestamp) {
  if (prices_ == nullptr || socket_ == nullptr || text == "PING") return;
  const auto request = parse_price_request(text);
  if (!request) return;
  for (const PriceSubscription& wish : request->subscriptions) {
    const bool is_known = wish.topic == kSpotTopic || wish.topic == kTwapTopic || wish.topic == kFrontTopic;
    if (!is_known) return;
  }
  for (const PriceSubscription& wish : request->subscriptions) {
    if (wish.topic == kFrontTopic) continue;  // Binance's prices, which the world's own Binance has
    const SettlementSource source = wish.topic == kTwapTopic ? SettlementSource::ChainlinkTwap60 : kSpotSource;
    for (const Asset asset : kAssets) {
      if (!wish.symbol.empty() && wish.symbol != symbol_of(asset)) continue;
      if (request->action == "unsubscribe") {
        wanted_.erase({asset, source});
      } else {
        subscribe(asset, source);
      }
    }
  }
}

PolymarketPrices::~PolymarketPrices() {
  for (Connection* connection : connections_) connection->abandon();
}

std::unique_ptr<net::ServerSocketHandler> PolymarketPrices::accept() {
  auto connection = std::make_unique<Connection>(*this);
  connections_.insert(connection.get());
  return connection;
}

Timestamp PolymarketPrices::stated(Timestamp time) const {
  return time + context_.faults.clock_skew(context_.world.now());
}

std::string PolymarketPrices::update(const IndexValue& value) const {
  JsonWriter json;
  json.begin_object().field("connection_id", "arbees").key("payload").begin_object();
  json.field("symbol", symbol_of(value.asset));
  write_point(json, value.value, unix_ms(value.time));
  if (value.source == SettlementSource::ChainlinkTwap60) json.field("window_s", 60);
  json.end_object().field("timestamp", unix_ms(stated(value.time))).field("topic", topic_of(value.source));
  json.field("type", "update").end_object();
  return json.take();
}

std::string PolymarketPrices::history(Asset asset) const {
  const World& world = context_.world;
  JsonWriter json;
  json.begin_object().key("payload").begin_object().key("data").begin_array();
  Timestamp last = kNoTime;
  for (int back = 60; back >= 0; --back) {
    const IndexValue value = world.index_at(asset, kSpotSource, world.now() - std::chrono::seconds(back));
    if (value.value.is_zero() || value.time == last) continue;
    last = value.time;
    json.begin_object()
        .field("timestamp", unix_ms(value.time))
        .key("value")
        .raw(to_short_text(value.value))
        .end_object();
  }
  json.end_array().field("symbol", symbol_of(asset)).end_object();
  json.field("timestamp", unix_ms(stated(world.now()))).field("topic", kFrontTopic).field("type", "subscribe");
  json.end_object();
  return json.take();
}

void PolymarketPrices::on_index(const IndexValue& value) {
  const bool is_shown = value.source == SettlementSource::ChainlinkTwap60 || value.source == kSpotSource;
  if (!is_shown || connections_.empty()) return;
  const std::string text = update(value);
  for (Connection* connection : connections_) connection->tell(value.asset, value.source, text);
}

}  // namespace arbees::sim

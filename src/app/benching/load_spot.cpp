#include <algorithm>

#include "app/benching/load_venue.h"
#include "sim/binance_control.h"
#include "sim/binance_messages.h"
#include "sim/coinbase_advanced.h"

namespace arbees::app {
namespace {

namespace advanced = sim::coinbase::advanced;

constexpr std::int64_t kLevels = 100;

// One pair's book around a price that stays: levels a cent apart, whose sizes change.
struct Pair {
  sim::SpotProduct product;
  sim::SpotBookView view;
  std::uint64_t trades = 0;

  Pair(Venue venue, Asset asset, Random& random) {
    const std::string coin(asset_name(asset));
    product.venue = venue;
    product.asset = asset;
    product.symbol = venue == Venue::Coinbase ? coin + "-USD" : coin + "USDT";
    product.tick = SpotPrice::from_units(SpotPrice::kScale / 100);
    product.step = SpotQuantity::from_units(1);
    const SpotPrice middle = SpotPrice::whole(1'150);
    for (std::int64_t level = 1; level <= kLevels; ++level) {
      const SpotPrice away = SpotPrice::from_units(product.tick.units() * level);
      view.bids.push_back({middle - away, size(random)});
      view.asks.push_back({middle + away, size(random)});
    }
    view.update_id = 1;
  }

  static SpotQuantity size(Random& random) { return SpotQuantity::from_units(random.between(1, 400'000'000)); }

  sim::SpotLevelChange change(Random& random, Timestamp now) {
    sim::SpotLevelChange change;
    change.side = random.chance(1, 2) ? BookSide::Bid : BookSide::Ask;
    sim::SpotLevel& level = (change.side == BookSide::Bid ? view.bids : view.asks)[random.below(kLevels)];
    level.quantity = change.quantity = size(random);
    change.price = level.price;
    change.update_id = ++view.update_id;
    change.time = now;
    return change;
  }
  sim::SpotTradeReport trade(Random& random, Timestamp now) {
    return {++trades, view.bids.front().price, size(random), BookSide::Ask, now};
  }
};

std::vector<Pair> make_pairs(Venue venue, Random& random) {
  std::vector<Pair> pairs;
  for (const Asset asset : kLoadAssets) pairs.emplace_back(venue, asset, random);
  return pairs;
}

class CoinbaseLoad final : public LoadVenue {
 public:
  explicit CoinbaseLoad(const LoadPlan& plan) : LoadVenue(plan), pairs_(make_pairs(Venue::Coinbase, random_)) {}

  void send_one(Timestamp now) override {
    if (clients_.empty()) return;
    Client& client = *clients_.front();
    if (client.wants.empty()) return;
    Pair& pair = pairs_[random_.below(pairs_.size())];
    const std::uint64_t kind = random_.below(10);
    if (kind < 6) {
      std::vector<sim::SpotLevelChange> changes(1 + random_.below(3));
      for (sim::SpotLevelChange& change : changes) change = pair.change(random_, now);
      return send(client, "l2_data", now, advanced::l2_update(pair.product, changes));
    }
    if (kind < 9) return send(client, "ticker", now, advanced::ticker(pair.product, quote(pair), kUpdate, true));
    send(client, "market_trades", now, advanced::market_trades(pair.product, {pair.trade(random_, now)}, kUpdate));
  }

  void beat(Timestamp now) override {
    ++beats_;
    for (Client* client : clients_) {
      if (!client->wants.empty()) send(*client, "heartbeats", now, advanced::heartbeat(now, beats_));
    }
  }

  void on_request(net::ServerRequest, net::Responder responder) override {
    responder.send({404, "application/json", "{}", {}});
  }

 protected:
  void on_command(Client& client, std::string_view text, Timestamp now) override {
    if (text.find(R"("channel":"level2")") == std::string_view::npos) return;
    client.wants.assign(pairs_.size(), true);
    for (const Pair& pair : pairs_) send(client, "l2_data", now, advanced::l2_snapshot(pair.product, pair.view));
  }

 private:
  static constexpr advanced::EventKind kUpdate = advanced::EventKind::Update;

  static sim::coinbase::Quote quote(const Pair& pair) {
    sim::coinbase::Quote quote;
    quote.day.open = quote.day.high = quote.day.low = quote.day.last = pair.view.bids.front().price;
    quote.bid = pair.view.bids.front();
    quote.ask = pair.view.asks.front();
    return quote;
  }
  static void send(Client& client, std::string_view channel, Timestamp now, const std::string& event) {
    client.socket->send(advanced::envelope(channel, now, client.sequence++, event));
  }

  std::vector<Pair> pairs_;
  std::uint64_t beats_ = 0;
};

class BinanceLoad final : public LoadVenue {
 public:
  explicit BinanceLoad(const LoadPlan& plan) : LoadVenue(plan), pairs_(make_pairs(Venue::Binance, random_)) {}

  void send_one(Timestamp now) override {
    if (clients_.empty() || clients_.front()->wants.empty()) return;
    Pair& pair = pairs_[random_.below(pairs_.size())];
    const std::uint64_t kind = random_.below(10);
    if (kind < 5) {
      (void)batch(pair, 1, now);
      return send(pair, "@bookTicker", sim::binance::book_ticker(pair.product, pair.view));
    }
    if (kind < 8) return send(pair, "@trade", sim::binance::trade(pair.product, pair.trade(random_, now), now));
    send(pair, "@depth@100ms", sim::binance::depth_update(pair.product, batch(pair, 8, now), now));
  }

  void beat(Timestamp) override {
    for (Client* client : clients_) client->socket->ping("1");
  }

  void on_request(net::ServerRequest request, net::Responder responder) override {
    const std::string symbol = request.parameter("symbol");
    const auto pair =
        std::find_if(pairs_.begin(), pairs_.end(), [&](const Pair& one) { return one.product.symbol == symbol; });
    if (request.path != "/api/v3/depth" || pair == pairs_.end()) {
      return responder.send({400, "application/json", R"({"code":-1121,"msg":"Invalid symbol."})", {}});
    }
    responder.send({200, "application/json", sim::binance::depth_snapshot(pair->view, kLevels), {}});
  }

 protected:
  void on_command(Client& client, std::string_view text, Timestamp) override {
    if (text.find("\"SUBSCRIBE\"") != std::string_view::npos) client.wants.assign(pairs_.size(), true);
    client.socket->send(sim::binance::Subscriptions("/stream", "").answer(text));
  }

 private:
  // Changes that a depth update tells: with those that were not told before it, so that their numbers join.
  sim::binance::DepthBatch batch(Pair& pair, std::size_t changes, Timestamp now) {
    sim::binance::DepthBatch& untold = untold_[static_cast<std::size_t>(&pair - pairs_.data())];
    for (std::size_t i = 0; i < changes; ++i) untold.add(pair.change(random_, now));
    if (changes == 1) return {};
    sim::binance::DepthBatch told;
    std::swap(told, untold);
    return told;
  }

  void send(const Pair& pair, const char* stream, const std::string& payload) {
    std::string name = pair.product.symbol;
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    clients_.front()->socket->send(sim::binance::combined(name + stream, payload));
  }

  std::vector<Pair> pairs_;
  std::array<sim::binance::DepthBatch, kLoadAssets.size()> untold_;
};

}  // namespace

std::unique_ptr<LoadVenue> make_coinbase_load(const LoadPlan& plan) { return std::make_unique<CoinbaseLoad>(plan); }
std::unique_ptr<LoadVenue> make_binance_load(const LoadPlan& plan) { return std::make_unique<BinanceLoad>(plan); }

}  // namespace arbees::app

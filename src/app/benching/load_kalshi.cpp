#include <fmt/format.h>

#include <array>
#include <charconv>

#include "adapters/venue/kalshi/stream.h"
#include "app/benching/load_books.h"
#include "app/benching/load_venue.h"

namespace arbees::app {
namespace {

// Subscriptions of a connection are numbered by channel.
constexpr std::array<std::string_view, 5> kChannels = {"orderbook_delta", "ticker", "trade", "market_lifecycle_v2",
                                                       "cfbenchmarks_value"};
constexpr std::size_t kBooks = 0;
constexpr std::size_t kTrades = 2;
constexpr std::size_t kIndices = 4;

std::int64_t unix_ms(Timestamp at) { return unix_ns(at) / 1'000'000; }

class KalshiLoad final : public LoadVenue {
 public:
  explicit KalshiLoad(const LoadPlan& plan) : LoadVenue(plan), books_(plan.kalshi_markets()) {
    for (LoadBook& book : books_) book.fill(random_);
  }

  void send_one(Timestamp now) override {
    Client* const client = listener(kBooks);
    if (client == nullptr || books_.empty()) return;
    const std::size_t market = random_.below(books_.size());
    client->socket->send(random_.chance(1, 12) ? trade(market, now) : delta(*client, market, now));
  }

  void beat(Timestamp now) override {
    for (Client* client : clients_) client->socket->ping("heartbeat");
    Client* const client = listener(kIndices);
    if (client == nullptr) return;
    for (const Asset asset : kLoadAssets) client->socket->send(index_value(asset, now));
  }

  // The book of a market by REST: the equality check asks for it.
  void on_request(net::ServerRequest request, net::Responder responder) override {
    for (std::size_t market = 0; market < books_.size(); ++market) {
      if (request.path.find('/' + load_ticker(market) + '/') == std::string::npos) continue;
      const std::string body = fmt::format(R"({{"orderbook_fp":{{"yes_dollars":[{}],"no_dollars":[{}]}}}})",
                                           levels(market, true, false), levels(market, false, true));
      return responder.send({200, "application/json", body, {}});
    }
    responder.send({404, "application/json", R"({"error":{"code":"not_found"}})", {}});
  }

 protected:
  void on_command(Client& client, std::string_view text, Timestamp) override {
    client.wants.resize(kChannels.size());
    for (std::size_t i = 0; i < kChannels.size(); ++i) {
      if (text.find(fmt::format(R"("channels":["{}"])", kChannels[i])) == std::string_view::npos) continue;
      client.wants[i] = true;
      client.socket->send(fmt::format(R"({{"id":{},"type":"subscribed","msg":{{"channel":"{}","sid":{}}}}})",
                                      command_id(text), kChannels[i], i + 1));
      if (i == kBooks) send_snapshots(client);
    }
    // The only other command that our client sends while nothing is lost.
    if (text.find("get_snapshot") != std::string_view::npos) send_snapshots(client);
  }

 private:
  Client* listener(std::size_t channel) {
    for (Client* client : clients_) {
      if (client->wants.size() > channel && client->wants[channel]) return client;
    }
    return nullptr;
  }

  static std::uint64_t command_id(std::string_view text) {
    std::uint64_t id = 0;
    const std::size_t at = text.find(R"("id":)");
    if (at != std::string_view::npos) std::from_chars(text.data() + at + 5, text.data() + text.size(), id);
    return id;
  }

  // Best last. REST states the asks of Yes as bids of No.
  [[nodiscard]] std::string levels(std::size_t market, bool bids, bool in_no) const {
    std::string text;
    for (std::size_t away = 49; away > 0; --away) {
      const std::size_t cent = bids ? 50 - away : 50 + away;
      if (books_[market].at(cent) == 0) continue;
      text += fmt::format(R"({}["0.{:02}00","{}.00"])", text.empty() ? "" : ",", in_no ? 100 - cent : cent,
                          books_[market].at(cent));
    }
    return text;
  }

  void send_snapshots(Client& client) {
    for (std::size_t market = 0; market < books_.size(); ++market) {
      client.socket->send(fmt::format(
          R"({{"type":"orderbook_snapshot","sid":{},"seq":{},"msg":{{"market_ticker":"{}","yes_dollars_fp":[{}],"no_dollars_fp":[{}]}}}})",
          kBooks + 1, ++client.sequence, load_ticker(market), levels(market, true, false),
          levels(market, false, false)));
    }
  }

  std::string delta(Client& client, std::size_t market, Timestamp now) {
    const LevelChange change = books_[market].change(random_);
    return fmt::format(
        R"({{"type":"orderbook_delta","sid":{},"seq":{},"msg":{{"market_ticker":"{}","market_id":"aef1d57b-e4d1-41be-9d56-4d6270ff9108","price_dollars":"0.{:02}00","delta_fp":"{}.00","side":"{}","ts":"2026-11-22T22:01:02.345678Z","ts_ms":{}}}}})",
        kBooks + 1, ++client.sequence, load_ticker(market), change.cent, change.after - change.before,
        change.is_bid() ? "yes" : "no", unix_ms(now));
  }

  std::string trade(std::size_t market, Timestamp now) {
    return fmt::format(
        R"({{"type":"trade","sid":{},"msg":{{"trade_id":"aef1d57b-e4d1-41be-9d56-{:012}","market_ticker":"{}","yes_price_dollars":"0.5000","no_price_dollars":"0.5000","count_fp":"3.00","taker_side":"yes","taker_outcome_side":"yes","taker_book_side":"bid","is_block_trade":false,"ts":{},"ts_ms":{}}}}})",
        kTrades + 1, ++trades_, load_ticker(market), unix_ms(now) / 1000, unix_ms(now));
  }

  std::string index_value(Asset asset, Timestamp now) {
    const std::int64_t at = unix_ms(now) / 1000 * 1000;
    const std::string id = kalshi::index_id_of(asset);
    return fmt::format(
        R"({{"type":"cfbenchmarks_value","sid":{},"msg":{{"index_id":"{}","received_at":{},"data":"{{\"type\":\"value\",\"id\":\"{}\",\"time\":{},\"value\":\"1150.25\"}}","avg_60s_data":{{"value":"1150.25","window_size":60,"window_start_ts_ms":{},"window_end_ts_exclusive":{}}}}}}})",
        kIndices + 1, id, unix_ms(now), id, at, at - 60'000, at);
  }

  std::vector<LoadBook> books_;
  std::uint64_t trades_ = 0;
};

}  // namespace

std::unique_ptr<LoadVenue> make_kalshi_load(const LoadPlan& plan) { return std::make_unique<KalshiLoad>(plan); }

}  // namespace arbees::app

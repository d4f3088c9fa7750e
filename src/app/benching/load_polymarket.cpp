#include <fmt/format.h>

#include <array>
#include <optional>

#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/sha1.h"
#include "app/benching/load_books.h"
#include "app/benching/load_venue.h"

namespace arbees::app {
namespace {

std::string unix_ms_text(Timestamp at) { return std::to_string(unix_ns(at) / 1'000'000); }

// A price of Yes in cents as the token of this side shows it.
std::string price_text(std::size_t cent, std::size_t side) {
  std::string text = fmt::format("0.{:02}", side == 0 ? cent : 100 - cent);
  if (text.back() == '0') text.pop_back();
  return text;
}

class PolymarketLoad final : public LoadVenue {
 public:
  explicit PolymarketLoad(const LoadPlan& plan)
      : LoadVenue(plan), books_(plan.polymarket_markets()), changed_at_(books_.size(), plan.begins_at) {
    for (LoadBook& book : books_) book.fill(random_);
  }

  void send_one(Timestamp now) override {
    if (books_.empty()) return;
    const std::size_t market = random_.below(books_.size());
    Client* const client = listener(market);
    if (client == nullptr) return;
    const LevelChange change = books_[market].change(random_);
    changed_at_[market] = now;
    std::string frame = fmt::format(R"({{"market":"{}","price_changes":[)", load_condition(market));
    for (std::size_t side = 0; side < 2; ++side) {
      frame += fmt::format(
          R"({}{{"asset_id":"{}","price":"{}","size":"{}","side":"{}","hash":"{}","best_bid":"{}","best_ask":"{}"}})",
          side == 0 ? "" : ",", load_token(market, side), price_text(change.cent, side), change.after,
          change.is_bid() == (side == 0) ? "BUY" : "SELL", hash(market, side), best(market, side, true),
          best(market, side, false));
    }
    client->socket->send(frame + R"(],"timestamp":")" + unix_ms_text(now) + R"(","event_type":"price_change"})");
  }

  void beat(Timestamp) override {}

  // GET /book: the equality check asks for it.
  void on_request(net::ServerRequest request, net::Responder responder) override {
    const auto token = token_number(request.parameter("token_id"));
    if (!token) return responder.send({404, "application/json", R"({"error":"No orderbook exists"})", {}});
    const std::size_t market = *token / 2;
    const std::size_t side = *token % 2;
    responder.send({200, "application/json", summary(market, side, hash(market, side)), {}});
  }

 protected:
  void on_command(Client& client, std::string_view text, Timestamp) override {
    if (text == "PING") return client.socket->send("PONG");
    client.wants.resize(2 * books_.size());
    const bool is_leaving = text.find(R"("operation":"unsubscribe")") != std::string_view::npos;
    std::string frame = "[";
    for (std::size_t at = text.find("\"7"); at != std::string_view::npos; at = text.find("\"7", at + 2)) {
      const auto token = token_number(text.substr(at + 1, kTokenDigits));
      if (!token) continue;
      client.wants[*token] = !is_leaving;
      if (is_leaving) continue;
      if (frame.size() > 1) frame += ',';
      frame += snapshot(*token / 2, *token % 2);
    }
    if (!is_leaving) client.socket->send(frame + "]");
  }

 private:
  static constexpr std::size_t kTokenDigits = 77;

  std::optional<std::size_t> token_number(std::string_view token) const {
    if (token.size() != kTokenDigits) return std::nullopt;
    std::size_t number = 0;
    for (const char digit : token.substr(1)) {
      if (digit < '0' || digit > '9' || number > books_.size()) return std::nullopt;
      number = 10 * number + static_cast<std::size_t>(digit - '0');
    }
    return number < 2 * books_.size() ? std::optional(number) : std::nullopt;
  }

  // Both tokens of a market are on one connection: our client carries an even number of them on each.
  Client* listener(std::size_t market) {
    for (Client* client : clients_) {
      if (client->wants.size() > 2 * market && client->wants[2 * market]) return client;
    }
    return nullptr;
  }

  // Worst first, the best last, as the venue lists them.
  [[nodiscard]] std::string levels(std::size_t market, std::size_t side, bool bids) const {
    std::string text;
    for (std::size_t away = 49; away > 0; --away) {
      const std::size_t cent = bids == (side == 0) ? 50 - away : 50 + away;
      const std::int64_t size = books_[market].at(cent);
      if (size == 0) continue;
      text += fmt::format(R"({}{{"price":"{}","size":"{}"}})", text.empty() ? "" : ",", price_text(cent, side), size);
    }
    return text;
  }

  [[nodiscard]] std::string best(std::size_t market, std::size_t side, bool bid) const {
    for (std::size_t away = 1; away < 50; ++away) {
      const std::size_t cent = bid == (side == 0) ? 50 - away : 50 + away;
      if (books_[market].at(cent) != 0) return price_text(cent, side);
    }
    return bid ? "0" : "1";
  }

  [[nodiscard]] std::string summary(std::size_t market, std::size_t side, std::string_view hash) const {
    return fmt::format(
        R"({{"market":"{}","asset_id":"{}","timestamp":"{}","hash":"{}","bids":[{}],"asks":[{}],"min_order_size":"5","tick_size":"0.01","neg_risk":false,"last_trade_price":"0.500"}})",
        load_condition(market), load_token(market, side), unix_ms_text(changed_at_[market]), hash,
        levels(market, side, true), levels(market, side, false));
  }

  [[nodiscard]] std::string hash(std::size_t market, std::size_t side) const {
    return to_hex_text(polymarket::Sha1Prefix(summary(market, side, {})).with({})).substr(2);
  }

  [[nodiscard]] std::string snapshot(std::size_t market, std::size_t side) const {
    return fmt::format(
        R"({{"market":"{}","asset_id":"{}","timestamp":"{}","hash":"{}","bids":[{}],"asks":[{}],"tick_size":"0.01","event_type":"book","last_trade_price":"0.500"}})",
        load_condition(market), load_token(market, side), unix_ms_text(changed_at_[market]), hash(market, side),
        levels(market, side, true), levels(market, side, false));
  }

  std::vector<LoadBook> books_;
  std::vector<Timestamp> changed_at_;
};

}  // namespace

std::unique_ptr<LoadVenue> make_polymarket_load(const LoadPlan& plan) { return std::make_unique<PolymarketLoad>(plan); }

}  // namespace arbees::app

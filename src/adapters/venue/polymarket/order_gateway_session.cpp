// The session with the CLOB: API credentials, signed requests, heartbeats, the user stream's connection.

#include <fmt/format.h>

#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/order_gateway.h"

namespace arbees::polymarket {
namespace {

constexpr Duration kLoginPause = std::chrono::seconds(2);

// What is no error is not shown: it may hold the secret.
std::string login_trouble(const net::HttpAnswer& answer) {
  return answer && answer->status < 300 ? std::string("unreadable answer") : trouble_text(answer);
}

std::string unix_seconds(Timestamp now) { return std::to_string(unix_ns(now) / 1'000'000'000); }

}  // namespace

std::vector<net::Header> PolymarketOrderGateway::sign_login() {
  const std::string timestamp = unix_seconds(net::IoLoop::now());
  ClobAuth auth;
  auth.address = account_.key;
  auth.timestamp = timestamp;
  auth.chain_id = account_.chain_id;
  const Signature signature = wallet_.sign(hash_clob_auth(auth).digest);
  return {{"POLY_ADDRESS", to_checksum_text(account_.key)},
          {"POLY_SIGNATURE", to_hex_text(signature)},
          {"POLY_TIMESTAMP", timestamp},
          {"POLY_NONCE", "0"}};
}

std::vector<net::Header> PolymarketOrderGateway::sign(const RestCall& call) {
  const bool is_login = call.target.ends_with("/auth/derive-api-key") || call.target.ends_with("/auth/api-key");
  if (is_login) return sign_login();
  if (secret_ == nullptr) return {};
  const std::string timestamp = unix_seconds(net::IoLoop::now());
  return {{"POLY_ADDRESS", to_checksum_text(account_.key)},
          {"POLY_SIGNATURE", secret_->sign({timestamp, call.method, call.target, call.body})},
          {"POLY_TIMESTAMP", timestamp},
          {"POLY_API_KEY", credentials_.key},
          {"POLY_PASSPHRASE", credentials_.passphrase}};
}

void PolymarketOrderGateway::log_in(Timestamp) {
  log_in_at_ = Timestamp::max();
  rest_.read("/auth/derive-api-key", [this](const net::HttpAnswer& answer) { on_credentials(answer, true); });
}

void PolymarketOrderGateway::on_credentials(const net::HttpAnswer& answer, bool is_derived) {
  const Timestamp now = net::IoLoop::now();
  auto made = answer && answer->status < 300 ? read_credentials(answer->body) : std::nullopt;
  auto secret = made ? ApiSecret::from_base64(made->secret) : std::nullopt;
  if (secret) {
    credentials_ = std::move(*made);
    secret_ = std::make_unique<ApiSecret>(std::move(*secret));
    health_.is_ready = true;
    beat_at_ = health_.heartbeat_at = now;
    stream_.start(now);
    return pump();
  }
  health_.last_trouble = "login: " + login_trouble(answer);
  // A wallet that never had a key gets one; making it twice changes nothing.
  const bool is_new = is_derived && answer && answer->status >= 400 && answer->status < 500 && answer->status != 429;
  if (!is_new) {
    log_in_at_ = now + kLoginPause;
    return;
  }
  rest_.write("POST", "/auth/api-key", {}, [this](const net::HttpAnswer& created) { on_credentials(created, false); });
}

// A wallet without a key gets none here.
void PolymarketOrderGateway::read_cash(std::function<void(CashAnswer)> done) {
  rest_.read("/auth/derive-api-key", [this, done = std::move(done)](const net::HttpAnswer& login) {
    auto made = login && login->status < 300 ? read_credentials(login->body) : std::nullopt;
    auto secret = made ? ApiSecret::from_base64(made->secret) : std::nullopt;
    if (!secret) return done(failure("login: " + login_trouble(login)));
    credentials_ = std::move(*made);
    secret_ = std::make_unique<ApiSecret>(std::move(*secret));
    rest_.read(balance_path("/balance-allowance", {}), [done](const net::HttpAnswer& answer) {
      const auto cash = answer && answer->status == 200 ? read_balance(answer->body) : std::nullopt;
      done(cash ? CashAnswer(Money::from_units(*cash)) : CashAnswer(failure("balance: " + trouble_text(answer))));
    });
  });
}

void PolymarketOrderGateway::beat(Timestamp now) {
  beat_at_ = now + options_.heartbeat_every;
  // On the connection that cancels need: it stays open.
  rest_.write_urgent("POST", "/v1/heartbeats", fmt::format(R"({{"heartbeat_id":"{}"}})", heartbeat_id_),
                     [this](const net::HttpAnswer& answer) {
                       const std::string next = answer ? read_heartbeat_id(answer->body) : std::string();
                       const bool is_accepted = answer && answer->status == 200 && !next.empty();
                       if (!next.empty()) heartbeat_id_ = next;
                       if (is_accepted) health_.heartbeat_at = net::IoLoop::now();
                       if (is_accepted) return;
                       health_.last_trouble = "heartbeat: " + trouble_text(answer);
                       // A refusal names the id that it wants; anything else is simply tried again, soon.
                       const bool is_corrected = answer && answer->status == 400 && !next.empty();
                       beat_at_ = net::IoLoop::now() +
                                  (is_corrected ? Duration::zero() : Duration(options_.heartbeat_every / 5));
                     });
}

Result<FeedDial, std::string> PolymarketOrderGateway::dial_user_stream(Timestamp) {
  if (secret_ == nullptr) return failure(std::string("not logged in"));
  return FeedDial{options_.websocket, {}};
}

void PolymarketOrderGateway::on_user_stream_open(Timestamp now) {
  stream_.send(fmt::format(R"({{"auth":{{"apiKey":"{}","secret":"{}","passphrase":"{}"}},"type":"user","markets":[]}})",
                           credentials_.key, credentials_.secret, credentials_.passphrase));
  tracker_.ask_all(now);
  follow_at_ = now;
}

void PolymarketOrderGateway::on_user_frame(std::string_view frame, Timestamp received_at) {
  UserNews news;
  read_user_frame(frame, json_, news);
  for (const std::string& problem : news.problems) health_.last_trouble = "stream: " + problem;
  // Trades first: an order's end is told as soon as its fills are known.
  for (const ClobTradeNews& trade : news.trades) apply(trade, received_at);
  for (const ClobOrderNews& order : news.orders) apply(order, received_at);
}

void PolymarketOrderGateway::on_user_stream_lost(const std::string& reason, Timestamp) {
  health_.last_trouble = "stream: " + reason;
}

}  // namespace arbees::polymarket

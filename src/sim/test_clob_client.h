#pragma once
// For tests: the CLOB behind real sockets with a world that runs on the wall clock, and a client that signs.

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/net/http_client.h"
#include "adapters/net/http_server.h"
#include "adapters/net/websocket_client.h"
#include "adapters/telemetry/json.h"
#include "adapters/venue/encoding.h"
#include "adapters/venue/polymarket/order_amounts.h"
#include "adapters/venue/polymarket/signer.h"
#include "adapters/venue/polymarket/uint256.h"
#include "sim/clob_books.h"
#include "sim/clob_server.h"
#include "sim/server_options.h"

namespace arbees::sim {

struct ClobAnswer {
  int status = 0;
  std::string body;

  [[nodiscard]] rapidjson::Document json() const {
    rapidjson::Document document;
    document.Parse(body.data(), body.size());
    EXPECT_FALSE(document.HasParseError()) << body;
    return document;
  }
  // A member of the answer as text; empty if it is absent.
  [[nodiscard]] std::string text(const char* name) const {
    const rapidjson::Document document = json();
    if (!document.IsObject() || !document.HasMember(name) || !document[name].IsString()) return {};
    return document[name].GetString();
  }
};

struct TestOrder {
  const Market* market = nullptr;
  Outcome outcome = Outcome::Yes;
  Side side = Side::Buy;
  Price price;
  Quantity quantity;
  std::string type = "GTC";
  std::int64_t expiration = 0;
  bool post_only = false;
  polymarket::DomainVersion version = polymarket::DomainVersion::Two;
  std::optional<polymarket::OrderAmounts> amounts;  // instead of those of price and quantity
  std::optional<bool> neg_risk;                     // signed for the other exchange
  std::string owner;                                // instead of the client's key
  std::uint64_t salt = 0;                           // 0: a new one
};

// Frames of one WebSocket.
class TestStream final : public net::WebSocketHandler {
 public:
  explicit TestStream(net::IoLoop& loop) : client(loop, *this) {}
  void on_open() override { is_open = true; }
  void on_frame(std::string_view frame, Timestamp) override { frames.emplace_back(frame); }
  void on_closed(const net::WebSocketClosed& end) override { closed = end; }

  // How many frames contain all of these.
  [[nodiscard]] int count(const std::vector<std::string>& parts) const {
    int found = 0;
    for (const std::string& frame : frames) {
      bool has_all = true;
      for (const std::string& part : parts) has_all = has_all && frame.find(part) != std::string::npos;
      found += has_all ? 1 : 0;
    }
    return found;
  }

  bool is_open = false;
  std::deque<std::string> frames;
  std::optional<net::WebSocketClosed> closed;
  net::WebSocketClient client;
};

class ClobTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kSeed = 5;

  ClobTest()
      : started_at_(net::IoLoop::now()),
        keys_(make_keys(kSeed)),
        wallet_(*polymarket::Wallet::from_hex(keys_.wallet_private_key)) {}

  // A quiet world: no riskless trades, so that a book stays as the test finds it for a moment.
  void start(ClobRules rules = fast_rules(), std::string_view faults = "none") {
    WorldSettings settings;
    settings.seed = kSeed;
    settings.starts_at = started_at_;
    settings.opportunity_every = Duration{0};
    world_ = std::make_unique<World>(settings);
    world_->advance(net::IoLoop::now());
    faults_ = std::make_unique<FaultInjector>(parse_fault_plan(faults).value(), kSeed, started_at_);
    const ServerContext context{loop_, *world_, *faults_, keys_, kSeed, 137};
    server_ = std::make_unique<ClobServer>(context, rules);
    listening_ = net::HttpServer::listen(loop_, *server_, server_options()).value();
    net::Url url{"http", "127.0.0.1", listening_->port(), "/"};
    http_ = std::make_unique<net::HttpClient>(loop_, url);
    timer_.every(std::chrono::milliseconds(20), [this] {
      if (runs_) world_->advance(net::IoLoop::now());
    });
  }
  static ClobRules fast_rules() {
    ClobRules rules;
    rules.taker_delay = std::chrono::milliseconds(30);
    rules.mining_delay = std::chrono::milliseconds(100);
    rules.confirmation_delay = std::chrono::milliseconds(200);
    return rules;
  }

  // Far more than anything here takes: it only ends a test that has failed.
  [[nodiscard]] bool run_until(const std::function<bool()>& done) {
    const Timestamp end = net::IoLoop::now() + std::chrono::seconds(30);
    while (!done()) {
      if (net::IoLoop::now() > end) return false;
      loop_.run_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  ClobAnswer ask(net::HttpRequest request) {
    std::optional<ClobAnswer> answer;
    http_->send(std::move(request), [&](net::HttpAnswer got) {
      answer = got ? ClobAnswer{got->status, got->body} : ClobAnswer{-1, got.error().reason};
    });
    EXPECT_TRUE(run_until([&] { return answer.has_value(); }));
    return answer.value_or(ClobAnswer{});
  }
  ClobAnswer get(const std::string& target) {
    net::HttpRequest request;
    request.target = target;
    return ask(std::move(request));
  }

  [[nodiscard]] static std::string now_text() { return std::to_string(unix_ns(net::IoLoop::now()) / 1'000'000'000); }
  // L1 headers.
  [[nodiscard]] std::vector<net::Header> login_headers(const polymarket::Wallet& wallet,
                                                       std::uint64_t nonce = 0) const {
    const std::string timestamp = now_text();
    polymarket::ClobAuth auth;
    auth.address = wallet.address();
    auth.timestamp = timestamp;
    auth.nonce = polymarket::uint256_of(nonce);
    const auto signature = wallet.sign(polymarket::hash_clob_auth(auth).digest);
    return {{"POLY_ADDRESS", polymarket::to_checksum_text(wallet.address())},
            {"POLY_SIGNATURE", to_hex_text(signature)},
            {"POLY_TIMESTAMP", timestamp},
            {"POLY_NONCE", std::to_string(nonce)}};
  }
  ClobAnswer login(const polymarket::Wallet& wallet, std::uint64_t nonce = 0) {
    net::HttpRequest request;
    request.target = "/auth/derive-api-key";
    request.headers = login_headers(wallet, nonce);
    return ask(std::move(request));
  }
  // The account's credentials, as the venue hands them out.
  void sign_in() {
    const ClobAnswer answer = login(wallet_);
    ASSERT_EQ(answer.status, 200) << answer.body;
    api_key_ = answer.text("apiKey");
    secret_ = answer.text("secret");
    passphrase_ = answer.text("passphrase");
  }

  [[nodiscard]] net::HttpRequest signed_request(const std::string& method, const std::string& target,
                                                const std::string& body = {}) const {
    const std::string timestamp = now_text();
    const auto secret = polymarket::ApiSecret::from_base64(secret_);
    net::HttpRequest request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = {{"POLY_ADDRESS", polymarket::to_checksum_text(wallet_.address())},
                       {"POLY_SIGNATURE", secret->sign({timestamp, method, target, body})},
                       {"POLY_TIMESTAMP", timestamp},
                       {"POLY_API_KEY", api_key_},
                       {"POLY_PASSPHRASE", passphrase_},
                       {"Content-Type", "application/json"}};
    return request;
  }
  ClobAnswer call(const std::string& method, const std::string& target, const std::string& body = {}) {
    return ask(signed_request(method, target, body));
  }

  [[nodiscard]] polymarket::SignedOrder signed_order(const TestOrder& wish) {
    const auto side = wish.side == Side::Buy ? polymarket::OrderSide::Buy : polymarket::OrderSide::Sell;
    const polymarket::OrderAmounts amounts =
        wish.amounts ? *wish.amounts
                     : *polymarket::order_amounts(side, wish.price, wish.quantity, wish.market->grid.finest_tick());
    polymarket::SignedOrder order;
    order.salt = polymarket::uint256_of(wish.salt != 0 ? wish.salt : ++salt_);
    order.maker = order.signer = wallet_.address();
    order.token_id = *polymarket::parse_uint256(token_of(*wish.market, wish.outcome));
    order.maker_amount = polymarket::uint256_of(static_cast<std::uint64_t>(amounts.maker));
    order.taker_amount = polymarket::uint256_of(static_cast<std::uint64_t>(amounts.taker));
    order.side = side;
    order.timestamp = polymarket::uint256_of(1'791'241'200'000);
    last_amounts_ = amounts;
    return order;
  }
  // The body of a POST; `last_id_` is the order's.
  [[nodiscard]] std::string order_body(const TestOrder& wish) {
    const polymarket::SignedOrder order = signed_order(wish);
    const polymarket::OrderDomain domain(wish.version, wish.neg_risk.value_or(wish.market->neg_risk));
    const polymarket::Bytes32 digest = domain.hash(order).digest;
    last_id_ = to_hex_text(digest);
    const std::string zero = "0x" + std::string(64, '0');
    const std::string address = polymarket::to_checksum_text(wallet_.address());
    JsonWriter json;
    json.begin_object().field("deferExec", false).key("order").begin_object();
    json.field("salt", wish.salt != 0 ? wish.salt : salt_).field("maker", address).field("signer", address);
    json.field("tokenId", token_of(*wish.market, wish.outcome));
    json.field("makerAmount", std::to_string(last_amounts_.maker));
    json.field("takerAmount", std::to_string(last_amounts_.taker));
    json.field("side", wish.side == Side::Buy ? "BUY" : "SELL").field("signatureType", 0);
    json.field("timestamp", "1791241200000").field("expiration", std::to_string(wish.expiration));
    json.field("metadata", zero).field("builder", zero).field("signature", to_hex_text(wallet_.sign(digest)));
    json.end_object().field("owner", wish.owner.empty() ? api_key_ : wish.owner).field("orderType", wish.type);
    json.field("postOnly", wish.post_only).end_object();
    return json.take();
  }
  ClobAnswer post(const TestOrder& wish) { return call("POST", "/order", order_body(wish)); }

  // An active market with levels on both sides whose best prices leave room to rest an order.
  [[nodiscard]] const Market& find_market(bool neg_risk) const {
    for (std::size_t i = 0; i < world_->market_count(); ++i) {
      const Market& market = world_->market(static_cast<MarketId>(i));
      if (market.venue != Venue::Polymarket || !market.is_active() || market.neg_risk != neg_risk) continue;
      const bool is_long = market.closes_at - world_->now() > std::chrono::minutes(4);
      const bool is_wide = world_->best_bid(market.id) > Price::from_units(1000) &&
                           world_->best_ask(market.id) < Price::from_units(9000);
      if (is_long && is_wide) return market;
    }
    ADD_FAILURE() << "no open market";
    return world_->market(0);
  }
  [[nodiscard]] std::int64_t collateral() {
    const ClobAnswer answer = call("GET", "/balance-allowance?asset_type=COLLATERAL&signature_type=0");
    return parse_decimal(answer.text("balance"), 0).value_or(-1);
  }
  [[nodiscard]] std::int64_t tokens(const Market& market, Outcome outcome) {
    const ClobAnswer answer =
        call("GET", "/balance-allowance?asset_type=CONDITIONAL&signature_type=0&token_id=" + token_of(market, outcome));
    return parse_decimal(answer.text("balance"), 0).value_or(-1);
  }
  [[nodiscard]] std::unique_ptr<TestStream> open_stream(const std::string& path, const std::string& first_frame) {
    auto stream = std::make_unique<TestStream>(loop_);
    stream->client.connect({"ws", "127.0.0.1", listening_->port(), path}, {});
    EXPECT_TRUE(run_until([&] { return stream->is_open; }));
    stream->client.send(first_frame);
    return stream;
  }
  [[nodiscard]] std::string user_frame() const {
    return R"({"auth":{"apiKey":")" + api_key_ + R"(","secret":")" + secret_ + R"(","passphrase":")" + passphrase_ +
           R"("},"type":"user"})";
  }

  net::IoLoop loop_;
  Timestamp started_at_;
  SimKeys keys_;
  polymarket::Wallet wallet_;
  std::unique_ptr<World> world_;
  std::unique_ptr<FaultInjector> faults_;
  std::unique_ptr<ClobServer> server_;
  std::unique_ptr<net::HttpServer> listening_;
  std::unique_ptr<net::HttpClient> http_;
  net::Timer timer_{loop_};
  bool runs_ = true;  // whether the world goes on
  std::string api_key_;
  std::string secret_;
  std::string passphrase_;
  std::string last_id_;
  polymarket::OrderAmounts last_amounts_;
  std::uint64_t salt_ = 1'000;
};

}  // namespace arbees::sim

#pragma once
// What clients send to the CLOB: request bodies and subscription frames, checked for shape and nothing else.
//
// The venue is strict about types: `salt` and `signatureType` are JSON numbers, `side` is the word, every other
// number is a decimal string (docs/venues/polymarket.md). Texts are kept as sent where they are signed or echoed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/polymarket/typed_data.h"
#include "core/base/result.h"

namespace arbees::sim {

enum class ClobOrderType : std::uint8_t { Gtc, Gtd, Fok, Fak };
[[nodiscard]] std::string_view clob_order_type_name(ClobOrderType type) noexcept;  // "GTC", …

struct PostedOrder {
  polymarket::SignedOrder order;
  std::vector<std::uint8_t> signature;
  std::string token_id;  // as sent
  std::string owner;     // API key
  std::int64_t maker_amount = 0;
  std::int64_t taker_amount = 0;
  std::int64_t expiration = 0;  // Unix seconds, 0: none
  ClobOrderType type = ClobOrderType::Gtc;
  bool post_only = false;
  bool is_version_one = false;  // the struct of before 2026-04-28: a nonce and a fee rate, no timestamp
};

// The error is the venue's text for a body it cannot read.
[[nodiscard]] Result<PostedOrder, std::string> parse_posted_order(std::string_view body);
// Each order on its own; nothing if the body is no array.
[[nodiscard]] std::optional<std::vector<Result<PostedOrder, std::string>>> parse_posted_orders(std::string_view body);

// {"orderID":"0x…"}
[[nodiscard]] std::optional<std::string> parse_order_id(std::string_view body);
// ["0x…",…]
[[nodiscard]] std::optional<std::vector<std::string>> parse_order_ids(std::string_view body);
// [{"token_id":"…","side":"BUY"},…]
struct TokenQuery {
  std::string token_id;
  std::string side;
};
[[nodiscard]] std::optional<std::vector<TokenQuery>> parse_token_queries(std::string_view body);
// {"market":"0x…","asset_id":"…"}, both optional
struct CancelFilter {
  std::string market;
  std::string asset_id;
};
[[nodiscard]] std::optional<CancelFilter> parse_cancel_filter(std::string_view body);
// {"heartbeat_id":"…"}; null and a missing key are the empty id.
[[nodiscard]] std::optional<std::string> parse_heartbeat_id(std::string_view body);

// A frame of the market or the user channel.
struct ChannelRequest {
  std::string type;       // "market", "user" or empty
  std::string operation;  // "subscribe", "unsubscribe" or empty
  std::vector<std::string> asset_ids;
  std::vector<std::string> markets;
  std::string api_key;
  std::string secret;
  std::string passphrase;
  std::optional<bool> custom_features;
  bool wants_dump = true;
};
[[nodiscard]] std::optional<ChannelRequest> parse_channel_request(std::string_view frame);

// {"action":"subscribe","subscriptions":[{"topic":"…","type":"update","filters":"{\"symbol\":\"btc/usd\"}"}]}
struct PriceSubscription {
  std::string topic;
  std::string symbol;  // empty: all
};
struct PriceRequest {
  std::string action;
  std::vector<PriceSubscription> subscriptions;
};
[[nodiscard]] std::optional<PriceRequest> parse_price_request(std::string_view frame);

}  // namespace arbees::sim

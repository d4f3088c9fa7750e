#pragma once
// Names of the bus's topics, and what a topic says about its message.
//
// A topic is printable ASCII without spaces, at most kMaxTopic characters; whatever becomes part of one (a ticker, a
// request id) is checked first. Subscriptions are prefixes, so every kind ends in a dot.

#include <cstddef>
#include <string>
#include <string_view>

#include "core/market/venue.h"

namespace arbees::bus {

inline constexpr std::size_t kMaxTopic = 256;
inline constexpr std::size_t kMaxBody = 64 * 1024;

inline constexpr std::string_view kSpotPrefix = "crypto.prices.";
inline constexpr std::string_view kIndexPrefix = "crypto.index.";
inline constexpr std::string_view kKalshiPrefix = "prices.kalshi.";
inline constexpr std::string_view kPolymarketPrefix = "prices.poly.";
inline constexpr std::string_view kCryptoRequestPrefix = "crypto.execution.";
inline constexpr std::string_view kOtherRequestPrefix = "execution.request.";
inline constexpr std::string_view kResultPrefix = "trades.";
inline constexpr std::string_view kContractPrefix = "contracts.";

// "crypto.prices.BTC".
[[nodiscard]] std::string spot_topic(Asset asset);
// "crypto.index.BTC".
[[nodiscard]] std::string index_topic(Asset asset);
// "prices.kalshi.TICKER", "prices.poly.CONDITION"; empty for other venues or a name that cannot be part of a topic.
[[nodiscard]] std::string market_topic(Venue venue, std::string_view market);
[[nodiscard]] std::string crypto_request_topic(std::string_view request_id);
// "trades.executed.ID".
[[nodiscard]] std::string result_topic(std::string_view kind, std::string_view request_id);

// Whether the text may be the last part of a topic: an id, a ticker.
[[nodiscard]] bool is_topic_part(std::string_view text) noexcept;
// What stands behind the prefix of a request's topic; empty if it is none.
[[nodiscard]] std::string_view request_id_of(std::string_view topic) noexcept;

}  // namespace arbees::bus

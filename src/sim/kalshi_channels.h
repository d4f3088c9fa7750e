#pragma once
// The channels of Kalshi's WebSocket and the error codes of its commands, as documented.

#include <cstdint>
#include <optional>
#include <string_view>

namespace arbees::sim {

enum class KalshiChannel : std::uint8_t {
  OrderbookDelta,
  Ticker,
  Trade,
  Fill,
  UserOrders,
  MarketPositions,
  MarketLifecycle,
  IndexValue,     // cfbenchmarks_value
  IndexValue5Hz,  // cfbenchmarks_value_5hz
  OrderGroups,
  Silent,  // known at the venue, and nothing happens on it here
};

// By the name on the wire; nothing for a name that the venue does not know.
[[nodiscard]] std::optional<KalshiChannel> kalshi_channel(std::string_view name);
[[nodiscard]] bool is_index_channel(KalshiChannel channel) noexcept;
// Whether data messages of the channel are numbered.
[[nodiscard]] bool is_sequenced(KalshiChannel channel) noexcept;

enum KalshiErrorCode : int {
  kUnableToProcess = 1,
  kParamsRequired = 2,
  kChannelsRequired = 3,
  kSidsRequired = 4,
  kUnknownCommand = 5,
  kUnknownSid = 7,
  kUnknownChannel = 8,
  kInvalidParameter = 11,
  kExactlyOneSid = 12,
  kUnsupportedAction = 13,
  kTickerRequired = 14,
  kActionRequired = 15,
  kIndexIdsRequired = 24,
  kTooManyCommands = 27,
};

[[nodiscard]] std::string_view kalshi_error_text(int code) noexcept;

}  // namespace arbees::sim

#pragma once
// What we say on Kalshi's WebSocket, and what it answers (docs/venues/kalshi.md, "Commands").

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/venue/json/json_walk.h"

namespace arbees::kalshi {

// Command ids count up over a connection, from 1.
class Commands {
 public:
  [[nodiscard]] std::string subscribe_books(std::span<const std::string> tickers, bool use_yes_price);
  // "ticker" or "trade".
  [[nodiscard]] std::string subscribe_markets(std::string_view channel, std::span<const std::string> tickers);
  // A channel without a filter: "market_lifecycle_v2".
  [[nodiscard]] std::string subscribe_all(std::string_view channel);
  [[nodiscard]] std::string subscribe_indices(std::string_view channel, std::span<const std::string> index_ids);
  // `action`: "add_markets", "delete_markets" or "get_snapshot".
  [[nodiscard]] std::string update_markets(std::uint64_t sid, std::string_view action,
                                           std::span<const std::string> tickers);
  // `action`: "subscribe_indices" or "unsubscribe_indices".
  [[nodiscard]] std::string update_indices(std::uint64_t sid, std::string_view action,
                                           std::span<const std::string> index_ids);
  [[nodiscard]] std::string unsubscribe(std::uint64_t sid);

 private:
  std::uint64_t last_id_ = 0;
};

// A reply to a command, or an error of a subscription.
struct Reply {
  enum class Kind : std::uint8_t { Other, Subscribed, Unsubscribed, Error };
  Kind kind = Kind::Other;
  std::optional<std::uint64_t> sid;  // of the subscription meant
  std::string channel;               // of a Subscribed
  std::uint64_t code = 0;            // of an Error
  std::string message;               // of an Error
};

// Error codes that change what we do (docs/venues/kalshi.md, "Error codes").
inline constexpr std::uint64_t kAuthenticationRequired = 9;
inline constexpr std::uint64_t kChannelError = 10;
inline constexpr std::uint64_t kBufferOverflow = 25;

class ReplyReader {
 public:
  // False: not JSON. `frame` is followed by kFramePadding readable bytes.
  [[nodiscard]] bool read(std::string_view frame, Reply& reply);

 private:
  JsonWalker walker_;
};

}  // namespace arbees::kalshi

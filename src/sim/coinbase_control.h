#pragma once
// The commands that clients send on Coinbase's WebSockets.
//
// Exchange: {"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker",{"name":"matches","product_ids":[…]}]}
// Advanced Trade:  {"type":"subscribe","product_ids":["BTC-USD"],"channel":"level2"}

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace arbees::sim::coinbase {

enum class Feed : std::uint8_t { Exchange, Advanced };

struct Command {
  struct Channel {
    std::string name;
    std::vector<std::string> products;  // as named by the client; empty: none named
  };
  Feed feed = Feed::Exchange;
  bool subscribes = true;  // or unsubscribes
  std::vector<Channel> channels;
};

// The error is the text of the venue's message; credentials and fields beyond these are ignored.
[[nodiscard]] Result<Command, std::string> parse_command(std::string_view text);

}  // namespace arbees::sim::coinbase

#pragma once
// A client's command on Kalshi's WebSocket, as it was written; what it means is the session's business.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace arbees::sim {

struct KalshiCommand {
  bool is_readable = false;  // a JSON object
  std::int64_t id = 0;       // 0: none
  std::string name;          // "subscribe", …; empty if absent
  bool has_params = false;
  bool is_malformed = false;  // a parameter has the wrong type, or two forms of one were given

  std::optional<std::vector<std::string>> channels;
  std::vector<std::string> tickers;  // market_ticker or market_tickers
  std::vector<std::string> market_ids;
  std::optional<std::vector<std::string>> index_ids;
  std::vector<std::int64_t> sids;  // sid or sids
  bool has_sid_and_sids = false;
  std::string action;
  bool use_yes_price = false;
  bool send_initial_snapshot = false;
  bool skip_ticker_ack = false;
};

[[nodiscard]] KalshiCommand read_kalshi_command(std::string_view text);

}  // namespace arbees::sim

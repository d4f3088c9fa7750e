#pragma once
// One Binance WebSocket's subscriptions, and the commands that change them.
//
//   {"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1} → {"result":null,"id":1}
//
// Names of streams that do not exist are taken and stay silent, as the venue does. A wrong command is answered with
// {"code":0…3,"msg":…} and changes nothing.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace arbees::sim::binance {

class Subscriptions {
 public:
  static constexpr std::size_t kMaxStreams = 1024;  // of one connection

  // `path` is that of the upgrade: "/ws", "/ws/NAME/…", "/stream"; `streams` the query's parameter of that name.
  // What cannot be a stream's name there (clients number their connections: "/ws/0") is passed over.
  Subscriptions(std::string_view path, std::string_view streams);

  // The answer to one command.
  [[nodiscard]] std::string answer(std::string_view command);

  [[nodiscard]] bool contains(std::string_view stream) const noexcept;
  // Whether frames are wrapped as {"stream":…,"data":…}.
  [[nodiscard]] bool is_combined() const noexcept { return is_combined_; }
  [[nodiscard]] const std::vector<std::string>& streams() const noexcept { return streams_; }

 private:
  struct Command;
  [[nodiscard]] std::string apply(const Command& command);
  [[nodiscard]] std::string property(const Command& command);
  [[nodiscard]] bool add(std::string_view stream);
  void add_all(std::string_view names);

  std::vector<std::string> streams_;
  bool is_combined_ = false;
};

// Whether a WebSocket may be opened at this path.
[[nodiscard]] bool is_stream_path(std::string_view path) noexcept;

}  // namespace arbees::sim::binance

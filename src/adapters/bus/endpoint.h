#pragma once
// Where a bus is bound or connected, in words: "5560", "tcp://*:5560", "tcp://10.0.0.5:5560", "ipc:///run/a.sock".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace arbees::bus {

struct Endpoint {
  std::string address;  // host or "*" of tcp, path of ipc
  std::uint16_t port = 0;
  bool is_tcp = true;

  // As ZeroMQ takes it.
  [[nodiscard]] std::string text() const;
  // Whether nobody outside this machine can reach it.
  [[nodiscard]] bool is_local() const noexcept;
  // Whether both cannot be bound at once.
  [[nodiscard]] bool collides_with(const Endpoint& other) const noexcept;
};

// A bare port is one of `host`. Nothing if it is none of the forms above.
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view text, std::string_view host);
// Separated by commas, spaces around them allowed; nothing if one is wrong. An empty text is an empty list.
[[nodiscard]] std::optional<std::vector<Endpoint>> parse_endpoints(std::string_view text, std::string_view host);

}  // namespace arbees::bus

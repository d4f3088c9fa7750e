#pragma once
// Where a server is. Plain http and ws reach loopback only: anything else must be encrypted.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace arbees::net {

struct Url {
  std::string scheme;  // "http", "https", "ws" or "wss"
  std::string host;    // name or address, no brackets
  std::uint16_t port = 0;
  std::string target = "/";  // path and query as sent, never empty

  [[nodiscard]] bool is_tls() const noexcept { return scheme == "https" || scheme == "wss"; }
  // 127.0.0.0/8, ::1 or "localhost": stays on this machine.
  [[nodiscard]] bool is_loopback() const noexcept;
  // host, and the port unless it is the scheme's own: the Host header.
  [[nodiscard]] std::string authority() const;
};

// Refuses user:password, fragments, control characters, unknown schemes, ports outside 1…65535, and http or ws to
// anything but loopback. The error says what is wrong, without repeating the text (it may hold a secret).
[[nodiscard]] Result<Url, std::string> parse_url(std::string_view text);

// `base` without a trailing slash, and `path` behind it: "https://h/trade-api/v2" + "/markets".
[[nodiscard]] Url join(const Url& base, std::string_view path);

}  // namespace arbees::net

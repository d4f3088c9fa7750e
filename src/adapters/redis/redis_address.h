#pragma once
// Where a Redis server is and who asks, from a URL: redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE], or
// unix:///PATH[?db=N] for a socket of this machine.
//
// A password alone may stand before the @ as ":PASSWORD"; parts may be percent-encoded. rediss:// (TLS) is refused: the
// client library of Debian 12 cannot do it, and a plain connection in its place would be a surprise.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace arbees::redis {

struct Address {
  std::string host;  // empty: a socket
  std::string socket;
  std::string user;
  std::string password;
  std::uint16_t port = 6379;
  std::uint32_t database = 0;

  // For people and logs: never the password, never the user.
  [[nodiscard]] std::string text() const;
};

// The error says what is wrong without repeating the URL, which may hold a password.
[[nodiscard]] Result<Address, std::string> parse_address(std::string_view url);

}  // namespace arbees::redis

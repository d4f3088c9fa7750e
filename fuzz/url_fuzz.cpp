// No text crashes parse_url, and what it accepts reads the same again and reaches other machines with TLS only.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "adapters/net/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using arbees::net::parse_url;
  const auto url = parse_url({reinterpret_cast<const char*>(bytes), size});
  if (!url) return 0;
  if (!url->is_tls() && !url->is_loopback()) std::abort();
  const auto again = parse_url(url->scheme + "://" + url->authority() + url->target);
  const bool is_same = again && again->scheme == url->scheme && again->host == url->host && again->port == url->port &&
                       again->target == url->target;
  if (!is_same) std::abort();
  return 0;
}

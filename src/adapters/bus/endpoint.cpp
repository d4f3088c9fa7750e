#include "adapters/bus/endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace arbees::bus {
namespace {

constexpr std::string_view kTcp = "tcp://";
constexpr std::string_view kIpc = "ipc://";

// sockaddr_un holds 108 bytes, the final zero included.
constexpr std::size_t kMaxPath = 107;

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

bool is_host(std::string_view text) {
  if (text == "*") return true;
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '_' || c == ':';
  });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_any(std::string_view address) { return address == "*" || address == "0.0.0.0" || address == "[::]"; }

}  // namespace

std::string Endpoint::text() const {
  return is_tcp ? fmt::format("tcp://{}:{}", address, port) : fmt::format("ipc://{}", address);
}

bool Endpoint::is_local() const noexcept {
  return !is_tcp || address == "localhost" || address.starts_with("127.") || address == "[::1]";
}

bool Endpoint::collides_with(const Endpoint& other) const noexcept {
  if (is_tcp != other.is_tcp) return false;
  if (!is_tcp) return address == other.address;
  if (port != other.port) return false;
  return address == other.address || is_any(address) || is_any(other.address) || (is_local() && other.is_local());
}

std::optional<Endpoint> parse_endpoint(std::string_view text, std::string_view host) {
  Endpoint endpoint;
  if (text.starts_with(kIpc)) {
    endpoint.address = std::string(text.substr(kIpc.size()));
    endpoint.is_tcp = false;
    const bool fits = endpoint.address.starts_with('/') && endpoint.address.size() <= kMaxPath;
    return fits ? std::optional(endpoint) : std::nullopt;
  }
  endpoint.address = std::string(host);
  if (text.starts_with(kTcp)) {
    text.remove_prefix(kTcp.size());
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    endpoint.address = std::string(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  const auto port = parse_port(text);
  if (!port || !is_host(endpoint.address)) return std::nullopt;
  endpoint.port = *port;
  return endpoint;
}

std::optional<std::vector<Endpoint>> parse_endpoints(std::string_view text, std::string_view host) {
  std::vector<Endpoint> endpoints;
  if (trimmed(text).empty()) return endpoints;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    auto endpoint = parse_endpoint(trimmed(text.substr(from, comma - from)), host);
    if (!endpoint) return std::nullopt;
    endpoints.push_back(std::move(*endpoint));
    from = comma + 1;
  }
  return endpoints;
}

}  // namespace arbees::bus

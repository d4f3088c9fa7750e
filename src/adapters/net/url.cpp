#include "adapters/net/url.h"

#include <algorithm>
#include <charconv>

namespace arbees::net {
namespace {

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" || scheme == "wss" ? 443 : 80; }

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}
bool is_ipv6_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}
bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return low;
}

// 0 if it is no port.
std::uint16_t parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc() && end == digits.data() + digits.size() ? port : std::uint16_t{0};
}

// "127.x.y.z", each part 0…255 in plain decimal: what resolvers make of "127.1" or "0177.0.0.1" differs.
bool is_loopback_ipv4(std::string_view host) {
  int parts = 0;
  while (!host.empty()) {
    const std::string_view part = host.substr(0, host.find('.'));
    const bool has_more = part.size() < host.size();
    int value = -1;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    const bool is_number = error == std::errc() && end == part.data() + part.size() && value >= 0 && value <= 255 &&
                           part.front() != '-' && (part.size() == 1 || part.front() != '0');
    if (!is_number || (parts == 0 && value != 127)) return false;
    ++parts;
    host.remove_prefix(part.size() + (has_more ? 1 : 0));
    if (has_more && host.empty()) return false;
  }
  return parts == 4;
}

// Splits "host", "host:port", "[v6]" or "[v6]:port" into the URL; what is wrong, or "".
std::string_view read_authority(std::string_view authority, Url& url) {
  std::string_view port;
  bool has_port = false;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return "the address lacks its ']'";
    const std::string_view host = authority.substr(1, close - 1);
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_ipv6_char)) return "the address is not IPv6";
    url.host = lower(host);
    const std::string_view rest = authority.substr(close + 1);
    has_port = rest.starts_with(':');
    if (!rest.empty() && !has_port) return "text between address and port";
    port = rest.substr(has_port ? 1 : 0);
  } else {
    const std::size_t colon = authority.find(':');
    has_port = colon != std::string_view::npos;
    const std::string_view host = authority.substr(0, colon);
    if (host.empty()) return "no host";
    if (!std::all_of(host.begin(), host.end(), is_host_char)) return "the host has characters that no name has";
    url.host = lower(host);
    if (has_port) port = authority.substr(colon + 1);
  }
  url.port = has_port ? parse_port(port) : default_port(url.scheme);
  return url.port == 0 ? "the port is not within 1 and 65535" : "";
}

}  // namespace

bool Url::is_loopback() const noexcept { return host == "localhost" || host == "::1" || is_loopback_ipv4(host); }

std::string Url::authority() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  std::string text = is_ipv6 ? "[" + host + "]" : host;
  if (port != default_port(scheme)) text += ":" + std::to_string(port);
  return text;
}

Result<Url, std::string> parse_url(std::string_view text) {
  const auto refuse = [](std::string_view why) { return failure("url: " + std::string(why)); };
  if (!std::all_of(text.begin(), text.end(), is_visible)) return refuse("blanks, control or non-ASCII characters");
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return refuse("no scheme");
  Url url;
  url.scheme = lower(text.substr(0, colon));
  const bool is_known = url.scheme == "http" || url.scheme == "https" || url.scheme == "ws" || url.scheme == "wss";
  if (!is_known) return refuse("the scheme is none of http, https, ws, wss");
  const std::string_view rest = text.substr(colon + 3);
  if (rest.find('#') != std::string_view::npos) return refuse("a fragment");
  const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) return refuse("a user or password before the host");
  if (const std::string_view wrong = read_authority(authority, url); !wrong.empty()) return refuse(wrong);
  if (slash < rest.size()) url.target = (rest[slash] == '?' ? "/" : "") + std::string(rest.substr(slash));
  if (!url.is_tls() && !url.is_loopback()) return refuse("without TLS only to this machine (use https or wss)");
  return url;
}

Url join(const Url& base, std::string_view path) {
  Url url = base;
  while (url.target.ends_with('/')) url.target.pop_back();
  if (!path.starts_with('/') && !path.starts_with('?')) url.target += '/';
  url.target += path;
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

}  // namespace arbees::net

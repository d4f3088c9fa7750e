#include "adapters/redis/redis_address.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace arbees::redis {
namespace {

constexpr std::string_view kTcp = "redis://";
constexpr std::string_view kTls = "rediss://";
constexpr std::string_view kUnix = "unix://";
constexpr std::uint32_t kMostDatabases = 65'535;

template <class Number>
bool parse_whole(std::string_view text, Number least, Number most, Number& out) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) return false;
  out = value;
  return true;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
    i += 2;
  }
  return out;
}

// "USER:PASSWORD", ":PASSWORD" or "USER". Empty, or what is wrong.
std::string read_user(std::string_view text, Address& address) {
  const std::size_t colon = text.find(':');
  const auto user = decoded(text.substr(0, colon));
  const auto password = colon == std::string_view::npos ? std::string() : decoded(text.substr(colon + 1));
  if (!user || !password) return "user or password is not percent-encoded correctly";
  address.user = *user;
  address.password = *password;
  if (!address.user.empty() && address.password.empty()) return "there is a user without a password";
  return {};
}

// "HOST", "HOST:PORT", "[ADDRESS]:PORT". Empty, or what is wrong.
std::string read_host(std::string_view text, Address& address) {
  std::size_t end = text.find(':');
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos) return "the address has no closing bracket";
    address.host = std::string(text.substr(1, end - 1));
    ++end;
  } else {
    address.host = std::string(text.substr(0, end));
  }
  if (address.host.empty()) return "there is no host";
  if (end >= text.size()) return {};
  if (text[end] != ':' || !parse_whole<std::uint16_t>(text.substr(end + 1), 1, 65'535, address.port)) {
    return "the port must be 1 to 65535";
  }
  return {};
}

std::string read_tcp(std::string_view rest, Address& address) {
  const std::size_t at = rest.rfind('@');
  if (at != std::string_view::npos) {
    std::string wrong = read_user(rest.substr(0, at), address);
    if (!wrong.empty()) return wrong;
    rest = rest.substr(at + 1);
  }
  const std::size_t slash = rest.find('/');
  const std::string_view database = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  if (!database.empty() && !parse_whole<std::uint32_t>(database, 0, kMostDatabases, address.database)) {
    return "the database must be a number";
  }
  return read_host(rest.substr(0, slash), address);
}

std::string read_unix(std::string_view rest, Address& address) {
  constexpr std::string_view kDatabase = "?db=";
  const std::size_t query = rest.find('?');
  const std::string_view path = rest.substr(0, query);
  if (!path.starts_with('/') || path.size() < 2) return "unix:// needs an absolute path: unix:///run/redis.sock";
  address.socket = std::string(path);
  if (query == std::string_view::npos) return {};
  const std::string_view text = rest.substr(query);
  const bool is_number = text.starts_with(kDatabase) &&
                         parse_whole<std::uint32_t>(text.substr(kDatabase.size()), 0, kMostDatabases, address.database);
  return is_number ? std::string() : "what follows the path must be ?db=NUMBER";
}

}  // namespace

std::string Address::text() const {
  const std::string place = socket.empty() ? fmt::format("redis://{}:{}", host, port) : "unix://" + socket;
  return database == 0 ? place : fmt::format("{}{}{}", place, socket.empty() ? "/" : "?db=", database);
}

Result<Address, std::string> parse_address(std::string_view url) {
  Address address;
  std::string wrong;
  if (url.starts_with(kTcp)) {
    wrong = read_tcp(url.substr(kTcp.size()), address);
  } else if (url.starts_with(kUnix)) {
    wrong = read_unix(url.substr(kUnix.size()), address);
  } else if (url.starts_with(kTls)) {
    wrong = "rediss:// (TLS) is not supported: use redis:// on this machine or through a tunnel";
  } else {
    wrong = "it must begin with redis:// or unix://";
  }
  if (!wrong.empty()) return failure(std::move(wrong));
  return address;
}

}  // namespace arbees::redis

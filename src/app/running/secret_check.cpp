#include "app/running/secret_check.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "adapters/venue/polymarket/address.h"
#include "adapters/venue/polymarket/signer.h"
#include "app/roles/bus_keys.h"
#include "app/running/venue_feeds.h"

namespace arbees::app {
namespace {

constexpr std::size_t kCurveKey = 40;

bool is_readable(const std::string& path) { return static_cast<bool>(std::ifstream(path)); }

bool is_wallet(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return polymarket::Wallet::from_hex(text).has_value();
}

std::string polymarket_trouble(const PolymarketAccess& access) {
  if (!access.private_key_file.empty()) {
    std::ifstream file(access.private_key_file);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) {
      return fmt::format("venues.polymarket.private_key_file = \"{}\": cannot be read", access.private_key_file);
    }
    if (!is_wallet(text.str())) {
      return fmt::format("venues.polymarket.private_key_file = \"{}\": not a key of 64 hex digits",
                         access.private_key_file);
    }
  } else if (!access.private_key.empty() && !is_wallet(access.private_key)) {
    return "venues.polymarket.private_key: not a key of 64 hex digits";
  }
  if (!access.funder.empty() && !polymarket::parse_address(access.funder)) {
    return fmt::format("venues.polymarket.funder = \"{}\": not an address, 0x and 40 hex digits", access.funder);
  }
  return {};
}

}  // namespace

std::vector<std::string> unusable_secrets(const Config& config) {
  std::vector<std::string> troubles;
  const auto add = [&troubles](std::string text) {
    if (!text.empty()) troubles.push_back(std::move(text));
  };
  const auto kalshi = kalshi_credentials(config.kalshi);
  add(kalshi ? std::string() : kalshi.error());
  add(polymarket_trouble(config.polymarket));
  const auto bus = bus_keys(config.bus);
  add(bus ? std::string() : bus.error());
  if (const std::size_t length = config.bus.curve_server_key.size(); length != 0 && length != kCurveKey) {
    add(fmt::format("bus.curve_server_key: {} characters, and a Z85 key has {}", length, kCurveKey));
  }
  for (std::size_t i = 1; i < kVenueCount; ++i) {
    const Venue venue = static_cast<Venue>(i);
    const std::string& file = config.venue(venue).ca_file;
    if (file.empty() || is_readable(file)) continue;
    add(fmt::format("venues.{}.ca_file = \"{}\": cannot be read", venue_name(venue), file));
  }
  return troubles;
}

}  // namespace arbees::app

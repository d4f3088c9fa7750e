#include "core/market/venue.h"

namespace arbees {
namespace {

constexpr std::array<std::string_view, kVenueCount> kVenueNames = {"unknown", "kalshi", "polymarket", "coinbase",
                                                                   "binance", "kraken", "bitstamp",   "gemini"};
constexpr std::array<std::string_view, kAssetCount> kAssetNames = {"unknown", "BTC",  "ETH", "SOL", "XRP",  "DOGE",
                                                                   "BNB",     "HYPE", "LTC", "BCH", "ADA",  "AVAX",
                                                                   "LINK",    "SHIB", "SUI", "TON", "NEAR", "DOT"};

// The index of the name, never that of "unknown".
template <std::size_t Size>
std::optional<std::size_t> find_name(const std::array<std::string_view, Size>& names, std::string_view name) noexcept {
  for (std::size_t i = 1; i < Size; ++i) {
    if (names[i] == name) return i;
  }
  return std::nullopt;
}

}  // namespace

std::string_view venue_name(Venue venue) noexcept { return kVenueNames[static_cast<std::size_t>(venue)]; }

std::optional<Venue> parse_venue(std::string_view name) noexcept {
  const auto index = find_name(kVenueNames, name);
  if (!index) return std::nullopt;
  return static_cast<Venue>(*index);
}

std::string_view asset_name(Asset asset) noexcept { return kAssetNames[static_cast<std::size_t>(asset)]; }

std::optional<Asset> parse_asset(std::string_view name) noexcept {
  const auto index = find_name(kAssetNames, name);
  if (!index) return std::nullopt;
  return static_cast<Asset>(*index);
}

}  // namespace arbees

#pragma once
// Venues, assets and the identity of instruments.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/hash.h"

namespace arbees {

enum class Venue : std::uint8_t { Unknown, Kalshi, Polymarket, Coinbase, Binance, Kraken, Bitstamp, Gemini };
inline constexpr std::size_t kVenueCount = 8;

enum class Asset : std::uint8_t {
  Unknown,
  BTC,
  ETH,
  SOL,
  XRP,
  DOGE,
  BNB,
  HYPE,
  LTC,
  BCH,
  ADA,
  AVAX,
  LINK,
  SHIB,
  SUI,
  TON,
  NEAR,
  DOT
};
inline constexpr std::size_t kAssetCount = 18;

[[nodiscard]] constexpr bool is_prediction_venue(Venue venue) noexcept {
  return venue == Venue::Kalshi || venue == Venue::Polymarket;
}

// Whether the venue pays a dollar for a Yes and a No of one market as soon as an account has both.
[[nodiscard]] constexpr bool pays_pairs_at_once(Venue venue) noexcept { return venue == Venue::Kalshi; }

// Lower-case venue name as in the command line and in instrument names ("kalshi").
[[nodiscard]] std::string_view venue_name(Venue venue) noexcept;
[[nodiscard]] std::optional<Venue> parse_venue(std::string_view name) noexcept;
// Upper-case ticker of the asset ("BTC"); parsing accepts exactly these names.
[[nodiscard]] std::string_view asset_name(Asset asset) noexcept;
[[nodiscard]] std::optional<Asset> parse_asset(std::string_view name) noexcept;

// A contract or a spot pair of one venue: a hash of "venue:symbol" that every process computes alike.
// Zero means none. Two instruments with one id are refused where instruments are listed.
struct InstrumentId {
  std::uint64_t value = 0;

  constexpr auto operator<=>(const InstrumentId&) const noexcept = default;
  [[nodiscard]] constexpr explicit operator bool() const noexcept { return value != 0; }
};

[[nodiscard]] inline InstrumentId instrument_id(Venue venue, std::string_view symbol) noexcept {
  const std::uint64_t hash = hash64(symbol, static_cast<std::uint64_t>(venue));
  return InstrumentId{hash == 0 ? 1 : hash};
}

}  // namespace arbees

#pragma once
// What the measurement of live feeds watches: invented contracts of two venues and the dollar pairs of five coins.
//
// The process that sends and the process that is measured make the same plan, so that neither has to tell the other.
// A contract is one InstrumentId: a Kalshi market, or one of the two tokens of a Polymarket market.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "core/market/event.h"

namespace arbees::app {

inline constexpr std::array<Asset, 5> kLoadAssets = {Asset::BTC, Asset::ETH, Asset::SOL, Asset::XRP, Asset::DOGE};

struct LoadPlan {
  std::size_t contracts = 2000;
  std::uint64_t rate = 5000;  // messages a second, all venues together
  std::uint64_t seed = 1;
  bool tls = false;
  Timestamp begins_at = kNoTime;  // the contracts end some hours later

  [[nodiscard]] std::size_t kalshi_markets() const noexcept { return contracts / 2; }
  [[nodiscard]] std::size_t polymarket_markets() const noexcept { return (contracts - kalshi_markets()) / 2; }
};

[[nodiscard]] std::string load_ticker(std::size_t market);
// Decimal, 77 digits; `side` 0: Yes, 1: No.
[[nodiscard]] std::string load_token(std::size_t market, std::size_t side);
[[nodiscard]] std::string load_condition(std::size_t market);

struct LoadContracts {
  std::vector<std::string> kalshi;
  std::vector<std::string> polymarket;
  std::vector<EventBody> listings;  // names, terms, phases
};
// Ladders of forty strikes on Kalshi and of twenty markets on Polymarket, every ladder with an end of its own.
[[nodiscard]] LoadContracts load_contracts(const LoadPlan& plan);

}  // namespace arbees::app

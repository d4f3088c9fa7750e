#pragma once
// What a spot pair's symbol says, whichever venue wrote it: "BTC-USD", "BTC/USDT", "btcusd", "USDTUSD".

#include <array>
#include <cstdint>
#include <string_view>

namespace arbees {

enum class QuoteCurrency : std::uint8_t { Other, Dollar, Usdc, Tether };

struct PairName {
  std::array<char, 16> letters{};  // the base, upper case
  std::uint8_t length = 0;
  QuoteCurrency quote = QuoteCurrency::Other;

  [[nodiscard]] std::string_view base() const noexcept { return {letters.data(), length}; }
};

// Other with an empty base if the symbol ends in none of the currencies or is longer than any pair's.
[[nodiscard]] PairName read_pair_name(std::string_view symbol) noexcept;

}  // namespace arbees

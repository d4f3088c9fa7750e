#include "core/market/spot_pair.h"

#include <algorithm>
#include <utility>

namespace arbees {
namespace {

constexpr char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

constexpr std::array<std::pair<std::string_view, QuoteCurrency>, 3> kQuotes = {
    {{"USDT", QuoteCurrency::Tether}, {"USDC", QuoteCurrency::Usdc}, {"USD", QuoteCurrency::Dollar}}};

}  // namespace

PairName read_pair_name(std::string_view symbol) noexcept {
  std::array<char, 24> buffer{};
  std::size_t length = 0;
  for (const char c : symbol) {
    if (c == '-' || c == '/' || c == '_') continue;
    if (length == buffer.size()) return {};
    buffer[length++] = upper(c);
  }
  const std::string_view letters(buffer.data(), length);
  for (const auto& [suffix, quote] : kQuotes) {
    if (!letters.ends_with(suffix) || letters.size() == suffix.size()) continue;
    const std::string_view base = letters.substr(0, letters.size() - suffix.size());
    PairName name;
    if (base.size() > name.letters.size()) return {};
    std::copy(base.begin(), base.end(), name.letters.begin());
    name.length = static_cast<std::uint8_t>(base.size());
    name.quote = quote;
    return name;
  }
  return {};
}

}  // namespace arbees

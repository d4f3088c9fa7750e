#include "adapters/venue/kalshi/families.h"

#include <algorithm>

namespace arbees::kalshi {
namespace {

using Names = std::array<std::string_view, 4>;

constexpr Names kBtc = {"BRTI", "Bitcoin Real-Time Index (BRTI)", "Bitcoin Real-Time Index", ""};
constexpr Names kEth = {"ETHUSDRTI", "ETHUSD_RTI", "Ethereum Real-Time Index (ERTI)", "Ethereum Real-Time Index"};
constexpr Names kSol = {"SOLUSDRTI", "SOLUSD_RTI", "Solana Real-Time Index (SOLUSD_RTI)", "Solana Real-Time Index"};
constexpr Names kXrp = {"XRPUSDRTI", "XRPUSD_RTI", "XRP Real-Time Index", ""};
constexpr Names kDoge = {"DOGEUSDRTI", "DOGEUSD_RTI", "Dogecoin Real-Time Index", ""};
constexpr Names kBnb = {"BNBUSDRTI", "BNBUSD_RTI", "", ""};
constexpr Names kHype = {"HYPEUSDRTI", "HYPEUSD_RTI", "", ""};
constexpr Names kBch = {"BCHUSDRTI", "BCHUSD_RTI", "", ""};
constexpr Names kNear = {"NEARUSDRTI", "NEARUSD_RTI", "", ""};

constexpr std::array<Family, 19> kFamilies = {{
    {"KXBTC15M", Asset::BTC, Product::UpDown15m, kBtc, 2},
    {"KXETH15M", Asset::ETH, Product::UpDown15m, kEth, 2},
    {"KXSOL15M", Asset::SOL, Product::UpDown15m, kSol, std::nullopt},
    {"KXXRP15M", Asset::XRP, Product::UpDown15m, kXrp, std::nullopt},
    {"KXDOGE15M", Asset::DOGE, Product::UpDown15m, kDoge, std::nullopt},
    {"KXBNB15M", Asset::BNB, Product::UpDown15m, kBnb, std::nullopt},
    {"KXHYPE15M", Asset::HYPE, Product::UpDown15m, kHype, std::nullopt},
    {"KXBCH15M", Asset::BCH, Product::UpDown15m, kBch, std::nullopt},
    {"KXNEAR15M", Asset::NEAR, Product::UpDown15m, kNear, std::nullopt},
    {"KXBTCD", Asset::BTC, Product::Above, kBtc, 2},
    {"KXETHD", Asset::ETH, Product::Above, kEth, 2},
    {"KXSOLD", Asset::SOL, Product::Above, kSol, std::nullopt},
    {"KXXRPD", Asset::XRP, Product::Above, kXrp, std::nullopt},
    {"KXDOGED", Asset::DOGE, Product::Above, kDoge, std::nullopt},
    {"KXBTC", Asset::BTC, Product::Range, kBtc, 2},
    {"KXETH", Asset::ETH, Product::Range, kEth, 2},
    {"KXSOLE", Asset::SOL, Product::Range, kSol, std::nullopt},
    {"KXXRP", Asset::XRP, Product::Range, kXrp, std::nullopt},
    {"KXDOGE", Asset::DOGE, Product::Range, kDoge, std::nullopt},
}};

}  // namespace

std::span<const Family> families() noexcept { return kFamilies; }

const Family* find_family(std::string_view series) noexcept {
  const auto found =
      std::find_if(kFamilies.begin(), kFamilies.end(), [&](const Family& f) { return f.series == series; });
  return found == kFamilies.end() ? nullptr : &*found;
}

std::string_view series_of(std::string_view ticker) noexcept { return ticker.substr(0, ticker.find('-')); }

std::optional<Asset> asset_of_series(std::string_view series) noexcept {
  if (const Family* family = find_family(series)) return family->asset;
  if (!series.starts_with("KX")) return std::nullopt;
  series.remove_prefix(2);
  std::optional<Asset> best;
  std::size_t length = 0;
  for (std::size_t i = 1; i < kAssetCount; ++i) {
    const auto asset = static_cast<Asset>(i);
    const std::string_view name = asset_name(asset);
    if (series.starts_with(name) && name.size() > length) {
      best = asset;
      length = name.size();
    }
  }
  return best;
}

bool is_index_name(const Family& family, std::string_view name) noexcept {
  return !name.empty() &&
         std::find(family.index_names.begin(), family.index_names.end(), name) != family.index_names.end();
}

}  // namespace arbees::kalshi

#include "app/running/known_wallet.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/discovery/folder_file.h"

namespace arbees::app {
namespace {

constexpr const char* kFile = "polymarket.wallet";

bool is_known(const std::string& folder) {
  std::error_code unread;  // then reading it says so
  return std::filesystem::exists(path_in(folder, kFile), unread) || unread;
}

}  // namespace

std::string holding_wallet(const Config& config, const LiveKeys& keys) {
  if (!keys.polymarket) return {};
  if (static_cast<polymarket::WalletKind>(config.polymarket.signature_type) == polymarket::WalletKind::Eoa) {
    return polymarket::to_checksum_text(keys.polymarket->address());
  }
  const auto funder = polymarket::parse_address(config.polymarket.funder);
  return funder ? polymarket::to_checksum_text(*funder) : std::string();
}

std::string other_wallet(const std::string& folder, const std::string& wallet) {
  if (wallet.empty() || !is_known(folder)) return {};
  auto known = read_whole(path_in(folder, kFile));
  if (!known) return known.error();
  while (known->ends_with('\n')) known->pop_back();
  if (*known == wallet) return {};
  return fmt::format(
      "the books in {} are those of the Polymarket wallet {}, and this is {}: look at the wallet's key, "
      "venues.polymarket.signature_type and venues.polymarket.funder, or use another data folder (--data); only if all "
      "that was there has moved to this wallet, remove {}",
      folder, known->substr(0, 64), wallet, path_in(folder, kFile));
}

std::string remember_wallet(const std::string& folder, const std::string& wallet) {
  if (wallet.empty() || is_known(folder)) return {};
  return write_whole(folder, kFile, wallet + "\n");
}

}  // namespace arbees::app

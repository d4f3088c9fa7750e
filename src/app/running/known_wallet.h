#pragma once
// The Polymarket wallet that the books of a data folder are about. Any private key is some wallet's: with a wrong one
// open orders would look as if they had never arrived, and all money as if it had gone.

#include <string>

#include "app/config/config.h"
#include "app/running/authorisation.h"

namespace arbees::app {

// The checksummed address that holds the money; empty without Polymarket, or if the funder is no address.
[[nodiscard]] std::string holding_wallet(const Config& config, const LiveKeys& keys);

// Empty: it is the folder's wallet, or the folder has none yet. Otherwise the refusal, with both addresses.
[[nodiscard]] std::string other_wallet(const std::string& folder, const std::string& wallet);

// Once books and venue have agreed. Empty, or what went wrong. What is known already stays.
[[nodiscard]] std::string remember_wallet(const std::string& folder, const std::string& wallet);

}  // namespace arbees::app

#pragma once
// Whether the keys open the accounts. Checking it only reads: no order, no ledger, no sign of life that a venue would
// miss afterwards, and nobody is asked for a password.

#include <string>
#include <vector>

#include "adapters/venue/order_gateway.h"
#include "app/config/config.h"

namespace arbees::app {

struct AccountCheck {
  std::string name;  // "kalshi account"
  bool is_ok = false;
  std::string detail;  // for people
};

// Whether Kalshi's key is named, and where its private key is: in a file, or in the keystore of the folder.
[[nodiscard]] AccountCheck check_kalshi_key(const Config& config, const std::string& folder);
// What the keystore of the folder has, and whether the password, if one is given, opens it.
[[nodiscard]] AccountCheck check_keystore(const Config& config, const std::string& folder);

// Of the enabled prediction venues, where there are keys: venues that are all on this machine with keys in the
// configuration, or run.allow_live, or a keystore and its password. Otherwise empty.
[[nodiscard]] std::vector<AccountCheck> check_accounts(const Config& config, const std::string& folder);

// "no account: kalshi: login: HTTP 401: …; look at venues.kalshi.key_id and …": of the gateways that are not ready.
[[nodiscard]] std::string refused_login(const std::vector<GatewayHealth>& gateways, const Config& config);

}  // namespace arbees::app

#pragma once
// crypto-shard: prices of the bus in, requests out, for the assets that are leased to it.

#include <memory>
#include <string>

#include "app/roles/role.h"

namespace arbees::app {

[[nodiscard]] std::unique_ptr<Role> make_crypto_shard(const RoleContext& context);
// Several may run on one data folder: "crypto-shard.ID".
[[nodiscard]] std::string crypto_shard_folder(const Config& config);

}  // namespace arbees::app

#pragma once
// orchestrator: contracts of both venues' catalogs for everybody, and which shard trades which asset.

#include <memory>

#include "app/roles/role.h"

namespace arbees::app {

[[nodiscard]] std::unique_ptr<Role> make_orchestrator(const RoleContext& context);

}  // namespace arbees::app

#pragma once
// execution-service: requests of the bus in, paper orders on the real books, results out.

#include <memory>

#include "app/roles/role.h"

namespace arbees::app {

[[nodiscard]] std::unique_ptr<Role> make_execution_service(const RoleContext& context);

}  // namespace arbees::app

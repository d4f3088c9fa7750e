#pragma once
// One line of `arbees price`: a contract and a state of the market as JSON → its value, or what is wrong.

#include <string_view>

#include "app/batch.h"

namespace arbees::app {

[[nodiscard]] BatchAnswer price_line(std::string_view line);

}  // namespace arbees::app

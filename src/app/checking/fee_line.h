#pragma once
// One line of `arbees fee`: a fill and its fee terms in, the venue's exact fee out.

#include <string_view>

#include "app/batch.h"

namespace arbees::app {

// {"venue":"kalshi","price":"0.47","contracts":"10","role":"taker","rate":"0.07"} → {"fee":"0.1744"}.
[[nodiscard]] BatchAnswer fee_line(std::string_view line);

}  // namespace arbees::app

#pragma once
// Whether a venue refused an order because it does not have the market: a name that was mistyped, most likely.

#include <string_view>

#include "core/market/order.h"

namespace arbees::app {

// `trouble` is what the gateway was told last.
[[nodiscard]] bool is_unknown_market(RejectReason reason, std::string_view trouble) noexcept;

}  // namespace arbees::app

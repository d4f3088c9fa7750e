#pragma once
// What `flatten` has sold, and what is left and why: a part of the status document.
//
// "trading_state": "active", "reducing" or "halted"; and while everything is being sold
// "flatten":
// {"done","orders","sold","proceeds","cost","left":[{"venue","symbol","outcome","quantity","reason","title"}]}.
// `title`, where the catalog has one: what people call the contract.
// `done`: nothing is under way, and nothing of what is left can be sold unless a price moves.

#include <string_view>

#include "adapters/telemetry/json.h"
#include "app/running/market_report.h"
#include "core/engine/execution_engine.h"

namespace arbees::app {

[[nodiscard]] std::string_view trading_state_name(TradingState state) noexcept;

// Why a position is left. What nothing holds is about to be sold: its sale is under way, though no order of it is out
// at this moment.
[[nodiscard]] std::string_view left_because(SaleHold hold) noexcept;

void write_trading_state(JsonWriter& json, TradingState state, const ExecutionEngine& engine, const NameOf& name_of,
                         Timestamp now);

}  // namespace arbees::app

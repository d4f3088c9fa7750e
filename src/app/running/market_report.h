#pragma once
// What a running engine says about its markets, for the status document: what the model can price, and how far each
// event group is from a riskless profit. Cold: made a few times a second at most, for people.

#include <functional>
#include <string>

#include "adapters/telemetry/json.h"
#include "core/engine/arbitrage_engine.h"
#include "core/engine/model_engine.h"

namespace arbees::app {

// The venue's symbol of an instrument, empty if it is not known.
using SymbolOf = std::function<std::string(InstrumentId)>;

struct ContractName {
  std::string symbol;
  std::string title;  // may be empty
};
using NameOf = std::function<ContractName(Venue, InstrumentId)>;

// "model": {"trades","watched","priced","unavailable":{reason: contracts}}.
void write_model(const ModelEngine& model, JsonWriter& json);

// "event_groups": {"count","cheapest_dollar","nearest":[…]}: the groups nearest to a riskless profit, nearest first.
void write_event_groups(const ArbitrageEngine& arbitrage, const SymbolOf& symbol_of, JsonWriter& json);

}  // namespace arbees::app

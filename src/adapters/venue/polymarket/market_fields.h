#pragma once
// The structured fields of a Gamma market that do not depend on its family: ids, phase, grid, sizes, fees.

#include <optional>
#include <string>
#include <vector>

#include "adapters/venue/catalog_entry.h"
#include "adapters/venue/json/json_document.h"

namespace arbees::polymarket {

// Gamma sends some arrays as a JSON text within a string: the strings of `["Up", "Down"]`, of a real array too; nothing
// if it is neither. Texts with escapes are refused: no outcome, id or price has one.
[[nodiscard]] std::optional<std::vector<std::string>> read_list(const JsonView& value);

// Outcome labels and ids, index by index.
struct Tokens {
  std::vector<std::string> outcomes;
  std::vector<std::string> ids;
  std::string version;
  std::string refusal;  // why the ids must not be traded, though they are known
};
// nullopt, with `problem`, if there are not two outcomes with two ids.
[[nodiscard]] std::optional<Tokens> read_tokens(const JsonView& market, std::string& problem);

// "0x" and 62 or 64 hex digits.
[[nodiscard]] bool is_condition_id(std::string_view text) noexcept;

// Phase, whether orders are taken, payout; `index` is the outcome's place.
void read_state(const JsonView& market, std::size_t index, CatalogEntry& entry);
// Grid, least order and fees, each with its refusal.
void read_trading_fields(const JsonView& market, CatalogEntry& entry);
// {"rate":0.07,"exponent":1,"takerOnly":true} or the short names of the CLOB ("r", "e", "to").
[[nodiscard]] bool read_fee_schedule(const JsonView& schedule, FeeSchedule& fees);

}  // namespace arbees::polymarket

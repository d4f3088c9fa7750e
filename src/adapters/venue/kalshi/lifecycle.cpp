#include "adapters/venue/kalshi/lifecycle.h"

#include <string_view>

#include "adapters/venue/kalshi/fields.h"

namespace arbees::kalshi {
namespace {

std::optional<ContractPhase> phase_of(std::string_view event_type) noexcept {
  if (event_type == "created") return ContractPhase::Initialized;
  if (event_type == "activated") return ContractPhase::Active;
  if (event_type == "deactivated") return ContractPhase::Paused;
  if (event_type == "determined") return ContractPhase::Determined;
  if (event_type == "settled") return ContractPhase::Settled;
  return std::nullopt;
}

// Besides those with a phase.
bool is_known_type(std::string_view event_type) noexcept {
  return event_type == "close_date_updated" || event_type == "price_level_structure_updated" ||
         event_type == "metadata_updated";
}

// The value per Yes contract decides; the word only where there is no value. A scalar result needs the value.
const char* read_payout(const Message& message, std::optional<Price>& payout) noexcept {
  const JsonScalar& value = message[Field::SettlementValue];
  const JsonScalar& result = message[Field::Result];
  if (value.has_value()) {
    Price price;
    if (read_dollars(value, price) != LevelProblem::None) return "settlement_value";
    const bool contradicts =
        (result.text == "yes" && price != kPriceOne) || (result.text == "no" && price != kPriceZero);
    if (result.is_string() && contradicts) return "result and settlement_value disagree";
    payout = price;
    return nullptr;
  }
  if (!result.has_value() || result.text.empty()) return nullptr;
  if (result.text == "yes") {
    payout = kPriceOne;
  } else if (result.text == "no") {
    payout = kPriceZero;
  } else {
    return "result";
  }
  return nullptr;
}

bool read_strike(const JsonScalar& value, std::optional<Strike>& strike) noexcept {
  if (!value.has_value()) return true;
  Strike read;
  if (!read_spot_price(value, read)) return false;
  strike = read;
  return true;
}

}  // namespace

const char* read_lifecycle(const Message& message, LifecycleChange& change) noexcept {
  const JsonScalar& type = message[Field::EventType];
  if (!type.is_string()) return "event_type";
  change.phase = phase_of(type.text);
  change.is_known_type = change.phase || is_known_type(type.text);
  if (change.phase == ContractPhase::Determined || change.phase == ContractPhase::Settled) {
    if (const char* error = read_payout(message, change.payout)) return error;
  }
  // A changed structure whose bands are not told (or not understood) is an unknown grid.
  if (message.has_ranges || type.text == "price_level_structure_updated") change.grid = message.grid;
  if (!read_strike(message[Field::FloorStrike], change.lower)) return "floor_strike";
  if (!read_strike(message[Field::CapStrike], change.upper)) return "cap_strike";
  return nullptr;
}

}  // namespace arbees::kalshi

#include "adapters/telemetry/event_text.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "adapters/telemetry/format.h"

namespace arbees {
namespace {

// The name at the enum's position; values from outside the range have none.
template <class Enum, std::size_t Size>
std::string_view name_of(const std::array<std::string_view, Size>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < Size ? names[index] : "invalid";
}

constexpr std::array<std::string_view, 7> kPhases = {"unknown", "initialized", "active", "paused",
                                                     "closed",  "determined",  "settled"};
constexpr std::array<std::string_view, 10> kFaults = {"none",           "no_snapshot", "sequence_gap", "hash_mismatch",
                                                      "negative_level", "off_tick",    "out_of_range", "malformed",
                                                      "tick_changed",   "disconnected"};
constexpr std::array<std::string_view, 3> kActions = {"set", "add", "clear"};
constexpr std::array<std::string_view, 2> kSides = {"bid", "ask"};
constexpr std::array<std::string_view, 2> kOutcomes = {"yes", "no"};
constexpr std::array<std::string_view, 3> kFeedStates = {"down", "stale", "live"};
constexpr std::array<std::string_view, 3> kCommands = {"halt", "resume", "reduce"};
constexpr std::array<std::string_view, 4> kFinalities = {"matched", "mined", "confirmed", "failed"};

std::string id_text(InstrumentId id) { return to_hex(id.value); }

std::string_view venue_text(Venue venue) {
  return static_cast<std::size_t>(venue) < kVenueCount ? venue_name(venue) : "invalid";
}
std::string_view asset_text(Asset asset) {
  return static_cast<std::size_t>(asset) < kAssetCount ? asset_name(asset) : "invalid";
}

std::string flags_text(std::uint8_t flags) {
  std::string text;
  const auto append = [&text, flags](std::uint8_t bit, std::string_view name) {
    if ((flags & bit) == 0) return;
    if (!text.empty()) text += '|';
    text += name;
  };
  append(BookUpdate::kSnapshotStart, "start");
  append(BookUpdate::kSnapshot, "snapshot");
  append(BookUpdate::kLast, "last");
  append(BookUpdate::kMore, "more");
  return text.empty() ? "none" : text;
}

std::string grid_text(const PriceGrid& grid) {
  if (!grid.is_known()) return "unknown";
  std::string text;
  for (const PriceBand& band : grid.bands) {
    if (band.step == 0) continue;
    if (!text.empty()) text += ' ';
    text += fmt::format("{}:{}", to_text(Price::from_units(band.from)), to_text(Price::from_units(band.step)));
  }
  return text;
}

std::string body_text(const SessionStarted& body) { return fmt::format("session_started session={}", body.session); }

std::string body_text(const InstrumentNamed& body) {
  return fmt::format("instrument_named {} {}:{}", id_text(body.id), venue_text(body.venue), body.symbol_view());
}

std::string body_text(const ContractListed& body) {
  const ContractTerms& terms = body.terms;
  return fmt::format(
      "contract_listed {} venue={} asset={} payoff={} comparator={} lower={} upper={} has_lower={} includes_upper={} "
      "opens={} closes={} group={} complement={} lot={} minimum={} grid=[{}] fee={} taker={} maker={} source={} "
      "rounding={} tradable={}",
      id_text(body.id), venue_text(terms.venue), asset_text(terms.asset),
      terms.pays_outside != 0 ? "outside_range" : payoff_name(terms.payoff), comparator_name(terms.comparator),
      to_short_text(terms.lower), to_short_text(terms.upper), terms.has_lower, terms.includes_upper,
      to_iso_ms(terms.opens_at), to_iso_ms(terms.closes_at), to_hex(terms.event_group), id_text(terms.complement),
      to_short_text(terms.lot), to_short_text(terms.minimum_order), grid_text(terms.grid),
      fee_model_name(terms.fees.model), terms.fees.taker_rate, terms.fees.maker_rate,
      settlement_source_name(terms.source), terms.rounding_decimals, not_tradable_name(terms.not_tradable));
}

std::string body_text(const ContractPhaseChanged& body) {
  return fmt::format("contract_phase {} {}", id_text(body.id), name_of(kPhases, body.phase));
}

std::string body_text(const PriceGridChanged& body) {
  return fmt::format("price_grid {} [{}]", id_text(body.id), grid_text(body.grid));
}

std::string body_text(const ContractSettled& body) {
  return fmt::format("contract_settled {} payout={} value={}", id_text(body.id), to_text(body.payout),
                     body.has_value != 0 ? to_short_text(body.settled_value) : "unknown");
}

std::string body_text(const StrikeUpdated& body) {
  return fmt::format("strike_updated {} lower={} upper={}", id_text(body.id),
                     body.has_lower != 0 ? to_short_text(body.lower) : "unknown",
                     body.has_upper != 0 ? to_short_text(body.upper) : "unknown");
}

std::string body_text(const BookUpdate& body) {
  return fmt::format("book_update {} {} {} {} {} flags={}", id_text(body.id), name_of(kActions, body.action),
                     name_of(kSides, body.side), to_text(body.price), to_text(body.quantity), flags_text(body.flags));
}

std::string body_text(const BookFaulted& body) {
  return fmt::format("book_faulted {} {}", id_text(body.id), name_of(kFaults, body.fault));
}

std::string body_text(const ContractQuote& body) {
  return fmt::format("contract_quote {} bid={} ask={}", id_text(body.id), to_text(body.bid), to_text(body.ask));
}

std::string body_text(const ContractTrade& body) {
  return fmt::format("contract_trade {} price={} quantity={} taker={}", id_text(body.id), to_text(body.price),
                     to_text(body.quantity), name_of(kSides, body.taker_side));
}

std::string body_text(const SpotQuote& body) {
  return fmt::format("spot_quote {} {} {} bid={}x{} ask={}x{}", id_text(body.id), venue_text(body.venue),
                     asset_text(body.asset), to_short_text(body.bid), to_short_text(body.bid_quantity),
                     to_short_text(body.ask), to_short_text(body.ask_quantity));
}

std::string body_text(const SpotTrade& body) {
  return fmt::format("spot_trade {} {} {} price={} quantity={} id={} taker={}", id_text(body.id),
                     venue_text(body.venue), asset_text(body.asset), to_short_text(body.price),
                     to_short_text(body.quantity), body.trade_id,
                     body.has_side != 0 ? name_of(kSides, body.taker_side) : "unknown");
}

std::string body_text(const SpotBookUpdate& body) {
  return fmt::format("spot_book_update {} {} {} {} {} {} {} flags={}", id_text(body.id), venue_text(body.venue),
                     asset_text(body.asset), name_of(kActions, body.action), name_of(kSides, body.side),
                     to_short_text(body.price), to_short_text(body.quantity), flags_text(body.flags));
}

std::string body_text(const IndexPrint& body) {
  return fmt::format("index_print {} {} {} at={}", asset_text(body.asset), settlement_source_name(body.source),
                     to_short_text(body.value), to_iso_ms(body.index_time));
}

std::string body_text(const FeedStatus& body) {
  return fmt::format("feed_status {} {}", venue_text(body.venue), name_of(kFeedStates, body.state));
}

std::string body_text(const CashSnapshot& body) {
  return fmt::format("cash {} {}", venue_text(body.venue), to_text(body.cash));
}

std::string body_text(const PositionSnapshot& body) {
  return fmt::format("position {} {} {} cost={}", id_text(body.id), name_of(kOutcomes, body.outcome),
                     to_text(body.quantity), to_text(body.cost));
}

std::string body_text(const OrderUpdate& body) {
  return fmt::format("order_update {} order={} {} reason={} fill={} {}@{} fee={} total={} {}", id_text(body.instrument),
                     body.id.value, order_state_name(body.state), reject_reason_name(body.reason), body.venue_fill_id,
                     to_text(body.fill_quantity), to_text(body.fill_price), to_text(body.fee),
                     to_text(body.filled_total), body.is_taker != 0 ? "taker" : "maker");
}

std::string body_text(const TimerTick& body) { return fmt::format("timer_tick {}", body.count); }

std::string body_text(const LimitSet& body) { return fmt::format("limit_set row={} value={}", body.row, body.value); }

std::string body_text(const Control& body) {
  return fmt::format("control {} {}", name_of(kCommands, body.command), control_reason_name(body.reason));
}

std::string body_text(const SpotCandle& body) {
  return fmt::format("spot_candle {} {} {} {}s {} {} {} {}", venue_text(body.venue), asset_text(body.asset),
                     to_iso_ms(body.opened_at), body.length / std::chrono::seconds(1), to_short_text(body.open),
                     to_short_text(body.high), to_short_text(body.low), to_short_text(body.close));
}

std::string body_text(const ModelParameterSet& body) {
  return fmt::format("model_parameter_set row={} value={}", body.row, body.value);
}

std::string body_text(const BasisBoundSet& body) {
  return fmt::format("basis_bound {} {} {} strict={} mean={} sd={} n={}", asset_text(body.asset),
                     settlement_source_name(body.first), settlement_source_name(body.second),
                     body.has_strict != 0 ? to_short_text(body.strict) : "none",
                     body.has_statistical != 0 ? to_short_text(body.mean) : "none",
                     body.has_statistical != 0 ? to_short_text(body.standard_deviation) : "none", body.observations);
}

std::string body_text(const FillFinalityChanged& body) {
  return fmt::format("fill_finality order={} {} {}", body.id.value, body.venue_fill_id,
                     name_of(kFinalities, body.finality));
}

}  // namespace

std::string event_text(const Event& event) {
  std::string text = std::visit([](const auto& body) { return body_text(body); }, event.body);
  text += " exchange=";
  text += event.exchange_at == kNoTime ? "unknown" : to_iso_ns(event.exchange_at);
  text += " received=";
  text += to_iso_ns(event.received_at);
  return text;
}

}  // namespace arbees

#include "app/running/session_opening.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "core/risk/position_strategy.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::app {
namespace {

using ContractKey = std::pair<std::uint64_t, std::string>;  // instrument and outcome

std::map<ContractKey, Strategy> strategies_of(const LedgerContents& contents) {
  std::unordered_set<std::uint64_t> filled;
  for (const LedgerFill& fill : contents.fills) filled.insert(fill.order_id);
  std::map<ContractKey, Strategy> strategies;
  for (const LedgerOrder& order : contents.orders) {
    if (!order.is_buy || !filled.contains(order.order_id)) continue;
    Strategy& riskiest = strategies[{order.contract.instrument, order.contract.outcome}];
    for (const Detector detector : {Detector::Basis, Detector::ModelEdge}) {
      if (order.detector == detector_name(detector)) riskiest = std::max(riskiest, strategy_of(detector));
    }
  }
  return strategies;
}

void open_position(const LedgerPosition& position, Strategy strategy, std::vector<EventBody>& events) {
  const auto venue = parse_venue(position.contract.venue);
  if (!venue) return;
  InstrumentNamed named;
  named.id = instrument_id(*venue, position.contract.symbol);
  named.venue = *venue;
  if (!set_symbol(named, position.contract.symbol)) return;
  ContractListed listed;
  listed.id = named.id;
  listed.terms.venue = *venue;
  listed.terms.asset = parse_asset(position.contract.asset).value_or(Asset::Unknown);
  PositionSnapshot snapshot;
  snapshot.id = named.id;
  snapshot.quantity = position.quantity;
  snapshot.cost = position.cost;
  snapshot.outcome = position.contract.outcome == "no" ? Outcome::No : Outcome::Yes;
  put_strategy(snapshot, strategy);
  // Two outcomes of one contract are listed once.
  bool is_listed = false;
  for (const EventBody& event : events) {
    const auto* earlier = std::get_if<ContractListed>(&event);
    is_listed = is_listed || (earlier != nullptr && earlier->id == named.id);
  }
  if (!is_listed) {
    events.emplace_back(named);
    events.emplace_back(listed);
  }
  events.emplace_back(snapshot);
}

}  // namespace

LimitSet unpaid_row(Venue venue, Money amount) noexcept {
  LimitSet set;
  set.row = kUnpaidRow + static_cast<std::uint32_t>(venue);
  set.value = amount.units();
  return set;
}

std::vector<EventBody> model_opening(const ModelParameters& parameters) {
  std::vector<EventBody> events;
  for (std::uint32_t row = 0; row < kModelParameterCount; ++row) {
    ModelParameterSet set;
    set.row = row;
    set.value = model_parameter_table()[row].get(parameters);
    events.emplace_back(set);
  }
  return events;
}

std::vector<EventBody> session_opening(std::uint64_t session, const RiskLimits& limits, const LedgerContents& contents,
                                       const LedgerAudit& audit) {
  std::vector<EventBody> events = paper_opening(session, limits);
  for (EventBody& event : events) {
    auto* cash = std::get_if<CashSnapshot>(&event);
    if (cash == nullptr) continue;
    const auto known = audit.cash.find(std::string(venue_name(cash->venue)));
    if (known != audit.cash.end()) cash->cash = known->second;
  }
  const auto strategies = strategies_of(contents);
  for (const LedgerPosition& position : audit.positions) {
    const auto known = strategies.find({position.contract.instrument, position.contract.outcome});
    open_position(position, known == strategies.end() ? Strategy::Riskless : known->second, events);
  }
  return events;
}

}  // namespace arbees::app

#include "app/roles/shard_requests.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/bus/topics.h"
#include "adapters/telemetry/format.h"
#include "adapters/telemetry/log.h"
#include "core/risk/reserve.h"

namespace arbees::app {
namespace {

constexpr Duration kPatience = std::chrono::seconds(10);

bool pays_on_yes(const std::string& outcome) { return outcome == "Yes" || outcome == "Up"; }

// The leg as others name it; nothing if it is not known how.
std::optional<bus::RequestLeg> leg_of(const Leg& leg, const ShardMarkets::Known& known) {
  bus::RequestLeg out;
  out.platform = std::string(venue_name(leg.venue));
  out.market_id = known.contract.market_id;
  out.outcome = leg.outcome;
  out.limit = leg.price;
  out.contracts = leg.quantity;
  if (leg.venue != Venue::Polymarket) return out;
  if (leg.outcome != Outcome::Yes) return std::nullopt;  // the other token is bought instead
  out.token_id = known.contract.symbol;
  out.outcome = pays_on_yes(known.contract.outcome) ? Outcome::Yes : Outcome::No;
  return out;
}

double edge_pct(const ExecutionRequest& request) {
  if (!request.outlay.is_positive() || request.guaranteed.is_zero()) return 0;
  const auto profit = static_cast<double>((request.guaranteed - request.outlay).units());
  return 100 * profit / static_cast<double>(request.outlay.units());
}

HeldLegs held_of(const std::vector<std::string>& symbols, const bus::BusRequest& asked,
                 const bus::ExecutionResult& result) {
  HeldLegs held{};
  for (const bus::ResultLeg& leg : result.legs) {
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      // A token is bought by its name; on Kalshi both outcomes have the same.
      const bool has_outcome = (asked.legs[i].outcome == Outcome::Yes) == (leg.outcome == "yes");
      if (leg.symbol != symbols[i] || (asked.legs[i].token_id.empty() && !has_outcome)) continue;
      held[i].quantity += leg.filled;
      held[i].cost += leg.cost;
      held[i].fees += leg.fees;
      break;
    }
  }
  return held;
}

}  // namespace

ShardRequests::ShardRequests(std::string prefix, Publish publish, Concluded concluded)
    : prefix_(std::move(prefix)), publish_(std::move(publish)), concluded_(std::move(concluded)) {}

bool ShardRequests::begin(const ExecutionRequest& request, std::optional<std::uint64_t> fence,
                          const ShardMarkets& markets, const MarketState& state, Timestamp now) {
  Open open;
  open.request = request.id;
  open.begun_at = now;
  bus::BusRequest& message = open.message;
  message.request_id = fmt::format("{}-{}", prefix_, request.id.value);
  message.idempotency_key = message.request_id;
  message.asset = std::string(asset_name(request.legs[0].asset));
  message.signal_type = request.detector == Detector::ModelEdge ? "ModelEdge" : "Arbitrage";
  message.reason = std::string(detector_name(request.detector));
  message.deadline = request.deadline;
  message.edge_pct = edge_pct(request);
  message.probability = request.detector == Detector::ModelEdge ? 0 : 0.5;
  message.outlay = request.outlay;
  message.guaranteed = request.guaranteed;
  message.fence = fence;
  for (const Leg& leg : request.legs) {
    const ShardMarkets::Known* known = markets.find(leg.instrument);
    const Contract* contract = state.find(leg.instrument);
    if (known == nullptr || contract == nullptr || leg.asset != request.legs[0].asset) return false;
    auto told = leg_of(leg, *known);
    if (!told) return false;
    if (message.event_id.empty()) message.event_id = known->contract.event;
    if (message.current_price.is_zero()) message.current_price = leg.price;
    message.size += worst_cost(contract->terms.fees, leg.price, leg.quantity);
    message.legs.push_back(std::move(*told));
    open.symbols.push_back(known->contract.symbol);
  }
  ++counts_.made;
  Open& kept = open_[message.request_id];
  kept = std::move(open);
  publish(kept, now);
  return true;
}

void ShardRequests::withhold(RequestId request) {
  ++counts_.withheld;
  log(LogLevel::Info, "withheld", {{"request", to_hex(request.value)}});
  concluded_(request, {});
}

void ShardRequests::publish(Open& open, Timestamp now) {
  open.next = now + open.pause;
  open.pause = std::min(open.pause * 2, kLongestPause);
  // Its age is judged by when it was last meant, its life by the deadline.
  open.message.created_at = now;
  const std::string topic = bus::crypto_request_topic(open.message.request_id);
  publish_(topic, bus::encode_request(open.message), now);
  log(now > open.begun_at ? LogLevel::Debug : LogLevel::Info, "Published",
      {{"topic", topic}, {"request", to_hex(open.request.value)}});
}

void ShardRequests::on_result(const bus::ExecutionResult& result) {
  const auto it = open_.find(result.request_id);
  if (it == open_.end()) return;
  const Open open = std::move(it->second);
  open_.erase(it);
  const HeldLegs held = held_of(open.symbols, open.message, result);
  bool is_any = false;
  for (const HeldLeg& leg : held) is_any = is_any || leg.quantity.is_positive();
  ++(is_any ? counts_.filled : counts_.refused);
  log(LogLevel::Info, "answered",
      {{"request", to_hex(open.request.value)},
       {"id", result.request_id},
       {"status", std::string(bus::result_status_name(result.status))},
       {"reason", result.rejection_reason}});
  concluded_(open.request, held);
}

void ShardRequests::tick(Timestamp now) {
  for (auto& [id, open] : open_) {
    if (now < open.next) continue;
    ++counts_.repeated;
    publish(open, now);
  }
}

bool ShardRequests::is_unanswered(Timestamp now) const {
  for (const auto& [id, open] : open_) {
    if (now - open.begun_at > kPatience) return true;
  }
  return false;
}

}  // namespace arbees::app

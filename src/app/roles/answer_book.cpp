#include "app/roles/answer_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/telemetry/format.h"

namespace arbees::app {
namespace {

using bus::ResultStatus;

void conclude(bus::ExecutionResult& result, const std::vector<Quantity>& wanted) {
  bool is_whole = true;
  bool is_any = false;
  for (std::size_t i = 0; i < result.legs.size(); ++i) {
    is_whole = is_whole && result.legs[i].filled >= wanted[i];
    is_any = is_any || result.legs[i].filled.is_positive();
  }
  result.status = is_whole ? ResultStatus::Filled : is_any ? ResultStatus::Partial : ResultStatus::Cancelled;
}

}  // namespace

bus::ExecutionResult blank_result(const bus::BusRequest& request, Timestamp received_at) {
  bus::ExecutionResult result;
  result.request_id = request.request_id;
  result.idempotency_key = request.idempotency_key;
  result.platform = request.legs.front().platform;
  result.market_id = request.legs.front().market_id;
  result.side = request.legs.front().outcome == Outcome::Yes ? "yes" : "no";
  result.asset = request.asset;
  result.event_id = request.event_id;
  result.sport = request.sport;
  result.signal_id = request.signal_id;
  result.signal_type = request.signal_type;
  result.edge_pct = request.edge_pct;
  result.requested_at = request.created_at;
  result.received_at = result.executed_at = received_at;
  return result;
}

bus::ExecutionResult refusal(const bus::RequestRefusal& refusal, Timestamp received_at) {
  bus::ExecutionResult result;
  result.request_id = refusal.request_id;
  result.rejection_reason = refusal.reason;
  result.received_at = result.executed_at = received_at;
  return result;
}

bus::ExecutionResult interrupted_result(const LoggedRequest& logged, const LedgerContents& ledger, Timestamp now) {
  bus::ExecutionResult result;
  result.request_id = logged.request_id;
  result.idempotency_key = logged.key;
  result.received_at = result.executed_at = now;
  std::map<std::uint64_t, bus::ResultLeg> legs;  // by their number: what was sold again is not held
  for (const LedgerOrder& order : ledger.orders) {
    if (order.request != logged.request) continue;
    bus::ResultLeg& leg = legs[order.leg];
    leg.platform = order.contract.venue;
    leg.market_id = leg.symbol = order.contract.symbol;
    leg.outcome = order.contract.outcome;
    if (leg.order_id.empty()) leg.order_id = std::to_string(order.order_id);
    for (const LedgerFill& fill : ledger.fills) {
      if (fill.order_id != order.order_id) continue;
      const std::int64_t side = order.is_buy ? 1 : -1;
      leg.filled += Quantity::from_units(side * fill.quantity.units());
      leg.cost = std::max(leg.cost + Money::from_units(side * (fill.price * fill.quantity).units()), Money{});
      leg.fees += fill.fee;
    }
  }
  bool is_any = false;
  for (auto& [number, leg] : legs) {
    is_any = is_any || leg.filled.is_positive();
    result.legs.push_back(std::move(leg));
  }
  if (!result.legs.empty()) {
    result.platform = result.legs.front().platform;
    result.market_id = result.legs.front().market_id;
    result.side = result.legs.front().outcome;
  }
  result.status = is_any ? ResultStatus::Partial : ResultStatus::Failed;
  result.rejection_reason = result.legs.empty() ? "interrupted by a restart before an order was sent"
                                                : "interrupted by a restart: told is what the ledger has";
  return result;
}

void AnswerBook::begin(RequestId request, const std::string& key, const bus::ExecutionResult& result,
                       std::vector<Quantity> wanted) {
  Open& open = open_[request.value];
  open.key = key;
  open.result = result;
  open.wanted = std::move(wanted);
}

AnswerBook::Open* AnswerBook::find(const OrderRequest& order) {
  const auto it = open_.find(order.request.value);
  return it == open_.end() || order.leg >= it->second.result.legs.size() ? nullptr : &it->second;
}

template <class Fill>
void AnswerBook::add(Open& open, const Fill& fill, std::int64_t sign) {
  bus::ResultLeg& leg = open.result.legs[fill.order.leg];
  const std::int64_t side = fill.order.side == Side::Buy ? sign : -sign;
  const Money value = fill.price * fill.quantity;
  leg.filled += Quantity::from_units(side * fill.quantity.units());
  // What a sale brought in lowers what the rest has cost, to nothing at most.
  leg.cost = std::max(leg.cost + Money::from_units(side * value.units()), Money{});
  leg.fees += Money::from_units(sign * fill.fee.units());
  open.is_traded = true;
  open.paid += Money::from_units(side * value.units() + sign * fill.fee.units());
}

void AnswerBook::on(const Report& report) {
  if (const auto* submitted = std::get_if<OrderSubmitted>(&report.body)) {
    Open* open = find(submitted->order);
    if (open == nullptr) return;
    bus::ResultLeg& leg = open->result.legs[submitted->order.leg];
    if (leg.order_id.empty()) leg.order_id = std::to_string(submitted->order.id.value);
  } else if (const auto* filled = std::get_if<OrderFilled>(&report.body)) {
    if (Open* open = find(filled->order)) add(*open, *filled, 1);
  } else if (const auto* reverted = std::get_if<FillReverted>(&report.body)) {
    if (Open* open = find(reverted->order)) add(*open, *reverted, -1);
  } else if (const auto* over = std::get_if<RequestEnded>(&report.body)) {
    const auto it = open_.find(over->request.value);
    if (it == open_.end()) return;
    it->second.at = report.at;
    it->second.is_over = true;
  } else if (const auto* ended = std::get_if<OrderEnded>(&report.body)) {
    Open* open = find(ended->order);
    if (open == nullptr) return;
    open->is_rejected = open->is_rejected || ended->state == OrderState::Rejected;
    if (ended->reason != RejectReason::None) open->reject_reason = reject_reason_name(ended->reason);
  }
}

void AnswerBook::settle() {
  std::vector<Open> finished;
  for (auto it = open_.begin(); it != open_.end();) {
    const bool is_over = it->second.is_over;
    if (is_over) finished.push_back(std::move(it->second));
    it = is_over ? open_.erase(it) : std::next(it);
  }
  for (Open& open : finished) {
    conclude(open.result, open.wanted);
    if (open.result.status == ResultStatus::Cancelled && open.is_rejected) open.result.status = ResultStatus::Rejected;
    if (open.result.status != ResultStatus::Filled) open.result.rejection_reason = open.reject_reason;
    if (open.is_traded && open.result.status == ResultStatus::Cancelled) {
      open.result.rejection_reason = fmt::format("unwound: bought and sold again, cost ${}", to_short_text(open.paid));
    }
    open.result.executed_at = std::max(open.at, open.result.received_at);
    finished_(open.key, open.result);
  }
}

}  // namespace arbees::app

#include "app/reporting/invariants.h"

#include <fmt/format.h>

#include "adapters/telemetry/format.h"
#include "core/base/wide_int.h"

namespace arbees::app {
namespace {

constexpr std::uint64_t kEventsBetweenWalks = 64;

std::string order_name(const OrderRequest& order) { return "order " + to_hex(order.id.value); }

}  // namespace

void Invariants::violated(std::string what) {
  if (!broken_.empty()) return;
  broken_ = std::move(what);
  broken_at_ = sequence_;
}

void Invariants::take(const Event& cause, const Outputs& outputs) {
  sequence_ = cause.sequence;
  had_outputs_ = true;
  const bool was_halted = state_ == TradingState::Halted;
  for (const Report& report : outputs.reports) {
    std::visit([this](const auto& body) { on(body); }, report.body);
  }
  const bool stayed_halted = was_halted && state_ == TradingState::Halted;
  for (const OrderCommand& command : outputs.orders) {
    if (command.action != OrderAction::Submit || command.order.side != Side::Buy) continue;
    if (stayed_halted) violated(order_name(command.order) + " was sent while trading was halted");
    check_order(command.order, cause.received_at);
  }
  check_exposure();
}

void Invariants::check_order(const OrderRequest& order, Timestamp now) {
  const Contract* contract = engine_.market().find(order.instrument);
  if (contract == nullptr) return violated(order_name(order) + " is for an unknown contract");
  const BookStatus status = contract->book.status(now, limits_.price_staleness);
  if (status != BookStatus::Proven) {
    violated(fmt::format("{} rests on a book that is {}", order_name(order), book_status_name(status)));
  }
  if (contract->not_tradable(now) != NotTradable::None) {
    violated(order_name(order) + " is for a contract that may not be traded");
  }
  if (order.limit * order.quantity > limits_.max_position) {
    violated(order_name(order) + " may cost more than one order may");
  }
}

// What is held and what orders in flight may still spend at their limits, fees paid included.
void Invariants::check_exposure() {
  std::array<Money, kAssetCount> by_asset{};
  Money total;
  const auto add = [&](Asset asset, Money amount) {
    by_asset[static_cast<std::size_t>(asset)] += amount;
    total += amount;
  };
  for (const auto& [key, position] : positions_) add(position.asset, position.cost);
  for (const auto& [id, open] : open_) {
    if (open.order.side == Side::Buy) add(open.order.asset, open.order.limit * (open.order.quantity - open.filled));
  }
  if (total > limits_.max_total_exposure) {
    violated("the total exposure is " + to_short_text(total) + ", orders in flight included");
  }
  for (std::size_t i = 0; i < kAssetCount; ++i) {
    if (by_asset[i] <= limits_.max_asset_exposure) continue;
    violated(fmt::format("the exposure in {} is {}, orders in flight included", asset_name(static_cast<Asset>(i)),
                         to_short_text(by_asset[i])));
  }
}

void Invariants::on(const OrderSubmitted& submitted) {
  if (open_.emplace(submitted.order.id.value, OpenOrder{submitted.order, {}, {}}).second) return;
  violated(order_name(submitted.order) + " was sent twice");
}

Money Invariants::paid_for_pairs(Venue venue) const {
  Money paid;
  if (!pays_pairs_at_once(venue)) return paid;
  for (const auto& [key, position] : positions_) {
    if (position.venue != venue || key.second != Outcome::Yes) continue;
    const auto no = positions_.find({key.first, Outcome::No});
    if (no != positions_.end()) paid += kPriceOne * std::min(position.quantity, no->second.quantity);
  }
  return paid;
}

Invariants::OpenOrder* Invariants::find_order(OrderId id) {
  const auto open = open_.find(id.value);
  if (open != open_.end()) return &open->second;
  const auto ended = ended_.find(id.value);
  return ended == ended_.end() ? nullptr : &ended->second;
}

void Invariants::on(const OrderFilled& filled) {
  const OrderRequest& order = filled.order;
  OpenOrder* known = find_order(order.id);
  if (known == nullptr) return violated(order_name(order) + " was filled, but never sent");
  known->filled += filled.quantity;
  if (known->filled > order.quantity) violated(order_name(order) + " is filled beyond its quantity");
  const Money gross = filled.price * filled.quantity;
  Money& cash = cash_[static_cast<std::size_t>(order.venue)];
  OwnPosition& position = positions_[{order.instrument, order.outcome}];
  position.asset = order.asset;
  position.venue = order.venue;
  if (order.side == Side::Buy) {
    if (filled.price > order.limit) violated(order_name(order) + " was filled above its limit");
    known->spent += gross + filled.fee;
    if (known->spent > limits_.max_position) violated(order_name(order) + " cost more than one order may");
    cash -= gross + filled.fee;
    position.quantity += filled.quantity;
    position.cost += gross + filled.fee;
  } else {
    if (filled.price < order.limit) violated(order_name(order) + " was filled below its limit");
    if (filled.quantity > position.quantity) return violated(order_name(order) + " sells more than is held");
    cash += gross - filled.fee;
    // A sale takes out cost in proportion, rounded down.
    const auto part = Int128{position.cost.units()} * filled.quantity.units() / position.quantity.units();
    position.cost -= Money::from_units(static_cast<std::int64_t>(part));
    position.quantity -= filled.quantity;
  }
  if (position.quantity.is_zero()) positions_.erase({order.instrument, order.outcome});
  if ((cash + paid_for_pairs(order.venue)).is_negative()) {
    violated("cash of " + std::string(venue_name(order.venue)) + " is below zero");
  }
}

void Invariants::on(const OrderEnded& ended) {
  OpenOrder* known = find_order(ended.order.id);
  if (known == nullptr) return violated(order_name(ended.order) + " ended, but was never sent");
  if (known->filled != ended.filled) violated(order_name(ended.order) + " ended with other fills than it had");
  if (!is_final(ended.state)) violated(order_name(ended.order) + " ended in a state that is no end");
  if (auto open = open_.extract(ended.order.id.value)) ended_.insert(std::move(open));
}

void Invariants::on(const PositionSettled& settled) {
  const auto position = positions_.find({settled.instrument, settled.outcome});
  if (position == positions_.end() || position->second.quantity != settled.quantity) {
    return violated("a settlement pays for another quantity than is held");
  }
  cash_[static_cast<std::size_t>(settled.venue)] += settled.payout;
  positions_.erase(position);
}

void Invariants::check(const Event& cause) {
  sequence_ = cause.sequence;
  check_money();
  // Walking through all positions is slow: after each event that had outputs, and now and then.
  if (!had_outputs_ && sequence_ % kEventsBetweenWalks != 0) return;
  had_outputs_ = false;
  check_positions();
}

void Invariants::check_money() {
  const Portfolio& portfolio = engine_.portfolio();
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    const Money own = cash_[static_cast<std::size_t>(venue)];
    if (portfolio.cash(venue) == own) continue;
    violated(fmt::format("cash of {} is {}, but fills and settlements make {}", venue_name(venue),
                         to_short_text(portfolio.cash(venue)), to_short_text(own)));
  }
  if (portfolio.total_exposure() > limits_.max_total_exposure)
    violated("the engine's total exposure is over its limit");
  for (std::size_t i = 0; i < kAssetCount; ++i) {
    const auto asset = static_cast<Asset>(i);
    if (portfolio.asset_exposure(asset) > limits_.max_asset_exposure) {
      violated(fmt::format("the engine's exposure in {} is over its limit", asset_name(asset)));
    }
  }
}

void Invariants::check_positions() {
  std::size_t held = 0;
  engine_.portfolio().for_each([&](const Position& position) {
    if (position.quantity.is_zero()) return;
    ++held;
    const auto own = positions_.find({position.instrument, position.outcome});
    const bool is_same =
        own != positions_.end() && own->second.quantity == position.quantity && own->second.cost == position.cost;
    if (!is_same) violated("a position differs from what its fills make");
  });
  if (held != positions_.size()) violated("a position that its fills make is missing");
}

void Invariants::check_end(const SimulatedExchange& exchange) {
  if (!open_.empty()) violated(order_name(open_.begin()->second.order) + " never ended");
  if (engine_.execution().open_request_count() != 0) violated("a request never ended");
  if (!positions_.empty()) violated("a position is open although every contract has settled");
  if (!engine_.portfolio().total_exposure().is_zero()) violated("exposure is left although nothing is held");
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    if (exchange.cash(venue) != cash_[static_cast<std::size_t>(venue)]) {
      violated(fmt::format("cash of {} differs from the venue's own books", venue_name(venue)));
    }
    if (engine_.portfolio().free_cash(venue) != engine_.portfolio().cash(venue)) {
      violated(fmt::format("cash of {} is reserved although nothing is under way", venue_name(venue)));
    }
  }
}

}  // namespace arbees::app

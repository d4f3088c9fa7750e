#include "app/reporting/paper_comparison.h"

#include <algorithm>

#include "core/base/wide_int.h"

namespace arbees::app {
namespace {

// The last orders of a session are answered after its last event.
constexpr Duration kLastAnswers = std::chrono::seconds(10);

struct Filled {
  Quantity quantity;
  Money cost;
};

Money share(Money amount, Quantity part, Quantity whole) {
  return Money::from_units(static_cast<std::int64_t>(Int128{amount.units()} * part.units() / whole.units()));
}

}  // namespace

bool PaperComparison::poll(Event& event) {
  if (!source_.poll(event)) return false;
  last_ = event.received_at;
  advance(event.received_at);
  if (std::holds_alternative<OrderUpdate>(event.body)) {
    take(event, &Order::told);
  } else {
    exchange_.observe(event);
  }
  return true;
}

void PaperComparison::advance(Timestamp now) {
  Event answer;
  while (exchange_.next_due() <= now) {
    const Timestamp due = exchange_.next_due();
    exchange_.advance(due);
    while (exchange_.poll(due, answer)) {
      if (std::holds_alternative<OrderUpdate>(answer.body)) take(answer, &Order::paper);
    }
  }
}

void PaperComparison::take(const Event& answer, Answers Order::* side) {
  const auto& update = std::get<OrderUpdate>(answer.body);
  const auto found = orders_.find(update.id.value);
  if (found == orders_.end()) return;
  Answers& answers = found->second.*side;
  // That it rests, or that nobody knows, is no answer yet.
  const bool tells = is_final(update.state) || update.fill_quantity.is_positive();
  answers.has_ended = answers.has_ended || is_final(update.state);
  if (tells && answers.first_at == kNoTime) answers.first_at = answer.received_at;
  if (update.fill_quantity.is_positive()) answers.fills[update.venue_fill_id] = update;
}

void PaperComparison::after(const Event& cause, const Outputs& outputs, const TradingEngine&) {
  Outputs purchases;
  for (const OrderCommand& command : outputs.orders) {
    if (command.action != OrderAction::Submit || command.order.side != Side::Buy) continue;
    Order& order = orders_[command.order.id.value];
    order.request = command.order;
    order.sent_at = cause.received_at;
    purchases.orders.push_back(command);
  }
  if (!purchases.orders.empty()) exchange_.submit(purchases, cause.received_at);
}

std::map<Venue, VenueComparison> PaperComparison::result(JournalExtent extent) {
  advance(last_ + kLastAnswers);
  std::map<Venue, VenueComparison> venues;
  for (const auto& [id, order] : orders_) {
    if (extent == JournalExtent::CutShort && !order.told.has_ended) continue;
    VenueComparison& venue = venues[order.request.venue];
    const auto count = [&](const Answers& answers, FillFigures& figures) {
      Filled filled;
      for (const auto& [fill_id, fill] : answers.fills) {
        filled.quantity += fill.fill_quantity;
        filled.cost += fill.fill_price * fill.fill_quantity + fill.fee;
      }
      if (filled.quantity.is_positive()) ++figures.filled;
      figures.quantity += filled.quantity;
      figures.cost += filled.cost;
      if (answers.first_at != kNoTime) figures.latency.add((answers.first_at - order.sent_at).count());
      return filled;
    };
    const Filled told = count(order.told, venue.told);
    const Filled paper = count(order.paper, venue.paper);
    ++venue.orders;
    venue.asked += order.request.quantity;
    if (told.quantity.is_zero() && paper.quantity.is_zero()) ++venue.neither_filled;
    if (!told.quantity.is_positive() || !paper.quantity.is_positive()) continue;
    ++venue.both_filled;
    const Quantity lesser = std::min(told.quantity, paper.quantity);
    venue.compared += lesser;
    venue.dearer_on_paper += share(paper.cost, lesser, paper.quantity) - share(told.cost, lesser, told.quantity);
  }
  return venues;
}

}  // namespace arbees::app

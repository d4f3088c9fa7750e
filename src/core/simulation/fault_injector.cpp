#include "core/simulation/fault_injector.h"

#include <algorithm>

namespace arbees {
namespace {

BookUpdate record(InstrumentId id, BookSide side, Price price, Quantity quantity) noexcept {
  BookUpdate update;
  update.id = id;
  update.side = side;
  update.price = price;
  update.quantity = quantity;
  update.flags = BookUpdate::kSnapshot;
  return update;
}

}  // namespace

std::string_view injected_fault_name(InjectedFault fault) noexcept {
  switch (fault) {
    case InjectedFault::Drop: return "drop";
    case InjectedFault::Duplicate: return "duplicate";
    case InjectedFault::Delay: return "delay";
    case InjectedFault::Book: return "book";
    case InjectedFault::Feed: return "feed";
    case InjectedFault::Unknown: return "unknown";
    case InjectedFault::Late: return "late";
    case InjectedFault::Repeat: return "repeat";
    case InjectedFault::Halt: return "halt";
  }
  return "drop";
}

FaultRates all_faults() noexcept {
  FaultRates rates;
  rates.of(InjectedFault::Drop) = 5'000;
  rates.of(InjectedFault::Duplicate) = 20'000;
  rates.of(InjectedFault::Delay) = 10'000;
  rates.of(InjectedFault::Book) = 3'000;
  rates.of(InjectedFault::Feed) = 1'000;
  rates.of(InjectedFault::Unknown) = 100'000;
  rates.of(InjectedFault::Late) = 100'000;
  rates.of(InjectedFault::Repeat) = 200'000;
  rates.of(InjectedFault::Halt) = 1'000;
  return rates;
}

FaultInjector::FaultInjector(EventSource& source, const FaultRates& rates, const Capacity& capacity, std::uint64_t seed)
    : source_(source), rates_(rates), random_(seed), truth_(capacity) {}

bool FaultInjector::poll(Event& event) {
  for (;;) {
    if (next_ < queue_.size()) {
      event = queue_[next_++];
      return true;
    }
    queue_.clear();
    next_ = 0;
    Event incoming;
    if (source_.poll(incoming)) {
      now_ = incoming.received_at;
      release();
      take(incoming);
    } else {
      if (held_.empty()) return false;
      // The source has ended: what was late arrives now.
      for (const Held& held : held_) now_ = std::max(now_, held.due);
      release();
    }
  }
}

bool FaultInjector::strikes(InjectedFault fault) noexcept {
  if (!random_.chance(rates_.of(fault), 1'000'000)) return false;
  ++counts_[static_cast<std::size_t>(fault)];
  return true;
}

Timestamp FaultInjector::after(std::int64_t least_ms, std::int64_t most_ms) noexcept {
  return now_ + std::chrono::milliseconds(random_.between(least_ms, most_ms));
}

void FaultInjector::put(const EventBody& body) {
  Event event;
  event.received_at = now_;
  event.body = body;
  queue_.push_back(event);
}

void FaultInjector::hold(const Event& event, std::uint64_t key, Timestamp due) {
  // Never before what is held of the same book or order.
  for (const Held& held : held_) {
    if (held.key == key) due = std::max(due, held.due);
  }
  held_.push_back({due, key, event});
}

bool FaultInjector::is_held(std::uint64_t key) const noexcept {
  return std::any_of(held_.begin(), held_.end(), [&](const Held& held) { return held.key == key; });
}

void FaultInjector::release() {
  for (Held& held : held_) {
    if (held.due > now_) continue;
    held.event.received_at = now_;
    queue_.push_back(held.event);
  }
  std::erase_if(held_, [&](const Held& held) { return held.due <= now_; });
  if (halted_until_ != kNoTime && halted_until_ <= now_) {
    halted_until_ = kNoTime;
    put(Control{ControlCommand::Resume, ControlReason::Operator});
  }
  for (std::size_t i = 0; i < outages_.size();) {
    const Outage outage = outages_[i];
    if (outage.ends_at > now_) {
      ++i;
      continue;
    }
    outages_.erase(outages_.begin() + static_cast<std::ptrdiff_t>(i));
    put(FeedStatus{outage.venue, FeedState::Live});
    put_snapshots(outage.venue);
  }
  for (std::size_t i = 0; i < broken_.size();) {
    const Broken broken = broken_[i];
    const bool is_over = broken.is_noticed && broken.resync_at <= now_ && !is_down(venue_of(broken.id));
    if (!is_over) {
      ++i;
      continue;
    }
    forget(broken.id);
    if (const Contract* contract = truth_.find(broken.id)) put_snapshot(*contract);
  }
}

void FaultInjector::take(const Event& event) {
  if (const auto* settled = std::get_if<ContractSettled>(&event.body)) {
    forget(settled->id);
    truth_.release(settled->id);
  }
  const auto* update = std::get_if<BookUpdate>(&event.body);
  // Decided by the truth before this change, told after it.
  if (update != nullptr) {
    take(event, *update);
    truth_.apply(event);
    return;
  }
  truth_.apply(event);
  if (const auto* answer = std::get_if<OrderUpdate>(&event.body)) return take(event, *answer);
  queue_.push_back(event);
}

void FaultInjector::take(const Event& event, const BookUpdate& update) {
  const Venue venue = venue_of(update.id);
  if (!in_change_) begin_change(update, venue);
  in_change_ = !update.is_last();
  if (is_down(venue)) return;
  if (Broken* broken = find_broken(update.id)) {
    if (update.is_last() && !broken->is_noticed && broken->resync_at <= now_) {
      broken->is_noticed = true;
      broken->resync_at = after(100, 1500);
      put(BookFaulted{update.id, BookFault::SequenceGap});
    }
    return;
  }
  if (is_held(update.id.value)) return hold(event, update.id.value, now_);
  queue_.push_back(event);
  const bool is_plain = update.action == BookAction::Set && !update.is_snapshot();
  if (doubles_change_ && is_plain) queue_.push_back(event);
}

void FaultInjector::begin_change(const BookUpdate& update, Venue venue) {
  doubles_change_ = strikes(InjectedFault::Duplicate);
  if (halted_until_ == kNoTime && strikes(InjectedFault::Halt)) {
    halted_until_ = after(200, 3000);
    put(Control{ControlCommand::Halt, ControlReason::Operator});
  }
  if (is_down(venue) || find_broken(update.id) != nullptr) return;
  if (strikes(InjectedFault::Feed)) {
    outages_.push_back({venue, after(300, 4000)});
    put(FeedStatus{venue, FeedState::Down});
  } else if (strikes(InjectedFault::Book)) {
    broken_.push_back({update.id, after(100, 1500), true});
    put(BookFaulted{update.id, BookFault::HashMismatch});
  } else if (strikes(InjectedFault::Drop)) {
    // Noticed with the next change, which is of a later instant.
    broken_.push_back({update.id, now_ + std::chrono::nanoseconds(1), false});
  } else if (!is_held(update.id.value) && strikes(InjectedFault::Delay)) {
    // Its records queue behind this tick until it is due.
    Event tick;
    tick.body = TimerTick{};
    hold(tick, update.id.value, after(20, 1500));
  }
}

void FaultInjector::take(const Event& event, const OrderUpdate& update) {
  // Orders and instruments draw their keys from hashes and counters: told apart by the highest bit.
  const std::uint64_t key = update.id.value | (std::uint64_t{1} << 63);
  if (is_held(key)) return hold(event, key, now_);
  if (strikes(InjectedFault::Unknown)) {
    OrderUpdate doubt;
    doubt.id = update.id;
    doubt.instrument = update.instrument;
    doubt.state = OrderState::Unknown;
    put(doubt);
    return hold(event, key, after(300, 8000));
  }
  if (strikes(InjectedFault::Late)) return hold(event, key, after(300, 8000));
  queue_.push_back(event);
  if (strikes(InjectedFault::Repeat)) queue_.push_back(event);
}

FaultInjector::Broken* FaultInjector::find_broken(InstrumentId id) noexcept {
  const auto found = std::find_if(broken_.begin(), broken_.end(), [&](const Broken& b) { return b.id == id; });
  return found == broken_.end() ? nullptr : &*found;
}

bool FaultInjector::is_down(Venue venue) const noexcept {
  return std::any_of(outages_.begin(), outages_.end(), [&](const Outage& outage) { return outage.venue == venue; });
}

Venue FaultInjector::venue_of(InstrumentId id) const noexcept {
  const Contract* contract = truth_.find(id);
  return contract == nullptr ? Venue::Unknown : contract->terms.venue;
}

void FaultInjector::put_snapshot(const Contract& contract) {
  const OrderBook& book = contract.book;
  BookUpdate clear = record(contract.id, BookSide::Bid, {}, {});
  clear.action = BookAction::Clear;
  clear.flags |= BookUpdate::kSnapshotStart;
  put(clear);
  book.bids().walk_down([&](Price price, Quantity quantity) {
    put(record(contract.id, BookSide::Bid, price, quantity));
    return true;
  });
  book.asks().walk_up([&](Price price, Quantity quantity) {
    put(record(contract.id, BookSide::Ask, price, quantity));
    return true;
  });
  std::get<BookUpdate>(queue_.back().body).flags |= BookUpdate::kLast;
}

void FaultInjector::put_snapshots(Venue venue) {
  std::vector<const Contract*> contracts;
  truth_.for_each([&](const Contract& contract) {
    if (contract.terms.venue == venue) contracts.push_back(&contract);
  });
  for (const Contract* contract : contracts) {
    forget(contract->id);
    put_snapshot(*contract);
  }
}

void FaultInjector::forget(InstrumentId id) {
  std::erase_if(broken_, [&](const Broken& broken) { return broken.id == id; });
  std::erase_if(held_, [&](const Held& held) { return held.key == id.value; });
}

}  // namespace arbees

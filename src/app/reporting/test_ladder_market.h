#pragma once
// For tests: a market of two thresholds that anybody can price in the head, told as events at stated instants.
//
// Yes of the lower and No of the upper threshold pay one dollar at least. There are no fees.

#include <string_view>
#include <vector>

#include "core/market/event.h"
#include "core/market/ports.h"

namespace arbees::app::test {

inline constexpr InstrumentId kLower{21};
inline constexpr InstrumentId kUpper{22};
inline const Timestamp kStart = from_unix_s(1'780'000'000);

class LadderMarket final : public EventSource {
 public:
  LadderMarket() {
    list(kLower, "LOWER", Strike::whole(64'000));
    list(kUpper, "UPPER", Strike::whole(65'000));
  }

  // From this instant on, counted from the start, a book is this level a side; an empty text is no level.
  void quote(std::int64_t milliseconds, InstrumentId id, std::string_view bid, std::string_view ask) {
    BookUpdate update;
    update.id = id;
    update.action = BookAction::Clear;
    update.flags = BookUpdate::kSnapshot | BookUpdate::kSnapshotStart;
    if (bid.empty() && ask.empty()) update.flags |= BookUpdate::kLast;
    add(milliseconds, update);
    update.action = BookAction::Set;
    update.quantity = Quantity::whole(100);
    if (!bid.empty()) {
      update.price = Price::parse(bid).value();
      update.flags = BookUpdate::kSnapshot;
      if (ask.empty()) update.flags |= BookUpdate::kLast;
      add(milliseconds, update);
    }
    if (ask.empty()) return;
    update.side = BookSide::Ask;
    update.price = Price::parse(ask).value();
    update.flags = BookUpdate::kSnapshot | BookUpdate::kLast;
    add(milliseconds, update);
  }

  void add(std::int64_t milliseconds, const EventBody& body) {
    Event event;
    event.received_at = kStart + std::chrono::milliseconds(milliseconds);
    event.body = body;
    events_.push_back(event);
  }

  bool poll(Event& event) override {
    if (next_ == events_.size()) return false;
    event = events_[next_++];
    return true;
  }

 private:
  void list(InstrumentId id, std::string_view symbol, Strike strike) {
    InstrumentNamed named;
    named.id = id;
    named.venue = Venue::Kalshi;
    set_symbol(named, symbol);
    add(0, named);
    ContractTerms terms;
    terms.venue = Venue::Kalshi;
    terms.asset = Asset::BTC;
    terms.payoff = Payoff::Threshold;
    terms.comparator = Comparator::GreaterOrEqual;
    terms.source = SettlementSource::CfBenchmarksMean60;
    terms.lower = strike;
    terms.has_lower = 1;
    terms.rounding_decimals = 255;
    terms.closes_at = kStart + std::chrono::hours(1);
    terms.grid = PriceGrid::uniform(Price::parse("0.01").value());
    terms.lot = Quantity::from_units(1);
    terms.minimum_order = Quantity::whole(1);
    terms.fees.model = FeeModel::None;
    terms.not_tradable = NotTradable::None;
    add(0, ContractListed{id, terms});
    ContractPhaseChanged active;
    active.id = id;
    active.phase = ContractPhase::Active;
    add(0, active);
  }

  std::vector<Event> events_;
  std::size_t next_ = 0;
};

}  // namespace arbees::app::test

#include "app/running/day_result.h"

#include <set>

#include "core/risk/limits.h"

namespace arbees::app {
namespace {

std::int64_t day_of(Timestamp at) { return unix_ns(at) / Duration(std::chrono::hours(24)).count(); }

class DayReader {
 public:
  DayReader(const LedgerContents& ledger, const LedgerAudit& audit, Timestamp now)
      : ledger_(ledger), audit_(audit), day_(day_of(now)) {
    std::set<std::uint64_t> open;
    for (const LedgerPosition& position : audit.positions) open.insert(position.contract.instrument);
    for (const LedgerOrder& order : ledger.orders) {
      if (order.request != 0 && open.contains(order.contract.instrument)) open_requests_.insert(order.request);
    }
    for (const LedgerOrder& order : ledger.orders) {
      if (open_requests_.contains(order.request)) awaited_.insert(order.contract.instrument);
    }
  }

  [[nodiscard]] DayResult read() {
    for (const LedgerResult& result : audit_.results) {
      if (day_of(result.at) == day_) result_.realised += result.amount;
    }
    for (const LedgerSettlement& settlement : ledger_.settlements) settle(settlement);
    return result_;
  }

 private:
  void settle(const LedgerSettlement& settlement) {
    const Money brought = settlement.payout - settlement.cost;
    if (awaited_.contains(settlement.contract.instrument)) {
      result_.awaited += brought;
    } else if (day_of(settlement.at) == day_) {
      result_.realised += brought;
    }
  }

  const LedgerContents& ledger_;
  const LedgerAudit& audit_;
  std::int64_t day_;
  std::set<std::uint64_t> open_requests_;
  std::set<std::uint64_t> awaited_;  // contracts of those requests
  DayResult result_;
};

}  // namespace

DayResult day_result(const LedgerContents& ledger, const LedgerAudit& audit, Timestamp now) {
  return DayReader(ledger, audit, now).read();
}

std::vector<EventBody> day_opening(const DayResult& result) {
  std::vector<EventBody> events;
  const auto add = [&](std::uint32_t row, Money amount) {
    if (amount.is_zero()) return;
    LimitSet set;
    set.row = row;
    set.value = amount.units();
    events.emplace_back(set);
  };
  add(kAwaitedResultRow, result.awaited);
  add(kDayResultRow, result.realised);
  return events;
}

}  // namespace arbees::app

#pragma once
// The contracts that the books held and have settled, and what they paid: a venue may have them still.

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "app/running/account_compare.h"
#include "app/trading_run.h"

namespace arbees::app {

class SettledContracts final : public RunObserver {
 public:
  // `symbol_of` names an instrument that is or was held; empty: nobody knows. `next` sees everything, too; may be null.
  SettledContracts(std::function<std::string(InstrumentId)> symbol_of, RunObserver* next)
      : symbol_of_(std::move(symbol_of)), next_(next) {}

  // Of earlier sessions.
  void begin(const std::map<Venue, SettledAccount>& earlier) {
    for (const auto& [venue, account] : earlier) payouts_[venue] = account.payouts;
  }
  [[nodiscard]] const Payouts& of(Venue venue) { return payouts_[venue]; }

  void before(Timestamp now, const TradingEngine& engine) override {
    if (next_ != nullptr) next_->before(now, engine);
  }
  void after(const Event& cause, const Outputs& outputs, const TradingEngine& engine) override {
    for (const Report& report : outputs.reports) {
      if (const auto* settled = std::get_if<PositionSettled>(&report.body)) add(*settled);
    }
    if (next_ != nullptr) next_->after(cause, outputs, engine);
  }

 private:
  void add(const PositionSettled& settled) {
    std::string symbol = symbol_of_(settled.instrument);
    if (symbol.empty()) return;
    payouts_[settled.venue][std::move(symbol)] = yes_payout(settled.outcome, settled.payout, settled.quantity);
  }

  std::function<std::string(InstrumentId)> symbol_of_;
  RunObserver* next_;
  std::map<Venue, Payouts> payouts_;
};

}  // namespace arbees::app

#pragma once
// What the trading thread tells the database of the market: after each event, the best prices that it changed.

#include "app/storing/price_filter.h"
#include "app/trading_run.h"

namespace arbees::app {

class PriceTap final : public MarketTap {
 public:
  explicit PriceTap(Duration interval, PriceFilter::WhenFull when_full = PriceFilter::WhenFull::Drop)
      : filter_(interval, when_full) {}
  // Prices and names go here; names told before are told now. Outlives this.
  void start(postgres::Writer& writer);

  void after(const Event& event, const MarketState& market) override;
  // Nothing follows.
  void finish(Timestamp now) { filter_.flush(now, true); }

 private:
  void on_book(const Event& event, InstrumentId id, const MarketState& market);

  PriceFilter filter_;
  postgres::Writer* writer_ = nullptr;
  std::vector<std::pair<InstrumentId, postgres::MarketNames>> early_names_;
};

}  // namespace arbees::app

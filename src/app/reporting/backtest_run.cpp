#include "app/reporting/backtest_run.h"

#include "adapters/store/journal_source.h"
#include "app/config/basis_text.h"
#include "app/running/session_opening.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::app {
namespace {

constexpr std::uint64_t kProgressEvery = 8192;

class MarketOnlySource final : public EventSource {
 public:
  explicit MarketOnlySource(EventSource& source) noexcept : source_(source) {}

  bool poll(Event& event) override {
    while (source_.poll(event)) {
      if (!is_of_a_session(event.body)) return true;
    }
    return false;
  }

 private:
  template <class... Bodies>
  [[nodiscard]] static bool is_one_of(const EventBody& body) noexcept {
    return (std::holds_alternative<Bodies>(body) || ...);
  }
  [[nodiscard]] static bool is_of_a_session(const EventBody& body) noexcept {
    return is_one_of<SessionStarted, CashSnapshot, PositionSnapshot, OrderUpdate, Control, LimitSet, ModelParameterSet,
                     BasisBoundSet, FillFinalityChanged>(body);
  }

  EventSource& source_;
};

class Watches final : public RunObserver {
 public:
  void before(Timestamp now, const TradingEngine& engine) override {
    opportunities.before(now, engine);
    equity.before(now, engine);
  }
  void after(const Event& cause, const Outputs& outputs, const TradingEngine& engine) override {
    opportunities.after(cause, outputs, engine);
    equity.after(cause, outputs, engine);
  }

  OpportunityWatch opportunities;
  EquityCurve equity;
};

TradingRunOptions run_options(const BacktestPlan& plan, RunObserver& watches) {
  const PaperConfig& paper = plan.config.paper;
  TradingRunOptions options;
  options.limits = plan.config.limits;
  options.latency.set(Venue::Kalshi, {paper.kalshi_round_trip, paper.spread_percent});
  options.latency.set(Venue::Polymarket, {paper.polymarket_round_trip, paper.spread_percent});
  options.seed = static_cast<std::uint64_t>(paper.seed);
  options.stop = plan.stop;
  options.observer = &watches;
  return options;
}

// Cash and limits, and what else decisions rest on.
std::vector<EventBody> opening(const TradingRunOptions& options, const Config& config) {
  std::vector<EventBody> events = paper_opening(options.seed, options.limits);
  for (const EventBody& event : model_opening(config.model)) events.push_back(event);
  for (const BasisBoundSet& bound : basis_bounds(config.basis.strict, config.basis.statistical)) {
    events.emplace_back(bound);
  }
  return events;
}

}  // namespace

Result<BacktestResult, std::string> run_backtest(const BacktestPlan& plan, Progress& progress) {
  auto source = JournalSource::open(plan.journals);
  if (!source) return failure(source.error());
  MarketOnlySource market(*source);
  Watches watches;
  const TradingRunOptions options = run_options(plan, watches);
  PrefixedSource with_cash(market, opening(options, plan.config));
  TradingRun run(with_cash, options);
  while ((plan.stop == nullptr || !*plan.stop) && run.step()) {
    if (run.event_count() % kProgressEvery == 0) progress.update(run.event_count(), plan.expected_events);
  }
  if (std::string trouble = run.finish(); !trouble.empty()) return failure(std::move(trouble));
  BacktestResult result;
  result.statistics = run.statistics();
  result.opportunities = watches.opportunities.all();
  result.equity = watches.equity.points();
  result.complaints = source->complaints();
  result.corrected_times = source->corrected_times();
  result.is_corrupt = source->is_corrupt();
  return result;
}

}  // namespace arbees::app

#include "app/reporting/simulate_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/reporting/invariants.h"
#include "core/engine/trading_loop.h"
#include "core/simulation/market_generator.h"
#include "core/simulation/merged_source.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::app {
namespace {

constexpr int kChanceDecimals = 6;

// Low enough to trade, high enough that limits bind now and then.
RiskLimits simulation_limits() {
  RiskLimits limits;
  limits.min_edge_millionths = 10'000;
  limits.min_liquidity = Money::whole(10);
  return limits;
}

// Remembers the event of a step, for the checks after it.
class LastEvent final : public EventSource {
 public:
  explicit LastEvent(EventSource& source) noexcept : source_(source) {}
  bool poll(Event& event) override {
    if (!source_.poll(event)) return false;
    ++event_.sequence;
    event_.received_at = event.received_at;
    return true;
  }
  // Time and sequence only.
  [[nodiscard]] const Event& event() const noexcept { return event_; }

 private:
  EventSource& source_;
  Event event_;
};

class Observed final : public OutputSink {
 public:
  Observed(SimulatedExchange& exchange, Invariants& invariants, RunStatistics& statistics) noexcept
      : exchange_(exchange), invariants_(invariants), statistics_(statistics) {}

  void deliver(const Event& cause, const Outputs& outputs) override {
    invariants_.take(cause, outputs);
    exchange_.submit(outputs, cause.received_at);
    statistics_.add(outputs);
  }

 private:
  SimulatedExchange& exchange_;
  Invariants& invariants_;
  RunStatistics& statistics_;
};

SimulatedSeed run_once(std::uint64_t seed, const FaultRates& rates, std::uint64_t& digest) {
  GeneratorSettings settings;
  settings.seed = seed;
  settings.length = std::chrono::seconds(120);
  const Capacity capacity;
  const RiskLimits limits = simulation_limits();
  MarketGenerator generator(settings);
  SimulatedExchange exchange(capacity, LatencyModel{}, seed);
  PrefixedSource market(generator, paper_opening(seed, limits));
  MergedSource merged(market, exchange);
  FaultInjector faulty(merged, rates, capacity, seed);
  LastEvent source(faulty);
  TradingEngine engine(capacity, RiskLimits{});
  Invariants invariants(engine, limits);
  SimulatedSeed result;
  result.seed = seed;
  Observed observed(exchange, invariants, result.statistics);
  TradingLoop loop(source, nullptr, engine, observed);
  while (loop.step()) {
    invariants.check(source.event());
    if (!invariants.broken().empty()) break;
  }
  if (invariants.broken().empty()) invariants.check_end(exchange);
  digest = loop.digest();
  result.statistics.set_events(loop.event_count());
  result.statistics.set_digest(digest);
  result.statistics.set_legs(engine.execution().broken_count(), engine.execution().unwound_count());
  for (std::size_t i = 0; i < kInjectedFaultCount; ++i) result.faults[i] = faulty.count(static_cast<InjectedFault>(i));
  result.broken = invariants.broken();
  result.broken_at = invariants.broken_at();
  return result;
}

std::string allowed_faults() {
  std::string text = "none, all, or a comma list of";
  for (std::size_t i = 0; i < kInjectedFaultCount; ++i) {
    text += fmt::format(" {}", injected_fault_name(static_cast<InjectedFault>(i)));
  }
  return text + ", each with a chance from 0 to 0.5 if wanted: late=0.2";
}

bool set_rate(std::string_view word, FaultRates& rates) {
  const std::size_t equals = std::min(word.find('='), word.size());
  for (std::size_t i = 0; i < kInjectedFaultCount; ++i) {
    const auto fault = static_cast<InjectedFault>(i);
    if (injected_fault_name(fault) != word.substr(0, equals)) continue;
    rates.of(fault) = all_faults().of(fault);
    if (equals == word.size()) return true;
    const auto chance = parse_decimal(word.substr(equals + 1), kChanceDecimals);
    if (!chance || *chance < 0 || *chance > 500'000) return false;
    rates.of(fault) = static_cast<std::uint32_t>(*chance);
    return true;
  }
  return false;
}

}  // namespace

Result<FaultRates, std::string> parse_fault_rates(const std::string& text) {
  if (text == "all") return all_faults();
  FaultRates rates;
  if (text == "none") return rates;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    const std::string word = text.substr(from, comma - from);
    if (!set_rate(word, rates)) {
      return failure(fmt::format("--faults: \"{}\" is not allowed: {}", word, allowed_faults()));
    }
    from = comma + 1;
  }
  return rates;
}

SimulatedSeed simulate_seed(std::uint64_t seed, const FaultRates& rates) {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  SimulatedSeed result = run_once(seed, rates, first);
  if (!result.broken.empty()) return result;
  (void)run_once(seed, rates, second);
  if (first != second) result.broken = "the same seed gave another digest the second time";
  return result;
}

}  // namespace arbees::app

#include "app/reporting/explain.h"

#include <algorithm>

#include "adapters/store/journal_source.h"
#include "app/trading_run.h"
#include "core/simulation/prefixed_source.h"

namespace arbees::app {
namespace {

constexpr std::size_t kLevelsShown = 5;

// Remembers what the core forgets: names of instruments, and the basis bounds in force.
class RememberingSource final : public EventSource {
 public:
  explicit RememberingSource(EventSource& source) noexcept : source_(source) {}

  bool poll(Event& event) override {
    if (!source_.poll(event)) return false;
    if (const auto* named = std::get_if<InstrumentNamed>(&event.body)) symbols[named->id.value] = named->symbol_view();
    if (const auto* bound = std::get_if<BasisBoundSet>(&event.body)) bounds.push_back(*bound);
    return true;
  }

  std::unordered_map<std::uint64_t, std::string> symbols;
  std::vector<BasisBoundSet> bounds;  // the latest of a pair comes last

 private:
  EventSource& source_;
};

class MomentWatch final : public RunObserver {
 public:
  MomentWatch(const LedgerDecision& decision, const RememberingSource& memory) noexcept
      : decision_(decision), memory_(memory) {}

  void before(Timestamp, const TradingEngine&) override { began_ = std::chrono::steady_clock::now(); }
  void after(const Event& cause, const Outputs&, const TradingEngine& engine) override {
    const auto ended = std::chrono::steady_clock::now();
    if (cause.sequence != decision_.sequence) return;
    const bool is_model = decision_.detector == detector_name(Detector::ModelEdge);
    const Opportunity& opportunity = is_model ? engine.model().judged() : engine.arbitrage().accepted();
    if (opportunity.id != decision_.opportunity) return;
    ExplainedMoment& now = moment.emplace();
    now.received_at = cause.received_at;
    now.exchange_at = cause.exchange_at;
    now.handling = ended - began_;
    now.bounds.assign(memory_.bounds.rbegin(), memory_.bounds.rend());
    std::vector<PayoutLeg> legs;
    for (const Leg& leg : opportunity.legs) {
      const Contract* contract = engine.market().find(leg.instrument);
      if (contract == nullptr) continue;
      now.legs.push_back(explained(leg, *contract, cause.received_at));
      legs.push_back({leg, contract->terms});
    }
    if (opportunity.detector == Detector::Completion) add_held(opportunity, engine, cause.received_at);
    for (const ExplainedLeg& held : now.held) legs.push_back(held.leg);
    now.states = payout_states(legs, now.bounds);
  }

  std::optional<ExplainedMoment> moment;

 private:
  void add_held(const Opportunity& opportunity, const TradingEngine& engine, Timestamp now) {
    engine.portfolio().for_each([&](const Position& position) {
      const Contract* contract = engine.market().find(position.instrument);
      if (contract == nullptr || !position.quantity.is_positive()) return;
      if (contract->terms.closes_at != opportunity.settles_at || contract->terms.asset != opportunity.legs[0].asset)
        return;
      Leg leg;
      leg.instrument = position.instrument;
      leg.quantity = position.quantity;
      leg.cost = position.cost;
      leg.outcome = position.outcome;
      leg.venue = position.venue;
      leg.asset = position.asset;
      moment->held.push_back(explained(leg, *contract, now));
    });
  }

  [[nodiscard]] ExplainedLeg explained(const Leg& leg, const Contract& contract, Timestamp now) const {
    ExplainedLeg found;
    found.leg = {leg, contract.terms};
    const auto symbol = memory_.symbols.find(leg.instrument.value);
    if (symbol != memory_.symbols.end()) found.symbol = symbol->second;
    found.book_status = contract.book.status();
    found.book_age = now - contract.book.updated_at();
    const auto collect = [](std::vector<ExplainedLevel>& levels) {
      return [&levels](Price price, Quantity quantity) {
        levels.push_back({price, quantity});
        return levels.size() < kLevelsShown;
      };
    };
    contract.book.bids().walk_down(collect(found.bids));
    contract.book.asks().walk_up(collect(found.asks));
    return found;
  }

  const LedgerDecision& decision_;
  const RememberingSource& memory_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace

std::optional<Explanation> explain(std::uint64_t id, const LedgerContents& ledger, const LedgerDecisions& decisions) {
  std::uint64_t opportunity = id;
  for (const LedgerRequest& request : decisions.requests) {
    if (request.request == id) opportunity = request.opportunity;
  }
  Explanation found;
  for (const LedgerDecision& decision : decisions.decisions) {
    if (decision.opportunity == opportunity) found.judgements.push_back(decision);
  }
  if (found.judgements.empty()) return std::nullopt;
  found.asked = found.judgements.size() - 1;
  for (std::size_t i = 0; i < found.judgements.size(); ++i) {
    if (found.judgements[i].request) found.asked = i;
  }
  for (const LedgerOpportunityEnd& end : decisions.ends) {
    if (end.opportunity == opportunity) found.end = end;
  }
  for (const LedgerRequest& request : decisions.requests) {
    if (request.request == found.decision().request) found.request = request;
  }
  if (!found.request) return found;
  for (const LedgerOrder& order : ledger.orders) {
    if (order.request == found.request->request) found.orders.push_back(order);
  }
  for (const LedgerFill& fill : ledger.fills) {
    const auto is_its = [&](const LedgerOrder& order) { return order.order_id == fill.order_id; };
    if (std::any_of(found.orders.begin(), found.orders.end(), is_its)) found.fills.push_back(fill);
  }
  return found;
}

void add_moment(Explanation& explanation, const std::string& journal) {
  auto source = JournalSource::open({journal});
  if (!source) {
    explanation.no_moment = source.error();
    return;
  }
  RememberingSource memory(*source);
  MomentWatch watch(explanation.decision(), memory);
  TradingRunOptions options;
  const JournalHeader& header = source->journals().front().header();
  options.seed = header.seed == 0 ? 1 : header.seed;
  options.simulate_execution = header.mode == JournalMode::RecordedMarketData;
  options.observer = &watch;
  PrefixedSource with_cash(
      memory, options.simulate_execution ? paper_opening(options.seed, options.limits) : std::vector<EventBody>{});
  TradingRun run(with_cash, options);
  while (!watch.moment && run.event_count() < explanation.decision().sequence && run.step()) continue;
  explanation.moment = std::move(watch.moment);
  if (!explanation.moment) explanation.no_moment = journal + ": its replay does not come to this decision";
}

}  // namespace arbees::app

#include "core/engine/model_engine.h"

#include "core/base/hash.h"

namespace arbees {
namespace {

constexpr std::size_t kMostLives = 4096;
constexpr int kShrinkAttempts = 4;

std::uint64_t life_key(InstrumentId id, Outcome outcome) noexcept {
  return mix64(id.value, static_cast<std::uint64_t>(outcome) + 7) | 1;
}

std::uint64_t close_key(const ContractTerms& terms) noexcept {
  return mix64(static_cast<std::uint64_t>(unix_ns(terms.closes_at)), static_cast<std::uint64_t>(terms.asset) + 2) | 1;
}

// What model trades hold of one asset and close, those of earlier sessions, too.
Money held_at_close(const Portfolio& portfolio, const MarketState& market, std::uint64_t close) noexcept {
  Money held;
  portfolio.for_each([&](const Position& position) {
    if (position.strategy != Strategy::Model) return;
    const Contract* contract = market.find(position.instrument);
    if (contract != nullptr && close_key(contract->terms) == close) held += position.cost;
  });
  return held;
}

ModelParameters not_trading() noexcept {
  ModelParameters parameters;
  parameters.trades = false;
  return parameters;
}

Verdict worse_than_accepted(const ModelOpinion& opinion, Duration quote_age, Duration longest) noexcept {
  if (!opinion.value) return Verdict::ModelUnavailable;
  return quote_age > longest ? Verdict::StaleBook : Verdict::Accepted;
}

}  // namespace

ModelEngine::ModelEngine(const Capacity& capacity, const MarketState& market, const Portfolio& portfolio,
                         const RiskGate& gate)
    : market_(market),
      portfolio_(portfolio),
      gate_(gate),
      model_(not_trading()),
      watch_(capacity.instruments, model_),
      lives_(kMostLives),
      close_spent_(capacity.event_groups) {}

void ModelEngine::on_event(const Event& event, Outputs& outputs) {
  next_candidate_ = 0;
  const Timestamp now = event.received_at;
  watch_.clear_candidates();
  watch_.set_min_edge(gate_.limits().min_edge_millionths);
  watch_.on_time(now);
  if (const auto* update = std::get_if<BookUpdate>(&event.body)) return on_book(*update, event, outputs);
  const Asset moved = model_.on_event(event);
  if (moved != Asset::Unknown) return watch_.on_spot(moved, now);
  if (const auto* listed = std::get_if<ContractListed>(&event.body)) return list(listed->id, now);
  if (const auto* updated = std::get_if<StrikeUpdated>(&event.body)) return list(updated->id, now);
  if (const auto* settled = std::get_if<ContractSettled>(&event.body)) return remove(settled->id, event, outputs);
  if (const auto* changed = std::get_if<ContractPhaseChanged>(&event.body)) {
    if (changed->phase == ContractPhase::Closed) remove(changed->id, event, outputs);
    return;
  }
  if (const auto* faulted = std::get_if<BookFaulted>(&event.body)) {
    if (watch_.on_book(faulted->id, kPriceZero, kPriceOne, now)) end_lives(faulted->id, event, outputs);
  }
}

void ModelEngine::on_book(const BookUpdate& update, const Event& event, Outputs& outputs) noexcept {
  if (!update.is_last() || !model_.parameters().trades) return;
  const Contract* contract = market_.find(update.id);
  if (contract == nullptr) return;
  const OrderBook& book = contract->book;
  const bool is_proven = book.status() == BookStatus::Proven;
  const Price bid = is_proven && book.has_bid() ? book.best_bid() : kPriceZero;
  const Price ask = is_proven && book.has_ask() ? book.best_ask() : kPriceOne;
  if (watch_.on_book(update.id, bid, ask, event.received_at)) end_lives(update.id, event, outputs);
}

void ModelEngine::list(InstrumentId id, Timestamp now) {
  const Contract* contract = market_.find(id);
  if (contract != nullptr) watch_.list(id, contract->terms, now);
}

void ModelEngine::end_lives(InstrumentId id, const Event& event, Outputs& outputs) noexcept {
  for (const Outcome outcome : {Outcome::Yes, Outcome::No}) {
    const std::uint64_t key = life_key(id, outcome);
    Life* life = lives_.find(key);
    if (life == nullptr) continue;
    // What no verdict was told of was no opportunity.
    if (life->reported != 0 && !outputs.reports.full()) {
      life->seen.gone_at = event.received_at;
      outputs.reports.push_back(Report{event.received_at, event.sequence, OpportunityLives::told(life->seen)});
    }
    lives_.erase(key);
  }
}

void ModelEngine::remove(InstrumentId id, const Event& event, Outputs& outputs) noexcept {
  watch_.remove(id);
  end_lives(id, event, outputs);
  const Contract* contract = market_.find(id);
  if (contract != nullptr) close_spent_.erase(close_key(contract->terms));
}

ModelEngine::Life* ModelEngine::life_of(const ModelCandidate& candidate, const ModelOpinion& opinion,
                                        Timestamp now) noexcept {
  const std::uint64_t key = life_key(candidate.id, candidate.outcome);
  Life* life = lives_.insert(key);
  if (life == nullptr) return nullptr;
  if (life->seen.id == 0 || life->quoted_at != opinion.quoted_at) {
    *life = Life{};
    life->quoted_at = opinion.quoted_at;
    life->seen.id = mix64(key, static_cast<std::uint64_t>(unix_ns(now)));
    life->seen.started_at = now;
    life->seen.detector = Detector::ModelEdge;
  }
  return life;
}

Money ModelEngine::bankroll() const noexcept {
  Money all = portfolio_.total_exposure();
  // The pairs are in the exposure with what they cost.
  for (const Venue venue : {Venue::Kalshi, Venue::Polymarket}) {
    all += portfolio_.free_cash(venue) - portfolio_.pair_cash(venue);
  }
  return all;
}

const Opportunity* ModelEngine::next(const Event& event, TradingState state, std::size_t open_requests,
                                     Outputs& outputs) noexcept {
  while (next_candidate_ < watch_.candidates().size()) {
    const ModelCandidate candidate = watch_.candidates()[next_candidate_++];
    const Contract* contract = market_.find(candidate.id);
    if (contract == nullptr) continue;
    const ModelOpinion opinion = watch_.opinion(candidate, event.received_at);
    Life* life = life_of(candidate, opinion, event.received_at);
    if (life == nullptr || life->seen.is_requested()) continue;
    ++decisions_;
    opportunity_ = Opportunity{};
    opportunity_.id = life->seen.id;
    opportunity_.event_group = close_key(contract->terms);
    life->seen.event_group = opportunity_.event_group;
    opportunity_.detected_at = event.received_at;
    opportunity_.detector = Detector::ModelEdge;
    opportunity_.settles_at = contract->terms.closes_at;
    Verdict verdict =
        worse_than_accepted(opinion, event.received_at - opinion.quoted_at, model_.parameters().longest_quote_age);
    if (verdict == Verdict::Accepted) verdict = judge(*contract, candidate, opinion, state, open_requests);
    if (verdict == Verdict::Accepted) {
      accepted_ = life;
      accepted_close_ = opportunity_.event_group;
      return &opportunity_;
    }
    // Screened by the compiled form, dropped by the exact one: no opportunity was ever there.
    const std::uint32_t bit = 1U << static_cast<unsigned>(verdict);
    const bool is_nothing = verdict == Verdict::EdgeTooSmall && life->reported == 0;
    if (is_nothing) continue;
    note(*life, verdict);
    if ((life->reported & bit) != 0) continue;
    life->reported |= bit;
    write(*life, verdict, event, outputs);
  }
  return nullptr;
}

Verdict ModelEngine::judge(const Contract& contract, const ModelCandidate& candidate, const ModelOpinion& opinion,
                           TradingState state, std::size_t open_requests) noexcept {
  const Timestamp now = opportunity_.detected_at;
  const RiskLimits& limits = gate_.limits();
  const ModelJudge judge(opinion, candidate.outcome, model_.parameters(), limits.min_edge_millionths,
                         model_.volatility_ratio(contract.terms.asset, now, contract.terms.closes_at));
  ModelEdgeLimits allowed;
  allowed.bankroll = bankroll();
  allowed.min_liquidity = limits.min_liquidity;
  allowed.room = model_.parameters().max_close_exposure;
  Money spent = held_at_close(portfolio_, market_, opportunity_.event_group);
  if (const Money* accepted = close_spent_.find(opportunity_.event_group)) spent = std::max(spent, *accepted);
  allowed.room -= spent;
  if (!allowed.room.is_positive()) return Verdict::PositionLimit;
  for (int attempt = 0; attempt < kShrinkAttempts; ++attempt) {
    const Verdict found = find_model_edge(contract, candidate.outcome, judge, allowed, opportunity_);
    if (found != Verdict::Accepted) return found;
    const Verdict reviewed = gate_.review(opportunity_, state, open_requests, now);
    if (reviewed != Verdict::Accepted) return reviewed;
    const Share share = gate_.affordable_share(opportunity_);
    if (share.millionths == Share::kWhole) return Verdict::Accepted;
    const auto cut = static_cast<Int128>(opportunity_.outlay.units()) * share.millionths / Share::kWhole;
    allowed.room = Money::from_units(static_cast<std::int64_t>(cut));
    if (!allowed.room.is_positive()) return share.binding;
  }
  return Verdict::PositionLimit;
}

void ModelEngine::report(const Event& event, RequestId request, Outputs& outputs) noexcept {
  ARBEES_ASSERT(accepted_ != nullptr);
  Life& life = *accepted_;
  accepted_ = nullptr;
  life.seen.request = request;
  const Verdict verdict = life.seen.is_requested() ? Verdict::Accepted : Verdict::TooManyRequests;
  if (life.seen.is_requested()) {
    if (Money* spent = close_spent_.insert(accepted_close_)) *spent += opportunity_.outlay;
  }
  note(life, verdict);
  const std::uint32_t bit = 1U << static_cast<unsigned>(verdict);
  const bool is_new = (life.reported & bit) == 0;
  life.reported |= bit;
  if (is_new) write(life, verdict, event, outputs);
}

void ModelEngine::note(Life& life, Verdict verdict) const noexcept {
  OpportunityLives::note_offer(life.seen, opportunity_);
  static_cast<void>(OpportunityLives::judge(life.seen, verdict));
}

void ModelEngine::write(const Life& life, Verdict verdict, const Event& event, Outputs& outputs) const noexcept {
  if (outputs.reports.full()) return;
  OpportunityJudged judged;
  judged.opportunity_id = opportunity_.id;
  judged.event_group = opportunity_.event_group;
  judged.started_at = life.seen.started_at;
  judged.settles_at = opportunity_.settles_at;
  judged.size = opportunity_.size;
  judged.outlay = opportunity_.outlay;
  judged.guaranteed = opportunity_.guaranteed;
  judged.expected = opportunity_.expected;
  judged.fees = opportunity_.fees;
  judged.request = life.seen.request;
  judged.detector = Detector::ModelEdge;
  judged.verdict = verdict;
  judged.leg_count = static_cast<std::uint8_t>(opportunity_.legs.size());
  outputs.reports.push_back(Report{event.received_at, event.sequence, judged});
}

}  // namespace arbees
